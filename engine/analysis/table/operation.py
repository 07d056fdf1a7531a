"""One row of the table of operations: what an op is called, computes and sends back, and how an element comes about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Literal, TypeVar

import numpy as np

from ..notation.expression import Call as Applied
from ..notation.expression import Partial, Product
from .call import Array, Call, Form, UnfitError, form_of
from .case import Backward, Forward, Worked
from .rows import Rows
from .words import Words

Result = Array | Sequence[Array]
"""What an op makes: one array, or several."""


class Operation:
    """A row of the table. A subclass is one op, or several that differ in name only (`relu` and `relu_`).

    modules, nodes: the module classes and autograd nodes that compute it ("Linear", "AddmmBackward0"). words: what it
    does, and what its gradient means. order: its arguments in the textbook's order of gradients (b, w, x). draws: its
    result is drawn at random, so that `forward` needs the recorded one to know what was drawn. nudged: how its
    gradient shows when a number is moved: at "each" one; when it is "mirrored", with its mirror image (of a symmetric
    matrix); or at "none", because the result goes in steps or torch sends something else by convention. cancels:
    torch's formula takes nearly equal numbers from one another, so that it rounds as its argument does (1 + erf z).
    """

    modules: ClassVar[tuple[str, ...]] = ()
    nodes: ClassVar[tuple[str, ...]] = ()
    words: ClassVar[Words]
    order: ClassVar[tuple[str, ...]] = ()
    draws: ClassVar[bool] = False
    nudged: ClassVar[Literal["each", "mirrored", "none"]] = "each"
    cancels: ClassVar[bool] = False

    def forward(self, call: Call) -> Result:
        """What the op makes of its arguments, in float64. Raises UnfitError for a call that it cannot compute."""
        raise UnfitError("there is no formula for it in numpy", "它没有 NumPy 公式")

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """The vector-Jacobian product: dC/d(argument) for each argument that is differentiable, by its key.

        upstream: dC/d(output) for each output, of its shape; zeros where none arrived. Keys are those of `Call.tensors`
        ("weight", "tensors.2"). Raises UnfitError for an op without a gradient.
        """
        raise UnfitError("it has no gradient", "它没有梯度")

    def equation(self, case: Forward) -> Worked:
        """How one element of the result comes about; without an equation of its own: the op's name and arguments."""
        made = self.forward(case.call)
        result = made if isinstance(made, np.ndarray) else made[0]
        operands = tuple(operand.expression for operand in case.operands)
        return Worked(Applied(case.op.name, operands), None, float(np.asarray(result)[case.index]))

    def gradient_equation(self, case: Backward) -> Worked:
        """How one element of dC/d(argument) comes about; without an equation of its own: upstream times derivative."""
        sent = self.vjp(case.call, case.arrived)[case.key]
        symbols = Product((case.upstream.expression, Partial(case.result.expression, case.wrt.expression)))
        return Worked(symbols, None, float(np.asarray(sent)[case.index]))


OPERATIONS: Rows[tuple[Operation, Form]] = Rows(f"{__package__}.operations")
"""The table: event name ("linear") -> its row, and how it is called. Filled by `operation`."""

_Row = TypeVar("_Row", bound=type[Operation])


def operation(*forms: str) -> Callable[[_Row], _Row]:
    """Adds a row under the names in some forms: `@operation("relu(input, inplace=False)")`.

    A form is how PyTorch's documentation writes the call; its name is that of the events (`Event.name`). "relu" answers
    to "relu_" too, unless that has a row of its own. Raises ValueError for a name that has a row.
    """

    def add(row: _Row) -> _Row:
        made = row()
        for text in forms:
            form = form_of(text)
            OPERATIONS.add(form.name, (made, form))
        return row

    return add


def row_of(name: str) -> tuple[Operation, Form] | None:
    """The row of an op by its event's name, in place or not; None if it has none."""
    return OPERATIONS.get(name) or OPERATIONS.get(name.rstrip("_"))
