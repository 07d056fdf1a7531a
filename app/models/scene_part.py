"""A part of the graph that can be pointed at: a value or a gradient, whole or one number of it. No Qt."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScenePart:
    """What a click on the graph means. card, pill: an id, one of the two. is_gradient: its gradient is meant.

    at: of one number, its place; None for all of it. For a unit of a layer sample and unit, whatever the value's rank;
    for a bias the unit.
    """

    card: str | None = None
    pill: str | None = None
    is_gradient: bool = False
    at: tuple[int, ...] | None = None
