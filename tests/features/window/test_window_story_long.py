"""A long recording costs no more to step through than a short one."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from engine.session.launch import Launch
from engine.session.record import record
from tests.helpers.rows_read import rows_read
from tests.helpers.window_user import EXAMPLES, User

SHORT, LONG = 8, 80
STEPS = 22
"""More than the 19 steps of an iteration, so that one of them goes to the next."""


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Recordings of hello by their number of iterations."""
    folder = tmp_path_factory.mktemp("long")
    found: dict[int, Path] = {}
    for iterations in (SHORT, LONG):
        found[iterations] = folder / f"{iterations}.gradstep"
        with (folder / "output.txt").open("w", encoding="utf-8") as output:
            launch = Launch(EXAMPLES / "hello.py", ("--iterations", str(iterations)), stdout=output)
            record(launch, found[iterations])
    return found


def test_a_step_reads_as_much_of_a_long_recording_as_of_a_short_one(user: User, recordings: dict[int, Path]) -> None:
    read: dict[int, int] = {}
    for iterations, path in recordings.items():
        user.window.open_path(path)
        user.wait_for_first_step()
        user.window.run.to_iteration(4)
        user.wait_until_still()
        trace = user.window.state.trace
        assert trace is not None
        counts = rows_read(trace)
        for _ in range(STEPS):
            user.step(Qt.Key.Key_F10)
        assert user.window.state.place.iteration == 5
        read[iterations] = sum(counts)
    # One row for each of the other iterations at each step would be 22 * 72 more.
    assert read[LONG] < read[SHORT] + LONG - SHORT
