"""Routes of loops: what a unit of a repeat hands to the next, drawn from a card back up to one above it.

A loop leaves and enters its cards on their left and runs up a lane just inside the repeat's frame. No Qt.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.views.canvas.geometry import CARD_HEIGHT, CARD_WIDTH
from app.views.canvas.placement import Rect, Route

LANES = (10.0, 5.0)
"""Distance of the lanes from the frame's left border; a third loop shares the last one."""
PORT = 18.0
"""Loops leave so far below a card's middle and enter so far above it; the arrow of the current card is in between."""
TURN = 8.0


def loop_routes(ends: Iterable[tuple[Rect, Rect, Rect]], boxes: Sequence[Rect]) -> tuple[Route, ...]:
    """For each loop, given as (source, target, frame around both), its corners; they avoid other cards."""
    routes: list[Route] = []
    used: dict[Rect, int] = {}
    cards = [card_of(box) for box in boxes]
    for source, target, frame in ends:
        number = used.get(frame, 0)
        used[frame] = number + 1
        lane = frame.x + LANES[min(number, len(LANES) - 1)]
        start, end = card_of(source), card_of(target)
        low, high = start.centre_y + PORT, end.centre_y - PORT
        beside = ((start.x, low), (lane, low), (lane, high), (end.x, high))
        free = not any(_lies_on(card, lane, one.x, y) for one, y in ((start, low), (end, high)) for card in cards)
        routes.append(beside if free else _over(start, end, lane))
    return tuple(routes)


def card_of(box: Rect) -> Rect:
    """The card in the middle of a box, without the room for its pills."""
    return Rect(box.centre_x - CARD_WIDTH / 2, box.centre_y - CARD_HEIGHT / 2, CARD_WIDTH, CARD_HEIGHT)


def _over(start: Rect, end: Rect, lane: float) -> Route:
    """Out below and in from above, where another card stands beside one of the two."""
    x, y = start.x + PORT, start.bottom + TURN
    to_x, to_y = end.x + PORT, end.y - TURN
    return ((x, start.bottom), (x, y), (lane, y), (lane, to_y), (to_x, to_y), (to_x, end.y))


def _lies_on(card: Rect, left: float, right: float, y: float) -> bool:
    return card.x < right and card.right > left and card.y < y < card.bottom and card.right <= right
