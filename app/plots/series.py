"""One curve of a plot over iterations, and how its line tells it from the others: colour, dashes and marks together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt

from app.theme import Theme


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """A named curve. iterations: whole numbers from 0, rising. numbers: as many; not finite ones leave gaps."""

    name: str
    iterations: NDArray[np.int64]
    numbers: NDArray[np.float64]

    def place_of(self, iteration: int | None) -> int | None:
        """Where an iteration's point is in the curve, None where it has none."""
        at = int(np.searchsorted(self.iterations, -1 if iteration is None else iteration))
        return at if at < len(self.iterations) and int(self.iterations[at]) == iteration else None


@dataclass(frozen=True, slots=True)
class LineStyle:
    """Colour, dashes, and pyqtgraph's name of the mark on single points."""

    colour: str
    pen: Qt.PenStyle
    mark: str


_PENS = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine)
_MARKS = ("o", "s", "t", "d", "p", "h", "star")


def line_style(place: int, theme: Theme) -> LineStyle:
    """The style of the curve at a place of the legend; neighbours differ in colour, dashes and marks."""
    colours = (theme.loss, theme.forward, theme.backward, theme.parameter, theme.accent, theme.text)
    # Dashes turn over once more after a full round of colours, so that 24 curves differ.
    pen = _PENS[(place + place // len(colours)) % len(_PENS)]
    return LineStyle(colours[place % len(colours)], pen, _MARKS[place % len(_MARKS)])
