"""Chooses the place on the axes of a tensor that do not fit on a plane."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSpinBox, QWidget

# A third would make the panel too wide for a side of the window.
_AXES_A_ROW = 2


class SliceBar(QWidget):
    """Shows a spin box for each axis before the last two; hidden if there is none.

    Signals:
        leading_changed(leading): the place on those axes, a tuple of integers.
    """

    leading_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sizes: tuple[int, ...] = ()
        self._boxes: list[QSpinBox] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(10, 4, 10, 4)
        self._grid.setSpacing(6)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self.hide()

    @property
    def leading(self) -> tuple[int, ...]:
        """The place chosen on each axis."""
        return tuple(box.value() for box in self._boxes)

    def set_sizes(self, sizes: tuple[int, ...]) -> None:
        """Offers axes of these sizes. The same sizes again keep the place, so that stepping does not move it."""
        if sizes == self._sizes:
            return
        self._sizes = sizes
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._boxes = [self._axis(number, size) for number, size in enumerate(sizes)]
        self.setVisible(bool(sizes))

    def set_leading(self, leading: tuple[int, ...]) -> None:
        """Chooses a place on each axis."""
        for box, place in zip(self._boxes, leading, strict=True):
            box.setValue(place)

    def _axis(self, number: int, size: int) -> QSpinBox:
        name = self.tr("axis %1").replace("%1", str(number))
        label, box = QLabel(name), QSpinBox()
        box.setRange(0, max(0, size - 1))
        box.setSuffix(f" / {size}")
        box.setWrapping(True)
        box.setAccessibleName(name)
        label.setBuddy(box)
        row, column = divmod(number, _AXES_A_ROW)
        self._grid.addWidget(label, row, 2 * column)
        self._grid.addWidget(box, row, 2 * column + 1)
        box.valueChanged.connect(self._on_value_changed)
        return box

    def _on_value_changed(self) -> None:
        self.leading_changed.emit(self.leading)
