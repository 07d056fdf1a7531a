"""Names from the source: which variable receives what an op made."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.analysis.names import ValueNames, parse
from engine.trace.reader import Trace

Record = Callable[..., Trace]

SCRIPT = """
    import torch
    from torch import nn

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 2))

        def forward(self, x):
            self.h = self.fc(x)
            first, second = torch.tanh(self.h), torch.relu(self.h) * 2
            both = first + second
            both += 1
            low, high = both.chunk(2)
            kept: torch.Tensor = low @ torch.ones(2, 2)
            return kept.sum()

    net = Net()
    loss = net(torch.ones(2, 2))
    loss.backward()
"""


@pytest.fixture
def names(recorded: Record) -> dict[tuple[str, int], list[str]]:
    """(op, output) -> the variables that it was assigned to, in order."""
    trace = recorded(source=SCRIPT)
    found: dict[tuple[str, int], list[str]] = {}
    names = ValueNames(trace)
    for event in trace.events():
        for output in range(len(event.outputs)):
            if event.kind == "op":
                found.setdefault((event.name, output), []).append(names.variable(event, output))
    return found


def test_each_target_gets_its_own(names: dict[tuple[str, int], list[str]]) -> None:
    assert names["tanh", 0] == ["first"]
    assert names["mul", 0] == ["second"]
    assert names["chunk", 0] == ["low"]
    assert names["chunk", 1] == ["high"]
    assert names["matmul", 0] == ["kept"]


def test_only_the_last_op_of_a_call_is_what_it_returns(names: dict[tuple[str, int], list[str]]) -> None:
    assert names["linear", 0] == ["", "h"], "self.h is what the last Linear of the Sequential made"
    assert names["relu", 0] == ["", ""], "one inside the Sequential, one inside a product"


def test_returned_and_augmented(names: dict[tuple[str, int], list[str]]) -> None:
    assert names["sum", 0] == [""]
    assert [name for op, found in names.items() if op[0] in ("add", "add_") for name in found] == ["both", "both"]


def test_expressions_and_arguments(recorded: Record) -> None:
    trace = recorded("hello", "--double")
    names = ValueNames(trace)
    linear = next(event for event in trace.events(iteration=0) if event.name == "linear")
    loss = next(event for event in trace.events(iteration=0) if event.name == "mse_loss")
    assert names.expression(linear.site) == "self.hidden_layer(x)"
    assert names.argument(loss, "1") == "target"
    target = loss.inputs[1].value
    assert target is not None
    assert names.variable_of_value(target) == "target"


def test_a_source_that_is_no_python_has_no_names() -> None:
    assert parse("this is (not python").nodes == {}
    assert parse("é = f(x)").text((1, 1, 5, 9)) == "f(x)", "columns count bytes"
