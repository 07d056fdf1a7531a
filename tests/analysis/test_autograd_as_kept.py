"""What autograd keeps and how one walks to a node, held beside what torch itself answers."""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import gradstep
from engine.analysis.flow import Flow, flow_of
from engine.analysis.grad_fn import backward_chain, forward_chain, python_of, roots
from engine.analysis.saved_values import saved_values
from engine.events import Kind
from engine.trace.reader import Trace

HEAD = """import torch
from torch.nn import functional as F
torch.manual_seed(3)
x = torch.rand(4, 3)
w = torch.rand(2, 3, requires_grad=True)
b = torch.rand(2, requires_grad=True)
u = torch.rand(4, 3, requires_grad=True)
v = torch.rand(4, 3, requires_grad=True)
picture = torch.rand(1, 1, 6, 6)
kernel = torch.rand(2, 1, 3, 3, requires_grad=True)
"""

KEEPING = [
    "F.linear(x, w, b)", "F.linear(u, w, b)", "u * v", "u * x", "u + v", "u - v", "u / v", "u ** 2",
    "torch.exp(u)", "torch.log(u)", "torch.sigmoid(u)", "torch.tanh(u)", "torch.relu(u)", "u.sum()", "u.mean(dim=0)",
    "u @ w.detach().t()", "F.mse_loss(u, x)", "F.mse_loss(u, v)", "F.conv2d(picture, kernel)", "u.view(12)",
    "torch.sqrt(u)", "torch.maximum(u, v)",
]  # fmt: skip


def recorded(folder: Path, text: str) -> tuple[Trace, dict[str, Any]]:
    """The trace of a script, and what its names hold at its end."""
    script, path = folder / "script.py", folder / "script.gradstep"
    script.write_text(text, encoding="utf-8")
    with gradstep.record(path):
        namespace = runpy.run_path(str(script), run_name="__main__")
    return Trace(path), namespace


def flow_with_graph(trace: Trace) -> Flow:
    """Of the iteration that has a backward pass or a tracked op."""
    return flow_of(trace, max(one.number for one in trace.iterations()))


def kept_by_torch(node: Any) -> Iterator[np.ndarray]:
    """Every tensor that the nodes down to the leaves have saved."""
    if node is None or node.name().endswith("AccumulateGrad"):
        return
    for name in dir(node):
        held = getattr(node, name) if name.startswith("_saved_") else None
        if isinstance(held, torch.Tensor):
            yield held.detach().numpy()
    for child, _ in node.next_functions:
        yield from kept_by_torch(child)


def numbers(arrays: Iterator[np.ndarray]) -> set[tuple[float, ...]]:
    """Each array by its numbers, whichever way it is turned."""
    return {tuple(sorted(float(one) for one in np.ravel(array))) for array in arrays}


@pytest.mark.parametrize("expression", KEEPING)
def test_what_is_kept_is_what_torch_has_saved(tmp_path: Path, expression: str) -> None:
    trace, names = recorded(tmp_path, f"{HEAD}y = {expression}\n")
    flow = flow_with_graph(trace)
    op = flow.ops[-1]
    found = saved_values(flow, op, op.position + 1)
    arrays = [trace.array(one.value) for one in found]
    assert numbers(array for array in arrays if array is not None) == numbers(kept_by_torch(names["y"].grad_fn))
    assert all(one.freed_by is None and one.overwritten_by is None for one in found)


def test_what_is_kept_is_freed_by_the_pass_that_does_not_retain_the_graph(tmp_path: Path) -> None:
    trace, _ = recorded(tmp_path, f"{HEAD}y = torch.exp(u).sum()\ny.backward(retain_graph=True)\ny.backward()\n")
    flow = flow_with_graph(trace)
    op = next(event for event in flow.ops if event.name == "exp")
    passes = [event.position for event in flow.events if event.name == "ExpBackward0"]
    assert len(passes) == 2
    states = [saved_values(flow, op, position)[0].freed_by for position in (passes[0] + 1, passes[1], passes[1] + 1)]
    assert states == [None, None, passes[1]]


def test_a_write_to_what_is_kept_is_told_with_its_version(tmp_path: Path) -> None:
    trace, names = recorded(tmp_path, f"{HEAD}h = u * 2\nh += 1\ny = torch.exp(h)\ny += 1\n")
    flow = flow_with_graph(trace)
    exp = next(event for event in flow.ops if event.name == "exp")
    write = flow.ops[-1]
    (kept,) = saved_values(flow, exp, write.position + 1)
    assert (kept.symbol, kept.version, kept.overwritten_by) == ("exp(h[2])", 0, write.position)
    assert names["y"]._version == 1
    square, square_names = recorded(tmp_path, f"{HEAD}h = u * 2\nh += 1\ny = h ** 2\n")
    of_square = flow_with_graph(square)
    (read,) = saved_values(of_square, of_square.ops[-1], len(square))
    assert read.version == square_names["h"]._version == 1
    assert saved_values(of_square, of_square.ops[0], len(square)) == []


def test_the_python_expression_of_each_node_leads_to_it(tmp_path: Path) -> None:
    text = f"{HEAD}h = torch.relu(F.linear(u, w, b))\nloss = (h.sum() + (u * v).sum())\nloss.backward()\n"
    trace, names = recorded(tmp_path, text)
    flow = flow_with_graph(trace)
    nodes = [event for event in flow.events if event.kind is Kind.NODE]
    assert len(nodes) > 8
    for event in nodes:
        python = python_of(flow, event)
        assert python.startswith("loss.grad_fn")
        assert eval(python, names).name().removeprefix("torch::autograd::") == event.name


def test_the_chain_is_written_from_input_to_loss_and_back(tmp_path: Path) -> None:
    text = f"{HEAD}h = torch.relu(F.linear(x, w, b))\nloss = h.sum()\nloss.backward()\n"
    trace, _ = recorded(tmp_path, text)
    flow = flow_with_graph(trace)
    (root,) = roots(flow)
    assert forward_chain(flow, root) == ("x", "linear", "relu", "sum", "loss")
    steps = backward_chain(flow, root)
    assert [step.name for step in steps[:3]] == ["SumBackward0", "ReluBackward0", "AddmmBackward0"]
    # LESSONS' B15: bias, input, transposed weight, in this order.
    assert steps[2].after == ("AccumulateGrad of b", "None", "TBackward0")
    assert steps[3].python == ".next_functions[2][0]"
