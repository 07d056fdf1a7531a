"""Starting: without a display there is a sentence and no crash, and torch never comes into the window's process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QApplication

from app.language import language_of, speak
from app.main import application
from engine.lessons.demo import DemoStop, demo_file, write_demo
from engine.session.place import Level, Place
from engine.trace.copying import copy_trace

ROOT = Path(__file__).resolve().parents[2]


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if key not in
            ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}  # fmt: skip
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={**kept, **environment}, capture_output=True, text=True, timeout=60
    )


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="there is always a display")
def test_without_a_display_a_sentence_is_printed() -> None:
    ended = python("import sys; from app.main import run; sys.exit(run(None))")
    assert ended.returncode == 2
    assert "There is no display here" in ended.stderr
    assert "gradstep record" in ended.stderr


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_ctrl_c_in_the_terminal_closes_the_window_and_the_script(tmp_path: Path) -> None:
    script = tmp_path / "long.py"
    script.write_text("import os, torch\nprint(os.getpid(), flush=True)\nx = torch.ones(1)\nx = x + 1\n")
    code = f"import sys; from app.main import run; from pathlib import Path; sys.exit(run(Path({str(script)!r})))"
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path)}
    command = [sys.executable, "-c", code]
    window = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert window.stdout is not None
    child = int(window.stdout.readline())
    window.send_signal(signal.SIGINT)
    assert window.wait(30) == 0
    window.stdout.close()
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_the_window_begins_at_the_stop_that_was_asked_for(hello_path: Path, tmp_path: Path) -> None:
    trace = tmp_path / "class.gradstep"
    copy_trace(hello_path, trace)
    stops = [DemoStop(Place(15, None, 0), Level.NODE), DemoStop(Place(20, None, 0), Level.NODE)]
    write_demo(demo_file(trace), stops)
    code = (
        "import sys, app.main as main\n"
        "from PySide6.QtWidgets import QApplication\n"
        "def look(shown):\n"
        "    while shown.window.state.trace is None:\n"
        "        QApplication.processEvents()\n"
        "    print(shown.window.state.place, shown.window.state.level)\n"
        "    shown.window.close()\n"
        "    return 0\n"
        "main.Shown.run = look\n"
        f"sys.exit(main.main([{str(trace)!r}, '2']))"
    )
    ended = python(code, QT_QPA_PLATFORM="offscreen", XDG_CONFIG_HOME=str(tmp_path))
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip() == f"{Place(20, None, 0)} node"


def test_the_window_leaves_torch_alone() -> None:
    ended = python("import sys; import app.main; sys.exit('torch' in sys.modules)", QT_QPA_PLATFORM="offscreen")
    assert (ended.returncode, ended.stderr) == (0, "")


def test_the_application_has_name_and_icon(qapp: QApplication) -> None:
    app = application()
    assert app is qapp
    assert (app.applicationName(), app.applicationDisplayName()) == ("gradstep", "Gradstep")
    assert app.desktopFileName() == "gradstep"
    assert not app.windowIcon().isNull()


def test_qts_own_words_are_translated(qapp: QApplication) -> None:
    speak(qapp, "zh_CN")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "取消"
    speak(qapp, "en")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"


def test_the_language_is_that_of_the_user_or_the_system_or_english() -> None:
    assert language_of("zh_CN", QLocale("en_US")) == "zh_CN"
    assert language_of("", QLocale("zh_CN")) == "zh_CN"
    assert language_of("", QLocale("de_DE")) == "en"
    assert language_of("tlh", QLocale("en_US")) == "en"
