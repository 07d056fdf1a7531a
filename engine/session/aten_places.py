"""Steps of the aten level: what torch called inside an event is done one call at a time.

NOTE [Places of aten calls]
As with quantities, only a count moves: at (position p, aten k) k of the calls at p are done, and the event itself is
not. With the last of them the event is done too, so the place after it is p + 1. An event without calls is one step.
Its calls are known once it is completed, so a live script is ahead of the place by at most that event.
"""

from __future__ import annotations

from .place import Place
from .recorded import Recorded


def next_call(record: Recorded, place: Place) -> Place | None:
    """After one more call; None where the calls of this event, or the event after it, are not known."""
    if place.position >= record.frontier:
        return None
    if place.aten + 1 < len(record.aten(place.position)):
        return Place(place.position, None, place.iteration, place.aten + 1)
    return after(record, place.position)


def previous_call(record: Recorded, place: Place) -> Place:
    """Before the call that was done last."""
    if place.aten > 0:
        return Place(place.position, None, place.iteration, place.aten - 1)
    position = max(0, min(place.position, record.frontier) - 1)
    if place.position == 0:
        return Place(0, None, record.iteration_at(0))
    return Place(position, None, record.iteration_at(position), max(0, len(record.aten(position)) - 1))


def after(record: Recorded, position: int) -> Place | None:
    """After the event at a position; None where nothing is known of what follows."""
    following = record.event(position + 1)
    return None if following is None else Place(position + 1, None, following.iteration)
