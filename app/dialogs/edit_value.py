"""Asks for a new value, and whether what made it still gets its gradient."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

Attempt = Callable[[str, str, bool], str]
"""Takes target, text, and whether the gradient is kept; gives back what is wrong, or "" when it is done."""


class EditValueDialog(QDialog):
    """Stays open, and says why, until the value could be changed.

    target: what is selected, as a name ("a1", "w1[0, 2]"). value: its present number, "" where it has several.
    is_here: the script is held at this place; else it is run again up to where the value can be changed.
    """

    def __init__(
        self, target: str, value: str, attempt: Attempt, *, is_here: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Edit value"))
        self._attempt = attempt
        self.target = QLineEdit(target)
        self.target.setPlaceholderText(self.tr("w1, a1[0, 2], dC/dz1, lr"))
        self.text = QLineEdit(value)
        self.text.setPlaceholderText(self.tr("a number, [[1, 2], [3, 4]], or w1 * 2"))
        self.text.setMinimumWidth(340)
        self.keeps = QRadioButton(self.tr("Its gradient goes on to what made it"))
        self.cuts = QRadioButton(self.tr("It is a constant: what made it gets no gradient from it"))
        self.keeps.setChecked(True)
        self._choice = QButtonGroup(self)
        self._choice.addButton(self.keeps)
        self._choice.addButton(self.cuts)
        self.where = QLabel(
            self.tr("The script is held here and goes on with the new value.")
            if is_here
            else self.tr(
                "This step is over. The script is run again up to where the value can be changed, as a branch; that "
                "runs its code."
            )
        )
        self.where.setWordWrap(True)
        self.problem = QLabel()
        self.problem.setObjectName("problem")
        self.problem.setWordWrap(True)
        self.problem.setVisible(False)
        buttons = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(buttons.Ok | buttons.Cancel)
        self.buttons.button(buttons.Ok).setText(self.tr("Change") if is_here else self.tr("Run a branch"))
        form = QFormLayout()
        form.addRow(self.tr("Value"), self.target)
        form.addRow(self.tr("New"), self.text)
        form.addRow(self.tr("If an operation made it"), self.keeps)
        form.addRow("", self.cuts)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.where)
        column.addWidget(self.problem)
        column.addWidget(self.buttons)
        (self.text if target else self.target).setFocus()
        self.text.selectAll()
        self.buttons.accepted.connect(self._on_accepted)
        self.buttons.rejected.connect(self.reject)

    def _on_accepted(self) -> None:
        wrong = self._attempt(self.target.text().strip(), self.text.text().strip(), self.keeps.isChecked())
        self.problem.setText(wrong)
        self.problem.setVisible(bool(wrong))
        if not wrong:
            self.accept()
