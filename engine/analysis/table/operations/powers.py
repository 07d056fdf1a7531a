"""Rows of powers: x ** n with a number or a tensor on either side, squares, roots.

Formulas: d(xⁿ)/dx = n xⁿ⁻¹ and d(xⁿ)/dn = xⁿ ln x; where these have no value (0⁰), what PyTorch takes: 0 (functions
pow_backward_self and pow_backward_exponent of its FunctionsManual.cpp).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...notation.expression import Call as Applied
from ...notation.expression import Expression, Fraction, Neg, Number, Power, Product, Root, Sub
from ..call import Array
from ..kinds.curve import as_floats, curve
from ..kinds.pointwise import ONE, Pointwise, Settings
from ..operation import operation
from ..words import Words
from .arithmetic import TWO, Slopes, Written

ZERO = Number(0)


def power(x: Array, n: Array) -> Array:
    """x to the n-th; of integers to a negative power what is whole of it, as torch has it."""
    if x.dtype.kind in "biu" and n.dtype.kind in "biu":
        raised = np.asarray(np.power(x.astype(np.int64), np.maximum(n.astype(np.int64), 0)))
        inverse = np.where(x == 1, 1, np.where(x == -1, 1 - 2 * (n % 2), 0))
        return np.asarray(np.where(n < 0, inverse, raised))
    return np.asarray(np.power(x, n))


def power_of_number(x: Array, n: Array) -> Array:
    """x to the n-th for a plain number n: torch takes a root for 0.5 and -0.5, which is not the same for -0 and -∞."""
    if n in (0.5, -0.5):
        root = np.sqrt(as_floats(x))
        return np.asarray(root if n == 0.5 else 1 / root)
    return power(x, n)


def slope_by_base(x: Array, n: Array, raised: Callable[[Array, Array], Array] = power) -> Array:
    """n xⁿ⁻¹, and 0 for n = 0. raised: how the power is taken."""
    return np.asarray(np.where(n == 0, 0.0, n * raised(as_floats(x), np.asarray(n - 1))))


def slope_by_exponent(x: Array, n: Array, y: Array) -> Array:
    """xⁿ ln x, and 0 for a base of 0 and an exponent that is not negative."""
    return np.asarray(np.where((x == 0) & (np.real(n) >= 0), 0.0, y * np.log(as_floats(x))))


def write_slope_by_base(x: Expression, n: Expression) -> Expression:
    """n·xⁿ⁻¹, simply 2·x for n = 2."""
    if not isinstance(n, Number):
        return Product((n, Power(x, Sub(n, ONE))))
    if n.value in (0, 1):
        return Number(n.value)
    return Product((n, x if n.value == 2 else Power(x, Number(n.value - 1))))


def write_slope_by_exponent(x: Expression, y: Expression) -> Expression:
    """y·ln x."""
    return Product((y, Applied("ln", (x,))))


@operation("pow(input, exponent)")
class Raise(Pointwise):
    """x to the n-th."""

    operands = ("input", "exponent")
    nodes = ("PowBackward",)
    order = ("exponent", "input")
    words = Words(
        ("pow raises each number to a power.", "pow 对每个数求幂。"),
        (
            "The base's gradient is multiplied by the exponent and the next lower power: for a square by 2x.",
            "底数的梯度要乘以指数和低一次的幂：对平方就是乘以 2x。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return self._raised(settings)(x[0], x[1])

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        return [slope_by_base(x[0], x[1], self._raised(settings)), slope_by_exponent(x[0], x[1], y)]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Power(x[0], x[1])

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Written:
        return [write_slope_by_base(x[0], x[1]), write_slope_by_exponent(x[0], y)]

    def _raised(self, settings: Settings) -> Callable[[Array, Array], Array]:
        return power_of_number if isinstance(settings.get("exponent"), int | float) else power


@operation("float_power(input, exponent)")
class FloatRaise(Raise):
    """x to the n-th, in float64 whatever goes in."""

    words = Words(
        ("float_power raises each number to a power, in float64.", "float_power 以 float64 对每个数求幂。"),
        (
            "The base's gradient is multiplied by the exponent and the next lower power.",
            "底数的梯度要乘以指数和低一次的幂。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return self._raised(settings)(as_floats(x[0]), as_floats(x[1]))


@operation("rpow(input, other)")
class RaiseTo(Pointwise):
    """n to the x-th: a power whose exponent is the tensor that was asked."""

    operands = ("input", "other")
    nodes = ("PowBackward",)
    order = ("input", "other")
    words = Words(
        ("The base is raised to the tensor's numbers.", "以张量中的数为指数求幂。"),
        (
            "The exponent's gradient is multiplied by the power itself and the logarithm of the base.",
            "指数的梯度要乘以幂本身和底数的对数。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return power(x[1], x[0])

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        return [slope_by_exponent(x[1], x[0], y), slope_by_base(x[1], x[0])]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Power(x[1], x[0])

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Written:
        return [write_slope_by_exponent(x[1], y), write_slope_by_base(x[1], x[0])]


@operation("ldexp(input, other)")
class Scale(Pointwise):
    """x 2ⁿ."""

    operands = ("input", "other")
    nodes = ("MulBackward", "LdexpBackward")
    words = Words(
        ("ldexp multiplies by a power of two.", "ldexp 乘以 2 的幂。"),
        ("The gradient is multiplied by the same power of two.", "梯度乘以同一个 2 的幂。"),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(x[0] * np.exp2(as_floats(x[1])))

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        return [np.exp2(as_floats(x[1])), y * np.log(2.0)]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Product((x[0], Power(TWO, x[1])))

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Written:
        return [Power(TWO, x[1]), Product((y, Applied("ln", (TWO,))))]


@operation("square(input)")
class Square(Pointwise):
    """x²; of integers an integer."""

    nodes = ("PowBackward",)
    words = Words(
        ("square multiplies each number by itself.", "square 求每个数的平方。"),
        ("The gradient is multiplied by 2x.", "梯度乘以 2x。"),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return power(x[0], np.asarray(2))

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        return [2.0 * x[0]]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Power(x[0], TWO)

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Written:
        return [Product((TWO, x[0]))]


curve(
    "sqrt",
    np.sqrt,
    lambda x, y: 1 / (2 * y),
    Words(
        ("sqrt takes the square root of each number.", "sqrt 求每个数的平方根。"),
        (
            "The gradient is divided by twice the root, so it grows without bound towards 0.",
            "梯度除以平方根的两倍，因此在 0 附近趋于无穷。",
        ),
    ),
    write=Root,
    slope_text=lambda x, y: Fraction(ONE, Product((TWO, y))),
)

curve(
    "rsqrt",
    lambda x: 1 / np.sqrt(x),
    lambda x, y: -0.5 * y**3,
    Words(
        ("rsqrt is 1 over the square root of each number.", "rsqrt 求每个数平方根的倒数。"),
        ("The gradient is multiplied by minus half the cube of the result.", "梯度乘以结果立方的一半并变号。"),
    ),
    write=lambda x: Fraction(ONE, Root(x)),
    slope_text=lambda x, y: Neg(Fraction(Power(y, Number(3)), TWO)),
)
