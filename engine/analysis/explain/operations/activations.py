"""Rows of activations: place by place, with the local derivative a'(z) as a step of its own.

Formulas: PyTorch's documentation of torch.nn.functional; at a kink the value that torch takes (relu'(0) = 0).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ...symbols import FUNCTION_LETTERS
from ..call import Array
from ..case import Backward, Forward, Index, Operand, Worked
from ..expression import Add, Call, Equals, EquationLine, Expression, Fraction, Neg, Number, Power, Product, Sub, Symbol
from ..operation import operation
from ..pointwise import ONE, Pointwise, Settings
from ..words import Words


class Activation(Pointwise):
    """A row of an activation a(z): its slope is a line of its own before the gradient."""

    order = ("input",)

    def gradient_equation(self, case: Backward) -> Worked:
        """dC/dz = dC/da · a'(z)."""
        worked = super().gradient_equation(case)
        z = case.needed("input")
        slope = float(self.slopes_at(case.settings, 0, np.asarray(z.value_at(case.index))))
        return replace(worked, before=(self.slope_line(case, z, case.result, case.index, slope),))

    def slope_line(
        self, case: Forward | Backward, z: Operand, a: Operand, index: Index, slope: float
    ) -> EquationLine:
        """The local derivative with its formula: σ′(z) = a(1 - a) = 0.85·(1 - 0.85) = 0.127."""
        parts: list[Expression] = [self.slope_symbol(case, z, index)]
        formula = self.write_slopes(case.settings, a.at(index), z.at(index))[0]
        numbers = self.write_slopes(case.settings, a.number(index), z.number(index))[0]
        if formula is not None and numbers is not None:
            parts += [formula, numbers]
        parts.append(Number(slope))
        return EquationLine(Equals(tuple(parts)), "Local derivative.")

    def slope_symbol(self, case: Forward | Backward, operand: Operand, place: Index) -> Expression:
        """σ′(z)."""
        name = case.op.name.rstrip("_")
        return Call(f"{FUNCTION_LETTERS.get(name, name)}′", (operand.at(place),))


def logistic(z: Array) -> Array:
    """1 / (1 + exp(-z)), without overflow."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


@operation("sigmoid(input)")
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

    def compute(self, settings: Settings, *x: Array) -> Array:
        return logistic(x[0])

    def derive(self, settings: Settings, y: Array, *x: Array) -> Sequence[Array]:
        return [y * (1 - y)]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        if isinstance(x[0], Number):
            return Fraction(ONE, Add((ONE, Power(Symbol("e"), Neg(x[0])))))
        return Call("σ", x)

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Sequence[Expression | None]:
        return [Product((y, Sub(ONE, y)))]
