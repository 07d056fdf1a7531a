"""The heatmap with its read-out and the button that holds its range."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.assets import icon
from app.theme import Theme, code_font
from app.views.tensor.heatmap import HeatmapView


class HeatmapPane(QWidget):
    """Shows a heatmap, below it what is under the pointer, and a button to keep the range while values change."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heatmap = HeatmapView(theme)
        self.lock = QToolButton()
        self.lock.setText(self.tr("Lock range"))
        self.lock.setToolTip(self.tr("Keep the colour range while stepping, so that only values change colours"))
        self.lock.setCheckable(True)
        self.lock.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._readout = QLabel()
        self._readout.setContentsMargins(10, 0, 0, 0)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 2, 8, 4)
        foot.addWidget(self._readout, 1)
        foot.addWidget(self.lock)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.heatmap, 1)
        column.addLayout(foot)
        self.set_theme(theme)
        self.heatmap.cell_hovered.connect(self._readout.setText)

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self.heatmap.set_theme(theme)
        self._readout.setFont(code_font(theme.small_px))
        self.lock.setIcon(icon("lock", QColor(theme.text)))
