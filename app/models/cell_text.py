"""One element of a tensor as text: short for a table cell, exact for the clipboard."""

from __future__ import annotations

import numpy as np

from engine.analysis.notation.numbers import MINUS, format_number


def cell_text(element: np.generic, digits: int) -> str:
    """At most `digits` significant digits, with the real minus sign; complex as 1.5 − 2j."""
    if isinstance(element, np.complexfloating):
        sign = MINUS if element.imag < 0 else "+"
        return f"{format_number(element.real, digits)} {sign} {format_number(abs(element.imag), digits)}j"
    if isinstance(element, np.floating | np.integer | np.bool_):
        return format_number(element, digits)
    return str(element)


def fitting_text(element: np.generic, digits: int, characters: int) -> str:
    """As `cell_text`, with fewer digits where it would be longer than so many characters, so that an exponent is whole.

    Ends in … where that does not help.
    """
    text = cell_text(element, digits)
    if len(text) <= characters:
        return text
    number = np.float64(element) if isinstance(element, np.integer) else element
    for fewer in range(digits, 0, -1):
        shorter = cell_text(number, fewer)
        if len(shorter) <= characters:
            return shorter
    return text[: max(0, characters - 1)] + "…"


def usual_length(dtype: np.dtype[np.generic], digits: int, low: float, high: float) -> int:
    """How many characters numbers between low and high have at most, but for those that are close to zero."""
    if dtype.kind == "b":
        return len("False")
    if dtype.kind in "iu":
        ends = [int(end) if np.isfinite(end) else 0 for end in (low, high)]
        return max(digits, *(len(str(end)) for end in ends))
    reach = max(abs(low), abs(high))
    exponent = len(str(abs(int(np.floor(np.log10(reach)))))) if np.isfinite(reach) and reach > 0 else 1
    # Sign, point, and the power of ten as in ×10⁻⁵; or the zeros of 0.0001234.
    real = digits + 6 + exponent
    return 2 * real + 2 if dtype.kind == "c" else real


def exact_text(element: np.generic) -> str:
    """The shortest text that gives the same element again, as Python reads it."""
    return str(element.item()) if isinstance(element, np.float64) else str(element)
