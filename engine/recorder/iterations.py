"""Tells iterations and phases apart while the script runs.

NOTE [Where an iteration ends]
An iteration ends when parameters were updated and the next forward op begins: an op whose result requires grad, or, in
a program without autograd, an op at a place in the source that this iteration has run already. What runs between the
last update and that op is bookkeeping of the old iteration, unless control has jumped back in the source (line numbers
fell below the update's): then it is the new iteration's data, and is moved there. In the same way, when iteration 1
begins at a place that was run once during set-up, everything from there on was iteration 0.
"""

from __future__ import annotations

from ..trace.batch import Batch
from .places import Places
from .words import BACKWARD, FORWARD, OTHER, SETUP, UPDATE

_MATRIX_OPS = {"matmul", "__matmul__", "mm", "linear", "addmm", "mv", "bmm", "einsum", "dot", "conv1d", "conv2d"}


class Iterations:
    """Holds the current iteration and phase; asked before every op, told of every update and backward node."""

    def __init__(self, batch: Batch, places: Places) -> None:
        self.number = -1
        self.phase = SETUP
        self._batch = batch
        self._places = places
        self._begin = 0
        self._updated = False
        self._went_back = False
        self._backward = False
        self._sites: set[int | None] = set()
        self._first_sites: dict[int | None, int] = {}
        self._update_line: tuple[str, int] | None = None
        self._candidate: int | None = None
        self._candidate_site: int | None = None

    def before_op(self, position: int, name: str, site: int | None, tracked: bool, trainable: bool) -> str:
        """The phase of the op that is about to happen. tracked: its result will require grad."""
        if self.number < 0:
            self._first_sites.setdefault(site, position)
            if tracked or (not trainable and name in _MATRIX_OPS):
                self._start(position, site)
        elif self._updated and self._is_forward(site, tracked, trainable):
            begin = position if self._candidate is None else self._candidate
            self._start(begin, site if self._candidate is None else self._candidate_site, position)
        else:
            self.between(position, site)
        self._sites.add(site)
        if self.number < 0:
            return SETUP
        if tracked:
            self.phase = FORWARD
        elif self._updated and not trainable:
            return UPDATE
        elif self._backward or self._updated:
            return OTHER
        else:
            self.phase = FORWARD
        return self.phase

    def between(self, position: int, site: int | None) -> None:
        """Something that is no forward op is about to happen: the next iteration may turn out to begin with it."""
        if self._updated and self._candidate is None and self._jumped_back(site):
            self._candidate, self._candidate_site = position, site

    def backward(self) -> None:
        """A backward node ran."""
        self.phase = BACKWARD
        self._backward = True

    def updated(self, site: int | None) -> None:
        """Parameters changed, at a place in the source."""
        self.phase = UPDATE
        self._updated = True
        self._candidate = None
        if site is not None:
            self._update_line = self._places.lines.get(site)

    def row(self, position: int) -> tuple[int, int, int]:
        """The current iteration as far as it has come: (number, begin, end)."""
        return (self.number, self._begin, position)

    def finish(self, position: int) -> None:
        """The recording ends. A script in which no iteration was noticed is one iteration."""
        if self.number < 0 and position:
            self.number = 0
            self._batch.moved.append((0, position, 0, FORWARD))
        if position:
            self._batch.iterations.append(self.row(position))

    def _is_forward(self, site: int | None, tracked: bool, trainable: bool) -> bool:
        return tracked if self._backward or trainable else site in self._sites

    def _jumped_back(self, site: int | None) -> bool:
        if site is None or self._update_line is None:
            return False
        function, line = self._places.lines[site]
        return function == self._update_line[0] and line < self._update_line[1]

    def _start(self, begin: int, site: int | None, now: int | None = None) -> None:
        """A new iteration begins at `begin`, which may lie before `now`."""
        batch = self._batch
        now = begin if now is None else now
        if self.number == 0 and self._begin > 0 and self._first_sites.get(site, self._begin) < self._begin:
            first = self._first_sites[site]
            batch.moved.append((first, self._begin, 0, FORWARD))
            self._begin = first
            batch.iterations.append((-1, 0, first))
        if self.number >= 0 or begin:
            batch.iterations.append((self.number, self._begin, begin))
        if begin < now:
            batch.moved.append((begin, now, self.number + 1, FORWARD))
        self.number += 1
        self._begin = begin
        self._updated = self._backward = False
        self._candidate = None
        self._sites = set()
        self.phase = FORWARD
