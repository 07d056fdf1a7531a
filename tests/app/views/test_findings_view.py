"""The panel of findings: its links go to events, and run the script again with a change."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QUrl
from pytestqt.qtbot import QtBot

from app.models.findings import FindingsModel
from app.theme import THEMES
from app.views.findings import FindingsView


@pytest.fixture
def view(qtbot: QtBot) -> FindingsView:
    made = FindingsView(FindingsModel(in_chinese=False), THEMES["dark"])
    qtbot.addWidget(made)
    return made


def test_a_link_to_an_event_asks_for_its_place(view: FindingsView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.position_requested) as asked, qtbot.assertNotEmitted(view.change_requested):
        view.detail.anchorClicked.emit(QUrl("12"))
    assert asked.args == [12]


def test_a_link_to_a_run_asks_for_its_change(view: FindingsView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.change_requested) as asked, qtbot.assertNotEmitted(view.position_requested):
        view.detail.anchorClicked.emit(QUrl("change:relu=leaky_relu"))
    assert asked.args == ["relu=leaky_relu"]


def test_other_links_do_nothing(view: FindingsView, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(view.position_requested), qtbot.assertNotEmitted(view.change_requested):
        view.detail.anchorClicked.emit(QUrl("https://example.org"))
