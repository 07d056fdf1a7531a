"""A value on its way: a dot runs along the edges into the card that it makes, or back along those of a gradient."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QElapsedTimer, QObject, QPointF, QRectF, Qt, QVariantAnimation
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from app.guard import painted
from app.models.scene import Phase
from app.views.canvas.edge_items import add_rounded
from app.views.canvas.ink import Ink, token_of
from app.views.canvas.placement import Route

TRAVEL_MS = 180
FASTEST_MS = 100
"""When steps follow each other faster than this, nothing travels."""
MOST_EDGES = 12
DOT = 6.0


class TravelItem(QGraphicsItem):
    """Shows the dots: round ones for values, pointed back ones for gradients."""

    def __init__(self, ink: Ink) -> None:
        super().__init__()
        self.ink = ink
        self._paths: list[QPainterPath] = []
        self._phase: Phase = "forward"
        self._share = 0.0
        self._bounds = QRectF()
        self.setZValue(7)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.hide()

    def boundingRect(self) -> QRectF:
        """Around all edges that are travelled."""
        return self._bounds

    def start(self, routes: Sequence[Route], phase: Phase) -> None:
        """Takes other edges; gradients run against them."""
        self.prepareGeometryChange()
        self._phase, self._share = phase, 0.0
        self._paths, self._bounds = [], QRectF()
        for route in routes:
            path = QPainterPath()
            add_rounded(path, tuple(reversed(route)) if phase == "backward" else route)
            self._paths.append(path)
            self._bounds = self._bounds.united(path.boundingRect())
        self._bounds.adjust(-2 * DOT, -2 * DOT, 2 * DOT, 2 * DOT)
        self.show()

    def move_to(self, share: float) -> None:
        """How far along they are, 0..1."""
        self._share = share
        self.update()

    @painted
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draws the dots."""
        draw_travelling(painter, self._paths, self._share, self._phase, self.ink)


def draw_travelling(
    painter: QPainter, paths: Sequence[QPainterPath], share: float, phase: Phase, ink: Ink, dot: float = DOT
) -> None:
    """A dot with a glow on each path, round for values; for gradients a triangle that points where it goes."""
    token = token_of(phase)
    painter.setPen(Qt.PenStyle.NoPen)
    for path in paths:
        at = path.pointAtPercent(share)
        painter.setBrush(ink.veil(token, 0.3))
        painter.drawEllipse(at, 2 * dot, 2 * dot)
        painter.setBrush(ink.colour(token))
        if phase == "backward":
            painter.save()
            painter.translate(at)
            painter.rotate(-path.angleAtPercent(share))
            painter.drawPolygon([QPointF(dot * 1.2, 0.0), QPointF(-dot, dot), QPointF(-dot, -dot)])
            painter.restore()
        else:
            painter.drawEllipse(at, dot, dot)


class Traveller(Protocol):
    """What shows the dots."""

    def move_to(self, share: float) -> None:
        """How far along they are, 0..1."""

    def hide(self) -> None:
        """They have arrived."""


class Travels(QObject):
    """Starts what travels at a step, unless steps come fast."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._traveller: Traveller | None = None
        self._since = QElapsedTimer()
        self._animation = QVariantAnimation(self)
        self._animation.setDuration(TRAVEL_MS)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.valueChanged.connect(self._on_changed)
        self._animation.finished.connect(self.stop)

    @property
    def is_running(self) -> bool:
        """Whether something is under way."""
        return self._traveller is not None

    def may_start(self) -> bool:
        """Whether steps come slowly enough; to be asked once a step. What was under way is stopped."""
        too_fast = self._since.isValid() and self._since.elapsed() < FASTEST_MS
        self._since.start()
        self.stop()
        return not too_fast

    def step(self, item: TravelItem, routes: Sequence[Route], phase: Phase) -> None:
        """A step was made; its value comes along these edges."""
        if self.may_start() and routes and len(routes) <= MOST_EDGES and phase != "update":
            item.start(routes, phase)
            self.run(item)

    def run(self, traveller: Traveller) -> None:
        """Moves it along from now on."""
        self._traveller = traveller
        self._animation.start()

    def stop(self) -> None:
        """Nothing travels any more; call it before the item goes."""
        self._animation.stop()
        if self._traveller is not None:
            self._traveller.hide()
            self._traveller = None

    def _on_changed(self, share: float) -> None:
        if self._traveller is not None:
            self._traveller.move_to(share)
