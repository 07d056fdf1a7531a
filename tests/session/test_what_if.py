"""Branches: the script runs again, is proved to be the same run, and goes on with one thing changed."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.analysis.compare.report import compare
from engine.analysis.edit_places import place_of
from engine.errors import GradstepError, SessionError
from engine.events import Kind
from engine.session.branches import next_name, tree_of
from engine.session.launch import Launch
from engine.session.record import record
from engine.session.what_if import Plan, Setting, what_if
from engine.trace.reader import Trace

TRAINING = """
    import os
    import torch

    w = torch.rand(1, dtype=torch.float64) * 0 + 1
    w.requires_grad_()
    x = torch.tensor([3.0], dtype=torch.float64)
    optimizer = torch.optim.SGD([w], lr=0.01)
    for iteration in range(3):
        optimizer.zero_grad()
        y = w * x
        loss = (y - 6).pow(2).sum()
        loss.backward()
        optimizer.step()
"""

Write = Callable[..., Any]


@pytest.fixture(scope="module")
def parent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three iterations of one weight, recorded without a seed; branches go elsewhere."""
    folder = tmp_path_factory.mktemp("a script")
    (folder / "script.py").write_text(textwrap.dedent(TRAINING), encoding="utf-8")
    trace = folder / "t.gradstep"
    assert record(Launch("script.py", folder=folder), trace).exit_code == 0
    return trace


def losses(trace: Trace) -> list[float]:
    """C of each iteration."""
    found = []
    for event in trace.events():
        array = trace.array(event.outputs[0].value) if event.name == "sum" and event.outputs else None
        if array is not None:
            found.append(float(array))
    return found


def descended(weights: Callable[[int, float], float], rates: Callable[[int], float] = lambda k: 0.01) -> list[float]:
    """C of three iterations by hand. weights: what w is set to when an iteration begins."""
    w, found = 1.0, []
    for k in range(3):
        w = weights(k, w)
        found.append((3 * w - 6) ** 2)
        w -= rates(k) * 2 * (3 * w - 6) * 3
    return found


def test_a_weight_in_the_middle_of_a_run(parent: Path, tmp_path: Path) -> None:
    with Trace(parent) as trace:
        assert losses(trace) == pytest.approx(descended(lambda k, w: w), rel=1e-12)
        position = place_of(trace, "w", 1)
    assert next_name(parent).name == "t.what-if-1.gradstep"
    out = tmp_path / "first.gradstep"
    tried = what_if(parent, Plan(position, (Setting("w", "w * 2"),)), out)
    assert tried.same is not None
    assert tried.same.events == position
    assert tried.ending.exit_code == 0
    with Trace(out) as branch, Trace(parent) as trace:
        assert losses(branch) == pytest.approx(descended(lambda k, w: 2 * w if k == 1 else w), rel=1e-12)
        report = compare(trace, branch)
        assert report.first is not None
        assert report.first.spot.name == "edit of w"
        assert report.own_count == 1
        meta = branch.meta()["branch"]
        assert (meta["position"], meta["edits"]) == (position, ["w = w * 2"])
    # A branch of the branch does the first edit again, and then its own.
    with Trace(out) as branch:
        later = place_of(branch, "lr", 2)
    second = tmp_path / "second.gradstep"
    tried = what_if(out, Plan(later, (Setting("lr", "0"),)), second)
    assert tried.same is not None
    assert tried.same.events == later
    with Trace(second) as branch:
        assert losses(branch) == pytest.approx(descended(lambda k, w: 2 * w if k == 1 else w), rel=1e-12)
        kinds = [event.arguments["what"] for event in branch.events() if event.kind == Kind.EDIT]
        assert kinds == ["parameter", "learning rate"]
        update = [event for event in branch.events() if event.name == "SGD"][-1]
        assert update.arguments["lr"] == 0
    root = tree_of(second)
    assert root.path == parent
    (child,) = root.children
    (grandchild,) = child.children
    assert (child.path, grandchild.path) == (out, second)
    assert child.words.english == f"w = w * 2 at position {position}"


@pytest.mark.parametrize(("iteration", "value"), [(0, "w1 * 2"), (1, "4 * w1 / 2")])
def test_a_weight_by_its_role_before_the_forward_pass(parent: Path, tmp_path: Path, iteration: int, value: str) -> None:
    with Trace(parent) as trace:
        position = place_of(trace, "w1", iteration)
        assert trace.event(position).name == "mul"
    out = tmp_path / "branch.gradstep"
    what_if(parent, Plan(position, (Setting("w1", value),)), out)
    with Trace(out) as branch:
        expected = descended(lambda k, w: 2 * w if k == iteration else w)
        assert losses(branch) == pytest.approx(expected, rel=1e-12)
        assert branch.meta()["branch"]["edits"] == [f"w1 = {value}"]


def test_a_tensor_that_the_script_updates_itself(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(
        textwrap.dedent("""
        import torch
        slope = torch.full((), 0.3, requires_grad=True)
        for iteration in range(3):
            loss = (slope * 3.0 - 6).pow(2).sum()
            loss.backward()
            with torch.no_grad():
                slope -= 0.01 * slope.grad
                slope.grad = None
        """),
        encoding="utf-8",
    )
    first, out = tmp_path / "t.gradstep", tmp_path / "branch.gradstep"
    assert record(Launch("script.py", folder=tmp_path), first).exit_code == 0
    with Trace(first) as trace:
        position = place_of(trace, "slope", 0)
        assert trace.event(position).name == "mul"
    (edited,) = what_if(first, Plan(position, (Setting("slope", "0.1"),)), out).edits
    assert (edited.old.english, edited.new.english) == ("0.3", "0.1")
    with Trace(out) as branch:
        assert losses(branch) == pytest.approx(descended(lambda k, w: 0.1 if k == 0 else w), rel=1e-5)


def test_a_change_from_the_start(parent: Path, tmp_path: Path) -> None:
    out = tmp_path / "branch.gradstep"
    tried = what_if(parent, Plan(changes=("lr=0.05",)), out)
    assert tried.applied == {"lr=0.05": 1}
    with Trace(out) as branch:
        assert losses(branch) == pytest.approx(descended(lambda k, w: w, lambda k: 0.05), rel=1e-12)
        assert branch.meta()["branch"]["changes"] == ["lr=0.05"]


def test_a_change_that_never_takes_effect_leaves_nothing(parent: Path, tmp_path: Path) -> None:
    out = tmp_path / "branch.gradstep"
    with pytest.raises(SessionError, match=r"activation=tanh changed nothing: script.py calls no activation"):
        what_if(parent, Plan(changes=("activation=tanh",)), out)
    assert list(tmp_path.iterdir()) == []


def test_a_change_that_does_not_fit(parent: Path, tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="its Adam has no momentum"):
        what_if(parent, Plan(changes=("optimizer=adam", "momentum=0.5")), tmp_path / "branch.gradstep")
    assert list(tmp_path.iterdir()) == []


def test_an_edit_that_is_refused_leaves_nothing(parent: Path, tmp_path: Path) -> None:
    with Trace(parent) as trace:
        position = place_of(trace, "y", 0)
    with pytest.raises(SessionError, match="not finite"):
        what_if(parent, Plan(position, (Setting("y", "0 / 0"),)), tmp_path / "branch.gradstep")
    assert list(tmp_path.iterdir()) == []


def test_a_script_that_does_not_do_twice_what_it_does_once(script: Write) -> None:
    written = script(
        """
        import os
        import torch

        torch.manual_seed(int.from_bytes(os.urandom(4), "little"))
        w = torch.ones(2, requires_grad=True)
        noise = torch.randn(2)  # @noise
        loss = (w * noise).sum()
        loss.backward()
        """
    )
    written.run_recorded()
    line = written.line("noise")
    with Trace(written.trace) as trace:
        position = next(event.position for event in trace.events() if event.name == "sum")
    with pytest.raises(SessionError, match=f"Your script is not deterministic here: randn at line {line}, event 1"):
        what_if(written.trace, Plan(position, (Setting("lr", "1"),)), next_name(written.trace))


@pytest.mark.parametrize(("start", "end"), [("", ""), ("\ufeff", "\n"), ("# coding: latin-1\n# é\n", "\n")])
def test_a_script_without_a_last_line_end_or_in_another_encoding_is_the_same(
    start: str, end: str, tmp_path: Path
) -> None:
    text = start + textwrap.dedent(TRAINING).strip() + end
    (tmp_path / "script.py").write_text(text, encoding="latin-1" if "latin" in start else "utf-8")
    trace = tmp_path / "t.gradstep"
    assert record(Launch("script.py", folder=tmp_path), trace).exit_code == 0
    branch = tmp_path / "branch.gradstep"
    what_if(trace, Plan(changes=("lr=0.5",)), branch)
    with Trace(trace) as before, Trace(branch) as after:
        assert losses(before)[0] == losses(after)[0]
        assert losses(before)[1] != losses(after)[1]


def test_a_script_that_was_changed_since(parent: Path, tmp_path: Path) -> None:
    source = parent.with_name("script.py")
    text = source.read_text(encoding="utf-8")
    try:
        source.write_text(text.replace("0.01", "0.02"), encoding="utf-8")
        with pytest.raises(SessionError, match=r"script.py has changed since t.gradstep was recorded"):
            what_if(parent, Plan(changes=("lr=0.5",)), tmp_path / "branch.gradstep")
        source.unlink()
        with pytest.raises(SessionError, match="is not there any more"):
            what_if(parent, Plan(changes=("lr=0.5",)), tmp_path / "branch.gradstep")
    finally:
        source.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (Plan(), "nothing to try"),
        (Plan(10_000, (Setting("w", "1"),)), "no event at position 10000"),
        (Plan(None, (Setting("w", "1"),)), "not said where"),
        (Plan(3, (Setting("w", "1"),), ("lr=1",)), "two questions"),
        (Plan(changes=("depth=3",)), "depth cannot be changed"),
    ],
)
def test_plans_that_make_no_sense(parent: Path, tmp_path: Path, plan: Plan, said: str) -> None:
    with pytest.raises(GradstepError, match=said):
        what_if(parent, plan, tmp_path / "branch.gradstep")


def test_a_branch_overwrites_nothing(parent: Path) -> None:
    with pytest.raises(SessionError, match="is there already"):
        what_if(parent, Plan(changes=("lr=1",)), parent)


def test_where_things_can_be_changed(parent: Path) -> None:
    with Trace(parent) as trace:
        names = {event.position: event.name for event in trace.events(iteration=1)}
        assert names[place_of(trace, "w", 1)] == "mul"
        assert names[place_of(trace, "y", 1)] == "sub"
        assert names[place_of(trace, "lr", 1)] == "SGD"
        assert names[place_of(trace, "w.grad", 1)] == "SGD"
        with pytest.raises(GradstepError, match="There is no q"):
            place_of(trace, "q", 1)


def test_the_same_seed_is_used_again(script: Write, tmp_path: Path) -> None:
    written = script("import torch\nw = torch.rand(3, requires_grad=True)\n(w * w).sum().backward()\nloss = w.sum()\n")
    trace = tmp_path / "seeded.gradstep"
    record(Launch(written.path, seed=5), trace)
    with Trace(trace) as found:
        position = next(event.position for event in found.events() if event.name == "mul")
    tried = what_if(trace, Plan(position, (Setting("w[0]", "0.5"),)), next_name(trace))
    assert tried.edits[0].what == "parameter"
    with Trace(tried.trace) as branch:
        assert branch.meta()["seed"] == 5
        mul = next(event for event in branch.events() if event.name == "mul")
        first = branch.array(mul.outputs[0].value)
    assert first is not None
    assert math.isclose(first[0], 0.25)


def test_from_python(parent: Path, tmp_path: Path) -> None:
    import gradstep

    out = tmp_path / "b.gradstep"
    with gradstep.open(parent) as trace, trace.what_if({"y": [2.5]}, iteration=2, out=out) as branch:
        assert branch.path == out
        assert branch.meta["branch"]["edits"] == ["y = [2.5]"]
        (loss,) = branch.values("C")[2].reshape(-1)
        assert math.isclose(loss, (2.5 - 6) ** 2)
