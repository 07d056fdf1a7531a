"""The shapes that stand for a phase wherever colour alone would not do: square, triangle pointing back, diamond."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainterPath

from app.theme import Theme

NAMES = ("forward", "backward", "update")


def phase_shape(phase: str, centre: QPointF, size: float) -> QPainterPath:
    """The shape of a phase in a square of `size` px around `centre`; a small round dot for phases between."""
    half = size / 2
    area = QRectF(centre.x() - half, centre.y() - half, size, size)
    path = QPainterPath()
    if phase == "forward":
        path.addRoundedRect(area.adjusted(0.0, size * 0.06, 0.0, -size * 0.06), size * 0.15, size * 0.15)
    elif phase == "backward":
        path.moveTo(area.left() + size * 0.04, centre.y())
        path.lineTo(area.right() - size * 0.04, area.top())
        path.lineTo(area.right() - size * 0.04, area.bottom())
        path.closeSubpath()
    elif phase == "update":
        path.moveTo(centre.x(), area.top() - size * 0.06)
        path.lineTo(area.right() + size * 0.06, centre.y())
        path.lineTo(centre.x(), area.bottom() + size * 0.06)
        path.lineTo(area.left() - size * 0.06, centre.y())
        path.closeSubpath()
    else:
        path.addEllipse(centre, half * 0.45, half * 0.45)
    return path


def phase_colour(phase: str, theme: Theme) -> QColor:
    """The colour of a phase."""
    colours = {"forward": theme.forward, "backward": theme.backward, "update": theme.parameter}
    return QColor(colours.get(phase, theme.muted))
