"""The console: lines with their positions, errors tinted, what is later faint, clicks go back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.assets import load_fonts
from app.theme import THEMES
from app.views.console import MOST_LINES, Console


@pytest.fixture
def view(qtbot: QtBot) -> Console:
    load_fonts()
    made = Console(THEMES["dark"])
    qtbot.addWidget(made)
    made.resize(400, 240)
    made.show()
    return made


def _fill(view: Console) -> None:
    for i in range(5):
        view.append_text("stdout", f"line {i}\n", 10 * i)


def _colours(view: Console, line: int) -> set[str]:
    block = view.document().findBlockByNumber(line)
    area = view.blockBoundingGeometry(block).translated(view.contentOffset()).toRect()
    image = view.viewport().grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(60) for y in range(max(0, area.top()), area.bottom())}


def test_pieces_are_put_together_to_lines(view: Console) -> None:
    view.append_text("stdout", "loss ", 1)
    view.append_text("stdout", "0.5\nnext", 2)
    view.append_text("stdout", "\r50 %", 3)
    assert view.toPlainText() == "loss 0.5\n50 %"


def test_what_is_later_is_faint(view: Console) -> None:
    _fill(view)
    assert view.first_later_line() == view.blockCount()
    for position, line in ((0, 1), (9, 1), (10, 2), (25, 3), (40, 6), (-1, 0)):
        view.set_position(position)
        assert view.first_later_line() == line, position
    view.set_position(20)
    bright = THEMES["dark"].text
    assert bright in _colours(view, 2)
    assert bright not in _colours(view, 3)


def test_errors_are_tinted_in_each_theme(view: Console) -> None:
    view.append_text("stdout", "fine\n", 1)
    view.append_text("stderr", "Warning: odd\n", 2)
    assert THEMES["dark"].error in _colours(view, 1)
    assert THEMES["dark"].error not in _colours(view, 0)
    view.set_theme(THEMES["light"])
    assert THEMES["light"].error in _colours(view, 1)
    assert view.toPlainText() == "fine\nWarning: odd\n"


def test_a_click_asks_for_the_lines_position(view: Console, qtbot: QtBot) -> None:
    _fill(view)
    block = view.document().findBlockByNumber(3)
    where = view.blockBoundingGeometry(block).translated(view.contentOffset()).center().toPoint()
    with qtbot.waitSignal(view.position_requested) as asked:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(10, where.y()))
    assert asked.args == [30]


def test_what_is_printed_while_one_looks_further_back_is_faint_too(view: Console) -> None:
    view.set_position(3)
    view.append_text("stdout", "before\n10 %", 1)
    for text, position in (("\r20 %", 5), ("\r30 %\n", 6), ("40 %", 7), ("\r50 %", 8), (" of all\n", 9)):
        view.append_text("stdout", text, position)
        (faint,) = view.extraSelections()
        assert faint.cursor.selectedText().split("\u2029") == view.toPlainText().split("\n")[1:]


def test_an_empty_console_asks_for_nothing(view: Console, qtbot: QtBot) -> None:
    _fill(view)
    view.clear()
    view.set_position(0)
    assert view.toPlainText() == ""
    with qtbot.assertNotEmitted(view.position_requested):
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(10, 10))


def test_it_follows_the_end_unless_one_scrolled_up(view: Console) -> None:
    for i in range(100):
        view.append_text("stdout", f"{i}\n", i)
    bar = view.verticalScrollBar()
    assert bar.value() == bar.maximum()
    bar.setValue(3)
    view.append_text("stdout", "more\n", 200)
    assert bar.value() == 3


def test_much_output_stays_bounded(view: Console) -> None:
    for i in range(MOST_LINES + 500):
        view.append_text("stdout", f"iteration {i}\n", i)
    assert view.blockCount() <= MOST_LINES
    view.set_position(MOST_LINES)
    line = view.first_later_line()
    assert view.document().findBlockByNumber(line).text() == f"iteration {MOST_LINES + 1}"


def test_very_much_at_once_is_cut_to_its_end_and_each_line_knows_its_position(view: Console) -> None:
    view.append_text("stdout", "begun ", 1)
    view.append_text("stdout", "here\n" + "a\n" * 3, 2)
    states = [view.document().findBlockByNumber(i).userState() for i in range(view.blockCount())]
    assert states == [1, 2, 2, 2, 2]
    view.append_text("stdout", "".join(f"line {i}\n" for i in range(3 * MOST_LINES)), 7)
    assert view.blockCount() == MOST_LINES
    assert view.document().lastBlock().previous().text() == f"line {3 * MOST_LINES - 1}"
    assert {view.document().findBlockByNumber(i).userState() for i in range(MOST_LINES)} == {7}
    view.append_text("stdout", "y" * 30_000_000, 8)
    assert len(view.document().lastBlock().text()) < 2_000_000


def _shown(view: Console) -> list[str]:
    document = view.document()
    blocks = [document.findBlockByNumber(number) for number in range(view.blockCount())]
    return [block.text() for block in blocks if block.isVisible()]


def test_a_filter_leaves_the_lines_that_it_fits_also_of_what_comes_later(view: Console, qtbot: QtBot) -> None:
    _fill(view)
    assert view.set_filter("LINE 3") == 1
    assert _shown(view) == ["line 3"]
    view.append_text("stdout", "other\nline 33\n", 60)
    assert _shown(view) == ["line 3", "line 33"]
    with qtbot.waitSignal(view.position_requested) as asked:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, view.fontMetrics().height() + 8))
    assert asked.args == [60]
    assert view.set_filter("") == view.blockCount()
    assert _shown(view)[:3] == ["line 0", "line 1", "line 2"]


def test_return_goes_to_the_cursors_line(view: Console, qtbot: QtBot) -> None:
    _fill(view)
    view.moveCursor(QTextCursor.MoveOperation.Start)
    QTest.keyClick(view, Qt.Key.Key_Down)
    with qtbot.waitSignal(view.position_requested) as asked:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert asked.args == [10]
