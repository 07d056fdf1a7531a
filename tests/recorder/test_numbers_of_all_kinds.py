"""Tensors of every type and kind become values, or say why not."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

DTYPES = [
    *(torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.complex32, torch.complex64, torch.complex128),
    *(torch.bool, torch.int8, torch.int16, torch.int32, torch.int64),
    *(torch.uint8, torch.uint16, torch.uint32, torch.uint64),
    *(torch.float8_e4m3fn, torch.float8_e5m2, torch.float8_e4m3fnuz, torch.float8_e5m2fnuz, torch.float8_e8m0fnu),
]


@pytest.mark.parametrize("rows", [2, 3000], ids=["small", "large"])
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.filterwarnings("ignore:ComplexHalf support is experimental")
def test_every_type_in_any_layout(record: Any, dtype: torch.dtype, rows: int) -> None:
    base = torch.randn(rows, 6).abs().mul(3).add(1)

    def run() -> list[Any]:
        made = base.to(torch.complex64).mul(1 + 1j).to(dtype) if dtype.is_complex else base.to(dtype)
        wide = torch.complex64 if dtype == torch.complex32 else torch.float32
        shown = []
        for tensor in (made, made.t(), made[:, ::2], made[0, 0], made[:0], made.expand(2, rows, 6)[1]):
            tensor.clone()
            exact = dtype.itemsize > 2 * (1 + dtype.is_complex) or not (dtype.is_complex or dtype.is_floating_point)
            shown.append(tensor.detach().clone() if exact else tensor.to(wide))
        return shown

    found = record(run)
    clones = [event for event in found.named("clone") if event.position]
    taken = [found.input(event) for event in found.ops if event.name == "clone"]
    wanted = [tensor.numpy() for tensor in found.result]
    step = len(taken) // len(wanted)
    assert step >= 1
    assert clones
    for array, truth in zip(taken[::step], wanted, strict=True):
        np.testing.assert_array_equal(array, truth)


@pytest.mark.parametrize("name", ["float4_e2m1fn_x2", "uint4", "int2", "bits8"])
def test_types_that_numpy_cannot_hold_say_so(record: Any, name: str) -> None:
    dtype = getattr(torch, name, None)
    if dtype is None:
        pytest.skip(f"this torch has no {name}")

    def run() -> None:
        torch.empty(4, dtype=dtype)
        torch.sigmoid(torch.ones(1))

    found = record(run)
    value = found.trace.value(found.one("empty").outputs[0].value)
    assert (value.dtype, value.kept) == (name, False)
    assert value.reason
    assert found.names[-1] == "sigmoid"


def test_numbers_that_are_none(record: Any) -> None:
    def run() -> None:
        torch.log(torch.tensor([-1.0, 0.0, 1.0, math.inf]))

    found = record(run)
    known = found.trace.value(found.one("log").outputs[0].value).statistics
    assert (known.nans, known.infs, known.min, known.max, known.zeros) == (1, 2, 0.0, 0.0, 0.25)


def test_empty_and_zero_dimensional_tensors(record: Any) -> None:
    def run() -> None:
        torch.sin(torch.zeros(0, 3))
        torch.cos(torch.tensor(0.0))

    found = record(run)
    assert found.output(found.one("sin")).shape == (0, 3)
    assert found.output(found.one("cos")).shape == ()
    assert found.output(found.one("cos")).item() == 1.0


def test_sparse_nested_and_quantised_tensors(record: Any) -> None:
    def run() -> None:
        torch.eye(3).to_sparse()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch calls CSR and nested tensors beta
            torch.eye(3).to_sparse_csr()
            torch.nested.nested_tensor([torch.ones(2), torch.ones(3)])
            torch.quantize_per_tensor(torch.tensor([1.0, 2.0]), 0.5, 0, torch.qint8)
        torch.sigmoid(torch.ones(1))

    found = record(run)
    assert found.output(found.one("to_sparse")).tolist() == np.eye(3).tolist()
    assert found.output(found.one("to_sparse_csr")).tolist() == np.eye(3).tolist()
    assert found.output(found.one("quantize_per_tensor")).tolist() == [2, 4]
    for event in found.ops:
        for slot in event.outputs:
            value = found.trace.value(slot.value)
            assert value.kept or value.reason
    assert found.names[-1] == "sigmoid"


def test_meta_tensors_have_shapes_only(record: Any) -> None:
    found = record(lambda: nn.Linear(3, 4, device="meta")(torch.ones(2, 3, device="meta")).sum())
    value = found.trace.value(found.one("linear").outputs[0].value)
    assert (value.shape, value.device, value.reason) == ((2, 4), "meta", "a meta tensor has no data")


def test_buffers_of_batch_norm_have_versions(record: Any) -> None:
    net = nn.BatchNorm1d(2)

    def run() -> list[list[float]]:
        means = []
        for number in range(3):
            net(torch.randn(8, 2) + number)
            means.append(net.running_mean.tolist())  # type: ignore[union-attr]
        return means

    found = record(run)
    buffers = {tensor.name: tensor for tensor in found.trace.tensors() if tensor.kind == "buffer"}
    versions = [found.array(value.id).tolist() for value in found.trace.versions(buffers["running_mean"].id)]
    assert versions[1:] == found.result[:2], "each as the next call took it"


def test_deterministic_dropout(record: Any) -> None:
    def run() -> list[float]:
        torch.manual_seed(11)
        values = nn.functional.dropout(torch.ones(20), 0.5).tolist()
        return [*values, torch.rand(1).item()]

    bare = run()
    found = record(run)
    assert found.result == bare
    assert found.output(found.one("dropout")).tolist() == bare[:20]


def test_arguments_that_are_no_tensors(record: Any) -> None:
    def run() -> None:
        x = torch.randn(4, 4)
        torch.sum(x, dim=1, keepdim=True)
        torch.clamp(x, min=-1.5)
        x.to(torch.float64)
        _ = x[1:3, ..., None]
        torch.cat([x, x], 0)
        torch.full((2,), math.inf)

    found = record(run)
    assert found.one("sum").arguments == {"dim": 1, "keepdim": True}
    assert found.one("clamp").arguments == {"min": -1.5}
    assert found.one("to").arguments == {"1": "torch.float64"}
    assert found.one("getitem").arguments == {"1": [{"slice": [1, 3, None]}, "...", None]}
    assert [slot.name for slot in found.one("cat").inputs] == ["0.0", "0.1"]
    assert found.one("full").arguments["1"] == "inf"


def test_a_slice_from_a_tensor_to_a_tensor_has_their_numbers(record: Any) -> None:
    def run() -> list[float]:
        x, i = torch.arange(9.0), torch.tensor(2)
        return x[i : i + 3].tolist() + x[torch.tensor([4]) :: torch.tensor(2)].tolist()

    found = record(run)
    assert found.result == [2.0, 3.0, 4.0, 4.0, 6.0, 8.0]
    assert [event.arguments for event in found.named("getitem")] == [
        {"1": {"slice": [2, 5, None]}},
        {"1": {"slice": [4, None, 2]}},
    ]


def test_an_op_that_raises_is_an_event_with_its_error(record: Any) -> None:
    found = record(lambda: torch.ones(2, 3) @ torch.ones(2, 3), raises=RuntimeError)
    event = found.events[-1]
    assert event.name == "matmul"
    assert event.error.startswith("RuntimeError: mat1 and mat2 shapes cannot be multiplied")
    assert not event.outputs


def test_gradients_without_memory_are_zeros(record: Any) -> None:
    def run() -> None:
        x = torch.tensor([3.0, -2.0, 0.5], requires_grad=True)
        torch.sgn(x).backward(torch.full((3,), 1e30))

    found = record(run)
    (node,) = found.named("SgnBackward0")
    np.testing.assert_array_equal(found.output(node), np.zeros(3, dtype=np.float32))
