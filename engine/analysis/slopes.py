"""Local derivatives of activations: which ops have one, and its numbers.

They come from the table of operations. Loading that takes longer than all else that a trace's quantities need, so it is
loaded when the first op is asked about.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..events import Event
from ..trace.reader import Trace


def has_slope(op: str) -> bool:
    """Whether an op, by its event's name, is an activation whose local derivative is known: a step of its own."""
    from .table.operations.activations import has_slope

    return has_slope(op)


@dataclass(frozen=True, slots=True)
class Slope:
    """How the local derivative of an activation is found: at what went into it."""

    op: Event

    def array(self, trace: Trace) -> NDArray[np.float64] | None:
        """a'(z) in float64, None if z was not kept or the activation was called in a way that is not known."""
        from .table.call import UnfitError, bind
        from .table.operation import row_of
        from .table.operations.activations import Activation

        slot, found = self.op.inputs[0], row_of(self.op.name)
        z = None if slot.value is None else trace.array(slot.value)
        if z is None or found is None:
            return None
        row, form = found
        try:
            call = bind(form, self.op.function, {slot.name: z}, self.op.arguments)
            return row.slopes_at(call.arguments, 0, call.array("input")) if isinstance(row, Activation) else None
        except UnfitError:
            return None
