"""The painted parts of a card: its equations, and its picture."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.guard import painted
from app.theme import Theme
from app.views.equation.fonts import EquationFonts
from app.views.equation.page import Page, lay_out
from app.views.equation.painting import paint_page
from app.views.glossary.pictures.drawn import draw
from app.views.glossary.pictures.sketch import HEIGHT, WIDTH
from engine.analysis.notation.expression import EquationLine
from engine.analysis.notation.printing import to_text

_EM_OF_BASE = 1.3
_PICTURE_BASE_PX = 13
_NARROWEST_PX = 120


class EquationStrip(QWidget):
    """Shows equations as high as they need; a screen reader finds them as text."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._fonts = EquationFonts()
        self._lines: tuple[EquationLine, ...] = ()
        self._page = Page(0.0, 0.0, (), (), ())
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_lines(self, lines: tuple[EquationLine, ...], theme: Theme) -> None:
        """Shows these equations in a theme's colours and size."""
        self._lines, self._theme = lines, theme
        self.setAccessibleDescription("\n".join(to_text(line.expression) for line in lines))
        self._lay_out()

    @property
    def page_width(self) -> float:
        """How wide the equations are, in px."""
        return self._page.width

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        paint_page(QPainter(self), self._page, self._fonts, self._theme, QRectF(event.rect()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._lay_out()

    def _lay_out(self) -> None:
        px = round(self._theme.base_px * _EM_OF_BASE)
        self._page = lay_out(self._lines, self._fonts, px, max(self.width(), _NARROWEST_PX))
        self.setFixedHeight(round(self._page.height))
        self.update()


class PictureStrip(QWidget):
    """Shows the drawing of a card, as large as the letters ask for."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_picture(self, name: str, about: str, theme: Theme) -> None:
        """Shows a drawing. about: what a screen reader says of it."""
        self._name, self._theme = name, theme
        self.setAccessibleName(about)
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(WIDTH * self._scale), round(HEIGHT * self._scale))

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._name:
            return
        painter = QPainter(self)
        scale = min(self._scale, self.width() / WIDTH)
        painter.scale(scale, scale)
        draw(self._name, painter, self._theme)

    @property
    def _scale(self) -> float:
        return self._theme.base_px / _PICTURE_BASE_PX
