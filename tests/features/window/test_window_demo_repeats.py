"""A demo looks the same every time: to the last pixel, in two processes, whichever way one comes to a stop."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.lessons.demo import Chosen, DemoStop, demo_file, write_demo
from engine.session.launch import Launch
from engine.session.place import Level, Place
from engine.session.record import record
from engine.trace.reader import Trace
from tests.helpers.window_user import EXAMPLES

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """A recording of two iterations with four stops: fitted and zoomed, with and without a selection."""
    trace = tmp_path / "class.gradstep"
    with (tmp_path / "output.txt").open("wb") as output:
        record(Launch(EXAMPLES / "four_three_one.py", ("--passes", "2"), stdout=output), trace)
    with Trace(trace) as opened:
        first, second = opened.iteration(0), opened.iteration(1)
    assert first is not None
    assert second is not None
    stops = (
        DemoStop(Place(first.begin, 0, 0), Level.QUANTITY, note="Before anything"),
        DemoStop(Place(first.begin + 6, None, 0), Level.OPERATION, Chosen(quantity=1), (1.4, 120.0, 200.0), "Closer"),
        DemoStop(Place(first.end, 21, 0), Level.QUANTITY, Chosen(quantity=4), None, "The error", "Why a sign?"),
        DemoStop(Place(second.begin + 4, None, 1), Level.NODE, Chosen(), (0.8, 0.0, 0.0), "Once more"),
    )
    write_demo(demo_file(trace), stops)
    return trace


def played(trace: Path, settings: Path, rows: list[int], seed: str) -> dict[str, str]:
    """Digests of the pictures in a process of its own."""
    command = [sys.executable, "-m", "tests.helpers.demo_player", str(trace), str(settings), *map(str, rows)]
    environment = os.environ | {"PYTHONHASHSEED": seed, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


def test_every_stop_is_the_same_picture_in_another_process_and_by_another_way(demo: Path, tmp_path: Path) -> None:
    forward = played(demo, tmp_path / "one.ini", [0, 1, 2, 3], "1")
    back_and_forth = played(demo, tmp_path / "two.ini", [3, 1, 2, 0, 3, 2, 1, 0], "2")
    assert len(set(forward.values())) == 4, "each stop is another picture"
    assert back_and_forth == forward
