"""Marks around cards: the ring of the current card, the outline of the selected one."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from app.guard import painted
from app.models.scene import Phase
from app.views.canvas import geometry as g
from app.views.canvas.ink import Ink, token_of

CARD = QRectF(-g.CARD_WIDTH / 2, -g.CARD_HEIGHT / 2, g.CARD_WIDTH, g.CARD_HEIGHT)
GLOW = 11.0
ARROW_ROOM = 40.0


class CurrentItem(QGraphicsItem):
    """Shows which card is current: a 3 px ring, a glow around it, and an arrow beside it in the phase's direction."""

    def __init__(self, ink: Ink) -> None:
        super().__init__()
        self.ink = ink
        self.phase: Phase = "forward"
        self.setZValue(5)
        self.hide()

    def boundingRect(self) -> QRectF:
        """The card with the glow, and room for the arrow on its left."""
        return CARD.adjusted(-GLOW - ARROW_ROOM, -GLOW - 2, GLOW + 2, GLOW + 2)

    def mark(self, centre: QPointF | None, phase: Phase) -> None:
        """Moves the mark to a card's middle, or hides it."""
        self.phase = phase
        self.setVisible(centre is not None)
        if centre is not None:
            self.setPos(centre)
        self.update()

    @painted
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draws glow, ring and arrow."""
        paint_current(painter, self.ink, self.phase)


def paint_current(painter: QPainter, ink: Ink, phase: Phase) -> None:
    """The current card's mark around the origin; also used on the far picture."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for step in range(5):
        out = GLOW - step * 2.0
        painter.setPen(QPen(ink.veil("current_halo", 0.06 + 0.085 * step), 3.0))
        painter.drawRoundedRect(CARD.adjusted(-out, -out, out, out), g.CORNER + out, g.CORNER + out)
    painter.setPen(QPen(ink.colour("current"), 3.0))
    painter.drawRoundedRect(CARD.adjusted(-1.5, -1.5, 1.5, 1.5), g.CORNER + 1.5, g.CORNER + 1.5)
    x, half = CARD.left() - GLOW - 6.0, 10.0
    arrow = QPolygonF([QPointF(x, 0.0), QPointF(x - 15.0, -half), QPointF(x - 15.0, half)])
    painter.setPen(QPen(ink.colour("current"), 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.setBrush(ink.colour("current_halo"))
    painter.drawPolygon(arrow)
    way = -1.0 if phase == "backward" else 1.0
    painter.setPen(QPen(ink.colour(token_of(phase)), 3.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    stem = x - 25.0
    painter.drawLine(QPointF(stem, -10.0 * way), QPointF(stem, 9.0 * way))
    painter.drawPolyline([QPointF(stem - 5, 4 * way), QPointF(stem, 10 * way), QPointF(stem + 5, 4 * way)])


class SelectionItem(QGraphicsItem):
    """Shows which card is selected: a thin outline in the accent colour, outside the ring of a current card."""

    def __init__(self, ink: Ink) -> None:
        super().__init__()
        self.ink = ink
        self.setZValue(4)
        self.hide()

    def boundingRect(self) -> QRectF:
        """The card and the outline."""
        return CARD.adjusted(-7, -7, 7, 7)

    @painted
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draws the outline."""
        painter.setPen(self.ink.pen("accent", 2.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(CARD.adjusted(-5, -5, 5, 5), g.CORNER + 5, g.CORNER + 5)
