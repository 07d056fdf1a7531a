"""Takes a function mode off torch's stack, whatever an interrupt has left of the stack."""

from __future__ import annotations

import contextlib
import inspect
import traceback
from types import TracebackType

import torch
from torch.overrides import TorchFunctionMode, _pop_mode_temporarily

_ENTER_OR_LEAVE = (
    contextlib._GeneratorContextManager.__enter__.__code__,
    contextlib._GeneratorContextManager.__exit__.__code__,
)
_TORCHS_OWN = inspect.unwrap(_pop_mode_temporarily).__code__


def put_back_modes(raised: TracebackType | None) -> None:
    """Finishes what an exception cut off.

    Torch takes a mode away for the time of a call. Where Ctrl+C comes while it does, its generator is left half-way,
    and would put the mode back when it is collected, long after the block.
    """
    for frame, _ in traceback.walk_tb(raised):
        manager = frame.f_locals.get("self") if frame.f_code in _ENTER_OR_LEAVE else None
        if manager is not None and manager.gen.gi_code is _TORCHS_OWN:
            manager.gen.close()


def take_off(mode: TorchFunctionMode) -> None:
    """Removes a mode from the stack and leaves the others; nothing is done where it is not there any more."""
    above = []
    while torch._C._len_torch_function_stack():
        top = torch._C._pop_torch_function_stack()
        if top is mode:
            break
        above.append(top)
    for one in reversed(above):
        torch._C._push_on_torch_function_stack(one)
