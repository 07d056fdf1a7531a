"""What a trace knows that breakpoints ask for."""

from __future__ import annotations

import math
import os
from functools import lru_cache, partial

from ...events import Event, Kind, Phase
from ...trace.reader import Trace
from ...values import statistics
from .happening import Figures, Happening

_AT_ONCE = 64


def line_of_site(trace: Trace, site: int | None) -> tuple[str, int] | None:
    """(file without links, line) of a place in the source."""
    found = trace.site(site)
    source = None if found is None else trace.source(found.source)
    return None if found is None or source is None else (_real(source.path), found.line)


def figures_in(trace: Trace, value: int) -> Figures | None:
    """What is known of a value, None where it could not be captured or is unknown."""
    try:
        found = trace.value(value)
    except KeyError:
        return None
    known = found.statistics
    if known is None:
        array = trace.array(value) if found.kept else None
        if array is None:
            return None
        known = statistics(array)
    return Figures(known, found.shape, partial(trace.array, value))


def may_be_loss(here: Happening) -> int | None:
    """The value that an event made if it is tracked and of the forward phase; a loss if it has no dimensions."""
    if here.kind != Kind.OP or here.phase != Phase.FORWARD:
        return None
    return next((value for _, value, node, _ in here.outputs if node is not None), None)


def last_loss(trace: Trace, position: int) -> float:
    """The last number without dimensions that a tracked op made before a position, NaN where there is none."""
    end = position
    while end > 0:
        begin = max(0, end - _AT_ONCE)
        for event in reversed(trace.events(begin=begin, end=end)):
            found = None if event.pending else _loss_made(trace, event)
            if found is not None:
                return found
        end = begin
    return math.nan


def _loss_made(trace: Trace, event: Event) -> float | None:
    if event.kind != Kind.OP or event.phase != Phase.FORWARD:
        return None
    value = next((slot.value for slot in event.outputs if slot.node is not None), None)
    if value is None or trace.value(value).shape != ():
        return None
    figures = figures_in(trace, value)
    return None if figures is None else figures.number


@lru_cache(maxsize=1024)
def _real(path: str) -> str:
    return os.path.realpath(path)
