"""Recordings for the window's tests: example scripts and short ones, each recorded once."""

from __future__ import annotations

import contextlib
import io
import runpy
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale

from engine.recorder.recorder import Recorder
from engine.trace.reader import Trace
from engine.trace.writer import TraceWriter

EXAMPLES = Path(__file__).resolve().parents[2] / "resources" / "examples"


def record(script: Path, trace: Path, *arguments: str) -> Path:
    """Runs a script in this process and records it; what it prints is dropped."""
    writer = TraceWriter(trace, {"script": str(script)})
    before, sys.argv = sys.argv, [str(script), *arguments]
    try:
        with contextlib.redirect_stdout(io.StringIO()), Recorder(writer):
            runpy.run_path(str(script), run_name="__main__")
    finally:
        sys.argv = before
        writer.close()
    return trace


@pytest.fixture
def chinese() -> Iterator[None]:
    """The window speaks Chinese."""
    before = QLocale()
    QLocale.setDefault(QLocale("zh_CN"))
    yield
    QLocale.setDefault(before)


@pytest.fixture(scope="session")
def hello_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The 1-1-1 network, three iterations."""
    return record(EXAMPLES / "hello.py", tmp_path_factory.mktemp("hello") / "hello.gradstep", "--iterations", "3")


@pytest.fixture
def hello(hello_path: Path) -> Iterator[Trace]:
    """An open trace of the 1-1-1 network."""
    with Trace(hello_path) as trace:
        yield trace


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[Callable[[str], Trace]]:
    """Records the text of a script and opens its trace."""
    opened: list[Trace] = []

    def run(text: str) -> Trace:
        script = tmp_path / f"script{len(opened)}.py"
        script.write_text(text, encoding="utf-8")
        opened.append(Trace(record(script, script.with_suffix(".gradstep"))))
        return opened[-1]

    yield run
    for trace in opened:
        trace.close()
