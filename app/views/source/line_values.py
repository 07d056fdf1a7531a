"""How the values of a line's names are written after its code."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter

from app.theme import Theme

FADING_PX = 26.0
"""So far before a value that stands over code the code fades, as a sign that it goes on below."""


def paint_value(painter: QPainter, place: QRectF, text: str, theme: Theme, *, over: str = "") -> None:
    """A line's values. over: token of the ground of the code that is below, "" where there is none."""
    if over:
        ground, none = QColor(getattr(theme, over)), QColor(getattr(theme, over))
        none.setAlpha(0)
        around = place.adjusted(-FADING_PX, 0.0, 0.0, 0.0)
        fade = QLinearGradient(around.topLeft(), around.topRight())
        for at, colour in ((0.0, none), (FADING_PX / around.width(), ground), (1.0, ground)):
            fade.setColorAt(at, colour)
        painter.fillRect(around, fade)
    painter.setPen(QColor(theme.forward))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
