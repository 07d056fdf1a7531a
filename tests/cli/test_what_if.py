"""`gradstep what-if` and `gradstep branches`: a branch beside its parent, and the tree of both."""

from __future__ import annotations

import json
import shlex
import subprocess
from pathlib import Path

import pytest

from engine.session.launch import Launch
from engine.session.record import record

SCRIPT = """import torch

w = torch.ones(1, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.5)
for _ in range(2):
    optimizer.zero_grad()
    y = w * 3
    loss = (y - 6).pow(2).sum()
    loss.backward()
    optimizer.step()
print("w is", w.item())
"""


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two iterations of one weight."""
    folder = tmp_path_factory.mktemp("what if")
    (folder / "train.py").write_text(SCRIPT, encoding="utf-8")
    trace = folder / "train.gradstep"
    assert record(Launch("train.py", folder=folder, stdout=subprocess.DEVNULL), trace).exit_code == 0
    return trace


def test_a_value_is_set_and_the_runs_are_compared(run, recorded: Path, tmp_path: Path) -> None:
    out = tmp_path / "other.gradstep"
    printed = run("what-if", recorded, "--set", "y = 6", "--cut", "-o", out)
    assert (printed.code, printed.err) == (0, "")
    assert printed.lines[0].startswith("The same run up to position ")
    assert "y: [3] → [6]. It is a constant from here on" in printed.out
    assert f"The branch is {out}." in printed.out
    assert "Only other.gradstep has edit of y at train.py:8" in printed.out
    tree = run("branches", out)
    assert tree.code == 0
    assert tree.lines[0] == "train.gradstep"
    assert tree.lines[1].startswith("└─ other.gradstep *  y = 6 at position ")


def test_a_change_as_json(run, recorded: Path) -> None:
    printed = run("what-if", recorded, "--change", "lr=0.01", "--json")
    assert printed.code == 0
    found = json.loads(printed.out)
    assert found["applied"] == {"lr=0.01": 1}
    assert found["exit_code"] == 0
    assert Path(found["trace"]).name == "train.what-if-1.gradstep"
    assert not found["comparison"]["same"]
    tree = json.loads(run("branches", recorded, "--json").out)
    assert [child["changes"] for child in tree["branches"]] == [["lr=0.01"]]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "There is nothing to try."),
        (["--set", "w"], "w sets nothing."),
        (["--set", "w == 2"], "w == 2 sets nothing."),
        (["--cut"], "--cut says what --set does"),
        (["--change", "size=3"], "size cannot be changed."),
        (["--change", "lr=1", "--at", "3"], "--at is a place for --set."),
        (["--set", "q = 3"], "There is no q in iteration 1."),
        (["--set", "w = 3", "--iteration", "9"], "There is no iteration 9."),
        (["--set", "w = 3", "--at", "9999"], "has no event at position 9999"),
    ],
)
def test_what_cannot_be_tried_is_said_without_running_anything(run, recorded, tmp_path, arguments, said) -> None:
    printed = run("what-if", recorded, *arguments, "-o", tmp_path / "no.gradstep")
    assert printed.code == 2
    assert said in printed.err
    assert list(tmp_path.iterdir()) == []


def test_a_value_and_a_change_are_refused_with_the_two_commands_that_do_it(run, recorded) -> None:
    printed = run("what-if", recorded, "--set", "w = w * 2", "--change", "lr=0.01", "--iteration", "1")
    assert printed.code == 2
    first, second = [shlex.split(line) for line in printed.err.splitlines() if line.startswith("  gradstep ")]
    assert run(*first[1:]).code == 0
    found = run(*second[1:], "--json")
    assert found.code == 0
    told = json.loads(found.out)
    assert told["applied"] == {"lr=0.01": 1}
    assert len(told["edits"]) == 1
