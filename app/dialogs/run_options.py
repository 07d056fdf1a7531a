"""Asks how a script shall run: in which Python, on which device, from which seed, where, with which arguments."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.dialogs.note import note
from app.dialogs.python_box import PythonBox
from app.language import say
from app.state import RunOptions
from engine.cli.script_options import environment_with, seconds
from engine.errors import GradstepError
from engine.session.devices import Device

LARGEST_SEED = 2**31 - 1
_FIELD_PX = 340


class RunOptionsDialog(QDialog):
    """Shows the choices for one script; `chosen()` after it was accepted. pythons: interpreters to offer."""

    def __init__(
        self,
        script: Path,
        options: RunOptions,
        devices: Sequence[Device],
        parent: QWidget | None = None,
        pythons: Sequence[str] = (),
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Run options"))
        self.python = PythonBox(options.python, pythons, self.tr("Gradstep's own Python, or the path of another one"))
        self.device = QComboBox()
        self.set_devices(devices, options.device)
        self.has_seed = QCheckBox(self.tr("Start all random generators from"))
        self.has_seed.setChecked(options.seed is not None)
        self.seed = QSpinBox()
        self.seed.setRange(0, LARGEST_SEED)
        self.seed.setValue(options.seed or 0)
        self.seed.setEnabled(options.seed is not None)
        self.seed.setAccessibleName(self.tr("Seed"))
        self.arguments = _field(shlex.join(options.arguments), self.tr("none, for example: --epochs 3"))
        self.folder = _field(options.folder, self.tr("the script's folder"))
        self.environment = _field(shlex.join(options.environment), self.tr("none, for example: LEVEL=2 THREADS=1"))
        self.time_limit = _field(options.time_limit, self.tr("none, for example: 60s, 5m or 2h"))
        self.time_limit.setToolTip(self.tr("The script is ended when it has run so long; stops do not count."))
        self.with_aten = QCheckBox(self.tr("Record what torch calls inside each operation (aten)"))
        self.with_aten.setChecked(options.with_aten)
        self._not_neutral = note(
            self.tr(
                "This costs time, and torch may compute a little differently: the last bits of prod, masked.prod, ormqr"
                " and LinearCrossEntropyLoss can change."
            )
        )
        self._not_neutral.setVisible(options.with_aten)
        self._problem = note()
        self._problem.setVisible(False)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(self.tr("Run"))
        self.browse_folder = QPushButton(self.tr("Browse…"))
        form = QFormLayout()
        form.addRow(self.tr("Script"), QLabel(script.name))
        _add(form, self.tr("Python"), self.python, self.python.browse)
        form.addRow(self.tr("Device"), self.device)
        seed_row = QHBoxLayout()
        seed_row.addWidget(self.has_seed)
        seed_row.addWidget(self.seed, 1)
        form.addRow(self.tr("Seed"), seed_row)
        form.addRow(self.tr("Arguments"), self.arguments)
        _add(form, self.tr("Folder"), self.folder, self.browse_folder)
        form.addRow(self.tr("Environment"), self.environment)
        form.addRow(self.tr("Time limit"), self.time_limit)
        form.addRow("", self.with_aten)
        form.addRow("", self._not_neutral)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self._problem)
        column.addWidget(self.buttons)
        self.has_seed.toggled.connect(self.seed.setEnabled)
        self.with_aten.toggled.connect(self._not_neutral.setVisible)
        self.browse_folder.clicked.connect(self._on_browse_folder)
        self.buttons.accepted.connect(self._on_accepted)
        self.buttons.rejected.connect(self.reject)

    def set_devices(self, devices: Sequence[Device], chosen: str = "") -> None:
        """Offers these devices; `chosen`, else what was chosen already, stays chosen."""
        wanted = chosen or str(self.device.currentData())
        self.device.clear()
        for device in devices:
            self.device.addItem(device_text(device), device.name)
        self.device.setCurrentIndex(max(0, self.device.findData(wanted)))

    def chosen(self) -> RunOptions:
        """What was chosen. Raises ValueError while a quotation mark is open."""
        return RunOptions(
            str(self.device.currentData()),
            self.seed.value() if self.has_seed.isChecked() else None,
            tuple(shlex.split(self.arguments.text())),
            self.python.text(),
            self.folder.text().strip(),
            tuple(shlex.split(self.environment.text())),
            self.with_aten.isChecked(),
            self.time_limit.text().strip(),
        )

    def _on_accepted(self) -> None:
        problem = self._what_is_wrong()
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        if not problem:
            self.accept()

    def _what_is_wrong(self) -> str:
        """A sentence, "" if all of it can be."""
        try:
            chosen = self.chosen()
            environment_with(list(chosen.environment))
            seconds(chosen.time_limit or None)
        except GradstepError as error:
            return say(error.told)
        except ValueError:
            return self.tr("The arguments or the environment have a quotation mark that is not closed.")
        if problem := self.python.problem():
            return problem
        if chosen.folder and not Path(chosen.folder).is_dir():
            return self.tr("There is no folder %1.").replace("%1", chosen.folder)
        return ""

    def _on_browse_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("Choose the folder to run in"), self.folder.text())
        if name:
            self.folder.setText(name)


def device_text(device: Device) -> str:
    """A device as people read it: "CPU", "NVIDIA H200 (cuda:0)"."""
    return device.title if device.title.lower() == device.name else f"{device.title} ({device.name})"


def _field(text: str, nothing: str) -> QLineEdit:
    field = QLineEdit(text)
    field.setPlaceholderText(nothing)
    field.setMinimumWidth(_FIELD_PX)
    return field


def _add(form: QFormLayout, title: str, field: QWidget, button: QPushButton) -> None:
    """A row of a field and its button; the title leads to the field."""
    row = QHBoxLayout()
    row.addWidget(field, 1)
    row.addWidget(button)
    label = QLabel(title)
    label.setBuddy(field)
    field.setAccessibleName(title)
    button.setAccessibleName(f"{title}: {button.text()}")
    form.addRow(label, row)
