"""The dialog of run options gives back what was entered."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QLabel
from pytestqt.qtbot import QtBot

from app.dialogs.run_options import RunOptionsDialog
from app.state import RunOptions
from engine.session.devices import Device

DEVICES = [Device("cpu", "CPU"), Device("cuda:0", "NVIDIA H200")]


WHOLE = RunOptions("cuda:0", 7, ("--name", "a b"), "/opt/python", "/data", ("A=1", "B=x y"), True, "5m")


@pytest.mark.parametrize("options", [RunOptions(), RunOptions("cuda:0", 7, ("--name", "a b")), WHOLE])
def test_what_is_shown_is_what_was_chosen(options: RunOptions, qtbot: QtBot) -> None:
    dialog = RunOptionsDialog(Path("train.py"), options, DEVICES)
    qtbot.addWidget(dialog)
    assert dialog.chosen() == options


def test_an_open_quotation_mark_keeps_the_dialog_open(qtbot: QtBot) -> None:
    dialog = RunOptionsDialog(Path("train.py"), RunOptions(), DEVICES)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.arguments.setText("--name 'a")
    run = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    qtbot.mouseClick(run, Qt.MouseButton.LeftButton)
    assert dialog.isVisible()
    dialog.arguments.setText("--name 'a b'")
    qtbot.mouseClick(run, Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()
    assert dialog.chosen().arguments == ("--name", "a b")


def test_what_cannot_be_keeps_the_dialog_open_with_the_reason(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = RunOptionsDialog(Path("train.py"), RunOptions(), DEVICES, pythons=["/opt/python"])
    qtbot.addWidget(dialog)
    dialog.show()
    assert [dialog.python.itemText(i) for i in range(dialog.python.count())] == ["", "/opt/python"]
    run = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)

    def said() -> str:
        qtbot.mouseClick(run, Qt.MouseButton.LeftButton)
        return " ".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())

    dialog.environment.setText("WORD")
    assert "sets no environment variable" in said()
    dialog.environment.setText("WORD=1")
    dialog.time_limit.setText("soon")
    assert "'soon' is not a length of time. Write for example 60s, 5m or 2h." in said()
    dialog.time_limit.setText("5m")
    dialog.folder.setText(str(tmp_path / "nowhere"))
    assert f"There is no folder {tmp_path / 'nowhere'}." in said()
    dialog.folder.setText(str(tmp_path))
    dialog.python.setCurrentText(str(tmp_path))
    assert "holds no Python environment" in said()
    assert dialog.isVisible()
    dialog.python.setCurrentText("")
    said()
    assert not dialog.isVisible()


def test_the_aten_level_says_what_it_costs(qtbot: QtBot) -> None:
    dialog = RunOptionsDialog(Path("train.py"), RunOptions(), DEVICES)
    qtbot.addWidget(dialog)
    dialog.show()

    def is_told() -> bool:
        return any("masked.prod" in label.text() for label in dialog.findChildren(QLabel) if label.isVisible())

    assert not is_told()
    dialog.with_aten.setChecked(True)
    assert is_told()


def test_devices_that_are_found_later_do_not_change_the_choice(qtbot: QtBot) -> None:
    dialog = RunOptionsDialog(Path("train.py"), RunOptions(), DEVICES[:1])
    qtbot.addWidget(dialog)
    dialog.set_devices(DEVICES)
    assert dialog.chosen().device == "cpu"
    assert dialog.device.count() == 2
