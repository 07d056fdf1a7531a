"""`gradstep compare`: the answer, the cause, a table, and exit codes."""

from __future__ import annotations

import contextlib
import io
import json
import runpy
import sys
from pathlib import Path

import pytest
import torch

import gradstep
from tests.helpers.recorded_traces import EXAMPLES


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Traces of the 1-1-1 example, from the same seed, at a learning rate of 0.1 and of 0.3."""
    folder = tmp_path_factory.mktemp("rates")
    text = (EXAMPLES / "hello.py").read_text(encoding="utf-8")
    for name, rate in (("slow", "lr=0.1"), ("fast", "lr=0.3")):
        script = folder / name / "hello.py"
        script.parent.mkdir()
        script.write_text(text.replace("lr=0.1", rate), encoding="utf-8")
        argv, sys.argv = sys.argv, ["hello.py", "--iterations", "2"]
        torch.manual_seed(0)
        try:
            with contextlib.redirect_stdout(io.StringIO()), gradstep.record(folder / f"{name}.gradstep"):
                runpy.run_path(str(script), run_name="__main__")
        finally:
            sys.argv = argv
    return folder / "slow.gradstep", folder / "fast.gradstep"


def test_a_trace_and_itself_are_the_same(run, hello_path: Path) -> None:
    printed = run("compare", hello_path, hello_path)
    assert (printed.code, printed.err) == (0, "")
    assert "the same: " in printed.out
    assert "quantities" not in printed.out


def test_the_cause_is_printed_with_its_line_and_the_exit_code_is_1(run, paths: tuple[Path, Path]) -> None:
    printed = run("compare", *paths)
    assert printed.code == 1
    assert "has other settings: lr 0.1 and 0.3." in " ".join(printed.out.split())
    assert "optimizer.step()" in printed.out
    assert "SGD lr: 0.1 | 0.3" in printed.out
    assert "changes of hello.py" in printed.out
    assert "quantities of iteration 1" in printed.out
    assert "parts at iteration 2" in printed.out


def test_json_holds_all_of_it(run, paths: tuple[Path, Path]) -> None:
    printed = run("compare", *paths, "--iteration", "2", "--json")
    found = json.loads(printed.out)
    assert found["same"] is False
    assert found["own"][0]["arguments"] == [["lr", "0.1", "0.3"]]
    assert found["first"]["way"] == "follows"
    assert found["iteration"] == 1
    assert found["losses"]["parted"] == 1


@pytest.mark.parametrize("options", [["--iteration", "99"], ["--tolerance", "-1"], ["--tolerance", "x"], ["--other"]])
def test_wrong_use_is_2(run, hello_path: Path, options: list[str]) -> None:
    printed = run("compare", hello_path, hello_path, *options)
    assert (printed.code, printed.out) == (2, "")


def test_a_file_that_is_no_trace_is_2(run, hello_path: Path, tmp_path: Path) -> None:
    assert run("compare", hello_path, tmp_path / "none.gradstep").code == 2
