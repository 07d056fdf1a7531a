"""In-place writes, views and aliases: each version of a tensor is a value of its own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F


def test_a_pre_activation_outlives_the_in_place_relu(record: Any) -> None:
    def run() -> None:
        z = nn.Linear(2, 3)(torch.tensor([[1.0, -2.0]]))
        F.relu(z, inplace=True)

    found = record(run)
    linear, relu = found.one("linear"), found.one("relu")
    z = found.output(linear)
    assert (z < 0).any()
    np.testing.assert_array_equal(found.output(relu), np.maximum(z, 0))
    assert relu.inputs[0].value == linear.outputs[0].value
    assert relu.outputs[0].value != linear.outputs[0].value


def test_gradients_belong_to_versions(record: Any) -> None:
    """A tensor hook set before an in-place op would get the gradient of the old version only."""

    def run() -> None:
        x = torch.tensor([3.0], requires_grad=True)
        h = x * 2
        h.mul_(5)
        h.backward()

    found = record(run)
    first, second = found.named("mul")[0], found.one("mul_")
    assert found.gradient(first) == [5.0]
    assert found.gradient(second) == [1.0]
    assert found.boxes("x")[0] == [10.0]


def test_views_of_a_hooked_output_written_in_place(record: Any) -> None:
    """Full backward hooks raise here."""

    def run() -> Tensor:
        x = torch.ones(2, 4, requires_grad=True)
        h = nn.Linear(4, 4)(x)
        h[:, 0].zero_()
        one, *_ = torch.chunk(h * 1.0, 2, dim=1)
        (one + 1).sum().backward()
        assert x.grad is not None
        return x.grad

    found = record(run)
    assert found.boxes("x")[0].tolist() == found.result.tolist()


def test_writing_to_an_output_of_unbind_raises_as_it_does_bare(record: Any) -> None:
    def run() -> None:
        one, _ = (torch.ones(2, 3, requires_grad=True) * 2).unbind()
        one.zero_()

    with pytest.raises(RuntimeError, match="multiple views") as bare:
        run()
    found = record(run, raises=RuntimeError)
    assert found.one("zero_").error == f"RuntimeError: {bare.value}"


def test_a_write_through_data_makes_a_new_version(record: Any) -> None:
    """Such a write leaves the version counter alone."""

    def run() -> None:
        x = torch.tensor([1.0, 2.0])
        h = x * 1
        torch.neg(h)
        h.data.mul_(10)
        torch.neg(h)
        view = h.data.view(2, 1)
        view[0] = 7
        torch.neg(h)

    found = record(run)
    assert [found.input(event).tolist() for event in found.named("neg")] == [[1, 2], [10, 20], [7, 20]]


def test_a_saved_tensor_changed_before_backward_raises_as_it_does_bare(record: Any) -> None:
    def run() -> None:
        x = torch.tensor([1.0], requires_grad=True)
        a = torch.sigmoid(x)
        a.add_(1)
        a.backward()

    found = record(run, raises=RuntimeError)
    assert found.names[-2:] == ["sigmoid", "add_"]


@pytest.mark.parametrize(
    "same",
    [
        nn.Identity(),
        nn.Dropout().eval(),
        lambda x: x.contiguous(),
        lambda x: x.to(torch.float32),
        lambda x: x.float(),
        lambda x: x.requires_grad_(),
    ],
)
def test_what_gives_back_the_same_object_steals_nothing(record: Any, same: Any) -> None:
    def run() -> bool:
        a = torch.sigmoid(torch.ones(2, requires_grad=True))
        b = same(a)
        torch.tanh(b).sum().backward()
        return b is a

    found = record(run)
    assert found.result, "the same object, as bare"
    sigmoid, tanh = found.one("sigmoid"), found.one("tanh")
    assert tanh.inputs[0].value == sigmoid.outputs[0].value
    assert sigmoid.outputs[0].node is not None
    node = found.trace.node(sigmoid.outputs[0].node)
    assert (node.name, node.op) == ("SigmoidBackward0", sigmoid.position)


def test_writes_to_parts_and_with_out(record: Any) -> None:
    def run() -> None:
        x = torch.zeros(2, 2)
        x[0, 1] = 5.0
        x[1] += 2
        torch.neg(x)
        torch.add(x, 1, out=x)
        torch.neg(x)

    found = record(run)
    assert [found.input(event).tolist() for event in found.named("neg")] == [[[0, 5], [2, 2]], [[1, 6], [3, 3]]]
    first, second = found.named("setitem")
    assert found.output(first).tolist() == [[0, 5], [0, 0]]
    assert found.output(second).tolist() == [[0, 5], [2, 2]]


def test_overlapping_expanded_and_negated_views(record: Any) -> None:
    def run() -> None:
        x = torch.arange(3.0)
        torch.sin(x.expand(2, 3))
        torch.sin(x.flip(0)[::2])
        torch.sin(torch.tensor([1 + 2j]).conj().imag)
        torch.sin(x.as_strided((2, 2), (1, 1)))

    found = record(run)
    inputs = [found.input(event).tolist() for event in found.named("sin")]
    assert inputs == [[[0, 1, 2], [0, 1, 2]], [2, 0], [-2], [[0, 1], [1, 2]]]


def test_gradients_that_are_views_of_views(record: Any) -> None:
    """A chain of reshapes and transposes passes on one gradient in other shapes."""

    def run() -> Tensor:
        x = torch.arange(6.0, requires_grad=True)
        weight = torch.arange(6.0).view(3, 2)
        (x.view(2, 3).t().reshape(3, 2).contiguous().view(6).view(3, 2).t().t() * weight).sum().backward()
        assert x.grad is not None
        return x.grad

    found = record(run)
    assert found.boxes("x")[0].tolist() == found.result.tolist()
    for event in found.kind("node"):
        for slot in (*event.inputs, *event.outputs):
            assert sorted(found.array(slot.value).reshape(-1).tolist()) in ([0, 1, 2, 3, 4, 5], [1, 1, 1, 1, 1, 1], [1])


def test_views_written_to_without_gradients_have_no_node_to_ask_for(record: Any) -> None:
    """torch raises when asked for their `grad_fn`; `Embedding(padding_idx=0)` sets its row of zeros in this way."""

    def run() -> None:
        table = nn.Embedding(4, 2, padding_idx=0)
        table(torch.tensor([0, 1])).sum().backward()

    found = record(run)
    np.testing.assert_array_equal(found.output(found.one("fill_")), [0.0, 0.0])
    assert found.output(found.one("embedding")).shape == (2, 2)
    assert len(found.named("EmbeddingBackward0")) == 1


def test_running_statistics_that_the_script_made_by_an_op_are_read_again(record: Any) -> None:
    """batch_norm writes to them without raising their version counters, and `zeros` had made them a known value."""

    def run() -> tuple[Tensor, Tensor]:
        x = torch.arange(6.0).reshape(3, 2)
        mean, var = torch.zeros(2), torch.ones(2)
        F.batch_norm(x, mean, var, training=True)
        F.batch_norm(x, mean, var, training=False)
        return mean, var

    found = record(run)
    first, second = found.named("batch_norm")
    for place, changed in zip((1, 2), found.result, strict=True):
        assert first.inputs[place].value != second.inputs[place].value
        np.testing.assert_array_equal(found.input(second, place), changed.numpy())


@pytest.mark.parametrize("write", ["leaky_relu", "setitem", "view"])
def test_writes_in_inference_mode_make_new_values(record: Any, write: str) -> None:
    """Inference tensors have no version counter."""

    def run() -> Tensor:
        with torch.inference_mode():
            x = torch.tensor([[-1.0, 2.0]]) * 1
            if write == "leaky_relu":
                F.leaky_relu(x, 0.5, inplace=True)
            elif write == "setitem":
                x[0, 0] = 7.0
            else:
                F.relu(x.view(2), inplace=True)
            return x + 0

    found = record(run)
    last = found.one("add")
    np.testing.assert_array_equal(found.input(last), found.result.numpy())
    np.testing.assert_array_equal(found.output(found.one("mul")), [[-1.0, 2.0]])
