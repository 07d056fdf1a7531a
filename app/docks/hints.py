"""The table of hints for somebody who opens the first script or trace, and which of them is shown."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject

from app.settings import KeptSettings
from app.views.hint_bar import HintBar

translate = QCoreApplication.translate


def all_hints() -> dict[str, str]:
    """Ids and texts in their order, in the language of the translators that are installed by now."""
    return {
        "step": translate("hints", "F10 takes a step, Ctrl+F10 takes it back. A step is one quantity."),
        "select": translate("hints", "Click any number: every panel shows where it came from."),
        "what": translate("hints", "A right click on a node or a number asks what it is; Shift+F1 opens the glossary."),
        "run": translate("hints", "F9 sets a breakpoint, F5 runs to it, Ctrl+F5 runs back to the one before."),
        "levels": translate("hints", "Ctrl+Shift+. makes steps finer, Ctrl+Shift+, makes them coarser."),
        "palette": translate("hints", "Ctrl+Shift+P finds any command by its name, and F1 lists the keys."),
    }  # fmt: skip


class Hints(QObject):
    """Shows the first hint that was not read."""

    def __init__(self, bar: HintBar, settings: KeptSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bar = bar
        self._settings = settings
        self._rows = all_hints()
        self._shown = ""
        bar.read.connect(self._on_read)
        bar.refused.connect(self._on_refused)

    def show_next(self) -> None:
        """The next one, or none."""
        read = self._settings.now.hints_read
        self._shown = next((hint for hint in self._rows if hint not in read), "")
        self._bar.set_hint(self._rows.get(self._shown, ""))

    def _on_read(self) -> None:
        self._settings.now = self._settings.now.having_read(self._shown)
        self.show_next()

    def _on_refused(self) -> None:
        for hint in self._rows:
            self._settings.now = self._settings.now.having_read(hint)
        self.show_next()
