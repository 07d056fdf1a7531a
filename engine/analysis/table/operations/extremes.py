"""Rows of extremes: the largest, smallest, middle and most frequent number, and where it stands.

Formulas: PyTorch's documentation. Over all numbers equal ones share the gradient; along a dimension the place that
is pointed at has it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ....bilingual import Bilingual
from ...notation.numbers import format_number
from ..call import Array, Call, UnfitError
from ..case import Forward, Worked
from ..kinds.curve import as_floats
from ..kinds.loss import digits_of
from ..kinds.pointing import Chosen, Pointing, Shared, placed, same
from ..kinds.pointwise import Settings
from ..kinds.reducing import Reduction, Several, lines_of
from ..operation import Operation, operation
from ..words import Words
from .limits import Maximum, Minimum


@operation("amax(input, dim=None, keepdim=False)")
class AMax(Shared):
    """The largest."""

    nodes = ("AmaxBackward",)
    title, named, shares_nan = "max", Bilingual("The largest", "最大值"), False
    words = Words(
        ("amax takes the largest number.", "amax 取最大的数。"),
        (
            "The largest number gets the gradient, equal ones share it; all others get nothing.",
            "最大的数得到梯度，并列者平分；其余的数得不到梯度。",
        ),
    )

    def reduce(self, settings: Settings, lines: Array) -> Array:
        return np.asarray(lines.max(axis=-1))


@operation("amin(input, dim=None, keepdim=False)")
class AMin(Shared):
    """The smallest."""

    nodes = ("AminBackward",)
    title, named, shares_nan = "min", Bilingual("The smallest", "最小值"), False
    words = Words(
        ("amin takes the smallest number.", "amin 取最小的数。"),
        (
            "The smallest number gets the gradient, equal ones share it; all others get nothing.",
            "最小的数得到梯度，并列者平分；其余的数得不到梯度。",
        ),
    )

    def reduce(self, settings: Settings, lines: Array) -> Array:
        return np.asarray(lines.min(axis=-1))


@operation("aminmax(input, *, dim=None, keepdim=False)")
class AMinMax(Several):
    """The smallest and the largest."""

    nodes = ("AminmaxBackward",)
    rows = (AMin(), AMax())
    words = Words(
        ("aminmax takes the smallest and the largest number.", "aminmax 同时取最小和最大的数。"),
        (
            "The smallest and the largest number each get their own gradient; equal ones share it.",
            "最小的数和最大的数各自得到自己的梯度，并列者平分。",
        ),
    )


class AllMax(AMax):
    """The largest of all."""

    shares_nan = True


class AllMin(AMin):
    """The smallest of all."""

    shares_nan = True


def middle(lines: Array) -> Array:
    """The number in the middle, the lower of two; NaN where there is one."""
    ordered = np.sort(lines, axis=-1)
    found = ordered[..., (lines.shape[-1] - 1) // 2]
    return np.where(np.isnan(ordered[..., -1]), np.nan, found) if lines.dtype.kind == "f" else np.asarray(found)


def known_middle(lines: Array) -> Array:
    """The number in the middle of what is a number, the lower of two."""
    ordered, count = np.sort(as_floats(lines), axis=-1), (~np.isnan(as_floats(lines))).sum(axis=-1)
    return np.take_along_axis(ordered, np.maximum(count - 1, 0)[..., None] // 2, axis=-1)[..., 0]


class AllMedian(Shared):
    """The middle one of all."""

    title, named = "median", Bilingual("The middle one", "中位数")

    def reduce(self, settings: Settings, lines: Array) -> Array:
        return middle(lines)


class AllNanMedian(AllMedian):
    """The middle one of all that are numbers."""

    def reduce(self, settings: Settings, lines: Array) -> Array:
        return known_middle(lines)


class MaxAlong(Pointing):
    """The largest along a dimension."""

    title, named = "max", Bilingual("The largest", "最大值")

    def reduce(self, settings: Settings, lines: Array) -> Array:
        return np.asarray(lines.max(axis=-1))


class MinAlong(Pointing):
    """The smallest along a dimension."""

    title, named = "min", Bilingual("The smallest", "最小值")

    def reduce(self, settings: Settings, lines: Array) -> Array:
        return np.asarray(lines.min(axis=-1))


class MedianAlong(Pointing):
    """The middle one along a dimension."""

    title, named = "median", Bilingual("The middle one", "中位数")

    def reduce(self, settings: Settings, lines: Array) -> Array:
        return middle(lines)


class NanMedianAlong(MedianAlong):
    """The middle one of the numbers along a dimension."""

    def reduce(self, settings: Settings, lines: Array) -> Array:
        return known_middle(lines)


class _MaxOfTwo(Maximum):
    operands = ("input", "dim")


class _MinOfTwo(Minimum):
    operands = ("input", "dim")


class OfTwo(Chosen):
    """max and min have a third overload: `max(x, y)`, whose y stands in the place of `dim`."""

    of_dim: ClassVar[Operation]
    of_other: ClassVar[Operation]

    def _of(self, settings: Settings, tensors: Any) -> Operation:
        if "other" in tensors:
            return self.of_other
        return self.of_dim if "dim" in tensors else super()._of(settings, tensors)


@operation("max(input, dim=None, keepdim=False)")
class MaxRow(OfTwo):
    """The largest of all, along a dimension, or of two at each place."""

    nodes = ("MaxBackward", "MaximumBackward")
    over_all, along, of_dim, of_other = AllMax(), MaxAlong(), _MaxOfTwo(), Maximum()
    words = Words(
        (
            "max takes the largest number, and along a dimension also says where it is.",
            "max 取最大的数；沿某一维时同时给出其位置。",
        ),
        (
            "Only the largest number gets the gradient; if the maximum is taken of all numbers at once, equal ones "
            "share it.",
            "只有最大的数得到梯度；对全部的数取最大值时，并列者平分。",
        ),
    )


@operation("min(input, dim=None, keepdim=False)")
class MinRow(OfTwo):
    """The smallest of all, along a dimension, or of two at each place."""

    nodes = ("MinBackward", "MinimumBackward")
    over_all, along, of_dim, of_other = AllMin(), MinAlong(), _MinOfTwo(), Minimum()
    words = Words(
        (
            "min takes the smallest number, and along a dimension also says where it is.",
            "min 取最小的数；沿某一维时同时给出其位置。",
        ),
        (
            "Only the smallest number gets the gradient; if the minimum is taken of all numbers at once, equal ones "
            "share it.",
            "只有最小的数得到梯度；对全部的数取最小值时，并列者平分。",
        ),
    )


@operation("median(input, dim=None, keepdim=False)")
class MedianRow(Chosen):
    """The middle one, the lower of two."""

    nodes = ("MedianBackward",)
    over_all, along = AllMedian(), MedianAlong()
    words = Words(
        ("median takes the number in the middle, the lower one of two.", "median 取中位数；有两个时取较小者。"),
        ("Only the number in the middle gets the gradient.", "只有中位数得到梯度。"),
    )


@operation("nanmedian(input, dim=None, keepdim=False)")
class NanMedianRow(Chosen):
    """The middle one of what is a number."""

    nodes = ("NanmedianBackward",)
    over_all, along = AllNanMedian(), NanMedianAlong()
    words = Words(
        ("nanmedian takes the middle one of all that are numbers.", "nanmedian 忽略 NaN 取中位数。"),
        ("Only the number in the middle gets the gradient.", "只有中位数得到梯度。"),
    )


@operation("kthvalue(input, k, dim=-1, keepdim=False)")
class KthValue(Pointing):
    """The k-th smallest."""

    nodes = ("KthvalueBackward",)
    title, named = "kthvalue", Bilingual("It", "它")
    words = Words(
        ("kthvalue takes the k-th smallest number.", "kthvalue 取第 k 小的数。"),
        ("Only the number that was taken gets the gradient.", "只有被取的数得到梯度。"),
    )

    def reduce(self, settings: Settings, lines: Array) -> Array:
        return np.asarray(np.sort(lines, axis=-1)[..., int(settings["k"]) - 1])


@operation("mode(input, dim=-1, keepdim=False)")
class Mode(Pointing):
    """The most frequent number, the smallest of several."""

    nodes = ("ModeBackward",)
    title, named = "mode", Bilingual("It", "它")
    words = Words(
        (
            "mode takes the most frequent number, the smallest of several.",
            "mode 取出现次数最多的数；有多个时取最小者。",
        ),
        ("Only the number at the place that mode points to gets the gradient.", "只有 mode 所指位置上的数得到梯度。"),
    )

    def reduce(self, settings: Settings, lines: Array) -> Array:
        flat = np.sort(lines.reshape(-1, lines.shape[-1]), axis=-1)
        found = []
        for line in flat:
            numbers, counts = np.unique(line, return_counts=True)
            found.append(numbers[counts.argmax()])
        return np.asarray(found, dtype=lines.dtype).reshape(lines.shape[:-1])


class PlaceOf(Reduction):
    """Where the largest or smallest number stands: in its line, or counted through all numbers."""

    title: ClassVar[str]
    best: ClassVar[Reduction]

    def reduce(self, settings: Settings, lines: Array) -> Array:
        return np.asarray(same(lines, self.best.reduce(settings, lines)[..., None]).argmax(axis=-1))

    def forward(self, call: Call) -> Array:
        """Places as recorded where these are right."""
        made = np.asarray(super().forward(call))
        recorded = call.outputs[0] if call.outputs else None
        x = call.array("input")
        lines = lines_of(x, self.axes(call.arguments, x.ndim))
        if recorded is None or recorded.shape != made.shape or not lines.size:
            return made
        theirs = recorded.reshape(*lines.shape[:-1], 1)
        inside = (theirs >= 0) & (theirs < lines.shape[-1])
        mask = same(lines, self.best.reduce(call.arguments, lines)[..., None])
        fits = inside & np.take_along_axis(mask, np.where(inside, theirs, 0), axis=-1)
        return np.where(fits.reshape(made.shape), recorded, made)

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """A place has no gradient."""
        raise UnfitError("it has no gradient", "它没有梯度")

    def equation(self, case: Forward) -> Worked:
        """The place of the largest in its line."""
        line = self.line(case, case.index)
        best = self.best.reduce(case.settings, line.numbers)
        mask = same(line.numbers, np.asarray(best))
        recorded = int(case.result.array[case.index]) if case.result.data is not None else -1
        k = recorded if 0 <= recorded < mask.size and mask[recorded] else int(mask.argmax())
        symbols, numbers = line.of(self.title)
        shown = format_number(float(best), digits_of(case.operands[0]), typographic=False)
        note = Bilingual(f"It is {shown}, at {placed(line.place(k))}.", f"它是 {shown}，位于 {placed(line.place(k))}。")
        return Worked(symbols, numbers, float(k), note=note)


@operation("argmax(input, dim=None, keepdim=False)")
class ArgMax(PlaceOf):
    """Where the largest stands."""

    title, best = "argmax", AMax()
    words = Words(("argmax says where the largest number stands.", "argmax 给出最大数的位置。"))


@operation("argmin(input, dim=None, keepdim=False)")
class ArgMin(PlaceOf):
    """Where the smallest stands."""

    title, best = "argmin", AMin()
    words = Words(("argmin says where the smallest number stands.", "argmin 给出最小数的位置。"))
