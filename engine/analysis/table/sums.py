"""Sums of products, the heart of every layer: Σ a·b in symbols, and with the numbers put in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from ...bilingual import NOTHING, Bilingual
from ..notation.expression import Add, Expression, Number, Product, Sum, Text
from .case import Index, Operand

_T = TypeVar("_T")

SHOWN_TERMS = 4
"""Terms of a sum that are written out; of longer ones the first three and the last."""


@dataclass(frozen=True, slots=True)
class SumOfProducts:
    """Σ left·right over pairs of places. general: the body with letters for places, and the limits' text below Σ."""

    left: Operand
    right: Operand
    places: Sequence[tuple[Index, Index]]
    general: tuple[Sequence[int | str], Sequence[int | str]]
    below: str

    @property
    def computed(self) -> float:
        """The sum in float64."""
        left = self.left.gather([i for i, _ in self.places])
        return float(np.sum(left * self.right.gather([j for _, j in self.places])))

    @property
    def symbols(self) -> Expression:
        """Written out if it is short, with Σ if not."""
        if len(self.places) <= SHOWN_TERMS:
            return joined([Product((self.left.at(i), self.right.at(j))) for i, j in self.places])
        body = Product((self.left.at(self.general[0]), self.right.at(self.general[1])))
        return Sum(body, Text(self.below))

    @property
    def numbers(self) -> Expression:
        """The numbers of the terms that are shown."""
        terms: list[Expression] = [
            Product((self.left.number(i), self.right.number(j))) for i, j in first_and_last(self.places)
        ]
        return elided(terms, len(self.places))


def first_and_last(places: Sequence[_T]) -> list[_T]:
    """The places whose terms are written out: all of a short sum, the first three and the last of a long one."""
    return list(places) if len(places) <= SHOWN_TERMS else [*places[: SHOWN_TERMS - 1], places[-1]]


def elided(terms: Sequence[Expression], count: int) -> Expression:
    """A sum of `count` terms of which only some are written out: dots stand before the last one."""
    return joined(terms if count <= len(terms) else [*terms[:-1], Text("⋯"), terms[-1]])


def joined(terms: Sequence[Expression]) -> Expression:
    """A sum, or its only term, or 0 if there is none."""
    if not terms:
        return Number(0)
    return terms[0] if len(terms) == 1 else Add(tuple(terms))


def counted(count: int, what: Bilingual) -> Bilingual:
    """How many there are, in words: "1 window", "4 windows". what: with its measure word in Chinese ("个窗口")."""
    return Bilingual(f"{count} {what.english}{'' if count == 1 else 's'}", f"{count} {what.chinese}")


def used_at(places: int) -> Bilingual:
    """That an element went in at several places, each with a part of its gradient; nothing where it is one place."""
    if places <= 1:
        return NOTHING
    return Bilingual(
        f"It was used at {places} places; their parts add up.", f"它在 {places} 个位置被用到；各部分相加。"
    )


def flat_add(*parts: Expression) -> Expression:
    """A sum in which sums among the parts are not put into parentheses."""
    terms: list[Expression] = []
    for part in parts:
        terms.extend(part.terms if isinstance(part, Add) else (part,))
    return joined(terms)


def total(
    operand: Operand, places: Sequence[Index], general: Sequence[int | str], below: str
) -> tuple[Expression, Expression, float]:
    """Σ of one value over places: in symbols, with numbers, and in float64."""
    seen = first_and_last(places)
    numbers: list[Expression] = [operand.number(i) for i in seen]
    computed = float(operand.gather(places).sum())
    if len(places) <= SHOWN_TERMS:
        return joined([operand.at(i) for i in seen]), joined(numbers), computed
    return Sum(operand.at(general), Text(below)), elided(numbers, len(places)), computed
