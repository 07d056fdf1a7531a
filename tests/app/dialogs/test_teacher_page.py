"""The teacher's page of the open lesson."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextDocument
from pytestqt.qtbot import QtBot

from app.dialogs.teacher_page import TeacherPage
from engine.lessons.shelf import find_lesson


def test_it_tells_aim_minutes_questions_and_wrong_answers(qtbot: QtBot) -> None:
    lesson = find_lesson("hello")
    page = TeacherPage(lesson)
    qtbot.addWidget(page)
    said = page.text.toPlainText()
    assert f"About {lesson.minutes} minutes" in said
    assert "Common wrong answers" in said
    assert "Which line changes the numbers" in said
    assert f"{lesson.beliefs[0]}:" in said
    assert not page.isModal()
    assert page.text.loadResource(QTextDocument.ResourceType.ImageResource, QUrl("https://example.org/a.png")) is None
