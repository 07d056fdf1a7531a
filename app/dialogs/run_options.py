"""Asks how a script shall run: on which device, from which seed, with which arguments."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.state import RunOptions
from engine.session.devices import Device

LARGEST_SEED = 2**31 - 1


class RunOptionsDialog(QDialog):
    """Shows the choices for one script; `chosen()` after it was accepted."""

    def __init__(
        self, script: Path, options: RunOptions, devices: Sequence[Device], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Run options"))
        self.device = QComboBox()
        self.set_devices(devices, options.device)
        self.has_seed = QCheckBox(self.tr("Start all random generators from"))
        self.has_seed.setChecked(options.seed is not None)
        self.seed = QSpinBox()
        self.seed.setRange(0, LARGEST_SEED)
        self.seed.setValue(options.seed or 0)
        self.seed.setEnabled(options.seed is not None)
        self.seed.setAccessibleName(self.tr("Seed"))
        self.arguments = QLineEdit(shlex.join(options.arguments))
        self.arguments.setPlaceholderText(self.tr("none, for example: --epochs 3"))
        self.arguments.setMinimumWidth(340)
        self._problem = QLabel()
        self._problem.setVisible(False)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(self.tr("Run"))
        seed_row = QHBoxLayout()
        seed_row.addWidget(self.has_seed)
        seed_row.addWidget(self.seed, 1)
        form = QFormLayout()
        form.addRow(self.tr("Script"), QLabel(script.name))
        form.addRow(self.tr("Device"), self.device)
        form.addRow(self.tr("Seed"), seed_row)
        form.addRow(self.tr("Arguments"), self.arguments)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self._problem)
        column.addWidget(self.buttons)
        self.has_seed.toggled.connect(self.seed.setEnabled)
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
        """What was chosen. Raises ValueError while the arguments have an open quotation mark."""
        return RunOptions(
            str(self.device.currentData()),
            self.seed.value() if self.has_seed.isChecked() else None,
            tuple(shlex.split(self.arguments.text())),
        )

    def _on_accepted(self) -> None:
        try:
            self.chosen()
        except ValueError:
            self._problem.setText(self.tr("The arguments have a quotation mark that is not closed."))
            self._problem.setVisible(True)
            return
        self.accept()


def device_text(device: Device) -> str:
    """A device as people read it: "CPU", "NVIDIA H200 (cuda:0)"."""
    return device.title if device.title.lower() == device.name else f"{device.title} ({device.name})"
