"""Stories about a running script: breakpoints, pause, stop, restart, failures, a killed process, options."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from app.state import Status
from tests.helpers.window_user import EXAMPLES, Modifier, User

LOOP = """
import torch
w = torch.tensor(1.0, requires_grad=True)
for i in range({count}):
    loss = (w * 2.0 - 3.0) ** 2     # @loss
    loss.backward()
    with torch.no_grad():
        w -= 0.01 * w.grad
    w.grad = None
"""
FAILING = """
import torch
w = torch.tensor(1.0, requires_grad=True)
z = w * 2.0
print("so far so good")
a = z @ z     # @fails
"""

COMPUTING = """
import torch
net = torch.nn.Linear(1, 1)
with torch.no_grad():
    net.weight.fill_(3.0)
    net.bias.fill_(0.0)
    y = net(torch.tensor([[2.0]]))
"""


def line_of(script: str, mark: str) -> int:
    return next(number for number, line in enumerate(script.splitlines(), 1) if f"@{mark}" in line)


def has_colour(widget: QWidget, colour: str) -> bool:
    picture = widget.grab().toImage()
    places = ((x, y) for y in range(picture.height()) for x in range(picture.width()))
    return any(picture.pixelColor(x, y).name() == colour for x, y in places)


def written(folder: Path, text: str) -> Path:
    script = folder / "story.py"
    script.write_text(text)
    return script


def test_a_breakpoint_stops_each_iteration_and_backwards_too(user: User, tmp_path: Path) -> None:
    text = LOOP.format(count=3)
    user.run(written(tmp_path, text))
    source = user.window.panels.source
    assert source.current_line == line_of(text, "loss")
    user.press(Qt.Key.Key_F9)
    user.wait(lambda: source.gutter.breakpoints == {line_of(text, "loss")})
    for iteration in (1, 2):
        user.step(Qt.Key.Key_F5)
        assert user.window.state.place.iteration == iteration
        assert source.current_line == line_of(text, "loss")
    user.step(Qt.Key.Key_F5, Modifier.ControlModifier)
    assert user.window.state.place.iteration == 1
    user.press(Qt.Key.Key_F9)
    user.wait(lambda: not source.gutter.breakpoints)
    user.step(Qt.Key.Key_F5)
    assert user.window.state.status is Status.ENDED


def test_run_to_the_cursors_line_leaves_no_breakpoint(user: User, tmp_path: Path) -> None:
    text = LOOP.format(count=3)
    user.run(written(tmp_path, text))
    source = user.window.panels.source
    source.setFocus()
    for _ in range(line_of(text, "loss") - source.cursor_line + 1):
        user.press(Qt.Key.Key_Down)
    assert source.cursor_line == line_of(text, "loss") + 1
    user.step(Qt.Key.Key_F8)
    assert source.current_line == source.cursor_line
    assert user.phase.startswith("◂ BACKWARD")
    assert not source.gutter.breakpoints
    user.step(Qt.Key.Key_F5)
    assert user.window.state.status is Status.ENDED


def test_a_running_script_is_paused_and_stopped(user: User, tmp_path: Path) -> None:
    user.run(written(tmp_path, LOOP.format(count=10_000_000)))
    user.press(Qt.Key.Key_F5)
    user.wait(lambda: user.window.state.status is Status.RECORDING)
    assert "Running" in user.window.statusBar().currentMessage()
    user.press(Qt.Key.Key_F5)
    user.wait_until_still()
    assert user.window.state.status is Status.PAUSED
    assert user.window.state.place.iteration > 0
    user.press(Qt.Key.Key_F5, Modifier.ShiftModifier)
    user.wait(lambda: user.window.state.status is Status.ENDED)
    assert user.window.notices.notice is None


def test_a_script_that_only_computes_is_looked_at_from_its_start(user: User, tmp_path: Path) -> None:
    user.window.open_path(written(tmp_path, COMPUTING), asked_for=True)
    user.wait(lambda: user.window.state.status is Status.ENDED)
    user.wait(lambda: user.window.state.place.iteration == 0 and user.window.state.place.position == 0)
    user.wait_until_still()
    user.step(Qt.Key.Key_F5)
    assert user.number == "6"


def test_an_exception_is_shown_in_its_place_with_its_traceback(user: User, tmp_path: Path) -> None:
    script = written(tmp_path, FAILING)
    user.window.open_path(script, asked_for=True)
    user.wait(lambda: user.window.state.status is Status.PAUSED)
    user.press(Qt.Key.Key_F5)
    user.wait(lambda: user.window.notices.notice is not None)
    notice = user.window.notices.notice
    assert notice is not None
    assert notice.what.english.startswith("The script failed: RuntimeError")
    assert "matmul takes tensors of fixed dimensions" in notice.why.english
    assert f"line {line_of(FAILING, 'fails')}" in notice.detail
    user.wait_until_still()
    assert user.window.panels.source.current_line == line_of(FAILING, "fails")
    assert user.window.state.place.position == 2
    assert has_colour(user.window.panels.source.viewport(), user.window.looks.theme.error)
    assert "so far so good" in user.window.panels.console.toPlainText()
    user.press(Qt.Key.Key_Escape)
    user.wait(lambda: user.window.notices.notice is None)


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_killed_process_is_called_that(user: User, tmp_path: Path) -> None:
    user.run(written(tmp_path, "import os\n" + LOOP.format(count=2) + "\nos.kill(os.getpid(), 9)\n"))
    user.press(Qt.Key.Key_F5)
    user.wait(lambda: user.window.notices.notice is not None)
    user.wait_until_still()
    assert signal.SIGKILL.name in user.window.notices.text()
    user.step(Qt.Key.Key_F10, Modifier.ControlModifier)


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_crash_in_compiled_code_is_explained_and_marked_at_its_line(user: User, tmp_path: Path) -> None:
    crashing = "import ctypes\n" + LOOP.format(count=2) + "\nctypes.string_at(0)  # @crashes\n"
    user.run(written(tmp_path, crashing))
    user.press(Qt.Key.Key_F5)
    user.wait(lambda: user.window.notices.notice is not None)
    user.wait_until_still()
    line = line_of(crashing, "crashes")
    assert "Compiled code" in user.window.notices.text()
    assert f":{line}." in user.window.notices.text()
    assert has_colour(user.window.panels.source.viewport(), user.window.looks.theme.error)


def test_a_run_stays_when_its_script_is_gone(user: User, tmp_path: Path) -> None:
    script = written(tmp_path, LOOP.format(count=2))
    user.run(script)
    place = user.window.state.place
    script.unlink()
    user.window.run.restart()
    assert "does not exist" in user.window.notices.text()
    assert user.window.state.place == place
    assert user.window.state.trace is not None
    user.step(Qt.Key.Key_F10)


def test_a_script_that_cannot_start_says_why(user: User, tmp_path: Path) -> None:
    user.window.open_path(tmp_path / "missing.py", asked_for=True)
    assert "missing.py" in user.window.notices.text()
    no_trace = tmp_path / "no.gradstep"
    no_trace.write_text("hello")
    user.window.open_path(no_trace)
    assert "is not a Gradstep trace" in user.window.notices.text()


def test_a_script_that_calls_no_torch_is_read_in_the_source_panel(user: User, tmp_path: Path) -> None:
    user.run(written(tmp_path, LOOP.format(count=1)))
    broken = tmp_path / "broken.py"
    broken.write_text("import torch\nimport no_such_package_at_all\n")
    user.window.open_path(broken, asked_for=True)
    assert user.window.panels.source.toPlainText() == broken.read_text()
    user.wait(lambda: user.window.notices.notice is not None)
    assert user.window.panels.source.toPlainText() == broken.read_text()
    assert has_colour(user.window.panels.source.viewport(), user.window.looks.theme.error)
    assert "in the run options" in user.window.notices.text()


def test_device_and_seed_take_effect_at_the_restart(hello: User) -> None:
    hello.step(Qt.Key.Key_F10)
    seed = hello.window.run_box.seed
    seed.setFocus()
    for key in (Qt.Key.Key_4, Qt.Key.Key_2, Qt.Key.Key_Return):
        hello.press(key)
    assert hello.window.state.options.seed == 42
    hello.press(Qt.Key.Key_F5, Modifier.ControlModifier | Modifier.ShiftModifier)
    hello.wait(lambda: hello.window.state.trace is None)
    hello.wait_for_first_step()
    assert hello.window.state.trace.meta()["seed"] == 42
    assert hello.phase.startswith("▸ FORWARD step 1")


def test_a_dropped_script_runs_only_after_asking_once(
    user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = written(tmp_path, LOOP.format(count=1))
    asked: list[str] = []

    def answer(reply: QMessageBox.StandardButton) -> None:
        def reply_to(parent: object, title: str, text: str) -> QMessageBox.StandardButton:
            asked.append(text)
            return reply

        monkeypatch.setattr(QMessageBox, "question", reply_to)

    answer(QMessageBox.StandardButton.No)
    drop(user, script)
    assert user.window.state.status is Status.IDLE
    answer(QMessageBox.StandardButton.Yes)
    drop(user, script)
    user.wait_for_first_step()
    drop(user, script)
    assert len(asked) == 2
    assert str(script) in asked[0]
    user.wait(lambda: user.window.state.trace is None)
    user.wait_for_first_step()


def drop(user: User, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Modifier.NoModifier)
    user.window.dropEvent(event)


def test_closing_the_window_ends_the_script(user: User, tmp_path: Path) -> None:
    user.run(written(tmp_path, LOOP.format(count=10_000_000)))
    user.press(Qt.Key.Key_F5)
    user.wait(lambda: user.window.state.status is Status.RECORDING)
    user.press(Qt.Key.Key_Q, Modifier.ControlModifier)
    assert not user.window.isVisible()
    assert user.window.run.session is None
    assert QApplication.activeWindow() is None


def test_the_example_with_matrices_steps_to_its_update(user: User) -> None:
    user.run(EXAMPLES / "two_layer.py", "--epochs", "2")
    user.step(Qt.Key.Key_PageDown)
    assert user.phase.startswith("◂ BACKWARD")
    user.step(Qt.Key.Key_PageDown)
    assert user.phase.startswith("● UPDATE")
    user.step(Qt.Key.Key_F10)
    assert "new" in user.equations[0]


def test_devices_are_looked_for_when_somebody_turns_to_them(hello: User) -> None:
    box = hello.window.run_box.device
    found = hello.qtbot.waitSignal(hello.window.run_choices.probe.found, timeout=60_000)
    with found:
        box.setFocus()
    names = [box.itemData(index) for index in range(box.count())]
    assert names == [device.name for device in found.args[0]]
    assert names[0] == "cpu"
