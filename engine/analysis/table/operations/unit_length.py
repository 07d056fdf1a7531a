"""Row of normalize: numbers are divided by their length.

Formula: PyTorch's documentation of torch.nn.functional.normalize.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ....bilingual import Bilingual
from ...notation.expression import Call as Applied
from ...notation.expression import Equals, EquationLine, Fraction, Number, Product, Sub, Sum, Symbol, Text
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Index, Worked
from ..kinds.inner_numbers import derived
from ..kinds.lengths import length, length_line, named, slopes
from ..kinds.normalizing import ALL, Place
from ..operation import Operation, operation
from ..words import Words

Settings = Mapping[str, Any]

_TWO = Number(2)


@operation("normalize(input, p=2.0, dim=1, eps=1e-12, out=None)")
class Normalize(Operation):
    """x / max(‖x‖, ε) along a dimension, ‖x‖ the p-norm."""

    nodes = ("DivBackward",)
    order = ("input",)
    words = Words(
        (
            "normalize divides numbers by their length along a dimension, so that the length becomes 1.",
            "normalize 沿一个维度把数除以其长度（范数），使长度变为 1。",
        ),
        (
            "Only the part of the gradient that turns the line remains; what would make it longer is taken out.",
            "梯度中只保留改变方向的部分；只会改变长度的部分被去掉。",
        ),
    )

    def forward(self, call: Call) -> Array:
        """x over its length."""
        x = _real(call)
        with np.errstate(all="ignore"):
            return np.asarray(
                x / np.maximum(length(x, *_norm(call.arguments, x.ndim), keepdims=True), call.number("eps"))
            )

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """dC/dx = (G - Σ(G y) d‖x‖/dx) / ‖x‖; where ε took the length's place only G / ε."""
        (G,) = upstream
        x, eps = _real(call), call.number("eps")
        p, axes = _norm(call.arguments, x.ndim)
        with np.errstate(all="ignore"):
            size = length(x, p, axes, keepdims=True)
            below = np.maximum(size, eps)
            pull = np.sum(G * x, axis=axes, keepdims=True) / below**2
            return {"input": G / below - np.where(size >= eps, pull, 0.0) * slopes(x, size, p, axes)}

    def equation(self, case: Forward) -> Worked:
        """The element over the length of its line."""
        x, eps = case.needed("input"), float(case.settings["eps"])
        p, axes = _norm(case.settings, x.array.ndim)
        line = _line(case.index, axes, x.array.ndim)
        numbers = np.asarray(x.array[line], dtype=np.float64).reshape(-1)
        size = float(length(numbers, p))
        symbols = Applied("max", (named(x), Symbol("ε")))
        written = derived(size, x) if size >= eps else Number(eps)
        return Worked(
            Fraction(x.at(case.index), symbols),
            Fraction(x.number(case.index), written),
            x.value_at(case.index) / max(size, eps),
            before=(length_line(x, numbers, p, size),),
            note=Bilingual(
                f"The length is that of {numbers.size} numbers along dimension {', '.join(map(str, axes))}.",
                f"这是沿第 {'、'.join(map(str, axes))} 维的 {numbers.size} 个数的长度。",
            ),
        )

    def gradient_equation(self, case: Backward) -> Worked:
        """(g - Σ(g y) d‖x‖/dx) / ‖x‖."""
        x, g, eps = case.wrt, case.upstream, float(case.settings["eps"])
        p, axes = _norm(case.settings, x.array.ndim)
        line, at = _line(case.index, axes, x.array.ndim), case.index
        numbers, sent = (np.asarray(part.array[line], dtype=np.float64) for part in (x, g))
        along = tuple(range(numbers.ndim))
        found = length(numbers, p, along, keepdims=True)
        size = float(found.reshape(-1)[0])
        if size < eps:
            note = Bilingual(
                "The length is below ε, so ε stands in its place and does not change.",
                "长度小于 ε，因此用 ε 代替，而且它不变。",
            )
            return Worked(
                Fraction(g.at(at), Symbol("ε")), Fraction(g.number(at), Number(eps)), g.value_at(at) / eps, note=note
            )
        inner = float(np.sum(sent * numbers)) / size
        own = tuple(i for axis, i in enumerate(at) if axis in axes)
        slope = float(np.broadcast_to(slopes(numbers, found, p, along), numbers.shape)[own])
        sums = Sum(Product((g.expression, case.result.expression)), Text("k"))
        turn = Fraction(Applied("d", (named(x),)), Applied("d", (x.at(at),)))
        lines = (
            length_line(x, numbers, p, size),
            EquationLine(Equals((sums, derived(inner, x)))),
            EquationLine(
                Equals((turn, derived(slope, x))),
                Bilingual("How the length changes with this number.", "长度随这个数的变化。"),
            ),
        )
        return Worked(
            Fraction(Sub(g.at(at), Product((sums, turn))), named(x)),
            Fraction(Sub(g.number(at), Product((derived(inner, x), derived(slope, x)))), derived(size, x)),
            (g.value_at(at) - inner * slope) / size,
            before=lines,
        )


def _real(call: Call) -> Array:
    x = call.array("input")
    if x.dtype.kind == "c":
        raise UnfitError("there is no formula here for complex numbers", "这里没有适用于复数的公式")
    return x


def _norm(settings: Settings, dimensions: int) -> tuple[float, tuple[int, ...]]:
    """p and the axes of a norm."""
    p, dim = float(settings["p"]), settings["dim"]
    if p <= 0:
        raise UnfitError("there is a formula for powers above 0 only", "只有幂次大于 0 时才有公式")
    found = [dim] if isinstance(dim, int) else list(dim)
    return p, tuple(int(axis) % max(dimensions, 1) for axis in found if dimensions)


def _line(index: Index, axes: tuple[int, ...], dimensions: int) -> Place:
    """All places that differ from an index along some axes only."""
    return tuple(ALL if axis in axes else index[axis] for axis in range(dimensions))
