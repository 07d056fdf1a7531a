"""How far two arrays are apart."""

from __future__ import annotations

import numpy as np
import pytest

from engine.analysis.compare.numbers import distance

FLOATS = ("float32", "float32")


def test_equal_arrays_are_not_apart_nor_are_nans() -> None:
    array = np.array([1.0, np.nan, -np.inf], dtype=np.float32)
    assert distance(array, array.copy(), FLOATS) is None
    assert distance(array, array.astype(np.float64), ("float32", "float64")) is None
    assert distance(np.float32(0.0).reshape(()), np.float32(-0.0).reshape(()), FLOATS) is None


def test_one_rounding_is_one() -> None:
    one = np.array([[1.0, 3.0]], dtype=np.float32)
    found = distance(one, np.nextafter(one, np.float32(9)), FLOATS)
    assert found is not None
    assert (found.differing, found.where) == (2, (0, 1))
    assert (found.difference, found.roundings) == (2.0**-22, 1.0)


@pytest.mark.parametrize("other", [np.nan, np.inf])
def test_a_number_beside_none_is_infinitely_far(other: float) -> None:
    found = distance(np.array([1.0, 2.0]), np.array([1.5, other]), ("float64", "float64"))
    assert found is not None
    assert (found.where, found.difference) == ((1,), np.inf)


def test_integers_are_compared_exactly() -> None:
    one = np.array([2**62], dtype=np.int64)
    found = distance(one, one + 1, ("int64", "int64"))
    assert found is not None
    assert found.differing == 1
    assert found.roundings == 0


def test_a_tolerance_is_relative_to_the_largest() -> None:
    one, other = np.array([100.0, 1e-9]), np.array([100.0, 2e-5])
    assert distance(one, other, ("float64", "float64"), 1e-6) is None
    assert distance(one, other, ("float64", "float64"), 1e-7) is not None
