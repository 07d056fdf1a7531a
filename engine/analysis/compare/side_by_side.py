"""The quantities of one iteration in both runs, and the loss of both over the iterations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ...trace.reader import Trace
from ..quantities import quantities
from ..roles import roles
from .alignment import Key, numbered
from .numbers import Unlike, ValuePairs

MOST_LOSSES = 200
"""Losses are read in at most so many iterations, evenly spread, the first and the last among them."""

MOST_EVENTS = 40_000
"""In fewer iterations (but ten) where these have more events than so many in all: each is read through for its C."""


@dataclass(frozen=True, slots=True)
class QuantityRow:
    """One quantity. first, second: ids of its values, None where a run has it not. unlike: None where they agree."""

    symbol: str
    phase: str
    first: int | None
    second: int | None
    unlike: Unlike | None


@dataclass(frozen=True, slots=True)
class Losses:
    """C of both runs by iteration, None where a run has none. parted: the first iteration in which they differ.

    is_sample: there are more iterations than were read.
    """

    iterations: tuple[int, ...]
    first: tuple[float | None, ...]
    second: tuple[float | None, ...]
    parted: int | None
    is_sample: bool

    @property
    def ends(self) -> tuple[float | None, float | None]:
        """The last loss of each run."""
        first, second = (next((c for c in reversed(run) if c is not None), None) for run in (self.first, self.second))
        return first, second

    @property
    def lower(self) -> int:
        """Which run ends with the lower loss: 1, 2, or 0 where they end alike or one has none. NaN is never lower."""
        first, second = self.ends
        if first is None or second is None or first == second or (np.isnan(first) and np.isnan(second)):
            return 0
        return 1 if np.isnan(second) or first < second else 2


def quantity_rows(first: Trace, second: Trace, pairs: ValuePairs, iteration: int) -> tuple[QuantityRow, ...]:
    """The recorded quantities of an iteration, matched by symbol; those that only the second run has come last."""
    mine, theirs = _recorded(first, iteration), _recorded(second, iteration)
    rows = []
    for key in dict.fromkeys((*mine, *theirs)):
        one, other = mine.get(key), theirs.get(key)
        values = (None if one is None else one[1]), (None if other is None else other[1])
        phase, _ = one or other or ("", 0)
        rows.append(QuantityRow(str(key[0]), phase, *values, pairs.unlike(*values)))
    return tuple(rows)


def _recorded(trace: Trace, iteration: int) -> dict[Key, tuple[str, int]]:
    found = [quantity for quantity in quantities(trace, iteration) if quantity.value is not None]
    keys = numbered([(quantity.symbol,) for quantity in found])
    return {key: (quantity.phase.value, quantity.value or 0) for key, quantity in zip(keys, found, strict=True)}


def losses(first: Trace, second: Trace, iterations: Sequence[int], differs: Callable[[float, float], bool]) -> Losses:
    """C in some iterations; an iteration is left out where neither run has a loss of one element."""
    chosen = list(iterations)
    events = max(len(first), len(second)) / max(len(chosen), 1)
    most = min(MOST_LOSSES, max(10, int(MOST_EVENTS / max(events, 1.0))))
    if len(chosen) > most:
        chosen = [chosen[round(i)] for i in np.linspace(0, len(chosen) - 1, most)]
    found = [(number, _loss(first, number), _loss(second, number)) for number in chosen]
    found = [row for row in found if row[1:] != (None, None)]
    return Losses(
        tuple(row[0] for row in found),
        tuple(row[1] for row in found),
        tuple(row[2] for row in found),
        next((k for k, one, other in found if one is not None and other is not None and differs(one, other)), None),
        len(chosen) < len(iterations),
    )


def _loss(trace: Trace, iteration: int) -> float | None:
    value = roles(trace, iteration).by_role.get("C")
    array = None if value is None else trace.array(value)
    return None if array is None or array.size != 1 or array.dtype.kind == "c" else float(array.reshape(-1)[0])
