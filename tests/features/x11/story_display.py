"""What only a display shows: where keys go, what other programs drag and copy, other sizes, what the screen shows.

`test_on_x11.py` runs this file on a display of its own.
"""

from __future__ import annotations

import select
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, QSettings, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.dialogs.palette import CommandPalette
from app.state import Status
from app.window import MainWindow
from tests.features.x11.conftest import on_screen
from tests.features.x11.server import Hands
from tests.helpers.pictures import pixels
from tests.helpers.window_user import User

Start = Callable[..., "subprocess.Popen[str]"]


def quantity(viewer: User) -> int | None:
    return viewer.window.state.place.quantity


class Entered(QObject):
    """Sees whether something is dragged over a window."""

    yes = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.yes = self.yes or event.type() == QEvent.Type.DragEnter
        return False


def said(program: subprocess.Popen[str]) -> str:
    """The next line of what another program writes, which it does within a minute."""
    assert program.stdout is not None
    ready, _, _ = select.select([program.stdout], [], [], 60)
    assert ready, "the other program says nothing"
    return program.stdout.readline().strip()


def test_this_is_x11() -> None:
    assert QGuiApplication.platformName() == "xcb"


def test_keys_go_to_what_has_the_focus(viewer: User, hands: Hands) -> None:
    window = viewer.window
    window.panels.canvas.setFocus()
    hands.press("f10")
    viewer.wait(lambda: quantity(viewer) == 1)
    hands.press("right")
    viewer.wait(lambda: quantity(viewer) == 2)
    hands.press("ctrl", "f10")
    viewer.wait(lambda: quantity(viewer) == 1)
    focused = QApplication.focusWidget()
    hands.press("tab")
    viewer.wait(lambda: QApplication.focusWidget() is not focused)
    hands.press("shift", "tab")
    viewer.wait(lambda: QApplication.focusWidget() is focused)


def test_the_palette_takes_the_keyboard(viewer: User, hands: Hands) -> None:
    window = viewer.window
    window.panels.canvas.setFocus()
    pressed: list[str] = []
    typed: list[str] = []

    def palette() -> CommandPalette | None:
        found = QApplication.activeModalWidget()
        return found if isinstance(found, CommandPalette) else None

    def type_into_it() -> None:
        """Called again and again: the palette works inside whatever waits, so a loop in here could wait for ever."""
        found = palette()
        if found is None or not found.field.hasFocus():
            return
        if not pressed:
            pressed.extend("ne")
            for key in pressed:
                hands.press(key)
        elif found.field.text() == "ne":
            typed.append("ne")
            watching.stop()
            hands.press("escape")

    watching = QTimer(window, interval=20)
    watching.timeout.connect(type_into_it)
    watching.start()
    hands.press("ctrl", "shift", "p")
    viewer.wait(lambda: bool(typed) and palette() is None)
    window.activateWindow()  # as a window manager does when a dialog is gone
    viewer.wait(window.panels.canvas.hasFocus)
    hands.press("f10")
    viewer.wait(lambda: quantity(viewer) == 1)


def test_the_mouse_scrubs_chooses_and_zooms(viewer: User, hands: Hands) -> None:
    window, timeline, canvas = viewer.window, viewer.window.panels.timeline, viewer.window.panels.canvas
    y = round(timeline._line_y())
    hands.move(*on_screen(timeline, QPoint(round(timeline.line.x_of(0)), y)))
    hands.hold()
    for count in range(1, 8):
        hands.move(*on_screen(timeline, QPoint(round(timeline.line.x_of(count)), y)))
        QTest.qWait(20)
    hands.let_go()
    viewer.wait(lambda: quantity(viewer) == 7)
    viewer.wait_until_still()
    hands.click(*on_screen(canvas.tools.buttons["neurons"]))
    viewer.wait(lambda: not canvas.shows_neurons)
    assert canvas.picture is not None
    card = next(item for item in canvas.picture.cards.values() if item.card.symbol == "a1")
    viewer.wait(lambda: canvas.viewport().rect().contains(canvas.mapFromScene(card.pos())))
    QTest.qWait(50)
    hands.click(*on_screen(canvas.viewport(), canvas.mapFromScene(card.pos())))
    viewer.wait(lambda: window.state.selection.symbol == "a1")
    before = canvas.transform().m11()
    hands.turn_wheel(down=False)
    viewer.wait(lambda: canvas.transform().m11() > before)


def test_a_file_is_dragged_in_from_another_program(
    viewer: User, hands: Hands, other_program: Start, hello_path: Path, tmp_path: Path
) -> None:
    copied = tmp_path / "dropped.gradstep"
    copied.write_bytes(hello_path.read_bytes())
    entered = Entered()
    viewer.window.installEventFilter(entered)
    source = other_program("drag", str(copied), "1500", "100")
    assert said(source) == "ready"
    hands.move(1560, 130)
    hands.hold()
    for share in range(1, 21):
        hands.move(1560 - 40 * share, 130 + 15 * share)
        QTest.qWait(30)
    viewer.wait(lambda: entered.yes)
    hands.let_go()
    viewer.wait(lambda: viewer.window.windowTitle().startswith("dropped"))
    viewer.wait_until_still()
    assert viewer.window.state.status is Status.ENDED


def test_text_goes_to_other_programs_and_comes_from_them(viewer: User, hands: Hands, other_program: Start) -> None:
    window = viewer.window
    hands.press("f10")
    viewer.wait(lambda: quantity(viewer) == 1)
    viewer.wait_until_still()
    window.action_set.by_id["copy_equation"].trigger()
    reader = other_program("paste")
    viewer.wait(lambda: reader.poll() is not None)
    assert reader.stdout is not None
    text = reader.stdout.read()
    assert text.strip() == QApplication.clipboard().text().strip()
    assert "1.124" in text
    writer = other_program("copy", "sigmoid")
    assert said(writer) == "ready"
    viewer.wait(lambda: QApplication.clipboard().text() == "sigmoid")
    window.panels.listing.panel.filter.setFocus()
    hands.press("ctrl", "v")
    viewer.wait(lambda: window.panels.listing.panel.filter.text() == "sigmoid")


def test_another_size_is_laid_out_and_kept(viewer: User, qtbot: QtBot) -> None:
    window = viewer.window
    for width, height in ((900, 640), (1600, 1000)):
        window.resize(width, height)
        viewer.wait(lambda width=width, height=height: (window.width(), window.height()) == (width, height))
        viewer.wait(lambda: window.centre.geometry().bottom() < window.height())
        for part in (window.panels.canvas, window.panels.timeline, window.docks.by_key["tensor"]):
            corner = part.mapTo(window, part.rect().bottomRight())
            assert window.rect().contains(corner)
    store = QSettings(window._settings._store.fileName(), QSettings.Format.IniFormat)
    window.close()
    again = MainWindow(store)
    again.show()
    viewer.wait(lambda: (again.width(), again.height()) == (1600, 1000))
    again.close()
    again.deleteLater()


def test_the_screen_shows_what_the_window_draws(viewer: User) -> None:
    window = viewer.window
    screen = window.screen()

    def apart() -> float:
        seen = pixels(screen.grabWindow(0, window.x(), window.y(), window.width(), window.height()).toImage())
        drawn = pixels(window.grab().toImage())
        return float(np.abs(seen - drawn).mean())

    viewer.wait(lambda: apart() < 1)
    seen = pixels(screen.grabWindow(0, window.x(), window.y(), window.width(), window.height()).toImage())
    assert len(np.unique(seen.reshape(-1, 3), axis=0)) > 100
