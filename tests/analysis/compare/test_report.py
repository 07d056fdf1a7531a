"""Two runs compared: the same script, other seeds, settings, lines, formats; cut off and still being written."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import gradstep
from engine.analysis.compare.difference import Way
from engine.analysis.compare.report import Report, compare
from engine.analysis.compare.words import sentence
from engine.bilingual import same
from engine.trace.reader import Trace

from .conftest import EXAMPLES, TRAIN, Record, run_script


def compared(first: Path, second: Path, iteration: int | None = None, tolerance: float = 0.0) -> Report:
    with Trace(first) as one, Trace(second) as other:
        return compare(one, other, iteration, tolerance)


def test_the_same_script_twice_is_the_same_run(record: Record) -> None:
    found = compared(record(TRAIN, "1", "0.1", "2"), record(TRAIN, "1", "0.1", "2"))
    assert found.same
    assert (found.first, found.own, found.settings, found.sources) == (None, (), (), ())
    assert found.matched == found.equal == found.sides[0].events
    assert found.losses.iterations == (0, 1)
    assert (found.losses.parted, found.losses.lower) == (None, 0)


def test_of_another_seed_the_first_draw_is_the_cause(record: Record) -> None:
    found = compared(record(TRAIN, "1", "0.1", "2"), record(TRAIN, "2", "0.1", "2"))
    assert {difference.way for difference in found.own} == {Way.DRAW}
    first = found.own[0]
    assert found.first == first
    assert (first.spot.name, first.spot.line) == ("kaiming_uniform_", 6)
    assert "kaiming_uniform_ at train.py:6 drew other numbers" in sentence(first).english
    torch.manual_seed(1)
    one = torch.nn.Linear(3, 4).weight
    torch.manual_seed(2)
    away = (one - torch.nn.Linear(3, 4).weight).abs()
    assert first.unlike is not None
    assert first.unlike.distance is not None
    assert first.unlike.distance.difference == pytest.approx(float(away.max().detach()), rel=1e-6)
    assert first.unlike.distance.where == divmod(int(away.argmax()), 3)
    assert found.losses.parted == 0


def test_of_another_rate_the_update_is_the_cause_and_the_rest_follows(record: Record) -> None:
    traces = record(TRAIN, "1", "0.1", "3"), record(TRAIN, "1", "0.2", "3")
    found = compared(*traces)
    (cause,) = found.own
    assert (cause.way, cause.spot.name, cause.spot.iteration) == (Way.ARGUMENTS, "SGD", 0)
    assert cause.arguments == (("lr", "0.1", "0.2"),)
    assert ("SGD lr", "0.1", "0.2") in {(row.name, row.first, row.second) for row in found.settings}
    assert found.losses.parted == 1
    later = compared(*traces, iteration=1)
    assert later.first is not None
    assert (later.first.follows, later.first.spot.name, later.first.spot.iteration) == (True, "linear", 1)
    assert later.own == found.own
    assert next(row for row in later.quantities if row.symbol == "z1").unlike is not None


def test_the_two_mistakes_of_the_buggy_example_are_found(record: Record) -> None:
    script = EXAMPLES / "four_three_one.py"
    found = compared(record(script, "--passes", "2"), record(script, "--passes", "2", "--buggy"))
    lines = [(row.way, row.spot.text.partition("  #")[0]) for row in found.own]
    assert lines[:2] == [(Way.ONLY_FIRST, "z2 = a1 @ wout + bout"), (Way.ONLY_SECOND, "z2 = a1 @ wout")]
    assert (Way.ONLY_SECOND, "bh += lr * delta2.sum()") in lines
    assert found.first == found.own[0]
    same = {row.symbol for row in found.quantities if row.unlike is None}
    assert {"z1", "a1", "slope1"} <= same
    assert "z2" not in same


def test_an_added_line_moves_nothing(record: Record) -> None:
    longer = TRAIN.replace("    out = net(x)\n", "    out = net(x)\n    biggest = out.abs().max()\n")
    found = compared(record(TRAIN, "1", "0.1", "2"), record(longer, "1", "0.1", "2"))
    (added,) = found.own
    assert (added.way, added.first, added.spot.text) == (Way.ONLY_SECOND, None, "biggest = out.abs().max()")
    assert found.matched == found.equal == found.sides[0].events
    (change,) = found.sources
    assert [line for line in change.lines if line.startswith("+")] == ["+    biggest = out.abs().max()"]


def test_another_op_on_the_same_line_is_named_in_both(record: Record) -> None:
    other = TRAIN.replace("nn.ReLU()", "nn.Tanh()")
    found = compared(record(TRAIN, "1", "0.1", "1"), record(other, "1", "0.1", "1"))
    cause = found.own[0]
    assert cause.way is Way.OTHER_OP
    assert cause.first is not None
    assert cause.second is not None
    assert (cause.first.name, cause.second.name) == ("relu", "tanh")
    assert [row.way for row in found.own] == [Way.OTHER_OP]


def test_reading_another_value_is_a_difference_of_its_own(record: Record) -> None:
    script = "import torch\na = torch.arange(3.0)\nb = a * 2\nc = a * 3\nd = b.exp()\n"
    found = compared(record(script), record(script.replace("b.exp()", "c.exp()")))
    (cause,) = found.own
    assert (cause.way, cause.spot.name, cause.spot.line) == (Way.SOURCE, "exp", 5)


def test_weights_from_before_the_recording_are_the_cause(tmp_path: Path) -> None:
    paths = tmp_path / "1.gradstep", tmp_path / "2.gradstep"
    for scale, path in zip((1.0, 1.5), paths, strict=True):
        w = torch.full((2,), scale, requires_grad=True)
        with gradstep.record(path):
            y = w * 2
            y.exp()
    found = compared(*paths)
    (cause,) = found.own
    assert (cause.way, cause.spot.name) == (Way.INPUT, "mul")
    assert cause.unlike is not None
    assert cause.unlike.distance is not None
    assert (cause.unlike.distance.difference, cause.unlike.distance.roundings) == (0.5, 0.5 * 2**23)


NORMALIZED = """import sys, torch
from torch import nn
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 1))
x, t = torch.randn(8, 3), torch.randn(8, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=float(sys.argv[1]))
for i in range(3):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(net(x), t)
    loss.backward()
    optimizer.step()
net.eval()
print(net(x).sum(), net[1].running_mean.sum(), net[1].num_batches_tracked * 2)
"""


def test_running_statistics_follow_from_what_was_normalized(record: Record) -> None:
    found = compared(record(NORMALIZED, "0.1"), record(NORMALIZED, "0.2"))
    assert [(row.way, row.spot.name) for row in found.own] == [(Way.ARGUMENTS, "SGD")]


def test_running_statistics_outside_of_modules_follow_too(record: Record) -> None:
    script = """import sys, torch
from torch.nn.functional import batch_norm
torch.manual_seed(0)
mean, var = torch.zeros(3), torch.ones(3)
x = torch.randn(8, 3)
for i in range(3):
    y = batch_norm(x * (i + 1) * float(sys.argv[1]), mean, var, training=True)
z = batch_norm(x, mean, var)
"""
    found = compared(record(script, "1"), record(script, "2"))
    assert [(row.way, row.spot.name) for row in found.own] == [(Way.ARGUMENTS, "mul")]


@pytest.mark.parametrize("is_first_longer", [True, False])
def test_a_count_of_batches_follows_from_a_batch_that_only_one_run_has(record: Record, is_first_longer: bool) -> None:
    longer = NORMALIZED.replace("    loss = ", "    if i == 1: net(x)\n    loss = ")
    traces = record(NORMALIZED, "0.1"), record(longer, "0.1")
    found = compared(*(traces[::-1] if is_first_longer else traces))
    only = Way.ONLY_FIRST if is_first_longer else Way.ONLY_SECOND
    assert {(row.way, row.spot.text) for row in found.own} == {(only, "if i == 1: net(x)")}


def test_running_statistics_from_before_the_recording_are_a_cause(tmp_path: Path) -> None:
    paths = tmp_path / "1.gradstep", tmp_path / "2.gradstep"
    for mean, path in zip((0.0, 1.5), paths, strict=True):
        norm = torch.nn.BatchNorm1d(2)
        norm.running_mean.fill_(mean)
        with gradstep.record(path):
            for _ in range(2):
                norm(torch.tensor([[0.0, 1.0], [2.0, 3.0]]))
    (cause,) = compared(*paths).own
    assert (cause.way, cause.spot.name, cause.slot) == (Way.INPUT, "batch_norm", "input 1")


def test_sgd_against_adam_in_lenet(record: Record) -> None:
    script = EXAMPLES / "lenet.py"
    found = compared(record(script, "--optimizer", "sgd"), record(script, "--optimizer", "adam"))
    assert found.own[0].way is Way.OTHER_OP
    text = sentence(found.own[0], (same("a"), same("b"))).english
    assert "a calls SGD of conv" in text
    assert "b calls Adam of conv" in text
    assert {"SGD", "Adam"} <= {row.name for row in found.settings}


def test_single_against_double_precision(record: Record) -> None:
    script = EXAMPLES / "four_three_one.py"
    found = compared(record(script, "--passes", "1"), record(script, "--passes", "1", "--double"))
    cause = found.own[0]
    assert cause.spot.name == "tensor"
    assert cause.unlike is not None
    assert (cause.unlike.what, cause.unlike.first, cause.unlike.second) == ("dtype", "float32", "float64")
    z1 = next(row for row in found.quantities if row.symbol == "z1").unlike
    assert z1 is not None
    assert z1.distance is not None
    assert 0 < z1.distance.roundings < 10


def test_a_tolerance_hides_what_is_smaller(record: Record) -> None:
    script = "import torch\na = torch.tensor([1.0, 2.0]) * float('{}')\nb = a.exp()\n"
    traces = record(script.format("3")), record(script.format("3.000001"))
    assert not compared(*traces).same
    with Trace(traces[0]) as one, Trace(traces[1]) as other:
        found = compare(one, other, tolerance=1e-4)
    assert [row.way for row in found.own] == [Way.ARGUMENTS]


def test_more_iterations_are_one_difference(record: Record) -> None:
    found = compared(record(TRAIN, "1", "0.1", "2"), record(TRAIN, "1", "0.1", "4"))
    (more,) = found.own
    assert (more.way, more.spot.iteration, found.same) == (Way.ONLY_ITERATION, 2, False)
    assert found.matched == found.equal == found.sides[0].events
    assert found.losses.parted is None
    assert found.losses.first[2:] == (None, None)


def test_a_trace_that_is_still_written_is_compared_as_far_as_it_goes(record: Record, tmp_path: Path) -> None:
    script = tmp_path / "train.py"
    script.write_text(TRAIN, encoding="utf-8")
    whole = record(script, "1", "0.1", "3")
    with gradstep.record(tmp_path / "live.gradstep") as run:
        run_script(script, "1", "0.1", "2")
        with run.open():
            found = compared(whole, run.path)
        assert found.same
        assert (found.sides[1].unfinished, found.sides[1].iterations) == (True, 2)
        torch.ones(3).exp()
    assert not compared(whole, tmp_path / "live.gradstep").same
