"""What rounding explains, and what it does not: see NOTE [Tolerance]."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.verdict.precision import HALF, PRECISIONS, SINGLE, lowest
from engine.analysis.verdict.tolerance import PLACE_BY_PLACE, SUMMED, compare, summed_over
from engine.bilingual import same


def found(recorded, computed, precision=SINGLE, scale=SUMMED, disturbed=None):
    return compare(same("result"), "", "numpy", np.asarray(recorded), np.asarray(computed), precision, scale, disturbed)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 300), st.sampled_from(["float32", "float16"]))
def test_a_product_of_matrices_rounded_to_its_format_agrees(seed: int, terms: int, dtype: str) -> None:
    random = np.random.default_rng(seed)
    a, b = random.standard_normal((5, terms)).astype(dtype), random.standard_normal((terms, 4)).astype(dtype)
    recorded = (a.astype(np.float32) @ b.astype(np.float32)).astype(dtype)
    computed = a.astype(np.float64) @ b.astype(np.float64)
    scale = summed_over([a, b], recorded.size)
    noise = np.random.default_rng(0)

    def disturbed():
        for _ in range(4):
            yield (a * (1 + PRECISIONS[dtype].eps * noise.uniform(-2, 2, a.shape))) @ b.astype(np.float64)

    assert found(recorded, computed, PRECISIONS[dtype], scale, disturbed).comparison.agrees


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(1e-30, 1e30))
def test_an_error_of_a_thousandth_is_found_at_any_scale(seed: int, size: float) -> None:
    computed = np.random.default_rng(seed).standard_normal((6, 5)) * size
    recorded = (computed * 1.001).astype(np.float32)
    assert not found(recorded, computed).comparison.agrees
    assert not found(recorded, computed, scale=PLACE_BY_PLACE).comparison.agrees


def test_the_worst_place_is_named_with_its_numbers() -> None:
    computed = np.arange(1.0, 7.0).reshape(2, 3)
    recorded = computed.astype(np.float32)
    recorded[1, 0] += 0.25
    comparison = found(recorded, computed).comparison
    assert comparison.where == (1, 0)
    assert (comparison.recorded, comparison.computed, comparison.difference) == (4.25, 4.0, 0.25)
    assert comparison.relative == pytest.approx(0.0625)
    assert comparison.ulps == 0.25 / 2**-21


def test_cancellation_is_measured_not_guessed() -> None:
    """1 - p for p just below 1: the recorded number keeps the rounding of p and none of its size."""
    p = np.array([0.99999994])
    computed, recorded = 1 - p, np.array([5.9e-08], dtype=np.float32)

    def disturbed():
        for i in range(4):
            yield 1 - p * (1 + SINGLE.eps * (-1) ** i)

    assert not found(recorded, computed * 1.5, scale=PLACE_BY_PLACE).comparison.agrees
    assert found(recorded, computed * 1.5, scale=PLACE_BY_PLACE, disturbed=disturbed).comparison.agrees


def test_nan_and_infinity_stand_in_the_same_places() -> None:
    odd = np.array([np.nan, np.inf, -np.inf, 1.0])
    assert found(odd.astype(np.float32), odd).comparison.agrees
    for other in ([0.0, np.inf, -np.inf, 1.0], [np.nan, -np.inf, -np.inf, 1.0], [np.nan, np.inf, -np.inf, np.nan]):
        comparison = found(odd.astype(np.float32), np.array(other)).comparison
        assert not comparison.agrees
        assert comparison.difference == np.inf


def test_overflow_follows_the_recorded_format() -> None:
    assert found(np.array([np.inf], dtype=np.float16), np.array([70000.0]), HALF).comparison.agrees
    assert not found(np.array([np.inf], dtype=np.float16), np.array([60000.0]), HALF).comparison.agrees


def test_integers_are_exact_unless_rounding_makes_them_jump() -> None:
    recorded, computed = np.array([0, 2, 3]), np.array([0, 1, 3])
    assert not found(recorded, computed, None).comparison.agrees
    comparison = found(recorded, computed, None, disturbed=lambda: [np.array([0, 2, 3])]).comparison
    assert comparison.agrees
    assert comparison.skipped == 1
    assert not found(recorded, computed, None, disturbed=lambda: [np.array([1, 1, 3])]).comparison.agrees


def test_another_shape_differs() -> None:
    comparison = found(np.zeros((2, 3), dtype=np.float32), np.zeros((3, 2))).comparison
    assert not comparison.agrees
    assert "[2, 3]" in comparison.what.english
    assert "[3, 2]" in comparison.what.english


def test_nothing_agrees_with_nothing() -> None:
    assert found(np.zeros((0, 3), dtype=np.float32), np.zeros((0, 3))).comparison.agrees


def test_the_coarsest_format_counts() -> None:
    assert lowest(["float64", "bfloat16", "float32", "int64"]) is PRECISIONS["bfloat16"]
    assert lowest(["int64", "bool"]) is None
