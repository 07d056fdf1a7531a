"""A lazy table over a plane of a tensor: reads only the cells that are asked for."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.models.cell_text import cell_text, exact_text, fitting_text
from app.models.tensor_plane import TensorPlane

AnyIndex = QModelIndex | QPersistentModelIndex

# Qt's headers keep a record for every section, so a table of a hundred million rows would fill the memory.
MOST_ROWS = 100_000
MOST_COLUMNS = 10_000

DEFAULT_DIGITS = 4


class TensorTableModel(QAbstractTableModel):
    """Shows a window of at most 100,000 rows and 10,000 columns of a plane, starting at `origin`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._plane: TensorPlane | None = None
        self._origin = (0, 0)
        self._shape = (0, 0)
        self._digits = DEFAULT_DIGITS

    @property
    def plane(self) -> TensorPlane | None:
        """What is shown; None if nothing is."""
        return self._plane

    @property
    def origin(self) -> tuple[int, int]:
        """Row and column of the plane that stand in the table's first cell."""
        return self._origin

    @property
    def digits(self) -> int:
        """Significant digits of a cell, at most."""
        return self._digits

    def set_plane(self, plane: TensorPlane | None, origin: tuple[int, int] = (0, 0)) -> None:
        """Shows another plane, or another window of it. A plane of the same size keeps selection and scroll place."""
        rows, columns = (0, 0) if plane is None else plane.cells.shape
        shape = (min(MOST_ROWS, rows - origin[0]), min(MOST_COLUMNS, columns - origin[1]))
        if shape == self._shape and origin == self._origin:
            self._plane = plane
            self._announce_cells()
            return
        self.beginResetModel()
        self._plane, self._origin, self._shape = plane, origin, shape
        self.endResetModel()

    def set_digits(self, digits: int) -> None:
        """Sets the significant digits of all cells."""
        if digits != self._digits:
            self._digits = digits
            self._announce_cells()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else self._shape[0]

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else self._shape[1]

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or self._plane is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.text_at(index.row(), index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._exact_text_at(index.row(), index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return section + self._origin[0 if orientation == Qt.Orientation.Vertical else 1]

    def text_at(self, row: int, column: int, characters: int | None = None) -> str:
        """A cell of the table as it is written there. characters: that have room, None: as many as it takes."""
        if self._plane is None:
            return ""
        element = self._plane.cells[row + self._origin[0], column + self._origin[1]]
        return (
            cell_text(element, self._digits) if characters is None else fitting_text(element, self._digits, characters)
        )

    def element_at(self, row: int, column: int) -> tuple[int, ...]:
        """Where a cell of the table is in the whole tensor."""
        return () if self._plane is None else self._plane.index_of(row + self._origin[0], column + self._origin[1])

    def _exact_text_at(self, row: int, column: int) -> str:
        if self._plane is None:
            return ""
        place = ", ".join(map(str, self.element_at(row, column)))
        return f"[{place}] = {exact_text(self._plane.cells[row + self._origin[0], column + self._origin[1]])}"

    def _announce_cells(self) -> None:
        if self._shape[0] and self._shape[1]:
            last = self.index(self._shape[0] - 1, self._shape[1] - 1)
            self.dataChanged.emit(self.index(0, 0), last)
