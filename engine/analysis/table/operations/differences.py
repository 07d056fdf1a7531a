"""Rows of neighbours on a line: differences, areas under a curve, quantiles between two numbers.

Formulas: PyTorch's documentation of torch.diff, trapezoid and quantile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np

from ...notation.expression import Sub
from ..call import Array, Call, UnfitError
from ..case import Forward, Worked
from ..kinds.pointwise import summed_to
from ..kinds.reducing import axes_of, lines_of, put_back
from ..operation import Operation, operation
from ..words import Words


@operation("diff(input, n=1, dim=-1, prepend=None, append=None)")
class Differences(Operation):
    """Each number minus the one before it, n times."""

    nodes = ("SubBackward",)
    words = Words(
        ("diff takes from each number the one before it.", "diff 求相邻两数之差。"),
        (
            "A number gets what arrives where it is the later one, minus where it is the earlier one.",
            "每个数得到作为后者处的梯度减去作为前者处的梯度。",
        ),
    )

    def forward(self, call: Call) -> Array:
        """np.diff."""
        parts, dim = _joined(call)
        return np.diff(np.concatenate([part for _, part in parts], axis=dim), int(call["n"]), axis=dim)

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """The differences of what arrived, with zeros at both ends, and the sign turned."""
        parts, dim = _joined(call)
        gradient = np.moveaxis(upstream[0], dim, -1)
        for _ in range(int(call["n"])):
            ends = np.zeros((*gradient.shape[:-1], 1))
            gradient = -np.diff(np.concatenate([ends, gradient, ends], axis=-1), axis=-1)
        gradient = np.moveaxis(gradient, -1, dim)
        found, start = {}, 0
        for key, part in parts:
            end = start + part.shape[dim]
            found[key] = np.take(gradient, range(start, end), axis=dim)
            start = end
        return found

    def equation(self, case: Forward) -> Worked:
        """x₁ - x₀."""
        x, settings = case.needed("input"), case.settings
        if settings["n"] != 1 or case.operand("prepend") is not None or case.operand("append") is not None:
            return super().equation(case)
        axis = int(settings["dim"]) % x.array.ndim
        after = tuple(place + (i == axis) for i, place in enumerate(case.index))
        return Worked(
            Sub(x.at(after), x.at(case.index)),
            Sub(x.number(after), x.number(case.index)),
            x.value_at(after) - x.value_at(case.index),
        )


def _joined(call: Call) -> tuple[list[tuple[str, Array]], int]:
    """What is put in a row, by key, and along which dimension."""
    x = call.array("input")
    if x.dtype.kind == "b" or not x.ndim:
        raise UnfitError("differences of truths have no formula here", "这里没有布尔值之差的公式")
    named = [(key, call.array(key)) for key in ("prepend", "input", "append") if call.get(key) is not None]
    return named, int(call["dim"]) % x.ndim


@operation("trapezoid(y, x=None, *, dx=1.0, dim=-1)", "trapz(y, x=None, *, dx=1.0, dim=-1)")
class Trapezoid(Operation):
    """The area under a curve, by straight lines between its points."""

    words = Words(
        (
            "trapezoid is the area under a curve, by straight lines between its points.",
            "trapezoid 用梯形法求曲线下的面积。",
        ),
        (
            "Each point gets the gradient times half the width of the strips beside it.",
            "每个点得到梯度乘以其两侧宽度之和的一半。",
        ),
    )

    def forward(self, call: Call) -> Array:
        """Σ width · mean height."""
        y, widths = _heights(call)
        return np.asarray((widths * (y[..., 1:] + y[..., :-1])).sum(axis=-1) / 2)

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """Half the widths on both sides; a place gets the differences of the heights beside it."""
        y, widths = _heights(call)
        arrived, dim = upstream[0][..., None], int(call["dim"])
        sides = np.zeros(np.broadcast_shapes(y.shape, (*widths.shape[:-1], y.shape[-1])))
        sides[..., 1:] += widths
        sides[..., :-1] += widths
        found = {"y": np.moveaxis(summed_to(arrived * sides / 2, y.shape), -1, dim)}
        key = _places_key(call)
        if key is not None:
            x = call.array(key)
            sums = arrived * (y[..., 1:] + y[..., :-1]) / 2
            by_place = np.zeros((*sums.shape[:-1], sums.shape[-1] + 1))
            by_place[..., 1:] += sums
            by_place[..., :-1] -= sums
            found[key] = summed_to(by_place if x.ndim == 1 else np.moveaxis(by_place, -1, dim), x.shape)
        return found


def _places_key(call: Call) -> str | None:
    return next((key for key in ("x", "input") if isinstance(call.get(key), np.ndarray)), None)


def _heights(call: Call) -> tuple[Array, Array]:
    """Heights (..., n) and widths that broadcast to (..., n - 1)."""
    y, key = np.moveaxis(call.array("y"), int(call["dim"]), -1), _places_key(call)
    if key is None:
        return y, np.full(max(y.shape[-1] - 1, 0), float(call.number("dx")))
    x = call.array(key)
    return y, np.diff(x if x.ndim == 1 else np.moveaxis(x, int(call["dim"]), -1), axis=-1)


class Quantiles(Operation):
    """The number below which a share q of the numbers lies, between two of them if none is there."""

    leaves_out: ClassVar[bool] = False

    def forward(self, call: Call) -> Array:
        """Lower number plus a part of the way to the upper one."""
        lines, order, below, above, part, _ = self._placed(call)
        ordered = np.take_along_axis(lines, order, axis=-1)
        low, high = np.take_along_axis(ordered, below, axis=-1), np.take_along_axis(ordered, above, axis=-1)
        with np.errstate(all="ignore"):
            made = np.where(part < 0.5, low + part * (high - low), high - (high - low) * (1 - part))
            made = np.where(low == high, low, made)
        if not self.leaves_out:
            made = np.where(np.isnan(lines).any(axis=-1, keepdims=True), np.nan, made)
        return self._shaped(call, made)

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """Both numbers beside the quantile share what arrived."""
        lines, order, below, above, part, axes = self._placed(call)
        arrived = (
            upstream[0].reshape(-1, *lines.shape[:-1])
            if call.array("q").ndim
            else upstream[0].reshape(1, *lines.shape[:-1])
        )
        arrived = np.moveaxis(arrived, 0, -1)
        rows = int(np.prod(lines.shape[:-1]))
        sent = np.zeros((rows, lines.shape[-1]))
        for places, share in ((below, 1 - part), (above, part)):
            real = np.take_along_axis(order, places, axis=-1).reshape(rows, -1)
            np.add.at(sent, (np.arange(rows)[:, None], real), (arrived * share).reshape(rows, -1))
        return {"input": put_back(sent.reshape(lines.shape), call.array("input").shape, axes)}

    def _placed(self, call: Call) -> tuple[Array, Array, Array, Array, Array, tuple[int, ...]]:
        """Lines, their order, places in it below and above each quantile, the part of the way, dimensions."""
        x, q = call.array("input"), call.array("q")
        axes = axes_of(call.arguments, x.ndim)
        lines = lines_of(x, axes)
        order = np.argsort(lines, axis=-1, kind="stable")
        known = (~np.isnan(lines)).sum(axis=-1, keepdims=True) if self.leaves_out else np.asarray(lines.shape[-1])
        ranks = np.broadcast_to(q.reshape(-1) * np.maximum(known - 1, 0), (*lines.shape[:-1], q.size))
        how = str(call["interpolation"])
        rounded = {"lower": np.floor, "higher": np.ceil, "nearest": np.rint}.get(how)
        ranks = ranks if rounded is None else rounded(ranks)
        below = np.floor(ranks).astype(np.int64)
        above = np.ceil(ranks).astype(np.int64)
        part = np.where(above > below, 0.5, 0.0) if how == "midpoint" else ranks - below
        return lines, order, below, above, part, axes

    def _shaped(self, call: Call, made: Array) -> Array:
        x, q = call.array("input"), call.array("q")
        axes = axes_of(call.arguments, x.ndim)
        keep = bool(call["keepdim"])
        shape = tuple(1 if axis in axes else n for axis, n in enumerate(x.shape) if keep or axis not in axes)
        return np.moveaxis(made, -1, 0).reshape((q.size, *shape) if q.ndim else shape)


@operation("quantile(input, q, dim=None, keepdim=False, *, interpolation='linear')")
class Quantile(Quantiles):
    """NaN if one is NaN."""

    words = Words(
        (
            "quantile is the number below which a given share of the numbers lies.",
            "quantile 求分位数：给定比例的数都比它小。",
        ),
        ("The two numbers beside the quantile share the gradient.", "分位数两侧的两个数分得梯度。"),
    )


@operation("nanquantile(input, q, dim=None, keepdim=False, *, interpolation='linear')")
class NanQuantile(Quantiles):
    """Of what is a number."""

    leaves_out = True
    words = Words(
        ("nanquantile is the quantile of what is a number.", "nanquantile 忽略 NaN 求分位数。"),
        ("The two numbers beside the quantile share the gradient.", "分位数两侧的两个数分得梯度。"),
    )
