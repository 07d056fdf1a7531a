"""Rows of comparisons: equal, smaller, larger, nearly equal; finite or not; among some numbers.

Formulas: PyTorch's documentation of torch.eq, isclose and isin.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import numpy as np

from ...notation.expression import Call as Applied
from ...notation.expression import Expression, Number, Row, Text
from ..call import Array, Call
from ..case import Forward, Worked
from ..kinds.deciding import Deciding, in_one_type
from ..kinds.pointwise import Settings
from ..operation import Operation, operation
from ..words import Words


class Comparison(Deciding):
    """x ? y."""

    operands = ("input", "other")
    compares: ClassVar[Callable[..., Array]]

    def compute(self, settings: Settings, *x: Array) -> Array:
        plain = (isinstance(settings.get("input"), int | float), isinstance(settings.get("other"), int | float))
        return np.asarray(type(self).compares(*in_one_type(x[0], x[1], numbers=plain)))


@operation("eq(input, other)")
class Equal(Comparison):
    """x = y."""

    sign, compares = "==", np.equal
    words = Words(("eq says at each place whether both numbers are equal.", "eq 逐位判断两个数是否相等。"))


@operation("ne(input, other)", "not_equal(input, other)")
class Unequal(Comparison):
    """x ≠ y."""

    sign, compares = "≠", np.not_equal
    words = Words(("ne says at each place whether the numbers differ.", "ne 逐位判断两个数是否不等。"))


@operation("lt(input, other)", "less(input, other)")
class Less(Comparison):
    """x < y."""

    sign, compares = "<", np.less
    words = Words(("lt says at each place whether the first number is smaller.", "lt 逐位判断第一个数是否较小。"))


@operation("le(input, other)", "less_equal(input, other)")
class LessEqual(Comparison):
    """x ≤ y."""

    sign, compares = "≤", np.less_equal
    words = Words(
        ("le says at each place whether the first number is not larger.", "le 逐位判断第一个数是否不大于第二个。")
    )


@operation("gt(input, other)", "greater(input, other)")
class Greater(Comparison):
    """x > y."""

    sign, compares = ">", np.greater
    words = Words(("gt says at each place whether the first number is larger.", "gt 逐位判断第一个数是否较大。"))


@operation("ge(input, other)", "greater_equal(input, other)")
class GreaterEqual(Comparison):
    """x ≥ y."""

    sign, compares = "≥", np.greater_equal
    words = Words(
        ("ge says at each place whether the first number is not smaller.", "ge 逐位判断第一个数是否不小于第二个。")
    )


@operation("isclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False)")
class Close(Deciding):
    """|x - y| ≤ atol + rtol |y|."""

    operands = ("input", "other")
    words = Words(
        ("isclose says at each place whether both numbers are nearly equal.", "isclose 逐位判断两个数是否近似相等。")
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        one, other = x
        same = (one == other) | (bool(settings["equal_nan"]) & np.isnan(one) & np.isnan(other))
        apart = np.abs(one - other)
        near = apart <= settings["atol"] + np.abs(settings["rtol"] * other)
        loose = settings["atol"] != 0 or settings["rtol"] != 0
        return np.asarray(same | (loose & np.isfinite(apart) & near))

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Row((x[0], Text("≈"), x[1]))


class Kinship(Deciding):
    """A question about one number."""

    asks: ClassVar[Callable[..., Array]]

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(type(self).asks(x[0]))


@operation("isnan(input)")
class IsNan(Kinship):
    """Whether it is NaN."""

    asks = np.isnan
    words = Words(("isnan says at each place whether there is no number (NaN).", "isnan 逐位判断是否为 NaN（非数）。"))


@operation("isinf(input)")
class IsInf(Kinship):
    """Whether it is ∞ or -∞."""

    asks = np.isinf
    words = Words(("isinf says at each place whether the number is infinite.", "isinf 逐位判断是否为无穷大。"))


@operation("isposinf(input)")
class IsPosInf(Kinship):
    """Whether it is ∞."""

    asks = np.isposinf
    words = Words(("isposinf says at each place whether the number is +∞.", "isposinf 逐位判断是否为正无穷。"))


@operation("isneginf(input)")
class IsNegInf(Kinship):
    """Whether it is -∞."""

    asks = np.isneginf
    words = Words(("isneginf says at each place whether the number is -∞.", "isneginf 逐位判断是否为负无穷。"))


@operation("isfinite(input)")
class IsFinite(Kinship):
    """Whether it is a number that is not infinite."""

    asks = np.isfinite
    words = Words(
        (
            "isfinite says at each place whether the number is neither infinite nor NaN.",
            "isfinite 逐位判断是否为有限数。",
        )
    )


@operation("isreal(input)")
class IsReal(Kinship):
    """Whether it has no imaginary part."""

    asks = np.isreal
    words = Words(
        ("isreal says at each place whether the number has no imaginary part.", "isreal 逐位判断虚部是否为零。")
    )


@operation("signbit(input)")
class SignBit(Kinship):
    """Whether its sign is a minus; that of -0 too."""

    asks = np.signbit
    words = Words(("signbit says at each place whether the sign is a minus.", "signbit 逐位判断符号位是否为负。"))

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(np.signbit(x[0]) if x[0].dtype.kind == "f" else x[0] < 0)


@operation("isin(elements, test_elements, *, assume_unique=False, invert=False)")
class Among(Operation):
    """Whether it is one of some numbers."""

    words = Words(
        (
            "isin says at each place whether the number is one of the given ones.",
            "isin 逐位判断元素是否在给定的集合中。",
        )
    )

    def forward(self, call: Call) -> Array:
        """np.isin."""
        return np.isin(call.array("elements"), call.array("test_elements"), invert=bool(call["invert"]))

    def equation(self, case: Forward) -> Worked:
        """x ∈ the others."""
        x, others = case.needed("elements"), case.needed("test_elements")
        place = case.index if x.array.ndim else ()
        found = bool(np.isin(x.array[place], others.array)) != bool(case.settings["invert"])
        sign = Text("∉" if case.settings["invert"] else "∈")
        shown = [Number(float(number)) for number in others.array.reshape(-1)[:4]]
        among = Applied("", (*shown, Text("⋯")) if others.array.size > 4 else tuple(shown))
        return Worked(Row((x.at(place), sign, others.expression)), Row((x.number(place), sign, among)), float(found))
