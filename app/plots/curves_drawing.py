"""What pyqtgraph draws of curves over iterations: lines, guides, epochs, the ring at an iteration."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainterPath
from PySide6.QtWidgets import QWidget

from app.plots.plain_plot import PlainPlot
from app.plots.series import LineStyle, Series
from app.theme import Theme

_FEW_POINTS = 60
"""Up to so many points carry marks, so that single iterations can be told apart."""
_MARK_PX, _CORNERS_PX = 6, 24
_THIN_FROM_POINTS = 2000


class CurvesDrawing(PlainPlot):
    """Draws what it is told, on a linear or logarithmic axis."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_log = False
        self._items: list[pg.PlotDataItem] = []
        self._guides: list[pg.InfiniteLine] = []
        self._epochs: list[pg.InfiniteLine] = []
        self._ring, self._corners = pg.ScatterPlotItem(), pg.ScatterPlotItem()
        self._here = pg.InfiniteLine(angle=90, movable=False)
        self._looked = pg.InfiniteLine(angle=90, movable=False)
        self._looked.setVisible(False)
        for item, layer in ((self._looked, 0), (self._here, -1), (self._ring, 10), (self._corners, 11)):
            item.setZValue(layer)
            self.addItem(item, ignoreBounds=True)

    @property
    def guide_heights(self) -> list[float]:
        """Where the guides are, in units of the axis."""
        return [float(line.value()) for line in self._guides]

    def draw_curves(self, curves: Sequence[tuple[Series, LineStyle]], theme: Theme, *, is_log: bool) -> None:
        """Draws these curves in place of those before, from the first to the last point."""
        self._is_log = is_log
        # Of the axis alone: the heights are logarithms already, as zero and less have none.
        self.getAxis("left").setLogMode(is_log)
        for item in self._items:
            self.removeItem(item)
        self._items = [self._curve(one, style, theme) for one, style in curves]
        self._fit([one for one, _ in curves])

    def draw_guides(self, guides: Sequence[tuple[float, str]], theme: Theme) -> None:
        """Draws a line across at each of these numbers, with its word."""
        for item in self._guides:
            self.removeItem(item)
        self._guides = []
        for height, word in guides:
            place = float(np.log10(height)) if self._is_log and height > 0 else height
            options = {"position": 0.03, "anchors": [(0, 0), (0, 1)], "color": theme.muted}
            pen = pg.mkPen(theme.success, width=1.0, style=Qt.PenStyle.DashLine)
            item = pg.InfiniteLine(place, 0, pen, label=word, labelOpts=options)
            self.addItem(item, ignoreBounds=True)
            self._guides.append(item)

    def draw_epochs(self, beginnings: Sequence[tuple[float, str]], theme: Theme) -> None:
        """Draws a faint line up at each of these places, with its word."""
        for item in self._epochs:
            self.removeItem(item)
        self._epochs = []
        for place, word in beginnings:
            options = {"position": 0.06, "anchors": [(0, 0), (0, 0)], "color": theme.muted}
            item = pg.InfiniteLine(place, 90, pg.mkPen(theme.border, width=1.0), label=word, labelOpts=options)
            item.setZValue(-2)
            self.addItem(item, ignoreBounds=True)
            self._epochs.append(item)

    def draw_current(
        self, current: int | None, drawn: Sequence[Series], theme: Theme, *, is_alone: bool, is_pointed: bool
    ) -> None:
        """Puts a ring on each curve at an iteration. is_pointed: with corners around that of the first curve."""
        self._here.setPen(pg.mkPen(theme.edge, style=Qt.PenStyle.DotLine))
        self._here.setVisible(current is not None and current >= 0)
        self._here.setValue((current or 0) + 1)
        points = []
        for one in drawn:
            at = one.place_of(current)
            height = np.nan if at is None else float(self._on_axis(one.numbers[at : at + 1])[0])
            if at is not None and np.isfinite(height):
                points.append((one.iterations[at] + 1.0, height))
        # A ring that is larger with one curve than where it would hide others.
        pen = pg.mkPen(theme.current, width=2 if is_alone else 1.2)
        brush = QColor(theme.current_halo)
        self._ring.setData(pos=points, size=11 if is_alone else 9, pen=pen, brush=brush, symbol="o")
        around = points[:1] if is_pointed else []
        pen = pg.mkPen(theme.current, width=2.0 * theme.line_scale)
        self._corners.setData(pos=around, size=_CORNERS_PX, pen=pen, brush=None, symbol=_corners())

    def draw_looked(self, iteration: int | None, theme: Theme) -> None:
        """Draws a line through the iteration that the keyboard is at; None for none."""
        self._looked.setPen(pg.mkPen(theme.accent, width=1.0))
        self._looked.setVisible(iteration is not None)
        self._looked.setValue((iteration or 0) + 1)

    def _curve(self, one: Series, style: LineStyle, theme: Theme) -> pg.PlotDataItem:
        # A pen wider than 1 px makes every repaint of a long curve several times slower.
        is_long = len(one.iterations) > _THIN_FROM_POINTS
        width = 1.0 if is_long else 1.5 * theme.line_scale
        pen = pg.mkPen(style.colour, width=width, style=Qt.PenStyle.SolidLine if is_long else style.pen)
        marks = style.mark if len(one.iterations) <= _FEW_POINTS else None
        return self.plot(one.iterations + 1.0, self._on_axis(one.numbers), connect="finite", pen=pen, symbol=marks,
                         symbolSize=_MARK_PX, symbolPen=None, symbolBrush=QColor(style.colour))  # fmt: skip

    def _on_axis(self, numbers: NDArray[np.float64]) -> NDArray[np.float64]:
        """The heights of numbers: on a logarithmic axis their logarithms, NaN for what has none."""
        if not self._is_log:
            return np.where(np.isfinite(numbers), numbers, np.nan)
        positive = np.isfinite(numbers) & (numbers > 0)
        return np.where(positive, np.log10(np.where(positive, numbers, 1.0)), np.nan)

    def _fit(self, drawn: Sequence[Series]) -> None:
        """The axes reach from the first to the last point; a single one stands in the middle, over zero."""
        places = np.concatenate([one.iterations for one in drawn] or [np.zeros(0, np.int64)])
        heights = np.concatenate([self._on_axis(one.numbers) for one in drawn] or [np.zeros(0)])
        heights = heights[np.isfinite(heights)]
        if not len(places):
            return
        first, last = float(places.min()) + 1, float(places.max()) + 1
        across = (first - 0.5, last + 0.5) if last - first < 2 else (first, last)
        self.setXRange(*across, padding=0.02)
        if not len(heights):
            return
        low, high = float(heights.min()), float(heights.max())
        if low == high:
            low, high = _around(low, is_log=self._is_log)
        self.setYRange(low, high, padding=0.06)


def _around(number: float, *, is_log: bool) -> tuple[float, float]:
    """A range around one number: over zero for a positive one, so that its size shows."""
    if is_log:
        return number - 0.5, number + 0.5
    if number == 0:
        return -1.0, 1.0
    return (0.0, 1.4 * number) if number > 0 else (1.4 * number, 0.0)


def _corners() -> QPainterPath:
    """The corners around what a lesson points out, as a mark of a plot: as in the other panels, in a square of 1."""
    path = QPainterPath()
    for right, below in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
        path.moveTo(-0.16 * right, -0.5 * below)
        path.lineTo(-0.5 * right, -0.5 * below)
        path.lineTo(-0.5 * right, -0.16 * below)
    return path
