"""Numbers to colours: ranges, codes, what is not finite, readable text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from app.views.tensor.colours import (
    COLOURS,
    MINUS_INF_CODE,
    NAN_CODE,
    PLUS_INF_CODE,
    ColourRange,
    colour_codes,
    colour_range,
    colour_table,
    text_is_dark,
)
from engine.values import Statistics


def test_values_span_their_range_and_gradients_are_centred_at_zero() -> None:
    cells = np.array([[-1.0, 3.0]])
    assert colour_range(cells, "value", None) == ColourRange(-1.0, 3.0, diverging=False)
    assert colour_range(cells, "gradient", None) == ColourRange(-3.0, 3.0, diverging=True)
    assert colour_range(cells, "parameter", None) == ColourRange(-3.0, 3.0, diverging=True)
    assert colour_range(-cells, "gradient", None) == ColourRange(-3.0, 3.0, diverging=True)
    assert colour_range(np.array([[1.0, 3.0]]), "parameter", None) == ColourRange(1.0, 3.0, diverging=False)


def test_the_range_of_a_slice_is_that_of_the_whole_tensor_if_known() -> None:
    whole = Statistics(min=-8.0, max=2.0, mean=0.0, std=1.0, norm=1.0, zeros=0.0, nans=0, infs=0)
    assert colour_range(np.array([[1.0]]), "value", whole) == ColourRange(-8.0, 2.0, diverging=False)


@pytest.mark.parametrize("cells", [np.full((2, 2), np.nan), np.full((1, 1), 4.0), np.zeros((2, 2))])
@pytest.mark.parametrize("kind", ["value", "gradient", "parameter"])
def test_a_range_is_never_empty(cells: np.ndarray, kind: str) -> None:
    scale = colour_range(cells, kind, None)  # type: ignore[arg-type] # parametrize knows no literals
    assert scale.low < scale.high


def test_zero_is_the_palest_colour_of_the_diverging_scale() -> None:
    table = colour_table(True).astype(int)
    code = int(colour_codes(np.array([[0.0]]), ColourRange(-2.0, 2.0, diverging=True))[0, 0])
    assert code == 126
    assert table[code].sum() == table[:COLOURS].sum(axis=1).max()
    assert table[0][2] > table[0][0], "negative is blue"
    assert table[COLOURS - 1][0] > table[COLOURS - 1][2], "positive is red"


def test_not_finite_numbers_have_codes_of_their_own() -> None:
    cells = np.array([[np.nan, np.inf, -np.inf, 1.0]], np.float32)
    codes = colour_codes(cells, ColourRange(0.0, 1.0, diverging=False))
    assert codes.tolist() == [[NAN_CODE, PLUS_INF_CODE, MINUS_INF_CODE, COLOURS - 1]]
    assert colour_table(False)[NAN_CODE].tolist() == [255, 0, 255]


@given(
    hnp.arrays(
        st.sampled_from([np.float32, np.float64, np.float16, np.int64, np.uint8, np.bool_]),
        hnp.array_shapes(min_dims=2, max_dims=2, max_side=5),
    )
)
def test_codes_keep_the_order_of_the_numbers(cells: np.ndarray) -> None:
    codes = colour_codes(cells, colour_range(cells, "value", None))
    finite = np.isfinite(cells)
    assert (codes[finite] < COLOURS).all()
    order = np.argsort(cells[finite], kind="stable")
    assert (np.diff(codes[finite][order].astype(int)) >= 0).all()


def test_text_on_a_colour_has_enough_contrast() -> None:
    for diverging in (False, True):
        for colour, dark in zip(colour_table(diverging), text_is_dark(diverging), strict=True):
            share = colour / 255
            linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
            light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
            contrast = (light + 0.05) / 0.05 if dark else 1.05 / (light + 0.05)
            assert contrast >= 4.5
