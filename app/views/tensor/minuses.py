"""A second cue beside the colours of signed numbers: a minus in negative cells, as on grey paper ends look alike."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from app.views.tensor.colours import ColourRange, colour_codes, text_is_dark


def paint_minuses(
    painter: QPainter, picture: QRectF, codes: np.ndarray, scale: ColourRange, colours: str, least: float
) -> None:
    """Black on bright cells and white on dark ones, in a picture that is painted already.

    codes: uint8, shape (rows, columns), places in the table of `colours`. least: the side of a cell that has room, px.
    """
    rows, columns = codes.shape
    wide, high = picture.width() / max(1, columns), picture.height() / max(1, rows)
    if not scale.diverging or min(wide, high) < least:
        return
    middle = int(colour_codes(np.zeros(1), scale)[0])
    dark = np.asarray(text_is_dark(colours))[codes]
    for is_dark in (True, False):
        lines = [
            QLineF((column + 0.25) * wide, y, (column + 0.75) * wide, y).translated(picture.topLeft())
            for row, column in np.argwhere((codes < middle) & (dark == is_dark))
            for y in [(row + 0.5) * high]
        ]
        painter.setPen(QPen(QColor("#000000" if is_dark else "#ffffff"), 1.5))
        painter.drawLines(lines)
