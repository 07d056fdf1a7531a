"""Calls that compute no tensor and raise: `loss.backward()`, `x.numpy()`. They are events only then.

Of a backward pass that raises the event is the node that failed, with what had arrived at it. Cannot see:
`torch.autograd.backward` of a torch in which it asks no function mode; its failure stands in the run's exception alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from .arguments import read_arguments
from .words import BACKWARD, OP

if TYPE_CHECKING:
    from .recorder import Recorder

_BACKWARD = frozenset({Tensor.backward, torch.autograd.backward})
_ENGINE = "_engine_run_backward"
_REFUSALS = ("does not require grad", "differentiated Tensor")
"""What autograd's engine says before it runs any node, or after the last one."""


class FailedCalls:
    """Runs calls that are events only if they raise."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def call(self, func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Runs one; its exception passes through."""
        begin = perf_counter_ns()
        recorder = self._recorder
        # Of a leaf no op has hooked the node that fills its `.grad`. The node lives only as long as it is held.
        leaves = [recorder.gradients.leaf_node(x) for x in _roots(args) if x.is_leaf] if func in _BACKWARD else []
        try:
            return func(*args, **kwargs)
        except Exception as error:
            if recorder.listening() and not recorder.suspended:
                try:
                    self._note(func, args, kwargs, error, begin)
                except Exception as mistake:
                    recorder.give_up(mistake)
            raise
        finally:
            leaves.clear()

    def _note(
        self, func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], error: Exception, begin: int
    ) -> None:
        recorder = self._recorder
        callee = recorder.ops.callee(func)
        name, function = callee.name, callee.function
        text = f"{type(error).__name__}: {error}"
        if name == "backward" and self._in_backward(args, error, text, begin):
            return
        with recorder.paused():
            frame = recorder.places.frame(2)
            inputs, arguments, _ = read_arguments(args, kwargs, recorder.value_of, frame)
            site = recorder.places.site(frame)
        phase = BACKWARD if name == "backward" else recorder.iterations.phase
        duration = perf_counter_ns() - begin
        recorder.raised(OP, name, function, phase, site, inputs, arguments, text)
        recorder.write(OP, name, function, phase, site, inputs, (), arguments, None, None, begin, duration, text)

    def _in_backward(self, args: Sequence[Any], error: Exception, text: str, begin: int) -> bool:
        """Whether a node of the backward pass failed; if so it is an event now."""
        if any(refusal in text for refusal in _REFUSALS) or not _went_through_engine(error):
            return False
        roots = [tensor.grad_fn for tensor in _roots(args) if tensor.grad_fn is not None]
        return bool(roots) and self._recorder.gradients.failed(roots, text, begin)


def _roots(args: Sequence[Any]) -> list[Tensor]:
    """The tensors that a backward pass is asked to begin at: one, or a sequence of them."""
    given = args[0] if args else ()
    return [one for one in (given if isinstance(given, list | tuple) else (given,)) if isinstance(one, Tensor)]


def _went_through_engine(error: Exception) -> bool:
    """Whether autograd had been asked to run nodes; what `backward` checks before comes from Python."""
    entry = error.__traceback__
    while entry is not None:
        if entry.tb_frame.f_code.co_name == _ENGINE:
            return True
        entry = entry.tb_next
    return False
