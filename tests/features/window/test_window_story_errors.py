"""What goes wrong is said in the language of the window, and goes on being said when that changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.language import speak
from app.main import Shown
from app.settings import load_settings, save_settings
from engine.errors import GradstepError
from tests.helpers.window_user import EXAMPLES, User


@pytest.fixture
def shown(qapp: QApplication, tmp_path: Path) -> Iterator[Shown]:
    """A window that speaks Chinese from the start."""
    store = QSettings(str(tmp_path / "gradstep.ini"), QSettings.Format.IniFormat)
    save_settings(store, replace(load_settings(store), language="zh_CN"))
    found = Shown(qapp, store)
    found.window.panels.canvas.set_reduce_motion(True)
    yield found
    found.window.close()
    found.window.deleteLater()
    speak(qapp, "en")


def switch(shown: Shown, language: str, qtbot: QtBot) -> None:
    """Chooses a language and waits for the window that speaks it."""
    before = shown.window
    before.set_preferences(replace(before._settings.now, language=language, reduce_motion=True))
    qtbot.waitUntil(lambda: shown.window is not before)


def test_the_bar_of_errors_changes_its_language_with_the_window(shown: Shown, qtbot: QtBot, tmp_path: Path) -> None:
    trace = tmp_path / "words.gradstep"
    trace.write_text("no trace at all")
    shown.window.open_path(trace)
    assert shown.window.notices.text().startswith(f"{trace} 不是 Gradstep 的记录")
    assert "由 `gradstep record` 产生" in shown.window.notices.text()
    switch(shown, "en", qtbot)
    assert shown.window.notices.text().startswith(f"{trace} is not a Gradstep trace")
    assert shown.window.notices.isVisible()
    switch(shown, "zh_CN", qtbot)
    assert shown.window.notices.text().startswith(f"{trace} 不是 Gradstep 的记录")


def test_what_the_script_s_process_says_is_in_the_window_s_language(shown: Shown, qtbot: QtBot) -> None:
    user = User(shown.window, qtbot)
    user.run(EXAMPLES / "hello.py")
    with pytest.raises(GradstepError) as refused:
        shown.window.run.edit("hidden_layer.weight", "[1, 2, 3]", keep_gradient=True)
    assert refused.value.told.chinese.startswith("形状不合：hidden_layer.weight 是 (1×1)，而新值是 (3)。")
    watches = shown.window.panels.watching.view.table.model()
    watches.setData(watches.index(watches.rowCount() - 1, 0), "norm(")
    assert watches.index(0, 1).data() == "有一个括号没有闭合。每个 ( 需要一个 )，每个 [ 需要一个 ]。"
    switch(shown, "en", qtbot)
    user = User(shown.window, qtbot)
    user.wait_until_still()
    watches = shown.window.panels.watching.view.table.model()
    assert watches.index(0, 1).data() == "A bracket is not closed. Each ( needs a ), each [ a ]."
