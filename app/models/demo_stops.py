"""The stops of a demo as rows: number and note, and below it place and question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.models.row_roles import DETAIL_ROLE, IS_HERE_ROLE
from engine.counting import from_one
from engine.lessons.demo import DemoStop

Index = QModelIndex | QPersistentModelIndex


class DemoStopsModel(QAbstractListModel):
    """A row a stop, in the order in which they are played."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stops: tuple[DemoStop, ...] = ()
        self._here = -1

    def set_stops(self, stops: Sequence[DemoStop], here: int) -> None:
        """Shows these stops. here: the row at which one stands, -1 for none."""
        if tuple(stops) != self.stops:
            self.beginResetModel()
            self.stops, self._here = tuple(stops), here
            self.endResetModel()
        self.set_here(here)

    def set_here(self, here: int) -> None:
        """Marks the row at which one stands, -1 for none."""
        if here != self._here:
            self._here = here
            if self.stops:
                self.dataChanged.emit(self.index(0), self.index(len(self.stops) - 1), [IS_HERE_ROLE])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.stops)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.stops):
            return None
        stop = self.stops[index.row()]
        words = " ".join(stop.note.split()) or self.tr("without a note")
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return f"{index.row() + 1}. {words}"
            case Qt.ItemDataRole.ToolTipRole:
                return "\n".join(part for part in (stop.note, stop.question) if part) or None
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{index.row() + 1}. {words}, {self._detail(stop)}"
            case _ if role == DETAIL_ROLE:
                return self._detail(stop)
            case _ if role == IS_HERE_ROLE:
                return index.row() == self._here
        return None

    def _detail(self, stop: DemoStop) -> str:
        place = self.tr("before iteration 1")
        if stop.place.iteration >= 0:
            place = self.tr("iteration %1").replace("%1", str(from_one(stop.place.iteration)))
        return " · ".join(part for part in (place, stop.chosen.symbol, " ".join(stop.question.split())) if part)
