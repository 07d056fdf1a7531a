"""A teacher keeps places as a demo and plays them with a clicker; a student opens trace and demo at the same stop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog

from app.dialogs.demo_stop import DemoStopDialog
from app.state import Selection, Status
from engine.lessons.demo import read_demo
from engine.session.place import Level, Place
from tests.helpers.window_user import EXAMPLES, User

CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
Seen = tuple[Place, Level, Selection, tuple[float, float, float] | None, tuple[str, str]]


def type_into_dialog(note: str, question: str = "") -> Callable[[], None]:
    def by_keyboard() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, DemoStopDialog)
        dialog.note.selectAll()
        QTest.keyClicks(dialog.note, note)
        QTest.keyClicks(dialog.question, question)
        QTest.keyClick(dialog.note, Qt.Key.Key_Return)

    return by_keyboard


def add(user: User, note: str, question: str = "") -> None:
    QTimer.singleShot(0, user.window, type_into_dialog(note, question))
    user.press(Qt.Key.Key_A, CONTROL | SHIFT)
    come_back(user)


def come_back(user: User) -> None:
    """The dialog is closed, and the graph has the keys again."""
    user.window.activateWindow()
    user.wait(user.window.isActiveWindow)
    user.window.panels.canvas.setFocus()


def record_all(user: User) -> None:
    """Lets the script run to its end, and goes back to its first iteration."""
    user.press(Qt.Key.Key_F5)
    user.wait(lambda: user.window.state.status is Status.ENDED)
    user.window.run.to_iteration(0)
    user.wait_until_still()


def seen(user: User) -> Seen:
    user.wait_until_still()
    state, canvas = user.window.state, user.window.panels.canvas
    framing = canvas.framing
    rounded = None if framing is None else (round(framing[0], 6), round(framing[1]), round(framing[2]))
    return state.place, state.level, state.selection, rounded, user.equations


def taught(teacher: User) -> list[Seen]:
    """Adds three stops, of which the second has another zoom, level and selection; what was seen at each."""
    window, found = teacher.window, []
    teacher.step(Qt.Key.Key_F10)
    add(teacher, "The sum", "How large is it?")
    found.append(seen(teacher))
    for _ in range(4):
        teacher.step(Qt.Key.Key_F10)
    window.run.set_level(Level.OPERATION)
    teacher.step(Qt.Key.Key_F10)
    window.state.set_selection(window.panels.selecting.of_event(window.state.place.position - 1))
    teacher.wait_until_still()
    window.panels.canvas.zoom_to(1.5)
    add(teacher, "Backwards")
    found.append(seen(teacher))
    window.run.set_level(Level.QUANTITY)
    window.panels.canvas.fit()
    for _ in range(6):
        teacher.step(Qt.Key.Key_F10)
    add(teacher, "One link of the chain")
    found.append(seen(teacher))
    return found


def test_a_demo_is_played_and_given_to_a_student(user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    window, demo = user.window, user.window.panels.demonstrating
    assert not window.docks.by_key["demo"].isVisible()
    user.run(EXAMPLES / "hello.py")
    record_all(user)
    stops = taught(user)
    assert window.docks.by_key["demo"].isVisible()
    assert "Stop 3 of the demo. Save the trace" in window.statusBar().currentMessage()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "class.gradstep"), ""))
    user.press(Qt.Key.Key_S, CONTROL)
    user.wait(lambda: "Saved as" in window.statusBar().currentMessage())
    assert [stop.note for stop in read_demo(tmp_path / "class.demo.json")] == [
        "The sum", "Backwards", "One link of the chain",
    ]  # fmt: skip

    window.open_path(tmp_path / "class.gradstep")
    user.wait_for_first_step()
    assert len(demo.model.stops) == 3
    window.panels.canvas.setFocus()
    for stop in stops:
        user.press(Qt.Key.Key_PageDown, ALT)
        assert seen(user) == stop
    user.press(Qt.Key.Key_PageDown, ALT)
    assert "last stop" in window.statusBar().currentMessage()
    user.press(Qt.Key.Key_PageUp, ALT)
    assert seen(user) == stops[1]
    monkeypatch.setattr(QInputDialog, "getInt", lambda *_: (3, True))
    user.press(Qt.Key.Key_D, CONTROL | SHIFT)
    assert seen(user) == stops[2], "who comes late is there at once"


def test_the_clicker_plays_the_demo_while_presenting(hello: User) -> None:
    window, bar = hello.window, hello.window.centre.step_bar
    hello.press(Qt.Key.Key_PageDown, ALT)
    assert "no demo yet" in window.statusBar().currentMessage()
    taught(hello)
    hello.press(Qt.Key.Key_F12)
    hello.wait_until_still()
    assert not window.docks.by_key["demo"].isVisible()
    hello.step(Qt.Key.Key_PageUp)
    assert bar.accessibleName() == "Backwards"
    hello.step(Qt.Key.Key_PageUp)
    assert bar.accessibleName() == "The sum\nHow large is it?"
    hello.step(Qt.Key.Key_Right)
    assert "step" in bar.accessibleName(), "elsewhere it says the step"
    hello.step(Qt.Key.Key_PageDown)
    assert bar.accessibleName() == "Backwards"
    hello.press(Qt.Key.Key_Escape)


def test_stops_are_edited_moved_and_removed_by_keyboard(hello: User, tmp_path: Path) -> None:
    window, demo = hello.window, hello.window.panels.demonstrating
    taught(hello)
    trace = window.state.trace
    assert trace is not None
    kept = trace.path.with_suffix(".demo.json")

    def notes() -> list[str]:
        assert read_demo(kept) == demo.model.stops
        return [stop.note for stop in demo.model.stops]

    demo.view.list.setFocus()
    hello.press(Qt.Key.Key_Home)
    hello.press(Qt.Key.Key_Down, ALT)
    assert notes() == ["Backwards", "The sum", "One link of the chain"]
    QTimer.singleShot(0, window, type_into_dialog("Its sum"))
    hello.press(Qt.Key.Key_Return, CONTROL)
    come_back(hello)
    demo.view.list.setFocus()
    assert notes()[1] == "Its sum"
    hello.press(Qt.Key.Key_Return)
    hello.wait_until_still()
    assert window.state.place == demo.model.stops[1].place
    hello.press(Qt.Key.Key_Delete)
    assert notes() == ["Backwards", "One link of the chain"]
    hello.press(Qt.Key.Key_Delete)
    hello.press(Qt.Key.Key_Delete)
    hello.press(Qt.Key.Key_Delete)
    assert notes() == []


def test_a_broken_demo_is_told_and_left_alone(hello: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    window = hello.window
    record_all(hello)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "class.gradstep"), ""))
    hello.press(Qt.Key.Key_S, CONTROL)
    hello.wait(lambda: "Saved as" in window.statusBar().currentMessage())
    file = tmp_path / "class.demo.json"
    file.write_text("not JSON", encoding="utf-8")
    window.open_path(tmp_path / "class.gradstep")
    hello.wait_for_first_step()
    hello.wait(lambda: "is not JSON" in window.notices.text())
    window.panels.canvas.setFocus()
    add(hello, "A stop")
    assert len(window.panels.demonstrating.model.stops) == 1
    assert file.read_text(encoding="utf-8") == "not JSON"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "other"), ""))
    window.panels.demonstrating.view.save.click()
    assert [stop.note for stop in read_demo(tmp_path / "other.demo.json")] == ["A stop"]
