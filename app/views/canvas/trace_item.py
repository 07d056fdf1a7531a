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

CARD = QRectF(-g.CARD_WIDTH / 2, -g.CARD_HEIGHT / 2, g.CARD_WIDTH, g.CARD_HEIGHT)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Around one card: where it is, the cards it reads from and those that read it, and the lines to and from them.

    value, gradient: where they stand on the card, from its middle.
    backward: it is about the card's gradient, which comes from those that read it and goes to those it reads from.
    """

    centre: QPointF
    sources: Sequence[QPointF]
    targets: Sequence[QPointF]
    coming: Sequence[Route]
    going: Sequence[Route]
    value: QRectF
    gradient: QRectF
    backward: bool = False


class TraceItem(QGraphicsItem):
    """Shows where something comes from with a solid outline, and where it goes with a dotted one.

    A value's lines are solid, a gradient's dashed, each in its colour. Both halves of the card are outlined, value and
    gradient, the one that is traced more strongly.
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
        shown = self._shown
        token = "backward" if shown.backward else "forward"
        before, after = (shown.targets, shown.sources) if shown.backward else (shown.sources, shown.targets)
        path = QPainterPath()
        for route in (*shown.coming, *shown.going):
            add_rounded(path, tuple(reversed(route)) if shown.backward else route)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self.ink.pen(token, 3.0, dashed=shown.backward))
        painter.drawPath(path)
        for centres, dotted in ((before, False), (after, True)):
            pen = self.ink.pen(token, 3.0)
            if dotted:
                pen.setDashPattern([1.0, 1.6])
            painter.setPen(pen)
            for centre in centres:
                painter.drawRoundedRect(CARD.translated(centre).adjusted(-4, -4, 4, 4), g.CORNER + 4, g.CORNER + 4)
        strong, weak = 3.0, 1.6
        painter.setPen(self.ink.pen("forward", weak if shown.backward else strong))
        painter.drawRoundedRect(shown.value.translated(shown.centre).adjusted(-1.5, 0.0, 1.5, 0.0), 4.0, 4.0)
        painter.setPen(self.ink.pen("backward", strong if shown.backward else weak, dashed=True))
        painter.drawRoundedRect(shown.gradient.translated(shown.centre).adjusted(-1.5, 0.0, 1.5, 0.0), 4.0, 4.0)
