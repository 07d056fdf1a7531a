"""Lengths of differences: the p-norm, its derivative, and both in textbook notation.

‖d‖ = (Σ |d|^p)^(1/p); p = 2 is Euclid's, p = 1 adds the parts up, p = ∞ takes the largest (-∞ the smallest), p = 0
counts those not 0. The length has no derivative at d = 0, and there torch takes 0.
Formulas: PyTorch's documentation of PairwiseDistance and linalg.vector_norm.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...notation.expression import Call as Applied
from ...notation.expression import Expression, Fraction, Power, Product, Root, Sum, Text
from ..call import Array
from ..sums import elided
from .loss import ONE, TWO, exact


def length(d: Array, p: float) -> Array:
    """The p-norm along the last dimension."""
    size = np.abs(d)
    if not d.shape[-1]:
        return np.zeros(d.shape[:-1])
    if p == 2:
        return np.asarray(np.sqrt((d * d).sum(axis=-1)))
    if p == 1:
        return np.asarray(size.sum(axis=-1))
    if p == 0:
        return np.asarray((d != 0).sum(axis=-1), dtype=np.float64)
    if np.isinf(p):
        return np.asarray(size.max(axis=-1) if p > 0 else size.min(axis=-1))
    with np.errstate(all="ignore"):
        return np.asarray((size**p).sum(axis=-1) ** (1 / p))


def slopes(d: Array, whole: Array, p: float, *, ties_share: bool = True) -> Array:
    """∂‖d‖/∂d, of d's shape. whole: ‖d‖ without d's last dimension.

    ties_share: where several parts are the largest (p = ∞), each gets its share, or else all of them the whole.
    """
    whole, size = whole[..., None], np.abs(d)
    with np.errstate(all="ignore"):
        if p == 0:
            return np.zeros_like(d)
        if p == 1:
            return np.sign(d)
        if np.isinf(p):
            largest = size == whole
            return np.asarray(np.sign(d) * largest / (largest.sum(axis=-1, keepdims=True) if ties_share else 1.0))
        if p == 2:
            found = d / whole
        else:
            found = np.sign(d) * size ** (p - 1) / whole ** (p - 1)
            found = np.where((size == 0) & (p < 1), 0.0, found)
    return np.asarray(np.where(whole == 0, 0.0, found))


def write_length(
    p: float, general: Expression, below: str, shown: Sequence[Expression], count: int
) -> tuple[Expression, Expression]:
    """‖d‖ in symbols and with numbers. general: any d, with a letter; shown: the numbers of those written out."""
    numbers = [_part(p, d) for d in shown]
    if np.isinf(p):
        rest: tuple[Expression, ...] = (Text("…"),) if count > len(shown) else ()
        name = "max" if p > 0 else "min"
        return Applied(name, (_part(p, general),)), Applied(name, (*numbers[:-1], *rest, *numbers[-1:]))
    return _root(p, Sum(_part(p, general), Text(below))), _root(p, elided(numbers, count))


def write_slope(p: float, d: Expression, whole: Expression) -> Expression | None:
    """∂‖d‖/∂d in textbook notation; None where only its number says it."""
    if p == 2:
        return Fraction(d, whole)
    sign = Applied("sign", (d,))
    if p == 1:
        return sign
    if p == 0 or np.isinf(p):
        return None
    power = exact(p - 1)
    return Product((sign, Fraction(Power(Applied("abs", (d,)), power), Power(whole, power))))


def _part(p: float, d: Expression) -> Expression:
    if p == 2:
        return Power(d, TWO)
    if p == 0:
        return Applied("nonzero", (d,))
    size = Applied("abs", (d,))
    return size if p == 1 or np.isinf(p) else Power(size, exact(p))


def _root(p: float, whole: Expression) -> Expression:
    if p == 2:
        return Root(whole)
    return whole if p in (0, 1) else Power(whole, Fraction(ONE, exact(p)))
