"""Plays a demo in a window of this process alone, and prints what every stop looks like: a digest of the picture.

python -m tests.helpers.demo_player TRACE SETTINGS ROW... : the stops to go to, in this order, counted from 0
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from app.language import speak
from app.main import application
from app.window import MainWindow

PATIENCE_S = 60.0
STILL_MS = 500
"""A picture that stays the same for so long has nothing in it that moves, blinks, or is still to come."""


def main(trace: Path, settings: Path, rows: list[int]) -> None:
    """Prints {row: digest} of the rows, each as it was seen last."""
    speak(application(), "en")
    window = MainWindow(QSettings(str(settings), QSettings.Format.IniFormat))
    window.resize(1280, 800)
    window.show()
    window.open_path(trace)
    wait(lambda: bool(window.panels.demonstrating.model.stops) and window.panels.moment is not None)
    found = {}
    for row in rows:
        window.panels.demonstrating.go_to(row)
        found[row] = still_picture(window)
    print(json.dumps(found))
    window.close()


def still_picture(window: MainWindow) -> str:
    """The digest of the window's picture once it has stopped changing."""
    deadline = time.monotonic() + PATIENCE_S
    seen, since = "", time.monotonic()
    while time.monotonic() < deadline:
        QTest.qWait(20)
        if window.panels.is_late or window.panels.explaining.is_checking:
            since = time.monotonic()
            continue
        now = digest(window)
        if now != seen:
            seen, since = now, time.monotonic()
        elif (time.monotonic() - since) * 1000 > STILL_MS:
            return seen
    raise TimeoutError("The picture never stands still.")


def digest(window: MainWindow) -> str:
    """Of every pixel of the window."""
    image = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return hashlib.sha256(bytes(image.constBits())).hexdigest()


def wait(condition: object) -> None:
    """Until something is so."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():  # type: ignore[operator]
        if time.monotonic() > deadline:
            raise TimeoutError("The window does not come.")
        QTest.qWait(20)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), [int(one) for one in sys.argv[3:]])
