"""The panel of watches: typing, removing, plotting by key and by mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.assets import load_fonts
from app.models.watches import EXPRESSION, VALUE, WatchesModel
from app.theme import THEMES
from app.views.watches import WatchesView
from engine.session.place import Place
from engine.trace.reader import Trace


@pytest.fixture
def view(qtbot: QtBot, hello: Trace) -> WatchesView:
    load_fonts()
    model = WatchesModel(THEMES["dark"])
    model.set_expressions(("iteration", "1 + nowhere"))
    model.set_place(hello, Place(hello.iteration(2).end, None, 2))
    made = WatchesView(model, THEMES["dark"])
    qtbot.addWidget(made)
    made.resize(400, 400)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.table.setFocus()
    return made


def model_of(view: WatchesView) -> WatchesModel:
    model = view.table.model()
    assert isinstance(model, WatchesModel)
    return model


def test_typing_in_the_last_row_adds_a_watch(view: WatchesView, qtbot: QtBot) -> None:
    model = model_of(view)
    view.table.setCurrentIndex(model.index(2, EXPRESSION))
    QTest.keyClick(view.table, Qt.Key.Key_C)
    editor = view.table.findChild(QLineEdit)
    assert editor is not None
    editor.setText("C * 2")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: model.expressions == ("iteration", "1 + nowhere", "C * 2"))


def test_f2_edits_and_delete_removes(view: WatchesView, qtbot: QtBot) -> None:
    model = model_of(view)
    view.table.setCurrentIndex(model.index(0, VALUE))
    QTest.keyClick(view.table, Qt.Key.Key_F2)
    editor = view.table.findChild(QLineEdit)
    assert editor is not None
    assert editor.text() == "iteration"
    editor.setText("iteration + 1")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: model.index(0, VALUE).data() == "4")
    QTest.keyClick(view.table, Qt.Key.Key_Delete)
    assert model.expressions == ("1 + nowhere",)


def test_the_reason_of_the_selected_row_is_told_in_full(view: WatchesView) -> None:
    model = model_of(view)
    view.table.setCurrentIndex(model.index(1, EXPRESSION))
    assert view.note.isVisible()
    assert view.note.text() == "There is no nowhere here."
    view.table.setCurrentIndex(model.index(0, EXPRESSION))
    assert not view.note.isVisible()


def test_a_key_or_a_double_click_on_a_value_asks_for_the_curve(view: WatchesView, qtbot: QtBot) -> None:
    view.table.setCurrentIndex(model_of(view).index(1, EXPRESSION))
    with qtbot.waitSignal(view.plot_requested) as asked:
        QTest.keyClick(view.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert asked.args == [1]
    place = view.table.visualRect(model_of(view).index(0, VALUE)).center()
    with qtbot.waitSignal(view.plot_requested) as asked:
        QTest.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
        QTest.mouseDClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked.args == [0]


def test_the_curve_opens_with_its_name_and_closes_by_key(view: WatchesView) -> None:
    assert not view.has_curve
    view.show_curve("iteration", "iteration over the iterations", "nothing")
    assert view.has_curve
    assert view.title.text() == "iteration over the iterations"
    QTest.keyClick(view.table, Qt.Key.Key_Backspace, Qt.KeyboardModifier.ControlModifier)
    assert not view.has_curve


def test_a_watch_that_a_lesson_points_out_has_corners(view: WatchesView) -> None:
    view.table.clearFocus()
    viewport = view.table.viewport()
    before = viewport.grab().toImage()
    view.set_pointed(frozenset({"iteration", "C"}))
    now = viewport.grab().toImage()
    rows = range(now.height())
    changed = {y for y in rows if any(before.pixel(x, y) != now.pixel(x, y) for x in range(now.width()))}
    row = view.table.visualRect(model_of(view).index(0, EXPRESSION))
    assert changed
    assert changed <= set(range(row.top(), row.bottom() + 1))
