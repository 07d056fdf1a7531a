"""Rows of division: exact, rounded, and what is left over.

Formulas: PyTorch's documentation of torch.div, floor_divide, remainder and fmod. A rounded quotient is flat, so it has
no gradient; a remainder x - y ⌊x/y⌋ has slope 1 by x and -⌊x/y⌋ by y.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np

from ...notation.expression import Call as Applied
from ...notation.expression import Expression, Fraction, Neg, Number, Power, Product, Sub
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Operand
from ..kinds.pointwise import ONE, Pointwise, Settings
from ..operation import operation
from ..words import Words
from .arithmetic import TWO, Slopes, Written

_DIVISIONS = "div divide true_divide"


def _rounded(mode: str | None, x: Array, y: Array) -> Array:
    """x / y rounded down ("floor"), towards zero ("trunc"), or not at all."""
    if mode is None:
        return np.asarray(np.true_divide(x, y))
    if mode == "floor":
        return np.asarray(np.floor_divide(x, y))
    return np.trunc(np.true_divide(x, y))


@operation(*(f"{name}(input, other, *, rounding_mode=None)" for name in _DIVISIONS.split()))
class Divide(Pointwise):
    """x / y, rounded if asked for."""

    operands = ("input", "other")
    nodes = ("DivBackward",)
    order = ("other", "input")
    words = Words(
        ("div divides its first argument by its second, place by place.", "div 逐位用第一个参数除以第二个参数。"),
        (
            "The numerator gets the gradient divided by the denominator, the denominator that times minus the "
            "quotient; a rounded quotient lets nothing through.",
            "分子得到梯度除以分母，分母得到的还要再乘以负的商；取整后的商不让梯度通过。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return _rounded(settings.get("rounding_mode"), *x)

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        if settings.get("rounding_mode") is not None:
            return [0.0, 0.0]
        return [1.0 / x[1], -(x[0] / x[1]) / x[1]]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        mode, quotient = settings.get("rounding_mode"), Fraction(x[0], x[1])
        return quotient if mode is None else Applied(str(mode), (quotient,))

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Written:
        if settings.get("rounding_mode") is not None:
            return [Number(0), Number(0)]
        return [Fraction(ONE, x[1]), Neg(Fraction(x[0], Power(x[1], TWO)))]


class Turned(Pointwise):
    """A row whose operands a reflected operator names the other way round: `7 % x` is `x.__rmod__(7)`."""

    operands = ("input", "other")
    order = ("other", "input")

    def _present(self, call: Call) -> list[str]:
        names = super()._present(call)
        return names[::-1] if _is_reflected(call.function) else names

    def _operands(self, case: Forward | Backward) -> list[Operand]:
        found = super()._operands(case)
        return found[::-1] if _is_reflected(case.op.function) else found


def _is_reflected(function: str) -> bool:
    return function.rpartition(".")[2] in ("__rfloordiv__", "__rmod__")


@operation("floordiv(input, other)", "floor_divide(input, other)")
class FloorDivide(Turned):
    """⌊x / y⌋."""

    words = Words(
        ("The quotient is rounded down to a whole number.", "商向下取整。"),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return _rounded("floor", *x)

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """Torch has none."""
        raise UnfitError("torch has no gradient for it", "torch 没有它的梯度")

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Applied("floor", (Fraction(x[0], x[1]),))


class Remainder(Turned):
    """x minus as many whole y as fit; `mode` says how the quotient is rounded."""

    mode: ClassVar[str]

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        return [1.0, -_rounded(self.mode, *x)]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Sub(x[0], Product((x[1], self._whole(*x))))

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Written:
        return [ONE, Neg(self._whole(*x))]

    def _whole(self, *x: Expression) -> Expression:
        return Applied(self.mode, (Fraction(x[0], x[1]),))


@operation("remainder(input, other)", "mod(input, other)")
class FloorRemainder(Remainder):
    """x - y ⌊x/y⌋, with the sign of y."""

    nodes = ("RemainderBackward",)
    mode = "floor"
    words = Words(
        (
            "remainder is what is left over by a division that rounds down; it has the divisor's sign.",
            "remainder 是向下取整的除法所得的余数，符号与除数相同。",
        ),
        (
            "What is divided gets the gradient unchanged, the divisor as often as it was taken away, with a minus.",
            "被除数得到原样的梯度，除数得到的梯度要乘以被减去的次数并变号。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(np.remainder(*x))


@operation("fmod(input, other)")
class TruncatedRemainder(Remainder):
    """x - y trunc(x/y), with the sign of x."""

    nodes = ("FmodBackward",)
    mode = "trunc"
    words = Words(
        (
            "fmod is what is left over by a division that rounds towards zero; it has the sign of what is divided.",
            "fmod 是向零取整的除法所得的余数，符号与被除数相同。",
        ),
        (
            "What is divided gets the gradient unchanged, the divisor as often as it was taken away, with a minus.",
            "被除数得到原样的梯度，除数得到的梯度要乘以被减去的次数并变号。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(np.fmod(*x))
