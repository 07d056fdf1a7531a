"""What `make run` does with the example: a window where there is a display, a recorded table where there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OPEN = "gradstep open resources/examples/hello.py"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that is set up with programs that only print how they were called."""
    folder = tmp_path / "my checkout"
    (folder / "scripts").mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "run.sh", folder / "scripts")
    for name in ("gradstep", "python"):
        file = folder / ".venv" / "bin" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f'#!/bin/sh\necho {name} "$@"\n')
        file.chmod(0o755)
    return folder


def lines_of_run(checkout: Path, **display: str) -> list[str]:
    """What the script prints under an environment with just this display."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    ended = subprocess.run(
        ["sh", "scripts/run.sh"],
        cwd=checkout,
        env=environment | display,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return ended.stdout.splitlines()


@pytest.mark.parametrize("display", [{"DISPLAY": ":0"}, {"WAYLAND_DISPLAY": "wayland-0"}])
def test_a_display_gets_the_window(checkout: Path, display: dict[str, str]) -> None:
    assert lines_of_run(checkout, **display) == ["python scripts/qt_libraries.py window", OPEN]


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS always has a display")
def test_without_a_display_the_example_is_recorded_and_its_table_printed(checkout: Path) -> None:
    first, second, *message = lines_of_run(checkout)
    assert first == "gradstep record resources/examples/hello.py -o hello.gradstep"
    assert second == "gradstep show hello.gradstep --table"
    assert "gradstep open hello.gradstep" in " ".join(message)


def test_an_example_that_cannot_be_recorded_is_a_failure(checkout: Path) -> None:
    (checkout / ".venv" / "bin" / "gradstep").write_text("#!/bin/sh\nexit 3\n")
    with pytest.raises(subprocess.CalledProcessError, match="exit status 3"):
        lines_of_run(checkout)
