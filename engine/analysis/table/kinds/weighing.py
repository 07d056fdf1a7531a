"""Ops whose results are weighted sums of their input, dimension by dimension: means of windows, interpolation.

NOTE [Weights that multiply]
Along each dimension a result has a few places with a weight each; with several dimensions it reads all combinations,
and the weight of one is the product of its weights along each dimension. So the op is carried out along one dimension
after the other, and its gradient by the transpose of each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from ....bilingual import Bilingual, listed
from ...notation.expression import Expression, Fraction, Number, Product
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Index, Operand, Worked
from ..operation import Operation
from ..sums import elided, first_and_last
from .inner_numbers import DIGITS
from .kernel_terms import settings_of
from .many_terms import Sides, values_at
from .windows import NAMES, Axis, Places, grid, one_place


class Weighing(Operation):
    """A row of an op that weighs the places of its input's last dimensions; see NOTE [Weights that multiply]."""

    order = ("input",)

    def axes(self, call: Call, shape: Index) -> tuple[Axis, ...]:
        """The places and weights along each of the last dimensions. call: arrays may be missing; shape: the input's."""
        raise NotImplementedError

    def forward(self, call: Call) -> Array:
        """Weighted sums along one dimension after the other."""
        x = call.array("input")
        return weigh(x, self.checked_axes(call, x))

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """Each place gets what arrived for the results that read it, times the weights with which they did."""
        return {"input": weigh_back(upstream[0], self.checked_axes(call, call.array("input")))}

    def checked_axes(self, call: Call, x: Array) -> tuple[Axis, ...]:
        """Raises UnfitError where torch does not compute with real numbers."""
        if x.dtype.kind != "f":
            raise UnfitError("its numbers are not real numbers", "它的数值不是实数")
        return self.axes(call, x.shape)

    def equation(self, case: Forward) -> Worked:
        """The elements that are read, each times its weight; of equal weights, their sum over a number."""
        x = case.needed("input")
        axes = self.axes(settings_of(case), x.array.shape)
        spot = case.index[len(case.index) - len(axes) :]
        reads = [axis.read(i) for axis, i in zip(axes, spot, strict=True)]
        weights = [[axis.weight(i, u) for u, _ in read] for axis, i, read in zip(axes, spot, reads, strict=True)]
        places = grid(*([n] for n in case.index[: -len(axes)]), *([place for _, place in read] for read in reads))
        return Worked(*weighted(x, places, _products(weights)), note=window_note(reads))

    def gradient_equation(self, case: Backward) -> Worked:
        """What arrived for each result that read the element, times the weight with which it did."""
        axes = self.axes(settings_of(case), case.wrt.array.shape)
        spot = case.index[len(case.index) - len(axes) :]
        readers = [axis.readers(i) for axis, i in zip(axes, spot, strict=True)]
        weights = [[axis.weight(i, u) for u, i in part] for axis, part in zip(axes, readers, strict=True)]
        places = grid(*([n] for n in case.index[: -len(axes)]), *([i for _, i in part] for part in readers))
        note = (
            Bilingual(f"{len(places)} results read this element.", f"有 {len(places)} 个结果用到这个元素。")
            if len(places) != 1
            else Bilingual("One result read this element.", "有 1 个结果用到这个元素。")
        )
        return Worked(*weighted(case.upstream, places, _products(weights)), note=note)


def weigh(x: Array, axes: Sequence[Axis]) -> Array:
    """Each axis' weighted sums, along the last dimensions of an array."""
    for place, axis in enumerate(axes):
        x = axis.gather(x, x.ndim - len(axes) + place)
    return x


def weigh_back(gradient: Array, axes: Sequence[Axis]) -> Array:
    """The transpose of `weigh`."""
    for place, axis in enumerate(axes):
        gradient = axis.scatter(gradient, gradient.ndim - len(axes) + place)
    return gradient


def weighted(operand: Operand, places: Places, weights: NDArray[np.float64]) -> Sides:
    """Σ weight·value over places; without those whose weight is 0."""
    if np.any(weights != 0):
        places, weights = places[weights != 0], weights[weights != 0]
    computed = float(np.sum(values_at(operand, places) * weights))
    shown = [tuple(places[i].tolist()) for i in first_and_last(range(len(places)))]
    used = [float(weights[i]) for i in first_and_last(range(len(places)))]
    symbols: list[Expression] = [operand.at(i) for i in shown]
    numbers: list[Expression] = [operand.number(i) for i in shown]
    if len(places) and np.allclose(weights, weights[0], 1e-12):
        return _shared(elided(symbols, len(places)), used[0]), _shared(elided(numbers, len(places)), used[0]), computed
    symbols = [Product((Number(weight, DIGITS), part)) for weight, part in zip(used, symbols, strict=True)]
    numbers = [Product((Number(weight, DIGITS), part)) for weight, part in zip(used, numbers, strict=True)]
    return elided(symbols, len(places)), elided(numbers, len(places)), computed


def _shared(total: Expression, weight: float) -> Expression:
    """A sum times a weight: over 4, where that is a quarter."""
    if weight == 1:
        return total
    divisor = 1 / weight if weight else 0.0
    if weight and abs(divisor - round(divisor)) < 1e-9 * abs(divisor):
        return Fraction(total, Number(round(divisor)))
    return Product((Number(weight, DIGITS), total))


def _products(weights: Sequence[Sequence[float]]) -> NDArray[np.float64]:
    """The weights of all combinations, in the order of `grid`."""
    return np.asarray(reduce(np.multiply.outer, [np.asarray(part, np.float64) for part in weights])).reshape(-1)


def window_note(reads: Sequence[Sequence[tuple[int, int]]]) -> Bilingual:
    """Which places a result reads: "The window: rows 2 to 3, columns 4 to 5."."""
    if not all(reads):
        return Bilingual("The window lies outside the input.", "窗口落在输入之外。")
    words = window_words(reads)
    return Bilingual(f"The window: {words.english}.", f"窗口：{words.chinese}。")


def window_words(reads: Sequence[Sequence[tuple[int, int]]]) -> Bilingual:
    """Places along each dimension: "rows 2 to 3, column 4"."""
    parts = []
    for name, read in zip(NAMES[len(reads)], reads, strict=True):
        first, last = read[0][1], read[-1][1]
        parts.append(one_place(name, first) if first == last else _from_to(name, first, last))
    return listed(parts)


def _from_to(name: Bilingual, first: int, last: int) -> Bilingual:
    return Bilingual(f"{name.english}s {first} to {last}", f"第 {first} 到第 {last} {name.chinese}")
