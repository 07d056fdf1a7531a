"""The rows of normalizations compute and differentiate as torch does; their equations come to the recorded numbers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.explain.explainer import explain
from engine.analysis.notation.printing import to_text
from engine.analysis.table.call import UnfitError, bind
from engine.trace.reader import Trace
from tests.helpers.against_torch import a_row, agree
from tests.helpers.drawn_tensors import normal
from tests.helpers.equations import equations_hold

Record = Callable[..., Trace]

FEW = settings(max_examples=20, deadline=None)
images = st.lists(st.integers(2, 4), min_size=3, max_size=5).map(tuple)


drawn = partial(normal, spread=2.0, mean=1.0)


def variances(count: int) -> torch.Tensor:
    return torch.linspace(0.5, 2.0, count, dtype=torch.float64)


@FEW
@given(shape=st.lists(st.integers(2, 4), min_size=2, max_size=5).map(tuple), affine=st.booleans())
def test_batch_norm(shape: tuple[int, ...], affine: bool) -> None:
    count = shape[1]
    extra = (drawn((count,), 1), drawn((count,), 2)) if affine else (None, None)
    agree(F.batch_norm, drawn(shape), None, None, *extra, training=True, rtol=10)
    agree(F.batch_norm, drawn(shape), torch.zeros(count).double(), variances(count), *extra, training=True, rtol=10)
    running = torch.linspace(-1, 1, count, dtype=torch.float64)
    agree(F.batch_norm, drawn(shape), running, variances(count), *extra, eps=0.1)


def test_torch_has_another_order_of_arguments() -> None:
    w, b, mean = drawn((3,), 1), drawn((3,), 2), torch.tensor([0.5, 0.0, -1.0], dtype=torch.float64)
    agree(torch.batch_norm, drawn((4, 3)), w, b, mean, variances(3), False, 0.1, 1e-3, False)
    agree(torch.batch_norm, drawn((4, 3)), w, b, None, None, True, 0.1, 1e-3, False)
    agree(torch.instance_norm, drawn((4, 3, 5)), w, b, None, None, True, 0.1, 1e-3, False)
    row, form = a_row("batch_norm")
    named = bind(form, "torch.batch_norm", {"0": np.ones((2, 3)), "weight": np.ones(3)}, {"training": True})
    with pytest.raises(UnfitError, match="by name"):
        row.forward(named)


@FEW
@given(shape=images, affine=st.booleans())
def test_instance_norm(shape: tuple[int, ...], affine: bool) -> None:
    count = shape[1]
    extra = (drawn((count,), 1), drawn((count,), 2)) if affine else (None, None)
    agree(F.instance_norm, drawn(shape), None, None, *extra, rtol=10)
    running = torch.linspace(-1, 1, count, dtype=torch.float64)
    agree(F.instance_norm, drawn(shape), running, variances(count), *extra, use_input_stats=False)


@FEW
@given(
    shape=st.lists(st.integers(2, 3), min_size=2, max_size=4), groups=st.integers(1, 3), each=st.integers(1, 3),
    affine=st.booleans(),
)  # fmt: skip
def test_group_norm(shape: list[int], groups: int, each: int, affine: bool) -> None:
    count = groups * each
    extra = (drawn((count,), 1), drawn((count,), 2)) if affine else (None, None)
    agree(F.group_norm, drawn((shape[0], count, *shape[1:])), groups, *extra, eps=0.1, rtol=10)
    agree(torch.group_norm, drawn((shape[0], count, *shape[1:], 4)), groups, *extra, rtol=100)


@FEW
@given(
    shape=st.lists(st.integers(2, 4), min_size=1, max_size=4), last=st.integers(1, 3), affine=st.booleans(),
    bias=st.booleans(),
)  # fmt: skip
def test_layer_and_rms_norm(shape: list[int], last: int, affine: bool, bias: bool) -> None:
    normalized = tuple(shape[-last:])
    w, b = drawn(normalized, 1) if affine else None, drawn(normalized, 2) if affine and bias else None
    agree(F.layer_norm, drawn(tuple(shape)), normalized, w, b, eps=0.1, rtol=10)
    agree(F.layer_norm, drawn((*shape, 4)), (4,), rtol=100)
    agree(F.rms_norm, drawn(tuple(shape)), normalized, w, 0.5, rtol=10)
    agree(F.rms_norm, drawn((*shape, 3)), (3,), rtol=10)


def test_empty_and_constant_groups() -> None:
    agree(F.layer_norm, drawn((0, 4)), (4,))
    ones = torch.ones(4, 4, dtype=torch.float64)
    agree(F.group_norm, (ones * 3).requires_grad_(), 1, drawn((4,), 1).detach(), drawn((4,), 2), rtol=10)
    agree(F.batch_norm, (ones * 7).requires_grad_(), None, None, None, drawn((4,), 1), training=True, rtol=10)
    agree(F.layer_norm, torch.tensor([[float("nan"), 1.0, 0.0], [2.0, 3.0, 7.0]], dtype=torch.float64), (3,))


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16])
def test_which_eps_rms_norm_takes(dtype: torch.dtype) -> None:
    x = torch.tensor([[2e-4, -1e-4, 3e-4]]).to(dtype)
    made = F.rms_norm(x, (3,))
    row, form = a_row("rms_norm")
    call = bind(form, "", {"0": x.numpy()}, {"1": [3]}, [made.numpy()])
    tolerance = 1e-3 if dtype == torch.float16 else 1e-6
    np.testing.assert_allclose(np.asarray(row.forward(call)), made.double().numpy(), rtol=tolerance)


@FEW
@given(shape=images, size=st.integers(1, 5))
def test_local_response_norm(shape: tuple[int, ...], size: int) -> None:
    agree(F.local_response_norm, drawn(shape), size, alpha=0.3, beta=0.6, k=1.5)
    agree(F.local_response_norm, drawn(shape), size)


@FEW
@given(
    shape=st.lists(st.integers(2, 4), min_size=1, max_size=4).map(tuple), at=st.integers(0, 3),
    p=st.sampled_from([0.5, 1.0, 1.5, 2.0, 3.0, float("inf")]),
)  # fmt: skip
def test_normalize(shape: tuple[int, ...], at: int, p: float) -> None:
    agree(F.normalize, drawn(shape), p, at % len(shape), rtol=10)
    agree(F.normalize, drawn(shape), p, -1, eps=4.0)


def test_normalize_of_zeros_and_ties() -> None:
    x = torch.tensor([[0.0, 0.0, 0.0], [3.0, 0.0, -3.0]], dtype=torch.float64, requires_grad=True)
    for p in (1.0, 2.0, 3.0, float("inf")):
        agree(F.normalize, x, p)


@FEW
@given(shape=st.lists(st.integers(2, 4), min_size=1, max_size=4).map(tuple), at=st.integers(0, 3))
def test_weight_norm(shape: tuple[int, ...], at: int) -> None:
    dim = at % len(shape)
    magnitudes = drawn(tuple(size if axis == dim else 1 for axis, size in enumerate(shape)), 1)
    agree(torch.norm_except_dim, drawn(shape), 2, dim)
    if len(shape) > 1:
        agree(torch._weight_norm, drawn(shape), magnitudes, dim)


NETWORK = """
    import torch
    import torch.nn.functional as F

    torch.set_default_dtype(torch.float64)
    torch.manual_seed(3)
    x = torch.randn(2, 4, 3, requires_grad=True)
    w = torch.tensor([0.5, -1.0, 2.0, 1.5], requires_grad=True)
    b = torch.tensor([0.1, 0.2, 0.3, 0.4], requires_grad=True)
    v = torch.tensor([[0.5, 2.0, -1.0]], requires_grad=True)
    mean, variance = torch.tensor([0.5, 0.1, -0.5, 0.0]), torch.tensor([1.0, 0.5, 2.0, 1.5])
    y = {}
    (y ** 2).sum().backward()
"""
CALLS = [
    "F.batch_norm(x * 1, mean, variance, w, b, training=True)",
    "F.batch_norm(x * 1, mean, variance, w, b)",
    "F.batch_norm(x * 1, None, None, training=True)",
    "torch.batch_norm(x * 1, w, b, mean, variance, False, 0.1, 0.001, False)",
    "F.instance_norm(x * 1, mean, variance, w, b)",
    "F.instance_norm(x * 1, mean, variance, w, b, use_input_stats=False)",
    "F.group_norm(x * 1, 2, w, b)",
    "F.group_norm(x * 1, 4)",
    "F.layer_norm(x * 1, (3,), v[0], v[0] * 2)",
    "F.layer_norm(x * 1, (4, 3), w[:, None] * v, b[:, None] * v)",
    "F.layer_norm(x * 1, (4, 3))",
    "F.rms_norm(x * 1, (3,), v[0])",
    "F.rms_norm(x * 1, (3,), eps=0.5)",
    "F.local_response_norm(x * 1, 3, 0.5, 0.75, 2.0)",
    "F.normalize(x * 1, dim=2)",
    "F.normalize(x * 1, 3.0, 1)",
    "torch._weight_norm(x * 1, b[None, :2, None].transpose(0, 1) * 5, 0)",
]


@pytest.mark.parametrize("call", CALLS)
def test_equations_come_to_the_recorded_numbers(recorded: Record, call: str) -> None:
    name = call.partition(".")[2].partition("(")[0]
    # What is left of a group's gradient is a small difference of large numbers.
    found = equations_hold(recorded(source=NETWORK.format(call)), name, rtol=1e-7)
    assert found.results[name] >= 24
    assert found.gradients[name] >= 24


def page_of(recorded: Record, call: str, event_name: str, element: tuple[int, ...]) -> Any:
    trace = recorded(source=NETWORK.format(call))
    event = next(event for event in trace.events() if event.name == event_name)
    return explain(trace, event.position, element)


def test_which_numbers_are_a_group(recorded: Record) -> None:
    place = (1, 2, 0)
    batch = page_of(recorded, CALLS[0], "batch_norm", place).notes[0].english
    assert batch.startswith("The group: channel 2 of the whole batch, 6 numbers. The running mean and variance move")
    running = page_of(recorded, CALLS[1], "batch_norm", place).notes[0].english
    assert running.startswith("Mean and variance are the running")
    instance = page_of(recorded, CALLS[4], "instance_norm", place).notes[0].english
    assert instance.startswith("The group: channel 2 of sample 1, 3 numbers.")
    groups = page_of(recorded, CALLS[6], "group_norm", place).notes[0].english
    assert groups == "The group: channels 2 to 3 of sample 1, 6 numbers."
    layer = page_of(recorded, CALLS[8], "layer_norm", place).notes[0].english
    assert layer == "The group: the last dimension at (1, 2), 3 numbers."


def test_mean_and_variance_come_first(recorded: Record) -> None:
    source = """
        import torch
        torch.nn.functional.layer_norm(torch.tensor([1.0, 3.0]), (2,), eps=0.0)
    """
    trace = recorded(source=source)
    event = next(event for event in trace.events() if event.name == "layer_norm")
    lines = [to_text(line.expression) for line in explain(trace, event.position, (1,)).lines]
    assert lines[0].endswith("= 1/2·(1 + 3) = 2")
    assert lines[1].endswith("= 1")
    assert lines[2].endswith("= (3 - 2)/√(1 + 0) = 1")
