"""Says in words where one is: the module calls around the newest number, and what the equation is about."""

from __future__ import annotations

from dataclasses import dataclass

from app.language import say
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
    call = event.call
    while call is not None:
        found = trace.call(call)
        if found is None:
            break
        names.append(found.path.rpartition(".")[2] or found.variable or found.class_name)
        call = found.parent
    return tuple(reversed(names))
