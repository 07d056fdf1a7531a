"""The line of input below the console."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.theme import THEMES
from app.views.console import Console
from app.views.console_panel import ConsolePanel


@pytest.fixture
def panel(qtbot: QtBot) -> ConsolePanel:
    made = ConsolePanel(Console(THEMES["dark"]), THEMES["dark"])
    qtbot.addWidget(made)
    made.resize(300, 200)
    made.show()
    made.activateWindow()
    return made


def test_it_is_there_only_while_the_script_waits(panel: ConsolePanel, qtbot: QtBot) -> None:
    assert not panel.line.isVisible()
    panel.set_waiting(True)
    assert panel.line.isVisible()
    qtbot.waitUntil(panel.line.hasFocus)
    panel.set_waiting(True)
    panel.set_waiting(False)
    assert not panel.line.isVisible()


def test_lines_and_the_end_of_input(panel: ConsolePanel) -> None:
    given: list[str | None] = []
    panel.input_given.connect(given.append)
    panel.set_waiting(True)
    QTest.keyClicks(panel.line, "one")
    QTest.keyClick(panel.line, Qt.Key.Key_Return)
    QTest.keyClick(panel.line, Qt.Key.Key_Return)
    QTest.keyClicks(panel.line, "two")
    QTest.keyClick(panel.line, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(panel.line, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    # As at a terminal: Ctrl+D gives what is there without a line end.
    assert given == ["one\n", "\n", "two", None, None]


def test_earlier_lines_come_back(panel: ConsolePanel) -> None:
    for text in ("first", "second"):
        QTest.keyClicks(panel.line, text)
        QTest.keyClick(panel.line, Qt.Key.Key_Return)
    seen = []
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(panel.line, key)
        seen.append(panel.line.text())
    assert seen == ["second", "first", "first", "second", "", ""]
