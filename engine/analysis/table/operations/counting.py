"""Rows that count and look up: unique, bincount, histc, nonzero, searchsorted, bucketize. None has a gradient.

Formulas: PyTorch's documentation of these functions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ....bilingual import NOTHING, Bilingual
from ...notation.expression import Number
from ..call import Array, Call, UnfitError
from ..case import Forward, Worked
from ..operation import Operation, operation
from ..words import Words


class Counting(Operation):
    """A row without a gradient, whose equation is the number that comes out."""

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """There is none."""
        raise UnfitError("it has no gradient", "它没有梯度")

    def equation(self, case: Forward) -> Worked:
        """The number."""
        made = self.forward(case.call)
        found = float((made if isinstance(made, np.ndarray) else made[case.place])[case.index])
        return Worked(Number(found), None, found, note=self.note(case))

    def note(self, case: Forward) -> Bilingual:
        """A sentence about it."""
        return NOTHING


@operation("unique(input, sorted=True, return_inverse=False, return_counts=False, dim=None)")
class Unique(Counting):
    """Each number once, in order."""

    words = Words(("unique lists each number once, in order.", "unique 列出互不相同的数，按大小排列。"))

    def forward(self, call: Call) -> list[Array]:
        """np.unique, with the places and counts that are asked for."""
        x, dim = call.array("input"), call["dim"]
        numbers, inverse, counts = np.unique(
            x, return_inverse=True, return_counts=True, axis=None if dim is None else int(dim), equal_nan=False
        )
        inverse = np.asarray(inverse).reshape(x.shape if dim is None else (-1,))
        found = [numbers]
        found += [inverse] if call["return_inverse"] else []
        return [*found, counts] if call["return_counts"] else found


@operation("unique_consecutive(input, return_inverse=False, return_counts=False, dim=None)")
class UniqueConsecutive(Counting):
    """Of each run of equal numbers one."""

    words = Words(
        (
            "unique_consecutive keeps one number of each run of equal ones.",
            "unique_consecutive 把连续相等的数合并为一个。",
        )
    )

    def forward(self, call: Call) -> list[Array]:
        """The first of each run."""
        if call["dim"] is not None:
            raise UnfitError("runs along a dimension have no formula here", "这里没有沿某一维统计连续段的公式")
        x = call.array("input")
        flat = x.reshape(-1)
        first = np.concatenate([np.ones(min(flat.size, 1), dtype=bool), flat[1:] != flat[:-1]])
        found = [flat[first]]
        found += [(np.cumsum(first) - 1).reshape(x.shape)] if call["return_inverse"] else []
        counts = np.diff(np.append(np.flatnonzero(first), flat.size))
        return [*found, counts] if call["return_counts"] else found


@operation("bincount(input, weights=None, minlength=0)")
class BinCount(Counting):
    """How often each whole number occurs, or the sum of its weights."""

    words = Words(("bincount says how often each whole number occurs.", "bincount 统计每个整数出现的次数。"))

    def forward(self, call: Call) -> Array:
        """np.bincount."""
        weights = None if call["weights"] is None else call.array("weights")
        return np.bincount(call.array("input"), weights, int(call["minlength"]))

    def note(self, case: Forward) -> Bilingual:
        return Bilingual(f"How often {case.index[0]} occurs.", f"{case.index[0]} 出现的次数。")


@operation("histc(input, bins=100, min=0, max=0)")
class Histogram(Counting):
    """How many numbers lie in each of some ranges of equal width."""

    words = Words(("histc counts the numbers in ranges of equal width.", "histc 统计落在各等宽区间内的个数。"))

    def forward(self, call: Call) -> Array:
        """np.histogram; without bounds from the smallest to the largest."""
        x, low, high = call.array("input"), call.number("min"), call.number("max")
        if low == high and x.size:
            low, high = float(x.min()), float(x.max())
        if low == high:
            low, high = low - 1, high + 1
        return np.histogram(x, int(call["bins"]), (low, high))[0].astype(np.float64)


@operation("nonzero(input, *, as_tuple=False)", "argwhere(input)")
class NonZero(Counting):
    """Where numbers are not 0, a row a place."""

    words = Words(("nonzero lists the places of the numbers that are not 0.", "nonzero 列出非零元素的位置。"))

    def forward(self, call: Call) -> Array | list[Array]:
        """np.nonzero."""
        x = call.array("input")
        if call.get("as_tuple"):
            return list(np.nonzero(np.atleast_1d(x)))
        return np.argwhere(x)


def looked_up(bounds: Array, x: Array, right: bool) -> Array:
    """How many bounds lie below each number, or are equal if `right`; bounds: (n,), or (..., n) line by line."""
    side = "right" if right else "left"
    if bounds.ndim == 1:
        return np.asarray(np.searchsorted(bounds, x, side=side))  # type: ignore[call-overload]
    rows = zip(bounds.reshape(-1, bounds.shape[-1]), x.reshape(-1, x.shape[-1]), strict=True)
    found = [np.searchsorted(line, numbers, side=side) for line, numbers in rows]  # type: ignore[call-overload]
    return np.asarray(found, dtype=np.int64).reshape(x.shape)


@operation("searchsorted(sorted_sequence, input, *, out_int32=False, right=False, side=None, sorter=None)")
class SearchSorted(Counting):
    """Where a number would be put in, in an ordered line."""

    words = Words(
        (
            "searchsorted says where each number would be put into an ordered line.",
            "searchsorted 给出每个数在有序序列中的插入位置。",
        )
    )

    def forward(self, call: Call) -> Array:
        """By bisection."""
        bounds = call.array("sorted_sequence")
        if call["sorter"] is not None:
            bounds = np.take_along_axis(bounds, call.array("sorter"), axis=-1)
        return looked_up(bounds, call.array("input"), bool(call["right"]) or call["side"] == "right")


@operation("bucketize(input, boundaries, *, out_int32=False, right=False)")
class Bucketize(Counting):
    """Between which bounds a number lies."""

    words = Words(("bucketize says between which bounds each number lies.", "bucketize 给出每个数所在的区间。"))

    def forward(self, call: Call) -> Array:
        """By bisection."""
        return looked_up(call.array("boundaries"), call.array("input"), bool(call["right"]))
