"""Central differences: right where a function is smooth, silent at kinks."""

import math

import numpy as np
import pytest

from engine.analysis.verdict.differences import central, step_for, weighed


def derivative(function, x: float):
    h = step_for(np.array([x]), (0,))
    return central(lambda move: (function(x + move) - function(x), 1e-14 * (1 + abs(function(x)))), h)


@pytest.mark.parametrize(
    ("function", "x", "slope"),
    [
        (math.exp, 1.5, math.exp(1.5)),
        (math.log, 1e-3, 1e3),
        (lambda x: 3 * x - 2, 0.7, 3.0),
        (lambda x: x * x, 0.0, 0.0),
        (math.sin, 2.0, math.cos(2.0)),
        (lambda x: abs(x), 0.5, 1.0),
        (math.sin, 0.0, 1.0),
        (lambda x: 1 / (1 + math.exp(-x)), -20.0, math.exp(-20.0)),
    ],
)
def test_of_smooth_functions(function, x: float, slope: float) -> None:
    found = derivative(function, x)
    assert found.smooth
    assert abs(found.slope - slope) <= max(found.error, 1e-9 * abs(slope))
    assert found.error < 1e-4 * max(abs(slope), 1e-6)


@pytest.mark.parametrize("function", [abs, lambda x: max(x, 0.0), lambda x: max(x, 3 * x), lambda x: float(x > 0)])
@pytest.mark.parametrize("x", [0.0, 1e-4, -1e-4])
def test_kinks_and_jumps_have_none(function, x: float) -> None:
    found = central(lambda move: (function(x + move) - function(x), 1e-15), 1e-3)
    assert not found.smooth


def test_a_pole_has_none() -> None:
    """1/x is odd, so that both sides of 0 look alike."""
    found = central(lambda move: (1 / move if move else 0.0, 1e-15), 1e-3)
    assert not found.smooth


def test_only_what_changes_is_weighed() -> None:
    before, after = np.array([1e6, 2.0]), np.array([1e6, 2.5])
    total, noise = weighed([after], [before], [np.array([1.0, -2.0])])
    assert total == -1.0
    assert noise < 1e-12
    assert weighed([np.array(1.5)], [np.array(1.0)], [np.array(4.0)])[0] == 2.0
    assert weighed([np.array([1])], [np.array([0])], [np.array([4.0])]) == (0.0, 0.0)


def test_an_odd_function_is_not_taken_for_a_straight_line() -> None:
    """Both sides of 0 are alike, so that only the slopes over two steps tell; what they tell is part of the error."""
    found = central(lambda move: (math.sin(move), 1e-18), 1e-6)
    assert found.smooth
    assert abs(found.slope - 1.0) > 1e-13
    assert abs(found.slope - 1.0) <= found.error
