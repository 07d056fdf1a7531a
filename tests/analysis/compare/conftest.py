"""Records small scripts, for tests that compare two runs."""

from __future__ import annotations

import contextlib
import io
import runpy
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

import gradstep

EXAMPLES = Path(__file__).resolve().parents[3] / "resources" / "examples"

TRAIN = """import sys, torch
from torch import nn
seed, lr, iterations = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
torch.manual_seed(seed)
x = torch.linspace(0, 1, 12).reshape(4, 3)
net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=lr)
for i in range(iterations):
    optimizer.zero_grad()
    out = net(x)
    loss = out.pow(2).mean()
    loss.backward()
    optimizer.step()
"""

Record = Callable[..., Path]


def run_script(script: Path, *arguments: str) -> None:
    """Runs a script in this process with arguments, and hides what it prints."""
    argv, sys.argv = sys.argv, [script.name, *arguments]
    dtype = torch.get_default_dtype()
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            runpy.run_path(str(script), run_name="__main__")
    finally:
        sys.argv = argv
        torch.set_default_dtype(dtype)


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """Records a script (its text, or a Path) with arguments; returns the trace."""
    count = iter(range(100))

    def make(script: str | Path, *arguments: str) -> Path:
        number = next(count)
        if isinstance(script, str):
            folder = tmp_path / str(number)
            folder.mkdir()
            (folder / "train.py").write_text(script, encoding="utf-8")
            script = folder / "train.py"
        path = tmp_path / f"{number}.gradstep"
        torch.manual_seed(0)
        with gradstep.record(path):
            run_script(script, *arguments)
        return path

    return make
