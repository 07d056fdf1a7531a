"""The table with its choice of digits and, for huge tensors, of the window that is shown."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from app.models.tensor_plane import TensorPlane
from app.models.tensor_table import DEFAULT_DIGITS, MOST_COLUMNS, MOST_ROWS, TensorTableModel
from app.theme import Theme
from app.views.tensor.table import TensorTable

FEWEST_DIGITS, MOST_DIGITS = 1, 17


class TablePane(QWidget):
    """Shows a table of numbers; below it how many digits, and where the window starts if not all of it fits.

    Signals:
        digits_changed(digits): the user chose another number of significant digits.
    """

    digits_changed = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = TensorTableModel(self)
        self._plane: TensorPlane | None = None
        self.table = TensorTable(self._model, theme)
        self.digits = _spin_box(FEWEST_DIGITS, MOST_DIGITS, DEFAULT_DIGITS, self.tr("Significant digits"))
        self.first_row = _spin_box(0, 0, 0, self.tr("First row"))
        self.first_column = _spin_box(0, 0, 0, self.tr("First column"))
        self.first_row.setSingleStep(MOST_ROWS)
        self.first_column.setSingleStep(MOST_COLUMNS)
        self._row_label, self._column_label = QLabel(self.tr("from row")), QLabel(self.tr("from column"))
        foot = QHBoxLayout()
        foot.setContentsMargins(10, 2, 8, 4)
        foot.setSpacing(8)
        foot.addWidget(QLabel(self.tr("digits")))
        for widget in (self.digits, self._row_label, self.first_row, self._column_label, self.first_column):
            foot.addWidget(widget)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        column.addLayout(foot)
        self.digits.valueChanged.connect(self._on_digits_changed)
        self.first_row.valueChanged.connect(self._on_origin_changed)
        self.first_column.valueChanged.connect(self._on_origin_changed)

    def set_plane(self, plane: TensorPlane | None) -> None:
        """Shows this plane, from the place chosen before if it has one."""
        self._plane = plane
        rows, columns = (0, 0) if plane is None else plane.cells.shape
        for box, label, size, most in (
            (self.first_row, self._row_label, rows, MOST_ROWS),
            (self.first_column, self._column_label, columns, MOST_COLUMNS),
        ):
            box.blockSignals(True)
            box.setMaximum(max(0, size - most))
            box.blockSignals(False)
            box.setVisible(size > most)
            label.setVisible(size > most)
        self._on_origin_changed()

    def show_cell(self, row: int, column: int) -> None:
        """Selects a cell of the plane; moves the window if it lies outside."""
        if not 0 <= row - self.first_row.value() < MOST_ROWS:
            self.first_row.setValue(row)
        if not 0 <= column - self.first_column.value() < MOST_COLUMNS:
            self.first_column.setValue(column)
        self.table.show_cell(row, column)

    def _on_origin_changed(self) -> None:
        self._model.set_plane(self._plane, (self.first_row.value(), self.first_column.value()))

    def _on_digits_changed(self, digits: int) -> None:
        self._model.set_digits(digits)
        self.table.fit_sections()
        self.digits_changed.emit(digits)


def _spin_box(low: int, high: int, value: int, name: str) -> QSpinBox:
    box = QSpinBox()
    box.setRange(low, high)
    box.setValue(value)
    box.setAccessibleName(name)
    box.setToolTip(name)
    return box
