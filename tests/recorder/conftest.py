"""Records functions in this process, and compares what the trace says with what was true."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine.events import Event, Kind
from engine.recorder.recorder import Recorder
from engine.trace.reader import Trace
from engine.trace.writer import TraceWriter


class Recording:
    """What was recorded of a function, with short ways to ask for events and arrays."""

    def __init__(self, trace: Trace, result: Any) -> None:
        self.trace = trace
        self.result = result
        self.events = trace.events()
        self.ops = [event for event in self.events if event.kind == Kind.OP]
        self.names = [event.name for event in self.ops]

    def named(self, name: str) -> list[Event]:
        """Events of this name."""
        return [event for event in self.events if event.name == name]

    def one(self, name: str) -> Event:
        """The only event of this name."""
        (event,) = self.named(name)
        return event

    def kind(self, kind: str) -> list[Event]:
        """Events of this kind."""
        return [event for event in self.events if event.kind == kind]

    def array(self, value: int | None) -> np.ndarray:
        """The array of a value, which must be there."""
        assert value is not None
        array = self.trace.array(value)
        assert array is not None, self.trace.value(value).reason
        return array

    def output(self, event: Event, index: int = 0) -> np.ndarray:
        """What an event gave."""
        return self.array(event.outputs[index].value)

    def input(self, event: Event, index: int = 0) -> np.ndarray:
        """What an event took."""
        return self.array(event.inputs[index].value)

    def gradient(self, event: Event, index: int = 0) -> np.ndarray | None:
        """dC/d(output) of an op: what arrived last at the node that made it; None if nothing did."""
        slot = event.outputs[index]
        found = None
        for other in self.kind("node"):
            if other.node == slot.node:
                for arriving in other.inputs:
                    if arriving.index == slot.index:
                        found = self.array(arriving.value)
        return found

    def boxes(self, name: str) -> list[np.ndarray]:
        """What `.grad` of a named tensor held after each accumulation."""
        known = {tensor.name: tensor.id for tensor in self.trace.tensors()}
        filled = [event for event in self.named("AccumulateGrad") if event.tensor == known[name]]
        return [self.output(event) for event in filled]

    def updates(self, name: str) -> list[Event]:
        """Update events of a named tensor."""
        known = {tensor.name: tensor.id for tensor in self.trace.tensors()}
        return [event for event in self.kind("update") if event.tensor == known[name]]


Record = Callable[..., Recording]


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    """Runs a function recorded. raises: the exception that must come out of it."""
    opened: list[Trace] = []
    names = itertools.count()

    def run(function: Callable[[], Any], raises: type[BaseException] | None = None) -> Recording:
        path = tmp_path / f"t{next(names)}.gradstep"
        writer = TraceWriter(path, {})
        recorder = Recorder(writer)
        result = None
        try:
            if raises is None:
                with recorder:
                    result = function()
            else:
                with pytest.raises(raises), recorder:
                    function()
        finally:
            writer.close()
        assert writer.failure == ""
        trace = Trace(path)
        opened.append(trace)
        assert "recorder_error" not in trace.meta(), trace.meta()["recorder_error"]
        assert recorder.suspended == 0
        return Recording(trace, result)

    yield run
    for trace in opened:
        trace.close()


@pytest.fixture(autouse=True)
def settled() -> Iterator[None]:
    """Each test begins with the same random numbers and leaves no mode behind."""
    torch.manual_seed(0)
    yield
    assert torch._C._len_torch_function_stack() == 0
    assert torch.is_grad_enabled()
