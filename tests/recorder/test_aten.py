"""The aten level: what torch calls inside ops and nodes, recorded where it was asked for."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from engine.recorder.recorder import Recorder
from engine.trace.reader import Trace
from engine.trace.writer import TraceWriter

Finely = Callable[[Callable[[], Any]], Trace]


@pytest.fixture
def finely(tmp_path: Path) -> Any:
    """Records a function at the aten level."""
    opened: list[Trace] = []

    def run(function: Callable[[], Any]) -> Trace:
        path = tmp_path / f"t{len(opened)}.gradstep"
        writer = TraceWriter(path, {"level": "aten"})
        with Recorder(writer, with_aten=True):
            function()
        writer.close()
        assert writer.failure == ""
        opened.append(Trace(path))
        assert "recorder_error" not in opened[-1].meta()
        return opened[-1]

    yield run
    for trace in opened:
        trace.close()


def calls_of(trace: Trace) -> list[tuple[str, list[str]]]:
    """(event, what torch called inside it), a leading "~" for what ran before it."""
    found = []
    for event in trace.events():
        calls = trace.aten(event.position, event.position + 1)
        found.append((event.name, [("" if call.inside else "~") + call.name for call in calls]))
    return found


def training() -> list[float]:
    """A small training; its numbers."""
    torch.manual_seed(3)
    net = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2), nn.Dropout(0.3))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for _ in range(3):
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(torch.randn(4, 3)), torch.tensor([0, 1, 1, 0])).backward()
        optimizer.step()
    return [number for parameter in net.parameters() for number in parameter.detach().reshape(-1).tolist()]


def test_calls_stand_under_their_op_or_node(finely: Finely) -> None:
    def run() -> None:
        x = torch.ones(2, 3, requires_grad=True)
        y = x.exp()
        y.mul(y).add(y).sum().backward()

    # Three gradients meet at y, so two of them are added to the first: the doing of the node that sends them. exp keeps
    # its result for the backward pass, which autograd does by detaching it.
    assert calls_of(finely(run)) == [
        ("ones", ["ones"]),
        ("exp", ["exp", "detach"]),
        ("mul", ["mul"]),
        ("add", ["add"]),
        ("sum", ["sum"]),
        ("SumBackward0", ["~ones_like", "expand"]),
        ("AddBackward0", []),
        ("MulBackward0", ["mul", "mul", "add", "add"]),
        ("ExpBackward0", ["detach", "mul"]),
        ("AccumulateGrad", ["detach"]),
    ]


def test_their_numbers_are_recorded(finely: Finely) -> None:
    x, w = torch.tensor([[1.0, -2.0]]), torch.tensor([[3.0, 5.0], [7.0, 11.0]])
    trace = finely(lambda: torch.nn.functional.linear(x, w, torch.tensor([0.5, 1.0])))
    (event,) = [event for event in trace.events() if event.name == "linear"]
    calls = trace.aten(event.position, event.position + 1)
    assert [call.function for call in calls] == ["aten::t", "aten::addmm"]
    product = calls[1]
    arrays = [trace.array(slot.value) for slot in product.inputs if slot.value is not None]
    assert [None if array is None else array.tolist() for array in arrays] == [
        [0.5, 1.0], [[1.0, -2.0]], [[3.0, 7.0], [5.0, 11.0]],
    ]  # fmt: skip
    made = trace.array(product.outputs[0].value or 0)
    assert made is not None
    assert made.tolist() == [[3 - 10 + 0.5, 7 - 22 + 1.0]]
    assert product.inputs[2].value == calls[0].outputs[0].value, "what one call made is what the next one took"
    assert product.inputs[0].value == event.inputs[2].value, "and what the op took"


def test_calls_in_functions_of_the_scripts_own_in_steps_and_that_raise(finely: Finely) -> None:
    class Twice(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: torch.Tensor) -> torch.Tensor:
            return x * 2

        @staticmethod
        def backward(ctx: Any, *gradients: torch.Tensor) -> torch.Tensor:
            return gradients[0].neg()

    def run() -> None:
        w = torch.ones(2, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=0.5)
        loss = Twice.apply(w).sum()
        loss.item()
        loss.backward()
        optimizer.step()
        with pytest.raises(RuntimeError):
            torch.mm(w, w)

    trace = finely(run)
    found = dict(calls_of(trace))
    assert "mul" in found["mul"]
    assert found["TwiceBackward"] == ["neg"]
    assert found["SumBackward0"] == ["~_local_scalar_dense", "~ones_like", "expand"]
    assert [name for name in found["SGD"] if name != "detach"] == ["add_"]
    (failed,) = [call for call in trace.aten(0, len(trace)) if call.error]
    assert (failed.name, failed.outputs) == ("mm", ())
    assert failed.error.startswith("RuntimeError: self must be a matrix")


def test_an_ordinary_training_keeps_its_bits_and_its_events(finely: Finely, tmp_path: Path) -> None:
    bare = training()
    results: list[list[float]] = []
    fine = finely(lambda: results.append(training()))
    assert results == [bare]
    writer = TraceWriter(tmp_path / "op.gradstep", {})
    with Recorder(writer):
        assert training() == bare
    writer.close()
    with Trace(tmp_path / "op.gradstep") as coarse:
        assert not coarse.has_aten
        assert coarse.aten(0, len(coarse)) == []
        # A position is the same event at both levels.
        assert [(event.name, event.phase, event.iteration) for event in fine.events()] == [
            (event.name, event.phase, event.iteration) for event in coarse.events()
        ]
    assert {call.position for call in fine.aten(0, len(fine)) if call.inside} <= set(range(len(fine)))


def test_who_does_not_ask_pays_nothing(tmp_path: Path) -> None:
    writer = TraceWriter(tmp_path / "t.gradstep", {})
    with Recorder(writer) as recorder:
        assert recorder.aten is None
        assert torch._C._len_torch_dispatch_stack() == 0
    writer.close()
    writer = TraceWriter(tmp_path / "u.gradstep", {})
    with Recorder(writer, with_aten=True):
        assert torch._C._len_torch_dispatch_stack() == 1
    writer.close()
    assert torch._C._len_torch_dispatch_stack() == 0


def test_a_trace_without_the_table_is_read(tmp_path: Path) -> None:
    writer = TraceWriter(tmp_path / "t.gradstep", {"level": "aten"})
    writer.close()
    with sqlite3.connect(tmp_path / "t.gradstep") as database:
        database.execute("DROP TABLE aten")
    database.close()
    with Trace(tmp_path / "t.gradstep") as trace:
        assert not trace.has_aten
        assert trace.aten(0, 10) == []
