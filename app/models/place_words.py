"""Says in words where one is: the module calls around the newest number, and what the equation is about."""

from __future__ import annotations

from dataclasses import dataclass

from app.language import say
from engine.analysis.call_name import call_name
from engine.analysis.symbols import words_of
from engine.events import Event
from engine.session.moment import Moment
from engine.trace.reader import Trace


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """trail: module calls from the outermost in, then the op ("net", "output_layer", "linear"). subject: "∂C/∂z⁽²⁾"."""

    trail: tuple[str, ...] = ()
    subject: str = ""


def words_at(trace: Trace, moment: Moment, chosen: int | None) -> PlaceWords:
    """Of the quantity that is chosen, else of the newest one, else of what is about to happen."""
    step = moment.steps[chosen] if chosen is not None and chosen < len(moment.steps) else moment.last
    event = moment.event if step is None else trace.event(step.event if step.op is None else step.op)
    if event is None:
        return PlaceWords()
    return PlaceWords(_trail(trace, event), "" if step is None else say(words_of(step.symbol)))


def _trail(trace: Trace, event: Event) -> tuple[str, ...]:
    names = [event.name.strip("_")]
    call = None if event.call is None else trace.call(event.call)
    while call is not None:
        around = None if call.parent is None else trace.call(call.parent)
        names.append(call_name(call, around))
        call = around
    return tuple(reversed(names))
