"""`gradstep check`: a table, each difference with its place, exit code 1 on a difference."""

import json
import re
import runpy
from pathlib import Path

import pytest

import gradstep
from tests.helpers.checked_programs import SQUARE


@pytest.fixture(scope="module")
def wrong_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trace of a script whose own autograd function has a wrong backward."""
    path = tmp_path_factory.mktemp("traces") / "wrong.gradstep"
    script = path.with_name("wrong.py")
    script.write_text(SQUARE.replace("{gradient}", "3 * x"), encoding="utf-8")
    with gradstep.record(path):
        runpy.run_path(str(script), run_name="__main__")
    return path


def test_what_agrees_is_counted_and_the_exit_code_is_0(run, hello_path: Path) -> None:
    printed = run("check", hello_path)
    assert printed.code == 0
    assert printed.err == ""
    assert re.search(r"\n  linear +6 +6 +\d+\.\d\n", printed.out)
    assert re.search(r"\n  gradients of sigmoid +4 +4 +\d", printed.out)
    assert "100 % with a row" in printed.out
    assert "iteration 2, backward from step" in printed.out
    assert re.search(r"hello\.gradstep, iterations 1, 2: \d+ events agree, 0 differ,\s+0\s+cannot", printed.out)


def test_a_wrong_backward_is_named_and_the_exit_code_is_1(run, wrong_path: Path) -> None:
    printed = run("check", wrong_path)
    assert printed.code == 1
    text = " ".join(printed.out.split())
    line = 1 + SQUARE.splitlines().index("    def backward(ctx, g):")
    assert f"SquareBackward (gradients of Square) wrong.py:{line}" in text
    assert f"Square.backward at wrong.py:{line} sends a gradient that differs from finite differences by" in text
    assert "agrees for 0 of 1 parameters" in text
    assert "1 differs" in text


def test_lines_fit_a_terminal_of_80_columns(run, hello_path: Path, net_path: Path, wrong_path: Path) -> None:
    for path in (hello_path, net_path, wrong_path):
        assert [line for line in run("check", path, "--all").lines if len(line) > 80] == []


def test_json_holds_all_of_it(run, wrong_path: Path) -> None:
    printed = run("check", wrong_path, "--json")
    found = json.loads(printed.out)
    assert printed.code == 1
    assert found["agrees"] is False
    (difference,) = found["differences"]
    assert difference["name"] == "SquareBackward"
    assert difference["comparisons"][0]["method"] == "finite differences"
    assert difference["line"][0] == "wrong.py"
    assert found["whole"][0]["parameters"]["w"]["agrees"] is False
    assert sum(found["counts"].values()) == sum(row["events"] for row in found["rows"])


def test_one_iteration_can_be_chosen(run, hello_path: Path) -> None:
    assert run("check", hello_path, "--iteration", "2").out.count("backward from step") == 1
    assert "iteration 0:" in run("check", hello_path, "--iteration", "0").out
    assert "backward from step" not in run("check", hello_path, "--iteration", "2", "--no-whole").out


def test_of_many_iterations_three_are_checked_and_it_says_so(run, tmp_path: Path) -> None:
    script = tmp_path / "loop.py"
    loop = "    (w * w).sum().backward()\n    with torch.no_grad():\n        w -= 0.1 * w.grad\n    w.grad = None\n"
    script.write_text(f"import torch\nw = torch.ones(2, requires_grad=True)\nfor _ in range(9):\n{loop}", "utf-8")
    path = tmp_path / "loop.gradstep"
    with gradstep.record(path):
        runpy.run_path(str(script), run_name="__main__")
    printed = run("check", path)
    assert "iterations 1, 2, 9:" in printed.out
    assert "There are 9 iterations; --all checks all of them." in printed.out
    assert "There are" not in run("check", path, "--all").out


@pytest.mark.parametrize("options", [["--iteration", "99"], ["--iteration", "1", "--all"], ["--nonsense"]])
def test_wrong_use_is_2(run, hello_path: Path, options: list[str]) -> None:
    printed = run("check", hello_path, *options)
    assert printed.code == 2
    assert printed.out == ""


def test_a_file_that_is_no_trace_is_2(run, tmp_path: Path) -> None:
    assert run("check", tmp_path / "nothing.gradstep").code == 2


def test_in_chinese(run, wrong_path: Path, hello_path: Path) -> None:
    line = 1 + SQUARE.splitlines().index("    def backward(ctx, g):")
    printed = run("check", wrong_path, "--language", "zh")
    assert printed.code == 1
    assert f"SquareBackward（Square 的梯度）  wrong.py:{line}" in printed.out
    assert "1 个参数中有 0 个的 dC/dw 一致" in printed.out.replace("dsum/", "dC/")
    assert "1 个不一致" in printed.out
    words = set(re.findall(r"[A-Za-z]+", run("check", hello_path, "--language", "zh").out))
    assert not words & {"events", "agree", "forward", "backward", "checked", "iteration", "iterations", "cannot"}
