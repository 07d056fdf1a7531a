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


def _by_tab(inside: QWidget, dock: QDockWidget | None, docks: list[QDockWidget]) -> Iterator[QWidget]:
    """What Tab reaches in a panel; without one, outside of all panels."""
    for widget in inside.findChildren(QWidget):
        reached = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and widget.isEnabled()
        is_here = dock is not None or not any(one.isAncestorOf(widget) for one in docks)
        if reached and is_here and not _is_part(widget):
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
