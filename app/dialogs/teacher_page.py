"""The page for the teacher of a lesson: aim, minutes, questions, what learners answer wrongly and believe."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from app.language import spoken
from engine.lessons.instructor import instructor_page
from engine.lessons.lesson import Lesson

_WIDTH_PX, _HEIGHT_PX = 720, 620


class TeacherPage(QDialog):
    """Shows what `gradstep lessons teach` prints; the window can be used beside it."""

    def __init__(self, lesson: Lesson, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        title = self.tr("For the teacher")
        self.setWindowTitle(title)
        self.text = QTextBrowser()
        self.text.setOpenLinks(False)
        self.text.setAccessibleName(title)
        self.text.setMarkdown(instructor_page(lesson, spoken()))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.text)
        column.addWidget(buttons)
        self.resize(_WIDTH_PX, _HEIGHT_PX)
