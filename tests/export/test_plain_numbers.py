"""Arrays as plain numbers: the shortest decimals that give the same bits again, and names for what is no number."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from engine.export.plain import one_or_all, plain, statistic

FLOATS = st.sampled_from([np.float16, np.float32, np.float64])


@given(arrays.arrays(FLOATS, arrays.array_shapes(min_dims=0, max_dims=3, max_side=4)))
def test_finite_floats_come_back_bit_for_bit_from_json(array: np.ndarray) -> None:
    array = np.where(np.isfinite(array), array, np.asarray(0.25, array.dtype))
    again = np.array(json.loads(json.dumps(plain(array), allow_nan=False)), array.dtype)
    assert again.shape == array.shape
    assert (again == array).all()


def test_a_float32_is_written_without_the_noise_of_a_float64() -> None:
    assert plain(np.array([0.8, 0.7547299], np.float32)) == [0.8, 0.7547299]


def test_what_is_no_number_gets_its_name() -> None:
    assert plain(np.array([np.nan, np.inf, -np.inf])) == ["NaN", "Infinity", "-Infinity"]
    assert plain(np.array([1 + 2j, complex(np.nan, 0)])) == [{"re": 1.0, "im": 2.0}, {"re": "NaN", "im": 0.0}]


def test_integers_and_booleans_stay_what_they_are() -> None:
    assert plain(np.array([2**62, -1])) == [2**62, -1]
    assert plain(np.array([True, False])) == [True, False]


@pytest.mark.parametrize("shape", [(), (1,), (1, 1)])
def test_a_single_element_is_a_number_whatever_its_shape(shape: tuple[int, ...]) -> None:
    assert one_or_all(np.full(shape, 1.5)) == 1.5


def test_several_elements_keep_their_shape() -> None:
    assert one_or_all(np.arange(6).reshape(2, 3)) == [[0, 1, 2], [3, 4, 5]]
    assert one_or_all(np.zeros((0, 3))) == []


def test_statistics_have_the_precision_of_what_they_describe() -> None:
    third = float(np.float32(1 / 3))
    assert statistic(third, "float32") == 0.33333334
    assert statistic(third, "float64") == third
    assert statistic(1e300, "float32") == 1e300
    assert statistic(float("nan"), "float32") is None
