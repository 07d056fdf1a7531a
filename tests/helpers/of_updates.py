"""Holds the rows of the table of updates beside what torch made: whole steps, and the equation of each element."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.analysis.explain.explainer import explain
from engine.analysis.explain.values_of import Values
from engine.analysis.flow import flow_of
from engine.analysis.roles import roles_of
from engine.analysis.table.rule import Step, rule_of
from engine.events import Event, Kind
from engine.trace.reader import Trace
from tests.helpers.equations import holds


def updates(trace: Trace, name: str) -> list[Event]:
    """The update events of a name."""
    found = [event for event in trace.events() if event.kind == Kind.UPDATE and event.name == name]
    assert found, f"there is no {name} in the trace"
    return found


def computed(trace: Trace, event: Event) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """What the row of an update computes, and what was recorded, by name."""
    flow = flow_of(trace, event.iteration)
    case = Values(flow, roles_of(flow)).update(event)
    taken = "" if case.gradient is None else case.gradient.name
    state = {name: operand.wide for name, operand in case.before.items() if name != taken}
    gradient = None if case.gradient is None else case.gradient.wide
    row = rule_of(event.name)
    assert row is not None, f"{event.name} has no row"
    found = row.step(Step(case.old.wide, gradient, state, case.settings))
    theirs = {"value": case.new.wide, **{name: operand.wide for name, operand in case.after.items()}}
    if "new_momentum" in case.settings:
        theirs["momentum"] = np.asarray(case.settings["new_momentum"])
    return dict(found), theirs


def agree(trace: Trace, name: str, rtol: float = 1e-12) -> int:
    """The row of an update must come to the recorded parameter and state, whole and by its equation at each place."""
    compared = 0
    for event in updates(trace, name):
        mine, theirs = computed(trace, event)
        assert mine.keys() >= theirs.keys(), f"{name}: {sorted(theirs.keys() - mine.keys())} is not computed"
        for key, array in theirs.items():
            assert mine[key].shape == array.shape, f"{name}: {key}"
            np.testing.assert_allclose(mine[key], array, rtol=rtol, atol=1e-15, err_msg=f"{name}: {key}")
        compared += equations_agree(trace, event, theirs["value"].shape, rtol)
    return compared


def equations_agree(trace: Trace, event: Event, shape: Any, rtol: float = 1e-12) -> int:
    """Each element's equation must come to the recorded number."""
    places = list(np.ndindex(*shape))
    for place in places:
        page = explain(trace, event.position, place)
        assert page.worked, f"{event.name} has no equation"
        assert holds(page, rtol=rtol, atol=1e-15) == 1
    return len(places)
