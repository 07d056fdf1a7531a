"""How many steps share a mark."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.models.timeline_steps import Mark, StepPhase, TimelineStep, marks, runs, timeline_steps
from engine.analysis.quantities import quantities
from engine.trace.reader import Trace

_PHASES: list[StepPhase] = ["forward", "backward", "update"]
_steps = st.lists(st.sampled_from(_PHASES).map(lambda phase: TimelineStep("", phase)))


def test_stretches_of_a_phase() -> None:
    steps = [TimelineStep("", phase) for phase in ("forward", "forward", "backward", "update")]
    assert runs(steps) == [Mark(0, 2, "forward"), Mark(2, 3, "backward"), Mark(3, 4, "update")]
    assert runs([]) == []


def test_few_steps_have_a_mark_each_and_many_share_one() -> None:
    steps = [TimelineStep("", "forward")] * 10
    assert [mark.end - mark.begin for mark in marks(steps, 20)] == [1] * 10
    assert [(mark.begin, mark.end) for mark in marks(steps, 3)] == [(0, 4), (4, 8), (8, 10)]


@given(_steps, st.integers(1, 40))
def test_marks_cover_all_steps_once_and_keep_phases_apart(steps: list[TimelineStep], most: int) -> None:
    found = marks(steps, most)
    assert [i for mark in found for i in range(mark.begin, mark.end)] == list(range(len(steps)))
    assert all(steps[i].phase == mark.phase for mark in found for i in range(mark.begin, mark.end))
    assert len(found) <= most + len(runs(steps))


def test_quantities_become_steps(hello: Trace) -> None:
    steps = timeline_steps(quantities(hello, 0))
    assert [step.phase for step in steps] == ["forward"] * 5 + ["backward"] * 10 + ["update"] * 4
    assert [step.symbol for step in steps[:2]] == ["z⁽¹⁾", "a⁽¹⁾"]
