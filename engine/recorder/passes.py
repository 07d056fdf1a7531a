"""Finds the passes of a training loop in a program that has neither autograd nor matrix products.

`a -= lr * grad_a` at the end of a loop of sums and products is a training loop too, but nothing tells it from a loop
that prepares data until the program is over. So what looks like one is noted, and split up at the end.
"""

from __future__ import annotations

from ..trace.batch import Batch, Row
from .words import FORWARD, OTHER, UPDATE

Pass = tuple[int, int, int]
"""Positions: where a pass begins, where its update begins, where its update ends."""

_FEWEST = 2
"""One pass is no loop."""

WRITES = frozenset({"add_", "sub_", "mul_", "div_", "addcmul_", "addcdiv_", "copy_"})


class Passes:
    """A pass begins where an op comes again after something that lived before the pass was changed in place."""

    def __init__(self) -> None:
        self._over: list[Pass] = []
        self._first: dict[int | None, int] = {}
        self._begin = 0
        self._sites: set[int | None] = set()
        self._writes: tuple[int, int] | None = None
        self._counts: dict[int | None, int] = {}
        self._line: tuple[str, int] | None = None
        self._line_begin = 0

    def op(self, position: int, site: int | None, line: tuple[str, int] | None) -> None:
        """An op of the set-up is about to happen."""
        if line != self._line:
            self._line, self._line_begin = line, position
        if site in self._sites and self._writes is not None:
            if not self._over:
                self._begin = self._first[site]
            self._over.append((self._begin, *self._writes))
            self._begin, self._sites, self._writes = position, set(), None
        self._sites.add(site)
        self._first.setdefault(site, position)

    def wrote(self, position: int, site: int | None, value: int | None, count: int) -> None:
        """That op changes a tensor in place. value: what it holds before; count: of all values so far.

        What it holds is older than this pass if it was there when the pass before wrote to it at the same place.
        """
        before = self._counts.get(site)
        self._counts[site] = count
        if before is None or (value is not None and value <= before + 1):
            begin = self._line_begin if self._writes is None else self._writes[0]
            self._writes = (begin, position + 1)

    def split(self, batch: Batch, end: int) -> Row | None:
        """The recording ends: moves the events to their iterations, if there are any. Gives back the last one's row."""
        if self._writes is not None:
            self._over.append((self._begin, *self._writes))
        if len(self._over) < _FEWEST:
            return None
        batch.iterations.append((-1, 0, self._over[0][0]))
        ends = [begin for begin, *_ in self._over[1:]] + [end]
        for number, ((begin, update, after), stop) in enumerate(zip(self._over, ends, strict=True)):
            batch.moved += (begin, update, number, FORWARD), (update, after, number, UPDATE)
            if after < stop:
                batch.moved.append((after, stop, number, OTHER))
            batch.iterations.append((number, begin, stop))
        return batch.iterations.pop()
