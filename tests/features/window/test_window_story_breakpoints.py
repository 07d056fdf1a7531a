"""Stories about the panel of breakpoints: set by key, by mouse and by dialog, told where they stop, kept for later."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.dialogs.breakpoint import BreakpointDialog
from app.models.row_roles import ASIDE_ROLE, DETAIL_ROLE, IS_HERE_ROLE
from app.window import MainWindow
from engine.wire.breakpoints import Breakpoint, What
from tests.helpers.window_user import User

TEXT = """
import torch
w = torch.tensor([1.0, 4.0], requires_grad=True)
for i in range(3):
    r = (w - 1.5 * i).sqrt()     # @root
    loss = r.sum()
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad.nan_to_num()
    w.grad = None
"""


def line_of(mark: str) -> int:
    return next(number for number, line in enumerate(TEXT.splitlines(), 1) if f"@{mark}" in line)


def script(folder: Path) -> Path:
    found = folder / "roots.py"
    found.write_text(TEXT)
    return found


def fill_in(user: User, do: Callable[[BreakpointDialog], None]) -> None:
    """Does something in the dialog that is about to open, and presses Return."""

    def when_open() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, BreakpointDialog):
            QTimer.singleShot(20, user.window, when_open)
            return
        do(dialog)
        QTest.keyClick(dialog.condition, Qt.Key.Key_Return)
        user.window.activateWindow()

    QTimer.singleShot(0, user.window, when_open)


def test_the_first_nan_stops_the_run_and_is_named(user: User, tmp_path: Path) -> None:
    user.run(script(tmp_path))
    breaking = user.window.panels.debugging.breaking
    fill_in(user, lambda dialog: dialog.kind.setCurrentIndex(dialog.kind.findData("not_finite")))
    user.window.add_breakpoint()
    assert user.window.state.breakpoints == (Breakpoint(What.NOT_FINITE),)
    user.wait(user.window.isActiveWindow)
    user.step(Qt.Key.Key_F5)
    why = f"sqrt at line {line_of('root')} made NaN out of finite numbers, in 1 of 2 elements."
    user.wait(lambda: why in user.window.statusBar().currentMessage())
    row = breaking.model.index(0)
    assert row.data(IS_HERE_ROLE)
    assert row.data(DETAIL_ROLE) == why
    user.wait(lambda: row.data(ASIDE_ROLE) == "1 / 1")
    picture = user.window.panels.canvas.picture
    assert picture is not None
    user.wait(lambda: [item.card.title for item in picture.cards.values() if item.dot == "stop"] == ["sqrt"])
    user.step(Qt.Key.Key_F10)
    user.wait(lambda: not breaking.model.index(0).data(IS_HERE_ROLE))


def test_a_line_gets_a_condition_by_the_other_button_and_rows_are_worked_by_keys(user: User, tmp_path: Path) -> None:
    user.run(script(tmp_path))
    panels, line = user.window.panels, line_of("root")
    fill_in(user, lambda dialog: dialog.condition.setText("iteration == 3"))
    shown = next(one for one in panels.source.gutter._lines if one.number == line)
    QTest.mouseClick(panels.source.gutter, Qt.MouseButton.RightButton, pos=QPoint(8, int(shown.top + shown.height / 2)))
    assert panels.source.gutter.breakpoints == {line}
    user.wait(user.window.isActiveWindow)
    user.step(Qt.Key.Key_F5)
    assert user.window.state.place.iteration == 2
    assert f"Line {line} is reached" in user.window.statusBar().currentMessage()
    user.window.docks.by_key["breakpoints"].raise_()
    rows = panels.debugging.breaking.view.list
    rows.setFocus()
    rows.setCurrentIndex(rows.model().index(0))
    QTest.keyClick(rows, Qt.Key.Key_Space)
    assert not user.window.state.breakpoints[0].enabled
    fill_in(user, lambda dialog: dialog.condition.setText("iteration == 2"))
    QTest.keyClick(rows, Qt.Key.Key_Return)
    assert user.window.state.breakpoints[0].condition == "iteration == 2"
    QTest.keyClick(rows, Qt.Key.Key_Delete)
    assert user.window.state.breakpoints == ()
    assert not panels.source.gutter.breakpoints


def test_breakpoints_are_there_again_next_time(user: User, tmp_path: Path, qtbot: QtBot) -> None:
    user.run(script(tmp_path))
    user.press(Qt.Key.Key_F9)
    line = user.window.panels.source.current_line
    user.wait(lambda: user.window.panels.source.gutter.breakpoints == {line})
    again = MainWindow(QSettings(str(tmp_path / "gradstep.ini"), QSettings.Format.IniFormat))
    again.panels.canvas.set_reduce_motion(True)
    again.show()
    other = User(again, qtbot)
    other.run(script(tmp_path))
    other.wait(lambda: again.panels.source.gutter.breakpoints == {line})
    again.action_set.by_id["continue"].trigger()
    other.wait(lambda: again.state.place.iteration == 1)
    again.close()
    again.deleteLater()
