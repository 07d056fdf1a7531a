"""Where iterations begin and end, and the phases of their events, in loops of every style."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F


def iterations(found: Any) -> list[list[str]]:
    """Phase and name ("forward:linear") of the events of each iteration but the set-up."""
    rows = [row for row in found.trace.iterations() if row.number >= 0]
    assert [row.number for row in rows] == list(range(len(rows)))
    for one, other in itertools.pairwise(rows):
        assert one.end == other.begin
    assert not rows or rows[-1].end == len(found.events)
    for row in rows:
        assert {event.iteration for event in found.events[row.begin : row.end]} <= {row.number}
    return [[f"{event.phase}:{event.name}" for event in found.events[row.begin : row.end]] for row in rows]


def phases(found: Any) -> list[list[str]]:
    """The phases of each iteration in order, neighbours once."""
    shown = []
    for names in iterations(found):
        line = [name.split(":")[0] for name in names]
        shown.append([phase for i, phase in enumerate(line) if i == 0 or line[i - 1] != phase])
    return shown


def parts() -> tuple[nn.Module, torch.optim.Optimizer]:
    """A model and its optimizer."""
    net = nn.Linear(2, 1)
    return net, torch.optim.SGD(net.parameters(), lr=0.1)


def test_zero_grad_at_the_top(record: Any) -> None:
    def run() -> None:
        net, optimizer = parts()
        x = torch.ones(4, 2)
        for _ in range(4):
            optimizer.zero_grad()
            loss = net(x).pow(2).mean()
            loss.backward()
            optimizer.step()

    found = record(run)
    shown = iterations(found)
    assert len(shown) == 4
    assert phases(found)[1:] == [["zero", "forward", "backward", "update"]] * 3
    assert shown[1] == shown[2] == shown[3]
    assert shown[1][:3] == ["zero:zero_grad", "zero:zero_grad", "forward:linear"]


def test_zero_grad_at_the_end(record: Any) -> None:
    def run() -> None:
        net, optimizer = parts()
        for _ in range(3):
            net(torch.ones(4, 2)).pow(2).mean().backward()
            optimizer.step()
            optimizer.zero_grad()

    found = record(run)
    shown = iterations(found)
    assert len(shown) == 3
    assert [names.count("forward:linear") for names in shown] == [1, 1, 1]
    assert [sum(name.endswith("zero_grad") for name in names) for names in shown] == [2, 2, 2]


def test_a_step_that_finds_no_gradient_ends_an_iteration_if_backward_was_forgotten(record: Any) -> None:
    def run() -> None:
        net, optimizer = parts()
        optimizer.step()
        for _ in range(3):
            optimizer.zero_grad()
            net(torch.ones(4, 2)).pow(2).mean()
            optimizer.step()

    assert [names.count("forward:linear") for names in iterations(record(run))] == [1, 1, 1]


def test_an_optimizer_without_gradients_ends_no_iteration_beside_one_that_has_them(record: Any) -> None:
    def run() -> None:
        net, optimizer = parts()
        other, idle = parts()
        for _ in range(3):
            loss = net(torch.ones(4, 2)).pow(2).mean()
            loss.backward()
            idle.step()
            other(torch.ones(1, 2))
            optimizer.step()
            optimizer.zero_grad()

    assert [names.count("forward:linear") for names in iterations(record(run))] == [2, 2, 2]


def test_data_indexed_in_the_loop_belongs_to_its_iteration(record: Any) -> None:
    def run() -> None:
        net, optimizer = parts()
        data, target = torch.randn(12, 2), torch.randn(12, 1)
        for epoch in range(2):
            order = torch.randperm(12)
            for start in range(0, 12, 4):
                chosen = order[start : start + 4]
                loss = F.mse_loss(net(data[chosen]), target[chosen])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            assert epoch < 2

    found = record(run)
    shown = iterations(found)
    assert len(shown) == 6
    for names in shown:
        assert sum(name.endswith(":getitem") for name in names) == 3, names
        assert sum(name.endswith(":linear") for name in names) == 1


def test_evaluation_inside_the_loop_starts_no_iteration(record: Any) -> None:
    def run() -> None:
        net, optimizer = parts()
        x = torch.ones(4, 2)
        for _ in range(3):
            loss = net(x).pow(2).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            with torch.no_grad():
                net(x).pow(2).mean()

    found = record(run)
    shown = iterations(found)
    assert len(shown) == 3
    assert [names.count("forward:linear") for names in shown] == [1, 1, 1]
    assert [names.count("other:linear") for names in shown] == [1, 1, 1]


def test_metrics_after_the_update(record: Any) -> None:
    def run() -> None:
        net, optimizer = nn.Linear(2, 3), None
        optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
        x, y = torch.randn(4, 2), torch.tensor([0, 1, 2, 0])
        for _ in range(3):
            logits = net(x)
            loss = F.cross_entropy(logits, y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            hits = (logits.argmax(1) == y).float().mean()
            assert 0 <= hits.item() <= 1

    found = record(run)
    shown = iterations(found)
    assert len(shown) == 3
    assert [names[-1] for names in shown] == ["other:mean"] * 3
    assert all(any(name == "other:argmax" for name in names) for names in shown)


def test_two_optimizers_that_take_turns(record: Any) -> None:
    """As in a GAN: each update ends what can be told apart as an iteration, and no event is lost."""

    def run() -> None:
        maker, judge = nn.Linear(1, 2), nn.Linear(2, 1)
        first = torch.optim.SGD(judge.parameters(), lr=0.1)
        second = torch.optim.SGD(maker.parameters(), lr=0.1)
        for _ in range(3):
            fake = maker(torch.randn(4, 1))
            first.zero_grad()
            (judge(torch.randn(4, 2)).mean() - judge(fake.detach()).mean()).backward()
            first.step()
            second.zero_grad()
            judge(fake).mean().backward()
            second.step()

    found = record(run)
    shown = iterations(found)
    updates = [sum(name.startswith("update:") for name in names) for names in shown]
    assert sum(updates) == 12
    assert set(updates) <= {2, 4}
    assert len(shown) in (3, 6)


def test_no_loop_at_all(record: Any) -> None:
    def run() -> None:
        x = torch.tensor([1.0], requires_grad=True)
        (x * 2).sum().backward()

    found = record(run)
    assert len(iterations(found)) == 1
    assert found.events[-1].iteration == 0


def test_a_script_without_gradients(record: Any) -> None:
    found = record(lambda: torch.sigmoid(torch.ones(2)).sum())
    assert [row.number for row in found.trace.iterations()] == [0]
    assert {event.iteration for event in found.events} == {0}


def test_nothing_happens(record: Any) -> None:
    found = record(lambda: None)
    assert found.events == []
    assert found.trace.iterations() == ()


def test_steps_in_functions_that_the_loop_calls(record: Any) -> None:
    net, optimizer = parts()

    def forward(x: Tensor) -> Tensor:
        return net(x).pow(2).mean()

    def learn(loss: Tensor) -> None:
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    def batch(number: int) -> Tensor:
        return torch.full((2, 2), float(number))

    def run() -> None:
        for number in range(3):
            learn(forward(batch(number)))

    found = record(run)
    shown = iterations(found)
    assert [names.count("forward:linear") for names in shown] == [1, 1, 1]


def test_weights_updated_by_hand(record: Any) -> None:
    def run() -> list[float]:
        w = torch.tensor([1.0], requires_grad=True)
        seen = []
        for _ in range(3):
            loss = (w * 3 - 1).pow(2).sum()
            loss.backward()
            with torch.no_grad():
                assert w.grad is not None
                w -= 0.01 * w.grad
                w.grad.zero_()
            seen.append(w.item())
        return seen

    found = record(run)
    assert len(iterations(found)) == 3
    assert [found.output(event).item() for event in found.updates("w")] == found.result
    slopes = [6 * (3 * w - 1) for w in [1.0, *found.result[:2]]]
    np.testing.assert_allclose([box.item() for box in found.boxes("w")], slopes, rtol=1e-5)


def test_a_network_with_a_hand_written_backward_pass(record: Any) -> None:
    def run() -> None:
        torch.manual_seed(1)
        x, y = torch.randn(8, 3), torch.randn(8, 1)
        W1, W2 = torch.randn(3, 4), torch.randn(4, 1)
        for _ in range(4):
            z = x @ W1
            a = torch.sigmoid(z)
            out = a @ W2
            delta2 = 2 * (out - y) / 8
            dW2 = a.T @ delta2
            delta1 = delta2 @ W2.T * a * (1 - a)
            dW1 = x.T @ delta1
            W1 -= 0.1 * dW1
            W2 -= 0.1 * dW2

    found = record(run)
    shown = iterations(found)
    assert len(shown) == 4
    assert [sum(name.startswith("update:sub_") for name in names) for names in shown] == [2, 2, 2, 2]
    assert len(found.updates("W1")) == 4
    assert [slot.name for slot in found.updates("W1")[0].inputs] == ["value", "1"]


def test_a_forward_pass_before_the_loop_is_set_up_or_an_iteration_of_its_own(record: Any) -> None:
    def run() -> None:
        net, optimizer = parts()
        x = torch.ones(4, 2)
        net(x)
        for _ in range(3):
            optimizer.zero_grad()
            net(x).pow(2).mean().backward()
            optimizer.step()

    found = record(run)
    shown = iterations(found)
    assert [sum(name.startswith("update:") for name in names) for names in shown] == [2, 2, 2]


def test_every_event_lies_in_exactly_one_iteration(record: Any) -> None:
    def run() -> None:
        net, optimizer = parts()
        for number in range(5):
            x = torch.randn(4, 2) * number
            loss = net(x).pow(2).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    found = record(run)
    rows = found.trace.iterations()
    assert rows[0].begin == 0
    assert [row.end for row in rows[:-1]] == [row.begin for row in rows[1:]]
    assert rows[-1].end == len(found.trace)
    for row in rows:
        for call in found.trace.calls(row.number):
            assert row.begin <= call.begin <= call.end <= row.end
        for node in found.trace.nodes(row.number):
            assert node.op is None or row.begin <= node.op < row.end


@pytest.mark.parametrize("foreach", [False, True])
def test_gradients_filled_with_zeros_are_the_zero_phase(record: Any, foreach: bool) -> None:
    def run() -> None:
        net = nn.Linear(2, 1)
        optimizer = torch.optim.SGD(net.parameters(), lr=0.1, foreach=foreach)
        for _ in range(3):
            optimizer.zero_grad(set_to_none=False)
            net(torch.ones(3, 2)).pow(2).mean().backward()
            optimizer.step()

    found = record(run)
    emptied = found.named("zero_grad")
    assert [(event.kind, event.phase, event.iteration) for event in emptied] == [
        *[("grad", "zero", 1)] * 2,
        *[("grad", "zero", 2)] * 2,
    ]
    for event in emptied:
        assert np.all(found.output(event) == 0)
        assert np.any(found.input(event) != 0)
    filled = [event for event in found.named("AccumulateGrad") if event.iteration == 2]
    for event in filled:
        np.testing.assert_array_equal(found.output(event), found.input(event))


def test_clipped_gradients_are_what_the_boxes_hold(record: Any) -> None:
    def run() -> list[np.ndarray]:
        net = nn.Linear(2, 1)
        optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
        net(torch.full((3, 2), 10.0)).pow(2).mean().backward()
        nn.utils.clip_grad_norm_(net.parameters(), 0.5)
        held = [parameter.grad.numpy().copy() for parameter in net.parameters() if parameter.grad is not None]
        optimizer.step()
        optimizer.zero_grad()
        return held

    found = record(run)
    used = [found.array(event.inputs[1].value) for event in found.named("SGD")]
    emptied = [found.input(event) for event in found.named("zero_grad")]
    for held, taken, left in zip(found.result, used, emptied, strict=True):
        np.testing.assert_array_equal(taken, held)
        np.testing.assert_array_equal(left, held)
