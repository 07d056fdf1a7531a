"""Long iterations are read beside the window: the picture stays until the new one is there, and nothing is held up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.models import ahead
from engine.bilingual import same
from engine.errors import TraceError
from engine.session.launch import Launch
from engine.session.moment import Moment
from engine.session.record import record
from tests.helpers.window_user import EXAMPLES, User

STEPS = 19
"""Quantities of an iteration of hello, by its golden table."""


class Reads:
    """Lets reading go on when it is told to. begun: the iterations that somebody began to read."""

    def __init__(self, real: Callable[..., object]) -> None:
        self.begun: list[int] = []
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self._real = real

    def __call__(self, path: Path, iteration: int, ticket: object) -> object:
        self.begun.append(iteration)
        assert self.may_go_on.wait(30)
        return self._real(path, iteration, ticket)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("long_iterations")
    path = folder / "hello.gradstep"
    with (folder / "output.txt").open("w", encoding="utf-8") as output:
        record(Launch(EXAMPLES / "hello.py", ("--iterations", "12"), stdout=output), path)
    return path


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Iterator[Reads]:
    """All iterations are long ones."""
    found = Reads(ahead._read)
    monkeypatch.setattr("app.models.ahead._read", found)
    monkeypatch.setattr("app.models.ahead.LONGEST_AT_ONCE", 1)
    monkeypatch.setattr("app.actions.run_control.LONGEST_AT_ONCE", 1)
    yield found
    found.may_go_on.set()


@pytest.fixture
def opened(user: User, reads: Reads, recording: Path) -> User:
    user.window.open_path(recording)
    user.wait_for_first_step()
    assert reads.begun == [0]
    return user


def shown_places(user: User) -> list[tuple[int, int | None]]:
    """Grows by what the graph shows from now on: iteration and number of quantities."""
    found: list[tuple[int, int | None]] = []

    def note(moment: Moment | None) -> None:
        if moment is not None:
            found.append((moment.place.iteration, moment.place.quantity))

    user.window.panels.moved.connect(note)
    return found


def test_what_happens_is_said_while_there_is_no_picture(user: User, reads: Reads, recording: Path) -> None:
    panels = user.window.panels
    reads.may_go_on.clear()
    user.window.open_path(recording)
    user.wait(lambda: reads.begun == [0])
    assert panels.moment is None
    assert panels.canvas.empty.isVisibleTo(panels.canvas)
    assert "Reading iteration 1…" in panels.canvas.empty.text()
    reads.may_go_on.set()
    user.wait_for_first_step()
    assert not panels.canvas.empty.isVisibleTo(panels.canvas)
    user.step(Qt.Key.Key_F10)
    assert user.card("z1") == "1.124"


def test_the_picture_stays_until_the_next_one_is_there(opened: User, reads: Reads) -> None:
    panels = opened.window.panels
    shown = shown_places(opened)
    reads.may_go_on.clear()
    opened.window.run.to_iteration(3)
    opened.wait(lambda: reads.begun == [0, 3])
    assert opened.window.state.place.iteration == 3
    assert panels.is_late
    assert panels.built is not None
    assert panels.built.iteration == 0
    assert panels.canvas.picture is not None
    reads.may_go_on.set()
    opened.wait_until_still()
    assert panels.built.iteration == 3
    assert shown == [(3, 0)]


def test_an_iteration_that_was_overtaken_is_never_shown(opened: User, reads: Reads) -> None:
    shown = shown_places(opened)
    reads.may_go_on.clear()
    opened.window.run.to_iteration(3)
    opened.wait(lambda: reads.begun == [0, 3])
    for number in (4, 5, 6):
        opened.window.run.to_iteration(number)
        opened.wait(lambda number=number: opened.window.ahead.iteration == number)
    reads.may_go_on.set()
    opened.wait_until_still()
    assert reads.begun == [0, 3, 6]
    assert shown == [(6, 0)]
    # What was read once is there at once.
    opened.window.run.to_iteration(0)
    opened.wait_until_still()
    assert reads.begun == [0, 3, 6]


def test_going_back_to_what_is_there_gives_up_the_rest(opened: User, reads: Reads) -> None:
    shown = shown_places(opened)
    reads.may_go_on.clear()
    opened.window.run.to_iteration(3)
    opened.wait(lambda: reads.begun == [0, 3])
    opened.window.run.to_iteration(0)
    opened.wait_until_still()
    assert opened.window.ahead.iteration is None
    reads.may_go_on.set()
    opened.step(Qt.Key.Key_F10)
    assert shown[-1] == (0, 1)
    assert {iteration for iteration, _ in shown} == {0}


def test_a_step_into_a_long_iteration_is_made_when_it_is_there(opened: User, reads: Reads) -> None:
    run, state = opened.window.run, opened.window.state
    run.to_quantity(STEPS, 0)
    opened.wait(lambda: state.place.quantity == STEPS)
    opened.wait_until_still()
    reads.may_go_on.clear()
    opened.press(Qt.Key.Key_F10)
    opened.wait(lambda: reads.begun == [0, 1])
    assert (state.place.iteration, state.place.quantity) == (0, STEPS)
    assert not run.is_settled
    reads.may_go_on.set()
    opened.wait(lambda: state.place.iteration == 1)
    opened.wait_until_still()
    assert state.place.quantity == 1
    assert run.is_settled


def test_another_move_takes_the_place_of_one_that_waits(opened: User, reads: Reads) -> None:
    run, state = opened.window.run, opened.window.state
    places: list[int] = []
    state.place_changed.connect(lambda: places.append(state.place.iteration))
    reads.may_go_on.clear()
    run.to_quantity(4, 7)
    opened.wait(lambda: reads.begun == [0, 7])
    run.to_iteration(2)
    reads.may_go_on.set()
    opened.wait(lambda: state.place.iteration == 2)
    opened.wait_until_still()
    assert places == [2]
    assert reads.begun == [0, 7, 2]


def test_a_file_that_went_bad_is_told_of_once(opened: User, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def unreadable(path: Path, iteration: int, ticket: object) -> object:
        tried.append(iteration)
        raise TraceError(same("The trace is damaged: it rained."))

    monkeypatch.setattr("app.models.ahead._read", unreadable)
    opened.window.run.to_iteration(3)
    opened.wait(lambda: opened.window.notices.notice is not None)
    assert opened.window.notices.notice is not None
    assert "it rained" in opened.window.notices.notice.what.english
    opened.window.state.set_selection(opened.window.panels.selecting.of_event(5))
    opened.window.panels._soon.timeout.emit()
    assert tried == [3]
    assert opened.window.panels.canvas.picture is not None


def test_short_iterations_are_shown_at_once(user: User, recording: Path) -> None:
    read: list[object] = []
    user.window.ahead.changed.connect(lambda: read.append(user.window.ahead.iteration))
    user.window.open_path(recording)
    user.wait_for_first_step()
    for number in (3, 8, 1):
        user.window.run.to_iteration(number)
        user.wait_until_still()
    assert read == []
