"""Numbers to colours: ranges, codes, what is not finite, readable text."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from app.theme import THEMES
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

COLOUR_MAPS = [
    replace(THEMES["dark"], colour_blind=b).colour_map(signed=s) for b in (False, True) for s in (False, True)
]


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
    table = colour_table("CET-D1A").astype(int)
    code = int(colour_codes(np.array([[0.0]]), ColourRange(-2.0, 2.0, diverging=True))[0, 0])
    assert code == 126
    assert table[code].sum() == table[:COLOURS].sum(axis=1).max()
    assert table[0][2] > table[0][0], "negative is blue"
    assert table[COLOURS - 1][0] > table[COLOURS - 1][2], "positive is red"


def test_not_finite_numbers_have_codes_of_their_own() -> None:
    cells = np.array([[np.nan, np.inf, -np.inf, 1.0]], np.float32)
    codes = colour_codes(cells, ColourRange(0.0, 1.0, diverging=False))
    assert codes.tolist() == [[NAN_CODE, PLUS_INF_CODE, MINUS_INF_CODE, COLOURS - 1]]
    assert colour_table("viridis")[NAN_CODE].tolist() == [255, 0, 255]


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
    for name in COLOUR_MAPS:
        for colour, dark in zip(colour_table(name), text_is_dark(name), strict=True):
            share = colour / 255
            linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
            light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
            contrast = (light + 0.05) / 0.05 if dark else 1.05 / (light + 0.05)
            assert contrast >= 4.5


def linear(colour: np.ndarray) -> np.ndarray:
    """sRGB (0..255) without its gamma."""
    share = colour / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def lab(light: np.ndarray) -> np.ndarray:
    """CIE 1976 L*a*b* of linear sRGB, white D65."""
    to_xyz = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
    )
    ratio = (to_xyz @ np.clip(light, 0, 1)) / np.array([0.95047, 1.0, 1.08883])
    root = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


# Machado, Oliveira and Fernandes 2009, "A Physiologically-based Model for Simulation of Color Vision Deficiency",
# severity 1.0, on linear sRGB.
SEEN_BY = {
    "everybody": np.eye(3),
    "deuteranopes": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "protanopes": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
}


def difference(one: np.ndarray, other: np.ndarray, matrix: np.ndarray) -> float:
    """CIE76, of two sRGB colours as somebody sees them; 2.3 is a just noticeable difference."""
    return float(np.linalg.norm(lab(matrix @ linear(one)) - lab(matrix @ linear(other))))


def test_the_difference_of_black_and_white_is_100_for_everybody() -> None:
    for matrix in SEEN_BY.values():
        assert difference(np.zeros(3), np.full(3, 255), matrix) == pytest.approx(100, abs=0.1)


@pytest.mark.parametrize("who", SEEN_BY)
@pytest.mark.parametrize("colour_blind", [False, True])
def test_large_gradients_of_either_sign_are_told_apart(who: str, *, colour_blind: bool) -> None:
    theme = replace(THEMES["light"], colour_blind=colour_blind)
    table, matrix = colour_table(theme.colour_map(signed=True)).astype(float), SEEN_BY[who]
    middle = COLOURS // 2
    for distance in (middle, middle // 2):  # the largest, and half as large
        low, high = table[middle - distance], table[middle + distance]
        assert difference(low, high, matrix) >= 30
        for one in (low, high):
            assert difference(one, table[middle], matrix) >= 20


def test_the_option_looks_the_same_to_everybody() -> None:
    table = colour_table(replace(THEMES["light"], colour_blind=True).colour_map(signed=True))
    seen = [difference(table[0], table[COLOURS - 1], matrix) for matrix in SEEN_BY.values()]
    assert max(seen) <= 1.1 * min(seen)


@pytest.mark.parametrize("colour_blind", [False, True])
def test_in_a_grey_print_larger_numbers_stay_told_apart(*, colour_blind: bool) -> None:
    theme = replace(THEMES["light"], colour_blind=colour_blind)
    light = [lab(linear(colour))[0] for colour in colour_table(theme.colour_map(signed=False))[:COLOURS].astype(float)]
    assert (np.diff(light[::8]) > 0).all()
    light = [lab(linear(colour))[0] for colour in colour_table(theme.colour_map(signed=True))[:COLOURS].astype(float)]
    middle = COLOURS // 2
    assert (np.diff(light[: middle + 1 : 9]) > 0).all()
    assert (np.diff(light[middle::9]) < 0).all()
