"""Holds recorded numbers beside computed ones, and says which differences rounding explains.

NOTE [Tolerance]
What torch recorded was rounded to the recorded format (spacing eps at 1) at every step inside the op; what is computed
here starts from the same recorded inputs and is rounded to float64 only. Two things explain a difference:

1. Rounding of the result: STEPS * eps of the number itself. Where an element is a sum over others (a product of
   matrices, a loss) the terms are as large as the largest elements, so eps of the array's largest counts too. Ops that
   work place by place are not allowed that, and ops that only move numbers one rounding to another format.
2. Cancellation: 1 - 0.9999999 keeps the rounding of both and none of their size. How much an op magnifies rounding is
   not guessed but measured, at the elements that fail the first test: it is recomputed with inputs that are disturbed
   at random by up to 2 eps, in float32 where the recorded format has no more than that, so that its inner steps are
   rounded too. A difference up to SPREAD times the largest change seen is rounding; a larger one is not. A sum of n
   terms that is taken one term after the other rounds as many partial sums, which grow as the sum does: that makes its
   error larger than that of its terms by about sqrt(n) / 5 (Higham, Accuracy and Stability, 4.2, for random signs), so
   the largest change is multiplied by 1 + sqrt(n) / 16 too.

A gradient that is wrong by 1/1000 is far outside both in float32. A format with 8 bits (bfloat16) cannot tell that: its
numbers are 1/128 apart, and the tolerance says so. Overflow follows the recorded format, NaN and infinity must stand in
the same places. Integers and truth values are exact, except where a disturbed input makes them jump: a comparison, or
a rounding, of numbers that are equal up to eps; such elements are counted as skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...bilingual import Bilingual
from ..table.call import Array, wide
from .answer import Comparison, Method
from .precision import DOUBLE, Precision, limited

STEPS = 8.0
"""How many eps a result may be off by itself."""

SPREAD = 8.0
"""How many times the change under disturbed inputs is allowed."""

SAMPLES = 4
"""How often the inputs are disturbed at first."""

MOST_SAMPLES = 24
"""How often at most, before a difference counts: of many elements some hardly change a few times, by chance."""

Disturbed = Callable[[], Iterable[Array]]
"""Recomputes the array, of the same shape, with disturbed inputs, again and again (at most MOST_SAMPLES times)."""


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """A comparison with the difference that is allowed at each element, of the arrays' shape."""

    comparison: Comparison
    allowed: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scale:
    """How rounding enters an array.

    steps: allowed eps of each element. summed: of the array's largest element too. terms: about how many terms an
    element is the sum of.
    """

    steps: float = STEPS
    summed: bool = True
    terms: float = 1.0

    @property
    def spread(self) -> float:
        """How many times the change under disturbed inputs is allowed."""
        return SPREAD * (1.0 + self.terms**0.5 / 16.0) if self.summed else SPREAD


MOVED = Scale(1.0, False)
PLACE_BY_PLACE = Scale(STEPS, False)
SUMMED = Scale()


def summed_over(arrays: Iterable[Array], result: int) -> Scale:
    """The scale of a result of so many elements, each a sum of products of elements of two of the arrays, or of one.

    A product of matrices (n, k) and (k, m) has k = sqrt(nk · km / nm) terms.
    """
    first, second, *_ = [*sorted((array.size for array in arrays), reverse=True), 1, 1]
    size = max(result, 1)
    return Scale(terms=max((first * max(second, 1) / size) ** 0.5, first / size, 1.0))


@np.errstate(all="ignore")
def compare(
    what: Bilingual,
    symbol: str,
    method: Method,
    recorded: NDArray[np.generic],
    computed: Array,
    precision: Precision | None,
    scale: Scale = SUMMED,
    disturbed: Disturbed | None = None,
    beside: Array | None = None,
) -> Compared:
    """Compares two arrays; see NOTE [Tolerance]. precision: the coarsest format, None if all are exact.

    beside: an array whose own rounding is in the result: the old parameter, to which a change was added, or what a
    formula works with that takes nearly equal numbers from one another.
    """
    mine, theirs = np.asarray(computed), wide(np.asarray(recorded))
    if mine.shape != theirs.shape:
        return _of_other_shape(what, symbol, method, theirs, mine)
    if theirs.dtype.kind in "biu":
        return _exactly(what, symbol, method, theirs, mine, disturbed)
    precision = precision or DOUBLE
    dtype = np.asarray(recorded).dtype
    mine = limited(mine, dtype)
    away = _distance(theirs, mine)
    allowed = _first_allowance(mine, precision, scale)
    if beside is not None:
        allowed = allowed + scale.steps * precision.eps * np.abs(beside)
    if disturbed is not None and bool((away > allowed).any()):
        for i, change in enumerate(
            _changes(mine, theirs, (limited(np.asarray(sample), dtype) for sample in disturbed()))
        ):
            allowed = np.maximum(allowed, scale.spread * change)
            if i + 1 >= SAMPLES and not (away > allowed).any():
                break
    return Compared(_at_worst(what, symbol, method, theirs, mine, away, allowed, precision), allowed)


def _first_allowance(mine: Array, precision: Precision, scale: Scale) -> NDArray[np.float64]:
    size = np.abs(mine)
    size = np.where(np.isfinite(size), size, 0.0)
    allowed = scale.steps * precision.eps * size + precision.tiny
    if scale.summed and size.size:
        allowed += scale.steps * precision.eps * float(size.max())
    return np.asarray(allowed, dtype=np.float64)


def _distance(theirs: Array, mine: Array) -> NDArray[np.float64]:
    """|theirs - mine|; 0 where both are the same infinity or both NaN, infinite where only one of them is."""
    if not theirs.size:
        return np.zeros(theirs.shape)
    away = np.abs(theirs - mine)
    odd = ~np.isfinite(away)
    if odd.any():
        away = np.where(odd, np.where(_same(theirs, mine), 0.0, np.inf), away)
    return np.asarray(away, dtype=np.float64)


def _same(one: Array, other: Array) -> NDArray[np.bool_]:
    return np.asarray((one == other) | (np.isnan(one) & np.isnan(other)))


def _changes(mine: Array, theirs: Array, samples: Iterable[Array]) -> Iterator[NDArray[np.float64]]:
    """The change of each element in each sample; infinite where it becomes the same infinity or NaN as recorded."""
    for found in samples:
        away = np.abs(found - mine)
        yield np.where(np.isfinite(away), away, np.where(_same(found, theirs), np.inf, 0.0))


def _exactly(
    what: Bilingual, symbol: str, method: Method, theirs: Array, mine: Array, disturbed: Disturbed | None
) -> Compared:
    apart = np.abs(theirs.astype(np.float64) - mine.astype(np.float64))
    away = np.where(theirs == mine, 0.0, np.maximum(apart, 1.0))
    allowed = np.zeros(theirs.shape)
    skipped = 0
    if disturbed is not None and bool(away.any()):
        jumps = np.zeros(theirs.shape, dtype=bool)
        for sample in disturbed():
            jumps |= np.asarray(sample) != mine
        skipped = int((jumps & (away > 0)).sum())
        away = np.where(jumps, 0.0, away)
    return Compared(_at_worst(what, symbol, method, theirs, mine, away, allowed, None, skipped), allowed)


def _of_other_shape(what: Bilingual, symbol: str, method: Method, theirs: Array, mine: Array) -> Compared:
    nothing = float("nan")
    shapes = Bilingual(
        f"{what.english} of shape {list(theirs.shape)}, computed as {list(mine.shape)}",
        f"{what.chinese}，形状为 {list(theirs.shape)}，而计算得到 {list(mine.shape)}",
    )
    comparison = Comparison(
        shapes, symbol, method, False, float("inf"), nothing, nothing, (), nothing, nothing, 0.0, theirs.size
    )
    return Compared(comparison, np.zeros(theirs.shape))


def _at_worst(
    what: Bilingual,
    symbol: str,
    method: Method,
    theirs: Array,
    mine: Array,
    away: NDArray[np.float64],
    allowed: NDArray[np.float64],
    precision: Precision | None,
    skipped: int = 0,
) -> Comparison:
    """The comparison at the element that is furthest off for what is allowed there."""
    if not theirs.size:
        return Comparison(what, symbol, method, True, 0.0, 0.0, 0.0, (), 0.0, 0.0, 0.0, 0, skipped)
    share = np.where(away > 0, away / np.where(allowed > 0, allowed, np.finfo(np.float64).tiny), 0.0)
    share = np.where(np.isinf(away) & np.isinf(allowed), 0.0, share)
    place = tuple(int(i) for i in np.unravel_index(int(np.argmax(share)), theirs.shape))
    return summary(
        what,
        symbol,
        method,
        place,
        complex(theirs[place]),
        complex(mine[place]),
        float(away[place]),
        float(allowed[place]),
        precision,
        elements=theirs.size,
        skipped=skipped,
    )


def summary(
    what: Bilingual,
    symbol: str,
    method: Method,
    where: tuple[int, ...],
    recorded: complex,
    computed: complex,
    difference: float,
    tolerance: float,
    precision: Precision | None,
    *,
    elements: int,
    skipped: int = 0,
) -> Comparison:
    """A comparison from the two numbers at its worst place."""
    size = max(abs(recorded), abs(computed))
    return Comparison(
        what,
        symbol,
        method,
        difference <= tolerance,
        difference,
        0.0 if difference == 0 else difference / abs(computed) if computed else float("inf"),
        difference if precision is None else precision.ulps(difference, size),
        where,
        recorded.real if not recorded.imag else recorded,
        computed.real if not computed.imag else computed,
        tolerance,
        elements,
        skipped,
    )
