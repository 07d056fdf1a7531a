"""Two numbers are the same within rounding; shapes may differ in dimensions of size 1 only."""

from __future__ import annotations

import numpy as np
import pytest

from engine.analysis.by_hand.beside import beside, distance

SINGLE = 2.0**-23


def held(mine: object, theirs: object, own: object = None) -> str:
    arrays = [None if array is None else np.asarray(array, dtype=np.float64) for array in (mine, theirs, own)]
    assert arrays[0] is not None
    assert arrays[1] is not None
    return beside("z", 0, (1, 2), 3, arrays[0], arrays[1], SINGLE, arrays[2]).answer


def test_rounding_is_no_difference() -> None:
    assert held([1.0, 1e-9], np.float32([1.0, 1.0001e-9])) == "same"
    assert held([1.0, 1e-3], [1.0, 1.1e-3]) == "differs"


@pytest.mark.parametrize(
    ("mine", "theirs", "answer"),
    [
        (np.ones((3, 1)), np.ones(3), "same"),
        (np.ones((3, 1)), np.ones((1, 3)), "same"),
        (np.ones((2, 3)), np.ones((3, 2)), "shape"),
        (2.0, np.ones((1, 1)), "differs"),
        ([np.nan, 1.0], [np.nan, 1.0], "same"),
        ([np.nan, 1.0], [0.0, 1.0], "differs"),
        ([np.inf], [np.inf], "same"),
        ([np.inf], [-np.inf], "differs"),
        (np.zeros((0, 3)), np.zeros((0, 3)), "same"),
    ],
)
def test_shapes_and_odd_numbers(mine: object, theirs: object, answer: str) -> None:
    assert held(mine, theirs) == answer


def test_what_torchs_inputs_explain_only_follows() -> None:
    assert held([2.0], [3.0], own=[3.0]) == "follows"
    assert held([2.0], [3.0], own=[2.5]) == "differs"
    assert held([3.0], [3.0], own=[3.0]) == "same"


def test_the_farthest_place_is_told() -> None:
    found = distance(np.array([[1.0, 2.0], [3.0, 4.5]]), np.array([[1.0, 2.1], [3.0, 4.0]]), SINGLE)
    assert found is not None
    assert found.where == (1, 1)
    assert found.difference == pytest.approx(0.125)
