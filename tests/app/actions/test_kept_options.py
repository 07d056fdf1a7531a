"""How each script was run last is kept, and nonsense in the file is the default."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.actions.kept_options import LIMIT, keeping, kept_options, kept_pythons
from app.settings import Settings
from app.state import RunOptions

OPTIONS = RunOptions("cuda:0", 7, ("--a", "b c"), "/opt/python", "/data", ("A=1", "B=x y"), True, "90s")


def test_each_script_has_its_own(tmp_path: Path) -> None:
    one, other = tmp_path / "one.py", tmp_path / "other.py"
    settings = keeping(Settings(), one, OPTIONS)
    settings = keeping(settings, other, RunOptions(python="/usr/bin/python3"))
    assert kept_options(settings, one) == OPTIONS
    assert kept_options(settings, other) == RunOptions(python="/usr/bin/python3")
    assert kept_options(settings, tmp_path / "third.py") is None
    assert kept_pythons(settings) == ("/usr/bin/python3", "/opt/python")
    settings = keeping(settings, one, RunOptions())
    assert kept_options(settings, one) is None, "the default needs no line"
    for number in range(LIMIT + 5):
        settings = keeping(settings, tmp_path / f"{number}.py", OPTIONS)
    assert len(settings.run_options) == LIMIT


def test_the_usual_python_is_what_a_new_script_has_and_can_be_turned_down_for_one(tmp_path: Path) -> None:
    usual, script = Settings(python="/opt/torch"), tmp_path / "a.py"
    assert keeping(usual, script, RunOptions(python="/opt/torch")).run_options == ()
    kept = keeping(usual, script, RunOptions())
    assert kept_options(kept, script) == RunOptions(), "Gradstep's own, though another is usual"
    assert kept_pythons(keeping(usual, script, OPTIONS)) == ("/opt/torch", "/opt/python")


WRONG = {"script": "SCRIPT", "seed": "x", "device": 3, "arguments": "a", "environment": [1], "with_aten": 1, "new": 1}


@pytest.mark.parametrize("line", ["", "[]", "{", '{"script": 3}', "null", json.dumps(WRONG)])
def test_nonsense_is_left_out(line: str, tmp_path: Path) -> None:
    script = tmp_path / "a.py"
    settings = Settings(run_options=(line.replace("SCRIPT", str(script.resolve())),))
    assert kept_options(settings, script) in (None, RunOptions())
    assert kept_pythons(settings) == ()
