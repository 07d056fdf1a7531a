"""Thumbnails: a small array as an image, values from low to high and gradients centred at 0."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyqtgraph import colormap
from PySide6.QtGui import QImage

from app.theme import Theme


def heatmap_image(array: NDArray[Any], theme: Theme, *, signed: bool) -> QImage:
    """`array` (rows, columns), one pixel a cell; the image owns its memory.

    signed: centred at 0 and symmetric, for gradients; else from the smallest to the largest finite value.
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
    pixels = np.ascontiguousarray(colours)
    rows, columns = pixels.shape
    return QImage(pixels.data, columns, rows, columns * 4, QImage.Format.Format_RGB32).copy()


@cache
def _table(name: str) -> NDArray[np.uint32]:
    """256 colours as 0xffrrggbb."""
    rgb = np.asarray(colormap.get(name).getLookupTable(0.0, 1.0, 256), dtype=np.uint32)[:, :3]
    return np.asarray((rgb[:, 0] << 16) | (rgb[:, 1] << 8) | rgb[:, 2] | 0xFF000000, dtype=np.uint32)
