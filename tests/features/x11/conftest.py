"""A user before a window on an X11 display, with real hands."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.window import MainWindow
from tests.app.conftest import hello_path
from tests.features.x11.server import Hands
from tests.helpers.window_user import User

__all__ = ["hello_path"]

OTHER = Path(__file__).with_name("other_program.py")


@pytest.fixture
def hands() -> Iterator[Hands]:
    """Keyboard and mouse of the display."""
    made = Hands()
    yield made
    made.close()


@pytest.fixture
def viewer(qtbot: QtBot, tmp_path: Path, hello_path: Path) -> Iterator[User]:
    """A user who has opened a recording of the smallest example; the window is at the screen's left upper corner."""
    window = MainWindow(QSettings(str(tmp_path / "gradstep.ini"), QSettings.Format.IniFormat))
    window.panels.canvas.set_reduce_motion(True)
    window.move(0, 0)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=30_000)
    window.open_path(hello_path)
    user = User(window, qtbot)
    user.wait_until_still()
    yield user
    window.close()
    window.deleteLater()


@pytest.fixture
def other_program() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts another program on the display, see `other_program.py`; it is ended with the test."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        started.append(subprocess.Popen([sys.executable, str(OTHER), *arguments], stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for one in started:
        with contextlib.suppress(ProcessLookupError):
            one.kill()
        one.communicate()


def on_screen(widget: QWidget, at: QPoint | None = None) -> tuple[int, int]:
    """A widget's middle, or a point of it, on the screen."""
    point = widget.mapToGlobal(widget.rect().center() if at is None else at)
    return point.x(), point.y()
