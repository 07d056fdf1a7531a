"""A node card with its parameter pills as one item, painted for the zoom that it is seen at.

The smallest of the four levels of detail, the overview picture, is not an item (see `overview`).
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from app.guard import painted
from app.models.breakpoint_lines import Dot
from app.models.scene import Card, CardState, PillState
from app.views.breakpoint_dot import RADIUS, paint_dot
from app.views.canvas import geometry as g
from app.views.canvas.card_head import (
    CAPTION,
    CAPTION_OUT,
    FRAME,
    STACK,
    Change,
    draw_box,
    draw_caption,
    draw_change,
    draw_far,
    draw_ground,
    draw_words,
)
from app.views.canvas.card_numbers import Thumbnails, draw_numbers
from app.views.canvas.ink import Ink
from app.views.canvas.pill_painter import draw_pills, draw_pills_far, pill_rects

NAMES_FROM, FAR, MIDDLE = 0.26, 0.4, 0.7
"""Below FAR a coloured box, with its name from NAMES_FROM; below MIDDLE fewer and larger words; then everything."""


class CardItem(QGraphicsItem):
    """Shows one card and its pills, the origin in the card's middle; `show_...` change it in place."""

    def __init__(self, card: Card, ink: Ink, caption: str = "") -> None:
        super().__init__()
        self.card = card
        self.caption = caption
        self.ink = ink
        self.card_state = CardState()
        self.pill_states: dict[str, PillState] = {}
        self.dimmed = False
        self.ringed = False
        self.change: Change = ""
        self.dot: Dot | None = None
        self._thumbnails = Thumbnails()
        reach = g.SIDE_WIDTH if card.pills else 0.0
        tall = max(g.CARD_HEIGHT, g.pills_height(len(card.pills)) if card.pills else 0.0)
        whole = QRectF(FRAME.left(), -tall / 2, g.CARD_WIDTH + reach, tall)
        above = max(RADIUS, CAPTION if caption or card.shape_text else 2)
        self._bounds = whole.adjusted(-max(RADIUS, 2 + CAPTION_OUT), -above, 2 + STACK, 2 + STACK)
        self.setZValue(2)
        self._name()

    def boundingRect(self) -> QRectF:
        """The card with its pills."""
        return self._bounds

    def pill_at(self, position: QPointF) -> str | None:
        """The id of the pill under a point in item coordinates."""
        for pill, body, grad in pill_rects(self.card):
            if body.contains(position) or grad.contains(position):
                return pill.id
        return None

    def is_on_grad_box(self, position: QPointF) -> bool:
        """Whether there is a parameter's `.grad` box at a point in item coordinates."""
        return any(grad.contains(position) for pill, _, grad in pill_rects(self.card) if not pill.is_constant)

    def show_state(self, state: CardState) -> None:
        """Replaces what the card shows; nothing is repainted when it is the same object."""
        if state is not self.card_state:
            self.card_state = state
            self.update()

    def show_card(self, card: Card) -> None:
        """What another card of the same kind and pills says, in this place; its states must follow."""
        self.card = replace(card, id=self.card.id, cluster=self.card.cluster)
        self.card_state = CardState()
        self.pill_states = {}
        self._name()
        self.update()

    def show_pills(self, states: dict[str, PillState]) -> None:
        """Replaces what the named pills of this card show."""
        self.pill_states.update(states)
        self.update()

    def show_ring(self, *, on: bool) -> None:
        """The current card is never drawn weaker."""
        self.ringed = on
        self.update()

    def show_change(self, change: Change) -> None:
        """Marks the card as new in this iteration or as gone; "" takes the mark away."""
        if change != self.change:
            self.change = change
            self._name()
            self.update()

    def show_dot(self, dot: Dot | None) -> None:
        """Marks the card as one that has a breakpoint."""
        if dot != self.dot:
            self.dot = dot
            self.update()

    def forget_images(self) -> None:
        """Makes the thumbnails again at the next paint, after the theme changed."""
        self._thumbnails.forget()

    def _name(self) -> None:
        parts = (self.caption, self.card.title, self.card.symbol, self.card.shape_text)
        self.setToolTip(" ".join(part for part in parts if part))

    @painted
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draws the card for the zoom it is seen at."""
        scale = QStyleOptionGraphicsItem.levelOfDetailFromTransform(painter.worldTransform())
        draw_ground(painter, self.ink)
        if not (self.ringed or self.card_state.status == "current"):
            waiting = self.card_state.status == "future"
            painter.setOpacity(self.ink.future_opacity if waiting else self.ink.dimmed_opacity if self.dimmed else 1.0)
        if scale < FAR:
            draw_far(painter, self.card, self.card_state, self.ink, named=scale >= NAMES_FROM)
            draw_pills_far(painter, self.card, self.ink)
            self._paint_dot(painter)
            return
        near = scale >= MIDDLE
        draw_caption(painter, self.caption, self.ink, near=near)
        draw_box(painter, self.card, self.card_state, self.ink)
        draw_words(painter, self.card, self.ink, near=near)
        draw_numbers(painter, self.card_state, self._thumbnails, self.ink, near=near)
        draw_pills(painter, self.card, self.pill_states, self.ink, near=near)
        draw_change(painter, self.change, self.ink)
        self._paint_dot(painter)

    def _paint_dot(self, painter: QPainter) -> None:
        """On the card's upper left corner, where nothing else is."""
        if self.dot is not None:
            painter.setOpacity(1.0)
            corner = FRAME.topLeft() + QPointF(1.0, 1.0)
            paint_dot(painter, corner, self.dot, self.ink.colour("breakpoint"), self.ink.colour("raised"))
