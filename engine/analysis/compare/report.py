"""Two runs compared: whether they are the same, the first difference, what differs of itself, settings and numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from ...trace.reader import Trace
from .difference import Difference
from .run import Run
from .settings import Setting, SourceChange, settings, source_changes
from .side_by_side import Losses, QuantityRow, losses, quantity_rows
from .walk import Walk

MOST_OWN = 8
"""Differences of their own that are kept; the same one in later iterations is not another."""

Progress = Callable[[int], None]
"""Called with the number of each iteration before it is compared."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the runs. unfinished: it is still being written, or was cut off. iterations: how many that train."""

    name: str
    events: int
    iterations: int
    unfinished: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What was found.

    same: nothing differs, as far as both runs go. matched: events that both have; equal: those that are the same in
    both. first: the first event that differs (in the chosen iteration, if one was chosen). own: the first ones of the
    whole run that differ of themselves, each once; own_count: how many such there are. by_statistics: values that could
    be compared by their statistics only; unread: values that could not be compared. iteration: the one of `quantities`.
    """

    sides: tuple[Side, Side]
    same: bool
    matched: int
    equal: int
    first: Difference | None
    own: tuple[Difference, ...]
    own_count: int
    by_statistics: int
    unread: int
    settings: tuple[Setting, ...]
    sources: tuple[SourceChange, ...]
    iteration: int | None
    quantities: tuple[QuantityRow, ...]
    losses: Losses


def compare(
    first: Trace,
    second: Trace,
    iteration: int | None = None,
    tolerance: float = 0.0,
    progress: Progress | None = None,
) -> Report:
    """Compares two traces event by event, from the start.

    iteration: the one whose first difference and quantities are wanted; None: of all, and the quantities of the first
    that trains in which something differs. tolerance: numbers that differ by up to so many times the largest of their
    tensor count as equal (0: they must be equal; NaN equals NaN).
    """
    runs = Run(first), Run(second)
    walk = Walk(*runs, tolerance)
    found = _Found(runs, iteration)
    for number in sorted({*runs[0].iterations, *runs[1].iterations}):
        if progress is not None:
            progress(number)
        for difference in walk.differences(number):
            found.add(difference, number, walk.matched)
    found.settle(walk.matched)
    shared = sorted(number for number in {*runs[0].iterations, *runs[1].iterations} if number >= 0)
    both = [number for number in shared if number in runs[0].iterations and number in runs[1].iterations]
    shown = iteration if iteration is not None else found.training if found.training in both else next(iter(both), None)
    return Report(
        (_side(runs[0]), _side(runs[1])),
        found.count == 0,
        walk.matched,
        walk.same,
        found.first,
        tuple(found.own.values()),
        found.own_count,
        walk.pairs.by_statistics,
        walk.pairs.unread,
        (*settings(*runs), *walk.optimizers[0].differing(walk.optimizers[1])),
        tuple(source_changes(*runs)),
        shown,
        () if shown is None else quantity_rows(first, second, walk.pairs, shown),
        losses(first, second, shared, lambda one, other: _is_apart(one, other, tolerance)),
    )


class _Found:
    """Sorts differences as they come. What a run lacks because its recording goes no further is no difference."""

    def __init__(self, runs: tuple[Run, Run], iteration: int | None) -> None:
        self._runs = runs
        self._iteration = iteration
        self._held: list[tuple[Difference, int, int]] = []
        self.count = 0
        self.first: Difference | None = None
        self.own: dict[tuple[object, ...], Difference] = {}
        self._keys: set[tuple[object, ...]] = set()
        self.training: int | None = None
        """The first iteration that trains and differs."""

    def add(self, found: Difference, iteration: int, matched: int) -> None:
        """Takes a difference. matched: how many events were matched before it."""
        self.settle(matched)
        if (found.second is None and self._runs[1].unfinished) or (found.first is None and self._runs[0].unfinished):
            self._held.append((found, iteration, matched))
        else:
            self.settle(matched + 1)
            self._take(found, iteration)

    def settle(self, matched: int) -> None:
        """What was held back counts if another event was matched after it: so it was not the end of a run."""
        for found, iteration, before in self._held:
            if before < matched:
                self._take(found, iteration)
        self._held = [held for held in self._held if held[2] >= matched]

    def _take(self, found: Difference, iteration: int) -> None:
        self.count += 1
        if self.training is None and iteration >= 0:
            self.training = iteration
        if self.first is None and self._iteration in (None, iteration):
            self.first = found
        if not found.follows:
            self._keys.add(found.key)
            if len(self.own) < MOST_OWN:
                self.own.setdefault(found.key, found)

    @property
    def own_count(self) -> int:
        """How many differences of their own there are."""
        return len(self._keys)


def _side(run: Run) -> Side:
    return Side(run.name, run.events, sum(number >= 0 for number in run.iterations), run.unfinished)


def _is_apart(one: float, other: float, tolerance: float) -> bool:
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) != math.isnan(other)
    return one != other and not abs(one - other) <= tolerance * max(abs(one), abs(other))
