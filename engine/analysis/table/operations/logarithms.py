"""Rows of exponentials and logarithms.

Formulas: school calculus, and derivatives.yaml of PyTorch for logaddexp and xlogy at their kinks.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from ...notation.expression import Add, Expression, Fraction, Number, Power, Product, Sub
from ...notation.expression import Call as Applied
from ..call import Array
from ..kinds.curve import as_floats, curve
from ..kinds.pointwise import ONE, Pointwise, Settings
from ..operation import operation
from ..words import Words
from .arithmetic import TWO, Slopes, Written


def _ln(x: Expression) -> Expression:
    return Applied("ln", (x,))


curve(
    "exp",
    np.exp,
    lambda x, y: y,
    Words(
        ("exp raises e to each number.", "exp 以每个数为指数求 e 的幂。"),
        ("exp is its own slope: the gradient is multiplied by the result.", "exp 的导数是它自己：梯度乘以结果。"),
    ),
    slope_text=lambda x, y: y,
)

curve(
    "exp2 special_exp2",
    np.exp2,
    lambda x, y: y * np.log(2.0),
    Words(
        ("exp2 raises 2 to each number.", "exp2 以每个数为指数求 2 的幂。"),
        ("The gradient is multiplied by the result and by ln 2.", "梯度乘以结果再乘以 ln 2。"),
    ),
    write=lambda x: Power(TWO, x),
    slope_text=lambda x, y: Product((y, _ln(TWO))),
)

curve(
    "expm1 special_expm1",
    np.expm1,
    lambda x, y: y + 1,
    Words(
        (
            "expm1 raises e to each number and takes off 1, exactly near 0 too.",
            "expm1 求 e 的幂再减 1，在 0 附近也精确。",
        ),
        ("The gradient is multiplied by e to the number, which is the result plus 1.", "梯度乘以 e 的幂，即结果加 1。"),
    ),
    write=lambda x: Sub(Applied("exp", (x,)), ONE),
    slope_text=lambda x, y: Add((y, ONE)),
)

curve(
    "log",
    np.log,
    lambda x, y: 1 / x,
    Words(
        ("log takes the natural logarithm of each number.", "log 求每个数的自然对数。"),
        (
            "The gradient is divided by the number, so it grows without bound towards 0.",
            "梯度除以该数，因此在 0 附近趋于无穷。",
        ),
    ),
    write=_ln,
    slope_text=lambda x, y: Fraction(ONE, x),
)

curve(
    "log2",
    np.log2,
    lambda x, y: 1 / (x * np.log(2.0)),
    Words(
        ("log2 takes the logarithm to base 2 of each number.", "log2 求每个数以 2 为底的对数。"),
        ("The gradient is divided by the number and by ln 2.", "梯度除以该数再除以 ln 2。"),
    ),
    slope_text=lambda x, y: Fraction(ONE, Product((x, _ln(TWO)))),
)

curve(
    "log10",
    np.log10,
    lambda x, y: 1 / (x * np.log(10.0)),
    Words(
        ("log10 takes the logarithm to base 10 of each number.", "log10 求每个数以 10 为底的对数。"),
        ("The gradient is divided by the number and by ln 10.", "梯度除以该数再除以 ln 10。"),
    ),
    slope_text=lambda x, y: Fraction(ONE, Product((x, _ln(Number(10))))),
)

curve(
    "log1p special_log1p",
    np.log1p,
    lambda x, y: 1 / (x + 1),
    Words(
        (
            "log1p is the logarithm of 1 plus each number, exact near 0 too.",
            "log1p 求 1 加该数的对数，在 0 附近也精确。",
        ),
        ("The gradient is divided by 1 plus the number.", "梯度除以 1 加该数。"),
    ),
    write=lambda x: _ln(Add((ONE, x))),
    slope_text=lambda x, y: Fraction(ONE, Add((ONE, x))),
)


class LogOfSum(Pointwise):
    """log_b(b^x + b^y), without overflow; slopes are the shares of b^x and b^y in the sum."""

    operands = ("input", "other")
    base: ClassVar[float]

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        one, other = as_floats(x[0]), as_floats(x[1])
        return [1 / (1 + self.base ** (other - one)), 1 / (1 + self.base ** (one - other))]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        inside = Add((self.raised(x[0]), self.raised(x[1])))
        return _ln(inside) if self.base != 2 else Applied("log2", (inside,))

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Written:
        ways = (Sub(x[1], x[0]), Sub(x[0], x[1]))
        return [Fraction(ONE, Add((ONE, self.raised(way)))) for way in ways]

    def raised(self, x: Expression) -> Expression:
        """b^x."""
        return Power(TWO, x) if self.base == 2 else Applied("exp", (x,))


@operation("logaddexp(input, other)")
class LogAddExp(LogOfSum):
    """ln(e^x + e^y)."""

    nodes = ("LogaddexpBackward",)
    base = float(np.e)
    words = Words(
        ("logaddexp adds two numbers that are given by their logarithms.", "logaddexp 对以对数给出的两个数求和。"),
        ("Each number gets its share of the sum as its part of the gradient.", "每个数按其在和中所占的份额分得梯度。"),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(np.logaddexp(x[0], x[1]))


@operation("logaddexp2(input, other)")
class LogAddExp2(LogOfSum):
    """log2(2^x + 2^y)."""

    nodes = ("Logaddexp2Backward",)
    base = 2.0
    words = Words(
        (
            "logaddexp2 adds two numbers that are given by their logarithms to base 2.",
            "logaddexp2 对以 2 为底的对数给出的两个数求和。",
        ),
        ("Each number gets its share of the sum as its part of the gradient.", "每个数按其在和中所占的份额分得梯度。"),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(np.logaddexp2(x[0], x[1]))


class TimesLog(Pointwise):
    """x ln(y + shift), and 0 for x = 0."""

    operands = ("input", "other")
    shift: ClassVar[float]

    def compute(self, settings: Settings, *x: Array) -> Array:
        one, other = as_floats(x[0]), as_floats(x[1])
        product = np.where(one == 0, 0.0, one * self._log(other))
        return np.asarray(np.where(np.isnan(other), np.nan, product))

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        one, other = as_floats(x[0]), as_floats(x[1])
        flat = (one == 0) & (other <= -self.shift)
        return [np.where(flat, 0.0, self._log(other)), one / (1 + other if self.shift else other)]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Product((x[0], _ln(self._inside(x[1]))))

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Written:
        return [_ln(self._inside(x[1])), Fraction(x[0], self._inside(x[1]))]

    def _log(self, x: Array) -> Array:
        return np.asarray(np.log1p(x) if self.shift else np.log(x))

    def _inside(self, x: Expression) -> Expression:
        return Add((ONE, x)) if self.shift else x


@operation("xlogy(input, other)", "special_xlogy(input, other)")
class XLogY(TimesLog):
    """x ln y."""

    nodes = ("XlogyBackward",)
    shift = 0.0
    words = Words(
        ("xlogy is x times the logarithm of y, and 0 where x is 0.", "xlogy 是 x 乘以 y 的对数，x 为 0 时结果为 0。"),
        (
            "x gets the gradient times the logarithm, y gets it times x over y.",
            "x 得到梯度乘以对数，y 得到梯度乘以 x 与 y 之比。",
        ),
    )


@operation("special_xlog1py(input, other)")
class XLog1PY(TimesLog):
    """x ln(1 + y)."""

    nodes = ("SpecialXlog1PyBackward",)
    shift = 1.0
    words = Words(
        (
            "xlog1py is x times the logarithm of 1 + y, and 0 where x is 0.",
            "xlog1py 是 x 乘以 1 + y 的对数，x 为 0 时结果为 0。",
        ),
        (
            "x gets the gradient times the logarithm, y gets it times x over 1 + y.",
            "x 得到梯度乘以对数，y 得到梯度乘以 x 与 1 + y 之比。",
        ),
    )
