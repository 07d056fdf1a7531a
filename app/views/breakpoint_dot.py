"""The dot of a breakpoint, in the gutter and on cards: four shapes, told from each other without a colour."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.models.breakpoint_lines import Dot

RADIUS = 5.0


def paint_dot(painter: QPainter, middle: QPointF, dot: Dot, colour: QColor, ground: QColor) -> None:
    """A full dot stops, one with two bars has a condition or counts, a diamond tells instead, a ring is off."""
    painter.setPen(QPen(colour, 1.3))
    painter.setBrush(Qt.BrushStyle.NoBrush if dot == "off" else colour)
    x, y, half = middle.x(), middle.y(), RADIUS
    if dot == "log":
        painter.drawPolygon([QPointF(x, y - half), QPointF(x + half, y), QPointF(x, y + half), QPointF(x - half, y)])
        return
    painter.drawEllipse(middle, half - 0.6, half - 0.6)
    if dot == "condition":
        painter.setPen(QPen(ground, 1.8))
        painter.drawLine(QPointF(x - 2.2, y - 1.3), QPointF(x + 2.2, y - 1.3))
        painter.drawLine(QPointF(x - 2.2, y + 1.6), QPointF(x + 2.2, y + 1.6))
