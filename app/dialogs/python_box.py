"""The field in which a Python is named: those that are known to choose from, and room for another one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QFileDialog, QPushButton, QWidget

from app.language import say
from engine.errors import GradstepError
from engine.session.interpreter import interpreter


class PythonBox(QComboBox):
    """Holds the path of an interpreter or of an environment, empty for the usual one. Its button is `browse`."""

    def __init__(self, chosen: str, offered: Sequence[str], nothing: str, parent: QWidget | None = None) -> None:
        """nothing: told where the field is empty."""
        super().__init__(parent)
        self.setEditable(True)
        self.addItems(list(dict.fromkeys(("", *offered, chosen))))
        self.setCurrentText(chosen)
        self.setMinimumContentsLength(24)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        line = self.lineEdit()
        if line is not None:
            line.setPlaceholderText(nothing)
            line.setAccessibleName(self.tr("Path of a Python"))
        self.browse = QPushButton(self.tr("Browse…"))
        self.browse.clicked.connect(self._on_browse)

    def text(self) -> str:
        """What is named."""
        return self.currentText().strip()

    def problem(self) -> str:
        """A sentence of why it cannot be, "" if it can."""
        try:
            interpreter(self.text())
        except GradstepError as error:
            return say(error.told)
        return ""

    def _on_browse(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a Python"), self.currentText())
        if name:
            self.setCurrentText(name)
