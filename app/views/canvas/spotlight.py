"""A spotlight on the present place, as a teacher's pointer gives: the rest of the graph is in the shade."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEasingCurve, QRectF, Qt, QVariantAnimation
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.guard import painted
from app.views.canvas.ink import Ink

MARGIN, CORNER = 10.0, 16.0
LEAST = 56.0
"""A lit place is at least so wide and high, also far away."""
SHADE_ON_DARK, SHADE_ON_LIGHT = 0.55, 0.18
"""What is in the shade can still be read, also where a projector is weak."""
GLIDE_MS = 180
EDGE = 3.0
"""The light's border stays so far inside the widget."""
SOFT = 4
"""Steps in which the border of the light fades."""


class Spotlight(QWidget):
    """Shades all of a widget but some places; lets the mouse through. Where no place is told, nothing is shaded.

    places: asked for rectangles in the widget's px. jumps: asked whether nothing glides.
    """

    def __init__(
        self, over: QWidget, ink: Ink, places: Callable[[], Sequence[QRectF]], jumps: Callable[[], bool]
    ) -> None:
        super().__init__(over)
        self._over = over
        self._ink = ink
        self._ask, self._jumps = places, jumps
        self._lit: list[QRectF] = []
        self._from: list[QRectF] = []
        self._glide = QVariantAnimation(self)
        self._glide.setDuration(GLIDE_MS)
        self._glide.setStartValue(0.0)
        self._glide.setEndValue(1.0)
        self._glide.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._glide.valueChanged.connect(lambda _: self.update())
        self.is_on = False
        self.setObjectName("spotlight")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @property
    def lit(self) -> list[QRectF]:
        """What is in the light, or will be when it has come to rest."""
        return self._lit

    @property
    def is_gliding(self) -> bool:
        """Whether the light is on its way."""
        return self._glide.state() is QVariantAnimation.State.Running

    @property
    def shown(self) -> list[QRectF]:
        """What is in the light now: on its way, some of both ends."""
        if not self.is_gliding:
            return self._lit
        share = float(self._glide.currentValue())
        return [_between(start, end, share) for start, end in zip(self._from, self._lit, strict=True)]

    def set_on(self, is_on: bool) -> None:
        """Puts the light on or out."""
        self.is_on = is_on
        self.follow()

    def set_ink(self, ink: Ink) -> None:
        """Another theme."""
        self._ink = ink
        self.update()

    def follow(self, *, glides: bool = False) -> None:
        """The present place has moved. glides: it is another one, so that the eye has to be led there."""
        lit = [_large(place.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)) for place in self._ask()] if self.is_on else []
        was = self.shown if self.isVisible() else []
        self.setVisible(bool(lit))
        if self.geometry() != self._over.rect():
            self.setGeometry(self._over.rect())
        if lit == self._lit:
            return
        if glides and was and lit and not self._jumps():
            self._from = [was[min(place, len(was) - 1)] for place in range(len(lit))]
            self._glide.stop()
            self._lit = lit
            self._glide.start()
        else:
            if len(lit) != len(self._lit):
                self._glide.stop()
            self._lit = lit
        self.update()

    def stop(self) -> None:
        """The light is where it goes."""
        self._glide.stop()

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
        inside = QRectF(self.rect()).adjusted(EDGE, EDGE, -EDGE, -EDGE)
        for place in self.shown:
            one = QPainterPath()
            one.addRoundedRect(place.adjusted(-out, -out, out, out).intersected(inside), CORNER, CORNER)
            path = path.united(one)
        return path


def _large(place: QRectF) -> QRectF:
    """The same place, or one around its middle that can be seen."""
    across, down = max(0.0, LEAST - place.width()) / 2, max(0.0, LEAST - place.height()) / 2
    return place.adjusted(-across, -down, across, down)


def _between(start: QRectF, end: QRectF, share: float) -> QRectF:
    """A rectangle that is so far on its way."""
    corners = [(one.left(), one.top(), one.right(), one.bottom()) for one in (start, end)]
    left, top, right, bottom = (a + (b - a) * share for a, b in zip(*corners, strict=True))
    return QRectF(left, top, right - left, bottom - top)
