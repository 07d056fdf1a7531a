"""The dialogs that need the table of actions: command palette, preferences, all keys, and what this is.

Each is loaded when it is asked for, see NOTE [Loaded later] in `app/loaded_later.py`.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

from app.actions.bars import Actions, all_menus
from app.actions.kept_options import kept_pythons
from app.settings import Settings

_NATIVE = QKeySequence.SequenceFormat.NativeText
_BELOW_TOP_PX = 80


class Asking(QObject):
    """Shows them over one window."""

    def __init__(self, window: QMainWindow, actions: Actions) -> None:
        super().__init__(window)
        self._window = window
        self._actions = actions

    def command(self, panels: Iterable[QAction], layouts: Iterable[QAction]) -> None:
        """Asks for a command by its name, and carries it out. panels, layouts: those that are in no table."""
        from app.dialogs.palette import CommandPalette, Entry, plain

        rows, by_id = self._actions.rows, self._actions.by_id
        entries = [Entry(by_id[key], plain(title), rows[key].tip, key.replace("_", " "))
                   for title, keys in all_menus() for key in keys if key]  # fmt: skip
        entries += [Entry(action, self.tr("Panel"), "") for action in panels]
        entries += [Entry(action, self.tr("My layouts"), "") for action in layouts]
        palette = CommandPalette(entries, self._window)
        left = (self._window.width() - palette.width()) // 2
        palette.move(self._window.mapToGlobal(QPoint(left, _BELOW_TOP_PX)))
        palette.exec()
        if palette.chosen is not None:
            QTimer.singleShot(0, self, palette.chosen.trigger)
        palette.deleteLater()

    def preferences(self, settings: Settings) -> Settings | None:
        """Asks what the user would like otherwise; None for nothing."""
        from app.dialogs.preferences import KeyRow, PreferencesDialog

        keys = [KeyRow(row.id, self._actions.by_id[row.id].text(), row.shortcut)
                for row in self._actions.rows.values()]  # fmt: skip
        dialog = PreferencesDialog(settings, keys, self._window, kept_pythons(settings))
        is_wanted = dialog.exec() == PreferencesDialog.DialogCode.Accepted
        chosen = dialog.chosen() if is_wanted else None
        dialog.deleteLater()
        return chosen

    def keys(self) -> None:
        """All keys on one page."""
        from app.dialogs.keys import KeysDialog

        rows = [
            (action.text(), _named(action.shortcuts()), _named(map(QKeySequence, self._actions.rows[key].canvas_keys)))
            for key, action in self._actions.by_id.items()
            if action.shortcuts() or self._actions.rows[key].canvas_keys
        ]
        rows.append((self.tr("Fit, actual size, collapse, expand"), "", "F, 1, −, +"))
        rows.append((self.tr("Select the next card in a direction"), "", self.tr("Alt+arrows")))
        KeysDialog(rows, self._window).exec()

    def about(self) -> None:
        """Version and licences."""
        from app.dialogs.about import AboutDialog
        from engine.cli.versions import gradstep_version

        AboutDialog(gradstep_version(), self._window).exec()


def _named(keys: Iterable[QKeySequence]) -> str:
    return ", ".join(key.toString(_NATIVE) for key in keys)
