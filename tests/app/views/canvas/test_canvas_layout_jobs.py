"""Small layouts are made at once, large ones in another process; a killed process does not cost the layout."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.views.canvas.layout import lay_out
from app.views.canvas.layout_jobs import LayoutJobs
from app.views.canvas.placement import Box, LayoutRequest


def line(count: int) -> LayoutRequest:
    boxes = tuple(Box(168.0, 58.0) for _ in range(count))
    return LayoutRequest(boxes, tuple((i, i + 1) for i in range(count - 1)))


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[LayoutJobs]:
    made = LayoutJobs(inline_boxes=5)
    yield made
    made.stop()


def test_small_layout_is_finished_when_start_returns(jobs: LayoutJobs) -> None:
    answers: list[object] = []
    jobs.finished.connect(answers.append)
    jobs.start(line(5))
    assert answers == [lay_out(line(5))]


def test_large_layout_comes_from_another_process(jobs: LayoutJobs, qtbot: QtBot) -> None:
    with qtbot.waitSignal(jobs.finished, timeout=20_000) as signal:
        jobs.start(line(6))
        assert not signal.signal_triggered
    assert signal.args == [lay_out(line(6))]


def test_only_the_latest_request_is_answered(jobs: LayoutJobs, qtbot: QtBot) -> None:
    answers: list[object] = []
    jobs.finished.connect(answers.append)
    jobs.start(line(6))
    jobs.start(line(3))
    qtbot.wait(50)
    assert answers == [lay_out(line(3))]
    assert not [child for child in multiprocessing.active_children() if child.name == "gradstep layout"]


def test_killed_process_gives_way_to_the_own_engine(jobs: LayoutJobs, qtbot: QtBot) -> None:
    with qtbot.waitSignal(jobs.finished, timeout=20_000) as signal:
        jobs.start(line(300))
        qtbot.waitUntil(lambda: any(c.name == "gradstep layout" for c in multiprocessing.active_children()))
        next(c for c in multiprocessing.active_children() if c.name == "gradstep layout").kill()
    assert signal.args is not None
    assert len(signal.args[0].boxes) == 300
