"""Moves: pure functions from a place to a place, in what is recorded. None: the goal lies beyond it.

Into and back go by steps of a level. Over finishes the outermost module call that begins just here, out the innermost
one that has begun before; where there is none, over is into, and out finishes the phase. In the midst of an event, at
the aten level, both finish that event. Over and out backwards are their mirror images.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import replace

from ..events import Iteration
from . import aten_places
from .breakpoints import Breakpoints, fits
from .place import Level, Place
from .quantity_places import at_quantity, next_quantity, previous_quantity, quantities_known
from .recorded import Recorded
from .strides import begin_of_run, begins_step, end_of_run, inside

Move = Callable[[Recorded, Place], Place | None]


def place_at(record: Recorded, position: int, level: Level) -> Place:
    """The place at a position, with as many quantities revealed as are known there."""
    iteration = record.iteration_at(position)
    count = quantities_known(record, iteration, position) if level == Level.QUANTITY else None
    return Place(position, count, iteration)


def at_end(record: Recorded, position: int, level: Level, iteration: int) -> Place:
    """The place at a position that is the end of an iteration, though another begins there."""
    count = quantities_known(record, iteration, position) if level == Level.QUANTITY else None
    return Place(position, count, iteration)


def at_level(record: Recorded, place: Place, level: Level, before: Place | None) -> Place:
    """The same place at another level. before: the last one at that level, which it is if nobody has moved since."""
    if before is not None and before.position == place.position:
        return before
    found = place_at(record, place.position, level)
    # Between two iterations the one that was looked at stays.
    return found if level == Level.QUANTITY else replace(found, iteration=place.iteration)


def into(record: Recorded, place: Place, level: Level) -> Place | None:
    """To the next step of the level."""
    if level == Level.QUANTITY:
        return next_quantity(record, place)
    if level == Level.ATEN:
        return aten_places.next_call(record, place)
    position = place.position + 1
    while (after := record.event(position)) is not None:
        before = record.event(position - 1)
        if before is None or begins_step(record, level, before, after):
            return place_at(record, position, level)
        position += 1
    return None


def back(record: Recorded, place: Place, level: Level) -> Place:
    """To the step before."""
    if level == Level.QUANTITY:
        return previous_quantity(record, place)
    if level == Level.ATEN:
        return aten_places.previous_call(record, place)
    position = max(0, min(place.position, record.frontier) - 1)
    while position > 0:
        before, after = record.event(position - 1), record.event(position)
        if before is None or after is None or begins_step(record, level, before, after):
            break
        position -= 1
    return place_at(record, position, level)


def _whole_events(level: Level) -> Level:
    """What is stepped over: at the aten level the whole event."""
    return Level.NODE if level == Level.ATEN else level


def over(record: Recorded, place: Place, level: Level) -> Place | None:
    """To after the module call that begins here, else to the next step."""
    here, before = record.event(place.position), record.event(place.position - 1)
    if here is None:
        return None
    if place.aten:
        return aten_places.after(record, place.position)
    for call in reversed(record.calls_around(here)):
        if not inside(record, call, before, here):
            end = end_of_run(record, call, place.position)
            return None if end is None else place_at(record, end, level)
    return into(record, place, _whole_events(level))


def out(record: Recorded, place: Place, level: Level) -> Place | None:
    """To after the module call in whose midst one is, else to the next phase."""
    here, before = record.event(place.position), record.event(place.position - 1)
    if here is None:
        return None
    if place.aten:
        return aten_places.after(record, place.position)
    for call in record.calls_around(here):
        if inside(record, call, before, here):
            end = end_of_run(record, call, place.position)
            return None if end is None else place_at(record, end, level)
    return finish_phase(record, place, level)


def over_back(record: Recorded, place: Place, level: Level) -> Place:
    """To before the module call that ends here, else to the step before."""
    if place.aten:
        return place_at(record, place.position, level)
    here, before = record.event(place.position), record.event(place.position - 1)
    if before is not None:
        for call in reversed(record.calls_around(before)):
            if not inside(record, call, here, before):
                return place_at(record, begin_of_run(record, call, place.position), level)
    return back(record, place, _whole_events(level))


def out_back(record: Recorded, place: Place, level: Level) -> Place:
    """To before the module call in whose midst one is, else to the beginning of the phase."""
    if place.aten:
        return place_at(record, place.position, level)
    here, before = record.event(place.position), record.event(place.position - 1)
    if before is None:
        return place_at(record, 0, level)
    for call in record.calls_around(before):
        if inside(record, call, here, before):
            return place_at(record, begin_of_run(record, call, place.position), level)
    found = back(record, place, Level.PHASE)
    return place_at(record, found.position, level)


def finish_phase(record: Recorded, place: Place, level: Level) -> Place | None:
    """To the first event of another phase or iteration."""
    found = into(record, place, Level.PHASE)
    return None if found is None else place_at(record, found.position, level)


def next_iteration(record: Recorded, place: Place, level: Level) -> Place | None:
    """To the first event of the next iteration."""
    spans = record.iterations()
    later = bisect_right(spans, place.position, key=_begin)
    if later == len(spans) or record.event(spans[later].begin) is None:
        return None
    return place_at(record, spans[later].begin, level)


def previous_iteration(record: Recorded, place: Place, level: Level) -> Place:
    """To the beginning of this iteration, and from there to that of the one before."""
    spans = record.iterations()
    earlier = bisect_left(spans, place.position, key=_begin)
    return place_at(record, spans[earlier - 1].begin if earlier else 0, level)


def _begin(iteration: Iteration) -> int:
    return iteration.begin


def to_breakpoint(
    record: Recorded, place: Place, level: Level, breakpoints: Breakpoints, end: int | None = None
) -> Place | None:
    """To the next position that a breakpoint stops at, of those before `end` (None: of all that are recorded)."""
    for position in range(place.position + 1, record.frontier + 1 if end is None else end):
        if breakpoints.hit(record, position):
            return place_at(record, position, level)
    return None


def back_to_breakpoint(record: Recorded, place: Place, level: Level, breakpoints: Breakpoints) -> Place:
    """To the position before this place that a breakpoint stops at, else to the start."""
    position = min(place.position, record.frontier) - 1
    while position > 0 and not breakpoints.hit(record, position):
        position -= 1
    return place_at(record, max(0, position), level)


def to_name(record: Recorded, place: Place, level: Level, name: str) -> Place | None:
    """To the next op, autograd node or module call of this name."""
    position = place.position + 1
    while (event := record.event(position)) is not None:
        if fits(record, event, frozenset((name,))):
            return place_at(record, position, level)
        position += 1
    return None


def to_position(record: Recorded, position: int, level: Level) -> Place | None:
    """To a position."""
    return place_at(record, position, level) if position <= record.frontier else None


def to_quantity(record: Recorded, iteration: int, count: int, level: Level) -> Place:
    """To where so many quantities of an iteration are revealed; where steps are no quantities, to that position."""
    found = at_quantity(record, iteration, count)
    return found if level == Level.QUANTITY else replace(found, quantity=None)


def to_twin(record: Recorded, place: Place, level: Level) -> Place | None:
    """From an op to the first node it made that ran, and from a node to its op; None when there is none (yet)."""
    here = record.event(place.position)
    if here is None:
        return None
    twin = record.twin(here)
    if twin is not None:
        return place_at(record, twin, level)
    position = place.position + 1
    while (event := record.event(position)) is not None and event.iteration == here.iteration:
        if record.twin(event) == here.position:
            return place_at(record, position, level)
        position += 1
    return None


def end_of_record(record: Recorded, level: Level) -> Place:
    """After the last event."""
    return place_at(record, record.frontier, level)
