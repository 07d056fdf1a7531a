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
