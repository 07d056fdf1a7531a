"""The loss of every iteration, read without loading the iterations. No Qt."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.analysis.roles import roles
from engine.events import Event, Iteration
from engine.trace.reader import Trace

_SEARCHED = 3
"""So many iterations at the start, and the last one, are searched for C by its role."""
_MOST_SEARCHED = 32
"""So many others are, where none of the known places has a loss; after that they have to look alike."""
_AT_ONCE = 64
"""So many iterations are asked for in one query; where iterations differ, the place of C is looked up anew after it."""


@dataclass(frozen=True, slots=True, eq=False)
class LossPoints:
    """Iterations (whole numbers, rising), the loss C of each, and the line of source that made it; of equal length.

    Lines count from 1; -1 where the line is not known. More than one line is more than one loss, as of the two
    networks that learn against each other.
    """

    iterations: NDArray[np.int64]
    losses: NDArray[np.float64]
    lines: NDArray[np.int64]

    def until(self, iteration: int | None) -> LossPoints:
        """Those up to an iteration, None: all."""
        return self if iteration is None else self._of(self.iterations <= iteration)

    def of_line(self, line: int) -> LossPoints:
        """Those of one line."""
        return self._of(self.lines == line)

    def in_one_curve(self) -> LossPoints:
        """All of them if the lines follow one another, else those of the line that has most."""
        if not len(self.lines) or np.count_nonzero(np.diff(self.lines)) < len(np.unique(self.lines)):
            return self
        found, counts = np.unique(self.lines, return_counts=True)
        return self.of_line(int(found[np.argmax(counts)]))

    def _of(self, chosen: NDArray[np.bool_]) -> LossPoints:
        return LossPoints(self.iterations[chosen], self.losses[chosen], self.lines[chosen])


@dataclass(frozen=True, slots=True)
class _Place:
    """What makes the loss: this op at this place in the source."""

    name: str
    site: int | None
    output: int


class LossHistory:
    """Finds C by its role in a few iterations; in all others looks for the same ops at the same places.

    Iterations without C, or whose C is no single number, have no point. Call `points` again after `Trace.refresh`.
    """

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._places: list[_Place] = []
        """The one that an iteration had last comes first."""
        self._offset = 0
        """So many events after an iteration's begin the loss was made last."""
        self._misses = 0
        self._numbers, self._losses, self._lines = array("q"), array("d"), array("q")
        self._settled = -1
        """Number of the last iteration that was complete when it was read."""
        self._searched: set[tuple[int, int]] = set()
        self._is_behind = False

    @property
    def is_behind(self) -> bool:
        """Whether there are iterations that `points` has not come to so far."""
        return self._is_behind

    def points(self, is_enough: Callable[[], bool] = lambda: False) -> LossPoints:
        """All that are known, once more are read. is_enough: asked now and then whether to leave the rest for later."""
        iterations = self._trace.iterations()
        begin = bisect_right(iterations, self._settled, key=lambda one: one.number)
        for iteration in (*iterations[begin : begin + _SEARCHED], *iterations[max(begin, len(iterations) - 1) :]):
            if not self._places:
                self._search(iteration)
        end = len(iterations)
        if self._places:
            kept = bisect_right(self._numbers, self._settled)
            del self._numbers[kept:], self._losses[kept:], self._lines[kept:]
            for start in range(begin, end, _AT_ONCE):
                if start > begin and is_enough():
                    end = start
                    break
                self._read(iterations[start - 1].number if start else -2, min(_AT_ONCE, end - start))
            if (settled := min(end, len(iterations) - 1) - 1) >= begin:
                self._settled = iterations[settled].number
        self._is_behind = bool(self._places) and end < len(iterations)
        lines = np.array(self._lines, np.int64)
        return LossPoints(np.array(self._numbers, np.int64), np.array(self._losses, np.float64), lines)

    def _read(self, after: int, count: int) -> None:
        """Adds the points of so many iterations after this one."""
        values: dict[int, tuple[int, int]] = {}
        place = self._places[0]
        found = self._trace.outputs_at(self._offset, place.name, place.site, max(after, -1), count)
        for iteration, outputs in found:
            at = place
            if outputs is None:
                event, at = self._found(iteration)
                if event is None:
                    continue
                outputs = event.outputs
            if len(outputs) > at.output and (value := outputs[at.output].value) is not None:
                values[iteration.number] = value, self._line(at)
        losses = self._trace.single_numbers([value for value, _ in values.values()])
        for number, (value, line) in values.items():
            if value in losses:
                self._numbers.append(number)
                self._losses.append(losses[value])
                self._lines.append(line)

    def _found(self, iteration: Iteration) -> tuple[Event | None, _Place]:
        """The event that made C, at one of the known places or else wherever the role says."""
        for place in tuple(self._places):
            event = self._trace.find_op(place.name, place.site, iteration.begin, iteration.end)
            if event is not None:
                self._move_ahead(place, event.position - iteration.begin)
                return event, place
        if self._misses >= _MOST_SEARCHED:
            return None, self._places[0]
        self._misses += 1
        return self._search(iteration), self._places[0]

    def _search(self, iteration: Iteration) -> Event | None:
        key = (iteration.number, iteration.end)
        if key in self._searched:
            return None
        self._searched.add(key)
        value = roles(self._trace, iteration.number).by_role.get("C")
        for event in self._trace.events(begin=iteration.begin, end=iteration.end) if value is not None else ():
            for i, slot in enumerate(event.outputs):
                if slot.value == value:
                    self._move_ahead(_Place(event.name, event.site, i), event.position - iteration.begin)
                    return event
        return None

    def _move_ahead(self, place: _Place, offset: int) -> None:
        self._places = [place, *(one for one in self._places if one != place)]
        self._offset = offset

    def _line(self, place: _Place) -> int:
        site = self._trace.site(place.site) if place.site is not None else None
        return -1 if site is None else site.line
