"""What a recording printed is told bit by bit, so that a window which opens it can do something else meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.actions.run_control import RunControl
from app.models.ahead import Ahead
from app.state import AppState
from engine.trace.batch import Batch
from engine.trace.writer import TraceWriter


@pytest.fixture
def run(qtbot: QtBot) -> Iterator[RunControl]:
    """Opens recordings."""
    made = RunControl(AppState(), Ahead())
    yield made
    made.close()


def printed(path: Path, count: int) -> Path:
    """A trace of a script that printed so many lines."""
    writer = TraceWriter(path, {"script": "printing.py"})
    writer.put(Batch(output=[(i + 1, 0, "stdout", f"line {i}\n") for i in range(count)]))
    writer.close()
    return path


def test_much_output_is_told_in_pieces_and_whole(run: RunControl, tmp_path: Path, qtbot: QtBot) -> None:
    told: list[str] = []
    run.wrote.connect(lambda stream, text, position: told.append(text))
    run.open_trace(printed(tmp_path / "long.gradstep", 450))
    assert 0 < len(told) < 450
    qtbot.waitUntil(lambda: len(told) >= 450)
    assert told == [f"line {i}\n" for i in range(450)]


def test_another_recording_ends_what_is_told_of_the_one_before(run: RunControl, tmp_path: Path, qtbot: QtBot) -> None:
    told: list[str] = []
    run.open_trace(printed(tmp_path / "long.gradstep", 450))
    run.wrote.connect(lambda stream, text, position: told.append(text))
    run.open_trace(printed(tmp_path / "short.gradstep", 3))
    qtbot.wait(50)
    assert told == ["line 0\n", "line 1\n", "line 2\n"]
