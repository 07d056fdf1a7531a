"""An op computed as coarsely as it was recorded: what it makes is rounded to a format, in float32 inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..table.call import Array
from .formula import Formula
from .precision import Precision, rounded
from .program import Program, Step


class Rounded:
    """A formula whose arguments, results and gradients are rounded."""

    def __init__(self, formula: Formula, precision: Precision) -> None:
        self.event = formula.event
        self.keys = formula.keys
        self.scale = formula.scale
        self._formula = formula
        self.nudged, self.cancels = formula.nudged, formula.cancels
        self._precision = precision
        self.inputs: Mapping[str, Array] = self._rounded(formula.inputs)

    def make(self, inputs: Mapping[str, Array]) -> list[Array]:
        """Its results, rounded."""
        return [rounded(array, self._precision) for array in self._formula.make(self._rounded(inputs))]

    def vjp(self, inputs: Mapping[str, Array], upstream: Sequence[Array]) -> Mapping[str, Array]:
        """Its gradients, rounded."""
        arrived = [rounded(array, self._precision) for array in upstream]
        return self._rounded(self._formula.vjp(self._rounded(inputs), arrived))

    def _rounded(self, arrays: Mapping[str, Array]) -> Mapping[str, Array]:
        return {key: rounded(array, self._precision) for key, array in arrays.items()}


def rounded_program(program: Program, precision: Precision) -> Program:
    """The same ops, each of them rounded."""
    return Program([Step(Rounded(step.formula, precision), step.sources, step.results) for step in program.steps])
