"""The source panel around the text: several files, finding, what lines made, and going to a line's node."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from app.theme import THEMES
from app.views.source import SourcePanel

TEXT = "a = 1\nb = a + 1\nprint(a, b)\n"


@pytest.fixture
def panel(qtbot: QtBot) -> SourcePanel:
    made = SourcePanel(THEMES["dark"])
    qtbot.addWidget(made)
    made.resize(420, 300)
    made.show()
    made.view.set_source(Path("/tmp/one.py"), TEXT)
    return made


def test_several_files_have_a_list_and_alike_names_their_folders(qtbot: QtBot, panel: SourcePanel) -> None:
    one = [Path("/x/one.py")]
    panel.set_files(one, one[0])
    assert not panel.files.isVisible()
    paths = [*one, Path("/x/net/parts.py"), Path("/x/data/parts.py")]
    panel.set_files(paths, paths[1])
    assert panel.files.isVisible()
    names = [panel.files.itemText(row) for row in range(3)]
    assert names == ["one.py", "net/parts.py", "data/parts.py"]
    assert panel.files.currentIndex() == 1
    with qtbot.waitSignal(panel.file_chosen) as asked:
        panel.files.activated.emit(2)
    assert asked.args == [paths[2]]


def test_text_is_found_by_keys(qtbot: QtBot, panel: SourcePanel) -> None:
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    bar = panel.find_bar
    assert bar.isVisible()
    qtbot.keyClicks(bar.words, "a")
    assert bar.count.text() == "1 of 3"
    seen = []
    for _ in range(3):
        qtbot.keyClick(bar.words, Qt.Key.Key_Return)
        seen.append(bar.count.text())
    assert seen == ["2 of 3", "3 of 3", "1 of 3"]
    qtbot.keyClick(bar.words, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert bar.count.text() == "3 of 3"
    assert panel.view.cursor_line == 3
    qtbot.keyClicks(bar.words, "zz")
    assert bar.count.text() == "not found"
    qtbot.keyClick(bar.words, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert panel.view.extraSelections() == []


def test_a_line_is_gone_to_by_ctrl_return_and_ctrl_click(qtbot: QtBot, panel: SourcePanel) -> None:
    qtbot.keyClick(panel.view, Qt.Key.Key_Down)
    with qtbot.waitSignal(panel.view.node_requested) as asked:
        qtbot.keyClick(panel.view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert asked.args == [2]
    height = panel.view.fontMetrics().lineSpacing()
    with qtbot.waitSignal(panel.view.node_requested) as asked:
        qtbot.mouseClick(
            panel.view.viewport(),
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.ControlModifier,
            QPoint(20, round(2.5 * height)),
        )
    assert asked.args == [3]


def test_values_are_written_after_their_lines(panel: SourcePanel) -> None:
    before = panel.view.grab().toImage()
    panel.view.set_values({2: "b = 2"})
    after = panel.view.grab().toImage()
    height = panel.view.fontMetrics().lineSpacing()
    changed = {
        y // height
        for y in range(before.height())
        for x in range(before.width())
        if before.pixel(x, y) != after.pixel(x, y)
    }
    assert changed
    assert changed <= {1, 2}
