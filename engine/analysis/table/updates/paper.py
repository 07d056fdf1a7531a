"""Arithmetic on paper: one formula for whole arrays, and for one element in symbols, with its numbers, and worked out.

NOTE [One formula, two pages]
A rule is written once, as a function of a page. An `ArrayPage` hands it arrays in float64, so that it computes the step
of a whole parameter; an `ElementPage` hands it `Term`s, which note down what is done with them, so that it writes the
equation of one element. Hence what is explained and what is checked cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....bilingual import Bilingual
from ...notation.expression import Call, Expression, Fraction, Neg, Number, Power, Product, Root, Sub, Text
from ..sums import flat_add

Quantity = Any
"""What a formula is written with: an array or a plain number on an `ArrayPage`, a `Term` on an `ElementPage`."""


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A number on paper: how it is written in symbols, with the numbers put in, and what it comes to in float64."""

    symbols: Expression
    numbers: Expression
    value: float

    # numpy's numbers shall leave arithmetic with a term to the term.
    __array_ufunc__ = None

    def __add__(self, other: Quantity) -> Term:
        return _joined(flat_add, self, other, lambda a, b: a + b)

    def __radd__(self, other: Quantity) -> Term:
        return term(other) + self

    def __sub__(self, other: Quantity) -> Term:
        return _joined(Sub, self, other, lambda a, b: a - b)

    def __rsub__(self, other: Quantity) -> Term:
        return term(other) - self

    def __mul__(self, other: Quantity) -> Term:
        return _joined(_product, self, other, lambda a, b: a * b)

    def __rmul__(self, other: Quantity) -> Term:
        return term(other) * self

    def __truediv__(self, other: Quantity) -> Term:
        return _joined(Fraction, self, other, lambda a, b: a / b)

    def __rtruediv__(self, other: Quantity) -> Term:
        return term(other) / self

    def __pow__(self, other: Quantity) -> Term:
        return _joined(Power, self, other, lambda a, b: a**b)

    def __rpow__(self, other: Quantity) -> Term:
        return term(other) ** self

    def __neg__(self) -> Term:
        return Term(Neg(self.symbols), Neg(self.numbers), -self.value)


def term(x: Quantity) -> Term:
    """A plain number as a term that is written as that number."""
    return x if isinstance(x, Term) else Term(Number(x), Number(x), np.float64(x))


def _joined(
    write: Callable[[Expression, Expression], Expression],
    left: Term,
    other: Quantity,
    compute: Callable[[Any, Any], Any],
) -> Term:
    right = term(other)
    # numpy's float64 gives inf and nan where Python's float raises.
    value = compute(np.float64(left.value), np.float64(right.value))
    return Term(write(left.symbols, right.symbols), write(left.numbers, right.numbers), value)


def _product(left: Expression, right: Expression) -> Expression:
    """a·b·c rather than (a·b)·c."""
    factors: tuple[Expression, ...] = ()
    for part in (left, right):
        factors += part.factors if isinstance(part, Product) and part.sign == "·" else (part,)
    return Product(factors)


def _applied(name: str, compute: Callable[..., Any], *x: Quantity) -> Quantity:
    """A function of terms, as max(a, b), or of arrays."""
    if not any(isinstance(part, Term) for part in x):
        return compute(*x)
    terms = [term(part) for part in x]
    return Term(
        Call(name, tuple(part.symbols for part in terms)),
        Call(name, tuple(part.numbers for part in terms)),
        compute(*(np.float64(part.value) for part in terms)),
    )


def sqrt(x: Quantity) -> Quantity:
    """Square root."""
    return Term(Root(x.symbols), Root(x.numbers), np.sqrt(x.value)) if isinstance(x, Term) else np.sqrt(x)


def absolute(x: Quantity) -> Quantity:
    """The number without its sign."""
    return _applied("abs", np.abs, x)


def sign(x: Quantity) -> Quantity:
    """1, 0 or -1."""
    return _applied("sgn", np.sign, x)


def cosine(x: Quantity) -> Quantity:
    """Of an angle in radians."""
    return _applied("cos", np.cos, x)


def largest(x: Quantity, y: Quantity) -> Quantity:
    """The larger of two; nan if one is nan."""
    return _applied("max", np.maximum, x, y)


def smallest(x: Quantity, y: Quantity) -> Quantity:
    """The smaller of two; nan if one is nan."""
    return _applied("min", np.minimum, x, y)


def by_sign(x: Quantity, positive: Quantity, negative: Quantity, otherwise: Quantity) -> Quantity:
    """One of three, by the sign of x; of terms only the chosen one is written."""
    if not isinstance(x, Term):
        return np.where(np.asarray(x) > 0, positive, np.where(np.asarray(x) < 0, negative, otherwise))
    return term(positive if x.value > 0 else negative if x.value < 0 else otherwise)


def complement(share: Quantity) -> Quantity:
    """1 - share; its number is printed without the noise of the float format."""
    if not isinstance(share, Term):
        return 1 - share
    value = 1 - share.value
    return Term(Sub(Number(1), share.symbols), Number(round(value, 12)), value)


def known(name: str | Bilingual, value: float) -> Term:
    """A term that is written as words and as its number: what was found by looking at the whole array."""
    return Term(Text(name), Number(value), np.float64(value))
