"""What `make` says on a machine where it cannot set up: which Python is needed, and the one line that brings it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

NEW_ENOUGH_WITHOUT_VENV = """#!/bin/sh
case "$2" in
    *ensurepip*) exit 1 ;;
    *print*) echo python3.11-venv ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A fresh checkout, as far as the set-up looks at it, in a folder with a space in its name."""
    folder = tmp_path / "my checkout"
    (folder / "scripts").mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "setup.sh", folder / "scripts")
    for name in ("pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder)
    return folder


def program(folder: Path, name: str, text: str) -> None:
    """Puts a shell script called `name` into `folder`, which is made if need be."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)


def set_up(checkout: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "scripts/setup.sh"], cwd=checkout, env=os.environ | variables, capture_output=True, text=True, timeout=60
    )


def test_an_old_python_is_refused(checkout: Path, tmp_path: Path) -> None:
    program(tmp_path / "bin", "python3.9", "#!/bin/sh\nexit 1\n")
    ended = set_up(checkout, PYTHON=str(tmp_path / "bin" / "python3.9"))
    assert ended.returncode == 1
    assert "is not a Python 3.11 or newer" in ended.stderr
    assert not (checkout / ".venv").exists()


def test_a_python_without_venv_names_the_package_to_install(checkout: Path, tmp_path: Path) -> None:
    program(tmp_path / "bin", "python3", NEW_ENOUGH_WITHOUT_VENV)
    program(tmp_path / "bin", "id", "#!/bin/sh\necho 1000\n")
    ended = set_up(checkout, PATH=f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    assert ended.returncode == 1
    assert "    sudo apt-get install python3.11-venv\n" in ended.stderr


def test_a_finished_set_up_is_left_alone(checkout: Path) -> None:
    both = (checkout / "pyproject.toml").read_bytes() + (checkout / "constraints.txt").read_bytes()
    sums = subprocess.run(["cksum"], input=both, capture_output=True, check=True).stdout.decode().strip()
    (checkout / ".venv").mkdir()
    program(checkout / ".venv" / "bin", "python", "#!/bin/sh\nexit 0\n")
    (checkout / ".venv" / "gradstep-setup").write_text(f"{sums} {checkout.resolve()}\n")
    ended = set_up(checkout, PYTHON="no-such-python")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_another_version_of_a_dependency_sets_up_again(checkout: Path) -> None:
    test_a_finished_set_up_is_left_alone(checkout)
    with (checkout / "constraints.txt").open("a") as constraints:
        constraints.write("numpy==1.0\n")
    assert "is not a Python 3.11 or newer" in set_up(checkout, PYTHON="no-such-python").stderr
