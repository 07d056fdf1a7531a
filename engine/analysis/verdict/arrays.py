"""Reads the arrays of a trace, widened to compute with, and keeps those that are read again soon."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from numpy.typing import NDArray

from ...trace.not_kept import why_not_kept
from ...trace.reader import Trace
from ..table.call import Array, UnfitError, wide

_KEPT_BYTES = 1 << 28


class Arrays:
    """The values of a trace as arrays. Raises UnfitError with the reason where the trace has not kept one."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._kept: OrderedDict[int, Array] = OrderedDict()
        self._bytes = 0

    def has(self, value: int) -> bool:
        """Whether the trace has kept the numbers."""
        return self._trace.value(value).kept

    def recorded(self, value: int) -> NDArray[Any]:
        """The numbers as recorded."""
        found = self._trace.array(value)
        if found is None:
            why = why_not_kept(self._trace.value(value).reason)
            raise UnfitError(
                f"numbers of it are not in the trace ({why.english})", f"它的一些数值不在记录中（{why.chinese}）"
            )
        return found

    def wide(self, value: int) -> Array:
        """The same numbers in float64, int64, bool or complex128."""
        if value in self._kept:
            self._kept.move_to_end(value)
            return self._kept[value]
        array = wide(self.recorded(value))
        if array.nbytes <= _KEPT_BYTES // 4:
            self._kept[value] = array
            self._bytes += array.nbytes
            while self._bytes > _KEPT_BYTES:
                self._bytes -= self._kept.popitem(last=False)[1].nbytes
        return array

    def is_on_cuda(self, value: int) -> bool:
        """Whether a value was on an NVIDIA device."""
        return self._trace.value(value).device.startswith("cuda")

    def dtype(self, value: int) -> str:
        """torch's name of a value's dtype ("float32")."""
        return self._trace.value(value).dtype
