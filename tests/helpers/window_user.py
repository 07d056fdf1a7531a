"""A user in front of the window: hands on the keyboard, eyes on what the panels say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.state import Status
from app.window import MainWindow

EXAMPLES = Path(__file__).resolve().parents[2] / "resources" / "examples"
START_MS = 60_000

Modifier = Qt.KeyboardModifier


@dataclass(frozen=True, slots=True)
class User:
    """Somebody at the keyboard of one window."""

    window: MainWindow
    qtbot: QtBot

    def press(self, key: Qt.Key, modifiers: Modifier = Modifier.NoModifier) -> None:
        """Presses a key where the focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def step(self, key: Qt.Key, modifiers: Modifier = Modifier.NoModifier) -> None:
        """Presses a key that moves, and waits until every panel shows the new place."""
        before = self.window.state.place
        self.press(key, modifiers)
        self.wait(lambda: self.window.state.place != before)
        self.wait_until_still()

    def wait(self, condition: Callable[[], bool]) -> None:
        """Waits for something on screen."""
        self.qtbot.waitUntil(condition, timeout=START_MS)

    def wait_until_still(self) -> None:
        """Waits until the script is held or over and the panels have caught up."""
        state, panels = self.window.state, self.window.panels

        def is_still() -> bool:
            is_shown = panels.moment is not None and panels.moment.place == state.place and not panels.is_late
            return state.status in (Status.PAUSED, Status.ENDED) and is_shown

        self.wait(is_still)

    def wait_for_first_step(self) -> None:
        """Waits until what was opened stands at the start of its first iteration."""
        self.wait(lambda: self.window.state.place.iteration >= 0)
        self.wait_until_still()

    def run(self, script: Path, *arguments: str) -> None:
        """Opens a script as the command line does."""
        self.window.open_path(script, arguments, asked_for=True)
        self.wait_for_first_step()

    @property
    def equations(self) -> tuple[str, str]:
        """What the equation panel shows: of the newest number, and of what comes next."""
        newest, _, coming = self.window.panels.equation.as_text().partition("next: ")
        for below in ("Chain rule", "The matrices."):
            newest = newest.partition(below)[0]
        return newest.strip(), coming.strip()

    @property
    def number(self) -> str:
        """The one number that the tensor panel shows."""
        tensor = self.window.panels.tensor
        if tensor.scalar.isVisible():
            return tensor.scalar.accessibleName().rpartition(" = ")[2]
        model = tensor.table_pane.table.model()
        return str(model.index(0, 0).data())

    @property
    def tensor_title(self) -> str:
        """What the tensor panel says it shows."""
        return " ".join(label.text() for label in self.window.panels.tensor.findChildren(QLabel) if label.isVisible())

    def card(self, symbol: str) -> str:
        """The numbers written on a card: value, then gradient."""
        picture = self.window.panels.canvas.picture
        assert picture is not None
        state = next(item.card_state for item in picture.cards.values() if item.card.symbol == symbol)
        return f"{state.value_text} {state.grad_text}".strip()

    @property
    def phase(self) -> str:
        """Phase and step, as the toolbar says them."""
        return self.window.phase_label.text()
