"""The parts of the toolbar that are more than a button: level, device and seed, phase and step."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRegularExpression, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from app.dialogs.run_options import device_text
from app.theme import Theme
from engine.events import Phase
from engine.session.devices import Device
from engine.session.place import Level

_USUAL_SEED = "00000"
_AROUND_SEED_PX = 22


class LevelBox(QComboBox):
    """Shows by what steps go.

    Signals:
        level_chosen(level): the user chose another; a `Level`.
    """

    level_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = {
            Level.ITERATION: self.tr("iteration"),
            Level.PHASE: self.tr("phase"),
            Level.MODULE: self.tr("module"),
            Level.QUANTITY: self.tr("quantity"),
            Level.OPERATION: self.tr("operation"),
            Level.NODE: self.tr("autograd node"),
            Level.ATEN: self.tr("aten call"),
        }
        for level, word in words.items():
            self.addItem(word, level)
        self.setAccessibleName(self.tr("Level of a step"))
        self.setToolTip(self.tr("What one step is; the place stays when it changes (Ctrl+Shift+. and Ctrl+Shift+,)"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.activated.connect(self._on_activated)

    def set_level(self, level: Level) -> None:
        """Shows this level."""
        self.setCurrentIndex(self.findData(level))

    def levels(self) -> list[Level]:
        """From the coarsest to the finest."""
        return [Level(self.itemData(index)) for index in range(self.count())]

    def _on_activated(self, index: int) -> None:
        self.level_chosen.emit(Level(self.itemData(index)))


class DeviceBox(QComboBox):
    """Shows devices; the list is looked for when somebody turns to it.

    Signals:
        devices_wanted(): the user is about to choose.
    """

    devices_wanted = Signal()

    def showPopup(self) -> None:
        self.devices_wanted.emit()
        super().showPopup()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.devices_wanted.emit()
        super().focusInEvent(event)


class SeedField(QLineEdit):
    """As wide as a usual seed, whatever the size of its digits."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(_USUAL_SEED) + _AROUND_SEED_PX, super().sizeHint().height())


class RunBox(QWidget):
    """Shows device and seed with which the script will be run next time.

    Signals:
        device_chosen(str): torch's name of a device. seed_chosen(seed): an int, or None for no seed.
    """

    device_chosen = Signal(str)
    seed_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.device = DeviceBox()
        self.device.setAccessibleName(self.tr("Device"))
        self.device.setToolTip(self.tr("Device of the script's tensors, from the next start on"))
        self.device.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.device.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.seed = SeedField()
        self.seed.setAccessibleName(self.tr("Seed"))
        self.seed.setPlaceholderText(self.tr("seed"))
        self.seed.setToolTip(self.tr("Start of all random generators, from the next start on; empty leaves them alone"))
        # An empty field is a choice too, which a validator of whole numbers would not let out.
        self.seed.setValidator(QRegularExpressionValidator(QRegularExpression(r"\d{0,9}"), self.seed))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.device)
        row.addWidget(self.seed)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.set_devices([Device("cpu", "CPU")])
        self.device.activated.connect(self._on_device_activated)
        self.seed.editingFinished.connect(self._on_seed_edited)

    def set_devices(self, devices: Sequence[Device]) -> None:
        """Offers these devices; the one that was chosen stays chosen."""
        chosen = self.device.currentData()
        self.device.clear()
        for device in devices:
            self.device.addItem(device_text(device), device.name)
        self.device.setCurrentIndex(max(0, self.device.findData(chosen)))

    def set_options(self, device: str, seed: int | None) -> None:
        """Shows what is chosen."""
        self.device.setCurrentIndex(max(0, self.device.findData(device)))
        self.seed.setText("" if seed is None else str(seed))

    def _on_device_activated(self, _: int) -> None:
        self.device_chosen.emit(str(self.device.currentData()))

    def _on_seed_edited(self) -> None:
        self.seed_chosen.emit(int(self.seed.text()) if self.seed.text() else None)


class PhaseLabel(QWidget):
    """Shows the phase in its colour and shape, and how far the iteration has come."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._phase: Phase | None = None
        self.phase = QLabel()
        self.step = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 6, 0)
        row.setSpacing(10)
        row.addWidget(self.phase)
        row.addWidget(self.step)

    def set_phase(self, phase: Phase | None, step_text: str) -> None:
        """Shows the phase that the next step belongs to; None shows only the text."""
        self._phase = phase
        self.step.setText(step_text)
        self.phase.setText("" if phase is None else self._words()[phase])
        self._colour()

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's colours."""
        self._theme = theme
        self._colour()

    def text(self) -> str:
        """What is to be read: "◂ BACKWARD step 12 of 46"."""
        return f"{self.phase.text()} {self.step.text()}".strip()

    def _words(self) -> dict[Phase, str]:
        return {
            Phase.SETUP: self.tr("SET-UP"),
            Phase.ZERO: self.tr("ZERO GRAD"),
            Phase.FORWARD: self.tr("▸ FORWARD"),
            Phase.BACKWARD: self.tr("◂ BACKWARD"),
            Phase.UPDATE: self.tr("● UPDATE"),
            Phase.OTHER: self.tr("AFTERWARDS"),
        }

    def _colour(self) -> None:
        theme = self._theme
        colours = {
            Phase.FORWARD: theme.forward,
            Phase.BACKWARD: theme.backward,
            Phase.UPDATE: theme.parameter,
        }
        colour = theme.muted if self._phase is None else colours.get(self._phase, theme.muted)
        self.phase.setStyleSheet(f"color: {colour}; font-weight: 700;")
        self.step.setStyleSheet(f"color: {theme.text};")
