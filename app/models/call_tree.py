"""The call tree as a lazy Qt model over a trace: iteration > phase > module call > event."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.models.call_tree_items import LONG_TREE, TreeItem, event_item_at, growth, iteration_item, load
from app.models.call_tree_texts import CallTreeTexts
from engine.analysis.tree import RowKind
from engine.events import Iteration, Phase
from engine.trace.reader import Trace

AnyIndex = QModelIndex | QPersistentModelIndex

NAME, VALUE, TIME, NORM = range(4)
COLUMNS = 4

MARK_ROLE = int(Qt.ItemDataRole.UserRole)
"""The phase whose mark stands before the name: "forward", "backward", "update" ..., "" for none."""
LATER_ROLE = MARK_ROLE + 1
"""Whether the row lies after the current position: it is shown faintly and without numbers."""
POSITION_ROLE = MARK_ROLE + 2
"""Position of the row's first event."""
CURRENT_ROLE = MARK_ROLE + 3
"""Whether it is the event that happened last."""
FAILED_ROLE = MARK_ROLE + 4
"""Whether it is an event that raised."""
CALL_ROLE = MARK_ROLE + 5
"""Id of the row's module call, None for other rows."""
MODE_ROLE = MARK_ROLE + 6
""""no_grad" or "inference" where autograd did not follow an event, else ""."""


class RowLook(NamedTuple):
    """What a row looks like, by the roles of these names."""

    mark: str
    is_later: bool
    is_failed: bool
    is_current: bool
    mode: str


class _Heading(NamedTuple):
    text: str
    tip: str


class CallTreeModel(QAbstractItemModel):
    """Reads an iteration's rows when it is opened, so that a trace of any length is there at once."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._trace: Trace | None = None
        self._texts: CallTreeTexts | None = None
        self._tops: list[TreeItem] = []
        self._spans: tuple[Iteration, ...] = ()
        self._position: int | None = None
        self._newest: int | None = None
        # Qt keeps a plain number of each item: a pointer to one that is gone would crash, an unknown number does not.
        self._numbers: dict[int, int] = {}
        self._items: dict[int, TreeItem] = {}
        self._next = 1

    def set_trace(self, trace: Trace | None) -> None:
        """Shows another trace, with all iterations closed."""
        self.beginResetModel()
        self._trace, self._position, self._newest = trace, None, None
        self._texts = None if trace is None else CallTreeTexts(trace)
        self._numbers.clear()
        self._items.clear()
        self._spans = () if trace is None else trace.iterations()
        self._tops = [iteration_item(one) for one in self._spans]
        for place, item in enumerate(self._tops):
            item.place = place
        self.endResetModel()

    def refresh(self) -> None:
        """More was recorded: appends rows to the last iterations and new iterations at the end."""
        if self._trace is None or self._texts is None:
            return
        self._texts.forget()
        before, self._spans = self._spans, self._trace.iterations()
        for old, was, now in zip(self._tops, before, self._spans, strict=False):
            if now is was and old.place < len(before) - 2:
                continue
            old.row = iteration_item(now).row
            if not old.is_lazy:
                self._grow(old)
        if len(self._spans) > len(before):
            self.beginInsertRows(QModelIndex(), len(before), len(self._spans) - 1)
            for span in self._spans[len(before) :]:
                item = iteration_item(span)
                item.place = len(self._tops)
                self._tops.append(item)
            self.endInsertRows()
        self._announce(len(self._tops) - 2, len(self._tops) - 1)

    def set_position(self, position: int | None, newest: int | None = None) -> None:
        """So many events are completed: rows of later ones are faint. None shows everything.

        newest: the event that the newest number is of, whose row is marked; None: the one that happened last.
        """
        if newest is None and position is not None:
            newest = position - 1
        if (position, newest) != (self._position, self._newest):
            places = [self._top_of(self._position), self._top_of(position)]
            self._position, self._newest = position, newest
            self._announce(min(places), max(places))

    def index_at(self, position: int) -> QModelIndex:
        """The row of the event at a position, loading its iteration; invalid where there is none."""
        item = event_item_at(self._tops, position)
        while item is not None and item.is_lazy:
            self._load(item)
            item = event_item_at([item], position)
        return self._index_of(item) if item is not None else QModelIndex()

    def let_go(self, index: AnyIndex) -> None:
        """An iteration was closed: the rows of a long one are read again when it is opened the next time."""
        item = self._item(index)
        if item is not None and item.parent is None and item.row.end - item.row.begin > LONG_TREE:
            self._unload(item)
            item.children = None

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.column() > 0 else len(self._children(parent))

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return COLUMNS

    def index(self, row: int, column: int, parent: AnyIndex = QModelIndex()) -> QModelIndex:  # noqa: B008
        children = self._children(parent)
        if not (0 <= row < len(children) and 0 <= column < COLUMNS):
            return QModelIndex()
        return self.createIndex(row, column, self._number(children[row]))

    def parent(self, index: AnyIndex) -> QModelIndex:  # type: ignore[override]  # PySide's stub knows only QObject's
        item = self._item(index)
        return QModelIndex() if item is None or item.parent is None else self._index_of(item.parent)

    def hasChildren(self, parent: AnyIndex = QModelIndex()) -> bool:  # noqa: B008 - Qt's own default
        item = self._item(parent)
        return bool(self._tops) if item is None else parent.column() == 0 and (item.is_lazy or bool(item.children))

    def canFetchMore(self, parent: AnyIndex) -> bool:
        item = self._item(parent)
        return item is not None and item.is_lazy

    def fetchMore(self, parent: AnyIndex) -> None:
        item = self._item(parent)
        if item is not None and item.is_lazy:
            self._load(item)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        headings = (
            _Heading(self.tr("Step"), self.tr("What happened")),
            _Heading(self.tr("Value"), self.tr("What it yielded")),
            _Heading("µs", self.tr("Time it took, in millionths of a second")),
            _Heading(self.tr("grad norm"), self.tr("Euclidean norm of the gradient of C that arrives there")),
        )
        if role == Qt.ItemDataRole.DisplayRole:
            return headings[section].text
        if role == Qt.ItemDataRole.ToolTipRole:
            return headings[section].tip
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment(section)
        return None

    def look(self, index: AnyIndex) -> RowLook | None:
        """All that tells how to paint a row at once: asking for one role after the other takes most of the time."""
        item, texts = self._item(index), self._texts
        if item is None or texts is None:
            return None
        is_failed = item.event is not None and bool(item.event.error)
        return RowLook(_mark(item), self._is_later(item), is_failed, self._is_current(item), texts.mode(item))

    def text(self, index: AnyIndex) -> str:
        """What stands in a cell."""
        item, texts = self._item(index), self._texts
        return "" if item is None or texts is None else self._text(item, index.column(), texts, self._is_later(item))

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        item, texts = self._item(index), self._texts
        if item is None or texts is None:
            return None
        is_later = self._is_later(item)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(item, index.column(), texts, is_later)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            text = self._text(item, index.column(), texts, is_later)
            return self._spoken(item, text, is_later) if index.column() == NAME else text
        if role == Qt.ItemDataRole.ToolTipRole:
            return texts.tip(item) if index.column() == NAME else self._text(item, index.column(), texts, is_later)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment(index.column())
        if role == MARK_ROLE:
            return _mark(item)
        if role == LATER_ROLE:
            return is_later
        if role == FAILED_ROLE:
            return item.event is not None and bool(item.event.error)
        if role == POSITION_ROLE:
            return item.row.begin
        if role == CALL_ROLE:
            return item.row.call if item.row.kind == RowKind.CALL else None
        if role == MODE_ROLE:
            return texts.mode(item)
        if role == CURRENT_ROLE:
            return self._is_current(item)
        return None

    def _is_later(self, item: TreeItem) -> bool:
        return self._position is not None and item.row.begin >= self._position

    def _is_current(self, item: TreeItem) -> bool:
        return item.row.kind == RowKind.EVENT and self._newest == item.row.begin

    def _spoken(self, item: TreeItem, name: str, is_later: bool) -> str:
        """A row's name with what its looks say, for who hears it: "sigmoid, the current step"."""
        if item.event is not None and item.event.error:
            return self.tr("%1, failed").replace("%1", name)
        if self._is_current(item):
            return self.tr("%1, the current step").replace("%1", name)
        if self._texts is not None and (mode := self._texts.mode(item)):
            name = f"{name}, {mode}"
        return self.tr("%1, still to come").replace("%1", name) if is_later else name

    def _text(self, item: TreeItem, column: int, texts: CallTreeTexts, is_later: bool) -> str:
        if column == NAME:
            return self._name(item)
        if column == TIME:
            return f"{item.duration_ns / 1000:.0f}" if item.duration_ns else ""
        if is_later and not (column == VALUE and item.row.kind == RowKind.CALL):
            return ""
        return texts.value(item) if column == VALUE else texts.norm(item, self._position)

    def _name(self, item: TreeItem) -> str:
        if item.is_part:
            text = self.tr("events %1 to %2")
            return text.replace("%1", str(item.row.begin)).replace("%2", str(item.row.end - 1))
        if item.row.kind == RowKind.PHASE:
            return self._phase(item.row.phase)
        if item.row.kind != RowKind.ITERATION:
            return item.row.text
        if int(item.row.text) < 0:
            return self.tr("set-up")
        return self.tr("iteration %1").replace("%1", str(int(item.row.text) + 1))

    def _phase(self, phase: Phase | None) -> str:
        names = {
            Phase.SETUP: self.tr("setup"), Phase.ZERO: self.tr("zero"), Phase.FORWARD: self.tr("forward"),
            Phase.BACKWARD: self.tr("backward"), Phase.UPDATE: self.tr("update"), Phase.OTHER: self.tr("other"),
        }  # fmt: skip
        return "" if phase is None else names[phase]

    def _grow(self, item: TreeItem) -> None:
        if self._trace is None:
            return
        grown = growth(self._trace, item)
        if grown.is_other:
            self._unload(item)
            self._load(item)
            return
        for parent, children in grown.appended:
            self._insert(parent, children)

    def _load(self, item: TreeItem) -> None:
        if self._trace is not None:
            item.children = []
            self._insert(item, load(self._trace, item))

    def _unload(self, item: TreeItem) -> None:
        if item.children:
            self.beginRemoveRows(self._index_of(item), 0, len(item.children) - 1)
            gone, item.children = item.children, []
            self.endRemoveRows()
            while gone:
                one = gone.pop()
                gone.extend(one.children or ())
                self._items.pop(self._numbers.pop(id(one), 0), None)

    def _insert(self, parent: TreeItem, children: Sequence[TreeItem]) -> None:
        if not children:
            return
        first = len(parent.children or ())
        self.beginInsertRows(self._index_of(parent), first, first + len(children) - 1)
        for child in children:
            parent.adopt(child)
        self.endInsertRows()

    def _children(self, parent: AnyIndex) -> Sequence[TreeItem]:
        if not parent.isValid():
            return self._tops
        item = self._item(parent)
        return () if item is None else item.children or ()

    def _item(self, index: AnyIndex) -> TreeItem | None:
        return self._items.get(int(index.internalId())) if index.isValid() else None

    def _number(self, item: TreeItem) -> int:
        key = id(item)
        if key not in self._numbers:
            self._numbers[key] = self._next
            self._items[self._next] = item
            self._next += 1
        return self._numbers[key]

    def _index_of(self, item: TreeItem) -> QModelIndex:
        return self.createIndex(item.place, 0, self._number(item))

    def _top_of(self, position: int | None) -> int:
        """Number of the iteration that the last of so many events is in."""
        last = len(self._tops) - 1
        if position is None:
            return last
        return max(0, bisect_left(self._tops, position, key=lambda item: item.row.end, hi=max(last, 0)))

    def _announce(self, first: int, last: int) -> None:
        """What rows of iterations say has changed, and of those under them: a view of the model repaints itself."""
        if self._tops:
            first, last = max(first, 0), max(last, 0)
            end = self.createIndex(last, COLUMNS - 1, self._number(self._tops[last]))
            self.dataChanged.emit(self._index_of(self._tops[first]), end)


def _mark(item: TreeItem) -> str:
    return item.row.phase.value if item.row.phase is not None and item.row.kind == RowKind.PHASE else ""


def alignment(column: int) -> Qt.AlignmentFlag:
    """Names and values begin at the left, numbers end at the right."""
    side = Qt.AlignmentFlag.AlignLeft if column in (NAME, VALUE) else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter
