"""From numbers to colours: scales, ranges, and what is not a finite number.

Which colours these are is the theme's; those of gradients and signed weights have their middle at 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from app.models.tensor_plane import sampled
from app.models.tensor_shown import TensorKind, real_numbers
from engine.values import Statistics

COLOURS = 253
NAN_CODE, PLUS_INF_CODE, MINUS_INF_CODE = 253, 254, 255
NAN_COLOUR = (255, 0, 255)

_SAMPLE_SIDE = 1024


@dataclass(frozen=True, slots=True)
class ColourRange:
    """The numbers at both ends of a scale; `diverging` ones have 0 in the middle."""

    low: float
    high: float
    diverging: bool


def colour_range(cells: np.ndarray, kind: TensorKind, statistics: Statistics | None) -> ColourRange:
    """The range of a whole tensor if its statistics are known, so that its slices compare; else of what is sampled."""
    if statistics is not None and np.isfinite([statistics.min, statistics.max]).all():
        low, high = statistics.min, statistics.max
    else:
        part = real_numbers(sampled(cells, _SAMPLE_SIDE).cells)
        finite = part[np.isfinite(part)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    if kind == "gradient" or (kind == "parameter" and low < 0 < high):
        reach = max(abs(low), abs(high)) or 1.0
        return ColourRange(-reach, reach, diverging=True)
    if low == high:
        largest = float(np.finfo(np.float64).max)
        pad = max(0.5, abs(low) / COLOURS)
        low, high = max(low - pad, -largest), min(high + pad, largest)
    return ColourRange(low, high, diverging=False)


def colour_codes(cells: np.ndarray, scale: ColourRange) -> np.ndarray:
    """For each cell its place in `colour_table`: uint8, same shape. Numbers beyond the range take its end colours."""
    numbers = real_numbers(cells)
    finite = np.isfinite(numbers)
    if finite.all():
        return _graded(numbers, scale)
    codes = _graded(np.where(finite, numbers, scale.low), scale)
    codes[np.isnan(numbers)] = NAN_CODE
    codes[np.isposinf(numbers)] = PLUS_INF_CODE
    codes[np.isneginf(numbers)] = MINUS_INF_CODE
    return codes


@cache
def colour_table(name: str) -> np.ndarray:
    """256 colours, uint8 of shape (256, 3): pyqtgraph's scale of this name, then NaN (magenta), +inf and -inf (the
    scale's ends)."""
    # Imported here as pyqtgraph takes half a second, which the first paint of the window need not wait for.
    from pyqtgraph import colormap

    scale = colormap.get(name).getLookupTable(0.0, 1.0, COLOURS)[:, :3]
    return np.vstack([scale, [NAN_COLOUR], scale[-1:], scale[:1]]).astype(np.uint8)


def is_bright(colour: np.ndarray) -> bool:
    """Whether black text reads better on it than white (relative luminance, WCAG 2.2)."""
    linear = np.where(colour / 255 <= 0.04045, colour / 255 / 12.92, ((colour / 255 + 0.055) / 1.055) ** 2.4)
    return float(linear @ np.array([0.2126, 0.7152, 0.0722])) > 0.179


@cache
def text_is_dark(name: str) -> tuple[bool, ...]:
    """For each of the 256 colours whether text on it is black."""
    return tuple(is_bright(colour) for colour in colour_table(name))


def _graded(numbers: np.ndarray, scale: ColourRange) -> np.ndarray:
    """Places 0 to 252. Halves first, so that a range of nearly the largest float does not overflow."""
    span = scale.high / 2 - scale.low / 2
    if span == 0.0:
        return np.full(numbers.shape, COLOURS // 2, np.uint8)
    with np.errstate(over="ignore", invalid="ignore"):  # invalid: a signalling NaN
        share = (numbers.astype(np.float64) / 2 - scale.low / 2) / span
    return np.clip(share * COLOURS, 0, COLOURS - 1).astype(np.uint8)
