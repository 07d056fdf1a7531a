"""Asks how a handout shall be: how much is blank, which blanks, and whether the answers come along."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from engine.lessons.handout import Sheet

_MOST_SEED = 999_999


class HandoutDialog(QDialog):
    """Offers level, seed, answer sheet and recording; `chosen()` after it was accepted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export handout"))
        first = Sheet()
        self.level = QComboBox()
        levels = (
            self.tr("0: everything is worked out"),
            self.tr("1: a quarter of the values is blank"),
            self.tr("2: half of the values are blank"),
            self.tr("3: all values, and the numbers in formulas, are blank"),
            self.tr("4: formulas are blank too"),
        )
        for number, words in enumerate(levels):
            self.level.addItem(words, number)
        self.level.setCurrentIndex(first.level)
        self.seed = QSpinBox()
        self.seed.setRange(0, _MOST_SEED)
        self.seed.setValue(first.seed)
        self.seed.setToolTip(self.tr("Another seed blanks other values; the same seed the same ones"))
        self.answers = QCheckBox(self.tr("Answer sheet, on pages of its own"))
        self.answers.setChecked(first.with_answers)
        self.trace = QCheckBox(self.tr("The recorded run beside it, to replay it"))
        self.trace.setChecked(first.with_trace)
        buttons = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(buttons.Ok | buttons.Cancel)
        self.buttons.button(buttons.Ok).setText(self.tr("Save as…"))
        form = QFormLayout()
        form.addRow(self.tr("Blanks"), self.level)
        form.addRow(self.tr("Seed"), self.seed)
        form.addRow(self.answers)
        form.addRow(self.trace)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.buttons)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def chosen(self) -> Sheet:
        """What was asked for."""
        return Sheet(int(self.level.currentData()), self.seed.value(), self.answers.isChecked(), self.trace.isChecked())
