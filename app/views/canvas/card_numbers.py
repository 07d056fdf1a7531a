"""The lower half of a card: its value (left) and its gradient (right), as numbers or as thumbnails."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from app.models.scene import CardState
from app.theme import Theme
from app.views.canvas import geometry as g
from app.views.canvas.card_head import FRAME, LEFT, RIGHT
from app.views.canvas.heatmap import heatmap_image
from app.views.canvas.ink import Ink

SIGN = 9.0
"""Room for the small square or triangle before a number."""
SLOT_GAP = 4.0
HALF = (g.CARD_WIDTH - LEFT - RIGHT - SLOT_GAP) / 2
SLOT = QRectF(FRAME.left() + LEFT, FRAME.top() + 29.0, HALF, 22.0)
NEAR_SIZES, MIDDLE_SIZES = (16.0, 15.0, 14.0, 13.0, 12.0), (19.0, 17.0, 15.0, 13.0, 12.0)
ROW_SIZES = (13.0, 12.0, 11.0, 10.0, 9.0)


class Thumbnails:
    """The images of one card's value and gradient, made when first painted and kept while the arrays stay."""

    def __init__(self) -> None:
        self._made: dict[bool, tuple[NDArray[Any], QImage]] = {}

    def image(self, array: NDArray[Any], theme: Theme, *, backward: bool) -> QImage:
        """The image of `array`, which is the gradient if `backward`."""
        kept = self._made.get(backward)
        if kept is None or kept[0] is not array:
            kept = (array, heatmap_image(array, theme, signed=backward))
            self._made[backward] = kept
        return kept[1]

    def forget(self) -> None:
        """Makes them again at the next paint, after the theme changed."""
        self._made.clear()


def draw_numbers(painter: QPainter, state: CardState, thumbnails: Thumbnails, ink: Ink, *, near: bool) -> None:
    """Both slots; what does not exist yet is a dashed outline."""
    px, value_slot, grad_slot = slots(state, ink, near=near)
    sides = ((value_slot, state.value_text, state.value, False), (grad_slot, state.grad_text, state.grad, True))
    for slot, text, array, backward in sides:
        if text:
            _draw_number(painter, slot, text, px, ink, backward=backward)
            continue
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if array is None:
            painter.setPen(ink.missing_pen())
            painter.drawRoundedRect(slot, 3.0, 3.0)
        else:
            painter.drawImage(slot, thumbnails.image(array, ink.theme, backward=backward))
            painter.setPen(ink.pen("backward" if backward else "border", 1.0))
            painter.drawRect(slot)


def slots(state: CardState, ink: Ink, *, near: bool) -> tuple[float, QRectF, QRectF]:
    """Size of both numbers (px), and the places of value and gradient, from the card's middle.

    They stand in two columns; where one needs more than its half and the other less, the border between them moves.
    Where that is not enough, as with [1.1325 -0.42] and its gradient, they stand in two rows.
    """
    for px in NEAR_SIZES if near else MIDDLE_SIZES:
        value, grad = _needs(state, ink, px)
        if value + grad <= 2 * HALF:
            shift = max(0.0, value - HALF) - max(0.0, grad - HALF)
            left = SLOT.adjusted(0.0, 0.0, shift, 0.0)
            return px, left, SLOT.translated(HALF + SLOT_GAP, 0.0).adjusted(shift, 0.0, 0.0, 0.0)
    upper = QRectF(SLOT.left(), FRAME.top() + 24.0, 2 * HALF + SLOT_GAP, 16.0)
    px = next((px for px in ROW_SIZES if max(_needs(state, ink, px)) <= upper.width()), ROW_SIZES[-1])
    return px, upper, upper.translated(0.0, 15.0)


def _needs(state: CardState, ink: Ink, px: float) -> tuple[float, float]:
    """The widths that value and gradient would like: a number its own, a thumbnail half the card."""
    metrics = ink.metrics(px, bold=True)
    value = metrics.horizontalAdvance(state.value_text) + SIGN if state.value_text else 0.0
    grad = metrics.horizontalAdvance(state.grad_text) + SIGN if state.grad_text else 0.0
    return value or (HALF if state.value is not None else 0.0), grad or (HALF if state.grad is not None else 0.0)


def _draw_number(painter: QPainter, slot: QRectF, text: str, px: float, ink: Ink, *, backward: bool) -> None:
    """The second cue beside the colour: a square before values, a triangle pointing back before gradients."""
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
    painter.setFont(ink.font(px, bold=True))
    painter.setPen(colour)
    shown = ink.metrics(px, bold=True).elidedText(text, Qt.TextElideMode.ElideRight, place.width() + 1.0)
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
