"""The toolbar: which parts give way where there is little room, and that they come back."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QMainWindow
from pytestqt.qtbot import QtBot

from app.views.roomy_bar import RoomyBar


def test_the_last_parts_give_way_first_and_the_right_end_stays(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    bar = RoomyBar("Stepping")
    window.addToolBar(bar)
    parts = [QLabel(word * 6) for word in ("first ", "second ", "third ")]
    right = QLabel("step 12 of 46")
    bar.add_parts(parts, right)
    window.resize(2000, 200)
    window.show()
    qtbot.waitUntil(parts[2].isVisible)
    room = bar.sizeHint().width()
    second = room - parts[2].sizeHint().width()
    for width, seen in (
        (room + 40, [True, True, True]),
        (room - 40, [True, True, False]),
        (second - 40, [True, False, False]),
        (room + 40, [True, True, True]),
    ):
        window.resize(width, 200)
        qtbot.waitUntil(lambda wanted=width: bar.width() == wanted)
        qtbot.wait(10)
        assert [part.isVisible() for part in parts] == seen
        assert right.isVisible()


@pytest.mark.parametrize("words", ["x", "x" * 400])
def test_a_longer_text_at_the_right_end_takes_the_room(qtbot: QtBot, words: str) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    bar = RoomyBar("Stepping")
    window.addToolBar(bar)
    stays, gives_way, right = QLabel("level"), QLabel("device"), QLabel("")
    bar.add_parts((stays, gives_way), right)
    window.resize(700, 200)
    window.show()
    qtbot.waitUntil(gives_way.isVisible)
    right.setText(words)
    qtbot.waitUntil(lambda: gives_way.isVisible() == (len(words) == 1))
    assert stays.isVisible()
