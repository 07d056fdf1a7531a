"""Aten: what torch's operations and autograd nodes call in turn, by a dispatch mode. Only where it was asked for.

NOTE [Not neutral]
torch asks whether such a mode is there and then takes another formula: even one that only passes calls on changes the
bits of `prod`, `masked.prod`, `ormqr` and LinearCrossEntropyLoss. Nothing here can help that, so who asks is told.

Sees each call that reaches torch's dispatcher below autograd, on the recorded thread, in backward passes too. Cannot
see: what a kernel calls without the dispatcher, other threads, the inside of compiled functions.
"""

from __future__ import annotations

import os
import sys
import weakref
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from time import perf_counter_ns
from types import CodeType
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from ..trace.batch import Row
from .arguments import plain, tensors_in
from .capture import version_of
from .failed_calls import FailedCalls
from .ops import OpRecorder
from .words import STAND_IN

if TYPE_CHECKING:
    from .recorder import Recorder

_OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_PASSING_ON = (OpRecorder.__torch_function__.__code__, FailedCalls.call.__code__)
"""Our own code from which the script's calls go on to torch; what the rest of ours calls is not the script's."""
_MOST_KNOWN = 4096


_NOTHING_COMPUTED = "profiler::"
"""Calls of this library only name what runs."""


class AtenRecorder:
    """Records between `__enter__` and `__exit__`; see the module's first lines for what it cannot see.

    A row belongs to the event at its position: calls are noted while that event runs, before it is completed.
    """

    def __init__(self, recorder: Recorder) -> None:
        self._mode = _mode(self._call)
        self._recorder = recorder
        self._count = 0
        self._waiting: list[list[Any]] = []
        """Rows of events that are not completed yet."""
        self._known: dict[int, tuple[weakref.ref[Tensor], int, int]] = {}
        self._ours: dict[CodeType, bool] = {}

    def __enter__(self) -> AtenRecorder:
        self._mode.__enter__()
        return self

    def __exit__(self, *exception: Any) -> None:
        self._mode.__exit__(*exception)

    def _call(self, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        recorder = self._recorder
        if recorder.is_over or not recorder.listening() or self._is_ours(sys._getframe(2).f_code):
            return _called(func, args, kwargs)
        if func.name().startswith(_NOTHING_COMPUTED):
            return _called(func, args, kwargs)
        try:
            row = self._begun(func, args, kwargs)
        except Exception as error:
            recorder.give_up(error)
            return _called(func, args, kwargs)
        begin = perf_counter_ns()
        try:
            result = _called(func, args, kwargs)
        except Exception as error:
            self._over(row, (), begin, f"{type(error).__name__}: {error}")
            raise
        self._over(row, tensors_in("", result if isinstance(result, tuple | list) else (result,)), begin, "")
        return result

    def settle(self, ended: bool = False) -> None:
        """Puts the rows of completed events into the batch. ended: no event will follow.

        A call lies inside its event if it began while the event ran; otherwise the script's own Python made it, or
        what surrounds an event (the 1 that a backward pass begins with).
        """
        recorder = self._recorder
        spans = {row[0]: (row[13], row[13] + row[14]) for row in recorder.batch.events}
        left: list[list[Any]] = []
        for row in self._waiting:
            if row[1] >= recorder.position and not ended:
                left.append(row)
                continue
            if row[2] is None:
                begin, end = spans.get(row[1], (0, 0))
                row[2] = int(begin <= row[8] < end)
            recorder.batch.aten.append(tuple(row))
        self._waiting = left

    def _is_ours(self, code: CodeType) -> bool:
        found = self._ours.get(code)
        if found is None:
            found = code.co_filename.startswith(_OURS) and code.co_name != STAND_IN and code not in _PASSING_ON
            self._ours[code] = found
        return found

    def _begun(self, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
        recorder = self._recorder
        position, inside = recorder.position, None
        node = torch._C._current_autograd_node()
        if node is not None:
            # After a node ran its gradients may be added to what others sent: that is its doing too.
            inside = 1
            position -= not recorder.gradients.is_running(node)
        inputs: list[Row] = []
        arguments: dict[str, Any] = {}
        with torch._C.DisableTorchFunction():
            for key, argument in (*((str(i), item) for i, item in enumerate(args)), *kwargs.items()):
                found = list(tensors_in(key, argument if isinstance(argument, tuple | list) else (argument,)))
                single = isinstance(argument, Tensor)
                inputs += [(key if single else name, self._value_of(tensor), None, 0) for name, tensor in found]
                if not found:
                    arguments[key] = plain(argument)
        self._count += 1
        name = func._schema.name.rpartition("::")[2]
        return [self._count, max(position, 0), inside, name, func.name(), inputs, (), arguments, 0, 0, ""]

    def _over(self, row: list[Any], outputs: Iterator[tuple[str, Tensor]] | tuple[()], begin: int, error: str) -> None:
        duration = perf_counter_ns() - begin
        recorder = self._recorder
        try:
            with torch._C.DisableTorchFunction():
                row[6] = [(name, self._made(tensor), None, 0) for name, tensor in outputs]
            row[8:] = [recorder.since_start_ns(begin), duration, error]
            self._waiting.append(row)
        except Exception as mistake:
            recorder.give_up(mistake)

    def _value_of(self, tensor: Tensor) -> int:
        value = self._recorder.capture.lookup(tensor)
        if value is not None:
            return value
        known = self._known.get(id(tensor))
        if known is not None and known[0]() is tensor and known[1] == version_of(tensor):
            return known[2]
        return self._made(tensor)

    def _made(self, tensor: Tensor) -> int:
        if len(self._known) > _MOST_KNOWN:
            self._known = {key: one for key, one in self._known.items() if one[0]() is not None}
        value = self._recorder.capture.snapshot(tensor)
        self._known[id(tensor)] = (weakref.ref(tensor), version_of(tensor), value)
        return value


def _mode(call: Callable[[Any, tuple[Any, ...], dict[str, Any]], Any]) -> AbstractContextManager[Any]:
    """A dispatch mode that hands each call over."""

    def dispatch(
        self: object, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        return call(func, args, kwargs or {})

    def should_skip_dynamo(cls: type) -> bool:
        """torch would import its whole compiler into the script to wrap a method of ours."""
        return False

    parts = {"__torch_dispatch__": dispatch, "_should_skip_dynamo": classmethod(should_skip_dynamo)}
    made: AbstractContextManager[Any] = type("AtenMode", (TorchDispatchMode,), parts)()
    return made


def _called(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Passes a call on; it is no op of the script's, so no function mode is asked about it."""
    with torch._C.DisableTorchFunction():
        return func(*args, **kwargs)
