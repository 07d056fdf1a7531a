"""Shows the window where there can be one. What starts it is handed in, because engine knows no window."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable

from ..errors import EnglishError


def show(start: Callable[[list[str]], int], arguments: list[str]) -> int:
    """Starts the window with `start` and returns its exit code. Raises GradstepError where it cannot be shown."""
    if importlib.util.find_spec("PySide6") is None:
        raise EnglishError(
            "The window needs Qt, and PySide6-Essentials is not installed in this Python.",
            "pip install PySide6-Essentials; or without a window: gradstep record SCRIPT.py, gradstep show TRACE",
        )
    if not has_display():
        raise EnglishError(
            "There is no display here, so the window cannot be shown.",
            "Without one: gradstep record SCRIPT.py, gradstep show TRACE, gradstep export TRACE --to json",
        )
    return start(arguments)


def has_display() -> bool:
    """Whether a window can be shown: always on macOS and Windows, elsewhere where X or Wayland is named."""
    if sys.platform in ("darwin", "win32"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
