"""Traces that the tests of this folder read, recorded once in this process."""

from __future__ import annotations

import contextlib
import io
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import gradstep

NET = """import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 1))
tiny = torch.tensor([[1.0, -2.0], [0.5, 4.0]]).mul(2)
loss = net(torch.randn(20, 3)).pow(2).mean()
loss.backward()
"""

EXAMPLES = Path(__file__).resolve().parents[2] / "resources" / "examples"


@pytest.fixture(scope="module")
def hello_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trace of two iterations of the 1-1-1 example."""
    path = tmp_path_factory.mktemp("traces") / "hello.gradstep"
    argv, sys.argv = sys.argv, ["hello.py", "--iterations", "2"]
    try:
        with contextlib.redirect_stdout(io.StringIO()), gradstep.record(path):
            runpy.run_path(str(EXAMPLES / "hello.py"), run_name="__main__")
    finally:
        sys.argv = argv
    return path


@pytest.fixture(scope="module")
def odd_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trace of values that formats find hard: not finite, complex, empty, boolean, bfloat16, large."""
    import torch

    path = tmp_path_factory.mktemp("traces") / "odd.gradstep"
    with gradstep.record(path):
        x = torch.tensor([1.0, float("nan"), float("inf"), -float("inf")])
        x.mul(2)
        torch.complex(torch.tensor([1.0]), torch.tensor([float("nan")]))
        torch.zeros(0, 3).add(1)
        x.isnan().logical_not()
        torch.tensor([0.1], dtype=torch.bfloat16).add(3)
        torch.ones(40, 50).add(1).t()
    return path


@pytest.fixture(scope="module")
def net_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trace of a script with larger tensors: 20 samples through 8 units, and one tiny matrix."""
    path = tmp_path_factory.mktemp("traces") / "net.gradstep"
    script = path.with_name("net.py")
    script.write_text(NET, encoding="utf-8")
    with gradstep.record(path):
        runpy.run_path(str(script), run_name="__main__")
    return path


@pytest.fixture
def no_leftovers(tmp_path: Path) -> Iterator[Path]:
    """A folder that must hold nothing hidden at the end."""
    yield tmp_path
    assert [entry.name for entry in tmp_path.iterdir() if entry.name.startswith(".")] == []
