"""Whatever takes the keyboard has a name for who cannot see it, and shows that it has it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtWidgets import QApplication, QComboBox, QDockWidget, QTabBar, QTabWidget, QWidget

from tests.helpers.window_user import User

_AROUND = 4
"""Pixels around a widget that may show its focus."""


@pytest.fixture
def all_panels(hello: User) -> User:
    """A user with every panel in sight of the menus, two steps into the smallest example."""
    for _ in range(2):
        hello.step(Qt.Key.Key_F10)
    for dock in hello.window.docks.by_key.values():
        dock.show()
    hello.qtbot.wait(50)
    return hello


def test_whatever_takes_the_keyboard_has_a_name(all_panels: User) -> None:
    unnamed = []
    for widget in all_panels.window.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not _is_part(widget):
            told = QAccessible.queryAccessibleInterface(widget)
            if told is None or not (told.text(QAccessible.Text.Name) or isinstance(widget, QTabBar)):
                unnamed.append(_where(widget))
    assert not unnamed


def test_whatever_takes_the_keyboard_shows_it(all_panels: User) -> None:
    window, unseen, tried = all_panels.window, [], 0
    for dock in (*window.docks.by_key.values(), None):
        if dock is not None:
            dock.raise_()
            all_panels.qtbot.wait(30)
        for widget in _by_tab(window if dock is None else dock, dock, list(window.docks.by_key.values())):
            window.setFocus()
            before = _picture(window, widget)
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            QApplication.processEvents()
            assert widget.hasFocus()
            tried += 1
            if _picture(window, widget) == before:
                unseen.append(_where(widget))
    assert tried > 30
    assert not unseen


def test_tab_goes_round_the_whole_window_and_shift_tab_back(hello: User) -> None:
    window = hello.window
    reached = {widget for widget in window.findChildren(QWidget) if _takes_tab(widget) and not _is_part(widget)}

    def walk(modifiers: Qt.KeyboardModifier) -> list[QWidget]:
        window.panels.canvas.setFocus()
        seen: list[QWidget] = []
        while (here := QApplication.focusWidget()) not in seen:
            seen.append(here)
            hello.press(Qt.Key.Key_Tab, modifiers)
        assert here is seen[0]
        return seen

    there = walk(Qt.KeyboardModifier.NoModifier)
    assert set(there) >= reached
    assert walk(Qt.KeyboardModifier.ShiftModifier)[1:] == there[:0:-1]


def test_a_panel_that_is_given_the_keyboard_hands_it_to_its_view(hello: User) -> None:
    hello.press(Qt.Key.Key_F9)  # an empty list of breakpoints is hidden
    for key, dock in hello.window.docks.by_key.items():
        if key not in ("lesson", "demo"):
            dock.raise_()
            QApplication.processEvents()
            if not any(map(_takes_tab, dock.widget().findChildren(QWidget))):
                continue  # as while the findings are looked for: there is nothing to choose yet
            dock.widget().setFocus()
            focused = QApplication.focusWidget()
            assert focused is not None
            assert _takes_tab(focused), key


def _takes_tab(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isVisible() and widget.isEnabled()


def _by_tab(inside: QWidget, dock: QDockWidget | None, docks: list[QDockWidget]) -> Iterator[QWidget]:
    """What Tab reaches in a panel; without one, outside of all panels."""
    for widget in inside.findChildren(QWidget):
        is_here = dock is not None or not any(one.isAncestorOf(widget) for one in docks)
        if _takes_tab(widget) and is_here and not _is_part(widget):
            yield widget


def _is_part(widget: QWidget) -> bool:
    """Whether it is Qt's own part of a widget, which hands the keyboard on to that, or a list that opens and closes."""
    parent = widget.parentWidget()
    pops_up = parent is not None and isinstance(parent.parentWidget(), QComboBox)
    return widget.focusProxy() is not None or isinstance(widget, QTabWidget) or pops_up


def _picture(window: QWidget, widget: QWidget) -> QImage:
    area = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size()).adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND)
    return window.grab(area).toImage().convertToFormat(QImage.Format.Format_RGB32)


def _where(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName()!r} in {type(widget.parentWidget()).__name__}"
