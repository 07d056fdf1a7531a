"""A plot over two axes with a line above it that tells what is at the pointer."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.elided_label import ElidedLabel
from app.plots.plain_plot import PlainPlot
from app.theme import Theme, ui_font


class ToldPlot(QWidget):
    """Shows both; what is told ends in … where there is no room, and is whole in its tooltip and for who cannot see."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = PlainPlot(self, counts=False)
        self.readout = ElidedLabel()
        self.readout.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        line = QHBoxLayout()
        line.setContentsMargins(10, 2, 8, 0)
        line.addWidget(self.readout)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addLayout(line)
        self.column.addWidget(self.plot, 1)

    def tell(self, text: str) -> None:
        """Writes the line."""
        self.readout.setText(text)
        self.plot.setAccessibleDescription(text)

    def dress(self, theme: Theme) -> None:
        """Gives the line another theme's font and colour."""
        self.readout.setStyleSheet(f"color: {theme.muted};")
        self.readout.setFont(ui_font(theme.small_px))
