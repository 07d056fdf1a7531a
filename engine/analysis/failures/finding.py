"""Finds why the run of a trace failed: the failing event, its place, its operands, and what is said of it."""

from __future__ import annotations

import os

from ...events import Event, Kind, ModuleCall, Node
from ...trace.reader import Trace
from .facts import Facts
from .failure import Failure, Operand, Place
from .operands import operands
from .raised import Frame, Raised, raised
from .table import explained

_LAST_EVENTS = 64
"""Events before the end among which the failing one is looked for."""


def failure(trace: Trace) -> Failure | None:
    """Why the run failed; None where it did not, or is not over.

    The failing event is the last op or node that raised what ended the run. Exceptions that no torch call raised have
    no event, and the script's own line that was running as their place.
    """
    meta = trace.meta()
    found = raised(str(meta.get("exception", "")), str(meta.get("script", "")))
    event = _failing_event(trace, found, has_ended="status" in meta)
    if found is None:
        if event is None:
            return None
        name, _, message = event.error.partition(": ")
        found = Raised(name, message, ())
    if found.type in ("KeyboardInterrupt", "SystemExit"):
        return None
    return _explained(trace, found, event)


def _failing_event(trace: Trace, found: Raised | None, has_ended: bool) -> Event | None:
    """The last event that raised this; where nothing is known of the run's end, the last event of all if it raised."""
    last = len(trace)
    if found is None:
        event = trace.event(last - 1)
        return event if event is not None and event.error and not has_ended else None
    matching = [
        event
        for event in trace.events(begin=max(0, last - _LAST_EVENTS), end=last)
        if event.error and _is_of(event, found)
    ]
    nodes = [event for event in matching if event.kind is Kind.NODE]
    found_events = nodes or matching
    return found_events[-1] if found_events else None


def _is_of(event: Event, found: Raised) -> bool:
    name, _, message = event.error.partition(": ")
    return name == found.type and found.message.strip().startswith(message.strip())


def _explained(trace: Trace, found: Raised, event: Event | None) -> Failure:
    node = None if event is None or event.node is None else trace.node(event.node)
    forward = None if node is None or node.op is None else trace.event(node.op)
    call = _call(trace, event)
    place = _place_of_event(trace, event) or _place_of_frames(trace, found.frames)
    forward_place = _place_of_event(trace, forward)
    by_slot = {} if event is None else operands(trace, event)
    row, told = explained(
        found.type,
        found.message,
        lambda match: Facts(
            trace,
            found.type,
            found.message,
            "" if event is None else event.name,
            event,
            forward,
            call,
            place,
            forward_place,
            tuple(by_slot.values()),
            by_slot,
            match,
        ),
        "" if event is None else event.name,
    )
    return Failure(
        row,
        found.type,
        found.message,
        event,
        node,
        forward,
        call,
        place,
        forward_place,
        _shown(trace, by_slot, node, forward),
        told,
    )


def _shown(trace: Trace, by_slot: dict[str, Operand], node: Node | None, forward: Event | None) -> tuple[Operand, ...]:
    """The operands to show: of a node what arrived, and what its forward op was given."""
    before = () if node is None or forward is None else tuple(operands(trace, forward).values())
    return (*by_slot.values(), *before)


def _call(trace: Trace, event: Event | None) -> ModuleCall | None:
    return None if event is None or event.call is None else trace.call(event.call)


def _place_of_event(trace: Trace, event: Event | None) -> Place | None:
    site = None if event is None else trace.site(event.site)
    source = None if site is None else trace.source(site.source)
    return None if site is None or source is None else Place(source.path, site.line, _line(source.text, site.line))


def _place_of_frames(trace: Trace, frames: tuple[Frame, ...]) -> Place | None:
    """The innermost line of the script itself or of a file that it imports."""
    if not frames:
        return None
    frame = frames[-1]
    path = os.path.join(str(trace.meta().get("folder", "")), frame.path)
    text = next((source.text for source in trace.sources() if source.path in (frame.path, path)), "")
    return Place(path, frame.line, _line(text, frame.line) or frame.text.strip())


def _line(text: str, line: int) -> str:
    lines = text.split("\n")
    return lines[line - 1].strip() if 0 < line <= len(lines) else ""
