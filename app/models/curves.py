"""The loss of every iteration, read without loading the iterations. No Qt."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.analysis.roles import roles
from engine.events import Iteration
from engine.trace.reader import Trace

_SEARCHED = 3
"""So many iterations at the start, and the last one, are searched for C by its role; others have to look alike."""
_AT_ONCE = 256
"""So many iterations are asked for in one query; where iterations differ, the place of C is looked up anew after it."""


@dataclass(frozen=True, slots=True, eq=False)
class LossPoints:
    """Iterations (whole numbers, rising) and the loss C of each; two arrays of the same length."""

    iterations: NDArray[np.int64]
    losses: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Place:
    """What makes the loss: this op at this place in the source."""

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
        self._offset = 0
        """So many events after an iteration's begin the loss was made last."""
        self._numbers, self._losses = array("q"), array("d")
        self._settled = -1
        """Number of the last iteration that was complete when it was read."""
        self._searched: set[tuple[int, int]] = set()
        self._is_behind = False

    @property
    def is_behind(self) -> bool:
        """Whether there are iterations that `points` has not come to so far."""
        return self._is_behind

    def points(self, most: int | None = None) -> LossPoints:
        """All that are known, once so many more iterations are read; None: all of them."""
        iterations = self._trace.iterations()
        begin = bisect_right(iterations, self._settled, key=lambda one: one.number)
        for iteration in (*iterations[begin : begin + _SEARCHED], *iterations[max(begin, len(iterations) - 1) :]):
            if self._place is None:
                self._search(iteration)
        end = len(iterations) if most is None else min(len(iterations), begin + most)
        if self._place is not None:
            kept = bisect_right(self._numbers, self._settled)
            del self._numbers[kept:], self._losses[kept:]
            for start in range(begin, end, _AT_ONCE):
                self._read(self._place, iterations[start - 1].number if start else -2, min(_AT_ONCE, end - start))
            if (settled := min(end, len(iterations) - 1) - 1) >= begin:
                self._settled = iterations[settled].number
        self._is_behind = self._place is not None and end < len(iterations)
        return LossPoints(np.array(self._numbers, np.int64), np.array(self._losses, np.float64))

    def _read(self, place: _Place, after: int, count: int) -> None:
        """Adds the points of so many iterations after this one."""
        values: dict[int, int] = {}
        found = self._trace.outputs_at(self._offset, place.name, place.site, max(after, -1), count)
        for iteration, outputs in found:
            if outputs is None:
                event = self._trace.find_op(place.name, place.site, iteration.begin, iteration.end)
                if event is None:
                    continue
                self._offset, outputs = event.position - iteration.begin, event.outputs
            if len(outputs) > place.output and (value := outputs[place.output].value) is not None:
                values[iteration.number] = value
        losses = self._trace.single_numbers(list(values.values()))
        for number, value in values.items():
            if value in losses:
                self._numbers.append(number)
                self._losses.append(losses[value])

    def _search(self, iteration: Iteration) -> None:
        key = (iteration.number, iteration.end)
        if key in self._searched:
            return
        self._searched.add(key)
        value = roles(self._trace, iteration.number).by_role.get("C")
        for event in self._trace.events(begin=iteration.begin, end=iteration.end) if value is not None else ():
            for i, slot in enumerate(event.outputs):
                if slot.value == value:
                    self._place, self._offset = _Place(event.name, event.site, i), event.position - iteration.begin
                    return
