"""The loss surface with the choice of its axes and how closely it is looked at."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from app.plots.surface_plot import SurfacePlot
from app.theme import Theme

_STEP = 2.0
_CLOSEST = 64.0


class SurfacePane(QWidget):
    """Shows a surface; above it which two numbers, and buttons to look closer and from further away.

    Signals:
        choice_changed(): another surface is wanted.
    """

    choice_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = SurfacePlot(theme)
        self.zoom = 1.0
        self.first, self.second = QComboBox(), QComboBox()
        self.first.setAccessibleName(self.tr("Number across"))
        self.second.setAccessibleName(self.tr("Number upwards"))
        self.closer, self.further = QToolButton(), QToolButton()
        for button, text, tip in (
            (self.further, "−", self.tr("Look from further away")),
            (self.closer, "+", self.tr("Look closer")),
        ):
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleName(tip)
        head = QHBoxLayout()
        head.setContentsMargins(8, 2, 8, 0)
        for widget in (self.first, self.second):
            head.addWidget(widget, 1)
        for zooming in (self.further, self.closer):
            head.addWidget(zooming)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.plot, 1)
        self.set_theme(theme)
        self.first.activated.connect(self.choice_changed)
        self.second.activated.connect(self.choice_changed)
        self.closer.clicked.connect(lambda: self._zoom(_STEP))
        self.further.clicked.connect(lambda: self._zoom(1 / _STEP))

    @property
    def chosen(self) -> tuple[int, int]:
        """Which of the names that were offered are chosen; -1 for none."""
        return self.first.currentIndex(), self.second.currentIndex()

    def offer(self, names: Sequence[str], first: int, second: int) -> None:
        """Offers these numbers; those chosen before stay chosen if they are among them."""
        for box, usual in ((self.first, first), (self.second, second)):
            before = box.currentText()
            box.blockSignals(True)
            box.clear()
            box.addItems(list(names))
            box.setCurrentIndex(names.index(before) if before in names else usual)
            box.blockSignals(False)

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self.plot.set_theme(theme)
        for box in (self.first, self.second):
            box.setStyleSheet(f"font-size: {theme.small_px}px;")

    def _zoom(self, factor: float) -> None:
        self.zoom = min(max(self.zoom * factor, 1 / _CLOSEST), _CLOSEST)
        self.choice_changed.emit()
