"""Traces that the tests of this folder print, recorded once in this process."""

from __future__ import annotations

import contextlib
import io
import runpy
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import gradstep
from engine.cli.main import main

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


@dataclass(frozen=True, slots=True)
class Printed:
    """What a command printed, and its exit code. window: the arguments with which it started the window, if it did."""

    code: int
    out: str
    err: str
    window: list[str] | None

    @property
    def lines(self) -> list[str]:
        """The lines of its standard output."""
        return self.out.splitlines()


Run = Callable[..., Printed]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `gradstep ARGUMENTS` in this process; what a recorded script prints is caught too."""

    def run_command(*arguments: str | Path) -> Printed:
        shown: list[list[str]] = []

        def show_window(given: list[str]) -> int:
            shown.append(given)
            return 0

        capfd.readouterr()
        code = main([str(argument) for argument in arguments], show_window)
        captured = capfd.readouterr()
        return Printed(code, captured.out, captured.err, shown[0] if shown else None)

    return run_command
