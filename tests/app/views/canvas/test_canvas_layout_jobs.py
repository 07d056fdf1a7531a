"""Small layouts are made at once, large ones in another process; a killed process does not cost the layout."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.views.canvas import layout_jobs
from app.views.canvas.layered import LayeredEngine
from app.views.canvas.layout import lay_out
from app.views.canvas.layout_jobs import LayoutJobs
from app.views.canvas.layout_process import command_line, layout_bytes, layout_from, request_bytes, request_from
from app.views.canvas.placement import Box, LayoutRequest


def line(count: int) -> LayoutRequest:
    boxes = tuple(Box(168.0, 58.0, ("Net", "fc") if i % 2 else ()) for i in range(count))
    return LayoutRequest(boxes, tuple((i, i + 1) for i in range(count - 1)))


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[LayoutJobs]:
    made = LayoutJobs(inline_boxes=5)
    yield made
    made.stop()


def test_request_and_layout_survive_the_journey() -> None:
    request = line(7)
    assert request_from(request_bytes(request)) == request
    layout = lay_out(request)
    assert layout_from(layout_bytes(layout)) == layout


def test_small_layout_is_finished_when_start_returns(jobs: LayoutJobs) -> None:
    answers: list[object] = []
    jobs.finished.connect(answers.append)
    jobs.start(line(5))
    assert answers == [lay_out(line(5))]
    assert jobs.process_id is None


def test_large_layout_comes_from_another_process(jobs: LayoutJobs, qtbot: QtBot) -> None:
    with qtbot.waitSignal(jobs.finished, timeout=20_000) as answer:
        jobs.start(line(6))
        assert jobs.process_id not in (None, os.getpid())
    assert answer.args == [lay_out(line(6))]
    assert jobs.process_id is None


def test_only_the_latest_request_is_answered_and_the_earlier_process_ended(jobs: LayoutJobs, qtbot: QtBot) -> None:
    answers: list[object] = []
    jobs.finished.connect(answers.append)
    jobs.start(line(6))
    earlier = jobs.process_id
    jobs.start(line(3))
    qtbot.wait(50)
    assert answers == [lay_out(line(3))]
    assert earlier is not None
    with pytest.raises(ProcessLookupError):
        os.kill(earlier, 0)


def test_killed_process_gives_way_to_the_own_engine(jobs: LayoutJobs, qtbot: QtBot) -> None:
    with qtbot.waitSignal(jobs.finished, timeout=20_000) as answer:
        jobs.start(line(300))
        assert jobs.process_id is not None
        os.kill(jobs.process_id, signal.SIGTERM)
    assert answer.args == [lay_out(line(300), (LayeredEngine(),))]


def test_missing_program_gives_way_to_the_own_engine(
    jobs: LayoutJobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(layout_jobs, "command_line", lambda: [str(tmp_path / "no-such-program")])
    with qtbot.waitSignal(jobs.finished, timeout=20_000) as answer:
        jobs.start(line(6))
    assert answer.args == [lay_out(line(6), (LayeredEngine(),))]


def test_process_ignores_modules_of_the_current_folder_and_loads_no_qt(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("raise SystemExit('the script of the learner ran')", encoding="utf-8")
    (tmp_path / "json.py").write_text("raise SystemExit('the module of the learner ran')", encoding="utf-8")
    program, *arguments = command_line()
    arguments[2] += "; assert not [name for name in sys.modules if name.startswith('PySide6')]"
    done = subprocess.run(
        [program, *arguments], input=request_bytes(line(6)), capture_output=True, cwd=tmp_path, check=True, timeout=60
    )
    assert program == sys.executable
    assert layout_from(done.stdout) == lay_out(line(6))
