"""Modules: whatever goes in and comes out, called or not."""

from __future__ import annotations

import copy
import pickle
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils import parametrizations


def paths(found: Any) -> list[tuple[str, str]]:
    """(path, class) of all module calls in order."""
    return [(call.path, call.class_name) for row in found.trace.iterations() for call in found.trace.calls(row.number)]


def test_calls_nest_and_span_their_events(record: Any) -> None:
    net = nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.ReLU(), nn.Linear(2, 1)))
    found = record(lambda: net(torch.ones(1, 2)).backward())
    assert paths(found) == [
        ("", "Sequential"),
        ("0", "Linear"),
        ("1", "Sequential"),
        ("1.0", "ReLU"),
        ("1.1", "Linear"),
    ]
    calls = {call.path: call for call in found.trace.calls(0)}
    assert calls["1.0"].parent == calls["1"].id
    assert calls["1"].parent == calls[""].id
    assert calls[""].parent is None
    first, relu, last = found.named("linear")[0], found.one("relu"), found.named("linear")[1]
    assert [first.call, relu.call, last.call] == [calls["0"].id, calls["1.0"].id, calls["1.1"].id]
    assert (calls["1"].begin, calls["1"].end) == (relu.position, last.position + 1)
    assert {tensor.name for tensor in found.trace.tensors()} >= {"0.weight", "0.bias", "1.1.weight", "1.1.bias"}


@dataclass
class Answer:
    """A module's output of a kind that full backward hooks do not look into."""

    score: Tensor
    note: str


class Talker(nn.Module):
    """Gives a dict, a list or a dataclass."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind
        self.layer = nn.Linear(2, 1)

    def forward(self, *, x: Tensor, flag: bool = False, nothing: None = None) -> Any:
        score = self.layer(x)
        return {"dict": {"score": score}, "list": [score], "dataclass": Answer(score, "")}[self.kind]


@pytest.mark.parametrize("kind", ["dict", "list", "dataclass"])
def test_keywords_in_and_structures_out(record: Any, kind: str) -> None:
    net = Talker(kind)

    def run() -> None:
        answer = net(x=torch.ones(1, 2), flag=True, nothing=None)
        score = {"dict": lambda: answer["score"], "list": lambda: answer[0], "dataclass": lambda: answer.score}[kind]()
        score.sum().backward()

    found = record(run)
    assert paths(found) == [("", "Talker"), ("layer", "Linear")]
    assert found.gradient(found.one("linear")).tolist() == [[1.0]]
    assert found.boxes("layer.weight")[0].tolist() == [[1.0, 1.0]]


def test_forward_called_directly_is_recorded_by_its_ops(record: Any) -> None:
    net = nn.Sequential(nn.Linear(2, 3), nn.Tanh())
    found = record(lambda: net.forward(torch.ones(1, 2)).sum().backward())
    assert found.names[:3] == ["ones", "linear", "tanh"]
    assert ("0", "Linear") in paths(found) or ("", "Linear") in paths(found)
    assert {tensor.name for tensor in found.trace.tensors() if tensor.kind == "parameter"} != {""}


def test_modules_used_through_their_weights_only(record: Any) -> None:
    """MultiheadAttention never calls its out_proj."""
    net = nn.MultiheadAttention(4, 2, batch_first=True)
    x = torch.randn(1, 3, 4)

    def run() -> Any:
        out, _ = net(x, x, x)
        out.sum().backward()
        return out.detach()

    bare = run()
    net.zero_grad()
    found = record(run)
    assert torch.equal(found.result, bare)
    assert found.boxes("out_proj.weight")[0].tolist() == net.out_proj.weight.grad.tolist()
    assert "out_proj" not in [path for path, _ in paths(found)], "never called"
    named = {slot.value for slot in found.one("multi_head_attention_forward").inputs}
    weights = {tensor.id for tensor in found.trace.tensors() if tensor.name == "out_proj.weight"}
    assert any(value.tensor in weights for value in found.trace.values(v for v in named if v).values())


def test_a_frozen_input_and_a_leaf_s_gradient_after_its_node(record: Any) -> None:
    net = nn.Linear(2, 1)
    found = record(lambda: net(torch.ones(3, 2)).sum().backward())
    filled = found.named("AccumulateGrad")
    assert sorted(found.output(event).reshape(-1).tolist() for event in filled) == [[3.0], [3.0, 3.0]]
    assert all(event.position > found.one("SumBackward0").position for event in filled)


def test_a_forward_that_raises_ends_its_call_and_the_next_is_recorded(record: Any) -> None:
    class Faulty(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            torch.sigmoid(x)
            raise ValueError("no")

    def run() -> None:
        outer = nn.Sequential(Faulty())
        with pytest.raises(ValueError, match="no"):
            outer(torch.ones(1))
        nn.Tanh()(torch.ones(1))

    found = record(run)
    assert paths(found) == [("", "Sequential"), ("0", "Faulty"), ("", "Tanh")]
    calls = {call.class_name: call for call in found.trace.calls(0)}
    assert calls["Tanh"].parent is None
    assert found.one("tanh").call == calls["Tanh"].id


def test_hooks_of_the_script_run_as_they_do_bare(record: Any) -> None:
    seen: list[str] = []
    net = nn.Sequential(nn.Linear(1, 1))
    net.register_forward_pre_hook(lambda module, args: seen.append("pre"))
    net.register_forward_hook(lambda module, args, output: output * 3)
    net.register_full_backward_hook(lambda module, given, taken: seen.append("backward"))
    x = torch.ones(1, 1, requires_grad=True)
    found = record(lambda: net(x).backward())
    assert seen == ["pre", "backward"]
    assert x.grad is not None
    assert x.grad.item() == pytest.approx(3 * net[0].weight.item())
    assert found.boxes("0.weight")[0].tolist() == [[3.0]]


def test_a_tensor_hook_that_changes_a_gradient(record: Any) -> None:
    def run() -> None:
        x = torch.tensor([1.0], requires_grad=True)
        h = x * 2
        h.register_hook(lambda gradient: gradient * 10)
        (h * 3).backward()

    found = record(run)
    assert found.boxes("x")[0] == [60.0]
    assert found.gradient(found.named("mul")[0]) in ([3.0], [30.0])


def test_copies_and_pickles_of_a_model_while_recorded(record: Any) -> None:
    net = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))

    def run() -> None:
        net(torch.randn(4, 2)).sum().backward()
        other = copy.deepcopy(net)
        again = pickle.loads(pickle.dumps(net))
        assert torch.equal(other[0].weight, net[0].weight)
        assert torch.equal(again[1].running_mean, net[1].running_mean)
        other(torch.randn(4, 2))

    record(run)
    assert not net[0]._forward_hooks
    assert set(vars(nn.Linear(1, 1))) == set(vars(net[0]))


def test_parametrised_weights_show_the_raw_and_the_effective_one(record: Any) -> None:
    net = parametrizations.weight_norm(nn.Linear(2, 2))
    found = record(lambda: net(torch.ones(1, 2)).sum().backward())
    names = {tensor.name for tensor in found.trace.tensors() if tensor.kind == "parameter"}
    assert {"parametrizations.weight.original0", "parametrizations.weight.original1"} <= names
    effective = found.input(found.one("linear"), 1)
    np.testing.assert_allclose(effective, net.weight.detach().numpy(), rtol=1e-6)


def test_two_models_with_the_same_names(record: Any) -> None:
    one, two = nn.Linear(1, 1), nn.Linear(1, 1)
    found = record(lambda: (one(torch.ones(1, 1)) + two(torch.ones(1, 1))).backward())
    names = [tensor.name for tensor in found.trace.tensors() if tensor.kind == "parameter"]
    assert len(names) == len(set(names)) == 4


def test_the_same_module_called_again_inside_itself(record: Any) -> None:
    class Spiral(nn.Module):
        def forward(self, x: Tensor, depth: int) -> Tensor:
            return torch.tanh(x) if depth == 0 else self(x + 1, depth - 1)

    found = record(lambda: Spiral()(torch.zeros(1), 2))
    calls = found.trace.calls(0)
    assert [call.parent for call in calls] == [None, calls[0].id, calls[1].id]
    assert found.names == ["zeros", "add", "add", "tanh"]


def test_functional_calls_with_other_weights(record: Any) -> None:
    net = nn.Linear(1, 1, bias=False)
    weight = torch.tensor([[5.0]], requires_grad=True)
    found = record(lambda: torch.func.functional_call(net, {"weight": weight}, (torch.ones(1, 1),)).backward())
    assert found.output(found.one("linear")).tolist() == [[5.0]]
    assert weight.grad is not None
    assert F.relu(weight.grad).tolist() == [[1.0]]


def test_lazy_modules_get_their_shapes_at_the_first_call(record: Any) -> None:
    def run() -> nn.Module:
        net = nn.Sequential(nn.LazyLinear(3), nn.LazyBatchNorm1d(), nn.Linear(3, 1))
        optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
        for _ in range(2):
            optimizer.zero_grad()
            net(torch.randn(4, 5)).sum().backward()
            optimizer.step()
        return net

    found = record(run)
    shapes = {tensor.name: tensor.shape for tensor in found.trace.tensors() if tensor.kind == "parameter"}
    assert shapes["0.weight"] == (3, 5)
    assert len(found.updates("0.weight")) == 2
    assert found.output(found.updates("0.weight")[-1]).tolist() == found.result[0].weight.tolist()
