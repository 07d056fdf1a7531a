"""Where one step of a level ends: pure questions about neighbouring events.

NOTE [Inside a call]
Events lie inside a module call if it is among the calls around them and they are of one phase of one iteration; the
backward nodes of a call's ops are a run of their own. Where torch mixes runs, each piece is one.
"""

from __future__ import annotations

from ..events import Event, Kind
from .place import Level
from .recorded import Recorded


def begins_step(record: Recorded, level: Level, before: Event, after: Event) -> bool:
    """Whether a new step of this level begins between two neighbouring events."""
    if (before.iteration, before.phase) != (after.iteration, after.phase):
        return level != Level.ITERATION or before.iteration != after.iteration
    match level:
        case Level.ITERATION | Level.PHASE:
            return False
        case Level.MODULE:
            return before.call != after.call
        case Level.OPERATION if before.kind == after.kind == Kind.NODE:
            twin = record.twin(after)
            return twin is not None and twin != _twin_of_step(record, before)
        case _:
            return True


def _twin_of_step(record: Recorded, event: Event) -> int | None:
    """The op that a run of nodes belongs to: that of the last one that has one."""
    found: Event | None = event
    while found is not None and found.kind == Kind.NODE:
        twin = record.twin(found)
        if twin is not None:
            return twin
        found = record.event(found.position - 1)
    return None


def inside(record: Recorded, call: int, event: Event | None, like: Event) -> bool:
    """Whether an event lies inside a call, in the same run as `like`."""
    if event is None or (event.iteration, event.phase) != (like.iteration, like.phase):
        return False
    return call in record.calls_around(event)


def end_of_run(record: Recorded, call: int, position: int) -> int | None:
    """The first position after `position` whose event is not inside the call; None past what is known."""
    like = record.event(position)
    if like is None:
        return None
    while inside(record, call, record.event(position), like):
        position += 1
    return position if record.event(position) is not None else None


def begin_of_run(record: Recorded, call: int, position: int) -> int:
    """The first position of the run inside the call that the event before `position` is in."""
    like = record.event(position - 1)
    while like is not None and inside(record, call, record.event(position - 1), like):
        position -= 1
    return position
