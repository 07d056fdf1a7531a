"""A real X11 display without a screen, and real hands at it: keys and the mouse as the X server delivers them."""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import shutil
import subprocess
from collections.abc import Iterator

SIZE = (1920, 1200)
START_S = 60.0

KEYS = {
    "escape": 9, "tab": 23, "e": 26, "p": 33, "ctrl": 37, "shift": 50, "v": 55, "n": 57, "f10": 76, "left": 113,
    "right": 114,
}  # fmt: skip
"""Codes of an ordinary keyboard under Linux (evdev), which Xvfb has."""

_KEY_DOWN, _KEY_UP, _BUTTON_DOWN, _BUTTON_UP, _MOVED = 2, 3, 4, 5, 6


def why_none() -> str:
    """Why there can be no display here, as a sentence; "" if there can."""
    if shutil.which("Xvfb") is None:
        return "Xvfb is not installed: python scripts/qt_libraries.py display says how"
    for library in ("libxcb-cursor.so.0", "libxcb-icccm.so.4", "libxcb-keysyms.so.1", "libxcb-xtest.so.0"):
        try:
            ctypes.CDLL(library)
        except OSError:
            return f"{library} is not installed: python scripts/qt_libraries.py display says how"
    return ""


@contextlib.contextmanager
def display() -> Iterator[str]:
    """Starts Xvfb and ends it; the display's name (":3")."""
    reading, writing = os.pipe()
    screen = f"{SIZE[0]}x{SIZE[1]}x24"
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", screen, "-dpi", "96", "-nolisten", "tcp", "-noreset"],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        ready, _, _ = select.select([reading], [], [], START_S)
        number = os.read(reading, 20).decode().strip() if ready else ""
        assert number, "Xvfb did not start"
        yield f":{number}"
    finally:
        os.close(reading)
        server.terminate()
        server.wait()


class Hands:
    """Presses keys and moves the mouse of the display that the environment names, for whoever has the focus."""

    def __init__(self) -> None:
        self._xcb, self._test = ctypes.CDLL("libxcb.so.1"), ctypes.CDLL("libxcb-xtest.so.0")
        self._xcb.xcb_connect.restype = ctypes.c_void_p
        self._xcb.xcb_get_setup.restype = ctypes.c_void_p
        self._xcb.xcb_get_setup.argtypes = [ctypes.c_void_p]
        self._xcb.xcb_setup_roots_iterator.restype = _Screens
        self._xcb.xcb_setup_roots_iterator.argtypes = [ctypes.c_void_p]
        for done in (self._xcb.xcb_flush, self._xcb.xcb_disconnect):
            done.argtypes = [ctypes.c_void_p]
        self._test.xcb_test_fake_input.argtypes = [
            ctypes.c_void_p, ctypes.c_uint8, ctypes.c_uint8, ctypes.c_uint32, ctypes.c_uint32, ctypes.c_int16,
            ctypes.c_int16, ctypes.c_uint8,
        ]  # fmt: skip
        self._server = self._xcb.xcb_connect(None, None)
        screens = self._xcb.xcb_setup_roots_iterator(self._xcb.xcb_get_setup(self._server))
        self._root = screens.first[0]

    def close(self) -> None:
        """Lets go of the display."""
        self._xcb.xcb_disconnect(self._server)

    def press(self, *keys: str) -> None:
        """Presses a key, all but the last held down: press("ctrl", "c")."""
        for key in keys:
            self._send(_KEY_DOWN, KEYS[key])
        for key in reversed(keys):
            self._send(_KEY_UP, KEYS[key])

    def move(self, x: int, y: int) -> None:
        """Moves the mouse to a place on the screen."""
        self._send(_MOVED, 0, x, y)

    def hold(self) -> None:
        """Presses the left button."""
        self._send(_BUTTON_DOWN, 1)

    def let_go(self) -> None:
        """Lets the left button go."""
        self._send(_BUTTON_UP, 1)

    def click(self, x: int, y: int) -> None:
        """Clicks at a place on the screen."""
        self.move(x, y)
        self.hold()
        self.let_go()

    def turn_wheel(self, *, down: bool) -> None:
        """Turns the wheel by one notch."""
        self._send(_BUTTON_DOWN, 5 if down else 4)
        self._send(_BUTTON_UP, 5 if down else 4)

    def _send(self, kind: int, detail: int, x: int = 0, y: int = 0) -> None:
        self._test.xcb_test_fake_input(self._server, kind, detail, 0, self._root, x, y, 0)
        self._xcb.xcb_flush(self._server)


class _Screens(ctypes.Structure):
    """xcb_screen_iterator_t; a screen begins with the id of its root window."""

    _fields_ = (("first", ctypes.POINTER(ctypes.c_uint32)), ("left", ctypes.c_int), ("index", ctypes.c_int))
