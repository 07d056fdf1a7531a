"""Writes a number the way a textbook prints it: few digits, no noise of the float format."""

from __future__ import annotations

import math

import numpy as np

MINUS = "\u2212"
DIGITS_FLOAT64 = 10
DIGITS_FLOAT32 = 7
DIGITS_FLOAT16 = 4
SMALLEST_PLAIN_EXPONENT = -4

_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")

Real = float | int | bool | np.floating | np.integer | np.bool_


def default_digits(x: Real) -> int:
    """Significant digits that the format of `x` can carry without showing its own noise."""
    if isinstance(x, np.float32):
        return DIGITS_FLOAT32
    if isinstance(x, np.float16):
        return DIGITS_FLOAT16
    return DIGITS_FLOAT64


def number_parts(x: Real, digits: int | None = None) -> tuple[str, int | None]:
    """Mantissa with an ASCII minus, and the power of ten, or None when none is needed.

    digits: significant digits at most; None takes `default_digits`. Zeros at the end are dropped. A float32 whose
    shortest exact text is shorter than `digits` is written as that text, so 0.8 stays 0.8 even at 17 digits.
    Examples: 1.1240000725 at 7 digits gives ("1.124", None); 0.000012 gives ("1.2", -5). Zero has no sign here.
    """
    if isinstance(x, bool | np.bool_):
        return str(bool(x)), None
    if isinstance(x, int | np.integer):
        return str(int(x)), None
    if not math.isfinite(x):
        return ("nan" if math.isnan(x) else "inf" if x > 0 else "-inf"), None
    if x == 0:
        return "0", None
    digits = max(1, default_digits(x) if digits is None else digits)
    mantissa, exponent = _rounded(x, digits)
    whole = mantissa.lstrip("-").replace(".", "")
    sign = "-" if mantissa.startswith("-") else ""
    if SMALLEST_PLAIN_EXPONENT <= exponent < max(digits, DIGITS_FLOAT32):
        return sign + _plain(whole, exponent), None
    return mantissa, exponent


def format_number(x: Real, digits: int | None = None, *, typographic: bool = True) -> str:
    """One line of text for `x`, as in 1.124, −0.14, 1.2×10⁻⁵, ∞.

    digits: see `number_parts`. typographic: with the real minus sign U+2212 and the infinity sign, for painting;
    otherwise with an ASCII minus and "inf", for terminals and search.
    """
    mantissa, exponent = number_parts(x, digits)
    if typographic:
        mantissa = mantissa.replace("-", MINUS).replace("inf", "∞")
    if exponent is None:
        return mantissa
    return f"{mantissa}×10{str(exponent).translate(_SUPERSCRIPT)}"


def _rounded(x: float | np.floating, digits: int) -> tuple[str, int]:
    """Mantissa d.ddd without zeros at the end, and the exponent of ten."""
    shortest = np.format_float_scientific(x, unique=True, trim="-", exp_digits=1)
    text, _, exponent = shortest.partition("e")
    if len(text.lstrip("-").replace(".", "")) > digits:
        text, _, exponent = f"{float(x):.{digits - 1}e}".partition("e")
        text = text.rstrip("0").rstrip(".") if "." in text else text
    return text, int(exponent)


def _plain(figures: str, exponent: int) -> str:
    """Puts the decimal point: ("1124", 0) is 1.124, ("14", -1) is 0.14, ("12", 3) is 1200."""
    if exponent < 0:
        return "0." + "0" * (-exponent - 1) + figures
    whole = figures[: exponent + 1].ljust(exponent + 1, "0")
    rest = figures[exponent + 1 :]
    return f"{whole}.{rest}" if rest else whole
