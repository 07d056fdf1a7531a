"""Random small programs: every recorded value is the true one of that moment, every gradient that of autograd."""

from __future__ import annotations

import gc
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from engine.events import Event
from engine.recorder.recorder import Recorder
from engine.trace.reader import Trace
from engine.trace.writer import TraceWriter

UNARY: list[Callable[[Tensor], Tensor]] = [
    torch.sigmoid,
    torch.tanh,
    torch.relu,
    lambda t: -t,
    lambda t: t * 0.5 + 1,
    lambda t: t.t(),
    lambda t: t.reshape(-1).reshape(3, 3),
    lambda t: t.view(9)[torch.randperm(9)].view(3, 3) if t.is_contiguous() else t.clone(),
    lambda t: t[:, 1:].expand(2, 3, 2)[0].repeat(1, 2)[:, :3],
    lambda t: t.contiguous(),
    lambda t: nn.functional.dropout(t, training=False),
    nn.Identity(),
    lambda t: t.detach(),
    lambda t: torch.softmax(t, 1),
    lambda t: t.sum(0, keepdim=True).expand(3, 3),
    lambda t: torch.cat(torch.unbind(t)).view(3, 3),
    lambda t: torch.stack(list(torch.split(t, 1))).squeeze(1),
]
BINARY: list[Callable[[Tensor, Tensor], Tensor]] = [
    torch.add,
    torch.mul,
    torch.matmul,
    lambda a, b: a - b,
    lambda a, b: torch.where(a > 0, a, b),
    lambda a, b: torch.cat((a, b))[::2],
    nn.functional.linear,
]
IN_PLACE: list[Callable[[Tensor, Tensor], Any]] = [
    lambda a, b: a.mul_(0.5),
    lambda a, b: a.add_(b, alpha=0.25),
    lambda a, b: a.__setitem__(slice(0, 1), b[1:2]),
    lambda a, b: a.t().mul_(0.9),
    lambda a, b: a[1].copy_(b[0]),
    lambda a, b: nn.functional.relu(a, inplace=True),
    lambda a, b: a.view(-1)[2:4].zero_() if a.is_contiguous() else a.zero_(),
    lambda a, b: torch.add(a.detach(), b.detach(), out=a) if not (a.requires_grad or b.requires_grad) else a,
    lambda a, b: a.clamp_(-2, 2),
]
HIDDEN: list[Callable[[Tensor, Tensor], Any]] = [
    lambda a, b: a.data.mul_(0.5),
    lambda a, b: a.data[1].copy_(b.data[0]),
    lambda a, b: a.data.view(-1).add_(0.125) if a.is_contiguous() else None,
]


class Program:
    """Runs random steps on a pool of 3x3 tensors and notes the truth beside the recorder's position."""

    def __init__(self, seed: int, recorder: Recorder, hidden: bool) -> None:
        self.random = random.Random(seed)
        self.recorder = recorder
        self.hidden = hidden
        self.pool: list[Tensor] = []
        self.truths: list[tuple[int, np.ndarray]] = []
        self.reads: list[tuple[int, np.ndarray]] = []
        self.edges: list[tuple[int, Any]] = []

    def run(self, steps: int) -> Tensor:
        """The loss, after its backward pass."""
        self.pool = [torch.randn(3, 3, requires_grad=i < 2) for i in range(4)]
        for _ in range(steps):
            self.step()
        loss = sum((tensor * tensor).sum() for tensor in self.pool if tensor.requires_grad)
        assert isinstance(loss, Tensor)
        loss.backward(retain_graph=True)
        return loss

    def step(self) -> None:
        """One random step."""
        one, other = self.random.choice(self.pool), self.random.choice(self.pool)
        begin = self.recorder.position
        sort = self.random.random()
        if sort < 0.4:
            self.note(begin, self.random.choice(UNARY)(one))
        elif sort < 0.6:
            self.note(begin, self.random.choice(BINARY)(one, other))
        elif sort < 0.85:
            change = self.random.choice(HIDDEN if self.hidden and self.random.random() < 0.3 else IN_PLACE)
            if not (one.is_leaf and one.requires_grad) and not own_elements_overlap(one):
                try:
                    change(one, other)
                except RuntimeError:
                    return
                self.read(one)
        elif len(self.pool) > 5:
            self.pool.pop(self.random.randrange(4, len(self.pool)))
            if self.random.random() < 0.03:
                gc.collect()

    def note(self, begin: int, result: Tensor) -> None:
        """The op just recorded gave this (an Identity calls no op)."""
        self.pool.append(result)
        last = self.recorder.position - 1
        if last >= begin:
            self.truths.append((last, array_of(result)))
            if result.grad_fn is not None:
                with torch._C.DisableTorchFunction():
                    self.edges.append((last, torch.autograd.graph.get_gradient_edge(result)))
        self.read(self.random.choice(self.pool))

    def read(self, tensor: Tensor) -> None:
        """Any op takes a tensor as it is just now, whatever was done to it or its views."""
        torch.abs(tensor.detach() if self.random.random() < 0.5 else tensor)
        self.reads.append((self.recorder.position - 1, array_of(tensor)))


def array_of(tensor: Tensor) -> np.ndarray:
    """A copy of a tensor's numbers that no function mode sees."""
    with torch._C.DisableTorchFunction():
        return tensor.detach().clone().numpy()


def own_elements_overlap(tensor: Tensor) -> bool:
    """Whether it is an expanded tensor, which torch does not write to."""
    return 0 in tensor.stride()


@pytest.mark.parametrize("hidden", [False, True], ids=["honest", "through data"])
@pytest.mark.parametrize("seed", range(30))
def test_values_and_gradients(tmp_path: Path, seed: int, hidden: bool) -> None:
    torch.manual_seed(seed)
    writer = TraceWriter(tmp_path / "t.gradstep", {})
    recorder = Recorder(writer)
    program = Program(seed, recorder, hidden)
    try:
        with recorder:
            try:
                loss = program.run(25)
            except RuntimeError as error:
                if "modified by an inplace operation" not in str(error):
                    raise
                loss = None
    finally:
        writer.close()
    assert writer.failure == ""
    with Trace(tmp_path / "t.gradstep") as trace:
        assert "recorder_error" not in trace.meta(), trace.meta()["recorder_error"]
        for position, truth in program.truths:
            event = trace.event(position)
            assert event is not None
            assert shown(trace, event.outputs[0].value) == truth.tolist(), event
        for position, truth in program.reads:
            event = trace.event(position)
            assert event is not None
            assert event.name == "abs"
            assert shown(trace, event.inputs[0].value) == truth.tolist(), event
        if loss is not None:
            compare_gradients(trace, program, loss)


def shown(trace: Trace, value: int | None) -> Any:
    """The recorded numbers."""
    assert value is not None
    array = trace.array(value)
    assert array is not None, trace.value(value)
    return array.tolist()


def compare_gradients(trace: Trace, program: Program, loss: Tensor) -> None:
    """Asks autograd itself for the gradient at each edge that was noted."""
    if not program.edges:
        return
    wanted = torch.autograd.grad(loss, [edge for _, edge in program.edges], allow_unused=True)
    arrived = arrivals(trace.events())
    for (position, _), gradient in zip(program.edges, wanted, strict=True):
        event = trace.event(position)
        assert event is not None
        slot = event.outputs[0]
        assert slot.node is not None
        value = arrived.get((slot.node, slot.index))
        if gradient is None:
            assert value is None, event
        else:
            assert value is not None, event
            np.testing.assert_allclose(np.array(shown(trace, value)), gradient.numpy(), rtol=1e-6, atol=1e-7)


def arrivals(events: list[Event]) -> dict[tuple[int | None, int], int | None]:
    """(node, output number) -> the value that arrived there."""
    return {(event.node, slot.index): slot.value for event in events if event.kind == "node" for slot in event.inputs}
