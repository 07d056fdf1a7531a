"""The tree of what-if runs as plain data and as rows, one run beside its parent, and the losses of all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.language import say
from app.models.curves import LossHistory, LossPoints
from app.models.row_roles import DETAIL_ROLE, IS_HERE_ROLE
from engine.analysis.notation.numbers import format_number
from engine.analysis.symbols import words_of
from engine.bilingual import NOTHING, Bilingual, same, sentences
from engine.session.branches import Branch, parent_of, tree_of
from engine.trace.reader import Trace

if TYPE_CHECKING:
    from engine.analysis.compare.report import Report

Index = QModelIndex | QPersistentModelIndex

_ENDED = {
    "failed": Bilingual("failed", "出错"),
    "interrupted": Bilingual("interrupted", "被中断"),
    "killed": Bilingual("killed", "被终止"),
    "running": Bilingual("running", "运行中"),
}
"""How runs end that do not finish."""

MOST_LOSSES = 8
"""So many curves can still be told apart."""


@dataclass(frozen=True, slots=True)
class BranchRow:
    """One run of the tree. depth: 0 for the first run. words: what was changed, nothing for the first run."""

    path: Path
    depth: int
    words: Bilingual
    status: str


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """The tree that a trace belongs to. losses: of its other runs, by their words or names."""

    rows: tuple[BranchRow, ...]
    losses: tuple[tuple[Bilingual, LossPoints], ...]


@dataclass(frozen=True, slots=True)
class QuantityLine:
    """A quantity in parent and branch, as text."""

    symbol: str
    parent: str
    branch: str
    apart: str


@dataclass(frozen=True, slots=True)
class Beside:
    """A branch beside its parent. first: the first event that differs, in a sentence; nothing where nothing does.

    position: of that event in the branch, None where it has none. iteration: that of `lines`. ends: the last losses.
    """

    first: Bilingual
    position: int | None
    iteration: int | None
    lines: tuple[QuantityLine, ...]
    ends: tuple[str, str]


def forest_of(path: Path, went_on: Callable[[], None]) -> Forest:
    """Looks at all runs of the tree; meant for a thread beside the window's. went_on may raise to end it."""
    rows = tuple(_rows(tree_of(path), 0))
    losses = []
    for row in [row for row in rows if row.path != path.resolve()][:MOST_LOSSES]:
        went_on()
        with Trace(row.path) as trace:
            losses.append((row.words or same(row.path.stem), LossHistory(trace).points().in_one_curve()))
    return Forest(rows, tuple(losses))


def beside_parent(path: Path, went_on: Callable[[], None]) -> Beside | None:
    """Compares a branch with its parent; None for the first run."""
    from engine.analysis.compare.report import compare  # see NOTE [Loaded later] in app/loaded_later.py
    from engine.analysis.compare.words import sentence, unlike_text

    parent = parent_of(path)
    if parent is None:
        return None
    with Trace(parent) as first, Trace(path) as second:
        report = compare(first, second, progress=lambda _: went_on())
        found = report.first
        told, position = NOTHING, None
        if found is not None:
            how = NOTHING if found.unlike is None else unlike_text(found.unlike)
            names = same(first.path.stem), same(second.path.stem)
            told = sentences(sentence(found, names), how)
            position = None if found.second is None else found.second.position
        return Beside(told, position, report.iteration, _lines(first, second, report), _ends(report))


def _rows(branch: Branch, depth: int) -> list[BranchRow]:
    found = [BranchRow(branch.path, depth, branch.words, branch.status)]
    for child in branch.children:
        found += _rows(child, depth + 1)
    return found


def _lines(first: Trace, second: Trace, report: Report) -> tuple[QuantityLine, ...]:
    lines = []
    for row in report.quantities:
        found = row.unlike.distance if row.unlike is not None else None
        apart = "=" if row.unlike is None else "" if found is None else f"{found.difference:.2g}"
        name = say(words_of(row.symbol))
        lines.append(QuantityLine(name, _shown(first, row.first), _shown(second, row.second), apart))
    return tuple(lines)


def _shown(trace: Trace, value: int | None) -> str:
    """A number, or of a larger value its norm."""
    if value is None:
        return ""
    known = trace.value(value).statistics
    if known is None:
        return "?"
    if trace.value(value).numel == 1:
        return format_number(known.mean, 6, typographic=True)
    return f"‖·‖ {format_number(known.norm, 5, typographic=True)}"


def _ends(report: Report) -> tuple[str, str]:
    one, other = ("" if end is None else format_number(end, 6, typographic=True) for end in report.losses.ends)
    return one, other


class BranchesModel(QAbstractListModel):
    """A row a run, indented below the run that it comes from."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[BranchRow, ...] = ()
        self._open = Path()

    def set_rows(self, rows: Sequence[BranchRow], opened: Path) -> None:
        """Shows these runs. opened: the one that the window shows."""
        if (tuple(rows), opened) != (self._rows, self._open):
            self.beginResetModel()
            self._rows, self._open = tuple(rows), opened
            self.endResetModel()

    def row(self, number: int) -> BranchRow | None:
        """The run of a row."""
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def row_of(self, path: Path) -> int:
        """The row of a run, -1 for none."""
        return next((i for i, row in enumerate(self._rows) if row.path == path), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return None
        words = say(row.words) or self.tr("the first run")
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return f"{'     ' * (row.depth - 1)}└─ {words}" if row.depth else words
            case Qt.ItemDataRole.AccessibleTextRole:
                level = self.tr("level %1").replace("%1", str(row.depth + 1))
                return f"{words}, {row.path.name}, {level}"
            case Qt.ItemDataRole.ToolTipRole:
                return str(row.path)
            case _ if role == DETAIL_ROLE:
                indent = "     " * (row.depth + (row.depth > 0))
                status = "" if row.status == "finished" else f" · {say(_ENDED.get(row.status) or same(row.status))}"
                return f"{indent}{row.path.name}{status}"
            case _ if role == IS_HERE_ROLE:
                return row.path == self._open
        return None
