"""Starts the window. `main` is what the command calls; `run` is the same with the arguments taken apart."""

from __future__ import annotations

import ctypes
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

if sys.version_info < (3, 12):
    # Some PySide6 builds take a reference to None and True away at each call on Python 3.11, until the process aborts
    # after some thousand calls. pyproject.toml excludes the known one; this makes an unknown one harmless.
    for single in (None, True, False, NotImplemented):
        ctypes.c_ssize_t.from_address(id(single)).value += 1 << 40

from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from app.assets import application_icon, resources_dir
from app.settings import settings_file
from app.window import MainWindow
from engine.cli.window import has_display

NO_DISPLAY = 2
"""Exit code where no window can be shown."""

PULSE_MS = 300


def main(arguments: Sequence[str]) -> int:
    """Shows the window, on the file named first if there is one; the rest are the script's own arguments."""
    path = Path(arguments[0]) if arguments else None
    return run(path, tuple(arguments[1:]))


def run(path: Path | None, script_arguments: tuple[str, ...] = ()) -> int:
    """Shows the window until it is closed and returns the exit code.

    path: a script, which is run, or a trace. Where there is no display Qt would end the process without a word, so a
    sentence is printed instead.
    """
    if not has_display():
        print(
            "gradstep: There is no display here, so the window cannot be shown.\n"
            "Without one: gradstep record SCRIPT.py, gradstep show TRACE, gradstep export TRACE --to json",
            file=sys.stderr,
        )
        return NO_DISPLAY
    app = application()
    translators = install_translators(app, QLocale.system())
    window = MainWindow(settings_file())
    sys.excepthook = window.tell_mistake
    window.show()
    close_on_interrupt(window)
    if path is not None:
        window.open_path(path, script_arguments, asked_for=True)
    code = app.exec()
    sys.excepthook = sys.__excepthook__
    del translators
    return code


def close_on_interrupt(window: MainWindow) -> None:
    """Lets Ctrl+C in the terminal close the window, and with it the script, instead of waiting for the next click."""
    signal.signal(signal.SIGINT, lambda number, frame: window.close())
    # Python looks at signals only when it runs, which it does not while Qt waits for events.
    pulse = QTimer(window)
    pulse.timeout.connect(lambda: None)
    pulse.start(PULSE_MS)


def application() -> QApplication:
    """The application with its name and icon; there is one a process."""
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication(["gradstep"])
    app.setApplicationName("gradstep")
    app.setApplicationDisplayName("Gradstep")
    app.setDesktopFileName("gradstep")
    app.setWindowIcon(application_icon())
    return app


def install_translators(app: QApplication, locale: QLocale) -> list[QTranslator]:
    """Installs Qt's own translation and ours, where there are any. The caller keeps them, for Qt does not."""
    places = (("qtbase", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
              ("gradstep", str(resources_dir() / "i18n")))  # fmt: skip
    installed = []
    for name, folder in places:
        translator = QTranslator(app)
        if translator.load(locale, name, "_", folder):
            app.installTranslator(translator)
            installed.append(translator)
    return installed
