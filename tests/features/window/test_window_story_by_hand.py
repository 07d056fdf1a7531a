"""The same story by mouse and by keyboard: open, step, edit, break, scrub, select, and another language."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QWidget
from pytestqt.qtbot import QtBot

from app.dialogs.edit_value import EditValueDialog
from app.dialogs.preferences import PreferencesDialog
from app.language import speak
from app.main import Shown
from tests.helpers.window_user import EXAMPLES, Modifier, User

LEFT = Qt.MouseButton.LeftButton
BACKWARD = next(
    number for number, line in enumerate((EXAMPLES / "hello.py").read_text().splitlines(), 1) if "backward()" in line
)
Z1 = 1.124
Z2_EDITED = 2.45 * 0.25 - 0.11
"""w2 a1 + b2, with 0.25 put in the place of a1."""


@pytest.fixture
def shown(qapp: QApplication, tmp_path: Path) -> Iterator[Shown]:
    """A window that can be made anew in another language."""
    found = Shown(qapp, QSettings(str(tmp_path / "gradstep.ini"), QSettings.Format.IniFormat))
    found.window.panels.canvas.set_reduce_motion(True)
    found.window.activateWindow()
    yield found
    found.window.close()
    found.window.deleteLater()
    speak(qapp, "en")


def click(widget: QWidget, at: QPoint | None = None) -> None:
    QTest.mouseClick(widget, LEFT, pos=widget.rect().center() if at is None else at)


def click_action(user: User, title: str, action_id: str) -> None:
    """Opens a menu of the menu bar and clicks one of its rows."""
    bar, action = user.window.menuBar(), user.window.action_set.by_id[action_id]
    opened = next(one for one in bar.actions() if one.text().replace("&", "") == title)
    click(bar, bar.actionGeometry(opened).center())
    menu = opened.menu()
    user.wait(menu.isVisible)
    click(menu, menu.actionGeometry(action).center())


def in_dialog(user: User, kind: type[QDialog], do: Callable[[QDialog], None]) -> None:
    """Does something in the dialog that is about to open."""

    def when_open() -> None:
        dialog, focused = QApplication.activeModalWidget(), QApplication.focusWidget()
        if isinstance(dialog, kind) and focused is not None and dialog.isAncestorOf(focused):
            do(dialog)
        else:
            QTimer.singleShot(20, user.window, when_open)

    QTimer.singleShot(0, user.window, when_open)


def choose_by_mouse(box: QComboBox, text: str) -> None:
    box.showPopup()
    popup = box.view()
    row = popup.model().index(box.findText(text), 0)
    popup.scrollTo(row)
    click(popup.viewport(), popup.visualRect(row).center())


def turn_wheel(view: QWidget, until: Callable[[], bool]) -> None:
    """Turns the mouse wheel down over a view."""
    middle = QPointF(view.rect().center())
    while not until():
        turned = QWheelEvent(
            middle, view.mapToGlobal(middle), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
            Modifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(view, turned)
        QTest.qWait(20)


def moving(user: User, do: Callable[[], None]) -> None:
    """Does something that moves, and waits until every panel shows the new place."""
    place = user.window.state.place
    do()
    user.wait(lambda: user.window.state.place != place)
    user.wait_until_still()


def number(user: User) -> float:
    return float(user.number.replace("−", "-"))


def check_edited(user: User) -> None:
    user.wait(lambda: user.window.state.recorded == user.window.run.session.frontier)
    user.wait_until_still()
    assert number(user) == 0.25


def check_chinese(shown: Shown, before: User) -> None:
    """Another window in Chinese is at the same place."""
    place = before.window.state.place
    before.wait(lambda: shown.window is not before.window)
    user = User(shown.window, before.qtbot)
    user.wait_until_still()
    assert user.window.state.place == place
    assert user.window.action_set.by_id["step_over"].text() == "单步跳过"
    assert number(user) == Z1


def test_by_mouse(shown: Shown, qtbot: QtBot) -> None:
    window = shown.window
    user, panels = User(window, qtbot), window.panels
    step, go_on = (window.toolbar.widgetForAction(window.action_set.by_id[key]) for key in ("step_over", "continue"))

    click(next(tile for tile in window.welcome.example_buttons if tile.title == "hello.py"))
    user.wait_for_first_step()
    moving(user, lambda: click(step))
    assert number(user) == Z1
    moving(user, lambda: click(step))

    def edit(dialog: QDialog) -> None:
        assert isinstance(dialog, EditValueDialog)
        assert dialog.target.text() == "a1"
        QTest.keyClicks(dialog.text, "0.25")
        click(dialog.buttons.button(dialog.buttons.StandardButton.Ok))

    in_dialog(user, EditValueDialog, edit)
    click_action(user, "Debug", "edit_value")
    check_edited(user)
    moving(user, lambda: click(step))
    assert math.isclose(number(user), Z2_EDITED, rel_tol=1e-3)

    gutter = panels.source.gutter
    turn_wheel(panels.source.viewport(), lambda: any(one.number == BACKWARD for one in gutter._lines))
    line = next(one for one in gutter._lines if one.number == BACKWARD)
    click(gutter, QPoint(8, int(line.top + line.height / 2)))
    user.wait(lambda: gutter.breakpoints == {BACKWARD})
    moving(user, lambda: click(go_on))
    assert panels.source.current_line == BACKWARD

    timeline = panels.timeline
    here, there = (QPoint(round(timeline.line.x_of(at)), round(timeline._line_y())) for at in (timeline.revealed, 1))
    QTest.mousePress(timeline, LEFT, pos=here)
    for share in range(1, 9):
        QTest.mouseMove(timeline, here + (there - here) * share / 8)
        QTest.qWait(20)
    QTest.mouseRelease(timeline, LEFT, pos=there)
    user.wait(lambda: window.state.place.quantity == 1)
    user.wait_until_still()
    assert number(user) == Z1

    canvas = panels.canvas
    click(canvas.tools.buttons["neurons"])
    assert canvas.picture is not None
    card = next(item for item in canvas.picture.cards.values() if item.card.symbol == "z1")
    user.wait(lambda: canvas.viewport().rect().contains(canvas.mapFromScene(card.pos())))
    click(canvas.viewport(), canvas.mapFromScene(card.pos()))
    user.wait(lambda: window.state.selection.symbol == "z1")

    def chinese(dialog: QDialog) -> None:
        assert isinstance(dialog, PreferencesDialog)
        choose_by_mouse(dialog.language, "简体中文")
        click(dialog.buttons.button(dialog.buttons.StandardButton.Ok))

    in_dialog(user, PreferencesDialog, chinese)
    click_action(user, "Edit", "preferences")
    check_chinese(shown, user)


def test_by_keyboard(shown: Shown, qtbot: QtBot) -> None:
    window = shown.window
    user, panels = User(window, qtbot), window.panels

    tab_to(user, "hello")
    user.press(Qt.Key.Key_Space)
    user.wait_for_first_step()
    user.step(Qt.Key.Key_F10)
    assert number(user) == Z1
    user.step(Qt.Key.Key_F10)

    def edit(dialog: QDialog) -> None:
        QTest.keyClicks(QApplication.focusWidget(), "0.25")
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)

    in_dialog(user, EditValueDialog, edit)
    user.press(Qt.Key.Key_E, Modifier.ControlModifier | Modifier.ShiftModifier)
    check_edited(user)
    window.activateWindow()  # as a window manager does when a dialog is gone
    user.wait(window.isActiveWindow)
    user.step(Qt.Key.Key_F10)
    assert math.isclose(number(user), Z2_EDITED, rel_tol=1e-3)

    source = panels.source
    source.setFocus()
    for _ in range(BACKWARD - source.cursor_line):
        user.press(Qt.Key.Key_Down)
    assert source.cursor_line == BACKWARD
    user.press(Qt.Key.Key_F9)
    user.wait(lambda: source.gutter.breakpoints == {BACKWARD})
    user.step(Qt.Key.Key_F5)
    assert source.current_line == BACKWARD

    panels.timeline.setFocus()
    user.step(Qt.Key.Key_Home)
    user.step(Qt.Key.Key_Right)
    assert number(user) == Z1

    panels.canvas.setFocus()
    user.press(Qt.Key.Key_N)
    assert panels.canvas.picture is not None
    user.press(Qt.Key.Key_Down, Modifier.AltModifier)
    assert window.state.selection.symbol != "z1"
    for _ in range(8):
        user.press(Qt.Key.Key_Up, Modifier.AltModifier)
        if window.state.selection.symbol == "z1":
            break
    assert window.state.selection.symbol == "z1"

    def chinese(dialog: QDialog) -> None:
        assert isinstance(dialog, PreferencesDialog)
        for _ in range(9):
            if not dialog.language.hasFocus():
                QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        for _ in range(3):
            if dialog.language.currentData() != "zh_CN":
                QTest.keyClick(dialog.language, Qt.Key.Key_Down)
        QTest.keyClick(dialog.language, Qt.Key.Key_Return)

    in_dialog(user, PreferencesDialog, chinese)
    user.press(Qt.Key.Key_Comma, Modifier.ControlModifier)
    check_chinese(shown, user)


def tab_to(user: User, name: str) -> None:
    """Presses Tab until what has the focus is called so."""
    for _ in range(60):
        focused = QApplication.focusWidget()
        if focused is not None and focused.accessibleName().startswith(name):
            return
        user.press(Qt.Key.Key_Tab)
    raise AssertionError(f"Tab never comes to {name}")
