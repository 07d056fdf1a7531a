"""Tracing on the canvas: what the card under the mouse, or the one chosen by keyboard, reads and hands on."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from app.models.scene import Card, Phase
from app.theme import Theme
from app.views.canvas.card_item import MIDDLE, CardItem
from app.views.canvas.card_numbers import slots
from app.views.canvas.pill_painter import EMPTY, pill_rects
from app.views.canvas.sliding_view import SlidingView
from app.views.canvas.trace_caption import TraceCaption
from app.views.canvas.trace_words import Traced


class TracingView(SlidingView):
    """Traces forward from a card's value, and backward from the half in which its gradient stands."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.caption = TraceCaption(theme, self)
        self._traced: CardItem | None = None

    def set_theme(self, theme: Theme) -> None:
        """Recolours everything in place."""
        super().set_theme(theme)
        self.caption.set_theme(theme)

    def trace_card(self, box: str | None, *, backward: bool = False) -> None:
        """Points out what belongs to a box, by lines, outlines and names; None ends that."""
        picture = self._picture
        item = picture.cards.get(box) if picture is not None and box is not None else None
        self._traced = item
        if picture is not None:
            picture.trace(box, backward=backward, near=self.zoom >= MIDDLE)
        if picture is None or box is None or item is None:
            self.caption.show_traced((), QRectF())
            return
        sources, targets = picture.neighbours(box)
        traced = Traced(
            name_of(item.card),
            item.card_state.value_text,
            item.card_state.grad_text,
            item.card_state.has_grad,
            [name_of(picture.cards[one].card) for one in sources],
            [pill.text for pill in item.card.pills if not pill.is_constant],
            [name_of(picture.cards[one].card) for one in targets],
            backward,
        )
        self.caption.show_traced((traced,), self._on_screen(item))
        self.setAccessibleDescription(self.caption.accessibleName())

    def set_current(self, card_id: str | None, direction: Phase = "forward") -> None:
        """As in `SceneView`; a step ends what was traced."""
        self.trace_card(None)
        super().set_current(card_id, direction)

    def place_changed(self) -> None:
        """The words stay beside their card."""
        super().place_changed()
        if self.caption.isVisible() and self._traced is not None:
            self.caption.show_traced(self.caption.traced, self._on_screen(self._traced))

    def _replace_items(self) -> None:
        """What was traced is gone."""
        self.trace_card(None)
        super()._replace_items()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pans while a button is held; else traces what is under the mouse."""
        super().mouseMoveEvent(event)
        if self._picture is None or event.buttons() is not Qt.MouseButton.NoButton or self.is_far:
            return
        spot = self.mapToScene(event.position().toPoint())
        hit = self._picture.card_under(spot)
        if hit is None:
            self.trace_card(None)
            return
        box, pill = hit
        if pill is not None:
            self._tell_pill(self._picture.cards[box], pill)
            return
        backward = self._is_on_gradient(self._picture.cards[box], spot)
        shown = self.caption.traced
        if self._traced is not self._picture.cards[box] or not shown or shown[0].backward != backward:
            self.trace_card(box, backward=backward)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is traced any more."""
        super().leaveEvent(event)
        self.trace_card(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What was traced by keyboard is let go."""
        super().focusOutEvent(event)
        self.trace_card(None)

    def viewportEvent(self, event: QEvent) -> bool:
        """A card's tooltip would say again what the words beside it say."""
        if event.type() == QEvent.Type.ToolTip and self.caption.isVisible():
            return True
        return super().viewportEvent(event)

    def _tell_pill(self, item: CardItem, pill_id: str) -> None:
        """Of a parameter: old or new, and what is in its `.grad`."""
        if self._traced is not None:
            self.trace_card(None)
        pill, body, grad = next(one for one in pill_rects(item.card) if one[0].id == pill_id)
        if pill.is_constant:
            self.trace_card(None)
        else:
            beside = QRectF(self.viewportTransform().mapRect(item.mapRectToScene(body.united(grad))))
            self.caption.show_pill(pill, item.pill_states.get(pill_id, EMPTY), beside)

    def _is_on_gradient(self, item: CardItem, spot: QPointF) -> bool:
        _, _, gradient = slots(item.card_state, self._ink, near=self.zoom >= MIDDLE)
        return item.card_state.has_grad and gradient.contains(spot - item.pos())

    def _on_screen(self, item: CardItem) -> QRectF:
        """The card with its pills, in px of this view."""
        return QRectF(self.viewportTransform().mapRect(item.mapRectToScene(item.boundingRect())))


def name_of(card: Card) -> str:
    """What a card is called where other cards tell of it."""
    return card.symbol if card.symbol and card.kind != "cluster" else card.title
