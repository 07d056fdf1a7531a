"""An op computed as coarsely as it was recorded: what it makes is rounded to a format, in float32 inside.

Each number is first moved by up to half a step of the format, at random (Monte Carlo arithmetic: Parker, 1997).
Rounding alone is not enough: of numbers that come in pairs x and -x it makes pairs again, whose sum is 0, whatever is
lost; the sum that was recorded was added up in another order and has all of that loss.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..table.call import Array
from .formula import Formula
from .precision import Precision, rounded
from .program import Program, Step


class Rounded:
    """A formula whose arguments, results and gradients are rounded."""

    def __init__(self, formula: Formula, precision: Precision, random: np.random.Generator) -> None:
        self.event = formula.event
        self.keys = formula.keys
        self.scale = formula.scale
        self._formula = formula
        self.nudged, self.cancels = formula.nudged, formula.cancels
        self._precision, self._random = precision, random
        self.inputs: Mapping[str, Array] = self._rounded(formula.inputs)

    def make(self, inputs: Mapping[str, Array]) -> list[Array]:
        """Its results, rounded."""
        return [self._moved(array) for array in self._formula.make(self._rounded(inputs))]

    def vjp(self, inputs: Mapping[str, Array], upstream: Sequence[Array]) -> Mapping[str, Array]:
        """Its gradients, rounded."""
        arrived = [rounded(array, self._precision) for array in upstream]
        sent = self._formula.vjp(self._rounded(inputs), arrived)
        return {key: self._moved(array) for key, array in sent.items()}

    def _moved(self, array: Array) -> Array:
        if array.dtype.kind == "f":
            array = array * (1.0 + self._precision.eps * self._random.uniform(-0.5, 0.5, array.shape))
        return rounded(array, self._precision)

    def _rounded(self, arrays: Mapping[str, Array]) -> Mapping[str, Array]:
        return {key: rounded(array, self._precision) for key, array in arrays.items()}


def rounded_program(program: Program, precision: Precision, random: np.random.Generator) -> Program:
    """The same ops, each of them rounded, and differently each time that they run."""
    return Program(
        [Step(Rounded(step.formula, precision, random), step.sources, step.results) for step in program.steps]
    )
