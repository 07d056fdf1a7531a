"""The lesson's panel: it asks, takes answers by keyboard and mouse, and says what came of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.models.lesson_walk import Ask, Choice, Page, Remembered, Told
from app.theme import THEMES
from app.views.lesson import LessonView
from engine.lessons.beliefs import BELIEFS
from engine.lessons.review import Review
from engine.lessons.shelf import find_lesson

TYPED = Ask("<p>How large?</p>", (), "a number")
CHOSEN = Ask("<p>Which?</p>", (Choice("1", "this"), Choice("2", "that")), "choose one")
PAGE = Page("Hello", 2, 5, "The sum", "<p>w is 3.</p>", "", (), TYPED, True, False)
TOLD = Told("<p>How large?</p>", "14", False, "<p>Once is enough.</p>", "7", "<p>It is 2·3 + 1.</p>")


@pytest.fixture
def view(qtbot: QtBot) -> LessonView:
    made = LessonView(THEMES["dark"])
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_typed_answer(view: LessonView, qtbot: QtBot) -> None:
    view.show_page(PAGE)
    assert view.where.text() == "Hello: 2 of 5"
    assert "w is 3." in view.text.toPlainText()
    assert view.go.text() == "Answer"
    QTest.keyClicks(view.line, "7.5")
    with qtbot.waitSignal(view.answered) as answered:
        QTest.keyClick(view.line, Qt.Key.Key_Return)
    assert answered.args == ["7.5"]
    view.show_not_understood()
    assert "could not be understood: a number" in view.how.text()


def test_nothing_is_no_answer(view: LessonView, qtbot: QtBot) -> None:
    view.show_page(PAGE)
    with qtbot.assertNotEmitted(view.answered):
        qtbot.mouseClick(view.go, Qt.MouseButton.LeftButton)
    view.show_page(replace(PAGE, ask=CHOSEN))
    with qtbot.assertNotEmitted(view.answered):
        qtbot.mouseClick(view.go, Qt.MouseButton.LeftButton)


def test_a_chosen_answer(view: LessonView, qtbot: QtBot) -> None:
    view.show_page(replace(PAGE, ask=CHOSEN))
    assert view.line.isHidden()
    assert [button.text() for button in view.options] == ["1. this", "2. that"]
    view.options[1].click()
    with qtbot.waitSignal(view.answered) as answered:
        qtbot.mouseClick(view.go, Qt.MouseButton.LeftButton)
    assert answered.args == ["2"]


def test_an_answer_is_chosen_and_given_by_keyboard(view: LessonView, qtbot: QtBot) -> None:
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.show_page(replace(PAGE, ask=CHOSEN))
    qtbot.waitUntil(view.options[0].isVisible)
    view.options[0].setFocus()
    QTest.keyClick(view.options[0], Qt.Key.Key_3)
    assert [option.isChecked() for option in view.options] == [False, False], "there is no third"
    QTest.keyClick(view.options[0], Qt.Key.Key_2)
    assert [option.isChecked() for option in view.options] == [False, True]
    with qtbot.waitSignal(view.answered) as answered:
        QTest.keyClick(view.options[1], Qt.Key.Key_Return)
    assert answered.args == ["2"]
    view.show_page(replace(PAGE, ask=CHOSEN))
    qtbot.waitUntil(view.options[0].isVisible)
    view.options[0].setFocus()
    with qtbot.waitSignal(view.answered) as answered:
        QTest.keyClick(view.options[0], Qt.Key.Key_Enter)
    assert answered.args == ["1"]
    view.show_page(replace(PAGE, ask=CHOSEN))
    with qtbot.assertNotEmitted(view.answered):
        QTest.keyClick(view.previous, Qt.Key.Key_Return)


def test_what_came_of_it_stands_beside_the_answer(view: LessonView, qtbot: QtBot) -> None:
    view.show_page(replace(PAGE, told=(TOLD,), ask=None))
    shown = view.text.toPlainText()
    assert "You said: 14 ✗ Not quite." in shown
    assert "Once is enough." in shown
    assert "It is 7." in shown
    assert view.go.text() == "Next"
    with qtbot.waitSignal(view.next_requested):
        qtbot.mouseClick(view.go, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(view.previous_requested):
        qtbot.mouseClick(view.previous, Qt.MouseButton.LeftButton)
    view.show_page(replace(PAGE, told=(replace(TOLD, right=True),), ask=None, is_last=True))
    assert "✓ Right." in view.text.toPlainText()
    assert "It is 7." not in view.text.toPlainText()
    assert view.go.text() == "Finish"


def test_the_review_names_beliefs(view: LessonView) -> None:
    remembered = (
        Remembered("The sum", "14", False, "7", ("M4",)),
        Remembered("The slope", "0", True, "0", ()),
        Remembered("In your words", "", None, "", ()),
    )
    view.show_review(Review(find_lesson("hello"), (), (BELIEFS["M1"],), ()), "en", remembered, "/home/me/hello.json")
    text = view.text.toPlainText()
    assert "✗ The sum: 14 → 7 M4" in text
    assert "✓ The slope: 0" in text
    assert "· In your words: no answer" in text
    assert "in /home/me/hello.json" in text
    shown = view.text.toPlainText()
    assert "M1" in shown
    assert "It adds to it" in shown
    assert "stay on this machine" in shown
    assert not view.has_page


def test_waiting_and_themes(view: LessonView) -> None:
    view.show_waiting("Hello", "The scripts are being run.")
    assert "being run" in view.text.toPlainText()
    assert not view.go.isEnabled()
    view.show_page(replace(PAGE, told=(TOLD,)))
    before = view.text.toHtml()
    view.set_theme(THEMES["projector"])
    assert view.text.toHtml() != before
