"""The window on a real X11 display, with real hands; its stories and its pictures, which go the same way there.

Qt takes one platform for a whole process, so these tests run in others, each on an Xvfb of its own. What hangs there is
ended with its stack of calls, and fails.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.features.x11.server import display, why_none

ROOT = Path(__file__).resolve().parents[3]
HANGS_S = 90
"""A test that takes longer hangs. Each waits for a minute at most."""
LONGEST_S = 280
OUR_OWN = (
    "PYTEST_XDIST_WORKER",
    "PYTEST_XDIST_WORKER_COUNT",
    "PYTEST_CURRENT_TEST",
    "PYTEST_ADDOPTS",
    "WAYLAND_DISPLAY",
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="X11 is tested on Linux")


def run_on_display(folder: Path, *tests: str, hangs_s: float = HANGS_S) -> tuple[int, str]:
    """Runs tests on a display; returns pytest's exit code and all that was written. folder: for what they write."""
    missing = why_none()
    if missing:
        pytest.skip(missing)
    log = folder / "log.txt"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *tests]
    command += ["--basetemp", str(folder / "inner"), "-o", f"faulthandler_timeout={hangs_s}"]
    with display() as name, log.open("wb") as written:
        environment = {key: value for key, value in os.environ.items() if key not in OUR_OWN}
        environment |= {"DISPLAY": name, "QT_QPA_PLATFORM": "xcb"}
        inner = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=written, stderr=written,
            start_new_session=True,
        )  # fmt: skip
        try:
            inner.wait(LONGEST_S)
        except subprocess.TimeoutExpired:
            written.write(f"\nended after {LONGEST_S} s".encode())
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(inner.pid, signal.SIGKILL)  # and the programs that it started
            inner.wait()
    return inner.returncode, log.read_text(encoding="utf-8", errors="replace")[-24_000:]


@pytest.mark.parametrize(
    "tests",
    [
        ("tests/features/x11/story_display.py", "tests/features/window/test_window_story_by_hand.py"),
        ("tests/screenshots/test_panels.py",),
    ],
    ids=["stories", "pictures"],
)
def test_it_is_the_same_on_a_display(tests: tuple[str, ...], tmp_path: Path) -> None:
    code, told = run_on_display(tmp_path, *tests)
    print(told)
    assert code == 0, "what failed on the display is said above"


def test_what_hangs_there_is_ended_and_says_where(tmp_path: Path) -> None:
    hanging = tmp_path / "test_hanging.py"
    hanging.write_text("import time\n\ndef test_hanging():\n    time.sleep(1000)\n", encoding="utf-8")
    code, told = run_on_display(tmp_path, str(hanging), "--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml"),
                                hangs_s=1)  # fmt: skip
    assert code == 1
    assert 'test_hanging.py", line 4 in test_hanging' in told
