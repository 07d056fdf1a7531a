"""How far two values are apart: shape, dtype, and numbers, in roundings of the coarser format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ...trace.reader import Trace
from ...values import Statistics, Value
from ..verdict.precision import lowest

What = Literal["presence", "shape", "dtype", "numbers", "statistics"]


@dataclass(frozen=True, slots=True)
class Distance:
    """Of two arrays of one shape.

    elements: how many there are; differing: at how many places they differ. where: the place at which they are
    furthest apart; first, second: the numbers there; difference: how far apart (infinite beside NaN); relative: to the
    larger of both; roundings: in steps of the coarser format there, 0 for integers and truth values.
    """

    elements: int
    differing: int
    where: tuple[int, ...]
    first: complex
    second: complex
    difference: float
    relative: float
    roundings: float


@dataclass(frozen=True, slots=True)
class Unlike:
    """How two values differ. first, second: in words ("float32", "(20×3)"). distance: None where nothing is known."""

    what: What
    first: str
    second: str
    distance: Distance | None = None


@np.errstate(all="ignore")
def distance(
    first: NDArray[np.generic], second: NDArray[np.generic], dtypes: tuple[str, str], tolerance: float = 0.0
) -> Distance | None:
    """How far two arrays of one shape are apart; None if they are equal (NaN equals NaN).

    tolerance: differences up to so many times the largest finite magnitude in either array do not count.
    dtypes: torch's names, which tell how finely the numbers are given.
    """
    if first.dtype == second.dtype and first.tobytes() == second.tobytes():
        return None
    one, other = _wide(first), _wide(second)
    alike = (one == other) | (np.isnan(one) & np.isnan(other))
    away = np.abs(one - other).astype(np.float64)
    apart = np.where(alike, 0.0, np.where(np.isnan(away), np.inf, away))
    if first.dtype.kind in "biu" and second.dtype.kind in "biu":  # exactly, also beyond 2**53
        apart = np.where(first != second, np.maximum(apart, 1.0), 0.0)
    allowed = tolerance * max(_largest(one), _largest(other)) if tolerance else 0.0
    differing = int(np.count_nonzero(apart > allowed))
    if not differing:
        return None
    where = tuple(int(i) for i in np.unravel_index(int(np.argmax(apart)), apart.shape))
    most, larger = float(apart[where]), float(max(abs(one[where]), abs(other[where])))
    precision = lowest(dtypes)
    return Distance(
        one.size,
        differing,
        where,
        one[where].item(),
        other[where].item(),
        most,
        most / larger if larger and np.isfinite(most) else most,
        0.0 if precision is None else precision.ulps(most, larger),
    )


def _wide(array: NDArray[np.generic]) -> NDArray[Any]:
    """Numbers in which a difference can be taken without overflow."""
    return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)


def _largest(array: NDArray[np.generic]) -> float:
    sizes = np.abs(array[np.isfinite(array)])
    return float(sizes.max()) if sizes.size else 0.0


class ValuePairs:
    """Compares values of two traces, each pair once. by_statistics: pairs whose arrays are not in both traces and
    that were held beside each other by their statistics; unread: pairs of which not even those are known.
    """

    def __init__(self, first: Trace, second: Trace, tolerance: float = 0.0) -> None:
        self._first = first
        self._second = second
        self._tolerance = tolerance
        self._known: dict[tuple[int, int], Unlike | None] = {}
        self._values: tuple[dict[int, Value], dict[int, Value]] = {}, {}
        self.by_statistics = 0
        self.unread = 0

    def unlike(self, first: int | None, second: int | None) -> Unlike | None:
        """How two values differ, by their ids (None: there was no tensor); None if they do not."""
        if first is None or second is None:
            return None if first is second else Unlike("presence", _presence(first), _presence(second))
        key = first, second
        if key not in self._known:
            one = self._values[0].get(first) or self._first.value(first)
            other = self._values[1].get(second) or self._second.value(second)
            self._known[key] = self._compare(one, other)
        return self._known[key]

    def load(self, first: set[int], second: set[int]) -> None:
        """Reads what is known of many values at once, those of one iteration."""
        self._values = self._first.values(first), self._second.values(second)

    def _compare(self, one: Value, other: Value) -> Unlike | None:
        if one.shape != other.shape:
            return Unlike("shape", _shape(one.shape), _shape(other.shape))
        found = self._apart(one, other)
        if one.dtype != other.dtype:
            return Unlike("dtype", one.dtype, other.dtype, found if isinstance(found, Distance) else None)
        if isinstance(found, Distance):
            return Unlike("numbers", "", "", found)
        return found

    def _apart(self, one: Value, other: Value) -> Distance | Unlike | None:
        if one.dtype == other.dtype and _is_same_number(one, other):
            return None
        arrays = self._first.array(one.id), self._second.array(other.id)
        if arrays[0] is not None and arrays[1] is not None:
            return distance(arrays[0], arrays[1], (one.dtype, other.dtype), self._tolerance)
        if one.statistics is None or other.statistics is None:
            self.unread += 1
            return None
        self.by_statistics += 1
        return _unlike_statistics(one.statistics, other.statistics, self._tolerance)


def _shape(shape: tuple[int, ...]) -> str:
    return f"({'×'.join(map(str, shape))})" if shape else "scalar"


def _presence(value: int | None) -> str:
    return "no tensor" if value is None else "a tensor"


def _is_same_number(one: Value, other: Value) -> bool:
    """Whether two values of one element are equal, which their statistics tell without reading an array."""
    if one.numel != 1 or one.dtype in ("int64", "uint64") or one.dtype.startswith("complex"):
        return False
    if one.statistics is None or other.statistics is None:
        return False
    return one.statistics.min == other.statistics.min


def _unlike_statistics(one: Statistics, other: Statistics, tolerance: float) -> Unlike | None:
    """The first statistic in which two values differ."""
    allowed = tolerance * max(abs(one.min), abs(one.max), abs(other.min), abs(other.max)) if tolerance else 0.0
    for name in ("norm", "mean", "min", "max", "std", "zeros", "nans", "infs"):
        mine, theirs = float(getattr(one, name)), float(getattr(other, name))
        if mine != theirs and not (np.isnan(mine) and np.isnan(theirs)) and not abs(mine - theirs) <= allowed:
            return Unlike("statistics", f"{name} {mine:.7g}", f"{name} {theirs:.7g}")
    return None
