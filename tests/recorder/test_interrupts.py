"""Ctrl+C in the middle of what torch does around a call: the script's exception gets out, and torch is as before."""

from __future__ import annotations

import contextlib
import gc
import inspect
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
import torch
from torch.overrides import _pop_mode_temporarily

from engine.recorder.recorder import Recorder
from engine.trace.reader import Trace
from engine.trace.writer import TraceWriter

TORCHS = inspect.unwrap(_pop_mode_temporarily).__code__
MANAGERS = (
    contextlib._GeneratorContextManager.__enter__.__code__,
    contextlib._GeneratorContextManager.__exit__.__code__,
)


def is_around_a_call(frame: FrameType) -> bool:
    """Whether it is of the context manager by which torch takes a mode away for the time of a call."""
    return frame.f_code is TORCHS or (frame.f_code in MANAGERS and frame.f_locals["self"].gen.gi_code is TORCHS)


class Interrupt:
    """Raises KeyboardInterrupt at the n-th step of Python in what torch runs around a call."""

    def __init__(self, step: int) -> None:
        self.left = step
        self.has_come = False

    def __call__(self, frame: FrameType, what: str, argument: Any) -> Interrupt | None:
        if not is_around_a_call(frame):
            return None
        frame.f_trace_opcodes = True
        if what == "opcode":
            self.left -= 1
            if self.left < 0 and not self.has_come:
                self.has_come = True
                raise KeyboardInterrupt
        return self


@pytest.mark.usefixtures("tracing_kept")
def test_an_interrupt_at_every_step_around_a_call(tmp_path: Path) -> None:
    w = torch.tensor([2.0], requires_grad=True)
    step, has_come = 0, True
    while has_come:
        writer = TraceWriter(tmp_path / f"{step}.gradstep", {})
        interrupt = Interrupt(step)
        try:
            with Recorder(writer):
                loss = (w * 3).sum()
                sys.settrace(interrupt)
                loss.backward()
        except KeyboardInterrupt:
            assert interrupt.has_come
        finally:
            sys.settrace(None)
            writer.close()
        has_come = interrupt.has_come
        gc.collect()
        assert torch._C._len_torch_function_stack() == 0, f"step {step}"
        assert writer.failure == ""
        with Trace(tmp_path / f"{step}.gradstep") as trace:
            assert "recorder_error" not in trace.meta()
            assert [event.name for event in trace.events()][:2] == ["mul", "sum"]
        step += 1
    assert step > 20


@pytest.fixture
def tracing_kept() -> Any:
    """Puts back what follows the program's steps, such as a debugger or a measure of coverage."""
    before = sys.gettrace()
    yield
    sys.settrace(before)
