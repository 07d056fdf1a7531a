"""What has a name at a place, and the parameters as a tree: values, `.grad` boxes, passes and optimizers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.modeltest import ModelTester

from app.models.outline import outline
from app.models.plain_tree import EXPRESSION_ROLE, FAINT_ROLE, VALUE_ROLE, PlainItem, PlainTreeModel
from app.models.variables import GRADIENTS, HERE, OPTIMIZER, PARAMETERS, QUANTITIES, variable_groups
from engine.events import Kind
from engine.session.moment import moment_at
from engine.session.place import Level, Place
from engine.trace.reader import Trace

TEXT = """import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(2, 3, bias=False)
        self.b = nn.Linear(3, 1)

    def forward(self, x):
        return self.b(self.a(x))

net = Net()
with torch.no_grad():
    net.a.weight.copy_(torch.tensor([[3.0, 4.0], [0.0, 0.0], [0.0, 0.0]]))
net.b.bias.requires_grad_(False)
optimizer = torch.optim.SGD([net.a.weight], lr=0.5, momentum=0.9)
x = torch.tensor([[1.0, 0.0]])
for i in range(2):
    optimizer.zero_grad()
    for half in range(2):
        loss = net(x).sum()
        loss.backward()
    optimizer.step()
"""


@pytest.fixture
def trace(recorded: Callable[[str], Trace]) -> Trace:
    return recorded(TEXT)


def place_before(trace: Trace, kind: Kind, iteration: int) -> Place:
    found = next(event for event in trace.events(iteration=iteration) if event.kind == kind)
    return Place(found.position, None, iteration)


def rows(model: PlainTreeModel, above: QModelIndex) -> dict[str, tuple[str, ...]]:
    """Cells of the rows under one, by their first cell."""
    if model.canFetchMore(above):
        model.fetchMore(above)
    found = {}
    for row in range(model.rowCount(above)):
        cells = tuple(model.index(row, column, above).data() for column in range(model.columnCount()))
        found[cells[0]] = cells[1:]
    return found


def test_names_have_their_shape_and_value_here(trace: Trace, qtmodeltester: ModelTester) -> None:
    place = place_before(trace, Kind.UPDATE, 0)
    model = PlainTreeModel(("Name", "Shape", "Value"))
    model.set_roots(variable_groups(trace, moment_at(trace, place, Level.NODE, False)))
    assert rows(model, model.index_of_key(HERE))["x"] == ("1×2", "[1 0]")
    assert rows(model, model.index_of_key(PARAMETERS))["a.weight"] == ("3×2", "norm 5")
    assert rows(model, model.index_of_key(GRADIENTS))["b.bias.grad"] == ("", "None")
    assert model.index_of_key(GRADIENTS, "b.bias.grad").data(FAINT_ROLE)
    assert model.index_of_key(GRADIENTS, "b.bias.grad").data(EXPRESSION_ROLE) == "b.bias.grad"
    assert rows(model, model.index_of_key(OPTIMIZER))["lr"] == ("", "not known yet")
    weight = model.index_of_key(PARAMETERS, "a.weight")
    assert rows(model, weight) == {"[0]": ("2", "[3 4]"), "[1]": ("2", "[0 0]"), "[2]": ("2", "[0 0]")}
    assert trace.value(weight.data(VALUE_ROLE)).shape == (3, 2)
    # At the next place what was open stays open, and shows what is the case there.
    after = Place(trace.iteration(0).end, None, 0)  # type: ignore[union-attr]
    model.set_roots(variable_groups(trace, moment_at(trace, after, Level.NODE, False)))
    assert model.rowCount(model.index_of_key(PARAMETERS)) == 4 - 1
    assert rows(model, model.index_of_key(OPTIMIZER))["lr"] == ("", "0.5")
    assert any(name.startswith("a.weight.state.momentum") for name in rows(model, model.index_of_key(OPTIMIZER)))
    assert rows(model, model.index_of_key(QUANTITIES))
    qtmodeltester.check(model)


def test_the_outline_says_what_is_in_each_box_and_who_holds_it(trace: Trace, qtmodeltester: ModelTester) -> None:
    model = PlainTreeModel(("Parameter", "Shape", "Norm", ".grad", "Optimizer"))
    model.set_roots(outline(trace, place_before(trace, Kind.UPDATE, 0)))
    assert list(rows(model, QModelIndex())) == ["a  ·  6 numbers", "b  ·  4 numbers"]
    module_a, module_b = model.index_of_key("a."), model.index_of_key("b.")
    weight = rows(model, module_a)["weight"]
    assert weight[:2] == ("3×2", "5")
    assert weight[2].endswith("of 2 passes")
    assert rows(model, module_b)["bias"][2:] == ("None", "frozen")
    second = next(event for event in trace.events(iteration=1) if event.kind == Kind.NODE)
    model.set_roots(outline(trace, Place(second.position, None, 1)))
    assert rows(model, module_a)["weight"][2:] == ("None", "SGD, η 0.5")
    # Nobody updates b.weight, so two more passes are on top of the first two.
    assert rows(model, module_b)["weight"][3] == "none seen"
    model.set_roots(outline(trace, place_before(trace, Kind.UPDATE, 1)))
    assert rows(model, module_b)["weight"][2].endswith("of 4 passes")
    qtmodeltester.check(model)


def test_children_are_made_only_where_somebody_looks(qtmodeltester: ModelTester) -> None:
    made: list[str] = []

    def children(name: str) -> list[PlainItem]:
        made.append(name)
        return [PlainItem("child", (f"{name} child",))]

    def roots(names: str) -> list[PlainItem]:
        return [PlainItem(name, (name,), load=lambda name=name: children(name)) for name in names]

    model = PlainTreeModel(("Name",))
    model.set_roots(roots("ab"))
    assert model.hasChildren(model.index_of_key("a"))
    assert made == []
    assert model.index_of_key("a", "child").data() == "a child"
    model.set_roots(roots("ab"))
    assert made == ["a", "a"]
    model.set_roots(roots("bc"))
    assert [model.index(row, 0).data(Qt.ItemDataRole.DisplayRole) for row in range(2)] == ["b", "c"]
    assert made == ["a", "a"]
    assert not model.index_of_key("a").isValid()
    qtmodeltester.check(model)
