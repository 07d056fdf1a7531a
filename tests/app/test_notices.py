"""The bar of notices: what it says, and how it is put away."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QToolButton
from pytestqt.qtbot import QtBot

from app.notices import Notice, NoticeBar, NoticeColours
from engine.bilingual import same

COLOURS = NoticeColours("#aa0000", "#aa8800", "#0000aa", "#000000", "#777777", "#ffffff")


@pytest.fixture
def bar(qtbot: QtBot) -> NoticeBar:
    made = NoticeBar(COLOURS)
    qtbot.addWidget(made)
    return made


def test_a_bar_without_a_notice_is_not_there(bar: NoticeBar) -> None:
    assert not bar.isVisibleTo(None)
    assert bar.text() == ""


def test_what_why_and_the_way_out_are_said_and_marks_are_shown_as_they_are(bar: NoticeBar) -> None:
    bar.show_notice(Notice(same("There is no <x>."), same("It was moved & lost."), same("Choose another.")))
    assert bar.text() == "There is no <x>. It was moved & lost. Choose another."
    written = bar.findChildren(QLabel)[0].text()
    assert "There is no &lt;x&gt;." in written
    assert "moved &amp; lost" in written
    assert COLOURS.error in written


def test_details_open_on_demand(bar: NoticeBar, qtbot: QtBot) -> None:
    bar.show_notice(Notice(same("The script failed."), detail="Traceback\n  line 3"))
    bar.show()
    detail = bar.findChildren(QPlainTextEdit)[0]
    assert not detail.isVisible()
    more = next(button for button in bar.findChildren(QToolButton) if button.isCheckable())
    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    assert detail.isVisible()
    assert detail.toPlainText() == "Traceback\n  line 3"


def test_all_of_it_is_copied_however_little_the_bar_shows(bar: NoticeBar, qtbot: QtBot) -> None:
    long = "z" * 5000
    bar.show_notice(
        Notice(same(f"The script failed: {long}"), same("Why."), same("Way out."), detail="Traceback\n  line 3")
    )
    assert len(bar.findChildren(QLabel)[0].text()) < 1000
    copy = next(button for button in bar.findChildren(QToolButton) if button.text() == "Copy")
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == f"The script failed: {long}\nWhy.\nWay out.\n\nTraceback\n  line 3"


def test_it_is_put_away_and_says_so(bar: NoticeBar, qtbot: QtBot) -> None:
    bar.show_notice(Notice(same("Something.")))
    close = next(button for button in bar.findChildren(QToolButton) if button.text() == "✕")
    with qtbot.waitSignal(bar.put_away):
        qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert bar.notice is None
    assert not bar.isVisible()
