"""Backward passes that begin at a leaf: no op has hooked the node that fills its `.grad`; it is seen too."""

from __future__ import annotations

import torch

from tests.recorder.conftest import Record


def test_backward_of_a_leaf_fills_its_box(record: Record) -> None:
    def run() -> list[float]:
        w = torch.tensor([2.0], requires_grad=True)
        w.backward()
        w.backward(torch.tensor([3.0]))
        return [float(w.grad)]

    recording = record(run)
    assert recording.result == [4.0]
    assert [event.name for event in recording.kind("node")] == ["AccumulateGrad", "AccumulateGrad"]
    assert [box.item() for box in recording.boxes("w")] == [1.0, 4.0]
    lines = [recording.trace.site(event.site).line for event in recording.kind("node")]
    assert lines[1] == lines[0] + 1


def test_torch_autograd_backward_of_a_leaf_beside_another_root(record: Record) -> None:
    def run() -> list[float]:
        w = torch.tensor(2.0, requires_grad=True)
        v = torch.tensor(1.0, requires_grad=True)
        torch.autograd.backward([v * 5, w])
        return [float(w.grad), float(v.grad)]

    recording = record(run)
    assert recording.result == [1.0, 5.0]
    assert [box.item() for box in recording.boxes("w")] == [1.0]
    assert [box.item() for box in recording.boxes("v")] == [5.0]


def test_a_leaf_without_gradient_is_refused_as_ever(record: Record) -> None:
    def run() -> None:
        torch.ones(1).backward()

    recording = record(run, RuntimeError)
    assert recording.events[-1].name == "backward"
    assert "does not require grad" in recording.events[-1].error


def test_a_leaf_is_no_op_and_keeps_no_graph(record: Record) -> None:
    def run() -> list[bool]:
        w = torch.tensor([2.0], requires_grad=True)
        w.backward()
        return [w.is_leaf, w.grad_fn is None, w._version == 0]

    recording = record(run)
    assert recording.result == [True, True, True]
    assert [event.name for event in recording.kind("op")] == ["tensor"]
    assert recording.named("view") == []
