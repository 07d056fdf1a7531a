"""Where the keyboard is, in views that paint themselves; the style sheet shows it in all others."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.theme import Theme


def paint_frame(painter: QPainter, area: QRectF, theme: Theme) -> None:
    """Draws a line of 1 px just inside the area of a view that has the focus."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(theme.accent), 1.0))
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 4.0, 4.0)
