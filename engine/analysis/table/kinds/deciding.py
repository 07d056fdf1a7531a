"""Ops that answer a question at each place: comparisons and logic. Nothing can flow back through an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np

from ...notation.expression import Call as Applied
from ...notation.expression import Expression, Group, Row, Text
from ..call import Array, Call, UnfitError, wide
from ..case import Forward, Worked
from .pointwise import Pointwise, Settings, stretched


class Deciding(Pointwise):
    """A row without a gradient, whose operands keep their type: ~1 is -2, and ~True is False.

    sign: how it is written between two operands; "" for one that is written as a function, `title` of them.
    """

    sign: ClassVar[str] = ""
    title: ClassVar[str] = ""

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """There is none."""
        raise UnfitError("it has no gradient", "它没有梯度")

    def equation(self, case: Forward) -> Worked:
        """The formula at one place, of numbers in their own type."""
        pairs = [(operand, stretched(case.index, operand.array.shape)) for operand in self._operands(case)]
        with np.errstate(all="ignore"):
            numbers = [wide(np.asarray(operand.array[place])) for operand, place in pairs]
            computed = float(self.compute(case.settings, *numbers))
        return Worked(
            self._asked(self.write(case.settings, *(operand.at(place) for operand, place in pairs))),
            self._asked(self.write(case.settings, *(operand.number(place) for operand, place in pairs))),
            computed,
        )

    def _asked(self, question: Expression) -> Expression:
        """In parentheses, so that x = y == z is not read as a chain."""
        return Group(question) if isinstance(question, Row) and len(question.parts) > 2 else question

    def write(self, settings: Settings, *x: Expression) -> Expression:
        if self.sign:
            return Row((x[0], Text(self.sign), x[1])) if len(x) > 1 else Row((Text(self.sign), x[0]))
        return Applied(self.title or type(self).__name__.lower(), x)


def in_one_type(x: Array, y: Array, *, numbers: tuple[bool, bool]) -> tuple[Array, Array]:
    """Two operands as torch compares them: a plain number in the type of the tensor beside it.

    numbers: which of them are plain numbers. A tensor's type is taken to be the smallest that holds all it has, so that
    0.1 equals a float32 that was made from 0.1.
    """
    if numbers[0] == numbers[1]:
        return x, y
    tensor, number = (y, x) if numbers[0] else (x, y)
    if tensor.dtype.kind != "f" or number.dtype.kind != "f":
        return x, y
    for narrow in (np.float16, np.float32):
        if np.array_equal(tensor.astype(narrow).astype(np.float64), tensor, equal_nan=True):
            number = number.astype(narrow).astype(np.float64)
            break
    return (number, tensor) if numbers[0] else (tensor, number)
