"""The dialog of run options gives back what was entered."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from app.dialogs.run_options import RunOptionsDialog
from app.state import RunOptions
from engine.session.devices import Device

DEVICES = [Device("cpu", "CPU"), Device("cuda:0", "NVIDIA H200")]


@pytest.mark.parametrize("options", [RunOptions(), RunOptions("cuda:0", 7, ("--name", "a b"))])
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


def test_devices_that_are_found_later_do_not_change_the_choice(qtbot: QtBot) -> None:
    dialog = RunOptionsDialog(Path("train.py"), RunOptions(), DEVICES[:1])
    qtbot.addWidget(dialog)
    dialog.set_devices(DEVICES)
    assert dialog.chosen().device == "cpu"
    assert dialog.device.count() == 2
