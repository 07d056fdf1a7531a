"""Windows for stories, each with settings of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from app.window import MainWindow
from tests.helpers.window_user import EXAMPLES, User


@pytest.fixture
def user(qtbot: QtBot, tmp_path: Path) -> Iterator[User]:
    """A user before a fresh window with nothing open."""
    window = MainWindow(QSettings(str(tmp_path / "gradstep.ini"), QSettings.Format.IniFormat))
    window.panels.canvas.set_reduce_motion(True)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield User(window, qtbot)
    window.close()
    window.deleteLater()


@pytest.fixture
def hello(user: User) -> User:
    """A user who has opened the smallest example."""
    user.run(EXAMPLES / "hello.py")
    return user
