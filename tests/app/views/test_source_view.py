"""The source panel: the current line and expression, breakpoints, errors, by mouse and keyboard."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.assets import load_fonts
from app.models.source_lines import SourceSpan
from app.theme import THEMES
from app.views.source import SourceView
from app.views.source.gutter import ARROW, DOT

PATH = Path("net.py")
TEXT = "import torch\n\ndef f(x):\n    return torch.tanh(x)\n" + "".join(f"y{i} = f({i})\n" for i in range(200))


@pytest.fixture
def view(qtbot: QtBot) -> SourceView:
    load_fonts()
    made = SourceView(THEMES["dark"])
    qtbot.addWidget(made)
    made.resize(420, 300)
    made.show()
    made.set_source(PATH, TEXT)
    return made


def _line_middle(view: SourceView, line: int) -> int:
    block = view.document().findBlockByNumber(line - 1)
    area = view.blockBoundingGeometry(block).translated(view.contentOffset())
    return round(area.center().y())


def _has_colour(view: SourceView, colour: str, left: int, right: int, y: int) -> bool:
    image = view.gutter.grab().toImage()
    pixels = [image.pixelColor(x, y + dy) for x in range(left, right) for dy in range(-5, 6)]
    return any(pixel == QColor(colour) for pixel in pixels)


def test_the_arrow_stands_at_the_current_line(view: SourceView) -> None:
    view.set_place(4)
    theme = THEMES["dark"]
    assert _has_colour(view, theme.current, round(ARROW) - 5, round(ARROW) + 5, _line_middle(view, 4))
    assert not _has_colour(view, theme.current, round(ARROW) - 5, round(ARROW) + 5, _line_middle(view, 1))
    shown = view.viewport().grab().toImage()
    assert shown.pixelColor(view.viewport().width() - 3, _line_middle(view, 4)) == QColor(theme.current_line)
    assert (view.current_line, view.cursor_line) == (4, 4)


def test_the_current_expression_is_marked_by_its_columns(view: SourceView) -> None:
    view.set_place(4, SourceSpan(4, 11, 4, 24))
    (area,) = view.expression_areas()
    width = view.fontMetrics().horizontalAdvance("torch.tanh(x)")
    assert abs(area.width() - width) <= 2
    view.set_place(4)
    assert view.expression_areas() == []


def test_an_expression_over_two_lines_has_two_areas(view: SourceView) -> None:
    view.set_source(PATH, "y = f(\n    x,\n)\n")
    view.set_place(1, SourceSpan(1, 4, 3, 1))
    areas = view.expression_areas()
    assert len(areas) == 3
    assert areas[1].left() > areas[2].left()


def test_a_line_out_of_view_is_scrolled_to_and_one_in_view_is_not(view: SourceView) -> None:
    view.set_place(150)
    assert 0 < _line_middle(view, 150) < view.viewport().height()
    at = view.verticalScrollBar().value()
    view.set_place(151)
    assert view.verticalScrollBar().value() == at


def test_a_click_in_the_gutter_asks_for_a_breakpoint(view: SourceView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.breakpoint_toggle_requested) as asked:
        where = QPoint(round(DOT), _line_middle(view, 3))
        QTest.mouseClick(view.gutter, Qt.MouseButton.LeftButton, pos=where)
    assert asked.args == [PATH, 3]
    assert not _has_colour(view, THEMES["dark"].breakpoint, round(DOT) - 4, round(DOT) + 4, _line_middle(view, 4))
    view.set_breakpoints({4: "stop"})
    assert _has_colour(view, THEMES["dark"].breakpoint, round(DOT) - 4, round(DOT) + 4, _line_middle(view, 4))
    assert view.gutter.breakpoints == {4}


def test_keys_act_on_the_cursors_line(view: SourceView, qtbot: QtBot) -> None:
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Down)
    with qtbot.waitSignal(view.breakpoint_toggle_requested) as asked:
        QTest.keyClick(view, Qt.Key.Key_F9)
    assert asked.args == [PATH, 3]
    with qtbot.waitSignal(view.line_activated) as activated:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert activated.args == [3]


def test_a_double_click_activates_a_line(view: SourceView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.line_activated) as activated:
        where = QPoint(40, _line_middle(view, 4))
        QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert activated.args == [4]


def test_without_a_file_nothing_is_asked(qtbot: QtBot) -> None:
    view = SourceView(THEMES["light"])
    qtbot.addWidget(view)
    with qtbot.assertNotEmitted(view.breakpoint_toggle_requested):
        QTest.keyClick(view, Qt.Key.Key_F9)
    view.set_place(7)
    view.grab()


def test_another_file_starts_clean_and_the_same_one_stays(view: SourceView) -> None:
    view.set_place(150)
    view.set_breakpoints({3: "stop"})
    at = view.verticalScrollBar().value()
    view.set_source(PATH, TEXT)
    assert view.verticalScrollBar().value() == at
    assert view.gutter.breakpoints == {3}
    view.set_source(Path("other.py"), "x = 1\n")
    assert view.gutter.breakpoints == frozenset()
    assert view.current_line is None


def test_an_error_is_written_beside_its_line(view: SourceView) -> None:
    before = view.viewport().grab().toImage()
    view.set_error(4, "ValueError: bad\nmore")
    y = _line_middle(view, 4)
    shown = view.viewport().grab().toImage()
    error = QColor(THEMES["dark"].error)
    assert any(shown.pixelColor(x, y + dy) == error for x in range(shown.width()) for dy in range(-9, 9))
    view.set_error(None)
    view.set_source(PATH, TEXT)
    assert view.viewport().grab().toImage().size() == before.size()
    assert not any(
        view.viewport().grab().toImage().pixelColor(x, y) == error for x in range(0, view.viewport().width(), 40)
    )


def _inked(view: SourceView, colour: str) -> float:
    """How much of a pixel of the first word (0 to 1) is covered with this colour at most, as a blend with the ground
    that has nothing else in it: a smoothed letter thinner than a pixel covers none entirely."""
    image = view.viewport().grab().toImage()
    shown = [image.pixelColor(x, y).getRgb()[:3] for x in range(4, 48) for y in range(2, 20)]
    ground = np.array(image.pixelColor(2, 1).getRgb()[:3], float)
    towards = np.array(QColor(colour).getRgb()[:3], float) - ground
    shares = (np.array(shown) - ground) @ towards / (towards @ towards)
    off = np.abs(shown - (ground + shares[:, None] * towards)).max(axis=1)
    return float(shares[off <= 6].max())


@pytest.mark.parametrize("name", ["dark", "light"])
def test_words_take_the_themes_colours(view: SourceView, name: str) -> None:
    theme = THEMES[name]
    view.set_theme(theme)
    assert _inked(view, theme.code_keyword) > 0.5
    others = (theme.code_string, theme.code_number, theme.text)
    assert all(_inked(view, other) < 0.3 for other in others)


def test_a_long_file_is_shown_to_its_end(view: SourceView) -> None:
    text = "".join(f"def f{i}(x):\n    return x * {i}  # times\n" for i in range(1000))
    view.set_source(Path("long.py"), text)
    view.grab()
    assert view.blockCount() == 2001
    assert view.document().findBlockByNumber(1999).text() == "    return x * 999  # times"


def test_a_value_over_the_code_gives_way_where_the_mouse_points(view: SourceView, qtbot: QtBot, tmp_path: Path) -> None:
    view.set_source(tmp_path / "long.py", "x = 1\ny = " + "+".join(["x"] * 90) + "\n")
    view.set_values({2: "y = 90"})
    left, y = view.viewport().width() // 2, _line_middle(view, 2)

    def shows_value() -> bool:
        image = view.viewport().grab().toImage()
        blue = QColor(view._theme.forward)
        spots = (image.pixelColor(x, y + dy) for x in range(left, image.width()) for dy in range(-5, 6))
        return any(spot.blue() - spot.red() > (blue.blue() - blue.red()) // 2 for spot in spots)

    assert shows_value()
    for line, is_shown in ((2, False), (1, True)):
        QTest.mouseMove(view.viewport(), QPoint(40, _line_middle(view, line)))
        qtbot.waitUntil(lambda is_shown=is_shown: shows_value() == is_shown)
