"""Rows of angles: sin, cos, tan, their inverses and hyperbolic kin, atan2, hypot.

Formulas: school calculus; derivatives.yaml of PyTorch for atan2 and sinc.
"""

from __future__ import annotations

import math

import numpy as np

from ...notation.expression import Add, Call, Expression, Fraction, Neg, Number, Power, Product, Root, Sub, Symbol
from ..call import Array
from ..kinds.curve import as_floats, curve
from ..kinds.pointwise import ONE, Pointwise, Settings
from ..operation import operation
from ..words import Words
from .arithmetic import TWO, Slopes, Written

_PI = Symbol("π")


def _square(x: Expression) -> Expression:
    return Power(x, TWO)


curve(
    "sin",
    np.sin,
    lambda x, y: np.cos(x),
    Words(
        ("sin takes the sine of an angle.", "sin 求正弦。"),
        ("The gradient is multiplied by the cosine.", "梯度乘以余弦。"),
    ),
    slope_text=lambda x, y: Call("cos", (x,)),
)
curve(
    "cos",
    np.cos,
    lambda x, y: -np.sin(x),
    Words(
        ("cos takes the cosine of an angle.", "cos 求余弦。"),
        ("The gradient is multiplied by minus the sine.", "梯度乘以负的正弦。"),
    ),
    slope_text=lambda x, y: Neg(Call("sin", (x,))),
)
curve(
    "tan",
    np.tan,
    lambda x, y: 1 + y * y,
    Words(
        ("tan takes the tangent of an angle.", "tan 求正切。"),
        ("The gradient is multiplied by 1 plus the square of the tangent.", "梯度乘以 1 加正切的平方。"),
    ),
    slope_text=lambda x, y: Add((ONE, _square(y))),
)
curve(
    "asin arcsin",
    np.arcsin,
    lambda x, y: 1 / np.sqrt(1 - x * x),
    Words(
        ("asin finds the angle that has this sine.", "asin 求反正弦。"),
        (
            "The gradient is divided by √(1 - x²), so it grows without bound towards ±1.",
            "梯度除以 √(1 - x²)，在 ±1 附近趋于无穷。",
        ),
    ),
    slope_text=lambda x, y: Fraction(ONE, Root(Sub(ONE, _square(x)))),
)
curve(
    "acos arccos",
    np.arccos,
    lambda x, y: -1 / np.sqrt(1 - x * x),
    Words(
        ("acos finds the angle that has this cosine.", "acos 求反余弦。"),
        ("The gradient is divided by √(1 - x²) and its sign is turned.", "梯度除以 √(1 - x²) 并变号。"),
    ),
    slope_text=lambda x, y: Neg(Fraction(ONE, Root(Sub(ONE, _square(x))))),
)
curve(
    "atan arctan",
    np.arctan,
    lambda x, y: 1 / (x * x + 1),
    Words(
        ("atan finds the angle that has this tangent.", "atan 求反正切。"),
        ("The gradient is divided by 1 + x².", "梯度除以 1 + x²。"),
    ),
    slope_text=lambda x, y: Fraction(ONE, Add((ONE, _square(x)))),
)
curve(
    "sinh",
    np.sinh,
    lambda x, y: np.cosh(x),
    Words(
        ("sinh is half the difference of exp(x) and exp(-x).", "sinh 求双曲正弦。"),
        ("The gradient is multiplied by cosh.", "梯度乘以双曲余弦。"),
    ),
    slope_text=lambda x, y: Call("cosh", (x,)),
)
curve(
    "cosh",
    np.cosh,
    lambda x, y: np.sinh(x),
    Words(
        ("cosh is half the sum of exp(x) and exp(-x).", "cosh 求双曲余弦。"),
        ("The gradient is multiplied by sinh.", "梯度乘以双曲正弦。"),
    ),
    slope_text=lambda x, y: Call("sinh", (x,)),
)
curve(
    "asinh arcsinh",
    np.arcsinh,
    lambda x, y: 1 / np.sqrt(x * x + 1),
    Words(
        ("asinh finds the number that has this sinh.", "asinh 求反双曲正弦。"),
        ("The gradient is divided by √(x² + 1).", "梯度除以 √(x² + 1)。"),
    ),
    slope_text=lambda x, y: Fraction(ONE, Root(Add((_square(x), ONE)))),
)
curve(
    "acosh arccosh",
    np.arccosh,
    lambda x, y: 1 / np.sqrt(x * x - 1),
    Words(
        ("acosh finds the number that has this cosh.", "acosh 求反双曲余弦。"),
        ("The gradient is divided by √(x² - 1).", "梯度除以 √(x² - 1)。"),
    ),
    slope_text=lambda x, y: Fraction(ONE, Root(Sub(_square(x), ONE))),
)
curve(
    "atanh arctanh",
    np.arctanh,
    lambda x, y: 1 / (1 - x * x),
    Words(
        ("atanh finds the number that has this tanh.", "atanh 求反双曲正切。"),
        ("The gradient is divided by 1 - x².", "梯度除以 1 - x²。"),
    ),
    slope_text=lambda x, y: Fraction(ONE, Sub(ONE, _square(x))),
)
curve(
    "deg2rad",
    lambda x: x * (math.pi / 180),
    lambda x, y: math.pi / 180,
    Words(
        ("deg2rad turns degrees into radians.", "deg2rad 把角度换成弧度。"),
        ("The gradient is multiplied by π/180.", "梯度乘以 π/180。"),
    ),
    write=lambda x: Product((x, Fraction(_PI, Number(180)))),
    slope_text=lambda x, y: Fraction(_PI, Number(180)),
)
curve(
    "rad2deg",
    lambda x: x * (180 / math.pi),
    lambda x, y: 180 / math.pi,
    Words(
        ("rad2deg turns radians into degrees.", "rad2deg 把弧度换成角度。"),
        ("The gradient is multiplied by 180/π.", "梯度乘以 180/π。"),
    ),
    write=lambda x: Product((x, Fraction(Number(180), _PI))),
    slope_text=lambda x, y: Fraction(Number(180), _PI),
)


def _sinc(x: Array) -> Array:
    product = math.pi * x
    return np.asarray(np.where(x == 0, 1.0, np.sin(product) / np.where(x == 0, 1.0, product)))


def _sinc_slope(x: Array, y: Array) -> Array:
    product = math.pi * x
    safe = np.where(x == 0, 1.0, x)
    return np.asarray(np.where(x == 0, 0.0, (product * np.cos(product) - np.sin(product)) / (math.pi * safe * safe)))


curve(
    "sinc special_sinc",
    _sinc,
    _sinc_slope,
    Words(
        ("sinc is sin(πx)/(πx), and 1 at 0.", "sinc 即 sin(πx)/(πx)，在 0 处为 1。"),
        ("The gradient is multiplied by the slope of that wave, 0 at its top.", "梯度乘以该波形的斜率，在顶点处为 0。"),
    ),
)


@operation("atan2(input, other)", "arctan2(input, other)")
class Atan2(Pointwise):
    """The angle of the point (other, input)."""

    operands = ("input", "other")
    nodes = ("Atan2Backward",)
    words = Words(
        ("atan2 is the angle at which the point (y, x) lies.", "atan2 求点 (y, x) 的方位角。"),
        (
            "Each coordinate gets the gradient times the other one over the square of the distance, x with a minus.",
            "每个坐标得到梯度乘以另一坐标与距离平方之比，x 的还要变号。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(np.arctan2(as_floats(x[0]), as_floats(x[1])))

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        one, other = as_floats(x[0]), as_floats(x[1])
        square = one * one + other * other
        inverse = np.where(square == 0, 0.0, 1 / square)
        return [other * inverse, -one * inverse]

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Written:
        square = Add((_square(x[0]), _square(x[1])))
        return [Fraction(x[1], square), Neg(Fraction(x[0], square))]


@operation("hypot(input, other)")
class Hypot(Pointwise):
    """√(x² + y²)."""

    operands = ("input", "other")
    nodes = ("HypotBackward",)
    words = Words(
        ("hypot is the length of the long side of a right triangle.", "hypot 求直角三角形的斜边长。"),
        ("Each side's gradient is multiplied by its share of the long side.", "每条边的梯度乘以它与斜边之比。"),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(np.hypot(*x))

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        return [x[0] / y, x[1] / y]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Root(Add((_square(x[0]), _square(x[1]))))

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Written:
        return [Fraction(x[0], y), Fraction(x[1], y)]
