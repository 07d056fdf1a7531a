"""The four numbers of an update, those derived by hand for the 1-1-1 net, and which of them come from where."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.models import scene_changes
from app.models.pill_summary import summary_of
from app.models.scene import PillState
from app.models.scene_builder import build_scene
from app.models.scene_changes import changes_since
from app.models.update_rows import UpdateRow, update_row
from engine.session.place import Place
from engine.trace.reader import Trace

BY_HAND = """
import torch
w = torch.tensor(2.0, requires_grad=True)
for _ in range(2):
    loss = (w * 3.0 - 1.0) ** 2
    loss.backward()
    with torch.no_grad():
        w -= 0.01 * w.grad
        w.grad = None
"""
MOMENTUM = """
import torch
net = torch.nn.Linear(3, 4)
optimizer = torch.optim.SGD(net.parameters(), lr=0.5, momentum=0.9)
for _ in range(2):
    optimizer.zero_grad()
    net(torch.ones(2, 3)).square().mean().backward()
    optimizer.step()
"""
BRANCHES = """
import torch
w = torch.tensor(2.0, requires_grad=True)
for i in range(3):
    out = w * 3.0
    if i == 1:
        out = torch.tanh(out)
    out.backward()
    with torch.no_grad():
        w -= 0.01 * w.grad
        w.grad = None
"""


def rows(trace: Trace, iteration: int = 0) -> list[UpdateRow]:
    built = build_scene(trace, iteration)
    places = [Place(step.known_at, number, iteration) for number, step in enumerate(built.steps, 1)]
    return [row for place in places if (row := update_row(trace, built, place)) is not None]


def test_each_parameter_of_the_first_example(hello: Trace) -> None:
    found = {row.symbol: row for row in rows(hello)}
    assert set(found) == {"w1", "b1", "w2", "b2"}
    row = found["w1"]
    assert row.rate == pytest.approx(0.1)
    found_numbers = [float(cell.text.replace("−", "-")) for cell in (row.old, row.grad, row.change, row.new)]
    assert found_numbers == pytest.approx([1.58, -0.0137816544, -0.00137816544, 1.5813781654], rel=1e-5)


def test_old_minus_change_is_new_in_every_iteration(hello: Trace) -> None:
    for iteration in range(3):
        for row in rows(hello, iteration):
            old, change, new = (float(cell.text.replace("−", "-")) for cell in (row.old, row.change, row.new))
            assert old - change == pytest.approx(new, rel=1e-5)


def test_the_next_iteration_begins_with_what_this_one_ended_with(hello: Trace) -> None:
    first, second = rows(hello, 0), rows(hello, 1)
    assert [row.new.text for row in first] == [row.old.text for row in second]


def test_before_the_update_there_is_no_row(hello: Trace) -> None:
    built = build_scene(hello, 0)
    assert update_row(hello, built, Place(0, 0, 0)) is None
    assert update_row(hello, built, Place(built.steps[4].known_at, 5, 0)) is None
    assert update_row(hello, built, Place(0, None, 0)) is None


def test_an_update_by_hand_has_its_gradient_and_a_change_without_a_rate(recorded: Callable[[str], Trace]) -> None:
    (row,) = rows(recorded(BY_HAND))
    assert row.rate is None
    texts = (row.old, row.grad, row.change, row.new)
    assert [float(cell.text) for cell in texts] == pytest.approx([2.0, 30.0, 0.3, 1.7])


def test_momentum_is_no_rate_times_gradient(recorded: Callable[[str], Trace]) -> None:
    found = rows(recorded(MOMENTUM), 1)
    assert len(found) == 2
    assert all(row.rate is None for row in found)
    weight = found[0]
    assert weight.old.preview is not None
    assert weight.old.preview.shape == (4, 3)


def test_summary_of_many_parameters() -> None:
    none, zero = PillState(), PillState(grad_status="zero")
    holding, added = PillState(grad_status="holding"), PillState(grad_status="added", updated=True)
    assert (summary_of([none, none]).grad_status, summary_of([none, none]).grad_text) == ("none", "")
    assert summary_of([none, zero]).grad_status == "zero"
    half = summary_of([none, holding])
    assert (half.grad_status, half.grad_text) == ("holding", "1/2")
    assert (summary_of([added, holding]).grad_status, summary_of([added, none]).updated) == ("added", True)


def test_changed_graphs_are_noticed_both_ways(recorded: Callable[[str], Trace]) -> None:
    trace = recorded(BRANCHES)
    built = [build_scene(trace, iteration) for iteration in range(3)]
    assert changes_since(trace, built[0], None, is_growing=False).is_same
    grown = changes_since(trace, built[1], built[0], is_growing=False)
    assert [card.title for card in built[1].scene.cards if card.id in grown.added] == ["tanh"]
    assert grown.removed == ()
    shrunk = changes_since(trace, built[2], None, is_growing=False)
    assert [title for _, title in shrunk.removed] == ["tanh"]
    assert changes_since(trace, built[2], built[1], is_growing=True).removed == ()


def test_a_large_graph_is_compared_only_with_what_is_there_already(
    recorded: Callable[[str], Trace], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scene_changes, "MOST_CARDS", 1)
    trace = recorded(BRANCHES)
    built = [build_scene(trace, iteration) for iteration in range(2)]
    assert changes_since(trace, built[1], None, is_growing=False).is_same
    assert changes_since(trace, built[1], built[0], is_growing=False).added
