"""A node card: kind strip, name, symbol, shape, and below them its value (left) and its gradient (right).

Painted with four levels of detail; the smallest, the overview picture, is not an item (see `overview`).
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from app.models.scene import Card, CardState, PillState
from app.views.canvas import geometry as g
from app.views.canvas.heatmap import heatmap_image
from app.views.canvas.ink import Ink
from app.views.canvas.pill_painter import draw_pills, draw_pills_far, pill_rects
from app.views.canvas.symbols import draw_symbol, symbol_width

FAR, MIDDLE = 0.4, 0.7
"""Below FAR a coloured box; below MIDDLE fewer and larger words; from there on everything."""
NAMES_FROM = 0.26
LEFT = g.STRIP_WIDTH + 7.0
RIGHT = 7.0
SLOT_GAP = 4.0
SIGN = 9.0
"""Room for the small square or triangle before a number."""
CAPTION = 27.0
"""Room above the card for the name of the module call that it is alone in."""
STACK = 4.0
"""A collapsed module call looks like two cards, the lower one so far to the right and down."""
NEAR_SIZES, MIDDLE_SIZES = (16.0, 15.0, 14.0, 13.0, 12.0, 10.5), (19.0, 17.0, 15.0, 13.0, 12.0)
FRAME = QRectF(-g.CARD_WIDTH / 2, -g.CARD_HEIGHT / 2, g.CARD_WIDTH, g.CARD_HEIGHT)


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
        self._value_image: QImage | None = None
        self._grad_image: QImage | None = None
        reach = g.SIDE_WIDTH if card.pills else 0.0
        tall = max(g.CARD_HEIGHT, g.pills_height(len(card.pills)) if card.pills else 0.0)
        whole = QRectF(FRAME.left(), -tall / 2, g.CARD_WIDTH + reach, tall)
        self._bounds = whole.adjusted(-2, -CAPTION if caption else -2, 2 + STACK, 2 + STACK)
        self.setZValue(2)
        self.setToolTip(" ".join(part for part in (caption, card.title, card.symbol, card.shape_text) if part))

    def boundingRect(self) -> QRectF:
        """The card with its pills."""
        return self._bounds

    def pill_at(self, position: QPointF) -> str | None:
        """The id of the pill under a point in item coordinates."""
        for pill, body, grad in pill_rects(self.card):
            if body.contains(position) or grad.contains(position):
                return pill.id
        return None

    def show_state(self, state: CardState) -> None:
        """Replaces what the card shows; nothing is repainted when it is the same object."""
        if state is self.card_state:
            return
        if state.value is not self.card_state.value:
            self._value_image = None
        if state.grad is not self.card_state.grad:
            self._grad_image = None
        self.card_state = state
        self.update()

    def show_pills(self, states: dict[str, PillState]) -> None:
        """Replaces what the named pills of this card show."""
        self.pill_states.update(states)
        self.update()

    def show_ring(self, *, on: bool) -> None:
        """The current card is never drawn weaker."""
        self.ringed = on
        self.update()

    def forget_images(self) -> None:
        """Makes the thumbnails again at the next paint, after the theme changed."""
        self._value_image = self._grad_image = None

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draws the card for the zoom it is seen at."""
        scale = QStyleOptionGraphicsItem.levelOfDetailFromTransform(painter.worldTransform())
        if not (self.ringed or self.card_state.status == "current"):
            waiting = self.card_state.status == "future"
            painter.setOpacity(self.ink.future_opacity if waiting else self.ink.dimmed_opacity if self.dimmed else 1.0)
        if scale < FAR:
            self._paint_far(painter, named=scale >= NAMES_FROM)
            return
        near = scale >= MIDDLE
        self._paint_caption(painter, near=near)
        self._paint_box(painter)
        self._paint_words(painter, near=near)
        px = self._number_px(NEAR_SIZES if near else MIDDLE_SIZES)
        self._paint_slot(painter, self._value_slot(), px, backward=False)
        self._paint_slot(painter, self._grad_slot(), px, backward=True)
        draw_pills(painter, self.card, self.pill_states, self.ink, near=near)

    def _paint_far(self, painter: QPainter, *, named: bool) -> None:
        painter.fillRect(FRAME, self.ink.colour("raised"))
        painter.fillRect(QRectF(FRAME.left(), FRAME.top(), 12.0, g.CARD_HEIGHT), self.ink.strip(self.card.kind))
        painter.setPen(self._border())
        painter.drawRect(FRAME)
        if named:
            bold = self.ink.font(27.0, bold=True)
            painter.setFont(bold)
            painter.setPen(self.ink.colour("text"))
            place = FRAME.adjusted(20.0, 0.0, -6.0, 0.0)
            title = QFontMetricsF(bold).elidedText(self.card.title, Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
        draw_pills_far(painter, self.card, self.ink)

    def _paint_caption(self, painter: QPainter, *, near: bool) -> None:
        """Left of the middle, where edges come in."""
        if not self.caption:
            return
        font = self.ink.font(11.0 if near else 15.0)
        room = g.CARD_WIDTH / 2 - 10.0
        painter.setFont(font)
        painter.setPen(self.ink.colour("muted"))
        shown = QFontMetricsF(font).elidedText(self.caption, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QPointF(FRAME.left() + 3.0, FRAME.top() - 12.0), shown)

    def _paint_box(self, painter: QPainter) -> None:
        shape = QPainterPath()
        shape.addRoundedRect(FRAME, g.CORNER, g.CORNER)
        if self.card.kind == "cluster":
            painter.setPen(self._border())
            painter.setBrush(self.ink.colour("surface"))
            painter.drawRoundedRect(FRAME.translated(STACK, STACK), g.CORNER, g.CORNER)
        painter.fillPath(shape, self.ink.colour("raised"))
        painter.save()
        painter.setClipRect(QRectF(FRAME.left(), FRAME.top(), g.STRIP_WIDTH, g.CARD_HEIGHT))
        painter.fillPath(shape, self.ink.strip(self.card.kind))
        painter.restore()
        painter.setPen(self._border())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(shape)

    def _border(self) -> QPen:
        state = self.card_state
        if state.has_grad:
            return self.ink.pen("backward", 1.6)
        done = state.status == "done" and state.has_value
        return self.ink.pen("forward", 1.3) if done else self.ink.pen("border", 1.2)

    def _paint_words(self, painter: QPainter, *, near: bool) -> None:
        ink, card = self.ink, self.card
        title_px, symbol_px = (13.0, 18.0) if near else (18.0, 23.0)
        baseline = FRAME.top() + (20.0 if near else 23.0)
        left, right = FRAME.left() + LEFT, FRAME.right() - RIGHT
        shape = self._fitted_shape(near, right - left, title_px, symbol_px)
        if shape:
            font = ink.font(11.0)
            width = QFontMetricsF(font).horizontalAdvance(shape)
            painter.setFont(font)
            painter.setPen(ink.colour("muted"))
            painter.drawText(QPointF(right - width, baseline), shape)
            right -= width + 6.0
        quantity = card.symbol if card.kind != "cluster" else ""
        room = right - left - (symbol_width(quantity, ink, symbol_px) + 7.0 if quantity else 0.0)
        bold = ink.font(title_px, bold=True)
        title = QFontMetricsF(bold).elidedText(card.title, Qt.TextElideMode.ElideRight, room)
        painter.setFont(bold)
        painter.setPen(ink.colour("text"))
        painter.drawText(QPointF(left, baseline), title)
        left += QFontMetricsF(bold).horizontalAdvance(title) + 7.0
        if quantity:
            painter.setPen(ink.colour("loss" if card.kind == "loss" else "forward"))
            draw_symbol(painter, left, baseline, quantity, ink, symbol_px)
        elif card.symbol:
            plain = ink.font(11.0 if near else 15.0)
            painter.setFont(plain)
            painter.setPen(ink.colour("muted"))
            text = QFontMetricsF(plain).elidedText(card.symbol, Qt.TextElideMode.ElideRight, right - left)
            painter.drawText(QPointF(left, baseline), text)

    def _fitted_shape(self, near: bool, room: float, title_px: float, symbol_px: float) -> str:
        """The shape as wide as there is room for: with spaces, without, or not at all."""
        shape = self.card.shape_text
        if not near or not shape:
            return ""
        words = QFontMetricsF(self.ink.font(title_px, bold=True)).horizontalAdvance(self.card.title)
        if self.card.symbol:
            words += symbol_width(self.card.symbol, self.ink, symbol_px) + 7.0
        metrics = QFontMetricsF(self.ink.font(11.0))
        tight = shape.replace(" ", "")
        return next((text for text in (shape, tight) if metrics.horizontalAdvance(text) + words + 8.0 <= room), tight)

    def _value_slot(self) -> QRectF:
        width = (g.CARD_WIDTH - LEFT - RIGHT - SLOT_GAP) / 2
        return QRectF(FRAME.left() + LEFT, FRAME.top() + 29.0, width, 22.0)

    def _grad_slot(self) -> QRectF:
        slot = self._value_slot()
        return slot.translated(slot.width() + SLOT_GAP, 0.0)

    def _number_px(self, sizes: tuple[float, ...]) -> float:
        """One size for value and gradient, the largest at which both fit their slots."""
        room = self._value_slot().width() - SIGN
        texts = (self.card_state.value_text, self.card_state.grad_text)
        for px in sizes:
            metrics = QFontMetricsF(self.ink.font(px, bold=True))
            if all(metrics.horizontalAdvance(text) <= room for text in texts):
                return px
        return sizes[-1]

    def _paint_slot(self, painter: QPainter, slot: QRectF, px: float, *, backward: bool) -> None:
        state = self.card_state
        text = state.grad_text if backward else state.value_text
        array = state.grad if backward else state.value
        if text:
            self._paint_number(painter, slot, text, px, backward=backward)
        elif array is not None:
            painter.drawImage(slot, self._image(backward=backward))
            painter.setPen(self.ink.pen("backward" if backward else "border", 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(slot)
        else:
            painter.setPen(self.ink.missing_pen())
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(slot, 3.0, 3.0)

    def _paint_number(self, painter: QPainter, slot: QRectF, text: str, px: float, *, backward: bool) -> None:
        """The second cue beside the colour: a square before values, a triangle pointing back before gradients."""
        ink = self.ink
        colour = ink.colour("backward" if backward else "forward")
        middle = slot.center().y()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        if backward:
            x = slot.left()
            painter.drawPolygon([QPointF(x, middle), QPointF(x + 6, middle - 4), QPointF(x + 6, middle + 4)])
        else:
            painter.drawRect(QRectF(slot.left(), middle - 2.5, 5.0, 5.0))
        place = slot.adjusted(SIGN, 0.0, 0.0, 0.0)
        font = ink.font(px, bold=True)
        painter.setFont(font)
        painter.setPen(colour)
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)

    def _image(self, *, backward: bool) -> QImage:
        image = self._grad_image if backward else self._value_image
        if image is None:
            array = self.card_state.grad if backward else self.card_state.value
            assert array is not None  # the caller looked
            image = heatmap_image(array, signed=backward, not_finite=self.ink.theme.not_finite)
            if backward:
                self._grad_image = image
            else:
                self._value_image = image
        return image
