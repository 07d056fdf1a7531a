"""Traces of two scripts, recorded in this process: for tests that print, export or read them."""

from __future__ import annotations

import contextlib
import io
import runpy
import sys
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
def net_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trace of a script with larger tensors: 20 samples through 8 units, and one tiny matrix."""
    path = tmp_path_factory.mktemp("traces") / "net.gradstep"
    script = path.with_name("net.py")
    script.write_text(NET, encoding="utf-8")
    with gradstep.record(path):
        runpy.run_path(str(script), run_name="__main__")
    return path
