"""A learner's network in numpy beside the tutorial's listing in torch: its two mistakes are found by their lines."""

from __future__ import annotations

from pathlib import Path

import pytest

import gradstep

ROOT = Path(__file__).resolve().parents[2]
LISTING = ROOT / "resources" / "examples" / "four_three_one.py"

BY_HAND = """
import math
import numpy as np

def lcg(seed):
    while True:
        seed = (1103515245 * seed + 12345) % 2**31
        yield seed / 2**31

def uniform(rng, shape):
    return np.array([next(rng) for _ in range(math.prod(shape))]).reshape(shape)

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

X = np.array([[1.0, 0.0, 1.0, 0.0], [1.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]])
y = np.array([[1.0], [1.0], [0.0]])
rng = lcg(20180222)
wh = uniform(rng, (4, 3))
bh = uniform(rng, (1, 3))
wout = uniform(rng, (3, 1))
bout = uniform(rng, (1, 1))
lr = 0.1
for i in range(4):
    z1 = X @ wh + bh
    a1 = sigmoid(z1)
    z2 = a1 @ wout + bout
    a2 = sigmoid(z2)
    E = y - a2
    C = 0.5 * (E**2).sum()
    delta2 = E * (a2 * (1 - a2))
    delta1 = (delta2 @ wout.T) * (a1 * (1 - a1))
    wout += lr * (a1.T @ delta2)
    wh += lr * (X.T @ delta1)
    bout += lr * delta2.sum(axis=0, keepdims=True)
    bh += lr * delta1.sum(axis=0, keepdims=True)
print("done by hand")
"""


def record(folder: Path, *arguments: str) -> Path:
    trace = folder / "torch.gradstep"
    code = gradstep.main(["record", str(LISTING), "-o", str(trace), "--quiet", "--", "--passes", "4", *arguments])
    assert code == 0
    return trace


def beside(trace: Path, script: Path, capfd: pytest.CaptureFixture[str]) -> tuple[int, str]:
    capfd.readouterr()
    code = gradstep.main(["by-hand", str(trace), str(script)])
    return code, capfd.readouterr().out


def test_the_two_mistakes_of_the_listing_are_found(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "by_hand.py"
    script.write_text(BY_HAND, encoding="utf-8")
    code, said = beside(record(tmp_path, "--buggy"), script, capfd)
    assert code == 1
    assert "done by hand" in said
    assert "The first difference: z2[" in said
    assert "z2 = a1 @ wout  # first mistake" in said
    assert "bh += lr * delta2.sum()  # second mistake" in said
    blamed = [line.split(":")[0].strip() for line in said.splitlines() if "values differ" in line]
    assert blamed == ["z2", "bh"]


def test_the_mended_listing_agrees(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "by_hand.py"
    script.write_text(BY_HAND, encoding="utf-8")
    code, said = beside(record(tmp_path), script, capfd)
    assert code == 0
    assert "values agree" in said
    assert "differs" not in said


def test_a_script_that_fails_is_compared_up_to_there(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "by_hand.py"
    script.write_text(BY_HAND.replace("    C = ", "    if i == 2:\n        raise ValueError('enough')\n    C = "))
    code, said = beside(record(tmp_path), script, capfd)
    assert code == 0
    assert "values agree" in said
