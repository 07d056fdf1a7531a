"""Stories about scripts that ask: the console has a line to answer in, and a pause that takes long is explained."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.dialogs.run_options import RunOptionsDialog
from app.state import Status
from engine.session.place import Level
from tests.helpers.window_user import User

ASKING = """
import torch
name = input("Who? ")
x = torch.ones(2, requires_grad=True)
print("hello", name)
loss = (x * len(name)).sum()
loss.backward()
try:
    input("More? ")
except EOFError:
    print("no more")
"""
SLEEPING = """
import sys, time, torch
x = torch.ones(2, requires_grad=True)
loss = (x * 2).sum()
loss.backward()
while not sys.stdin.readline():
    pass
time.sleep(600)
"""


def written(folder: Path, text: str) -> Path:
    script = folder / "story.py"
    script.write_text(text)
    return script


def test_the_console_has_a_line_while_the_script_waits(user: User, tmp_path: Path) -> None:
    window = user.window
    console, line = window.panels.console, window.panels.console_panel.line
    window.open_path(written(tmp_path, ASKING), asked_for=True)
    user.wait(lambda: line.isVisible())
    assert console.toPlainText() == "Who? "
    assert "waits for input" in window.statusBar().currentMessage()
    for key in "Bob":
        user.press(getattr(Qt.Key, f"Key_{key.upper()}"))
    assert line.hasFocus()
    assert line.text() == "bob"
    user.press(Qt.Key.Key_Return)
    user.wait(lambda: not line.isVisible())
    user.wait_for_first_step()
    assert console.toPlainText() == "Who? bob\nhello bob\n"
    window.run.go_on()
    user.wait(lambda: line.isVisible())
    user.press(Qt.Key.Key_Up)
    assert line.text() == "bob", "what was typed before comes back"
    user.press(Qt.Key.Key_Down)
    user.press(Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    user.wait(lambda: window.state.status is Status.ENDED)
    assert not line.isVisible()
    assert console.toPlainText() == "Who? bob\nhello bob\nMore? no more\n"


def test_a_pause_inside_a_long_operation_is_explained_and_stop_ends_it(user: User, tmp_path: Path) -> None:
    window = user.window
    user.run(written(tmp_path, SLEEPING))
    window.run.go_on()
    user.wait(lambda: window.panels.console_panel.line.isVisible())
    window.run.give_input("go\n")
    user.wait(lambda: not window.panels.console_panel.line.isVisible())
    window.run.go_on()
    assert "Pausing" in window.statusBar().currentMessage()
    user.wait(lambda: "take long" in window.statusBar().currentMessage())
    window.run.stop()
    user.wait(lambda: window.state.status is Status.ENDED)


def test_run_options_are_remembered_for_each_script(
    user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = written(
        tmp_path,
        "import os, sys, torch\nprint(json := [sys.executable, os.getcwd(), os.environ['COLOUR'], sys.argv[1:]])\n"
        "loss = (torch.ones(2, requires_grad=True) * 2).sum()\nloss.backward()\n",
    )
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()

    def choose(dialog: RunOptionsDialog) -> int:
        dialog.python.setCurrentText(sys.executable)
        dialog.folder.setText(str(elsewhere))
        dialog.environment.setText("COLOUR='deep blue'")
        dialog.arguments.setText("--epochs 3")
        dialog.with_aten.setChecked(True)
        dialog._on_accepted()
        return int(dialog.result())

    monkeypatch.setattr(RunOptionsDialog, "exec", choose)
    window = user.window
    monkeypatch.setenv("COLOUR", "none")
    user.run(script)
    window.run_options()
    user.wait(lambda: "deep blue" in window.panels.console.toPlainText())
    user.wait_for_first_step()
    told = window.panels.console.toPlainText()
    assert json.loads(told.replace("'", '"')) == [sys.executable, str(elsewhere), "deep blue", ["--epochs", "3"]]
    window.run.set_level(Level.ATEN)
    user.step(Qt.Key.Key_Right)
    assert window.state.trace is not None
    assert window.state.trace.has_aten
    user.run(written(tmp_path, "import torch\ntorch.ones(1, requires_grad=True).sum().backward()\n").rename(
        tmp_path / "other.py"
    ))  # fmt: skip
    assert window.state.options.python == ""
    script.write_text("import torch\ntorch.ones(1, requires_grad=True).sum().backward()\n")
    user.run(script)
    assert window.state.options.folder == str(elsewhere)
    assert window.state.options.arguments == ("--epochs", "3")


def test_a_script_that_runs_too_long_is_ended_and_the_bar_says_why(
    user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = written(
        tmp_path,
        "import torch, time\nw = torch.ones(2, requires_grad=True)\n(w * w).sum().backward()\n"
        "while True:\n    time.sleep(0.01)\n",
    )

    def choose(dialog: RunOptionsDialog) -> int:
        dialog.time_limit.setText("3s")
        dialog._on_accepted()
        return int(dialog.result())

    monkeypatch.setattr(RunOptionsDialog, "exec", choose)
    user.run(script)
    user.window.run_options()
    user.wait_for_first_step()
    user.press(Qt.Key.Key_F5)
    user.wait(lambda: not user.window.state.is_live)
    user.wait(lambda: "ended at its time limit of 3 s" in user.window.notices.text())
    assert "run options set this limit" in user.window.notices.text()
    assert user.window.state.trace is not None
    assert len(user.window.state.trace) > 0
