"""What is the case at a place of a run: which step came last, which is next, in which phase, how far along."""

from __future__ import annotations

from dataclasses import dataclass

from ..analysis.quantities import Quantity, quantities
from ..events import Event, Phase
from ..trace.reader import Trace
from .place import Level, Place


@dataclass(frozen=True, slots=True)
class Moment:
    """A place with what it means.

    steps: the iteration's quantities that are recorded, in order. revealed: how many of them are known here. event: the
    one about to happen at this place, None at the end of what is recorded. number, count: "step 12 of 46" at the level
    that steps go by, of those that are recorded. is_growing: more steps of this iteration may be recorded.
    """

    place: Place
    steps: tuple[Quantity, ...]
    revealed: int
    event: Event | None
    phase: Phase | None
    number: int
    count: int
    is_growing: bool

    @property
    def last(self) -> Quantity | None:
        """The quantity that was revealed last."""
        return self.steps[self.revealed - 1] if self.revealed else None

    @property
    def next(self) -> Quantity | None:
        """The quantity that will be revealed next, if it is recorded already."""
        return self.steps[self.revealed] if self.revealed < len(self.steps) else None

    def has_shown(self, symbol: str) -> bool:
        """Whether a quantity of this name has been revealed in this iteration."""
        return any(step.symbol == symbol for step in self.steps[: self.revealed])

    @property
    def is_over(self) -> bool:
        """Whether all steps of the iteration are behind this place."""
        return not self.is_growing and self.number > self.count


def moment_at(trace: Trace, place: Place, level: Level, is_live: bool) -> Moment:
    """What a place means. is_live: more may be recorded after what is there."""
    steps = tuple(quantities(trace, place.iteration)) if place.iteration >= 0 else ()
    revealed = place.quantity
    if revealed is None:
        revealed = sum(step.known_at <= place.position for step in steps)
    revealed = min(revealed, len(steps))
    event = trace.event(place.position)
    if event is not None and event.iteration != place.iteration:
        event = None
    by_quantity = level is Level.QUANTITY and place.iteration >= 0
    spans = trace.iterations()
    is_growing = is_live and place.iteration == (spans[-1].number if spans else -1)
    if by_quantity:
        number, count = revealed + 1, len(steps)
    else:
        span = trace.iteration(place.iteration)
        begin, end = (span.begin, span.end) if span is not None else (0, 0)
        number, count = place.position - begin + 1, end - begin
    return Moment(place, steps, revealed, event, _phase(steps, revealed, event, by_quantity), number, count, is_growing)


def _phase(steps: tuple[Quantity, ...], revealed: int, event: Event | None, by_quantity: bool) -> Phase | None:
    """That of the step that is next; after the last one, its."""
    if by_quantity and revealed < len(steps):
        return steps[revealed].phase
    if event is not None:
        return event.phase
    return steps[revealed - 1].phase if revealed else None
