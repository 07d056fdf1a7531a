"""Backward passes of all kinds, accumulation, and what optimizers do."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F


def test_double_backward(record: Any) -> None:
    def run() -> Tensor:
        x = torch.tensor([2.0], requires_grad=True)
        (first,) = torch.autograd.grad(x**3, x, create_graph=True)
        (first**2).backward()
        assert x.grad is not None
        return x.grad

    found = record(run)
    assert found.result == 2 * (3 * 4) * (6 * 2)
    assert found.boxes("x")[-1] == [288.0]
    square = found.named("pow")[-1]
    assert found.input(square) == [12.0], "the first gradient, 3x²"
    nodes = [event.name for event in found.kind("node")]
    assert nodes.count("AccumulateGrad") == 1
    assert found.gradient(square) == [1.0]


def test_two_passes_over_one_graph(record: Any) -> None:
    def run() -> None:
        x = torch.tensor([3.0], requires_grad=True)
        y = torch.sigmoid(x)
        y.backward(retain_graph=True)
        y.backward(torch.tensor([10.0]))

    found = record(run)
    slope = math.exp(-3) / (1 + math.exp(-3)) ** 2
    assert [float(box[0]) for box in found.boxes("x")] == pytest.approx([slope, 11 * slope], rel=1e-5)
    assert [found.input(event).tolist() for event in found.named("SigmoidBackward0")] == [[1.0], [10.0]]


def test_a_third_pass_raises_as_it_does_bare(record: Any) -> None:
    def run() -> None:
        x = torch.ones(1, requires_grad=True)
        y = x.exp()
        y.backward()
        y.backward()

    found = record(run, raises=RuntimeError)
    assert len(found.boxes("x")) == 1


def test_autograd_grad_gives_known_values(record: Any) -> None:
    def run() -> None:
        x = torch.tensor([1.0, 2.0], requires_grad=True)
        w = torch.tensor([3.0, 5.0], requires_grad=True)
        grads = torch.autograd.grad((x * w).sum(), [x, w])
        torch.neg(grads[0])
        torch.abs(grads[1])

    found = record(run)
    assert found.input(found.one("neg")).tolist() == [3, 5]
    assert found.input(found.one("abs")).tolist() == [1, 2]
    sent = {slot.value for slot in found.one("MulBackward0").outputs}
    assert {found.one("neg").inputs[0].value, found.one("abs").inputs[0].value} == sent
    assert not found.named("AccumulateGrad")


def test_backward_of_some_inputs_only(record: Any) -> None:
    def run() -> None:
        x = torch.tensor([1.0], requires_grad=True)
        w = torch.tensor([3.0], requires_grad=True)
        y = x * w
        for factor in (1.0, 2.0, 5.0):
            y.backward(torch.tensor([factor]), inputs=[x], retain_graph=True)

    found = record(run)
    assert [box.tolist() for box in found.boxes("x")] == [[3], [9], [24]]


def test_each_term_of_a_fan_out_is_there_and_the_sum_arrives(record: Any) -> None:
    def run() -> None:
        x = torch.tensor([2.0], requires_grad=True)
        h = torch.exp(x)
        (h * 3 + h * 5 + torch.sin(h)).backward()

    found = record(run)
    exp = found.one("exp")
    place = (exp.outputs[0].node, exp.outputs[0].index)
    sent = [
        float(found.array(slot.value)[0])
        for event in found.kind("node")
        for slot in event.outputs
        if (slot.node, slot.index) == place
    ]
    assert sorted(sent) == pytest.approx(sorted([3.0, 5.0, math.cos(math.exp(2.0))]), rel=1e-5)
    arrived = found.gradient(exp)
    assert arrived is not None
    assert float(arrived[0]) == pytest.approx(8 + math.cos(math.exp(2.0)), rel=1e-5)


def test_tied_weights_show_each_use(record: Any) -> None:
    weight = nn.Parameter(torch.tensor([[2.0]]))

    def run() -> None:
        x = torch.tensor([[1.0]])
        F.linear(F.linear(x, weight), weight).backward()

    found = record(run)
    filled = found.one("AccumulateGrad")
    place = (filled.node, 0)
    sent = [
        found.array(slot.value).item()
        for event in found.kind("node")
        for slot in event.outputs
        if (slot.node, slot.index) == place
    ]
    assert sorted(sent)[-2:] == [2.0, 2.0]
    assert found.input(filled).item() == 4.0
    assert found.output(filled).item() == 4.0


def test_accumulation_over_micro_batches(record: Any) -> None:
    net = nn.Linear(1, 1, bias=False)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)

    def run() -> None:
        for _ in range(2):
            optimizer.zero_grad()
            for size in (1.0, 2.0, 3.0, 4.0):
                net(torch.tensor([[size]])).sum().backward()
            optimizer.step()

    found = record(run)
    assert [box.item() for box in found.boxes("weight")] == [1, 3, 6, 10, 1, 3, 6, 10]
    arrived = [found.input(event).item() for event in found.named("AccumulateGrad")]
    assert arrived == [1, 2, 3, 4, 1, 2, 3, 4]
    assert [row.number for row in found.trace.iterations() if row.number >= 0] == [0, 1]
    assert [found.input(event, 1).item() for event in found.updates("weight")] == [10, 10]


def test_autocast_in_bfloat16(record: Any) -> None:
    net = nn.Linear(2, 2)
    x = torch.randn(3, 2)

    def run() -> Tensor:
        with torch.autocast("cpu", torch.bfloat16):
            out = net(x)
            loss = F.mse_loss(out, torch.zeros(3, 2))
        loss.backward()
        return out.detach()

    bare = run()
    wanted = net.weight.grad.clone()  # type: ignore[union-attr]
    net.zero_grad()
    found = record(run)
    assert torch.equal(found.result, bare)
    linear = found.one("linear")
    assert found.trace.value(linear.outputs[0].value).dtype == "bfloat16"
    np.testing.assert_array_equal(found.output(linear), bare.float().numpy())
    assert found.boxes("weight")[0].tolist() == wanted.tolist()


def test_a_gradient_scaler(record: Any) -> None:
    net = nn.Linear(1, 1, bias=False)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.5)

    def run() -> float:
        scaler = torch.amp.GradScaler("cpu", init_scale=8.0)
        for factor in (1.0, math.inf, 1.0):
            optimizer.zero_grad()
            scaler.scale(net(torch.ones(1, 1)).sum() * factor).backward()
            scaler.unscale_(optimizer)
            torch.nn.utils.clip_grad_norm_(net.parameters(), 10.0)
            scaler.step(optimizer)
            scaler.update()
        return net.weight.item()

    before = net.weight.item()
    found = record(run)
    assert found.result == pytest.approx(before - 1.0)
    assert found.boxes("weight")[0].item() == 8.0, "scaled, as autograd left it"
    updates = found.updates("weight")
    assert len(updates) == 2, "the step with the infinite gradient was left out"
    grads = [dict(zip([slot.name for slot in event.inputs], event.inputs, strict=True))["grad"] for event in updates]
    assert [found.array(slot.value).item() for slot in grads] == [1.0, 1.0]


SETTINGS: dict[str, dict[str, Any]] = {
    "SGD": {"lr": 0.1, "momentum": 0.9},
    "SGD foreach": {"lr": 0.1, "momentum": 0.9, "foreach": True},
    "SGD fused": {"lr": 0.1, "fused": True},
    "Adam": {"lr": 0.1},
    "Adam foreach": {"lr": 0.1, "foreach": True},
    "Adam fused": {"lr": 0.1, "fused": True},
    "AdamW": {"lr": 0.1, "amsgrad": True},
    "RMSprop": {"lr": 0.1},
    "Adagrad": {"lr": 0.1},
    "Rprop": {},
}


@pytest.mark.parametrize("name", SETTINGS)
def test_optimizers(record: Any, name: str) -> None:
    kind = getattr(torch.optim, name.split()[0])

    def run() -> list[list[float]]:
        torch.manual_seed(5)
        net = nn.Linear(2, 1)
        optimizer = kind(net.parameters(), **SETTINGS[name])
        schedule = torch.optim.lr_scheduler.StepLR(optimizer, 1, gamma=0.5)
        seen = []
        for _ in range(3):
            optimizer.zero_grad()
            net(torch.ones(4, 2)).pow(2).mean().backward()
            optimizer.step()
            schedule.step()
            seen.append(net.weight.detach().reshape(-1).tolist())
        return seen

    bare = run()
    found = record(run)
    assert found.result == bare
    updates = found.updates("weight")
    assert [found.output(event).reshape(-1).tolist() for event in updates] == bare
    assert [event.name for event in updates] == [name.split()[0]] * 3
    assert len({event.arguments["lr"] for event in updates}) == 3
    for event, after in zip(updates[1:], updates[:-1], strict=True):
        assert event.inputs[0].value == after.outputs[0].value, "the new weight is the old one of the next step"
        states = [slot.name for slot in event.outputs[1:]]
        assert [slot.name for slot in event.inputs if slot.name in states] == states
    assert [row.number for row in found.trace.iterations() if row.number >= 0] == [0, 1, 2]


def test_a_closure_that_is_called_several_times_a_step(record: Any) -> None:
    x = nn.Parameter(torch.tensor([3.0]))

    def run() -> int:
        optimizer = torch.optim.LBFGS([x], lr=0.5, max_iter=4)
        calls = []

        def closure() -> Tensor:
            calls.append(1)
            optimizer.zero_grad()
            loss = (x**2).sum()
            loss.backward()
            return loss

        for _ in range(2):
            optimizer.step(closure)
        return len(calls)

    found = record(run)
    assert found.result > 2
    assert len(found.named("pow")) == found.result
    assert len(found.named("AccumulateGrad")) == found.result
    assert len(found.updates("x")) == found.result, "one after each evaluation"
    assert found.output(found.updates("x")[-1]).tolist() == x.tolist()
    assert [row.number for row in found.trace.iterations() if row.number >= 0] == [0, 1]


class Plain(torch.optim.Optimizer):
    """A user's own optimizer: x -= lr * grad."""

    def __init__(self, parameters: Any, lr: float) -> None:
        super().__init__(parameters, {"lr": lr})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:
        """One step."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    parameter.add_(parameter.grad, alpha=-group["lr"])


def test_an_optimizer_of_the_script_shows_its_own_writes(record: Any) -> None:
    x = nn.Parameter(torch.tensor([3.0]))

    def run() -> None:
        optimizer = Plain([x], 0.25)
        for _ in range(3):
            optimizer.zero_grad()
            (x**2).sum().backward()
            optimizer.step()

    found = record(run)
    assert [found.output(event).item() for event in found.updates("x")] == [1.5, 0.75, 0.375]
    assert [row.number for row in found.trace.iterations() if row.number >= 0] == [0, 1, 2]


def test_an_optimizer_that_raises_leaves_the_recorder_watching(record: Any) -> None:
    x = nn.Parameter(torch.tensor([3.0]))

    def closure() -> float:
        raise ZeroDivisionError

    def run() -> None:
        optimizer = torch.optim.SGD([x], lr=0.1)
        (x**2).sum().backward()
        with pytest.raises(ZeroDivisionError):
            optimizer.step(closure)
        torch.sigmoid(x)
        optimizer.step()
        torch.tanh(x)

    found = record(run)
    assert {"sigmoid", "tanh"} <= set(found.names)
    assert len(found.updates("x")) == 1


def test_a_step_hook_of_the_script_that_gives_other_arguments(record: Any) -> None:
    x = nn.Parameter(torch.tensor([3.0]))

    def run() -> None:
        optimizer = torch.optim.SGD([x], lr=0.1)
        optimizer.register_step_pre_hook(lambda optimizer, args, kwargs: (args, dict(kwargs)))
        for _ in range(2):
            (x**2).sum().backward()
            optimizer.step()
            optimizer.zero_grad()

    found = record(run)
    assert [event.name for event in found.updates("x")] == ["SGD", "SGD"]


def test_an_error_that_is_kept_does_not_silence_the_next_step(record: Any) -> None:
    x = nn.Parameter(torch.tensor([3.0]))
    kept = []

    def closure() -> float:
        raise ZeroDivisionError

    def run() -> None:
        optimizer = torch.optim.SGD([x], lr=0.1)
        for _ in range(2):
            (x**2).sum().backward()
            try:
                optimizer.step(closure)
            except ZeroDivisionError as error:
                kept.append(error)
        optimizer.step()
        torch.tanh(x)

    found = record(run)
    assert "tanh" in found.names
    assert len(found.updates("x")) == 1


def test_optimizers_stepped_inside_the_backward_pass(record: Any) -> None:
    net = nn.Sequential(nn.Linear(1, 1, bias=False), nn.Linear(1, 1, bias=False))
    optimizers = {parameter: torch.optim.SGD([parameter], lr=0.1) for parameter in net.parameters()}

    def hook(parameter: Tensor) -> None:
        optimizers[parameter].step()  # type: ignore[index]
        optimizers[parameter].zero_grad()  # type: ignore[index]

    for parameter in net.parameters():
        parameter.register_post_accumulate_grad_hook(hook)

    def run() -> list[float]:
        for _ in range(2):
            net(torch.ones(1, 1)).sum().backward()
        return [parameter.item() for parameter in net.parameters()]

    found = record(run)
    last = [found.output(found.updates(name)[-1]).item() for name in ("0.weight", "1.weight")]
    assert last == pytest.approx(found.result)
    assert len(found.kind("update")) == 4


def test_clipping_is_an_event_of_its_own(record: Any) -> None:
    x = nn.Parameter(torch.tensor([3.0, 4.0]))

    def run() -> None:
        optimizer = torch.optim.SGD([x], lr=1.0)
        (x * x).sum().backward()
        torch.nn.utils.clip_grad_norm_([x], 1.0, foreach=False)
        optimizer.step()

    found = record(run)
    assert found.boxes("x")[0].tolist() == [6, 8]
    (update,) = found.updates("x")
    np.testing.assert_allclose(found.input(update, 1), [0.6, 0.8], rtol=1e-5)


def test_sparse_gradients_of_an_embedding(record: Any) -> None:
    table = nn.Embedding(5, 2, sparse=True)
    optimizer = torch.optim.SGD(table.parameters(), lr=1.0)

    def run() -> None:
        table(torch.tensor([1, 1, 3])).sum().backward()
        optimizer.step()

    found = record(run)
    assert found.boxes("weight")[0].tolist() == [[0, 0], [2, 2], [0, 0], [1, 1], [0, 0]]
    (update,) = found.updates("weight")
    np.testing.assert_allclose(found.input(update) - found.output(update), found.boxes("weight")[0], atol=1e-6)


def test_complex_numbers(record: Any) -> None:
    def run() -> Tensor:
        z = torch.tensor([1 + 2j], requires_grad=True)
        (z * z.conj()).real.sum().backward()
        assert z.grad is not None
        return z.grad

    found = record(run)
    assert found.boxes("z")[0].tolist() == found.result.tolist() == [2 + 4j]


def test_inference_mode(record: Any) -> None:
    net = nn.Linear(2, 2)

    def run() -> Tensor:
        with torch.inference_mode():
            h = net(torch.ones(1, 2))
            h.mul_(2)
            return torch.neg(h).add(0)

    found = record(run)
    assert found.result.is_inference()
    linear, twice = found.one("linear"), found.one("mul_")
    np.testing.assert_allclose(found.output(twice), 2 * found.output(linear))
    np.testing.assert_allclose(found.output(found.one("neg")), -2 * found.output(linear))
    assert found.input(found.one("neg")).tolist() == found.output(twice).tolist()


def test_a_weight_written_between_forward_and_backward(record: Any) -> None:
    w = nn.Parameter(torch.tensor([2.0]))

    def run() -> None:
        y = w * w
        w.data.mul_(10)
        y.backward()

    found = record(run)
    assert found.boxes("w")[0] == [40.0], "as bare: the saved weight is the new one"
    assert found.output(found.updates("w")[0]) == [20.0]


def test_setting_gradients_by_hand(record: Any) -> None:
    w = nn.Parameter(torch.tensor([2.0]))
    optimizer = torch.optim.SGD([w], lr=1.0)

    def run() -> None:
        (w * 3).sum().backward()
        w.grad = None
        w.grad = torch.tensor([0.5])
        optimizer.step()
        optimizer.zero_grad(set_to_none=False)

    found = record(run)
    assert [event.name for event in found.kind("grad")][:2] == ["zero_grad", "grad="]
    assert found.input(found.updates("w")[0], 1) == [0.5]
    assert found.output(found.updates("w")[0]) == [1.5]


def test_frozen_parts_and_detached_paths(record: Any) -> None:
    net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
    net[0].requires_grad_(False)

    def run() -> None:
        h = net[0](torch.ones(1, 2))
        (net[1](h) + h.detach().sum()).sum().backward()

    found = record(run)
    names = {found.trace.tensor(event.tensor).name for event in found.named("AccumulateGrad")}
    assert len(names) == 2
    assert found.named("linear")[0].outputs[0].node is None


def test_each_walk_through_a_graph_has_the_line_that_asked_for_it(record: Any) -> None:
    def run() -> None:
        x = torch.tensor([2.0], requires_grad=True)
        y = torch.exp(x)
        y.backward(retain_graph=True)
        y.backward(retain_graph=True)
        torch.autograd.grad(y, x)

    found = record(run)
    first = run.__code__.co_firstlineno
    sites = [found.trace.site(event.site) for event in found.named("ExpBackward0")]
    lines = [found.trace.source(site.source).text.splitlines()[site.line - 1] for site in sites]
    assert [site.line - first for site in sites] == [3, 4, 5]
    written = [line[site.column : site.end_column] for line, site in zip(lines, sites, strict=True)]
    assert written == [*["y.backward(retain_graph=True)"] * 2, "torch.autograd.grad(y, x)"]
