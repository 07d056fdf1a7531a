"""Thumbnails: a small array as an image, values from low to high and gradients centred at 0.

A negative gradient has a minus in its cell too: on grey paper, or without colours, both ends look alike.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from app.theme import Theme

_CELL_PX, _MINUS_ROWS, _MINUS_COLUMNS = 6, slice(2, 4), slice(1, 5)
"""The side of a cell that has room for a sign, and where in it a minus is."""


def heatmap_image(array: NDArray[Any], theme: Theme, *, signed: bool) -> QImage:
    """`array` (rows, columns), one pixel a cell, if signed 6 x 6; the image owns its memory.

    signed: centred at 0 and symmetric, with a minus in negative cells, for gradients; else from the smallest to the
    largest finite value.
    theme: says in which colours, and in which NaN and infinities are.
    """
    values = np.atleast_2d(np.asarray(array, dtype=np.float64))
    finite = np.isfinite(values)
    known = values[finite]
    if signed:
        high = float(np.abs(known).max(initial=0.0))
        low = -high
    else:
        low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
    share = (np.where(finite, values, low) - low) / (high - low) if high > low else np.full(values.shape, 0.5)
    colours = _table(theme.colour_map(signed=signed))[np.rint(share * 255).astype(np.intp)]
    colours[~finite] = int(theme.not_finite[1:], 16) | 0xFF000000
    if signed:
        colours = _with_minuses(colours, values < 0)
    pixels = np.ascontiguousarray(colours)
    rows, columns = pixels.shape
    return QImage(pixels.data, columns, rows, columns * 4, QImage.Format.Format_RGB32).copy()


def _with_minuses(colours: NDArray[np.uint32], negative: NDArray[np.bool_]) -> NDArray[np.uint32]:
    """Each cell of _CELL_PX by _CELL_PX pixels; a minus, black on bright and white on dark, where it is negative."""
    large = np.repeat(np.repeat(colours, _CELL_PX, axis=0), _CELL_PX, axis=1)
    red, green, blue = ((colours >> shift) & 255 for shift in (16, 8, 0))
    is_bright = 299 * red + 587 * green + 114 * blue > 128_000
    ink = np.where(is_bright, np.uint32(0xFF000000), np.uint32(0xFFFFFFFF))
    cells = large.reshape(colours.shape[0], _CELL_PX, colours.shape[1], _CELL_PX)
    minuses = cells[:, _MINUS_ROWS, :, _MINUS_COLUMNS]
    minuses[...] = np.where(negative[:, None, :, None], ink[:, None, :, None], minuses)
    return large


@cache
def _table(name: str) -> NDArray[np.uint32]:
    """256 colours as 0xffrrggbb."""
    from pyqtgraph import colormap  # not before there is something to colour: it takes long to load

    rgb = np.asarray(colormap.get(name).getLookupTable(0.0, 1.0, 256), dtype=np.uint32)[:, :3]
    return np.asarray((rgb[:, 0] << 16) | (rgb[:, 1] << 8) | rgb[:, 2] | 0xFF000000, dtype=np.uint32)
