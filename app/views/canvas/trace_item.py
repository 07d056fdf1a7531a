"""What the card under the mouse reads and hands on: its lines drawn stronger, and outlines around the cards there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from app.guard import painted
from app.views.canvas import geometry as g
from app.views.canvas.edge_items import add_rounded
from app.views.canvas.ink import Ink
from app.views.canvas.placement import Route

TWIN = QRectF(1.0, -g.CARD_HEIGHT / 2 + 26.0, g.CARD_WIDTH / 2 - 4.0, g.CARD_HEIGHT - 29.0)
"""Where a card's gradient stands, seen from the card's middle."""
CARD = QRectF(-g.CARD_WIDTH / 2, -g.CARD_HEIGHT / 2, g.CARD_WIDTH, g.CARD_HEIGHT)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Around one card: where it is, the cards it reads from and those that read it, and the lines to and from them."""

    centre: QPointF
    sources: Sequence[QPointF]
    targets: Sequence[QPointF]
    coming: Sequence[Route]
    going: Sequence[Route]


class TraceItem(QGraphicsItem):
    """Shows inputs in forward's colour with a solid outline and outputs in the accent's with a dotted one.

    The half of the card that its backward twin fills, the gradient, has a dashed one.
    """

    def __init__(self, ink: Ink) -> None:
        super().__init__()
        self.ink = ink
        self._shown: Neighbours | None = None
        self._bounds = QRectF()
        self.setZValue(3)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.hide()

    @property
    def shown(self) -> Neighbours | None:
        """What is traced."""
        return self._shown

    def boundingRect(self) -> QRectF:
        """All that is outlined."""
        return self._bounds

    def show_around(self, neighbours: Neighbours | None) -> None:
        """Traces another card, or none."""
        self.prepareGeometryChange()
        self._shown = neighbours
        self._bounds = QRectF()
        if neighbours is not None:
            for centre in (neighbours.centre, *neighbours.sources, *neighbours.targets):
                self._bounds = self._bounds.united(CARD.translated(centre))
            for route in (*neighbours.coming, *neighbours.going):
                for point in route:
                    self._bounds = self._bounds.united(QRectF(*point, 1.0, 1.0))
            self._bounds.adjust(-8, -8, 8, 8)
        self.setVisible(neighbours is not None)
        self.update()

    @painted
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draws lines and outlines."""
        if self._shown is None:
            return
        for token, centres, routes, dotted in (
            ("forward", self._shown.sources, self._shown.coming, False),
            ("accent", self._shown.targets, self._shown.going, True),
        ):
            path = QPainterPath()
            for route in routes:
                add_rounded(path, route)
            pen = self.ink.pen(token, 3.0)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(pen)
            painter.drawPath(path)
            if dotted:
                pen.setDashPattern([2.0, 1.5])
            painter.setPen(pen)
            for centre in centres:
                painter.drawRoundedRect(CARD.translated(centre).adjusted(-4, -4, 4, 4), g.CORNER + 4, g.CORNER + 4)
        painter.setPen(self.ink.pen("backward", 2.0, dashed=True))
        painter.drawRoundedRect(TWIN.translated(self._shown.centre), 4.0, 4.0)
