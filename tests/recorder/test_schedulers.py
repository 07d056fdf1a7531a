"""Each step of a learning-rate scheduler is an event, and nothing of the script changes by it."""

from __future__ import annotations

import copy
import inspect
import random
import warnings
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.optim import lr_scheduler as schedulers
from torch.optim.lr_scheduler import LRScheduler

Make = Callable[[torch.optim.Optimizer], Any]


def sgd() -> tuple[nn.Module, torch.optim.Optimizer]:
    """A small net and its optimizer."""
    net = nn.Linear(2, 1)
    return net, torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)


def train(make: Make, steps: int = 5, metric: bool = False) -> tuple[list[float], list[Tensor]]:
    """The learning rate of each step, and the weights at the end."""
    net, optimizer = sgd()
    scheduler = make(optimizer)
    rates = []
    for n in range(steps):
        rates.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.zero_grad()
        loss = net(torch.ones(3, 2)).pow(2).sum()
        loss.backward()
        optimizer.step()
        scheduler.step(torch.tensor(float(n))) if metric else scheduler.step()
    return rates, [held.detach().clone() for held in net.parameters()]


KINDS: dict[str, Make] = {
    "StepLR": lambda optimizer: schedulers.StepLR(optimizer, 2),
    "LambdaLR": lambda optimizer: schedulers.LambdaLR(optimizer, lambda epoch: 0.9**epoch),
    "OneCycleLR": lambda optimizer: schedulers.OneCycleLR(optimizer, 0.2, total_steps=9),
    "CyclicLR": lambda optimizer: schedulers.CyclicLR(optimizer, 0.01, 0.1, 2, scale_fn=lambda n: 0.5**n),
    "CosineAnnealingWarmRestarts": lambda optimizer: schedulers.CosineAnnealingWarmRestarts(optimizer, 2),
    "SequentialLR": lambda optimizer: schedulers.SequentialLR(
        optimizer, [schedulers.LinearLR(optimizer), schedulers.ExponentialLR(optimizer, 0.5)], [2]
    ),
    "ChainedScheduler": lambda optimizer: schedulers.ChainedScheduler(
        [schedulers.LinearLR(optimizer), schedulers.ExponentialLR(optimizer, 0.5)]
    ),
    "ReduceLROnPlateau": lambda optimizer: schedulers.ReduceLROnPlateau(optimizer, patience=0),
}


@pytest.mark.parametrize("name", KINDS)
def test_each_step_is_one_event_in_the_iteration_that_it_ends(record: Any, name: str) -> None:
    def run() -> tuple[list[float], list[Tensor]]:
        torch.manual_seed(3)
        return train(KINDS[name], metric=name == "ReduceLROnPlateau")

    rates, weights = run()
    found = record(run)
    assert found.result[0] == rates
    assert all(map(torch.equal, found.result[1], weights))
    steps = [event for event in found.named(name) if event.phase == "update"]
    assert [event.iteration for event in steps] == [0, 1, 2, 3, 4]
    assert [event.kind for event in steps] == ["update"] * 5
    assert {event.function for event in steps} == {f"torch.optim.lr_scheduler.{name}"}
    assert all(event.tensor is None and not event.inputs and not event.outputs for event in steps)
    assert [event.arguments["lr"] for event in steps] == [[rate] for rate in rates]
    assert [event.arguments["new_lr"] for event in steps[:-1]] == [[rate] for rate in rates[1:]]


def test_the_constructor_s_step_is_an_event_where_it_changes_something(record: Any) -> None:
    def run() -> None:
        _, optimizer = sgd()
        schedulers.StepLR(optimizer, 2)
        schedulers.LinearLR(optimizer, 0.5)

    found = record(run)
    assert not found.named("StepLR")
    event = found.one("LinearLR")
    assert (event.phase, event.arguments["lr"], event.arguments["new_lr"]) == ("setup", [0.1], [0.05])


def test_it_names_the_line_of_the_script(record: Any) -> None:
    found = record(lambda: train(KINDS["SequentialLR"]))
    (event, *_) = found.named("SequentialLR")
    site = found.trace.site(event.site)
    lines, first = inspect.getsourcelines(train)
    assert "scheduler.step()" in lines[site.line - first]


def test_a_scheduler_of_the_script_s_own(record: Any) -> None:
    class Halved(LRScheduler):
        def get_lr(self) -> list[float]:  # type: ignore[override]
            return [group["lr"] / 2 for group in self.optimizer.param_groups]

    found = record(lambda: train(Halved, 2))
    assert [event.arguments["new_lr"] for event in found.named("Halved")] == [[0.05], [0.025], [0.0125]]
    assert found.result[0] == [0.05, 0.025]


def test_a_rate_set_at_the_begin_of_an_iteration_belongs_to_it(record: Any) -> None:
    def run() -> None:
        net, optimizer = sgd()
        scheduler = schedulers.StepLR(optimizer, 1)
        for n in range(3):
            if n:
                scheduler.step()
            optimizer.zero_grad()
            net(torch.ones(3, 2)).pow(2).sum().backward()
            optimizer.step()

    found = record(run)
    assert [event.iteration for event in found.named("StepLR")] == [1, 2]


def test_random_numbers_of_a_function_are_drawn_as_bare(record: Any) -> None:
    def run() -> tuple[list[float], float, list[Tensor]]:
        random.seed(1)
        torch.manual_seed(1)
        rates, weights = train(lambda o: schedulers.LambdaLR(o, lambda e: random.random() + float(torch.rand(1))))
        return rates, random.random(), weights

    rates, number, weights = run()
    found = record(run)
    assert found.result[:2] == (rates, number)
    assert all(map(torch.equal, found.result[2], weights))
    factors = [event.arguments["factors"][0] for event in found.named("LambdaLR")]
    assert [0.1 * factor for factor in factors][:5] == rates


def test_what_a_function_raises_comes_out_and_leaves_the_scheduler_as_it_was(record: Any) -> None:
    _, optimizer = sgd()
    held: list[Callable[[int], float]] = [lambda epoch: 1.0 if epoch < 2 else 1 / 0]
    scheduler = schedulers.LambdaLR(optimizer, held)

    def run() -> None:
        optimizer.step()
        scheduler.step()
        scheduler.step()

    found = record(run, raises=ZeroDivisionError)
    assert len(found.named("LambdaLR")) == 1
    assert scheduler.lr_lambdas == held


def test_warnings_name_the_script_s_own_line(record: Any) -> None:
    def run() -> list[tuple[str, int, str]]:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            _, optimizer = sgd()
            scheduler = schedulers.StepLR(optimizer, 1)
            scheduler.step()
            optimizer.step()
            scheduler.step(5)
        return [(said.filename, said.lineno, str(said.message)[:40]) for said in caught]

    bare = run()
    assert len(bare) == 2
    assert {filename for filename, *_ in bare} == {__file__}
    assert record(run).result == bare


def test_nothing_stays_behind(record: Any) -> None:
    kinds = [kind for kind in vars(schedulers).values() if isinstance(kind, type) and issubclass(kind, LRScheduler)]
    before = [vars(kind).get("step") for kind in kinds]

    def run() -> tuple[dict[str, Any], dict[str, Any]]:
        _, optimizer = sgd()
        scheduler = KINDS["CyclicLR"](optimizer)
        names = set(vars(scheduler))
        optimizer.step()
        scheduler.step()
        assert set(vars(scheduler)) - names <= {"_last_lr", "_is_initial"}
        return scheduler.state_dict(), copy.deepcopy(optimizer.state_dict())

    bare = run()
    found = record(run)
    assert repr(found.result) == repr(bare)
    assert [vars(kind).get("step") for kind in kinds] == before


def test_it_can_be_stopped_at() -> None:
    from engine.recorder.recorder import Recorder

    class Watch:
        """Notes what is about to happen; never stops."""

        def __init__(self) -> None:
            self.seen: list[tuple[int, str]] = []

        def arrive(self, position: int, kind: str, name: str, *rest: Any) -> bool:
            self.seen.append((position, name))
            return False

        def stop(self, position: int) -> None:
            """Never."""

    class Nowhere:
        """Takes batches to nowhere."""

        def __init__(self) -> None:
            self.events: list[tuple[int, str]] = []

        def put(self, batch: Any) -> None:
            """Keeps which event was where."""
            self.events += [(event[0], event[2]) for event in batch.events]

        def flush(self) -> None:
            """Nothing waits."""

    gate, writer = Watch(), Nowhere()
    with Recorder(writer, gate):
        train(KINDS["ChainedScheduler"], 3)
    arrived = [place for place in gate.seen if place[1] == "ChainedScheduler"]
    assert arrived == [place for place in writer.events if place[1] == "ChainedScheduler"]
    assert len(arrived) == 3
