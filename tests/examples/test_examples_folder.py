"""What holds for every example: ordinary scripts, repeatable, documented."""

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SHORT = {
    "autograd": [],
    "digits": ["--epochs", "1"],
    "four_three_one": ["--passes", "20"],
    "hello": ["--iterations", "3"],
    "lenet": ["--optimizer", "adam"],
    "linear_regression": ["--epochs", "20"],
    "scratch_minibatch": ["--epochs", "2"],
    "two_layer": ["--epochs", "20"],
}


def test_all_scripts_are_covered_here(examples_folder: Path) -> None:
    assert {path.stem for path in examples_folder.glob("*.py")} == set(SHORT)


@pytest.mark.parametrize("name", SHORT)
def test_needs_only_torch_and_numpy(examples_folder: Path, name: str) -> None:
    source = (examples_folder / f"{name}.py").read_text(encoding="utf-8")
    modules: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            modules |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add(str(node.module).split(".")[0])

    assert modules - {"torch", "numpy"} <= {"argparse", "math", "pathlib"}
    assert "gradstep" not in source.lower()


@pytest.mark.parametrize("name", SHORT)
def test_prints_the_same_each_time(example: Any, name: str) -> None:
    first = example.play(name, *SHORT[name]).printed

    assert first.count("\n") >= 3
    assert example.play(name, *SHORT[name]).printed == first


def test_runs_from_any_folder(examples_folder: Path, tmp_path: Path) -> None:
    script = examples_folder / "digits.py"  # the one that opens a file
    run = subprocess.run(
        [sys.executable, str(script), "--epochs", "1"], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )

    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    assert "epoch 1: mean loss" in run.stdout


def test_readme_lists_every_script(examples_folder: Path) -> None:
    readme = (examples_folder / "README.md").read_text(encoding="utf-8")

    assert [name for name in SHORT if f"`{name}.py`" not in readme] == []
