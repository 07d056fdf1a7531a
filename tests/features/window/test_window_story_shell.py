"""A user makes the window their own: language, letters, keys, layouts, and a presentation with a clicker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.language import speak
from app.main import Shown
from app.settings import load_settings
from tests.helpers.window_user import EXAMPLES, User


@pytest.fixture
def shown(qapp: QApplication, tmp_path: Path) -> Iterator[Shown]:
    found = Shown(qapp, QSettings(str(tmp_path / "gradstep.ini"), QSettings.Format.IniFormat))
    yield found
    found.window.close()
    found.window.deleteLater()
    speak(qapp, "en")


def test_a_live_script_goes_on_in_another_language(shown: Shown, qtbot: QtBot) -> None:
    before = shown.window
    before.panels.canvas.set_reduce_motion(True)
    user = User(before, qtbot)
    user.run(EXAMPLES / "hello.py")
    user.step(Qt.Key.Key_F10)
    user.step(Qt.Key.Key_F10)
    place, number, printed = before.state.place, before.panels.moment, before.panels.console.toPlainText()
    assert "hidden_layer" in printed
    before.set_preferences(replace(load_settings(shown._store), language="zh_CN", reduce_motion=True))
    qtbot.waitUntil(lambda: shown.window is not before)
    user = User(shown.window, qtbot)
    user.wait_until_still()
    assert shown.window.state.place == place
    assert shown.window.panels.moment == number
    assert shown.window.panels.console.toPlainText() == printed
    assert shown.window.action_set.by_id["step_over"].text() != "Step over"
    user.step(Qt.Key.Key_F10)
    user.press(Qt.Key.Key_F5)
    user.wait(lambda: not shown.window.state.is_live)
    user.wait_until_still()
    assert "iteration" in shown.window.panels.console.toPlainText()


def test_letters_keys_and_digits_change_at_once_and_are_kept(shown: Shown, qtbot: QtBot) -> None:
    window = shown.window
    window.set_preferences(replace(load_settings(shown._store), font_percent=150, theme="dark").with_keys(
        {"step_over": "F7"}))  # fmt: skip
    assert window.looks.theme.base_px == round(13 * 1.5)
    assert window.action_set.by_id["step_over"].shortcut().toString() == "F7"
    assert "F7" in window.action_set.by_id["step_over"].toolTip()
    window.looks.change_font(1)
    assert load_settings(shown._store).font_percent == 150
    window.save_settings()
    kept = load_settings(shown._store)
    assert (kept.font_percent, kept.key_of("step_over")) == (175, "F7")


def test_a_clicker_steps_while_presenting_and_the_screen_goes_blank(hello: User) -> None:
    window = hello.window
    first = window.state.place
    source = window.docks.by_key["source"]
    before = source.size()
    hello.press(Qt.Key.Key_F12)
    assert window.looks.presenting.is_on
    assert window.centre.step_bar.isVisible()
    assert not window.menuBar().isVisible()
    hello.step(Qt.Key.Key_PageDown)
    assert window.state.place.quantity == (first.quantity or 0) + 1
    hello.step(Qt.Key.Key_PageUp)
    assert window.state.place == first
    QTest.mouseClick(window.centre.step_bar.step, Qt.MouseButton.LeftButton)
    hello.wait(lambda: window.state.place != first)
    hello.wait_until_still()
    hello.press(Qt.Key.Key_Period)
    assert window.looks.presenting.blank.isVisible()
    there = window.state.place
    QTest.keyClick(window.looks.presenting.blank, Qt.Key.Key_PageDown)
    assert not window.looks.presenting.blank.isVisible()
    assert window.state.place == there
    hello.press(Qt.Key.Key_Escape)
    assert not window.looks.presenting.is_on
    assert window.menuBar().isVisible()
    assert window.action_set.by_id["next_phase"].shortcut().toString() == "PgDown"
    hello.wait(lambda: source.size() == before)


def test_a_presentation_is_read_at_the_back_of_a_room_and_its_spotlight_follows(hello: User) -> None:
    window = hello.window
    canvas = window.panels.canvas
    hello.press(Qt.Key.Key_F12)
    hello.step(Qt.Key.Key_PageDown)
    for height in (700, 1080):
        window.showNormal()
        window.resize(1200, height)
        hello.wait(lambda height=height: window.looks.theme.base_px * 40 >= height)
        assert window.looks.theme.name == "projector"
    lit = list(canvas.spotlight.lit)
    assert canvas.spotlight.isVisible()
    hello.step(Qt.Key.Key_PageDown)  # z to a stands in the same circle, so two steps
    hello.step(Qt.Key.Key_PageDown)
    assert canvas.spotlight.lit not in ([], lit)
    hello.press(Qt.Key.Key_L)
    assert not canvas.spotlight.isVisible()
    hello.press(Qt.Key.Key_L)
    assert canvas.spotlight.isVisible()
    hello.press(Qt.Key.Key_Escape)
    hello.wait(lambda: not canvas.spotlight.isVisible())
    assert window.looks.theme.base_px < 17


def test_other_colours_of_numbers_are_there_at_once_and_remembered(user: User) -> None:
    user.run(EXAMPLES / "linear_regression.py", "--epochs", "2")
    user.step(Qt.Key.Key_F10)
    tensor = user.window.panels.tensor
    tensor.tabs.setCurrentWidget(tensor.heatmap_pane)

    def colours() -> set[str]:
        image = tensor.heatmap_pane.heatmap.grab().toImage()
        across, down = range(0, image.width(), 2), range(0, image.height(), 2)
        return {image.pixelColor(x, y).name() for x in across for y in down}

    viridis_end, cividis_end = "#fde725", "#ffea46"
    assert viridis_end in colours()
    user.window.set_preferences(replace(user.window._settings.now, colour_blind=True))
    assert cividis_end in colours()
    assert viridis_end not in colours()
    assert load_settings(user.window._settings._store).colour_blind


def test_the_start_page_leads_back_to_what_is_open(hello: User) -> None:
    window = hello.window
    place = window.state.place
    for leave in (
        lambda: hello.press(Qt.Key.Key_Escape),
        lambda: QTest.mouseClick(window.welcome.back_button, Qt.MouseButton.LeftButton),
    ):
        window.open_examples()
        assert not window.panels.canvas.isVisible()
        assert "hello.py" in window.welcome.back_button.text()
        leave()
        hello.wait(window.panels.canvas.isVisible)
        assert window.docks.by_key["source"].isVisible()
        assert window.state.place == place


def test_layouts_ours_and_ones_own(hello: User, monkeypatch: pytest.MonkeyPatch) -> None:
    window, docks = hello.window, hello.window.docks.by_key
    window.looks.arrange("learn")
    assert docks["source"].isVisible()
    assert not docks["call_tree"].isVisible()
    docks["source"].close()
    monkeypatch.setattr("app.docks.looks.QInputDialog.getText", lambda *_: ("mine", True))
    window.looks.save_layout()
    assert not window.docks.by_key["lesson"].isVisible(), "there is none"
    window.looks.arrange("debug")
    assert all(dock.isVisible() or dock.visibleRegion().isEmpty() for dock in docks.values())
    assert docks["source"].isVisible()
    (own,) = window.looks.own_layouts.actions()
    own.trigger()
    assert not docks["source"].isVisible()
