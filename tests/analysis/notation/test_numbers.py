"""Numbers as a textbook prints them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis.notation.numbers import format_number, number_parts


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (np.float32(1.1240000725), None, "1.124"),
        (1.1240000724792480469, 7, "1.124"),
        (np.float32(0.8), 17, "0.8"),
        (np.float32(1.5813782215), None, "1.581378"),
        (0.7547299214, None, "0.7547299214"),
        (0.1 + 0.2, None, "0.3"),
        (0.1 + 0.2, 17, "0.30000000000000004"),
        (-0.14, 7, "−0.14"),
        (0.00012, 7, "0.00012"),
        (0.000012, 7, "1.2×10⁻⁵"),
        (-0.000012, 7, "−1.2×10⁻⁵"),
        (4589.78, 7, "4589.78"),
        (1200.0, 2, "1200"),
        (100.0, 7, "100"),
        (9999999.6, 7, "1×10⁷"),
        (0.99999999, 4, "1"),
        (16777216.0, 7, "1.677722×10⁷"),
        (1e22, None, "1×10²²"),
        (16777217, 7, "16777217"),
        (np.int64(-3), None, "−3"),
        (0.0, 7, "0"),
        (-0.0, 7, "0"),
        (True, None, "True"),
        (math.nan, 7, "nan"),
        (math.inf, 7, "∞"),
        (-math.inf, 7, "−∞"),
        (np.float16(0.3333), None, "0.3333"),
    ],
)
def test_number_is_written_as_in_a_textbook(value: float, digits: int | None, text: str) -> None:
    assert format_number(value, digits) == text


def test_plain_text_uses_ascii_minus_and_words() -> None:
    assert format_number(-0.14, 7, typographic=False) == "-0.14"
    assert format_number(-math.inf, typographic=False) == "-inf"


@given(st.floats(-1e300, 1e300, allow_subnormal=False), st.integers(1, 17))
def test_printed_number_is_the_number_rounded_to_its_digits(value: float, digits: int) -> None:
    mantissa, exponent = number_parts(value, digits)
    printed = float(f"{mantissa}e{exponent or 0}")
    assert printed == pytest.approx(value, rel=0.51 * 10.0 ** (1 - digits) + 1e-15)


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_nine_digits_give_a_float32_back_exactly(value: float) -> None:
    mantissa, exponent = number_parts(np.float32(value), 9)
    assert np.float32(f"{mantissa}e{exponent or 0}") == np.float32(value)
