"""The preferences show what is set, give back what was chosen, and take no key twice."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from app.dialogs.preferences import KeyRow, PreferencesDialog
from app.settings import Settings

KEYS = (KeyRow("step", "Step over", "F10"), KeyRow("back", "Step back", "Ctrl+F10"), KeyRow("about", "About", ""))
SET = Settings(theme="light", language="zh_CN", font_percent=125, digits=5, reduce_motion=True, budget_mib=256,
               keys=("step=F7",), recent=("/a.py",))  # fmt: skip


@pytest.fixture
def dialog(qtbot: QtBot) -> PreferencesDialog:
    made = PreferencesDialog(SET, KEYS)
    qtbot.addWidget(made)
    return made


def ok(dialog: PreferencesDialog) -> bool:
    return dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()


def test_nothing_changed_gives_the_same_settings(dialog: PreferencesDialog) -> None:
    assert dialog.chosen() == SET


def test_what_is_chosen_is_given_back_and_the_rest_stays(dialog: PreferencesDialog) -> None:
    dialog.theme.setCurrentIndex(dialog.theme.findData("projector"))
    dialog.language.setCurrentIndex(dialog.language.findData("en"))
    dialog.letters.setCurrentIndex(dialog.letters.findData("200"))
    dialog.colours.setChecked(True)
    dialog.keys["about"].setKeySequence(QKeySequence("Ctrl+B"))
    dialog.keys["step"].setKeySequence(QKeySequence("F10"))
    chosen = dialog.chosen()
    assert (chosen.theme, chosen.language, chosen.font_percent) == ("projector", "en", 200)
    assert chosen.keys == ("about=Ctrl+B",)
    assert chosen.colour_blind
    assert (chosen.digits, chosen.recent) == (5, ("/a.py",))


def test_a_key_taken_away_is_remembered_as_none(dialog: PreferencesDialog) -> None:
    dialog.keys["back"].clear()
    assert dialog.chosen().key_of("back") == ""
    assert dialog.chosen().key_of("about") is None


def test_one_key_for_two_actions_is_not_accepted(dialog: PreferencesDialog) -> None:
    assert ok(dialog)
    dialog.keys["about"].setKeySequence(QKeySequence("F7"))
    assert not ok(dialog)
    dialog.keys["about"].setKeySequence(QKeySequence("F6"))
    assert ok(dialog)


def test_the_python_of_scripts_is_checked_before_it_is_taken(dialog: PreferencesDialog, tmp_path: Path) -> None:
    dialog.python.setCurrentText(str(tmp_path))
    assert not ok(dialog), "a folder without an environment"
    dialog.python.setCurrentText(f" {sys.executable} ")
    assert ok(dialog)
    assert dialog.chosen().python == sys.executable


def test_defaults_come_back(dialog: PreferencesDialog) -> None:
    dialog.buttons.button(QDialogButtonBox.StandardButton.RestoreDefaults).click()
    assert dialog.chosen() == Settings(recent=("/a.py",))
