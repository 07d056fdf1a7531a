"""What a stop's highlight is in its run: numbers, operations, lines of the source, lines that were printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.lessons.checking import problems_of_runs
from engine.lessons.lesson import Where
from engine.lessons.markdown import Kind, blocks
from engine.lessons.moments import moment_of
from engine.lessons.pointed import Pointed, pointed_out, stands_in
from engine.lessons.reading import read_lesson
from engine.trace.reader import Trace
from tests.helpers.recorded_lessons import record
from tests.lessons.conftest import SmallLesson

SCRIPT = """import torch
from torch import nn

net = nn.Linear(1, 1)
with torch.no_grad():
    net.weight.fill_(3.0)
    net.bias.fill_(1.0)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
for number in range(2):
    optimizer.zero_grad()
    loss = (torch.relu(net(torch.tensor([2.0]))) - 1).pow(2).sum()
    loss.backward()
    optimizer.step()
    print("loss", loss.item(), "loss_scale none")
"""


@pytest.fixture
def small_trace(small: SmallLesson):
    """The run of a script of two iterations."""
    small.write("script.py", SCRIPT)
    run = read_lesson(small.folder).runs[0]
    path = small.folder.parent / "run.gradstep"
    record(run, path)
    with Trace(path) as trace:
        yield trace


def one(trace: Trace, where: Where, word: str, view: str = "canvas", *, revealed: bool = True) -> Pointed:
    (found,) = pointed_out(moment_of(trace, where), view, [word], revealed=revealed)
    return found


def test_a_quantity_is_known_once_it_is_revealed(small_trace: Trace) -> None:
    at = Where(0, quantity="z1")
    before, after = (one(small_trace, at, "z1", revealed=revealed) for revealed in (False, True))
    assert (before.quantity, before.is_known) == (0, False)
    assert after.is_known
    assert after.value == before.value
    assert small_trace.array(after.value) == 7.0
    assert not one(small_trace, at, "dC/dw1").is_known


def test_a_gradient_and_a_memory_belong_to_their_parameter(small_trace: Trace) -> None:
    weight = next(tensor.id for tensor in small_trace.tensors() if tensor.name == "weight")
    at = Where(1, line="optimizer.step()")
    for word in ("w1", "weight", "dC/dw1", "weight.grad", "weight.state.momentum_buffer"):
        found = one(small_trace, at, word)
        assert (found.word, found.tensor, found.is_known) == (word, weight, True), word
    assert small_trace.array(one(small_trace, Where(0, line="loss.backward()"), "weight.grad").value) == 24.0
    empty = one(small_trace, Where(0, line="loss.backward()"), "weight.grad", revealed=False)
    assert (empty.is_found, empty.is_known) == (True, False)


def test_operations_nodes_and_slopes(small_trace: Trace) -> None:
    at = Where(0, phase="forward")
    names = {event.position: event.name for event in small_trace.events(0)}
    assert [names[event] for event in one(small_trace, at, "relu").events] == ["relu"]
    assert [names[event] for event in one(small_trace, at, "ReluBackward0").events] == ["ReluBackward0"]
    slope = one(small_trace, at, "relu'(z1)")
    assert slope.op is not None
    assert names[slope.op] == "relu"


def test_a_piece_of_the_source_is_the_one_nearest_to_the_stop(small_trace: Trace) -> None:
    found = one(small_trace, Where(0, quantity="z1"), "loss")
    assert found.symbol, "a name comes before a text"
    for text, line in (("loss.backward()", 12), ("torch", 11), ("momentum=0.9", 8)):
        span = one(small_trace, Where(0, quantity="z1"), text, "source").span
        assert span is not None
        assert span.line == line
        assert SCRIPT.splitlines()[line - 1][span.column : span.end_column] == text
    relu = one(small_trace, Where(0, quantity="a1"), "torch.relu(net(torch.tensor([2.0])))", "tensor")
    assert relu.is_known
    assert small_trace.array(relu.value) == 7.0


def test_what_was_printed(small_trace: Trace) -> None:
    assert one(small_trace, Where(0), "loss", "console").printed
    assert not one(small_trace, Where(0), "scale", "console").printed
    assert stands_in("loss", "loss 36.0")
    assert not stands_in("loss", "loss_scale none")


def test_one_element(small_trace: Trace) -> None:
    found = one(small_trace, Where(0, quantity="z1"), "z1[0]")
    assert (found.symbol, found.element) == ("z1", (0,))


def test_a_word_that_is_nowhere_is_a_problem(small: SmallLesson, tmp_path: Path) -> None:
    small.change("lesson.toml", 'view = "equation"', 'view = "equation"\nhighlight = ["z1", "zz9"]')
    lesson = read_lesson(small.folder)
    record(lesson.runs[0], tmp_path / "run.gradstep")
    with Trace(tmp_path / "run.gradstep") as trace:
        (problem,) = problems_of_runs(lesson, {"first": trace})
    assert "highlights 'zz9'" in str(problem)


def test_a_number_that_is_put_in_is_not_the_number_of_a_list(small_trace: Trace) -> None:
    filled = moment_of(small_trace, Where(0, quantity="z1")).filled(
        "{{ z1 }}. That is all.\n{{ z1 }} is it", "en", revealed=True
    )
    assert blocks(filled)[0].text == "7. That is all. 7 is it"
    assert blocks(filled)[0].kind == Kind.PARAGRAPH


TWO = """import torch
for name in ("first", "second", "third"):
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.Adam([w])
    loss = w * 2.0
    loss.backward()
    optimizer.step()
"""


def test_of_parameters_with_one_name_it_is_the_one_of_the_iteration(small: SmallLesson, tmp_path: Path) -> None:
    small.write("script.py", TWO)
    record(read_lesson(small.folder).runs[0], tmp_path / "run.gradstep")
    with Trace(tmp_path / "run.gradstep") as trace:
        updated = [event.tensor for event in trace.events(0) if event.tensor is not None]
        found = one(trace, Where(0, line="optimizer.step()"), "w.state.exp_avg", revealed=False)
    assert not found.is_known
    assert found.tensor == updated[-1]
