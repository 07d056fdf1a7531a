"""What is painted over a source: values after their line, the current expression, an error beside its line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPen

from app.theme import Theme

_BEFORE_VALUES_PX, _AROUND_VALUES_PX = 14, 12
_FADING_PX = 26.0
"""So far before a value that stands over code the code fades, as a sign that it goes on below."""


def paint_values(
    painter: QPainter, rest: QRectF, width: int, text: str, theme: Theme, *, is_current: bool, is_hovered: bool
) -> None:
    """After the code; where there is no room, over its end, but not on the line that one is at or points at.

    rest: of the line, from the end of its code on. width: of the whole line, in px. The painter has the font.
    """
    metrics = painter.fontMetrics()
    left = rest.left() + _BEFORE_VALUES_PX
    most = round(max(width - left, 0 if is_current else width // 2)) - _AROUND_VALUES_PX
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, most)
    taken = metrics.horizontalAdvance(shown) + _AROUND_VALUES_PX
    place = QRectF(min(left, width - taken), rest.top() + 1, taken, rest.height() - 2)
    if left > width - taken:
        if is_hovered:
            return
        ground, none = QColor(theme.surface), QColor(theme.surface)
        none.setAlpha(0)
        around = place.adjusted(-_FADING_PX, 0.0, 0.0, 0.0)
        fade = QLinearGradient(around.topLeft(), around.topRight())
        for at, colour in ((0.0, none), (_FADING_PX / around.width(), ground), (1.0, ground)):
            fade.setColorAt(at, colour)
        painter.fillRect(around, fade)
    painter.setPen(QColor(theme.forward))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, shown)


def paint_expression(painter: QPainter, areas: Sequence[QRectF], theme: Theme) -> None:
    """An outline and an underline, so that it is also seen without its colour. areas: one a line of it."""
    if not areas:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    fill = QColor(theme.current_halo)
    fill.setAlphaF(0.16 if theme.dark else 0.45)
    modes = QPainter.CompositionMode
    painter.setCompositionMode(modes.CompositionMode_SourceOver if theme.dark else modes.CompositionMode_Multiply)
    for area in areas:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(area.adjusted(-1.5, 0.5, 1.5, -0.5), 3.0, 3.0)
        painter.setPen(QPen(QColor(theme.current), 1.5 * theme.line_scale))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
    painter.restore()


def paint_error(painter: QPainter, end: QRect, width: int, message: str, theme: Theme) -> None:
    """Beside the code, or over its end where less than half of the line is left.

    end: of the code. width: of the whole line, in px. The painter has the font.
    """
    metrics = painter.fontMetrics()
    room = max(width - end.left() - 30, width // 2)
    words = f"✗ {message.splitlines()[0] if message else ''}"
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room - 14)
    taken = metrics.horizontalAdvance(shown) + 14
    box = QRectF(min(end.left() + 24, width - taken - 2), end.top(), taken, end.height() - 1)
    painter.fillRect(box, QColor(theme.raised))
    painter.setPen(QColor(theme.error))
    painter.drawRect(box)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)
