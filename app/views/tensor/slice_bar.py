"""Chooses which two axes of a tensor are shown, and the place on the others."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QSlider, QSpinBox, QWidget

from app.models.tensor_plane import Axes, last_axes, other_axes


@dataclass(frozen=True, slots=True)
class _Row:
    """What moves along one axis; slider and box always agree."""

    axis: int
    label: QLabel
    slider: QSlider
    box: QSpinBox


class SliceBar(QWidget):
    """Shows which axes are rows and columns, and a slider and a box for each other axis that has more than one place.

    Signals:
        leading_changed(leading): the place on the other axes, a tuple of integers. axes_changed(axes): which are shown.
    """

    leading_changed = Signal(object)
    axes_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shape: tuple[int, ...] = ()
        self._axes: Axes = (0, 0)
        self._rows: list[_Row] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(10, 2, 10, 2)
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(2)
        self.row_axis, self.column_axis = QComboBox(), QComboBox()
        self.row_axis.setAccessibleName(self.tr("Axis down the rows"))
        self.column_axis.setAccessibleName(self.tr("Axis along the columns"))
        for column, (text, box) in enumerate(
            ((self.tr("rows"), self.row_axis), (self.tr("columns"), self.column_axis))
        ):
            label = QLabel(text)
            label.setBuddy(box)
            self._grid.addWidget(label, 0, 2 * column)
            self._grid.addWidget(box, 0, 2 * column + 1)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1)
        self.hide()
        self.row_axis.activated.connect(lambda axis: self._choose(axis, self._axes[1]))
        self.column_axis.activated.connect(lambda axis: self._choose(self._axes[0], axis))

    @property
    def leading(self) -> tuple[int, ...]:
        """The place chosen on each axis that is not shown."""
        places = {row.axis: row.box.value() for row in self._rows}
        return tuple(places.get(axis, 0) for axis in other_axes(len(self._shape), self._axes))

    @property
    def is_needed(self) -> bool:
        """Whether there is more than one plane to choose from."""
        return bool(self._rows)

    @property
    def axes(self) -> Axes:
        """Which axes are rows and columns."""
        return self._axes

    def set_shape(self, shape: tuple[int, ...]) -> None:
        """Offers the axes of a tensor. The same shape again keeps the choice, so that stepping does not move it."""
        if shape == self._shape:
            return
        same_rank = len(shape) == len(self._shape)
        self._shape = shape
        if not same_rank:
            self._axes = last_axes(len(shape))
            for box in (self.row_axis, self.column_axis):
                box.clear()
                box.addItems([self.tr("axis %1").replace("%1", str(axis)) for axis in range(len(shape))])
        self._fill()

    def set_leading(self, leading: tuple[int, ...]) -> None:
        """Chooses a place on each other axis."""
        places = dict(zip(other_axes(len(self._shape), self._axes), leading, strict=True))
        for row in self._rows:
            row.box.setValue(places[row.axis])

    def _choose(self, rows: int, columns: int) -> None:
        """An axis that is chosen where the other one was changes places with it."""
        if rows == columns:
            rows, columns = self._axes[1], self._axes[0]
        if (rows, columns) != self._axes:
            places = dict(zip(other_axes(len(self._shape), self._axes), self.leading, strict=True))
            self._axes = (rows, columns)
            self._fill()
            self.set_leading(tuple(places.get(axis, 0) for axis in other_axes(len(self._shape), self._axes)))
            self.axes_changed.emit(self._axes)

    def _fill(self) -> None:
        for row in self._rows:
            for widget in (row.label, row.slider, row.box):
                self._grid.removeWidget(widget)
                widget.setParent(None)
                widget.deleteLater()
        others = [axis for axis in other_axes(len(self._shape), self._axes) if self._shape[axis] > 1]
        self._rows = [self._row(number, axis) for number, axis in enumerate(others, start=1)]
        self.row_axis.setCurrentIndex(self._axes[0])
        self.column_axis.setCurrentIndex(self._axes[1])

    def _row(self, number: int, axis: int) -> _Row:
        size = self._shape[axis]
        name = self.tr("axis %1").replace("%1", str(axis))
        row = _Row(axis, QLabel(name), QSlider(Qt.Orientation.Horizontal), QSpinBox())
        row.box.setRange(0, max(0, size - 1))
        row.box.setSuffix(f" / {size}")
        row.box.setWrapping(True)
        row.box.setAccessibleName(name)
        row.slider.setRange(0, max(0, size - 1))
        row.slider.setAccessibleName(name)
        row.label.setBuddy(row.box)
        self._grid.addWidget(row.label, number, 0)
        self._grid.addWidget(row.slider, number, 1, 1, 2)
        self._grid.addWidget(row.box, number, 3)
        for widget in (row.label, row.slider, row.box):
            # Else they count in no size before the next turn of the event loop.
            widget.show()
        row.slider.valueChanged.connect(row.box.setValue)
        row.box.valueChanged.connect(row.slider.setValue)
        row.box.valueChanged.connect(self._on_value_changed)
        return row

    def _on_value_changed(self) -> None:
        self.leading_changed.emit(self.leading)
