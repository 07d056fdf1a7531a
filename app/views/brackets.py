"""The corners around what a lesson's stop is about, the same in every panel: a shape, so that no colour is needed."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.theme import Theme

WIDTH_PX = 2.0
LONGEST_ARM_PX = 12.0
_ARM = 0.34


def paint_brackets(painter: QPainter, area: QRectF, theme: Theme) -> None:
    """Four corners around an area, each an arm across and an arm down; what is inside stays as it is."""
    pen = QPen(QColor(theme.current), WIDTH_PX * theme.line_scale)
    pen.setCapStyle(Qt.PenCapStyle.SquareCap)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    across, down = (min(LONGEST_ARM_PX, side * _ARM) for side in (area.width(), area.height()))
    corners = (
        (area.topLeft(), 1, 1), (area.topRight(), -1, 1), (area.bottomLeft(), 1, -1), (area.bottomRight(), -1, -1),
    )  # fmt: skip
    for corner, right, below in corners:
        painter.drawPolyline([corner + QPointF(across * right, 0.0), corner, corner + QPointF(0.0, down * below)])
