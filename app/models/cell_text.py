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


def exact_text(element: np.generic) -> str:
    """The shortest text that gives the same element again, as Python reads it."""
    return str(element.item()) if isinstance(element, np.float64) else str(element)
