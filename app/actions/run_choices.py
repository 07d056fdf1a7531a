"""Device and seed of the next run: the same in every box that offers them, and which devices there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.actions.kept_options import keeping
from app.bridge import DeviceProbe
from app.notices import notice_of_error
from app.settings import KeptSettings
from app.state import AppState
from app.views.run_bar import RunBox
from engine.bilingual import Bilingual
from engine.errors import GradstepError
from engine.session.devices import Device


class RunChoices(QObject):
    """Keeps the boxes true to the state, and the choices with the script. devices: those that are known by now.

    Signals:
        told(text): a sentence for the status bar. notice_raised(notice): something that the user should read.
    """

    told = Signal(str)
    notice_raised = Signal(object)

    def __init__(self, state: AppState, settings: KeptSettings, boxes: Sequence[RunBox], parent: QObject) -> None:
        super().__init__(parent)
        self._state = state
        self._settings = settings
        self._boxes = tuple(boxes)
        self.devices = [Device("cpu", "CPU")]
        self.probe = DeviceProbe(self)
        for box in self._boxes:
            box.device.devices_wanted.connect(self.probe.start)
            box.device_chosen.connect(lambda name: state.set_options(replace(state.options, device=name)))
            box.seed_chosen.connect(lambda seed: state.set_options(replace(state.options, seed=seed)))
        state.options_changed.connect(self._on_options_changed)
        self.probe.found.connect(self._on_found)
        self.probe.failed.connect(self._on_unknown)

    def close(self) -> None:
        """Waits until nothing of it runs."""
        self.probe.close()

    def _on_found(self, devices: list[Device]) -> None:
        self.devices = devices
        for box in self._boxes:
            box.set_devices(devices)

    def _on_unknown(self, error: GradstepError) -> None:
        why = Bilingual("Scripts can still run on the CPU.", "脚本仍可在 CPU 上运行。")
        self.notice_raised.emit(notice_of_error(error, why, weight="warning"))

    def _on_options_changed(self) -> None:
        options = self._state.options
        if self._state.script is not None:
            self._settings.now = keeping(self._settings.now, self._state.script, options)
        for box in self._boxes:
            box.set_options(options.device, options.seed)
        if self._state.is_live or self._state.script is not None:
            self.told.emit(self.tr("Takes effect when the script is restarted (Ctrl+Shift+F5)."))
