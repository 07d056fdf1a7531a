"""What happened on each line of an iteration: lines that ran and will, what their names hold, the event of a line."""

from __future__ import annotations

from collections.abc import Callable

from app.models.line_facts import LineFacts, SourceFacts
from engine.trace.reader import Trace

TEXT = """import torch
w = torch.tensor([2.0, 1.0], requires_grad=True)
for i in range(2):
    z = w * 3.0
    big = torch.ones(2, 5) * z.sum()
    loss = z.sum()
    loss.backward()
    with torch.no_grad():
        w -= 0.5 * w.grad
"""


def position_of(trace: Trace, name: str, iteration: int) -> int:
    return next(event.position for event in trace.events(iteration=iteration) if event.name == name)


def test_lines_run_one_after_another_and_hold_what_they_made(recorded: Callable[[str], Trace]) -> None:
    trace = recorded(TEXT)
    facts = SourceFacts(trace)
    span = trace.iteration(1)
    assert span is not None
    at_start = facts.at(1, 1, span.begin)
    assert at_start.executed == frozenset()
    assert at_start.values == ()
    assert at_start.coming >= {4, 5, 6, 7, 9}
    node = next(event.position for event in trace.events(iteration=1) if event.kind == "node")
    midway = facts.at(1, 1, node)
    assert midway.executed == {4, 5, 6}
    assert {7, 9} <= midway.coming
    # w was [2, 1] and lost 0.5 * 3 of each element.
    assert dict(midway.values) == {4: "z = [1.5 −1.5]", 5: "big = (2, 5)", 6: "loss = 0"}
    assert facts.at(1, 1, span.end).executed >= {4, 5, 6, 7, 9}
    assert facts.at(1, 99, 0) == LineFacts()


def test_the_event_of_a_line_is_the_last_one_that_ran_else_the_first_to_come(recorded: Callable[[str], Trace]) -> None:
    trace = recorded(TEXT)
    facts = SourceFacts(trace)
    first = next(event.position for event in trace.events(iteration=0) if event.name == "mul")
    on_line = [
        event.position
        for event in trace.events(iteration=0)
        if (site := trace.site(event.site)) is not None and site.line == 5
    ]
    assert len(on_line) >= 2
    assert facts.event_on(1, 5, 0, first) == on_line[0]
    assert facts.event_on(1, 5, 0, on_line[-1]) == on_line[-2]
    assert facts.event_on(1, 5, 0, on_line[-1] + 1) == on_line[-1]
    assert facts.event_on(1, 3, 0, first) is None


CALLING = """import torch
class Twice(torch.nn.Module):
    def forward(self, x):
        y = x * 2.0
        return y + 1.0
net = Twice()
for i in range(2):
    first = net(torch.ones(2))
    second = net(
        first)
    loss = second.sum()
"""


def test_a_line_that_calls_a_module_runs_and_holds_what_the_call_gave_back(recorded: Callable[[str], Trace]) -> None:
    trace = recorded(CALLING)
    facts = SourceFacts(trace)
    span = trace.iteration(-1) or trace.iteration(0)
    assert span is not None
    adds = [event.position for event in trace.events() if event.name == "add"]
    before = facts.at(1, span.number, adds[0])
    assert 8 in before.executed
    assert "first" not in str(before.values)
    after = dict(facts.at(1, span.number, adds[0] + 1).values)
    assert after[8] == "first = [3 3]"
    assert dict(facts.at(1, span.number, adds[1] + 1).values)[9] == "second = [7 7]"
    muls = [event.position for event in trace.events() if event.name == "mul"]
    assert facts.event_on(1, 9, span.number, span.begin) == muls[1]
