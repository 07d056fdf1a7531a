"""Starts the window. `main` is what the command calls; `run` is the same with the arguments taken apart."""

from __future__ import annotations

import ctypes
import gc
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

if sys.version_info < (3, 12):
    # Some PySide6 builds take a reference to None and True away at each call on Python 3.11, until the process aborts
    # after some thousand calls. pyproject.toml excludes the known one; this makes an unknown one harmless.
    for single in (None, True, False, NotImplemented):
        ctypes.c_ssize_t.from_address(id(single)).value += 1 << 40

from PySide6.QtCore import QLocale, QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.actions.opening import SCRIPT_SUFFIX
from app.assets import application_icon
from app.collecting import Collecting
from app.jobs import Beside
from app.language import language_of, speak
from app.loaded_later import load_later
from app.one_window import OneWindow
from app.settings import load_settings, settings_file
from app.window import MainWindow
from engine.cli.window import has_display

NO_DISPLAY = 2
"""Exit code where no window can be shown."""

PULSE_MS = 300
LOAD_AFTER_MS = 50
"""The window is painted before what it does not need for that is loaded, see NOTE [Loaded later]."""


def main(arguments: Sequence[str]) -> int:
    """Shows the window, on the file named first if there is one.

    The rest are a script's own arguments; for a trace, the stop of its demo to begin at, counted from 1.
    """
    path, rest = (Path(arguments[0]), tuple(arguments[1:])) if arguments else (None, ())
    if path is not None and path.suffix != SCRIPT_SUFFIX and rest:
        return run(path, stop=int(rest[0]))
    return run(path, rest)


def run(path: Path | None, script_arguments: tuple[str, ...] = (), stop: int | None = None) -> int:
    """Shows the window until it is closed and returns the exit code.

    path: a script, which is run, or a trace. stop: of the trace's demo, counted from 1. Where there is no display Qt
    would end the process without a word, so a sentence is printed instead.
    """
    if not has_display():
        print(
            "gradstep: There is no display here, so the window cannot be shown.\n"
            "Without one: gradstep record SCRIPT.py, gradstep show TRACE, gradstep export TRACE --to json",
            file=sys.stderr,
        )
        return NO_DISPLAY
    app = application()
    if path is not None and path.suffix != SCRIPT_SUFFIX and OneWindow().is_elsewhere(path):
        print(f"gradstep: {path.name} is open in another window, which is in front now.", file=sys.stderr)
        return 0
    shown = Shown(app, settings_file())

    def begin() -> None:
        # What is loaded stays; each look of the collector through all of it would hold the window for 0.1 s.
        gc.freeze()
        if path is not None:
            shown.window.open_path(path, script_arguments, asked_for=True)
        if stop is not None:
            shown.window.panels.demonstrating.go_to(stop - 1)

    loading = Beside(app)
    loading.done.connect(begin)
    QTimer.singleShot(LOAD_AFTER_MS, app, lambda: loading.ask(lambda _: load_later()))
    return shown.run()


class Shown:
    """The window that is shown: made anew, with all that is open in it, when it shall speak another language."""

    def __init__(self, app: QApplication, store: QSettings) -> None:
        self._app = app
        self._store = store
        self._collecting = Collecting(app)
        speak(app, language_of(load_settings(store).language, QLocale.system()))
        self.window = self._made()

    def run(self) -> int:
        """Until it is closed; returns the exit code. Ctrl+C in the terminal closes it, and with it the script."""
        before, sys.excepthook = sys.excepthook, lambda *mistake: self.window.tell_mistake(*mistake)
        signal.signal(signal.SIGINT, lambda number, frame: self.window.close())
        # Python looks at signals only when it runs, which it does not while Qt waits for events.
        pulse = QTimer(self._app)
        pulse.timeout.connect(lambda: None)
        pulse.start(PULSE_MS)
        code = self._app.exec()
        pulse.stop()
        sys.excepthook = before
        return code

    def renew(self) -> None:
        """Puts a window in the language of the settings in the place of the one that is shown."""
        before = self.window
        before.save_settings()
        speak(self._app, language_of(load_settings(self._store).language, QLocale.system()))
        self.window = self._made()
        self.window.take_over(before)
        before.close()
        before.deleteLater()

    def _made(self) -> MainWindow:
        window = MainWindow(self._store)
        window.language_chosen.connect(self.renew, Qt.ConnectionType.QueuedConnection)
        window.show()
        self._collecting.watch(window.state)
        return window


def application() -> QApplication:
    """The application with its name and icon; there is one a process."""
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication(["gradstep"])
    app.setApplicationName("gradstep")
    app.setApplicationDisplayName("Gradstep")
    app.setDesktopFileName("gradstep")
    app.setWindowIcon(application_icon())
    return app
