"""An activation after what the network answers: a function mode that knows the call which computes that.

Sees what a function mode sees. The call is told by its place in the source, as the parent's trace has it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from torch import Tensor
from torch.overrides import TorchFunctionMode

from ...wire.options import OutputPlace
from .functions import activation_called


class OtherOutput(TorchFunctionMode):
    """Puts the result of one call through an activation, between `__enter__` and `__exit__`."""

    def __init__(self, activation: str, place: OutputPlace, count: Callable[[], None]) -> None:
        super().__init__()
        self._activation = activation_called(activation)
        self._place = place
        self._count = count
        self._calls = 0

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        place = self._place
        is_here = getattr(func, "__name__", "") == place.function and self._is_at(sys._getframe(1))
        result = func(*args, **(kwargs or {}))
        if not is_here:
            return result
        self._calls += 1
        if (self._calls - 1) % place.count != place.number or not isinstance(result, Tensor):
            return result
        self._count()
        return self._activation(result)

    def _is_at(self, frame: FrameType | None) -> bool:
        """Whether the nearest frame of the file is at the call."""
        place = self._place
        while frame is not None and frame.f_code.co_filename != place.path:
            frame = frame.f_back
        if frame is None:
            return False
        positions = list(frame.f_code.co_positions())
        line, end_line, column, end_column = positions[min(frame.f_lasti // 2, len(positions) - 1)]
        return (line, column, end_line, end_column) == (place.line, place.column, place.end_line, place.end_column)
