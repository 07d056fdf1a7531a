"""A teacher prints the open lesson: blanks by level and seed, as PDF or HTML, and hears where it cannot be written."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from app.dialogs.handout import HandoutDialog
from tests.helpers.window_user import START_MS, User

ALL_RUNS_MS = 3 * START_MS
"""The lesson has three."""


def test_a_handout_is_written_from_the_window(user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADSTEP_DATA", str(tmp_path / "data"))
    window, learning = user.window, user.window.panels.learning
    export = window.action_set.by_id["export_handout"]
    assert not export.isEnabled(), "no lesson is open"
    window.welcome.lesson_buttons[0].click()
    assert export.isEnabled()
    export.trigger()
    assert "still run" in window.notices.text()
    user.qtbot.waitUntil(lambda: learning.printable is not None, timeout=ALL_RUNS_MS)

    names = [tmp_path / "class.html", tmp_path / "class.pdf", tmp_path / "plain", tmp_path / "no" / "where.pdf"]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(names.pop(0)), "PDF (*.pdf)"))

    def by_keyboard() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, HandoutDialog)
        QTest.keyClick(dialog.level, Qt.Key.Key_End)  # level 4: nothing is given
        QTest.keyClicks(dialog.seed, "7")
        QTest.keyClick(dialog, Qt.Key.Key_Return)

    for _ in range(4):
        QTimer.singleShot(0, window, by_keyboard)
        export.trigger()
    page = (tmp_path / "class.html").read_text(encoding="utf-8")
    questions, answers = page.split('<div class="sheet">')
    assert "level 4, seed" in page
    assert "∂C/∂w⁽¹⁾" in questions
    assert "−0.013782" not in questions
    assert "−0.013782" in answers
    assert (tmp_path / "class.pdf").read_bytes().startswith(b"%PDF-")
    assert (tmp_path / "plain.pdf").is_file()
    assert "cannot be written" in window.notices.text()
    assert "Choose another folder" in window.notices.text()
    learning.view.close_button.click()
    assert not export.isEnabled()
