"""A class hands in answers and a program marks them: all by the command, which runs the lesson's script itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.cli.main import main

RIGHT = {
    "who-moves": 2, "closer": "bigger", "z1": 1.124, "a1": 0.7547, "z2": 1.739, "a2": 0.8506, "C": 0.0223,
    "first-node": "MseLossBackward0", "first-clearing": 1, "box-fills": True, "weight-stays": False, "dC-da2-sign": "-",
    "dC-da2": -0.2989, "slope2": 0.1271, "dC-dz2": -0.038, "dC-db2": -0.038, "dC-dw2": -0.0287, "dC-da1": -0.0931,
    "slope1": 0.185, "dC-dz1": -0.0172, "dC-db1": -0.0172, "shrinks": "smaller", "dC-dw1": -0.0138,
    "up-or-down": "bigger", "new-w1": 1.58138, "new-b1": -0.13828, "new-w2": 2.45287, "new-b2": -0.1062,
    "loss-falls": "smaller", "steps-shrink": "smaller", "halved": -0.00689, "half-step": 3,
    "own-words": "It acts on z through its input.",
}  # fmt: skip


def test_one_learner_knows_all_of_it_and_one_forgot_the_square(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "answers.json"
    file.write_text(json.dumps({"gradstep_answers": 1, "lesson": "hello", "answers": RIGHT | {"dC-da2": -0.1494}}))
    code = main(["lessons", "run", "hello", "--answers", str(file), "--pass", "0.9"], lambda given: 1)
    done = capfd.readouterr()
    assert code == 0, done.err
    assert "running hello.py --double" in done.err
    score = json.loads(done.out)
    assert (score["score"], score["of"]) == (31, 32)
    (wrong,) = [one for one in score["questions"] if one["right"] is False]
    assert (wrong["id"], wrong["slip"], wrong["wanted"]) == ("dC-da2", "factor-2", "−0.2989")
