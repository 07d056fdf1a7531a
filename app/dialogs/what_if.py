"""Asks what to change from the start, from lists, without editing the script."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.language import say
from engine.errors import GradstepError
from engine.wire.changes import ACTIVATIONS, LOSSES, OPTIMIZERS, changes_of


class WhatIfDialog(QDialog):
    """Offers optimizers, losses, activations and numbers; `chosen()` after it was accepted. script: its name."""

    def __init__(self, script: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("What if?"))
        self.optimizer = self._list(OPTIMIZERS)
        self.activation = self._list(ACTIVATIONS)
        self.output = self._list(ACTIVATIONS)
        self.output.setToolTip(self.tr("What the network answers goes through this function before the loss"))
        self.loss = self._list(LOSSES)
        self.rate = QLineEdit()
        self.seed = QLineEdit()
        for field in (self.rate, self.seed):
            field.setPlaceholderText(self.tr("as it is"))
        about = QLabel(
            self.tr("%1 is run again from its start with these changes, and compared. That runs its code.").replace(
                "%1", script
            )
        )
        about.setWordWrap(True)
        self.problem = QLabel()
        self.problem.setObjectName("problem")
        self.problem.setWordWrap(True)
        self.problem.setVisible(False)
        buttons = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(buttons.Ok | buttons.Cancel)
        self.buttons.button(buttons.Ok).setText(self.tr("Run"))
        form = QFormLayout()
        form.addRow(self.tr("Optimizer"), self.optimizer)
        form.addRow(self.tr("Learning rate"), self.rate)
        form.addRow(self.tr("Activation"), self.activation)
        form.addRow(self.tr("After the output"), self.output)
        form.addRow(self.tr("Loss"), self.loss)
        form.addRow(self.tr("Seed"), self.seed)
        column = QVBoxLayout(self)
        column.addWidget(about)
        column.addLayout(form)
        column.addWidget(self.problem)
        column.addWidget(self.buttons)
        self.buttons.accepted.connect(self._on_accepted)
        self.buttons.rejected.connect(self.reject)

    def chosen(self) -> tuple[str, ...]:
        """The changes as text: "lr=0.1"."""
        fields = {
            "optimizer": self.optimizer.currentData(),
            "lr": self.rate.text().strip(),
            "activation": self.activation.currentData(),
            "output": self.output.currentData(),
            "loss": self.loss.currentData(),
            "seed": self.seed.text().strip(),
        }
        return tuple(f"{what}={to}" for what, to in fields.items() if to)

    def _list(self, names: Iterable[str]) -> QComboBox:
        box = QComboBox()
        box.addItem(self.tr("as it is"), "")
        for name in names:
            box.addItem(name, name)
        return box

    def _on_accepted(self) -> None:
        wrong = "" if self.chosen() else self.tr("Change at least one thing.")
        try:
            changes_of(self.chosen())
        except GradstepError as error:
            wrong = say(error.told)
        self.problem.setText(wrong)
        self.problem.setVisible(bool(wrong))
        if not wrong:
            self.accept()
