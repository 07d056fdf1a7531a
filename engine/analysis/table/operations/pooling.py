"""Rows of pooling by means and by powers.

Formulas: PyTorch's documentation of AvgPool2d, AdaptiveAvgPool2d and LPPool2d.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod

import numpy as np

from ...notation.expression import Expression, Fraction, Number, Power, Product
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Index, Operand, Worked
from ..kinds.kernel_terms import settings_of
from ..kinds.many_terms import values_at
from ..kinds.pool_axes import adaptive_axes, averaging, pooled_sizes, steps, walking_axes
from ..kinds.weighing import Weighing, weigh, weigh_back, window_note
from ..kinds.windows import Axis, Places, grid
from ..operation import Operation, operation
from ..sums import elided, first_and_last
from ..words import Words

_AVERAGE = (
    "(input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None)"
)


@operation(*(f"avg_pool{n}d{_AVERAGE}" for n in (1, 2, 3)))
class AveragePool(Weighing):
    """The mean of each window; padding counts as zeros unless count_include_pad is off."""

    modules = tuple(f"AvgPool{n}d" for n in (1, 2, 3))
    nodes = ("AvgPool2DBackward", "AvgPool3DBackward", "MkldnnAvgPool2DBackward", "MkldnnAvgPool3DBackward")
    words = Words(
        ("avg_pool replaces each window by the mean of its numbers.", "avg_pool 用窗口内数值的平均值代替整个窗口。"),
        (
            "Each number of a window gets an equal share of the window's gradient.",
            "窗口内的每个数平均分到该窗口的梯度。",
        ),
    )

    def axes(self, call: Call, shape: Index) -> tuple[Axis, ...]:
        """With one over the number of places as weights; a window that hangs over the padding's end counts less."""
        axes = walking_axes(call, shape)
        divisor = call.get("divisor_override")
        if divisor is not None:
            first = np.full(axes[0].sources.shape, 1 / int(divisor))
            return replace(axes[0], weights=first), *axes[1:]
        if not call["count_include_pad"]:
            return tuple(averaging(axis) for axis in axes)
        parts = zip(axes, *steps(call, len(axes)), strict=True)
        return tuple(_with_padding(axis, kernel, stride, padding) for axis, kernel, stride, padding in parts)


def _with_padding(axis: Axis, kernel: int, stride: int, padding: int) -> Axis:
    starts = stride * np.arange(axis.outputs) - padding
    counts = np.minimum(starts + kernel, axis.inputs + padding) - starts
    return replace(axis, weights=np.broadcast_to(1 / counts[:, None], axis.sources.shape))


@operation(*(f"adaptive_avg_pool{n}d(input, output_size)" for n in (1, 2, 3)))
class AdaptiveAveragePool(Weighing):
    """The mean of each window, with windows of such sizes that there are output_size of them."""

    modules = tuple(f"AdaptiveAvgPool{n}d" for n in (1, 2, 3))
    nodes = ("AdaptiveAvgPool2DBackward", "AdaptiveAvgPool3DBackward")
    words = Words(
        (
            "adaptive_avg_pool shares the input out into as many windows as results are wanted, and takes their means.",
            "adaptive_avg_pool 按所需的输出大小划分窗口，并取每个窗口的平均值。",
        ),
        (
            "Each number of a window gets an equal share of the window's gradient.",
            "窗口内的每个数平均分到该窗口的梯度。",
        ),
    )

    def axes(self, call: Call, shape: Index) -> tuple[Axis, ...]:
        return tuple(averaging(axis) for axis in adaptive_axes(call, shape))


@operation(*(f"lp_pool{n}d(input, norm_type, kernel_size, stride=None, ceil_mode=False)" for n in (1, 2, 3)))
class PowerPool(Operation):
    """y = (Σ x^p)^(1/p) over each window. A window that hangs over the edge counts as if it were full."""

    modules = tuple(f"LPPool{n}d" for n in (1, 2, 3))
    order = ("input",)
    words = Words(
        (
            "lp_pool replaces each window by the p-norm of its numbers: the root of the sum of their powers.",
            "lp_pool 用窗口内数值的 p 范数（各数的 p 次方之和再开 p 次方）代替整个窗口。",
        ),
        (
            "The larger a number is in its window, the larger is its share of the window's gradient.",
            "在窗口中越大的数，分到的梯度越多。",
        ),
    )

    def forward(self, call: Call) -> Array:
        """(Σ x^p)^(1/p)."""
        x = call.array("input")
        p = _exponent(call)
        with np.errstate(all="ignore"):
            return np.asarray((weigh(x**p, _means(call, x.shape)) * _full(call, x.shape)) ** (1 / p))

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """dC/dx = Σ G x^(p-1) y^(1-p); 0 for a window of zeros."""
        x, p = call.array("input"), _exponent(call)
        axes, full = _means(call, x.shape), _full(call, x.shape)
        with np.errstate(all="ignore"):
            total = weigh(x**p, axes) * full
            slope = np.where(total == 0, 0.0, full / p * total ** (1 / p - 1))
            sent = weigh_back(np.where(total == 0, 0.0, upstream[0] * slope), axes)
            return {"input": sent * p * x ** (p - 1)}

    def equation(self, case: Forward) -> Worked:
        """The root of the sum of powers."""
        x, call = case.needed("input"), settings_of(case)
        p, axes = _exponent(call), _means(call, x.array.shape)
        spot = case.index[len(case.index) - len(axes) :]
        reads = [axis.read(i) for axis, i in zip(axes, spot, strict=True)]
        places = grid(*([n] for n in case.index[: -len(axes)]), *([place for _, place in read] for read in reads))
        scale = _full(call, x.array.shape) / len(places)
        with np.errstate(all="ignore"):
            computed = float((np.sum(values_at(x, places) ** p) * scale) ** (1 / p))
        shown = [tuple(places[i].tolist()) for i in first_and_last(range(len(places)))]
        symbols = elided([Power(x.at(i), Number(p)) for i in shown], len(places))
        numbers = elided([Power(x.number(i), Number(p)) for i in shown], len(places))
        return Worked(_root(symbols, scale, p), _root(numbers, scale, p), computed, note=window_note(reads))

    def gradient_equation(self, case: Backward) -> Worked:
        """Σ G x^(p-1) y^(1-p) over the windows that read the element."""
        x, y, G, call = case.needed("input"), case.result, case.upstream, settings_of(case)
        p, axes = _exponent(call), _means(call, x.array.shape)
        spot = case.index[len(case.index) - len(axes) :]
        readers = [[i for _, i in axis.readers(place)] for axis, place in zip(axes, spot, strict=True)]
        places = grid(*([n] for n in case.index[: -len(axes)]), *readers)
        made = values_at(y, places)
        with np.errstate(all="ignore"):
            own = x.value_at(case.index) ** (p - 1)
            slopes = np.where(made == 0, 0.0, own * made ** (1 - p) * _scales(axes, places, _full(call, x.array.shape)))
        shown = [tuple(places[i].tolist()) for i in first_and_last(range(len(places)))]
        symbols = [_slope(G, i, x.at(case.index), y.at(i), p) for i in shown]
        numbers: list[Expression] = [
            Product((G.number(tuple(places[i].tolist())), Number(float(slopes[i]))))
            for i in first_and_last(range(len(places)))
        ]
        computed = float(np.sum(values_at(G, places) * slopes))
        return Worked(elided(symbols, len(places)), elided(numbers, len(places)), computed)


def _exponent(call: Call) -> float:
    p = call.number("norm_type")
    if not np.isfinite(p) or p == 0:
        raise UnfitError(f"its norm_type is {p:g}", f"它的 norm_type 是 {p:g}")
    return p


def _means(call: Call, shape: Index) -> tuple[Axis, ...]:
    return tuple(averaging(axis) for axis in walking_axes(call, shape))


def _full(call: Call, shape: Index) -> int:
    """How many places a window has that does not hang over the edge."""
    return prod(steps(call, len(pooled_sizes(call, shape)))[0])


def _scales(axes: Sequence[Axis], places: Places, full: int) -> Array:
    """By what torch multiplies the sum of each window: 1 unless the window hangs over the edge."""
    counts = [len(axis.read(int(i))) for place in places for axis, i in zip(axes, place[-len(axes) :], strict=True)]
    held = np.asarray(counts, np.float64).reshape(len(places), len(axes)).prod(axis=1)
    return np.asarray(full / held)


def _root(total: Expression, scale: float, p: float) -> Expression:
    return Power(total if scale == 1 else Product((Number(scale), total)), Fraction(Number(1), Number(p)))


def _slope(G: Operand, place: Index, x: Expression, y: Expression, p: float) -> Expression:
    return Product((G.at(place), Power(x, Number(p - 1)), Power(y, Number(1 - p))))
