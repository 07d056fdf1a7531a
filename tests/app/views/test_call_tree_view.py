"""The call tree panel: goes along with the position, tells what was chosen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.assets import load_fonts
from app.models.call_tree import COLUMNS, NAME, NORM, POSITION_ROLE, TIME
from app.theme import THEMES, sized, ui_font
from app.views.call_tree import CallTreeView
from engine.trace.reader import Trace


@pytest.fixture
def view(qtbot: QtBot, hello: Trace) -> CallTreeView:
    load_fonts()
    made = CallTreeView(THEMES["dark"])
    qtbot.addWidget(made)
    made.resize(420, 400)
    made.show()
    made.set_trace(hello)
    return made


def _begin(trace: Trace, iteration: int) -> int:
    return next(one.begin for one in trace.iterations() if one.number == iteration)


def _index(view: CallTreeView, position: int) -> QModelIndex:
    model = view.model()
    waiting = [model.index(row, 0) for row in range(model.rowCount())]
    found = QModelIndex()
    while waiting:
        index = waiting.pop()
        if index.data(POSITION_ROLE) == position and not model.hasChildren(index):
            found = index
        waiting += [model.index(row, 0, index) for row in range(model.rowCount(index))]
    return found


def test_the_current_row_is_opened_scrolled_to_and_marked(view: CallTreeView, hello: Trace) -> None:
    position = _begin(hello, 1) + 6
    view.set_position(position)
    index = _index(view, position - 1)
    area = view.visualRect(index)
    assert area.isValid()
    assert view.viewport().rect().contains(area)
    image = view.viewport().grab().toImage()
    assert image.pixelColor(1, area.center().y()) == QColor(THEMES["dark"].current)
    assert image.pixelColor(view.viewport().width() - 2, area.top() + 2) == QColor(THEMES["dark"].current_line)


def test_only_the_current_iteration_stays_open(view: CallTreeView, hello: Trace) -> None:
    for iteration in (0, 1, 2):
        view.set_position(_begin(hello, iteration) + 3)
    model = view.model()
    assert [view.isExpanded(model.index(row, 0)) for row in range(4)] == [False, False, False, True]


def test_a_click_selects_and_return_activates(view: CallTreeView, hello: Trace, qtbot: QtBot) -> None:
    begin = _begin(hello, 0)
    view.set_position(begin + 2)
    area = view.visualRect(_index(view, begin + 1))
    with qtbot.waitSignal(view.event_selected) as selected:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=area.center())
    assert selected.args == [begin + 1]
    with qtbot.waitSignal(view.event_activated) as activated:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert activated.args == [begin + 1]


def test_being_told_what_is_selected_is_no_choice(view: CallTreeView, hello: Trace, qtbot: QtBot) -> None:
    begin = _begin(hello, 2)
    with qtbot.assertNotEmitted(view.event_selected):
        view.select(begin + 4)
    assert view.currentIndex().data(POSITION_ROLE) == begin + 4
    assert view.visualRect(view.currentIndex()).isValid()


@pytest.mark.parametrize(("width", "hidden"), [(600, []), (340, [TIME]), (240, [TIME, NORM])])
def test_a_narrow_panel_keeps_room_for_names(view: CallTreeView, width: int, hidden: list[int]) -> None:
    view.resize(width, 400)
    assert [column for column in range(COLUMNS) if view.isColumnHidden(column)] == hidden
    assert view.columnWidth(NAME) >= width * 0.4
    assert sum(view.columnWidth(column) for column in range(COLUMNS)) <= view.viewport().width()


def test_phases_are_drawn_in_their_colours(view: CallTreeView, hello: Trace) -> None:
    view.set_position(_begin(hello, 0) + 1)
    image = view.viewport().grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(0, 140, 2) for y in range(0, image.height(), 2)}
    assert {THEMES["dark"].forward, THEMES["dark"].backward} <= colours


def test_no_trace_is_an_empty_tree(view: CallTreeView) -> None:
    view.set_trace(None)
    assert view.model().rowCount() == 0
    view.set_position(3)
    view.refresh()


def test_rows_are_as_high_as_their_letters(view: CallTreeView, hello: Trace) -> None:
    view.set_position(_begin(hello, 1) + 6)
    usual = view.visualRect(_index(view, _begin(hello, 1) + 5)).height()
    large = sized(THEMES["dark"], 200)
    view.set_theme(large)
    QTest.qWait(20)
    height = view.visualRect(_index(view, _begin(hello, 1) + 5)).height()
    assert height >= QFontMetrics(ui_font(large.base_px)).height()
    view.set_theme(THEMES["dark"])
    QTest.qWait(20)
    assert view.visualRect(_index(view, _begin(hello, 1) + 5)).height() == usual
