"""A tensor of one number, shown large."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.guard import painted
from app.models.cell_text import cell_text, exact_text
from app.models.tensor_shown import TensorShown
from app.theme import Theme, code_font, math_font
from app.views.equation.fonts import EquationFonts
from app.views.equation.painting import kind_colour

_DIGITS = {"float32": 7, "float16": 4, "bfloat16": 3}
_DIGITS_OTHERWISE = 10


class ScalarView(QWidget):
    """Shows symbol and number as large as the window allows, and the stored number with all its digits below."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._fonts = EquationFonts()
        self._text = ""
        self._exact = ""
        self._colour = QColor(theme.text)

    def set_shown(self, shown: TensorShown) -> None:
        """Shows the only element of this tensor."""
        element = np.asarray(shown.array).reshape(-1)[0]
        number = cell_text(element, _DIGITS.get(shown.dtype_name, _DIGITS_OTHERWISE))
        self._text = f"{self._fonts.italic(shown.symbol)} = {number}" if shown.symbol else number
        self._exact = exact_text(element)
        self.setAccessibleName(f"{shown.symbol} = {number}" if shown.symbol else number)
        self._colour = kind_colour(shown.kind, self._theme)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's colours at the next number shown."""
        self._theme = theme
        self.update()

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(self._theme.surface))
        painter.setFont(math_font(self._theme.base_px * 3, italic=False))
        room = QRectF(self.rect()).adjusted(16, 0, -16, 0)
        width = painter.fontMetrics().horizontalAdvance(self._text)
        if width > room.width() > 0:
            px = max(self._theme.base_px, int(self._theme.base_px * 3 * room.width() / width))
            painter.setFont(math_font(px, italic=False))
        painter.setPen(self._colour)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self._text)
        half = painter.fontMetrics().height() / 2
        below = room.adjusted(0, room.height() / 2 + half, 0, 0)
        painter.setFont(code_font(self._theme.small_px))
        painter.setPen(QColor(self._theme.muted))
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, self._exact)
