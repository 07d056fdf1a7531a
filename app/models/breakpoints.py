"""The list of breakpoints as a Qt model: what each waits for, if it is on, how often it was hit, if it stops here."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app.language import say
from app.models.breakpoint_words import detail_of, title_of
from app.models.row_roles import ASIDE_ROLE, DETAIL_ROLE, IS_HERE_ROLE
from engine.bilingual import NOTHING, Bilingual
from engine.wire.breakpoints import Breakpoint, What

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Hits:
    """positions: where a breakpoint was hit, in order. is_complete: these are all that are recorded."""

    positions: tuple[int, ...]
    is_complete: bool


class BreakpointsModel(QAbstractListModel):
    """Rows of breakpoints, kept true to what it is told. The tick switches one on and off.

    Signals:
        breakpoints_changed(breakpoints): the user added, edited, removed or switched one; a tuple.
    """

    breakpoints_changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._breakpoints: tuple[Breakpoint, ...] = ()
        self._hits: dict[Breakpoint, Hits] = {}
        self._position = 0
        self._reasons: dict[Breakpoint, Bilingual] = {}

    @property
    def breakpoints(self) -> tuple[Breakpoint, ...]:
        """All of them, in order."""
        return self._breakpoints

    def set_breakpoints(self, breakpoints: Sequence[Breakpoint]) -> None:
        """Shows others; says nothing of it. One that only changed keeps its row selected."""
        if tuple(breakpoints) == self._breakpoints:
            return
        if len(breakpoints) == len(self._breakpoints):
            self._breakpoints = tuple(breakpoints)
            self._announce()
            return
        self.beginResetModel()
        self._breakpoints = tuple(breakpoints)
        self.endResetModel()

    def set_hits(self, hits: Mapping[Breakpoint, Hits], position: int) -> None:
        """How often each was hit, up to a position and in all."""
        if (dict(hits), position) != (self._hits, self._position):
            self._hits, self._position = dict(hits), position
            self._announce()

    def set_reasons(self, reasons: Sequence[tuple[Breakpoint, Bilingual]]) -> None:
        """Which ones stop here, and why; each a sentence."""
        if dict(reasons) != self._reasons:
            self._reasons = dict(reasons)
            self._announce()

    def add(self, one: Breakpoint) -> int:
        """Puts one at the end; its row."""
        self._change((*self._breakpoints, _filed(one)))
        return len(self._breakpoints) - 1

    def edit(self, row: int, one: Breakpoint) -> None:
        """Puts one in the place of another."""
        if 0 <= row < len(self._breakpoints):
            self._change((*self._breakpoints[:row], _filed(one), *self._breakpoints[row + 1 :]))

    def remove(self, row: int) -> None:
        """Takes one off the list."""
        if 0 <= row < len(self._breakpoints):
            self._change((*self._breakpoints[:row], *self._breakpoints[row + 1 :]))

    def next_hit(self, row: int) -> int | None:
        """The position after the present one at which a breakpoint was hit, else the first; None where it never was."""
        hits = self._hits.get(self._breakpoints[row]) if 0 <= row < len(self._breakpoints) else None
        if hits is None or not hits.positions:
            return None
        later = bisect_right(hits.positions, self._position)
        return hits.positions[later % len(hits.positions)]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._breakpoints)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index) | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._breakpoints):
            return None
        one = self._breakpoints[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return title_of(one)
            case Qt.ItemDataRole.CheckStateRole:
                return Qt.CheckState.Checked if one.enabled else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.ToolTipRole:
                return "\n".join(text for text in (title_of(one), self._detail(one), self._hits_in_words(one)) if text)
            case Qt.ItemDataRole.AccessibleTextRole:
                return ". ".join(text for text in (title_of(one), self._detail(one), self._hits_in_words(one)) if text)
            case _ if role == DETAIL_ROLE:
                return self._detail(one)
            case _ if role == ASIDE_ROLE:
                return self._count(one)
            case _ if role == IS_HERE_ROLE:
                return one in self._reasons
        return None

    def setData(self, index: Index, state: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if not index.isValid() or role != Qt.ItemDataRole.CheckStateRole:
            return False
        row = index.row()
        self.edit(row, replace(self._breakpoints[row], enabled=Qt.CheckState(state) == Qt.CheckState.Checked))
        return True

    def _detail(self, one: Breakpoint) -> str:
        """Where it stops just now, why; else what more it asks for."""
        return say(self._reasons.get(one, NOTHING)) or detail_of(one)

    def _count(self, one: Breakpoint) -> str:
        """As "2 / 12": hits up to here, and all that are recorded."""
        hits = self._hits.get(one)
        if hits is None:
            return ""
        so_far = bisect_right(hits.positions, self._position)
        return f"{so_far} / {len(hits.positions)}{'' if hits.is_complete else '…'}"

    def _hits_in_words(self, one: Breakpoint) -> str:
        hits = self._hits.get(one)
        if hits is None:
            return ""
        text = self.tr("Hit %1 times up to here, %2 times in what is recorded.")
        so_far = bisect_right(hits.positions, self._position)
        return text.replace("%1", str(so_far)).replace("%2", str(len(hits.positions)))

    def _change(self, breakpoints: tuple[Breakpoint, ...]) -> None:
        self.set_breakpoints(breakpoints)
        self.breakpoints_changed.emit(self._breakpoints)

    def _announce(self) -> None:
        if self._breakpoints:
            self.dataChanged.emit(self.index(0), self.index(len(self._breakpoints) - 1))


def _filed(one: Breakpoint) -> Breakpoint:
    """A file is named by its one absolute path."""
    return replace(one, pattern=os.path.realpath(one.pattern)) if one.what == What.LINE else one
