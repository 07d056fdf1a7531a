"""A run of a lesson may put something in the place of what its script asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import GradstepError
from engine.lessons.lesson import Run
from engine.lessons.running import record_run
from engine.session.branches import parent_of
from engine.trace.reader import Trace

SCRIPT = """import torch
x = torch.randn(2, requires_grad=True)
torch.nn.functional.mse_loss(x, torch.tensor([0.0, 1.0])).backward()
"""


def test_a_run_with_changes_is_a_branch_of_the_one_without(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    first, other = tmp_path / "first.gradstep", tmp_path / "other.gradstep"
    record_run(Run("first", script), first)
    record_run(Run("other", script, changes=("loss=l1",), of="first"), other)
    assert parent_of(other) == first
    with Trace(first) as one, Trace(other) as two:
        assert "l1_loss" in [event.name for event in two.events()]
        drawn = [trace.array(trace.events()[0].outputs[0].value) for trace in (one, two)]
    assert drawn[0] is not None
    assert (drawn[0] == drawn[1]).all()


def test_a_change_that_does_not_fit_is_said(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    with pytest.raises(GradstepError, match=r"cross_entropy does not fit script\.py"):
        record_run(Run("other", script, changes=("loss=cross_entropy",)), tmp_path / "other.gradstep")


HANGING = "import torch\nx = torch.ones(1) * 2\nwhile True:\n    pass\n"


def test_a_script_that_says_nothing_more_is_ended_when_its_lesson_is_closed(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(HANGING, encoding="utf-8")
    asked = 0

    class ClosedError(Exception):
        pass

    def close() -> None:
        nonlocal asked
        asked += 1
        if asked > 10:
            raise ClosedError

    with pytest.raises(ClosedError):
        record_run(Run("first", script), tmp_path / "first.gradstep", on_tick=close)


def test_a_script_that_is_not_over_in_time_is_named(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(HANGING, encoding="utf-8")
    with pytest.raises(GradstepError, match=r"script\.py \(run 'first'\) was not over after 1 s.*--time-limit"):
        record_run(Run("first", script), tmp_path / "first.gradstep", time_limit_s=1.0)
