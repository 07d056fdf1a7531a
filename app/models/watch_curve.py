"""One watch over the iterations, worked out in pieces so that the window stays quick. No Qt."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from engine.analysis.watches.watch import Watch, history
from engine.bilingual import NOTHING
from engine.trace.reader import Trace

_AT_ONCE = 8
"""Iterations between two looks at the clock."""


class WatchCurve:
    """The numbers of an expression at the ends of iterations. Iterations without one have no point."""

    def __init__(self, watch: Watch, trace: Trace) -> None:
        self.watch = watch
        self.reason = NOTHING
        """Why the latest iteration that has no point has none."""
        self._trace = trace
        self._done: dict[int, float] = {}
        self._waiting: list[int] = []
        self._asked = 0
        self.look_again()

    def look_again(self) -> None:
        """More may have been recorded: the last iteration that was there is worked out again, and new ones."""
        numbers = [one.number for one in self._trace.iterations() if one.number >= 0]
        self._waiting += numbers[self._asked :]
        if self._asked and numbers[self._asked - 1] not in self._waiting:
            self._waiting.insert(0, numbers[self._asked - 1])
        self._asked = len(numbers)

    def work(self, budget_s: float) -> bool:
        """Works out some more points, for about this long; whether there is still something to do."""
        deadline = time.monotonic() + budget_s
        while self._waiting:
            now, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
            for point in history(self.watch, self._trace, now):
                number = point.found.number
                if number is None:
                    self._done.pop(point.iteration, None)
                    self.reason = point.found.reason
                else:
                    self._done[point.iteration] = number
            if time.monotonic() >= deadline:
                break
        return bool(self._waiting)

    def points(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Iterations, rising, and the number of each; two arrays of the same length."""
        numbers = sorted(self._done)
        return np.array(numbers, np.int64), np.array([self._done[one] for one in numbers], np.float64)
