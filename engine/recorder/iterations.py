"""Tells iterations and phases apart while the script runs.

NOTE [Where an iteration ends]
An iteration ends when parameters were updated (or would have been, had there been a backward pass) and the next forward
op begins: an op whose result requires grad, or, in a program without autograd, an op at a place in the source that this
iteration has run already. What runs between the last update and that op is bookkeeping of the old iteration, unless
control has jumped back in the source (line numbers fell below the update's): then it is the new iteration's data, and
is moved there. In the same way, when iteration 1 begins at a place that was run once during set-up, everything from
there on was iteration 0; and if that place came later than iteration 0 seemed to begin, what was before it was set-up.

NOTE [What begins no iteration]
After the update a script may go on with what it has: an accuracy from the old output, the norm of a weight, a plot of
the model. Such ops are bookkeeping: those that read no leaf, only results of the old iteration; and, once there have
been two iterations, those at places that no iteration has run. If a backward pass comes of them after all, they were
the forward pass of the next iteration (or, where they read no leaf, another one of the old iteration).
"""

from __future__ import annotations

from ..trace.batch import Batch
from .passes import WRITES, Passes
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
        self.is_over = False
        """Whether the next forward op begins an iteration."""
        self._went_back = False
        self._backward = False
        self._last_run: dict[int | None, int] = {}
        """Place in the source -> the iteration that ran it last."""
        self._first_sites: dict[int | None, int] = {}
        self._update_line: tuple[str, int] | None = None
        self._candidate: int | None = None
        self._candidate_site: int | None = None
        self._waiting: tuple[int, int | None, bool] | None = None
        """Position and site of the first tracked op since the update that began no iteration; whether a leaf was read
        since then."""
        self._passes = Passes()

    def before_op(
        self, position: int, name: str, site: int | None, tracked: bool, trainable: bool, reads_leaf: bool = True
    ) -> str:
        """The phase of the op that is about to happen.

        tracked: its result will require grad. reads_leaf: a leaf that requires grad is among its inputs.
        """
        if self.number <= 0 and not self._backward and not self.is_over:
            self._first_sites.setdefault(site, position)
        if self.number < 0:
            if tracked or (not trainable and name in _MATRIX_OPS):
                self._start(position, site)
            elif not trainable:
                self._passes.op(position, site, self._places.lines.get(site) if site is not None else None)
        elif self.is_over and self._is_forward(site, tracked, trainable):
            if tracked and not (reads_leaf and (self.number == 0 or site in self._last_run)):
                self._wait(position, site, reads_leaf)
                return OTHER
            self._start_at_candidate(position, site)
        else:
            self.between(position, site)
        self._last_run[site] = self.number
        if self.number < 0:
            return SETUP
        if tracked:
            self.phase = FORWARD
        elif self.is_over and not trainable:
            return UPDATE
        elif self._backward or self.is_over:
            return OTHER
        else:
            self.phase = FORWARD
        return self.phase

    def between(self, position: int, site: int | None) -> None:
        """Something that is no forward op is about to happen: the next iteration may turn out to begin with it."""
        if self.is_over and self._candidate is None and self._jumped_back(site):
            self._candidate, self._candidate_site = position, site

    def wrote(self, position: int, name: str, site: int | None, value: int | None, count: int) -> None:
        """The op of the set-up that is about to happen changes a tensor in place; see `Passes.wrote`."""
        if name in WRITES:
            self._passes.wrote(position, site, value, count)

    def backward(self, position: int) -> None:
        """A backward node is the event at `position`, and the one before was none."""
        if self._waiting is not None and self.is_over:
            begin, site, reads_leaf = self._waiting
            if reads_leaf:
                self._start_at_candidate(position, site)
            else:
                self._batch.moved.append((begin, position, self.number, FORWARD))
                self._waiting = None
        self.phase = BACKWARD
        self._backward = True

    def updated(self, site: int | None) -> None:
        """Parameters changed, at a place in the source."""
        self.phase = UPDATE
        self.is_over = True
        self._candidate = self._waiting = None
        if site is not None:
            self._update_line = self._places.lines.get(site)

    def left_alone(self, site: int | None) -> None:
        """An optimizer found no gradient and changed nothing: where no backward pass has run, one was forgotten, and
        the iteration is over all the same."""
        if self.number >= 0 and not self._backward:
            self.updated(site)

    def row(self, position: int) -> tuple[int, int, int]:
        """The current iteration as far as it has come: (number, begin, end)."""
        return (self.number, self._begin, position)

    def finish(self, position: int) -> None:
        """The recording ends. A script in which no iteration was noticed is one iteration."""
        if self.number < 0 and position:
            last = self._passes.split(self._batch, position)
            self.number, self._begin = (0, 0) if last is None else last[:2]
            if last is None:
                self._batch.moved.append((0, position, 0, FORWARD))
        if position:
            self._batch.iterations.append(self.row(position))

    def _is_forward(self, site: int | None, tracked: bool, trainable: bool) -> bool:
        return tracked if self._backward or trainable else self._last_run.get(site) == self.number

    def _wait(self, position: int, site: int | None, reads_leaf: bool) -> None:
        """A tracked op that begins no iteration unless a backward pass comes of it."""
        self.between(position, site)
        if self._waiting is None or (reads_leaf and not self._waiting[2]):
            self._waiting = position, site, reads_leaf

    def _start_at_candidate(self, position: int, site: int | None) -> None:
        """A new iteration begins with the op at `position`, or with what was seen to belong to it before."""
        begin, first = position, site
        if self._candidate is not None:
            begin, first = self._candidate, self._candidate_site
        elif self._waiting is not None and self._waiting[2]:
            begin, first, _ = self._waiting
        self._start(begin, site if first not in self._first_sites else first, position)

    def _jumped_back(self, site: int | None) -> bool:
        if site is None or self._update_line is None:
            return False
        function, line = self._places.lines[site]
        return function == self._update_line[0] and line < self._update_line[1]

    def _start(self, begin: int, site: int | None, now: int | None = None) -> None:
        """A new iteration begins at `begin`, which may lie before `now`."""
        batch = self._batch
        now = begin if now is None else now
        first = self._first_sites.get(site, self._begin) if self.number == 0 else self._begin
        if first != self._begin:
            if first < self._begin:
                batch.moved.append((first, self._begin, 0, FORWARD))
            else:
                batch.moved.append((self._begin, first, -1, SETUP))
            self._begin = first
            batch.iterations.append((-1, 0, first))
        if self.number >= 0 or begin:
            batch.iterations.append((self.number, self._begin, begin))
        if begin < now:
            batch.moved.append((begin, now, self.number + 1, FORWARD))
        self.number += 1
        self._begin = begin
        self.is_over = self._backward = False
        self._candidate = self._waiting = None
        self.phase = FORWARD
