"""A label that ends in … where there is no room."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.elided_label import ElidedLabel


def test_a_long_text_is_cut_with_dots_and_whole_in_the_tooltip(qtbot: QtBot) -> None:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.resize(60, 20)
    label.show()
    label.setText("a long name of a value")
    assert QLabel.text(label).endswith("…")
    assert label.text() == label.toolTip() == "a long name of a value"
    label.resize(600, 20)
    assert QLabel.text(label) == label.text()
    assert label.toolTip() == ""
    label.setText("short", "more about it")
    assert label.toolTip() == "more about it"
