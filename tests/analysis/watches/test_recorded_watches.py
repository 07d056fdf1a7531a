"""Watches over recorded runs: each name means its newest value that is known at the place."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from engine.analysis.quantities import quantities
from engine.analysis.roles import roles
from engine.analysis.watches.recorded_names import RecordedNames
from engine.analysis.watches.recorded_run import run_of
from engine.analysis.watches.watch import history, parse, value
from engine.events import Kind
from engine.trace.reader import Trace
from tests.analysis.conftest import Record

LOOP = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(3, 4)
        self.last = nn.Linear(4, 1)

    def forward(self, x):
        return self.last(torch.sigmoid(self.hidden(x)))

torch.manual_seed(0)
net = Net()
data, wanted = torch.randn(8, 3), torch.randn(8, 1)
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 2)
for _ in range({iterations}):
    optimizer.zero_grad()
    out = net(data)
    loss = ((out - wanted) ** 2).mean()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), 0.1)
    optimizer.step()
    scheduler.step()
"""


@pytest.fixture(scope="module")
def trace(recorded: Record) -> Trace:
    """Five iterations with Adam, a scheduler and clipping."""
    return recorded(source=LOOP.replace("{iterations}", "5"))


def result(trace: Trace, text: str, position: int, iteration: int | None = None) -> Any:
    found = value(parse(text), trace, position, iteration)
    assert found.result is not None, found.reason
    return found.result


def reason(trace: Trace, text: str, position: int, iteration: int | None = None) -> str:
    found = value(parse(text), trace, position, iteration)
    assert found.result is None
    return found.reason.english


def position_of(trace: Trace, name: str, iteration: int, after: int = 0) -> int:
    return next(e.position for e in trace.events(iteration=iteration) if e.name == name and e.position >= after)


def update_of(trace: Trace, parameter: str, iteration: int) -> Any:
    """The event that updates a parameter."""
    tensor = next(one.id for one in trace.tensors() if one.name == parameter)
    return next(e for e in trace.events(iteration=iteration) if e.kind == Kind.UPDATE and e.tensor == tensor)


def slot(trace: Trace, slots: Any, name: str) -> Any:
    return trace.array(next(one.value for one in slots if one.name == name))


def test_a_parameter_is_the_version_in_force(trace: Trace) -> None:
    update = update_of(trace, "hidden.weight", 1)
    old, new = slot(trace, update.inputs, "value"), slot(trace, update.outputs, "value")
    begin = trace.iteration(1).begin
    assert np.array_equal(result(trace, "hidden.weight", begin), old)
    assert np.array_equal(result(trace, "hidden.weight", update.position), old)
    assert np.array_equal(result(trace, "hidden.weight", update.position + 1), new)
    assert np.array_equal(result(trace, "hidden.weight", trace.iteration(2).begin), new)
    assert not np.array_equal(old, new)


def test_grad_is_what_the_box_holds_here(trace: Trace) -> None:
    text = "hidden.weight.grad"
    update = update_of(trace, "hidden.weight", 1)
    clipped = position_of(trace, "_foreach_mul_", 1)
    in_role = result(trace, "dC/dw1", update.position)
    assert "empty (None)" in reason(trace, text, position_of(trace, "linear", 1))
    assert np.array_equal(result(trace, text, clipped), in_role)
    assert np.array_equal(result(trace, text, update.position), slot(trace, update.inputs, "grad"))
    assert result(trace, "norm(hidden.weight.grad)", update.position) < result(trace, "norm(dC/dw1)", update.position)
    before = update_of(trace, "hidden.weight", 0)
    assert np.array_equal(result(trace, text, trace.iteration(1).begin), slot(trace, before.inputs, "grad"))
    assert np.array_equal(result(trace, "w1.grad", update.position), result(trace, text, update.position))


def test_a_role_is_this_iterations_value_or_not_known_yet(trace: Trace) -> None:
    linear = position_of(trace, "linear", 2)
    assert (
        reason(trace, "z1", linear) == f"z1 is not known yet at position {linear}; it is from position {linear + 1} on."
    )
    for iteration in range(5):
        end, found = trace.iteration(iteration).end, roles(trace, iteration).by_role
        for role in ("z1", "a1", "z2", "C", "dC/dz2", "dC/dw1", "new w1", "w1", "b2"):
            wanted = trace.array(found[role])
            assert np.array_equal(result(trace, f"`{role}`", end, iteration), wanted)
            assert np.array_equal(result(trace, role, end, iteration), wanted)


def test_all_quantities_have_their_symbols_as_names(trace: Trace) -> None:
    end = trace.iteration(1).end
    for step in quantities(trace, 1):
        wanted = step.array(trace)
        assert np.array_equal(result(trace, f"`{step.symbol}`", end, 1), wanted), step.symbol
        assert reason(trace, f"`{step.symbol}`", trace.iteration(1).begin)


def test_data_is_known_before_it_is_used(trace: Trace) -> None:
    begin = trace.iteration(3).begin
    assert result(trace, "x.shape", begin) == (8, 3)
    assert result(trace, "data.shape", begin) == (8, 3)
    assert np.array_equal(result(trace, "wanted", begin), trace.array(roles(trace, 3).by_role["t"]))


def test_variables_of_the_script(trace: Trace) -> None:
    by_role = roles(trace, 2).by_role
    end = trace.iteration(2).end
    assert result(trace, "loss", end, 2) == trace.array(by_role["C"])[()]
    assert np.array_equal(result(trace, "out", end, 2), trace.array(by_role["z2"]))
    newest = trace.array(roles(trace, 1).by_role["C"])[()]
    assert result(trace, "loss", trace.iteration(2).begin) == newest
    assert "not known yet" in reason(trace, "loss", trace.iteration(0).begin)


def test_a_leaf_that_the_script_made_itself_is_known_by_its_name(recorded: Record) -> None:
    leaf = recorded(
        source="""
import torch
weight = torch.tensor([2.0], requires_grad=True)
y = weight * 3.0
y.backward()
"""
    )
    end = len(leaf)
    assert result(leaf, "weight", end).tolist() == [2.0]
    assert result(leaf, "weight.grad", end).tolist() == [3.0]


def test_what_a_module_sets_when_it_is_made_is_not_called_as_its_size(recorded: Record) -> None:
    made = recorded(
        source="""
import torch
n = 3
net = torch.nn.LayerNorm(n)
x = torch.ones(2, 3)
y = net(x)
"""
    )
    names = RecordedNames(run_of(made), len(made), made.iterations()[-1].number)
    assert {"x", "y"} <= set(names.variables())
    assert "n" not in names.variables()


def test_what_can_be_named_at_a_place(trace: Trace) -> None:
    begin, end = trace.iteration(2).begin, trace.iteration(2).end
    names = RecordedNames(run_of(trace), begin, 2)
    assert {"data", "wanted"} <= set(names.variables())
    assert "loss" not in names.variables()
    assert "loss" in RecordedNames(run_of(trace), end, 2).variables()
    assert {"exp_avg", "exp_avg_sq", "step"} <= set(names.states("hidden.weight"))
    assert RecordedNames(run_of(trace), trace.iteration(0).begin, 0).states("hidden.weight") == []


def test_learning_rate_and_place(trace: Trace) -> None:
    rates = [point.found.result for point in history(parse("lr"), trace)]
    assert rates == pytest.approx([0.01, 0.001, 0.001, 0.0001, 0.0001])
    update = update_of(trace, "hidden.weight", 2)
    assert result(trace, "lr", update.position + 1) == pytest.approx(0.001)
    assert result(trace, "position - iteration", 40) == 40 - (trace.iteration_at(40) + 1)


def test_state_of_the_optimizer(trace: Trace) -> None:
    update = update_of(trace, "last.weight", 2)
    text = "last.weight.state.exp_avg"
    assert np.array_equal(result(trace, text, update.position), slot(trace, update.inputs, "exp_avg"))
    assert np.array_equal(result(trace, text, update.position + 1), slot(trace, update.outputs, "exp_avg"))
    assert result(trace, "last.weight.state.step", update.position + 1) == 3
    assert "it keeps step, exp_avg, exp_avg_sq" in reason(trace, "last.weight.state.momentum", update.position)
    assert "No optimizer" in reason(trace, text, trace.iteration(0).begin)


def test_output_of_a_module(trace: Trace) -> None:
    linear = position_of(trace, "linear", 1)
    by_role = roles(trace, 1).by_role
    assert "not known yet" in reason(trace, "hidden.output", linear)
    assert np.array_equal(result(trace, "hidden.output", linear + 1), trace.array(by_role["z1"]))
    assert np.array_equal(result(trace, "net.hidden.output", linear + 1), trace.array(by_role["z1"]))
    assert np.array_equal(result(trace, "net.output", trace.iteration(1).end, 1), trace.array(by_role["z2"]))


def test_unknown_names_have_near_ones(trace: Trace) -> None:
    assert reason(trace, "hiden.weight", 30).startswith("There is no hiden.weight here. Did you mean hidden.weight")
    assert reason(trace, "hidden.weight.gard.T", 30) == "hidden.weight has no .gard here."


def test_before_the_first_iteration_nothing_of_it_is_told(trace: Trace) -> None:
    for name in ("z1", "dC/dw1", "loss", "hidden.output", "w1"):
        assert "not known yet at position 2" in reason(trace, name, 2)


def test_history_is_the_value_at_each_end(trace: Trace) -> None:
    points = history(parse("norm(dC/dw1)"), trace)
    wanted = [float(np.linalg.norm(trace.array(roles(trace, k).by_role["dC/dw1"]).astype(float))) for k in range(5)]
    assert [point.iteration for point in points] == [0, 1, 2, 3, 4]
    assert [point.found.number for point in points] == pytest.approx(wanted)
    assert [point.iteration for point in history(parse("loss"), trace, [1, 3, 99])] == [1, 3]


def test_iterations_that_look_alike_have_the_same_roles(recorded: Record) -> None:
    """Every third iteration goes another way; the shared pattern must not be taken for it."""
    trace = recorded(
        source="""
        import torch
        w = torch.randn(3, 3, requires_grad=True)
        x = torch.randn(2, 3)
        for i in range(9):
            z = x @ w
            a = torch.relu(z) if i % 3 else torch.tanh(z) * 2
            loss = a.pow(2).sum()
            loss.backward()
            with torch.no_grad():
                w -= 0.1 * w.grad
            w.grad = None
        """
    )
    for number in range(9):
        found = run_of(trace).facts(number).roles
        assert found.by_role == roles(trace, number).by_role
        assert found.of_tensor == roles(trace, number).of_tensor


def test_many_iterations_are_fast(recorded: Record) -> None:
    trace = recorded(source=LOOP.replace("{iterations}", "300"))
    watch = parse("norm(dC/dw1) / norm(hidden.weight)")
    begin = time.process_time()
    assert len(history(watch, trace)) == 300
    first_s = time.process_time() - begin
    begin = time.process_time()
    history(watch, trace)
    again_s = time.process_time() - begin
    assert again_s < first_s / 5


def test_a_trace_that_grows_is_read_again(tmp_path: Any) -> None:
    import gradstep

    torch = pytest.importorskip("torch")
    with gradstep.record(tmp_path / "growing.gradstep") as recording:
        w = torch.tensor([2.0], requires_grad=True)
        for _ in range(3):
            loss = (w * 3).sum()
            loss.backward()
            with torch.no_grad():
                w -= 0.1 * w.grad
            w.grad = None
            recording.open()
            with Trace(tmp_path / "growing.gradstep") as trace:
                last = trace.iterations()[-1].number
                points = history(parse("C"), trace)
                assert points[-1].iteration == last
                assert points[-1].found.result == pytest.approx(float(loss.detach()))
