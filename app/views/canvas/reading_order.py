"""Walking over the canvas by keyboard: the next card in a direction. Numbers only, no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Direction = Literal["up", "down", "left", "right"]
SIDEWAYS_COST = 2.5


def neighbour(centres: Mapping[str, tuple[float, float]], start: str | None, direction: Direction) -> str | None:
    """The nearest card on that side, straight ahead preferred; without a start the topmost card, none if there is none.

    A card counts as on that side when it is further ahead than sideways, or else when none is.
    """
    if not centres:
        return None
    if start is None or start not in centres:
        return min(centres, key=lambda one: (centres[one][1], centres[one][0]))
    from_x, from_y = centres[start]
    best: tuple[float, str] | None = None
    for one, (x, y) in centres.items():
        dx, dy = x - from_x, y - from_y
        ahead, aside = {"up": (-dy, dx), "down": (dy, dx), "left": (-dx, dy), "right": (dx, dy)}[direction]
        if ahead <= 1.0:
            continue
        cost = ahead + SIDEWAYS_COST * abs(aside)
        if best is None or cost < best[0]:
            best = (cost, one)
    return best[1] if best else None
