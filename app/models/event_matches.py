"""Events of a trace that a filter fits, as rows that are read when they come into view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.models.call_tree import POSITION_ROLE
from app.models.row_roles import ASIDE_ROLE, IS_HERE_ROLE, MARK_ROLE
from engine.events import Event
from engine.trace.reader import Trace

Index = QModelIndex | QPersistentModelIndex

MOST_MATCHES = 20_000

_OF_EVENT = (
    Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole, ASIDE_ROLE, MARK_ROLE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Matches:
    """positions: of the events, in order. is_all: there are no more than these."""

    text: str
    positions: tuple[int, ...]
    is_all: bool


def matches_in(path: Path, text: str) -> Matches:
    """Looks through a trace; meant for a thread beside the window's."""
    with Trace(path) as trace:
        found = trace.find_events(text, MOST_MATCHES + 1)
        return Matches(text, tuple(found[:MOST_MATCHES]), len(found) <= MOST_MATCHES)


class EventMatchesModel(QAbstractListModel):
    """A row an event: its name and module, and in which iteration; one that raised is marked."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._trace: Trace | None = None
        self._positions: Sequence[int] = ()
        self._position = 0

    def set_positions(self, trace: Trace | None, positions: Sequence[int]) -> None:
        """Shows these events."""
        self.beginResetModel()
        self._trace, self._positions = trace, positions
        self.endResetModel()

    def set_position(self, position: int) -> None:
        """So many events are completed: the last of them is marked as the place."""
        if position != self._position:
            self._position = position
            if self._positions:
                self.dataChanged.emit(self.index(0), self.index(len(self._positions) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._positions)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self._trace is None or index.row() >= len(self._positions):
            return None
        position = self._positions[index.row()]
        if role == POSITION_ROLE:
            return position
        if role == IS_HERE_ROLE:
            return position == self._position - 1
        if role not in _OF_EVENT:
            return None
        event = self._trace.event(position)
        if event is not None and role == Qt.ItemDataRole.AccessibleTextRole:
            parts = (self._of_event(event, one) for one in (Qt.ItemDataRole.DisplayRole, ASIDE_ROLE))
            return ", ".join((*parts, event.error) if event.error else parts)
        return None if event is None else self._of_event(event, role)

    def _of_event(self, event: Event, role: int) -> str:
        if role == Qt.ItemDataRole.DisplayRole:
            call = None if event.call is None or self._trace is None else self._trace.call(event.call)
            return f"{event.name} · {call.path}" if call is not None and call.path else event.name
        if role == ASIDE_ROLE:
            if event.iteration < 0:
                return self.tr("set-up")
            return self.tr("iteration %1").replace("%1", str(event.iteration + 1))
        if role == MARK_ROLE:
            return "certain" if event.error else ""
        return event.error or event.function
