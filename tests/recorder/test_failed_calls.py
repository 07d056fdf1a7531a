"""Calls that compute nothing are events where they raise; of a backward pass it is the node that failed."""

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.recorder.recorder import Recorder
from engine.trace.reader import Trace
from engine.trace.writer import TraceWriter

from .conftest import Record


def test_what_computes_nothing_is_no_event_unless_it_raises(record: Record) -> None:
    def run() -> None:
        x = torch.ones(3, requires_grad=True)
        x.detach().numpy().sum()
        x[0].item()
        x.numpy()

    event = record(run, RuntimeError).events[-1]
    assert (event.name, event.function) == ("numpy", "torch.Tensor.numpy")
    assert event.error.startswith("RuntimeError: Can't call numpy() on Tensor that requires grad.")
    assert [slot.name for slot in event.inputs] == ["0"]
    assert event.outputs == ()


def test_calls_that_went_well_leave_no_trace(record: Record) -> None:
    def run() -> None:
        x = torch.ones(1)
        assert bool(x)
        assert float(x) == int(x) == x.item() == x.tolist()[0]

    assert record(run).names == ["ones"]


def test_a_backward_pass_that_is_refused_is_an_event_with_its_root(record: Record) -> None:
    def run() -> None:
        (torch.ones(3, requires_grad=True) * 2).backward()

    recording = record(run, RuntimeError)
    event = recording.events[-1]
    assert (event.kind, event.name) == ("op", "backward")
    assert recording.trace.value(event.inputs[0].value).shape == (3,)
    assert event.error.endswith("grad can be implicitly created only for scalar outputs")


def test_a_graph_that_was_freed_fails_in_the_first_node(record: Record) -> None:
    def run() -> None:
        y = torch.tensor(2.0, requires_grad=True) ** 2 * 3
        y = y * y
        y.backward()
        y.backward()

    recording = record(run, RuntimeError)
    event = recording.events[-1]
    assert (event.kind, event.name) == ("node", "MulBackward0")
    assert recording.trace.node(event.node).op == recording.named("mul")[-1].position
    lines = [recording.trace.site(one.site).line for one in (event, recording.events[-2])]
    assert lines[0] == lines[1] + 1


@pytest.mark.parametrize("width", [1, 3])
def test_the_node_that_failed_is_found_among_branches(record: Record, width: int) -> None:
    """The node whose own backward says that it ran is the one that is named, wherever it stands in the graph."""
    ran: list[int] = []

    class Fails(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, number):
            ctx.number = number
            return x.clone()

        @staticmethod
        def backward(ctx, gradient):
            ran.append(ctx.number)
            if ctx.number == 1:
                raise ValueError("mine")
            return gradient, None

    def run() -> None:
        x = torch.ones(2, requires_grad=True)
        branches = [Fails.apply(x.exp(), number).sin() for number in range(width + 1)]
        (torch.stack(branches).sum() + x.sum() * 2).backward()

    recording = record(run, ValueError)
    event = recording.events[-1]
    assert (event.kind, event.name, event.error) == ("node", "FailsBackward", "ValueError: mine")
    made = recording.trace.event(recording.trace.node(event.node).op)
    assert made.arguments["1"] == 1 == ran[-1]
    np.testing.assert_allclose(recording.input(event), np.cos(np.exp(np.ones(2))), rtol=1e-6)


def test_a_saved_value_that_was_overwritten_names_the_node_that_needed_it(record: Record) -> None:
    def run() -> None:
        x = torch.tensor([2.0], requires_grad=True)
        y = x.exp()
        y += 1
        y.sum().backward()

    recording = record(run, RuntimeError)
    assert [event.name for event in recording.kind("node")] == ["SumBackward0", "AddBackward0", "ExpBackward0"]
    assert "is at version 1; expected version 0" in recording.events[-1].error


def test_a_script_may_catch_the_error_and_go_on(record: Record) -> None:
    def run() -> list[float]:
        w = torch.tensor(2.0, requires_grad=True)
        loss = w**2
        loss.backward()
        with pytest.raises(RuntimeError):
            loss.backward()
        (w * 3).backward()
        return [float(w.grad)]

    recording = record(run)
    assert recording.result == [7.0]
    assert [box.item() for box in recording.boxes("w")] == [4.0, 7.0]


class _OpenGate:
    """Lets everything through, as in a live run without breakpoints."""

    def arrive(self, *event: object) -> bool:
        return False

    def stop(self, position: int) -> None:
        raise AssertionError(position)


def test_a_live_run_names_the_same_node(tmp_path: Path) -> None:
    writer = TraceWriter(tmp_path / "live.gradstep", {})
    recorder = Recorder(writer, _OpenGate())

    def run() -> None:
        x = torch.tensor([2.0], requires_grad=True)
        y = x.exp()
        z = (y + x).sin()
        y += 1
        z.sum().backward()

    with pytest.raises(RuntimeError, match="inplace"), recorder:
        run()
    writer.close()
    with Trace(tmp_path / "live.gradstep") as trace:
        assert "recorder_error" not in trace.meta()
        events = [event for event in trace.events() if event.kind == "node"]
        assert [event.name for event in events[:2]] == ["SumBackward0", "SinBackward0"]
        assert (events[-1].name, events[-1].error[:12]) == ("ExpBackward0", "RuntimeError")
        assert len(events[-1].inputs) == 1


def test_torch_autograd_backward_fails_in_the_node_and_line_too(record: Record) -> None:
    def run() -> None:
        w = torch.tensor(2.0, requires_grad=True)
        other, loss = w * 5, w**2
        loss.backward(retain_graph=False)
        torch.autograd.backward([other, loss])

    recording = record(run, RuntimeError)
    event = recording.events[-1]
    assert (event.kind, event.name) == ("node", "PowBackward0")
    assert "second time" in event.error
    assert recording.trace.node(event.node).op == recording.named("pow")[0].position
    earlier = next(one for one in recording.kind("node") if one.name == "PowBackward0")
    assert recording.trace.site(event.site).line == recording.trace.site(earlier.site).line + 1
