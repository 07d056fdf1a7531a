"""A value on its way: a dot runs along the edges into the card that it makes, or back along those of a gradient."""

from __future__ import annotations

from collections.abc import Sequence

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
        """Draws a dot with a glow on each edge."""
        token = token_of(self._phase)
        painter.setPen(Qt.PenStyle.NoPen)
        for path in self._paths:
            at = path.pointAtPercent(self._share)
            painter.setBrush(self.ink.veil(token, 0.3))
            painter.drawEllipse(at, 2 * DOT, 2 * DOT)
            painter.setBrush(self.ink.colour(token))
            if self._phase == "backward":
                tips = [QPointF(at.x(), at.y() - DOT * 1.2), QPointF(at.x() - DOT, at.y() + DOT)]
                painter.drawPolygon([*tips, QPointF(at.x() + DOT, at.y() + DOT)])
            else:
                painter.drawEllipse(at, DOT, DOT)


class Travels(QObject):
    """Starts what travels at a step, unless steps come fast."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._item: TravelItem | None = None
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
        return self._item is not None

    def step(self, item: TravelItem, routes: Sequence[Route], phase: Phase) -> None:
        """A step was made; its value comes along these edges."""
        too_fast = self._since.isValid() and self._since.elapsed() < FASTEST_MS
        self._since.start()
        self.stop()
        if too_fast or not routes or len(routes) > MOST_EDGES or phase == "update":
            return
        self._item = item
        item.start(routes, phase)
        self._animation.start()

    def stop(self) -> None:
        """Nothing travels any more; call it before the item goes."""
        self._animation.stop()
        if self._item is not None:
            self._item.hide()
            self._item = None

    def _on_changed(self, share: float) -> None:
        if self._item is not None:
            self._item.move_to(share)
