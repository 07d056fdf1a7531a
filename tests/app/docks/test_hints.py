"""Hints come one at a time, and one that was put away does not come back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from app.docks.hints import Hints, all_hints
from app.settings import KeptSettings
from app.theme import THEMES
from app.views.hint_bar import HintBar


@pytest.fixture
def bar(qtbot: QtBot) -> HintBar:
    made = HintBar(THEMES["dark"])
    qtbot.addWidget(made)
    return made


@pytest.fixture
def settings(tmp_path: Path) -> KeptSettings:
    return KeptSettings(QSettings(str(tmp_path / "a.ini"), QSettings.Format.IniFormat))


def test_one_after_the_other_until_none_is_left(bar: HintBar, settings: KeptSettings) -> None:
    hints = Hints(bar, settings)
    hints.show_next()
    seen = []
    while not bar.isHidden():
        seen.append(bar.text())
        bar.read_button.click()
    assert seen == list(all_hints().values())
    settings.save()
    assert KeptSettings(settings._store).now.hints_read == tuple(all_hints())


def test_who_wants_none_sees_none_again(bar: HintBar, settings: KeptSettings) -> None:
    hints = Hints(bar, settings)
    hints.show_next()
    bar.refuse_button.click()
    assert bar.isHidden()
    hints.show_next()
    assert bar.isHidden()
