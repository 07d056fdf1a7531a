"""The command palette finds actions by letters, and leaves out what cannot be done."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.dialogs.palette import CommandPalette, Entry, PaletteModel, ranked


@pytest.fixture
def entries(qtbot: QtBot) -> list[Entry]:
    rows = (("Debug", "Step over", "Finish this step", True), ("Debug", "Step back", "Undo one step", True),
            ("View", "Fit the graph", "Show the whole graph", True), ("Debug", "Stop", "End the script", False),
            ("File", "Open trace…", "Look at a recording; runs no code", True))  # fmt: skip
    made = []
    for menu, text, tip, enabled in rows:
        action = QAction(text)
        action.setEnabled(enabled)
        made.append(Entry(action, menu, tip))
    return made


def titles(entries: list[Entry], typed: str) -> list[str]:
    return [entry.title for entry in ranked(entries, typed)]


def test_all_that_can_be_done_when_nothing_is_typed(entries: list[Entry]) -> None:
    assert titles(entries, "  ") == ["Debug: Step over", "Debug: Step back", "View: Fit the graph", "File: Open trace…"]


def test_names_that_begin_so_come_first_then_words_then_the_rest(entries: list[Entry]) -> None:
    assert titles(entries, "ST") == ["Debug: Step over", "Debug: Step back"]
    assert titles(entries, "back") == ["Debug: Step back"]
    assert titles(entries, "grap") == ["View: Fit the graph"]
    assert titles(entries, "ftg") == ["View: Fit the graph"]


def test_words_of_the_tip_find_it_too(entries: list[Entry]) -> None:
    assert titles(entries, "recording") == ["File: Open trace…"]
    assert titles(entries, "nothing like it at all") == []


def test_english_words_find_a_command_of_a_chinese_window(qtbot: QtBot) -> None:
    entries = [
        Entry(QAction("单步跳过"), "调试", "完成这一步", "step over"),
        Entry(QAction("停止"), "调试", "结束脚本", "stop"),
    ]
    entries[0].action.setShortcut("F10")
    assert titles(entries, "Step Over") == ["调试: 单步跳过"]
    model = PaletteModel(entries)
    spoken = [model.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(2)]
    assert spoken == ["调试: 单步跳过, F10", "调试: 停止"]


def test_the_model_holds_to_qts_rules(entries: list[Entry], qtmodeltester: ModelTester) -> None:
    model = PaletteModel(entries)
    qtmodeltester.check(model)
    model.find("step")
    qtmodeltester.check(model)


def test_enter_takes_the_row_that_the_arrows_chose(entries: list[Entry], qtbot: QtBot) -> None:
    palette = CommandPalette(entries)
    qtbot.addWidget(palette)
    palette.show()
    QTest.keyClicks(palette.field, "step")
    QTest.keyClick(palette.field, Qt.Key.Key_Down)
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.chosen is entries[1].action
    assert palette.result() == CommandPalette.DialogCode.Accepted


def test_escape_takes_nothing(entries: list[Entry], qtbot: QtBot) -> None:
    palette = CommandPalette(entries)
    qtbot.addWidget(palette)
    palette.show()
    QTest.keyClicks(palette.field, "no such command")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible()
    QTest.keyClick(palette, Qt.Key.Key_Escape)
    assert palette.chosen is None
    assert not palette.isVisible()
