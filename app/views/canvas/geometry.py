"""Sizes of everything on the canvas, in scene px (100 % zoom), and where a card's parts are. No Qt."""

from __future__ import annotations

from app.models.scene import Card

CARD_WIDTH = 168.0
CARD_HEIGHT = 58.0
STRIP_WIDTH = 5.0
CORNER = 7.0

PILL_WIDTH = 96.0
PILL_HEIGHT = 23.0
PILL_GAP = 6.0
PILL_REACH = 20.0
"""Length of the link between a card and its pills."""
GRAD_WIDTH = 66.0
GRAD_GAP = 5.0
SIDE_WIDTH = PILL_REACH + PILL_WIDTH + GRAD_GAP + GRAD_WIDTH

PORT_MARGIN = 16.0
"""Edges enter and leave a card at least so far from its corners."""


def box_size(card: Card) -> tuple[float, float]:
    """Width and height of the box kept free for a card.

    The room of the pills is kept on both sides: a box with its card in the middle makes chains of cards with and
    without parameters one straight line.
    """
    if not card.pills:
        return CARD_WIDTH, CARD_HEIGHT
    return CARD_WIDTH + 2 * SIDE_WIDTH, max(CARD_HEIGHT, pills_height(len(card.pills)))


def pills_height(count: int) -> float:
    """Height of a column of `count` pills."""
    return count * PILL_HEIGHT + (count - 1) * PILL_GAP


def pill_offset(index: int, count: int) -> tuple[float, float]:
    """Left and top of pill number `index`, relative to the centre of its card."""
    top = -pills_height(count) / 2 + index * (PILL_HEIGHT + PILL_GAP)
    return CARD_WIDTH / 2 + PILL_REACH, top
