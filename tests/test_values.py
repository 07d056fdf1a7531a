"""Values: widened floats against torch's own conversion, statistics against a slow and plain computation."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.values import Statistics, Value, statistics, statistics_of_many, storage_dtype, widen

FLOAT8 = ["float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2", "float8_e5m2fnuz", "float8_e8m0fnu"]


@pytest.mark.parametrize("name", FLOAT8)
def test_each_float8_code_is_the_number_torch_says(name: str) -> None:
    codes = torch.arange(256, dtype=torch.uint8)
    expected = codes.view(getattr(torch, name)).to(torch.float32).numpy()
    found = widen(codes.numpy(), name)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(np.signbit(found[expected == 0]), np.signbit(expected[expected == 0]))


def test_each_bfloat16_code_is_the_number_torch_says() -> None:
    codes = torch.arange(-(1 << 15), 1 << 15, dtype=torch.int32).to(torch.int16)
    expected = codes.view(torch.bfloat16).to(torch.float32).numpy()
    np.testing.assert_array_equal(widen(codes.numpy().view(np.uint16), "bfloat16"), expected)


def test_complex32_is_two_half_floats() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch calls ComplexHalf experimental
        numbers = torch.tensor([[1.5 - 2.25j, 0.0 + 3.0j], [-0.5j + 7.0, 65504.0 - 1.0j]]).to(torch.complex32)
    raw = numbers.view(torch.float16).numpy().view(np.uint32)
    assert widen(raw, "complex32").tolist() == [[1.5 - 2.25j, 3.0j], [7.0 - 0.5j, 65504.0 - 1.0j]]


def test_a_zero_dimensional_complex32_stays_zero_dimensional() -> None:
    raw = np.array([1.5, -2.0], np.float16).view(np.uint32).reshape(())
    assert widen(raw, "complex32").shape == ()
    assert complex(widen(raw, "complex32")) == 1.5 - 2.0j


def test_storage_is_little_endian_and_unknown_types_are_refused() -> None:
    assert storage_dtype("float32").str == "<f4"
    assert storage_dtype("bool").str == "|b1"
    assert storage_dtype("uint16").str == "<u2"
    for name in ("float7", "object", "O", "datetime64[s]", "U8", "V16"):
        with pytest.raises(TypeError):
            storage_dtype(name)


def test_number_of_elements() -> None:
    def value(*shape: int) -> Value:
        return Value(1, "float32", shape, "cpu", None, 0, 0, False, None)

    assert (value().numel, value(0, 5).numel, value(2, 3, 4).numel) == (1, 0, 24)


def plain_statistics(numbers: list[complex]) -> Statistics:
    """Statistics in exact sums, one number after the other; a complex one counts by its magnitude."""
    sizes = [abs(number) if isinstance(number, complex) else float(number) for number in numbers]
    finite = [size for size in sizes if math.isfinite(size)]
    nans = sum(math.isnan(size) for size in sizes)
    zeros = sum(size == 0 for size in sizes) / len(sizes) if sizes else 0.0
    if not finite:
        nan = math.nan
        return Statistics(nan, nan, nan, nan, nan, zeros, nans, len(sizes) - nans)
    mean = math.fsum(finite) / len(finite)
    deviations = [(size - mean) for size in finite]
    std = math.hypot(*deviations) / math.sqrt(len(finite))
    return Statistics(
        min(finite), max(finite), mean, std, math.hypot(*finite), zeros, nans, len(sizes) - nans - len(finite)
    )


def assert_same(found: Statistics, expected: Statistics) -> None:
    scale = max(abs(expected.min), abs(expected.max)) if not math.isnan(expected.min) else 1.0
    for field in ("min", "max", "mean", "std", "norm"):
        wanted = getattr(expected, field)
        assert getattr(found, field) == pytest.approx(wanted, rel=1e-9, abs=1e-9 * scale, nan_ok=True), field
    assert found.zeros == pytest.approx(expected.zeros)
    assert (found.nans, found.infs) == (expected.nans, expected.infs)


DTYPES = st.sampled_from(
    ["float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint64", "bool", "complex64"]
)
SHAPES = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=6)
ARRAYS = DTYPES.flatmap(lambda dtype: hnp.arrays(np.dtype(dtype), SHAPES))


@given(ARRAYS)
def test_statistics_of_one_array(array: np.ndarray) -> None:
    wide = array.astype(np.complex128) if array.dtype.kind == "c" else array
    expected = plain_statistics(wide.reshape(-1).tolist())
    if not math.isfinite(expected.norm) and not math.isnan(expected.norm):
        return  # the true norm itself lies beyond float64
    assert_same(statistics(array), expected)


@given(
    st.sampled_from(["float32", "float16", "int64", "bool", "complex64"]).flatmap(
        lambda dtype: st.lists(hnp.arrays(np.dtype(dtype), st.integers(0, 7)), min_size=1, max_size=8)
    )
)
def test_statistics_of_many_arrays_at_once(arrays: list[np.ndarray]) -> None:
    found = statistics_of_many(np.concatenate(arrays), [array.size for array in arrays])
    for one, array in zip(found, arrays, strict=True):
        wide = array.astype(np.complex128) if array.dtype.kind == "c" else array
        assert_same(one, plain_statistics(wide.tolist()))


def test_a_large_array_is_joined_from_its_chunks() -> None:
    rng = np.random.default_rng(7)
    array = (1e4 + rng.standard_normal((300, 700))).astype(np.float32)
    array[:100] = 0.0
    array[120, 5:15] = np.nan
    array[299, 690:] = -np.inf
    finite = array[np.isfinite(array)].astype(np.float64)
    known = statistics(array)
    assert (known.min, known.max) == (finite.min(), finite.max())
    assert known.mean == pytest.approx(finite.mean(), rel=1e-12)
    assert known.std == pytest.approx(finite.std(), rel=1e-10)
    assert known.norm == pytest.approx(np.linalg.norm(finite), rel=1e-12)
    assert known.zeros == pytest.approx(70000 / 210000)
    assert (known.nans, known.infs) == (10, 10)


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_squares_that_leave_the_range_do_not_spoil_the_norm(scale: float) -> None:
    expected = 5.0 * scale
    assert statistics(np.array([3.0, -4.0]) * scale).norm == pytest.approx(expected, rel=1e-12)
    assert statistics_of_many(np.array([3.0, -4.0]) * scale, [2])[0].norm == pytest.approx(expected, rel=1e-12)


def test_no_warning_whatever_the_numbers() -> None:
    """The writer's thread shares the script's warning filters, which may turn warnings into errors."""
    worst = np.array([np.nan, np.inf, -np.inf, 1e308, -1e308, 5e-324, 0.0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        statistics(worst)
        statistics_of_many(worst, [3, 0, 4])
        statistics(np.array([3e38 + 3e38j], np.complex64))
        statistics_of_many(np.array([3e38 + 3e38j], np.complex64), [1])
