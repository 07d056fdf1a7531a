"""A small table of texts as a Qt model: heads, rows, and which rows are marked."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

AnyIndex = QModelIndex | QPersistentModelIndex

MARKED_ROLE = int(Qt.ItemDataRole.UserRole)
"""Whether the row is marked, as that of a wrong answer."""


@dataclass(frozen=True, slots=True)
class TextTable:
    """heads: of the columns. rows: as many texts each. marked: numbers of rows. at: the row that is current, or None.

    iterations: what a double click on each row leads to; empty for nowhere.
    """

    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    marked: frozenset[int] = frozenset()
    at: int | None = None
    iterations: tuple[int, ...] = ()


class TextTableModel(QAbstractTableModel):
    """Shows a `TextTable`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.table = TextTable()

    def set_table(self, table: TextTable) -> None:
        """Shows another one."""
        self.beginResetModel()
        self.table = table
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.table.rows)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.table.heads)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.table.rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == MARKED_ROLE:
            return index.row() in self.table.marked
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self.table.heads[section]
        return None
