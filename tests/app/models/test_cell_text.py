"""Numbers in the room of a cell: whole exponents, fewer digits."""

from __future__ import annotations

import numpy as np
import pytest

from app.models.cell_text import cell_text, fitting_text, usual_length


@pytest.mark.parametrize(
    ("element", "characters", "text"),
    [
        (np.float32(1.234567e-10), 11, "1.235×10⁻¹⁰"),
        (np.float32(-1.234567e-10), 11, "−1.23×10⁻¹⁰"),
        (np.float64(-2.0938840e-300), 10, "−2×10⁻³⁰⁰"),
        (np.int64(4611686018427387904), 9, "4.61×10¹⁸"),
        (np.int64(-7), 9, "−7"),
        (np.complex64(1.25 - 0.5j), 9, "1 − 0.5j"),
    ],
)
def test_digits_give_way_and_exponents_do_not(element: np.generic, characters: int, text: str) -> None:
    assert fitting_text(element, 4, characters) == text


@pytest.mark.parametrize(
    "numbers",
    [
        np.array([True, False]),
        np.array([2**62, -(2**63), 3]),
        np.array([0, 255], np.uint8),
        np.array([-1.2345e-7, 1.2345e-6], np.float32),
        np.array([-1.2345e-30, 1.2345e-31], np.float32),
        np.array([-0.00012345, 0.5], np.float32),
        np.array([-1.2345e-300, 1.2345e-301]),
        np.array([-1.7e308, 1.7e308]),
        np.array([-0.12345 - 0.0012345j, 1.5 + 2j], np.complex64),
    ],
)
def test_the_usual_length_is_long_enough(numbers: np.ndarray) -> None:
    size = np.abs(numbers) if np.iscomplexobj(numbers) else numbers.astype(np.float64)
    room = usual_length(numbers.dtype, 4, float(size.min()), float(size.max()))
    assert max(len(cell_text(number, 4)) for number in numbers) <= room
