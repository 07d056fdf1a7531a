"""The canvas's plain data: scenes refuse what cannot be drawn, previews keep what matters."""

from __future__ import annotations

import numpy as np
import pytest

from app.models.scene import Card, CardState, Edge, Scene, preview_of


def test_edge_to_unknown_card_is_refused() -> None:
    with pytest.raises(ValueError, match="x -> y"):
        Scene((Card("x", "x"),), (Edge("x", "y"),))


def test_same_id_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="same id"):
        Scene((Card("x", "x"), Card("x", "again")))


def test_state_tells_what_exists() -> None:
    assert not CardState().has_value
    assert CardState(value_text="1.124").has_value
    assert CardState(grad=np.zeros((1, 1))).has_grad
    assert not CardState(value=np.zeros((1, 1))).has_grad


@pytest.mark.parametrize(
    ("shape", "wanted"),
    [((), (1, 1)), ((5,), (1, 5)), ((784,), (1, 32)), ((3, 4), (3, 4)), ((16, 6, 28, 28), (16, 28)), ((0, 4), (0, 4))],
)
def test_preview_has_at_most_16_rows_and_32_columns(shape: tuple[int, ...], wanted: tuple[int, int]) -> None:
    assert preview_of(np.ones(shape)).shape == wanted


def test_preview_keeps_corners_and_nan() -> None:
    array = np.arange(100 * 100, dtype=np.float64).reshape(100, 100)
    array[0, 0] = np.nan
    small = preview_of(array)
    assert np.isnan(small[0, 0])
    assert small[-1, -1] == 9999


def test_what_has_exploded_is_infinite_in_a_preview() -> None:
    assert np.isposinf(preview_of(np.array([1e300]))).all()
