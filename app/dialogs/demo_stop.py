"""Asks what a teacher says at a stop of a demo, and what the class is asked there."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from engine.lessons.demo import LONGEST_TEXT


class DemoStopDialog(QDialog):
    """Offers note and question; `chosen()` after it was accepted. Return accepts."""

    def __init__(self, note: str, question: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Stop of the demo"))
        self.note, self.question = QLineEdit(note), QLineEdit(question)
        for line in (self.note, self.question):
            line.setMaxLength(LONGEST_TEXT)
            line.setMinimumWidth(420)
        self.note.setPlaceholderText(self.tr("Shown large while presenting"))
        self.question.setPlaceholderText(self.tr("For the class; may be empty"))
        buttons = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(buttons.Ok | buttons.Cancel)
        form = QFormLayout()
        form.addRow(self.tr("Note"), self.note)
        form.addRow(self.tr("Question"), self.question)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.buttons)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def chosen(self) -> tuple[str, str]:
        """Note and question."""
        return self.note.text().strip(), self.question.text().strip()
