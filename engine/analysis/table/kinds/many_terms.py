"""Sums of so many terms that places are kept as arrays: a weight of a convolution is used at thousands of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ...notation.expression import Expression, Product, Sum, Text
from ..call import UnfitError
from ..case import Index, Operand
from ..sums import SHOWN_TERMS, elided, first_and_last, joined
from .windows import Places

Sides = tuple[Expression, Expression, float]
"""A sum in symbols, with the numbers of the terms that are shown, and in float64."""


def values_at(operand: Operand, places: Places) -> NDArray[np.float64]:
    """The recorded numbers at places (shape (count, dimensions)), in float64. Raises UnfitError for complex ones."""
    if np.iscomplexobj(operand.array):
        raise UnfitError("its numbers are complex", "它的数值是复数")
    return np.asarray(operand.array[tuple(places.T)], dtype=np.float64)


def sum_of_products(
    left: Operand, right: Operand, at: tuple[Places, Places], general: Sequence[Sequence[int | str]], below: str
) -> Sides:
    """Σ left·right over pairs of places. general: the places with letters; below: the limits' text below Σ."""
    count = len(at[0])
    pairs = [(_index(at[0], i), _index(at[1], i)) for i in first_and_last(range(count))]
    symbols: Expression = Sum(Product((left.at(general[0]), right.at(general[1]))), Text(below))
    if count <= SHOWN_TERMS:
        symbols = joined([Product((left.at(i), right.at(j))) for i, j in pairs])
    numbers: list[Expression] = [Product((left.number(i), right.number(j))) for i, j in pairs]
    computed = float(np.sum(values_at(left, at[0]) * values_at(right, at[1])))
    return symbols, elided(numbers, count), computed


def plain_sum(operand: Operand, places: Places, general: Sequence[int | str], below: str) -> Sides:
    """Σ of one value over places."""
    count = len(places)
    shown = [_index(places, i) for i in first_and_last(range(count))]
    written: Expression = Sum(operand.at(general), Text(below))
    symbols = joined([operand.at(i) for i in shown]) if count <= SHOWN_TERMS else written
    numbers: list[Expression] = [operand.number(i) for i in shown]
    return symbols, elided(numbers, count), float(np.sum(values_at(operand, places)))


def _index(places: Places, i: int) -> Index:
    return tuple(places[i].tolist())
