"""The slider for how fast playing goes."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QWidget

SLOWEST, FASTEST, USUAL = 1, 30, 2
"""Steps a second."""

_WIDTH_PX = 84


class SpeedSlider(QWidget):
    """Shows how many steps a second are played.

    Signals:
        speed_chosen(int): steps a second.
    """

    speed_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(SLOWEST, FASTEST)
        self.slider.setFixedWidth(_WIDTH_PX)
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.slider.setAccessibleName(self.tr("Steps a second while playing"))
        self.number = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 0)
        row.setSpacing(4)
        row.addWidget(self.slider)
        row.addWidget(self.number)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.set_speed(USUAL)
        self.slider.valueChanged.connect(self._on_value_changed)

    def set_speed(self, steps_a_second: int) -> None:
        """Shows this speed."""
        self.slider.setValue(steps_a_second)
        self._show_number()

    def _on_value_changed(self, speed: int) -> None:
        self._show_number()
        self.speed_chosen.emit(speed)

    def _show_number(self) -> None:
        speed = str(self.slider.value())
        self.number.setText(self.tr("%1/s").replace("%1", speed))
        self.number.setMinimumWidth(self.number.fontMetrics().horizontalAdvance(self.tr("%1/s").replace("%1", "30")))
        self.setToolTip(self.tr("Playing goes %1 steps a second").replace("%1", speed))
