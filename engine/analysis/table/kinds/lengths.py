"""Lengths of vectors: the p-norm, how it changes with each number, and both in textbook notation.

‖x‖ = (Σ |x|^p)^(1/p); p = 2 is Euclid's, p = 1 adds the sizes up, p = ∞ takes the largest (-∞ the smallest), p = 0
counts those not 0. The length has no derivative at x = 0, and there torch takes 0.
Formulas: PyTorch's documentation of PairwiseDistance and linalg.vector_norm; norm_backward of its FunctionsManual.cpp.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ....bilingual import Bilingual
from ...notation.expression import Call as Applied
from ...notation.expression import Equals, EquationLine, Expression, Fraction, Power, Product, Root, Sum, Text
from ..call import Array
from ..case import Operand, subscripted
from ..sums import elided, first_and_last
from .curve import as_floats, sign
from .factors import ONE, TWO, exact
from .inner_numbers import derived

Axes = tuple[int, ...] | int


def length(x: Array, p: float, axes: Axes = -1, *, keepdims: bool = False) -> Array:
    """The p-norm along axes; 0 where there are no numbers."""
    size = np.abs(as_floats(x))
    if not size.size:
        return np.asarray(size.sum(axis=axes, keepdims=keepdims))
    if np.isinf(p):
        return np.asarray((np.max if p > 0 else np.min)(size, axis=axes, keepdims=keepdims))
    if p == 0:
        return np.asarray((size != 0).sum(axis=axes, keepdims=keepdims), dtype=np.float64)
    if p == 1:
        return np.asarray(size.sum(axis=axes, keepdims=keepdims))
    if p == 2:
        return np.asarray(np.sqrt((size * size).sum(axis=axes, keepdims=keepdims)))
    with np.errstate(all="ignore"):
        return np.asarray((size**p).sum(axis=axes, keepdims=keepdims) ** (1 / p))


def slopes(x: Array, whole: Array, p: float, axes: Axes = -1, *, ties_share: bool = True) -> Array:
    """∂‖x‖/∂x, of x's shape. whole: ‖x‖, of which the axes have size 1.

    ties_share: where several numbers are the largest (p = ∞), each gets its share, or else all of them the whole.
    """
    x = as_floats(x)
    size = np.abs(x)
    if p == 0:
        return np.zeros_like(x)
    if p == 1:
        return sign(x)
    with np.errstate(all="ignore"):
        if np.isinf(p):
            largest = (size == whole) | (np.isnan(size) & np.isnan(whole))
            return np.asarray(sign(x) * largest / (largest.sum(axis=axes, keepdims=True) if ties_share else 1.0))
        found = x / whole if p == 2 else sign(x) * size ** (p - 1) / whole ** (p - 1)
        if p < 1:
            found = np.where(size == 0, 0.0, found)
    return np.asarray(np.where(whole == 0, 0.0, found))


def write_length(
    p: float, general: Expression, below: str, shown: Sequence[Expression], count: int
) -> tuple[Expression, Expression]:
    """‖x‖ in symbols and with numbers. general: any x, with a letter; shown: the numbers of those written out."""
    numbers = [_part(p, x) for x in shown]
    if np.isinf(p):
        rest: tuple[Expression, ...] = (Text("…"),) if count > len(shown) else ()
        name = "max" if p > 0 else "min"
        return Applied(name, (_part(p, general),)), Applied(name, (*numbers[:-1], *rest, *numbers[-1:]))
    return _root(p, Sum(_part(p, general), Text(below))), _root(p, elided(numbers, count))


def write_slope(p: float, x: Expression, whole: Expression) -> Expression | None:
    """∂‖x‖/∂x in textbook notation; None where only its number says it."""
    if p == 2:
        return Fraction(x, whole)
    sign_of_x = Applied("sign", (x,))
    if p == 1:
        return sign_of_x
    if p == 0 or np.isinf(p):
        return None
    power = exact(p - 1)
    return Product((sign_of_x, Fraction(Power(Applied("abs", (x,)), power), Power(whole, power))))


def named(x: Operand) -> Expression:
    """‖x‖."""
    return Applied("norm", (x.expression,))


def written_length(x: Operand, numbers: NDArray[np.float64], p: float) -> tuple[Expression, Expression]:
    """The length of some numbers of a value, in symbols and with some of the numbers."""
    flat = numbers.reshape(-1)
    shown = [derived(float(flat[i]), x) for i in first_and_last(range(flat.size))]
    return write_length(p, subscripted(x.expression, "k"), "k", shown, flat.size)


def length_line(x: Operand, numbers: NDArray[np.float64], p: float, length: float) -> EquationLine:
    """The line that says a length before it is used."""
    symbols, shown = written_length(x, numbers, p)
    return EquationLine(Equals((named(x), symbols, shown, derived(length, x))), Bilingual("The length.", "长度。"))


def _part(p: float, x: Expression) -> Expression:
    if p == 2:
        return Power(x, TWO)
    if p == 0:
        return Applied("nonzero", (x,))
    size = Applied("abs", (x,))
    return size if p == 1 or np.isinf(p) else Power(size, exact(p))


def _root(p: float, whole: Expression) -> Expression:
    if p == 2:
        return Root(whole)
    return whole if p in (0, 1) else Power(whole, Fraction(ONE, exact(p)))
