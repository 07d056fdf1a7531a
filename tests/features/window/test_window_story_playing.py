"""Stories about playing: it makes steps by itself, and stops at breakpoints, at the end, and at any other move."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from pytestqt.qtbot import QtBot

from app.state import Status
from app.views.speed import FASTEST
from app.window import MainWindow
from engine.wire.breakpoints import Breakpoint, What
from tests.helpers.recorded_traces import hello_path
from tests.helpers.window_user import EXAMPLES, User

__all__ = ["hello_path"]


@pytest.fixture
def viewer(user: User, hello_path: Path) -> User:
    """A user who looks at a recording, the graph has the focus, and playing is as fast as it goes."""
    user.window.open_path(hello_path)
    user.wait_for_first_step()
    user.window.speed.slider.setValue(FASTEST)
    user.window.panels.canvas.setFocus()
    return user


def test_space_plays_to_the_end_of_a_recording_and_every_step_is_seen(viewer: User) -> None:
    state = viewer.window.state
    assert not state.is_playing, "nothing plays by itself"
    seen = [state.place]
    state.place_changed.connect(lambda: seen.append(state.place))
    viewer.press(Qt.Key.Key_Space)
    assert state.is_playing
    viewer.wait(lambda: not state.is_playing)
    assert state.place.position == state.recorded
    # The same places as by hand, one after the other.
    played, by_hand = seen[1:], []
    viewer.step(Qt.Key.Key_Home)
    for _ in played:
        viewer.step(Qt.Key.Key_Right)
        by_hand.append(state.place)
    assert played == by_hand


def test_space_stops_it_and_so_does_any_other_move(viewer: User) -> None:
    state = viewer.window.state
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_PageDown):
        viewer.window.run.to_position(20)
        viewer.wait(lambda: state.place.position == 20)
        before = state.place
        viewer.press(Qt.Key.Key_Space)
        viewer.wait(lambda before=before: state.place != before)
        assert state.is_playing
        viewer.press(key)
        assert not state.is_playing


def test_a_breakpoint_stops_it_once(viewer: User) -> None:
    state = viewer.window.state
    state.set_breakpoints((Breakpoint(What.OP, "mse_loss"),))
    viewer.press(Qt.Key.Key_Space)
    viewer.wait(lambda: not state.is_playing)
    event = state.trace.event(state.place.position) if state.trace is not None else None
    assert event is not None
    assert (event.name, event.iteration) == ("mse_loss", 0)
    viewer.press(Qt.Key.Key_Space)
    viewer.wait(lambda: state.place.iteration == 1)
    viewer.wait(lambda: not state.is_playing)
    assert state.place.iteration == 1, "the next iteration's"


def test_a_live_script_is_played(user: User) -> None:
    user.run(EXAMPLES / "hello.py")
    user.window.speed.slider.setValue(FASTEST)
    user.window.panels.canvas.setFocus()
    state = user.window.state
    begin = state.recorded
    user.press(Qt.Key.Key_Space)
    user.wait(lambda: state.status is Status.ENDED and not state.is_playing)
    assert state.recorded > begin + 20
    user.wait(lambda: state.place.position == state.recorded)


def test_the_speed_is_remembered(user: User, qtbot: QtBot, tmp_path: Path) -> None:
    user.window.speed.slider.setValue(7)
    user.window.close()
    again = MainWindow(QSettings(str(tmp_path / "gradstep.ini"), QSettings.Format.IniFormat))
    assert again.speed.slider.value() == 7
    assert again.speed.toolTip() == "Playing goes 7 steps a second"
    again.close()
    again.deleteLater()
