"""A lazy tree of rows of text: items say what they show, their children are made when somebody opens them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex

FAINT_ROLE = int(Qt.ItemDataRole.UserRole) + 40
"""Whether a row has nothing to show here."""
VALUE_ROLE = FAINT_ROLE + 1
"""Id of the recorded value that a row stands for, None where there is none."""
EXPRESSION_ROLE = FAINT_ROLE + 2
"""What a watch would say for the row, "" where it cannot."""


@dataclass(slots=True, eq=False)
class PlainItem:
    """A row. key: what it is, among its siblings; a row of the same key stays open when what it shows changes.

    load: makes the rows under it, None where there are none. children: None before they were wanted.
    """

    key: str
    cells: tuple[str, ...]
    tip: str = ""
    value: int | None = None
    expression: str = ""
    is_faint: bool = False
    load: Callable[[], Sequence[PlainItem]] | None = None
    children: list[PlainItem] | None = None
    parent: PlainItem | None = None
    place: int = 0


class PlainTreeModel(QAbstractItemModel):
    """Shows items; `set_roots` with the same keys changes texts in place."""

    def __init__(self, headings: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._headings = tuple(headings)
        self._root = PlainItem("", (), children=[])
        # Qt keeps a plain number of each item: a pointer to one that is gone would crash, an unknown number does not.
        self._numbers: dict[int, int] = {}
        self._items: dict[int, PlainItem] = {}
        self._next = 1

    def set_roots(self, items: Sequence[PlainItem]) -> None:
        """Shows these. Children are made again only where somebody had opened them."""
        self._merge(self._root, list(items))

    def item(self, index: Index) -> PlainItem | None:
        """The item of a row."""
        return self._items.get(int(index.internalId())) if index.isValid() else None

    def index_of_key(self, *keys: str) -> QModelIndex:
        """The row reached by these keys from the top, loading on the way; invalid where there is none."""
        item = self._root
        for key in keys:
            self._load(item)
            found = next((child for child in item.children or () if child.key == key), None)
            if found is None:
                return QModelIndex()
            item = found
        return self._index_of(item)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.column() > 0 else len(self._at(parent).children or ())

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return len(self._headings)

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        children = self._at(parent).children or ()
        if not (0 <= row < len(children) and 0 <= column < len(self._headings)):
            return QModelIndex()
        return self.createIndex(row, column, self._number(children[row]))

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]  # PySide's stub knows only QObject's
        item = self.item(index)
        return QModelIndex() if item is None or item.parent is None else self._index_of(item.parent)

    def hasChildren(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008 - Qt's own default
        item = self._at(parent)
        if parent.column() > 0:
            return False
        return bool(item.children) if item.children is not None else item.load is not None

    def canFetchMore(self, parent: Index) -> bool:
        item = self._at(parent)
        return item.children is None and item.load is not None

    def fetchMore(self, parent: Index) -> None:
        self._load(self._at(parent))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        is_wanted = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return self._headings[section] if is_wanted and 0 <= section < len(self._headings) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item = self.item(index)
        if item is None:
            return None
        text = item.cells[index.column()] if index.column() < len(item.cells) else ""
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return text
            case Qt.ItemDataRole.ToolTipRole:
                return item.tip or text
            case Qt.ItemDataRole.AccessibleTextRole:
                return ", ".join(cell for cell in item.cells if cell) if index.column() == 0 else text
            case _ if role == FAINT_ROLE:
                return item.is_faint
            case _ if role == VALUE_ROLE:
                return item.value
            case _ if role == EXPRESSION_ROLE:
                return item.expression
        return None

    def _merge(self, above: PlainItem, new: list[PlainItem]) -> None:
        old = above.children or []
        if [one.key for one in old] != [one.key for one in new]:
            self._replace(above, new)
            return
        for had, has in zip(old, new, strict=True):
            had.cells, had.tip, had.value, had.expression = has.cells, has.tip, has.value, has.expression
            had.is_faint, had.load = has.is_faint, has.load
            if had.children is not None:
                self._merge(had, [] if has.load is None else list(has.load()))
        if old:
            last = self.createIndex(len(old) - 1, len(self._headings) - 1, self._number(old[-1]))
            self.dataChanged.emit(self._index_of(old[0]), last)

    def _replace(self, above: PlainItem, new: list[PlainItem]) -> None:
        place = self._index_of(above)
        if above.children:
            self.beginRemoveRows(place, 0, len(above.children) - 1)
            for child in above.children:
                self._forget(child)
            above.children = []
            self.endRemoveRows()
        if new:
            self.beginInsertRows(place, 0, len(new) - 1)
            for row, child in enumerate(new):
                child.place, child.parent = row, above
            above.children = new
            self.endInsertRows()
        else:
            above.children = []

    def _load(self, item: PlainItem) -> None:
        if item.children is None and item.load is not None:
            self._replace(item, list(item.load()))

    def _at(self, index: Index) -> PlainItem:
        return self.item(index) or (self._root if not index.isValid() else PlainItem("", ()))

    def _number(self, item: PlainItem) -> int:
        key = id(item)
        if key not in self._numbers:
            self._numbers[key] = self._next
            self._items[self._next] = item
            self._next += 1
        return self._numbers[key]

    def _forget(self, item: PlainItem) -> None:
        number = self._numbers.pop(id(item), None)
        if number is not None:
            del self._items[number]
        for child in item.children or ():
            self._forget(child)

    def _index_of(self, item: PlainItem) -> QModelIndex:
        return QModelIndex() if item is self._root else self.createIndex(item.place, 0, self._number(item))
