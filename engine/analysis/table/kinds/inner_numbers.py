"""Numbers inside an op that were not recorded (scores of attention, gates of an LSTM): computed again, and named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ...notation.expression import Expression, Matrix, Number, Product, Sum, Text
from ...notation.numbers import default_digits
from ..call import Array
from ..case import Index, Operand, subscripted
from ..sums import SHOWN_TERMS, elided, first_and_last, joined

SHOWN_IN_ROW = 6
"""Numbers of a row that are written out."""

DIGITS = 7
"""Significant digits of a number that was computed again: as many as those beside it, of float32, have."""


class Numbers(Protocol):
    """What has a symbol and numbers: an `Operand`, or numbers inside an op."""

    @property
    def array(self) -> Array: ...

    def at(self, index: Sequence[int | str]) -> Expression: ...

    def number(self, index: Index) -> Number: ...


@dataclass(frozen=True, slots=True)
class Inner:
    """Numbers that an op works with and does not hand out, computed in float64."""

    symbol: Expression
    array: Array

    def at(self, index: Sequence[int | str]) -> Expression:
        """Its symbol with the place below."""
        return subscripted(self.symbol, ",".join(map(str, index)))

    def number(self, index: Index) -> Number:
        """The number at a place."""
        return number_inside(float(self.array[index]))


def number_inside(x: float) -> Number:
    """A number that was computed again, with as many digits as those beside it."""
    return Number(x, DIGITS)


def derived(x: float, like: Operand) -> Number:
    """A number that was computed again, with as many digits as the recorded ones of a value carry."""
    return Number(x, default_digits(like.array.dtype.type(0)))


Worked = tuple[Expression, Expression, float]
"""In symbols, with numbers, and in float64."""


def sum_of_products(
    left: Numbers,
    right: Numbers,
    places: Sequence[tuple[Index, Index]],
    general: tuple[Sequence[int | str], Sequence[int | str]],
    below: str,
) -> Worked:
    """Σ left·right over pairs of places. general: the places with letters, for Σ; below: what stands below it."""
    shown = first_and_last(places)
    numbers: list[Expression] = [Product((left.number(i), right.number(j))) for i, j in shown]
    computed = float(np.sum(_gathered(left, [i for i, _ in places]) * _gathered(right, [j for _, j in places])))
    if len(places) <= SHOWN_TERMS:
        return joined([Product((left.at(i), right.at(j))) for i, j in shown]), joined(numbers), computed
    body = Product((left.at(general[0]), right.at(general[1])))
    return Sum(body, Text(below)), elided(numbers, len(places)), computed


def sum_over(values: Numbers, places: Sequence[Index], general: Sequence[int | str], below: str) -> Worked:
    """Σ of numbers at some places."""
    shown = first_and_last(places)
    numbers: list[Expression] = [values.number(i) for i in shown]
    computed = float(np.sum(_gathered(values, places)))
    if len(places) <= SHOWN_TERMS:
        return joined([values.at(i) for i in shown]), joined(numbers), computed
    return Sum(values.at(general), Text(below)), elided(numbers, len(places)), computed


def _gathered(values: Numbers, places: Sequence[Index]) -> Array:
    """The numbers at some places, in float64."""
    if not places or not places[0]:
        return np.full(len(places), values.array[()] if places else 0.0, dtype=np.float64)
    return np.asarray(values.array[tuple(np.asarray(places).T)], dtype=np.float64)


def row_of_numbers(row: Array) -> Matrix:
    """Numbers side by side in brackets; of many the first few and the last."""
    cells: list[Expression] = [number_inside(float(x)) for x in np.ravel(row)[:SHOWN_IN_ROW]]
    if row.size > SHOWN_IN_ROW:
        cells[-2:] = [Text("⋯"), number_inside(float(np.ravel(row)[-1]))]
    return Matrix((tuple(cells),))
