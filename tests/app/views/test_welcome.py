"""The start page: examples in order, files opened before, and what its buttons ask for."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.assets import resources_dir
from app.language import speak
from app.models.examples import SHIPPED, Example, examples_in
from app.theme import THEMES
from app.views.welcome import WelcomePage
from tests.helpers.chinese import has_chinese


@pytest.fixture
def page(qtbot: QtBot, tmp_path: Path) -> WelcomePage:
    made = WelcomePage(THEMES["dark"], [Example(tmp_path / "hello.py", "The smallest network.")])
    qtbot.addWidget(made)
    made.show()
    return made


def test_examples_are_named_by_their_first_line_and_the_easiest_is_first(tmp_path: Path) -> None:
    for name in ("lenet", "hello", "autograd"):
        (tmp_path / f"{name}.py").write_text(f'"""What {name} does.\n\nMore of it."""\n')
    (tmp_path / "data.txt").write_text("no script")
    found = examples_in(tmp_path)
    assert [one.path.stem for one in found] == ["hello", "autograd", "lenet"]
    assert found[1].sentence == "What autograd does."


def test_the_shipped_examples_are_described_in_the_windows_language(qapp: QApplication) -> None:
    found = examples_in(resources_dir() / "examples")
    assert sorted(one.sentence for one in found) == sorted(SHIPPED)
    try:
        speak(qapp, "zh_CN")
        assert all(has_chinese(one.sentence) for one in examples_in(resources_dir() / "examples"))
    finally:
        speak(qapp, "en")


def test_buttons_ask_for_what_they_say(page: WelcomePage, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(page.open_script_requested):
        qtbot.mouseClick(page.script_button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.open_trace_requested):
        qtbot.mouseClick(page.trace_button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.example_chosen) as chosen:
        qtbot.mouseClick(page.example_buttons[0], Qt.MouseButton.LeftButton)
    assert chosen.args == [tmp_path / "hello.py"]


def test_only_files_that_are_still_there_are_offered(page: WelcomePage, qtbot: QtBot, tmp_path: Path) -> None:
    there = tmp_path / "train.py"
    there.write_text("")
    page.set_recent((str(tmp_path / "gone.py"), str(there)))
    offered = page.recent_buttons
    assert [tile.title for tile in offered] == ["train.py"]
    with qtbot.waitSignal(page.recent_chosen) as chosen:
        qtbot.mouseClick(offered[0], Qt.MouseButton.LeftButton)
    assert chosen.args == [there]


def test_a_narrow_page_shows_whole_sentences_and_scrolls(qtbot: QtBot, tmp_path: Path) -> None:
    long = "A sentence that is far too long for one line of a tile on a page as narrow as this. " * 4
    page = WelcomePage(THEMES["dark"], [Example(tmp_path / "hello.py", long)])
    qtbot.addWidget(page)
    page.resize(520, 300)
    page.show()
    tile = page.example_buttons[0]
    qtbot.waitUntil(lambda: tile.height() >= tile.heightForWidth(tile.width()))
    assert tile.height() > 4 * tile.fontMetrics().lineSpacing()
    assert tile.width() <= 520


def test_a_long_title_takes_another_line(qtbot: QtBot, tmp_path: Path) -> None:
    long = "a_script_of_somebody_who_likes_names " * 3
    page = WelcomePage(THEMES["projector"], [Example(tmp_path / f"{long}.py", "")])
    qtbot.addWidget(page)
    page.resize(520, 300)
    page.show()
    tile = page.example_buttons[0]
    title = next(label for label in tile.findChildren(QLabel) if label.text() == tile.title)
    qtbot.waitUntil(lambda: tile.height() >= tile.heightForWidth(tile.width()))
    assert title.height() >= title.heightForWidth(title.width()) > 2 * title.fontMetrics().lineSpacing()
