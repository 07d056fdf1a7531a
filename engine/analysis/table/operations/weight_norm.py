"""Rows of weight normalization: a weight is a direction and a length.

Formulas: Salimans and Kingma, Weight Normalization, section 2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...notation.expression import Equals, EquationLine, Fraction, Number, Power, Product, Sub, Sum, Text
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Index, Worked
from ..kinds.inner_numbers import derived
from ..kinds.lengths import length, length_line, named, written_length
from ..kinds.normalizing import ALL, Place
from ..kinds.pointwise import summed_to
from ..operation import Operation, operation
from ..words import Words

Settings = Mapping[str, Any]

_TWO = Number(2)


@operation("norm_except_dim(input, pow=2, dim=0)")
class NormExceptDim(Operation):
    """‖v‖ of each slice along a dimension; of all numbers for dim = -1."""

    nodes = ("NormBackward", "LinalgVectorNormBackward")
    order = ("input",)
    words = Words(
        (
            "norm_except_dim is the length of each slice along a dimension.",
            "norm_except_dim 求沿某一维度每个切片的长度（范数）。",
        ),
        ("Each number gets the gradient times its share of the length.", "每个数得到的梯度乘以它在长度中的比例。"),
    )

    def forward(self, call: Call) -> Array:
        """The lengths, of size 1 in the other dimensions."""
        if call["pow"] != 2:
            raise UnfitError("there is a formula for the root of squares only", "只有平方和的平方根才有公式")
        return _slice_lengths(call.array("input"), int(call["dim"]))

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """dC/dv = G v / ‖v‖."""
        v, lengths = call.array("input"), self.forward(call)
        return {"input": upstream[0] * np.divide(v, lengths, out=np.zeros_like(v), where=lengths != 0)}

    def equation(self, case: Forward) -> Worked:
        """The root of the sum of squares."""
        v, dim = case.needed("input"), int(case.settings["dim"])
        at = case.index[dim] if case.index else 0
        numbers = np.asarray(v.array[_slice(v.array.ndim, dim, at)], dtype=np.float64).reshape(-1)
        return Worked(*written_length(v, numbers, 2.0), float(np.sqrt(np.sum(numbers**2))))

    def gradient_equation(self, case: Backward) -> Worked:
        """g v / ‖v‖."""
        v, g, size = case.wrt, case.upstream, case.result
        own = tuple(0 if count == 1 else i for i, count in zip(case.index, size.array.shape, strict=False))
        return Worked(
            Product((g.at(own), Fraction(v.at(case.index), size.at(own)))),
            Product((g.number(own), Fraction(v.number(case.index), size.number(own)))),
            g.value_at(own) * v.value_at(case.index) / size.value_at(own),
        )


@operation("_weight_norm(v, g, dim=0)")
class WeightNorm(Operation):
    """w = g v / ‖v‖: direction and length of a weight as parameters of their own."""

    nodes = ("WeightNormInterfaceBackward",)
    order = ("g", "v")
    words = Words(
        (
            "weight_norm gives each slice of a weight the direction of v and the length g.",
            "weight_norm 使权重的每个切片具有 v 的方向和 g 的长度。",
        ),
        (
            "g gets the part of the gradient along v; v gets the rest, which turns it and does not make it longer.",
            "g 得到梯度沿 v 方向的部分；v 得到其余部分，只改变方向而不改变长度。",
        ),
    )

    def forward(self, call: Call) -> Array:
        """g v / ‖v‖."""
        v, dim = call.array("v"), int(call["dim"])
        with np.errstate(all="ignore"):
            return np.asarray(v * (call.array("g") / _slice_lengths(v, dim)))

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """dC/dg = Σ G v / ‖v‖; dC/dv = g / ‖v‖ (G - v Σ(G v) / ‖v‖²)."""
        (G,) = upstream
        v, g, dim = call.array("v"), call.array("g"), int(call["dim"])
        if np.broadcast_shapes(g.shape, _slice_lengths(v, dim).shape) != _slice_lengths(v, dim).shape:
            raise UnfitError("its lengths do not lie along the dimension", "它的长度不是沿该维度排列的")
        with np.errstate(all="ignore"):
            lengths = _slice_lengths(v, dim)
            along = (G * v).sum(axis=_other_axes(v.ndim, dim), keepdims=dim != -1) / lengths
            return {"g": summed_to(along, g.shape), "v": g / lengths * (G - v * along / lengths)}

    def equation(self, case: Forward) -> Worked:
        """One number of v, brought to the length g of its slice."""
        v, g = case.needed("v"), case.needed("g")
        numbers, own = self._slice(case)
        size = float(np.sqrt(np.sum(numbers**2)))
        return Worked(
            Product((g.at(own), Fraction(v.at(case.index), named(v)))),
            Product((g.number(own), Fraction(v.number(case.index), derived(size, v)))),
            g.value_at(own) * v.value_at(case.index) / size,
            before=(length_line(v, numbers, 2.0, size),),
        )

    def gradient_equation(self, case: Backward) -> Worked:
        """For g the gradient along v; for v what is left of it, times g / ‖v‖."""
        v, g, G = case.needed("v"), case.needed("g"), case.upstream
        numbers, own = self._slice(case)
        sent = np.asarray(G.array[self._place(case)], dtype=np.float64).reshape(-1)
        size, along = float(np.sqrt(np.sum(numbers**2))), float(np.sum(sent * numbers))
        sums = Sum(Product((G.expression, v.expression)), Text("k"))
        lines = (length_line(v, numbers, 2.0, size), EquationLine(Equals((sums, derived(along, v)))))
        if case.key == "g":
            return Worked(
                Fraction(sums, named(v)),
                Fraction(derived(along, v), derived(size, v)),
                along / size,
                before=lines,
            )
        at, square = case.index, Power(named(v), _TWO)
        number = derived(size, v)
        return Worked(
            Product((Fraction(g.at(own), named(v)), Sub(G.at(at), Product((v.at(at), Fraction(sums, square)))))),
            Product((
                Fraction(g.number(own), number),
                Sub(G.number(at), Product((v.number(at), Fraction(derived(along, v), Power(number, _TWO))))),
            )),
            g.value_at(own) / size * (G.value_at(at) - v.value_at(at) * along / size**2),
            before=lines,
        )  # fmt: skip

    def _place(self, case: Forward | Backward) -> Place:
        v, dim = case.needed("v").array, int(case.settings["dim"])
        return _slice(v.ndim, dim, case.index[dim] if case.index else 0)

    def _slice(self, case: Forward | Backward) -> tuple[NDArray[np.float64], Index]:
        """The numbers of v in the element's slice, and the place of its length in g."""
        v, g = case.needed("v"), case.needed("g")
        read = np.asarray(v.array[self._place(case)], dtype=np.float64).reshape(-1)
        return read, tuple(0 if size == 1 else i for i, size in zip(case.index, g.array.shape, strict=False))


def _other_axes(dimensions: int, dim: int) -> tuple[int, ...]:
    """All axes but one; -1 stands for none."""
    return tuple(axis for axis in range(dimensions) if dim == -1 or axis != dim)


def _slice_lengths(v: Array, dim: int) -> Array:
    """The length of each slice along an axis, of size 1 in the others; of all numbers for -1."""
    if v.dtype.kind == "c":
        raise UnfitError("there is no formula here for complex numbers", "这里没有适用于复数的公式")
    return length(v, 2.0, _other_axes(v.ndim, dim), keepdims=dim != -1)


def _slice(dimensions: int, dim: int, at: int) -> Place:
    return tuple(at if axis == dim else ALL for axis in range(dimensions))
