"""Asking for another value and for other settings: what is asked, what is refused, and that the dialog then stays."""

from __future__ import annotations

from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from app.dialogs.edit_value import EditValueDialog
from app.dialogs.what_if import WhatIfDialog


def test_a_value_is_asked_for_until_it_can_be_changed(qtbot: QtBot) -> None:
    asked: list[tuple[str, str, bool]] = []

    def attempt(target: str, text: str, keeps: bool) -> str:
        asked.append((target, text, keeps))
        return "" if text == "0.5" else "That is not finite."

    dialog = EditValueDialog("a1", "0.75", attempt, is_here=True)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.keeps.isChecked()
    assert "held here" in dialog.where.text()
    change = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    dialog.text.setText("0 / 0")
    change.click()
    assert dialog.isVisible()
    assert dialog.problem.text() == "That is not finite."
    dialog.text.setText("0.5")
    dialog.cuts.setChecked(True)
    change.click()
    assert not dialog.isVisible()
    assert asked == [("a1", "0 / 0", True), ("a1", "0.5", False)]


def test_elsewhere_it_is_said_that_code_runs(qtbot: QtBot) -> None:
    dialog = EditValueDialog("w1", "", lambda *_: "", is_here=False)
    qtbot.addWidget(dialog)
    assert "runs its code" in dialog.where.text()
    assert dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).text() == "Run a branch"


def test_changes_are_chosen_from_lists(qtbot: QtBot) -> None:
    dialog = WhatIfDialog("train.py")
    qtbot.addWidget(dialog)
    dialog.show()
    go = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    go.click()
    assert dialog.problem.text() == "Change at least one thing."
    dialog.optimizer.setCurrentIndex(dialog.optimizer.findData("adam"))
    dialog.rate.setText("fast")
    go.click()
    assert "fast is not a number" in dialog.problem.text()
    dialog.rate.setText("0.01")
    dialog.activation.setCurrentIndex(dialog.activation.findData("tanh"))
    go.click()
    assert not dialog.isVisible()
    assert dialog.chosen() == ("optimizer=adam", "lr=0.01", "activation=tanh")
