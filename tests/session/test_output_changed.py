"""What if the network's answer went through a function: its call is found by the trace, the script's text stays."""

from __future__ import annotations

import textwrap
from pathlib import Path

import numpy as np
import pytest

from engine.errors import SessionError
from engine.session.launch import Launch
from engine.session.record import record
from engine.session.what_if import Plan, what_if
from engine.trace.reader import Trace

BY_HAND = """
    import torch

    x = torch.tensor([[1.0, 2.0], [3.0, -1.0]], dtype=torch.float64)
    t = torch.tensor([1.0, 0.0], dtype=torch.float64)
    w = torch.tensor([0.5, -0.25], dtype=torch.float64, requires_grad=True)
    b = torch.tensor(0.1, dtype=torch.float64, requires_grad=True)


    def model(x):
        return x @ w + b


    for _ in range(2):
        loss = ((model(x) - t) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for p in (w, b):
                p -= 0.1 * p.grad
                p.grad = None
    print(model(x) + b)
"""
LAYERS = """
    import torch
    from torch import nn

    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for _ in range(2):
        loss = nn.functional.mse_loss(net(torch.ones(4, 2)), torch.ones(4, 1))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
"""


def tried(folder: Path, text: str, change: str) -> Path:
    (folder / "script.py").write_text(textwrap.dedent(text), encoding="utf-8")
    parent = folder / "t.gradstep"
    assert record(Launch("script.py", folder=folder), parent).exit_code == 0
    found = what_if(parent, Plan(changes=(change,)), folder / "branch.gradstep", time_limit_s=240)
    assert found.ending.exit_code == 0
    assert found.applied[change] > 0
    return folder / "branch.gradstep"


def test_a_sigmoid_after_a_network_that_is_written_by_hand(tmp_path: Path) -> None:
    """Two steps of C = mean (s(xw + b) - t)^2 in numpy."""
    x, t = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([1.0, 0.0])
    w, b, expected = np.array([0.5, -0.25]), 0.1, []
    for _ in range(2):
        a = 1 / (1 + np.exp(-(x @ w + b)))
        expected.append(float(((a - t) ** 2).mean()))
        delta = (a - t) * a * (1 - a)  # 2 / 2 samples
        w, b = w - 0.1 * x.T @ delta, b - 0.1 * delta.sum()
    with Trace(tried(tmp_path, BY_HAND, "output=sigmoid")) as trace:
        found = [trace.array(event.outputs[0].value or 0) for event in trace.events() if event.name == "mean"]
        assert [float(one) for one in found if one is not None] == pytest.approx(expected, rel=1e-12)


def test_only_the_last_of_two_layers_of_one_line(tmp_path: Path) -> None:
    with Trace(tried(tmp_path, LAYERS, "output=tanh")) as trace:
        names = [event.name for event in trace.events(iteration=0) if event.phase == "forward"]
        assert [name for name in names if name != "ones"] == ["linear", "linear", "tanh", "mse_loss"]


def test_a_run_that_compares_nothing_has_no_output(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="does not tell what its network answers"):
        tried(tmp_path, "import torch\nw = torch.ones(2, requires_grad=True)\nw.sum().backward()\n", "output=tanh")
