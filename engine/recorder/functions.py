"""The script's own autograd functions: each call of `SomeFunction.apply` is one op, with its node as twin.

torch makes such a node in C++ after `forward` has run with autograd off, out of a function mode's sight. What `forward`
calls is recorded too, as ops that autograd does not track. Cannot see: an `apply` that the script looked up before the
recording began.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, cast

from torch.autograd.function import Function

from .plans import COMPUTE, Callee

if TYPE_CHECKING:
    from .recorder import Recorder


class FunctionRecorder:
    """Stands in for `torch.autograd.Function.apply` between `__enter__` and `__exit__`."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._found: Any = None
        self._calls: dict[type, Callee] = {}

    def __enter__(self) -> FunctionRecorder:
        found = self._found = Function.__dict__["apply"]
        recorder, calls = self._recorder, self._calls

        def apply(cls: type, *args: Any, **kwargs: Any) -> Any:
            call = calls.get(cls)
            if call is None:
                qualified = f"{cls.__module__}.{cls.__qualname__}"
                call = calls[cls] = recorder.ops.introduce(partial(found.__func__, cls), cls.__name__, qualified)
            if recorder.suspended or not recorder.listening() or recorder.modules.is_opaque:
                return call.func(*args, **kwargs)
            if recorder.edits.replaced:
                args, _ = recorder.edits.stand_ins(call.func, args, None)
            return recorder.ops.record(call, COMPUTE, args, kwargs)

        cast(Any, Function).apply = classmethod(apply)
        return self

    def __exit__(self, *exception: object) -> None:
        cast(Any, Function).apply = self._found
        self._calls.clear()
