"""Rows of activations: sigmoid, tanh and relu; what all activations have in common.

They work place by place, and have the local derivative a'(z) as a step of its own. Formulas: PyTorch's documentation of
torch.nn.functional; at a kink the value that torch takes (relu'(0) = 0).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

import numpy as np

from ....bilingual import NOTHING, Bilingual
from ...notation.expression import (
    Add,
    Cases,
    Equals,
    EquationLine,
    Expression,
    Fraction,
    Neg,
    Number,
    Power,
    Product,
    Sub,
    Symbol,
    Text,
)
from ...notation.expression import Call as Applied
from ...symbols import FUNCTION_LETTERS
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Index, Operand, Worked
from ..kinds.inner_numbers import derived
from ..kinds.pointwise import ONE, Pointwise, Settings
from ..kinds.special_functions import logistic
from ..operation import operation, row_of
from ..words import Words

E = Symbol("e")
ZERO = Number(0)


class Activation(Pointwise):
    """A row of an activation a(z): its slope is a line of its own before the gradient.

    sign: how the function is written. passes, stops: why a gradient goes through a piece of it, or not; "" for a smooth
    one. takes_complex: its formula and derivative hold for complex numbers too.
    """

    order = ("input",)
    sign: ClassVar[str] = ""
    passes: ClassVar[Bilingual] = NOTHING
    stops: ClassVar[Bilingual] = NOTHING
    takes_complex: ClassVar[bool] = False

    def forward(self, call: Call) -> Array:
        """a(z) in float64, of integers too."""
        return super().forward(self.floats(call))

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """dC/dz = dC/da · a'(z)."""
        return super().vjp(self.floats(call), upstream)

    def write(self, settings: Settings, *x: Expression) -> Expression:
        """a(z)."""
        return Applied(self.sign, x)

    def gradient_equation(self, case: Backward) -> Worked:
        """dC/dz = dC/da · a'(z)."""
        z, g, place = case.needed("input"), case.upstream, case.index
        slope = float(self.slopes_at(case.settings, 0, np.asarray(z.value_at(place))))
        return Worked(
            Product((g.at(place), self.slope_symbol(case, z, place))),
            Product((g.number(place), derived(slope, z))),
            g.value_at(place) * slope,
            before=(self.slope_line(case, z, case.result, place, slope),),
        )

    def slope_line(self, case: Forward | Backward, z: Operand, a: Operand, index: Index, slope: float) -> EquationLine:
        """The local derivative with its formula: σ′(z) = a(1 - a) = 0.85·(1 - 0.85) = 0.127."""
        parts: list[Expression] = [self.slope_symbol(case, z, index)]
        formula = self.write_slopes(case.settings, a.at(index), z.at(index))[0]
        numbers = self.write_slopes(case.settings, a.number(index), z.number(index))[0]
        if formula is not None:
            parts.append(formula)
        if numbers is not None and not isinstance(numbers, Number):
            parts.append(numbers)
        parts.append(derived(slope, z))
        why = self.passes if slope else self.stops
        caption = Bilingual("Local derivative.", "局部导数。")
        if why:
            caption = Bilingual(f"Local derivative: {why.english}.", f"局部导数：{why.chinese}。")
        return EquationLine(Equals(tuple(parts)), caption)

    def slope_symbol(self, case: Forward | Backward, operand: Operand, place: Index) -> Expression:
        """σ′(z)."""
        name = case.op.name.strip("_")
        called = f"{FUNCTION_LETTERS.get(name, name)}′"
        return Applied(called, (operand.at(place),), ref=f"event:{case.op.position}")

    def floats(self, call: Call) -> Call:
        """The same call with integers made floats. Raises UnfitError for complex numbers it does not take."""
        z = call.array("input")
        if z.dtype.kind == "c" and not self.takes_complex:
            raise UnfitError("there is no formula here for complex numbers", "这里没有适用于复数的公式")
        return call if z.dtype.kind in "fc" else call.replaced("input", z.astype(np.float64))


def has_slope(op: str) -> bool:
    """Whether an op, by its event's name, is an activation whose local derivative is known: a step of its own."""
    found = row_of(op)
    return found is not None and isinstance(found[0], Activation)


IF_POSITIVE = Bilingual("if positive", "若为正")


def piecewise(
    z: Expression, *pieces: tuple[Callable[[float], bool], Expression, Bilingual], other: Expression
) -> Expression:
    """A formula in pieces, each with a test of z and its words ("if positive"); of a number only the piece it is in."""
    if isinstance(z, Number):
        return next((piece for test, piece, _ in pieces if test(z.value)), other)
    rows: list[tuple[Expression, Expression]] = [(piece, Text(words)) for _, piece, words in pieces]
    return Cases((*rows, (other, Text(Bilingual("otherwise", "其他情况")))))


@operation("sigmoid(input)", "special_expit(input)")
class Sigmoid(Activation):
    """σ(z) = 1 / (1 + e^-z), σ' = a (1 - a)."""

    modules = ("Sigmoid",)
    nodes = ("SigmoidBackward",)
    words = Words(
        ("sigmoid squeezes any number into the range from 0 to 1.", "sigmoid 把任意数压缩到 0 与 1 之间。"),
        (
            "sigmoid passes at most a quarter of the gradient, and almost nothing far from 0.",
            "sigmoid 最多让四分之一的梯度通过，离 0 越远通过得越少。",
        ),
    )
    sign = "σ"
    takes_complex = True

    def compute(self, settings: Settings, *x: Array) -> Array:
        return logistic(x[0])

    def derive(self, settings: Settings, y: Array, *x: Array) -> Sequence[Array]:
        return [y * (1 - y)]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        if isinstance(x[0], Number):
            return Fraction(ONE, Add((ONE, Power(E, Neg(x[0])))))
        return super().write(settings, *x)

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Sequence[Expression | None]:
        return [Product((y, Sub(ONE, y)))]


@operation("tanh(input)")
class Tanh(Activation):
    """tanh z, tanh' = 1 - a²."""

    modules = ("Tanh",)
    nodes = ("TanhBackward",)
    words = Words(
        ("tanh squeezes any number into the range from -1 to 1.", "tanh 把任意数压缩到 -1 与 1 之间。"),
        (
            "tanh passes nearly the whole gradient near 0 and almost nothing far from it.",
            "tanh 在 0 附近几乎让整个梯度通过，离 0 很远时几乎不让通过。",
        ),
    )
    sign = "tanh"
    takes_complex = True

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.tanh(x[0])

    def derive(self, settings: Settings, y: Array, *x: Array) -> Sequence[Array]:
        return [1 - y**2]

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Sequence[Expression | None]:
        return [Sub(ONE, Power(y, Number(2)))]


@operation("relu(input, inplace=False)")
class ReLU(Activation):
    """max(0, z); its slope is 1 where z > 0, else 0."""

    modules = ("ReLU",)
    nodes = ("ReluBackward",)
    words = Words(
        ("relu keeps positive numbers and sets all others to 0.", "relu 保留正数，其余一律变为 0。"),
        (
            "relu lets the gradient through where z > 0 and stops it elsewhere.",
            "relu 在 z > 0 处让梯度通过，在其他地方截断梯度。",
        ),
    )
    passes = Bilingual("the input is positive: the gradient passes", "输入为正，梯度通过")
    stops = Bilingual("the input is not positive: nothing passes", "输入不为正，没有梯度通过")

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.maximum(x[0], 0.0)

    def derive(self, settings: Settings, y: Array, *x: Array) -> Sequence[Array]:
        return [np.where(x[0] <= 0, 0.0, 1.0)]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Applied("max", (ZERO, *x))
