"""Traces that the tests of this folder print, recorded once in this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.cli.main import main
from tests.helpers.recorded_traces import hello_path, net_path

__all__ = ["hello_path", "net_path"]


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
