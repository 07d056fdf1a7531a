"""`torch.autograd.grad` as a function of the parameters, for losses that gradients are a part of.

NOTE [Gradients of gradients]
Physics-informed nets and gradient penalties ask for dF/dv on the way to their loss. Here that is the chain rule over
the rows' products, run on the replayed program of F (replay.py), so it can be computed at other parameters too. What
such a gradient sends on, Σ u · dF/dv differentiated by the parameters θ, is the change of dF/dθ along u: d/dε of dF/dθ
at v + εu (Pearlmutter, Fast exact multiplication by the Hessian, 1994), here a central difference of fourth order. Each
order loses digits: what is asked of a gradient is in doubt by about 1e-11 of its size, and a third order is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from ...events import Event
from ..table.call import Array, UnfitError
from .program import Program
from .tolerance import SUMMED

_STEP = 1e-4
"""Share of v's size that it is moved by."""

_STENCIL = ((1, 8 / 12), (-1, -8 / 12), (2, -1 / 12), (-2, 1 / 12))

MOST_ORDERS = 2
"""How many calls of `grad` may stand inside one another."""


class GradFormula:
    """One call. program, roots: the function F = Σ (start · root) that it differentiates. wanted: the value ids that it
    was asked about, one for each result. base: the values that F depends on at the recorded point. Keys are value ids.
    """

    def __init__(
        self,
        event: Event,
        program: Program,
        roots: Mapping[int, Array],
        wanted: Sequence[int],
        base: Mapping[int, Array],
    ) -> None:
        self.event = event
        self.scale = SUMMED
        self.nudged: Literal["each", "mirrored", "none"] = "each"
        self.cancels = False
        self.keys: Mapping[str, str] = {str(value): str(value) for value in base}
        self.inputs: Mapping[str, Array] = {str(value): array for value, array in base.items()}
        self.order = 1 + order_of(program)
        self._program = program
        self._roots = roots
        self._wanted = wanted
        if self.order > MOST_ORDERS:
            raise UnfitError("third gradients of gradients are not computed again", "三阶梯度不会被重新计算")

    def make(self, inputs: Mapping[str, Array]) -> list[Array]:
        """dF/dv for each v that was asked about."""
        given = {int(key): array for key, array in inputs.items()}
        values = self._program.run(given)
        found = self._program.gradients({**given, **self._at(values)}, self._roots)
        return [self._gradient(found, value, values) for value in self._wanted]

    def vjp(self, inputs: Mapping[str, Array], upstream: Sequence[Array]) -> Mapping[str, Array]:
        """Σ u · dF/dv differentiated by what F depends on; see NOTE [Gradients of gradients]."""
        given = {int(key): array for key, array in inputs.items()}
        here = self._at(self._program.run(given))
        step = self._step(here, upstream)
        total = {value: np.zeros_like(array) for value, array in given.items()}
        if step:
            for count, weight in _STENCIL:
                moved = dict(here)
                for value, u in zip(self._wanted, upstream, strict=True):
                    moved[value] = moved[value] + count * step * u
                for value, gradient in self._program.gradients({**given, **moved}, self._roots).items():
                    if value in total:
                        total[value] = total[value] + weight / step * gradient
        return {str(value): array for value, array in total.items()}

    def _at(self, values: Mapping[int, Array]) -> dict[int, Array]:
        try:
            return {value: values[value] for value in self._wanted}
        except KeyError:
            raise UnfitError(
                "it asks for the gradient for a tensor that its root was not computed from",
                "它所求的是对一个未参与计算根节点的张量的梯度",
            ) from None

    def _gradient(self, found: Mapping[int, Array], value: int, values: Mapping[int, Array]) -> Array:
        return found[value] if value in found else np.zeros_like(values[value])

    def _step(self, here: Mapping[int, Array], upstream: Sequence[Array]) -> float:
        """How far to go along u, 0 where u is nothing."""
        size = max((float(np.max(np.abs(array), initial=0.0)) for array in here.values()), default=0.0)
        along = max((float(np.max(np.abs(u), initial=0.0)) for u in upstream), default=0.0)
        return _STEP * (size or 1.0) / along if along and np.isfinite(along) else 0.0


def order_of(program: Program) -> int:
    """How many calls stand inside one another in a program."""
    formulas = (step.formula for step in program.steps)
    return max((formula.order for formula in formulas if isinstance(formula, GradFormula)), default=0)
