"""The dialog for a breakpoint: fields of each kind, errors in place, what comes out."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from app.dialogs.breakpoint import BreakpointDialog, new_breakpoint
from app.theme import THEMES
from engine.wire.breakpoints import Breakpoint, What


@pytest.fixture
def dialog(qtbot: QtBot) -> BreakpointDialog:
    made = BreakpointDialog(Breakpoint(What.NOT_FINITE), {What.OP: ["linear", "relu"]}, THEMES["dark"])
    qtbot.addWidget(made)
    made.show()
    return made


def choose(dialog: BreakpointDialog, what: What) -> None:
    dialog.kind.setCurrentIndex(dialog.kind.findData(what.value))


def is_ok(dialog: BreakpointDialog) -> bool:
    return dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()


def test_each_kind_shows_the_fields_that_it_has(dialog: BreakpointDialog) -> None:
    shown = {}
    for what in What:
        choose(dialog, what)
        fields = (dialog.pattern, dialog.line, dialog.limit)
        shown[what] = tuple(field.isVisible() for field in fields)
    assert shown.pop(What.LINE) == (True, True, False)
    assert shown.pop(What.GRADIENT_ABOVE) == shown.pop(What.GRADIENT_BELOW) == (True, False, True)
    assert shown.pop(What.CONDITION) == (False, False, False)
    assert set(shown.values()) == {(True, False, False)}


def test_a_condition_that_cannot_be_read_is_told_in_place(qtbot: QtBot, dialog: BreakpointDialog) -> None:
    assert is_ok(dialog)
    qtbot.keyClicks(dialog.condition, "lost > 3")
    assert dialog.problem.text().startswith("An event has no lost. There are name, op")
    assert not is_ok(dialog)
    dialog.condition.selectAll()
    qtbot.keyClicks(dialog.condition, "loss > 3")
    assert dialog.problem.text() == ""
    assert is_ok(dialog)


def test_what_is_missing_keeps_ok_waiting(qtbot: QtBot, dialog: BreakpointDialog) -> None:
    choose(dialog, What.DATA)
    assert not is_ok(dialog)
    qtbot.keyClicks(dialog.pattern, "*.grad")
    assert is_ok(dialog)
    choose(dialog, What.GRADIENT_ABOVE)
    dialog.limit.setText("ten")
    assert dialog.problem.text() == "The bound is no number. Write one, such as 10 or 1e-6."
    dialog.limit.setText("1e-3")
    assert dialog.chosen() == Breakpoint(What.GRADIENT_ABOVE, "*.grad", limit=1e-3)


def test_all_that_was_filled_in_comes_out(qtbot: QtBot, dialog: BreakpointDialog) -> None:
    choose(dialog, What.LINE)
    dialog.pattern.setText("/tmp/a.py")
    dialog.line.setValue(7)
    dialog.condition.setText("iteration > 2")
    dialog.first.setValue(3)
    dialog.every.setValue(2)
    dialog.log.setText("loss {loss:.2f}")
    dialog.enabled.setChecked(False)
    qtbot.keyClick(dialog.log, Qt.Key.Key_Return)
    assert dialog.result() == BreakpointDialog.DialogCode.Accepted
    wanted = Breakpoint(What.LINE, "/tmp/a.py", 7, 0.0, "iteration > 2", 3, 2, False, "loss {loss:.2f}")
    assert dialog.chosen() == wanted
    again = BreakpointDialog(wanted, {}, THEMES["light"])
    qtbot.addWidget(again)
    assert again.chosen() == wanted


def test_a_new_one_begins_with_the_line_at_hand() -> None:
    assert new_breakpoint("/tmp/a.py", 3) == Breakpoint(What.LINE, "/tmp/a.py", 3)
    assert new_breakpoint("", None) == Breakpoint(What.NOT_FINITE)
