"""An op as a function of its arrays: what it makes of them in numpy, at the recorded point and beside it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, Protocol

import numpy as np

from ...events import Event
from ..table.call import Array, Call, UnfitError
from ..table.kinds.drawing import Drawing
from ..table.kinds.moving import Moving
from ..table.kinds.pointwise import Pointwise
from ..table.operation import Operation
from .tolerance import MOVED, PLACE_BY_PLACE, SUMMED, Scale

MISFITS = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError),
    *(MemoryError, RuntimeError, TypeError, ValueError),
)
"""What is raised where numbers do not fit together, as those of a trace from a stranger may not."""


class Formula(Protocol):
    """A function of named arrays.

    event: the op. inputs: its arrays at the recorded point, in float64, by key. keys: slot of the event -> key; slots
    that no number can be put in (they are not used) are missing. scale: how rounding enters its results. nudged,
    cancels: as of `Operation`.
    """

    event: Event
    inputs: Mapping[str, Array]
    keys: Mapping[str, str]
    scale: Scale
    nudged: Literal["each", "mirrored", "none"]
    cancels: bool

    def make(self, inputs: Mapping[str, Array]) -> list[Array]:
        """Its results for some inputs (all of them, by key). Raises UnfitError."""

    def vjp(self, inputs: Mapping[str, Array], upstream: Sequence[Array]) -> Mapping[str, Array]:
        """The vector-Jacobian product by key. Raises UnfitError."""


class RowFormula:
    """A row of the table of operations, for one recorded call."""

    def __init__(self, event: Event, row: Operation, call: Call) -> None:
        self.event = event
        self.row = row
        self._call = call
        self._unknown: Array | None = None
        if isinstance(row, Drawing):
            with fitting():
                self._unknown = np.isnan(row.read(call))
                self._call = row.settled(call)
        self.inputs: Mapping[str, Array] = dict(call.tensors())
        self.keys: Mapping[str, str] = call.keys
        self.nudged, self.cancels = row.nudged, row.cancels
        is_moving = isinstance(row, Moving)
        self.scale = MOVED if is_moving else PLACE_BY_PLACE if isinstance(row, Pointwise) else SUMMED

    def make(self, inputs: Mapping[str, Array]) -> list[Array]:
        """The row's forward."""
        with fitting():
            made = self.row.forward(self._with(inputs))
        results = [made] if isinstance(made, np.ndarray | np.generic) else [np.asarray(part) for part in made]
        if self._unknown is None:
            return results
        return [np.where(self._is_open(inputs), np.nan, results[0]), *results[1:]]

    def _is_open(self, inputs: Mapping[str, Array]) -> Array:
        """Where a result depends on what cannot be told; see NOTE [What a zero hides]."""
        key = next(iter(self.inputs))
        return np.asarray(self._unknown & (inputs[key] != self.inputs[key]))

    def vjp(self, inputs: Mapping[str, Array], upstream: Sequence[Array]) -> Mapping[str, Array]:
        """The row's."""
        with fitting():
            return self.row.vjp(self._with(inputs), upstream)

    def _with(self, inputs: Mapping[str, Array]) -> Call:
        call = self._call
        for key, array in inputs.items():
            if array is not self.inputs[key]:
                call = call.replaced(key, array)
        return call


@contextlib.contextmanager
def fitting() -> Iterator[None]:
    """A row may meet a call that it was not made for: whatever it raises then becomes an UnfitError."""
    try:
        yield
    except UnfitError:
        raise
    except MemoryError:
        raise UnfitError("it would need more memory than there is", "它需要的内存超出了可用的内存") from None
    except MISFITS as error:
        raise UnfitError(
            f"its formula does not take this call ({type(error).__name__}: {error})",
            f"它的公式不适用于这次调用（{type(error).__name__}: {error}）",
        ) from error
