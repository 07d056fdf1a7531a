"""A spotlight on the present place, as a teacher's pointer gives: the rest of the graph is in the shade."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.guard import painted
from app.views.canvas.ink import Ink

MARGIN, CORNER = 10.0, 16.0
LEAST = 56.0
"""A lit place is at least so wide and high, also far away."""
SHADE_ON_DARK, SHADE_ON_LIGHT = 0.6, 0.34
SOFT = 4
"""Steps in which the border of the light fades."""


class Spotlight(QWidget):
    """Shades all of a widget but some places; lets the mouse through. Where no place is told, nothing is shaded.

    places: asked for rectangles in the widget's px.
    """

    def __init__(self, over: QWidget, ink: Ink, places: Callable[[], Sequence[QRectF]]) -> None:
        super().__init__(over)
        self._over = over
        self._ink = ink
        self._ask = places
        self._lit: list[QRectF] = []
        self.is_on = False
        self.setObjectName("spotlight")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @property
    def lit(self) -> list[QRectF]:
        """What is in the light."""
        return self._lit

    def set_on(self, is_on: bool) -> None:
        """Puts the light on or out."""
        self.is_on = is_on
        self.follow()

    def set_ink(self, ink: Ink) -> None:
        """Another theme."""
        self._ink = ink
        self.update()

    def follow(self) -> None:
        """The present place has moved."""
        lit = [_large(place.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)) for place in self._ask()] if self.is_on else []
        self.setVisible(bool(lit))
        if self.geometry() != self._over.rect():
            self.setGeometry(self._over.rect())
        if lit != self._lit:
            self._lit = lit
            self.update()

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        """The shade with holes, whose borders are soft, and a line around the light: never brightness alone."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._ink.theme
        shade = self._ink.veil("background" if theme.dark else "text", 1.0)
        whole = SHADE_ON_DARK if theme.dark else SHADE_ON_LIGHT
        for step in range(SOFT):
            path = QPainterPath()
            path.addRect(QRectF(self.rect()))
            path = path.subtracted(self._around(2.0 * step))
            # Layers on top of one another, which together are as dark as the shade.
            shade.setAlphaF(1.0 - (1.0 - whole) ** (1.0 / SOFT))
            painter.fillPath(path, shade)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._ink.veil("current_halo", 0.9), 5.0))
        painter.drawPath(self._around(1.0))
        painter.setPen(QPen(self._ink.colour("current"), 2.0))
        painter.drawPath(self._around(1.0))
        painter.end()

    def _around(self, out: float) -> QPainterPath:
        """All places that are lit as one shape, so much larger."""
        path = QPainterPath()
        for place in self._lit:
            one = QPainterPath()
            one.addRoundedRect(place.adjusted(-out, -out, out, out), CORNER, CORNER)
            path = path.united(one)
        return path


def _large(place: QRectF) -> QRectF:
    """The same place, or one around its middle that can be seen."""
    across, down = max(0.0, LEAST - place.width()) / 2, max(0.0, LEAST - place.height()) / 2
    return place.adjusted(-across, -down, across, down)
