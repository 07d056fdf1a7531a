"""Which Python runs a script: what is said of one that cannot, and how one is named."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.errors import GradstepError
from engine.session.interpreter import interpreter
from engine.session.launch import Launch
from engine.session.record import record

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the pretended Pythons are shell scripts")


def program(path: Path, text: str) -> Path:
    """A shell script."""
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("exit 0", "is no Python"),
        ('[ "$1" = -c ] && printf "Python 3.8"; exit 1', "is Python 3.8, which is too old for Gradstep"),
        ('[ "$1" = -c ] && printf "Python 3.12"; exit 3', "ended with exit code"),
    ],
)
def test_a_program_that_cannot_run_scripts(script: Callable[..., Any], tmp_path: Path, text: str, said: str) -> None:
    python = program(tmp_path / "some python", text)
    with pytest.raises(GradstepError) as error:
        record(Launch(script("print(1)\n").path, python=python), tmp_path / "t.gradstep")
    assert said in error.value.message.english
    assert str(python) in error.value.message.english
    assert error.value.hint.english == "Choose a Python 3.11 or newer with torch and numpy."


@pytest.mark.parametrize(
    ("modules", "said"),
    [
        ({"numpy": "raise ModuleNotFoundError('No module named numpy', name='numpy')"}, "has no numpy."),
        ({"torch": "raise ModuleNotFoundError('No module named torch', name='torch')"}, "has no torch."),
        ({"torch": "__version__ = '2.3.1+cpu'"}, "has torch 2.3.1+cpu, which is too old for Gradstep."),
        ({"torch": "raise OSError('libcudart.so: cannot open')"}, "cannot import torch: OSError: libcudart.so"),
    ],
)
def test_a_python_without_what_is_needed(
    script: Callable[..., Any], tmp_path: Path, modules: dict[str, str], said: str
) -> None:
    for name, text in modules.items():
        (tmp_path / "libraries").mkdir(exist_ok=True)
        (tmp_path / "libraries" / f"{name}.py").write_text(text, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "libraries")}
    with pytest.raises(GradstepError) as error:
        record(Launch(script("print(1)\n").path, environment=environment), tmp_path / "t.gradstep")
    assert said in error.value.message.english
    assert "pip install" in error.value.hint.english


def test_a_machine_whose_loopback_is_off(
    script: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a network namespace of its own: the child cannot connect, and neither can its parent."""
    python = program(tmp_path / "python", "exit 1")

    def unreachable(*_: object, **__: object) -> None:
        raise OSError(errno.ENETUNREACH, "Network is unreachable")

    monkeypatch.setattr("socket.create_connection", unreachable)
    with pytest.raises(GradstepError, match=r"loopback interface .* is off.*ip link set lo up"):
        record(Launch(script("print(1)\n").path, python=python), tmp_path / "t.gradstep")


def test_how_an_interpreter_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert interpreter(None) == interpreter("") == sys.executable
    assert interpreter("python3.12") == "python3.12", "is looked for in PATH"
    (tmp_path / "env" / "bin").mkdir(parents=True)
    inside = program(tmp_path / "env" / "bin" / "python", "")
    assert interpreter(tmp_path / "env") == str(inside)
    monkeypatch.chdir(tmp_path)
    assert interpreter(os.path.join("env", "bin", "python")) == str(inside)
    with pytest.raises(GradstepError, match="holds no Python environment"):
        interpreter(tmp_path)


def test_folder_and_environment(script: Callable[..., Any], tmp_path: Path) -> None:
    told = script('import os, torch\nprint(os.getcwd(), os.environ["COLOUR"], "HOME" in os.environ)\n')
    out = tmp_path / "out"
    environment = {**os.environ, "COLOUR": "blue"}
    environment.pop("HOME", None)
    with out.open("wb") as stdout:
        record(Launch(told.path, folder=tmp_path, environment=environment, stdout=stdout), tmp_path / "t.gradstep")
    assert out.read_text() == f"{tmp_path} blue False\n"
    with pytest.raises(GradstepError, match="does not exist"):
        record(Launch(told.path, folder=tmp_path / "nowhere"), tmp_path / "t.gradstep")
