"""The loss of every iteration, read without loading the iterations. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.analysis.roles import roles
from engine.events import Event, Iteration
from engine.trace.reader import Trace

_SEARCHED = 3
"""So many iterations at the start, and the last one, are searched for C by its role; others have to look alike."""


@dataclass(frozen=True, slots=True, eq=False)
class LossPoints:
    """Iterations (whole numbers, rising) and the loss C of each; two arrays of the same length."""

    iterations: NDArray[np.int64]
    losses: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the loss is made: so many events after the iteration's begin, by this op at this place in the source."""

    offset: int
    name: str
    site: int | None
    output: int


class LossHistory:
    """Finds C once by its role; after that looks for the same op at the same place of each iteration.

    Iterations without C, or whose C is no single number, have no point. Call `points` again after `Trace.refresh`.
    """

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._place: _Place | None = None
        self._losses: dict[int, float] = {}
        self._settled = -2
        """Number of the last iteration that was complete when it was read."""
        self._searched: set[tuple[int, int]] = set()

    def points(self) -> LossPoints:
        """All that are known."""
        iterations = [one for one in self._trace.iterations() if one.number > max(self._settled, -1)]
        for iteration in (*iterations[:_SEARCHED], *iterations[-1:]):
            if self._place is None:
                self._search(iteration)
        values = {one.number: value for one in iterations if (value := self._loss_value(one)) is not None}
        known = self._trace.values(values.values())
        for number, value in values.items():
            one = known[value]
            if one.numel == 1 and one.statistics is not None:
                self._losses[number] = one.statistics.mean
        if len(iterations) > 1 and self._place is not None:
            self._settled = iterations[-2].number
        numbers = sorted(self._losses)
        return LossPoints(np.array(numbers, np.int64), np.array([self._losses[one] for one in numbers], np.float64))

    def _loss_value(self, iteration: Iteration) -> int | None:
        """Id of the value of C in an iteration."""
        if self._place is None:
            return None
        event = self._trace.event(iteration.begin + self._place.offset)
        if event is None or event.position >= iteration.end or not self._is_loss(event):
            event = next((one for one in self._events(iteration) if self._is_loss(one)), None)
        return event.outputs[self._place.output].value if event is not None else None

    def _search(self, iteration: Iteration) -> None:
        key = (iteration.number, iteration.end)
        if key in self._searched:
            return
        self._searched.add(key)
        value = roles(self._trace, iteration.number).by_role.get("C")
        for event in self._events(iteration) if value is not None else ():
            for i, slot in enumerate(event.outputs):
                if slot.value == value:
                    self._place = _Place(event.position - iteration.begin, event.name, event.site, i)
                    return

    def _is_loss(self, event: Event) -> bool:
        place = self._place
        return (
            place is not None
            and not event.pending
            and (event.name, event.site) == (place.name, place.site)
            and len(event.outputs) > place.output
        )

    def _events(self, iteration: Iteration) -> list[Event]:
        return self._trace.events(begin=iteration.begin, end=iteration.end)
