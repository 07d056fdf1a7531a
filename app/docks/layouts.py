"""Arrangements of the panels by name: two that are ours, and those that the user saved."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QCoreApplication
from PySide6.QtWidgets import QMainWindow

from app.docks.arrangement import Docks
from app.docks.centre import Centre
from app.settings import LAYOUT_VERSION

translate = QCoreApplication.translate

LEARN, DEBUG = "learn", "debug"


@dataclass(frozen=True, slots=True)
class LayoutRow:
    """One of our arrangements. docks: keys of those that are open, None for all. equation: its share of the height."""

    id: str
    docks: frozenset[str] | None
    equation: int


LAYOUTS: dict[str, LayoutRow] = {
    row.id: row
    for row in (
        LayoutRow(LEARN, frozenset({"lesson", "source", "tensor", "loss"}), 40),
        LayoutRow(DEBUG, None, 31),
    )
}


class Layouts:
    """Puts the panels of one window in order."""

    def __init__(self, window: QMainWindow, docks: Docks, centre: Centre) -> None:
        self._window = window
        self._docks = docks
        self._centre = centre

    def arrange(self, name: str) -> None:
        """One of ours. Raises KeyError for another name."""
        row = LAYOUTS[name]
        in_use = {key for key, dock in self._docks.by_key.items() if not dock.isHidden()}
        self._docks.arrange()
        for key, dock in self._docks.by_key.items():
            is_empty = self._docks.is_on_demand(key) and key not in in_use
            dock.setVisible((row.docks is None or key in row.docks) and not is_empty)
        self._docks.resize_to_shares()
        self._centre.share_height(row.equation)

    def state(self) -> bytes:
        """The present arrangement, as Qt saves it."""
        return bytes(self._window.saveState(LAYOUT_VERSION).data())

    def restore(self, state: bytes) -> bool:
        """An arrangement that was saved; False where it is of a window with other panels."""
        return self._window.restoreState(QByteArray(state), LAYOUT_VERSION)
