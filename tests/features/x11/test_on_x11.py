"""The window on a real X11 display, with real hands, and its stories, which go the same way there.

Qt takes one platform for a whole process, so these tests run in one of their own, on an Xvfb of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.features.x11.server import display, why_none

ROOT = Path(__file__).resolve().parents[3]
TESTS = (
    "tests/features/x11/story_display.py",
    "tests/features/window/test_window_story_by_hand.py",
)
LONGEST_S = 300
OUR_OWN = (
    "PYTEST_XDIST_WORKER",
    "PYTEST_XDIST_WORKER_COUNT",
    "PYTEST_CURRENT_TEST",
    "PYTEST_ADDOPTS",
    "WAYLAND_DISPLAY",
)


@pytest.mark.skipif(sys.platform != "linux", reason="X11 is tested on Linux")
def test_stories_on_a_display(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    asked_for = request.config.getoption("--x11")
    missing = why_none() if asked_for else "Only with --x11: make test-looks"
    if missing:
        pytest.skip(missing)
    with display() as name:
        environment = {key: value for key, value in os.environ.items() if key not in OUR_OWN}
        environment |= {"DISPLAY": name, "QT_QPA_PLATFORM": "xcb"}
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *TESTS]
        command += ["--basetemp", str(tmp_path / "inner")]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LONGEST_S)
    print(done.stdout[-20_000:], done.stderr[-4_000:])
    assert done.returncode == 0, "what failed on the display is said above"
