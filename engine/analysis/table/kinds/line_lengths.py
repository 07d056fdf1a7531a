"""The length of a line of numbers (its p-norm), how it changes with each of them, and how it is written."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...notation.expression import Call as Applied
from ...notation.expression import Equals, EquationLine, Expression, Fraction, Number, Power, Root, Sum, Text
from ...notation.numbers import default_digits
from ..call import Array
from ..case import Operand, subscripted
from ..sums import elided, first_and_last


def length(x: Array, p: float, axes: tuple[int, ...]) -> Array:
    """The p-norm along axes, which stay with size 1."""
    if p == np.inf:
        return np.asarray(np.abs(x).max(axis=axes, keepdims=True, initial=0.0))
    if p == 2:
        return np.asarray(np.sqrt((x * x).sum(axis=axes, keepdims=True)))
    return np.asarray((np.abs(x) ** p).sum(axis=axes, keepdims=True) ** (1 / p))


def length_slope(x: Array, length: Array, p: float, axes: tuple[int, ...]) -> Array:
    """d‖x‖/dx: sign(x) (|x| / ‖x‖)^(p-1), 0 where x is 0; the largest ones share it for p = inf."""
    with np.errstate(all="ignore"):
        if p == np.inf:
            largest = np.abs(x) == length
            return np.asarray(np.sign(x) * largest / largest.sum(axis=axes, keepdims=True))
        slope = np.sign(x) * (np.abs(x) / length) ** (p - 1)
    return np.where((x == 0) | (length == 0), 0.0, slope)


def named(x: Operand) -> Expression:
    """‖x‖."""
    return Applied("norm", (x.expression,))


def written_length(x: Operand, numbers: NDArray[np.float64], p: float) -> tuple[Expression, Expression]:
    """A norm in symbols and with some of the numbers."""
    each = subscripted(x.expression, "k")
    shown = [_derived(float(numbers[i]), x) for i in first_and_last(range(numbers.size))]
    if p == np.inf:
        return Applied("max", (Applied("abs", (each,)),)), Applied("max", tuple(Applied("abs", (n,)) for n in shown))
    power = Number(p)
    terms: list[Expression] = [Power(n if p == 2 else Applied("abs", (n,)), power) for n in shown]
    below = Sum(Power(each if p == 2 else Applied("abs", (each,)), power), Text("k"))
    total = elided(terms, numbers.size)
    if p == 2:
        return Root(below), Root(total)
    return Power(below, Fraction(Number(1), power)), Power(total, Fraction(Number(1), power))


def length_line(x: Operand, numbers: NDArray[np.float64], p: float, length: float) -> EquationLine:
    symbols, shown = written_length(x, numbers.reshape(-1), p)
    return EquationLine(Equals((named(x), symbols, shown, _derived(length, x))), "The length.")


def _derived(x: float, like: Operand) -> Number:
    return Number(x, default_digits(like.array.dtype.type(0)))
