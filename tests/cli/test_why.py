"""`gradstep why`: what is printed of a script that failed, and of one that did not."""

import json
import runpy
from pathlib import Path

import pytest

import gradstep

NET = """import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(4, 8), nn.Linear(6, 2)

    def forward(self, x):
        h = torch.relu(self.fc1(x))
        return self.fc2(h)


net = Net()
net(torch.randn(5, 4))
"""
OVERWRITTEN = """import torch

x = torch.tensor([2.0], requires_grad=True)
y = x.exp()
y += 1
y.sum().backward()
"""


@pytest.fixture
def failed_path(tmp_path: Path):
    """failed_path(source) is the trace of a script that failed."""

    def record(source: str) -> Path:
        script = tmp_path / "train.py"
        script.write_text(source, encoding="utf-8")
        with pytest.raises((Exception, SystemExit)), gradstep.record(tmp_path / "train.gradstep"):
            runpy.run_path(str(script), run_name="__main__")
        return tmp_path / "train.gradstep"

    return record


def test_the_line_the_operands_the_meaning_the_fix_and_the_message(run, failed_path) -> None:
    printed = run("why", failed_path(NET))
    assert (printed.code, printed.err) == (0, "")
    assert printed.lines == [
        "train.py line 12 · RuntimeError",
        "  return self.fc2(h)",
        "",
        "linear (position 11)",
        "  h           input   [5, 8]  float32  cpu  requires grad  relu, line 11",
        "  fc2.weight  weight  [2, 6]  float32  cpu  requires grad",
        "  fc2.bias    bias    [2]     float32  cpu  requires grad",
        "",
        "net.fc2 wants 6 features (columns of h), but h has 8: its shape is [5, 8].",
        "",
        "What usually fixes it: Make the layer for 8 features, or give it data with 6.",
        "    self.fc2 = nn.Linear(8, 2)",
        "",
        "The message:",
        "  RuntimeError: mat1 and mat2 shapes cannot be multiplied (5x8 and 6x2)",
    ]
    in_docs = (Path(__file__).parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")
    assert "\n".join(printed.lines) in in_docs


def test_a_failure_inside_backward_names_the_forward_op_and_its_line(run, failed_path) -> None:
    printed = run("why", failed_path(OVERWRITTEN))
    assert printed.lines[0] == "train.py line 6 · RuntimeError"
    assert "ExpBackward0 (position 6), the gradient of exp in line 4: y = x.exp()" in printed.lines
    assert "    y = y + 1" in printed.lines


def test_in_chinese(run, failed_path) -> None:
    printed = run("why", failed_path(NET), "--language", "zh")
    assert printed.lines[0] == "train.py 第 12 行 · RuntimeError"
    assert "net.fc2 需要 6 个特征（h 的列数），但 h 给出 8 个：它的形状是 [5, 8]。" in printed.lines
    assert "  fc2.weight  权重  [2, 6]  float32  cpu  需要梯度" in printed.lines


def test_as_json(run, failed_path) -> None:
    found = json.loads(run("why", failed_path(OVERWRITTEN), "--json").out)
    assert (found["kind"], found["op"], found["node"], found["forward"]) == (
        "overwritten_value",
        "ExpBackward0",
        "ExpBackward0",
        "exp",
    )
    assert (found["place"]["line"], found["forward_place"]["line"]) == (6, 4)
    assert [(operand["name"], operand["shape"], operand["requires_grad"]) for operand in found["operands"]] == [
        ("", [1], None),
        ("x", [1], True),
    ]
    assert found["message"].startswith("one of the variables needed for gradient computation")
    assert set(found["meaning"]) == {"en", "zh"}


def test_a_run_that_did_not_fail(run, hello_path: Path) -> None:
    printed = run("why", hello_path)
    assert (printed.code, printed.out) == (0, "hello.gradstep: the script did not fail; it ran to its end.\n")
    assert json.loads(run("why", hello_path, "--json").out) is None


def test_a_script_that_ended_itself(run, failed_path) -> None:
    printed = run("why", failed_path("import sys\nimport torch\n\ntorch.ones(1)\nsys.exit(3)\n"))
    assert printed.code == 0
    assert "ended with exit code 3" in printed.out
