"""Computation that Python does not see: fused modules, compiled, scripted and transformed functions."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint


def gradients(net: nn.Module) -> list[Tensor]:
    """Copies of all `.grad`, which are emptied."""
    found = [parameter.grad.clone() for parameter in net.parameters() if parameter.grad is not None]
    net.zero_grad()
    return found


def same_bits(one: list[Tensor], other: list[Tensor]) -> bool:
    """Whether two lists of tensors are equal."""
    return len(one) == len(other) and all(map(torch.equal, one, other))


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
def test_recurrent_modules_are_one_op(record: Any, kind: Any) -> None:
    net = kind(3, 4, batch_first=True)
    x = torch.randn(2, 5, 3)

    def run() -> Tensor:
        out = net(x)[0]
        out.sum().backward()
        return out.detach()

    bare, wanted = run(), gradients(net)
    found = record(run)
    assert torch.equal(found.result, bare)
    assert same_bits(gradients(net), wanted)
    name = {nn.RNN: "rnn_tanh", nn.LSTM: "lstm", nn.GRU: "gru"}[kind]
    np.testing.assert_array_equal(found.output(found.one(name)), bare.numpy())
    assert [boxed.tolist() for boxed in found.boxes("weight_ih_l0")] == [wanted[0].tolist()]


@pytest.mark.parametrize("heads", [1, 2])
def test_the_fast_path_of_transformers_keeps_its_bits(record: Any, heads: int) -> None:
    layer = nn.TransformerEncoderLayer(8, heads, 16, batch_first=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        net = nn.TransformerEncoder(layer, 2).eval()
    x = torch.randn(2, 4, 8)

    def run() -> Tensor:
        with torch.no_grad():
            return net(x)

    bare = run()
    found = record(run)
    assert torch.equal(found.result, bare)
    (event,) = found.ops
    assert (event.name, event.arguments) == ("TransformerEncoder", {"opaque": True})
    np.testing.assert_array_equal(found.output(event), bare.numpy())


def test_a_transformer_in_training_shows_its_ops(record: Any) -> None:
    net = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
    x = torch.randn(2, 4, 8)

    def run() -> Tensor:
        out = net(x)
        out.sum().backward()
        return out.detach()

    bare, wanted = run(), gradients(net)
    found = record(run)
    assert torch.equal(found.result, bare)
    assert same_bits(gradients(net), wanted)
    assert {"multi_head_attention_forward", "linear", "layer_norm"} <= set(found.names)


def test_an_opaque_call_that_raises_leaves_the_recorder_watching(record: Any) -> None:
    net = nn.MultiheadAttention(4, 2, batch_first=True).eval()

    def run() -> None:
        with pytest.raises((RuntimeError, AssertionError)):
            net(torch.ones(1, 3, 5), torch.ones(1, 3, 5), torch.ones(1, 3, 5))
        torch.sigmoid(torch.ones(1))
        with torch.no_grad():
            net(torch.ones(1, 3, 4), torch.ones(1, 3, 4), torch.ones(1, 3, 4))

    found = record(run)
    assert found.names[-5:-4] == ["sigmoid"] or "sigmoid" in found.names
    assert found.names[-1] == "MultiheadAttention"


def test_an_opaque_call_that_is_interrupted(record: Any) -> None:
    """torch calls no hook when a KeyboardInterrupt passes."""

    class Interrupted(nn.TransformerEncoderLayer):
        def forward(self, *args: Any, **kwargs: Any) -> Tensor:
            raise KeyboardInterrupt

    net = Interrupted(4, 1, 4, batch_first=True).eval()
    record(lambda: net(torch.ones(1, 2, 4)), raises=KeyboardInterrupt)
    assert torch._C._len_torch_function_stack() == 0


def test_a_compiled_module_is_one_op(record: Any) -> None:
    net = nn.Sequential(nn.Linear(2, 3), nn.Tanh())
    compiled = torch.compile(net, backend="eager")
    x = torch.ones(1, 2)

    def run() -> Tensor:
        out = compiled(x)
        out.sum().backward()
        return out.detach()

    bare, wanted = run(), gradients(net)
    found = record(run)
    assert torch.equal(found.result, bare)
    assert same_bits(gradients(net), wanted)
    event = found.one("OptimizedModule")
    assert event.arguments == {"opaque": True}
    np.testing.assert_array_equal(found.output(event), bare.numpy())
    assert found.gradient(event).tolist() == [[1.0, 1.0, 1.0]]


def test_a_compiled_function(record: Any) -> None:
    @torch.compile(backend="eager", fullgraph=True)
    def square(x: Tensor) -> Tensor:
        return x * x + 1

    def run() -> Tensor:
        x = torch.tensor([3.0], requires_grad=True)
        square(x).backward()
        assert x.grad is not None
        return x.grad

    bare = run()
    found = record(run)
    assert torch.equal(found.result, bare)
    assert {"mul", "add"} <= set(found.names)
    from torch._dynamo import eval_frame

    assert eval_frame._stance.stance == "default", "put back"


def test_a_scripted_module_and_function(record: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        net = torch.jit.script(nn.Sequential(nn.Linear(2, 3), nn.Tanh()))
        traced = torch.jit.trace(nn.Tanh(), torch.ones(1))
    x = torch.ones(1, 2)

    def run() -> Tensor:
        out = traced(net(x))
        out.sum().backward()
        return out.detach()

    bare, wanted = run(), gradients(net)
    found = record(run)
    assert torch.equal(found.result, bare)
    assert same_bits(gradients(net), wanted)
    opaque = [event for event in found.ops if event.arguments == {"opaque": True}]
    assert len(opaque) == 2


@pytest.mark.filterwarnings("ignore:.*torch.jit.script:DeprecationWarning")
def test_vmap_and_grad_transforms(record: Any) -> None:
    def energy(w: Tensor, x: Tensor) -> Tensor:
        return (torch.tanh(x @ w) ** 2).sum()

    w, xs = torch.randn(3), torch.randn(4, 3)

    def run() -> list[Tensor]:
        each = torch.vmap(torch.func.grad(energy), in_dims=(None, 0))(w, xs)
        hessian = torch.func.hessian(energy)(w, xs[0])
        _, tangent = torch.func.jvp(lambda v: energy(v, xs[0]), (w,), (torch.ones(3),))
        rows = torch.func.jacrev(lambda v: xs @ v)(w)
        return [each, hessian, tangent, rows]

    bare = run()
    found = record(run)
    assert same_bits(found.result, bare)
    for event in found.ops:
        for slot in event.outputs:
            value = found.trace.value(slot.value)
            assert value.kept or value.reason


@pytest.mark.filterwarnings("ignore:.*torch.jit.script:DeprecationWarning")
def test_forward_mode_gradients(record: Any) -> None:
    import torch.autograd.forward_ad as fwAD

    def run() -> Tensor:
        with fwAD.dual_level():
            dual = fwAD.make_dual(torch.tensor([2.0]), torch.tensor([1.0]))
            return fwAD.unpack_dual(dual * dual).tangent.clone()

    assert record(run).result.tolist() == [4.0]


@pytest.mark.parametrize("reentrant", [True, False])
def test_checkpointing_runs_forward_again_unseen(record: Any, reentrant: bool) -> None:
    net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    x = torch.ones(1, 2, requires_grad=True)

    def run() -> Tensor:
        out = checkpoint(net, x, use_reentrant=reentrant)
        out.sum().backward()
        return out.detach()

    bare, wanted = run(), gradients(net)
    found = record(run)
    assert torch.equal(found.result, bare)
    assert same_bits(gradients(net), wanted)
    assert len(found.named("tanh")) == 1, "function modes are off inside a backward pass"
    if reentrant:
        node = found.one("CheckpointFunctionBackward")
        assert found.input(node).tolist() == [[1.0]]
        assert found.named("AccumulateGrad")[0].inputs, "that of x"
    else:
        assert found.boxes("0.weight")[0].tolist() == wanted[0].tolist()
        assert found.boxes("2.bias")[0].tolist() == wanted[3].tolist()


def test_the_graph_changes_between_iterations(record: Any) -> None:
    net = nn.Linear(1, 1)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)

    def run() -> None:
        for number in range(4):
            h = torch.ones(1, 1)
            for _ in range(number + 1):
                h = net(h)
            if number % 2:
                h = torch.tanh(h)
            optimizer.zero_grad()
            h.sum().backward()
            optimizer.step()

    found = record(run)
    counts = [sum(e.name == "linear" for e in found.trace.events(n)) for n in range(4)]
    assert counts == [1, 2, 3, 4]
    assert len(found.boxes("weight")) == 4


class Doubled(torch.autograd.Function):
    """y = 2x with a backward pass in Python."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        return x * 2

    @staticmethod
    def backward(ctx: Any, *given: Tensor) -> Tensor:
        return given[0] * 2 + 0


def test_a_function_of_the_script_with_its_own_backward(record: Any) -> None:
    def run() -> Tensor:
        x = torch.tensor([1.0], requires_grad=True)
        y = Doubled.apply(torch.sigmoid(x))
        assert isinstance(y, Tensor)
        torch.tanh(y).backward()
        assert x.grad is not None
        return x.grad

    bare = run()
    found = record(run)
    assert torch.equal(found.result, bare)
    node = found.one("DoubledBackward")
    tanh = found.one("tanh")
    given = 1 - np.tanh(found.input(tanh)) ** 2
    np.testing.assert_allclose(found.input(node), given, rtol=1e-6)
    np.testing.assert_allclose(found.output(node), 2 * given, rtol=1e-6)
    assert found.boxes("x")[0].tolist() == bare.tolist()
