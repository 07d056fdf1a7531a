"""The loss over two numbers of the parameters as a map, with the path that training took."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QStackedLayout, QWidget

from app.plots.browsing import Browsing
from app.plots.told_plot import ToldPlot
from app.theme import Theme
from engine.analysis.moved.surface import Surface
from engine.analysis.notation.numbers import format_number

_LINES = 9
"""Contour lines: they say where it is steep to who does not see the colours."""
_LOG_FROM_DECADES = 2.0
_DIGITS = 4


class SurfacePlot(QWidget):
    """Shows a `Surface`: colours and contour lines, the path, where it began (square) and where it is now (ring).

    With the keyboard: the arrows go along the path, Enter goes to that iteration.

    Signals:
        iteration_requested(number): the path was clicked nearest to this iteration, or Enter chose it.
    """

    iteration_requested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._found: Surface | None = None
        self._names = ("", "")
        self._current: int | None = None
        self._contours: list[pg.IsocurveItem] = []
        self._drawn = ToldPlot()
        self.plot, self.readout = self._drawn.plot, self._drawn.readout
        self._browsing = Browsing(self.plot, self._on_the_path, lambda: self._current)
        self.plot.showGrid(x=False, y=False)
        self._image = pg.ImageItem()
        self._path = pg.PlotDataItem()
        self._start, self._here = pg.ScatterPlotItem(), pg.ScatterPlotItem()
        for layer, item in enumerate((self._image, self._path, self._start, self._here)):
            item.setZValue(2 * layer)
            self.plot.addItem(item, ignoreBounds=True)
        self._nothing = QLabel()
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setWordWrap(True)
        self._nothing.setContentsMargins(12, 0, 12, 0)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(self._drawn)
        self.setAccessibleName(self.tr("Loss surface"))
        self.plot.setAccessibleName(self.accessibleName())
        self.set_theme(theme)
        self.plot.clicked_at.connect(self._on_clicked)
        self.plot.hovered_at.connect(self._on_hovered)
        self._browsing.looked_at.connect(self._draw_current)
        self._browsing.chosen.connect(self.iteration_requested)

    @property
    def surface(self) -> Surface | None:
        """What is shown."""
        return self._found

    def set_surface(self, found: Surface | None, names: tuple[str, str], nothing: str) -> None:
        """Shows this surface. names: of its axes. nothing: told where there is none."""
        self._found, self._names = found, names
        self._nothing.setText(nothing)
        self._stack.setCurrentWidget(self._nothing if found is None else self._drawn)
        self._draw()

    def set_current(self, iteration: int | None) -> None:
        """Puts the ring at an iteration of the path."""
        if iteration != self._current:
            self._current = iteration
            self._draw_current()

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme
        self._nothing.setStyleSheet(f"color: {theme.muted};")
        self._drawn.dress(theme)
        self._draw()

    def loss_at(self, first: float, second: float) -> float:
        """The loss at the nearest point of the grid."""
        found = self._found
        if found is None:
            return float("nan")
        row = int(np.argmin(np.abs(found.seconds - second)))
        column = int(np.argmin(np.abs(found.firsts - first)))
        return float(found.losses[row, column])

    def _draw(self) -> None:
        theme, found = self._theme, self._found
        self.plot.set_theme(theme, self._names[0], self._names[1], theme.parameter)
        for item in self._contours:
            self.plot.removeItem(item)
        self._contours = []
        if found is None:
            return
        heights = _heights(found.losses)
        left, right = float(found.firsts[0]), float(found.firsts[-1])
        bottom, top = float(found.seconds[0]), float(found.seconds[-1])
        # A pixel is centred on its point of the grid.
        half_x, half_y = (right - left) / (len(found.firsts) - 1) / 2, (top - bottom) / (len(found.seconds) - 1) / 2
        area = QRectF(left - half_x, bottom - half_y, right - left + 2 * half_x, top - bottom + 2 * half_y)
        low, high = float(np.nanmin(heights)), float(np.nanmax(heights))
        self._image.setLookupTable(pg.colormap.get(self._theme.colour_map(signed=False)).getLookupTable(0.0, 1.0, 256))
        self._image.setImage(heights.T, levels=(low, high if high > low else low + 1.0))
        self._image.setRect(area)
        if high > low:
            self._draw_contours(np.nan_to_num(heights.T, nan=high), low, high, area)
        pen = pg.mkPen("#ffffff", width=2.0 * theme.line_scale)
        self._path.setPen(pen)
        self._path.setData(found.path[:, 0], found.path[:, 1])
        start = found.path[:1]
        self._start.setData(pos=start, symbol="s", size=9, pen=pg.mkPen("#000000"), brush=QColor("#ffffff"))
        self.plot.setRange(area, padding=0.0)
        self._draw_current()

    def _draw_contours(self, heights: NDArray[np.float64], low: float, high: float, area: QRectF) -> None:
        pen = pg.mkPen(QColor(255, 255, 255, 110), width=1.0)
        for level in np.linspace(low, high, _LINES + 2)[1:-1]:
            line = pg.IsocurveItem(heights, float(level), pen)
            line.setZValue(1)
            # The curve counts in cells, from the middle of the first one.
            line.setPos(area.left(), area.top())
            line.setTransform(line.transform().scale(area.width() / heights.shape[0], area.height() / heights.shape[1]))
            self.plot.addItem(line, ignoreBounds=True)
            self._contours.append(line)

    def _draw_current(self) -> None:
        found, theme = self._found, self._theme
        at = None if found is None else np.flatnonzero(found.iterations == self._browsing.here)
        if found is None or at is None or not len(at):
            self._here.setData(pos=np.zeros((0, 2)))
        else:
            pen, brush = pg.mkPen(theme.current, width=2.0), QColor(theme.current_halo)
            self._here.setData(pos=found.path[at], symbol="o", size=12, pen=pen, brush=brush)
        if found is not None and self._browsing.at is not None and at is not None and len(at):
            number = self.tr("iteration %1").replace("%1", str(self._browsing.at + 1))
            numbers = (format_number(value, _DIGITS) for value in found.path[at[0]])
            parts = (f"{name} = {value}" for name, value in zip(self._names, numbers, strict=True))
            self._drawn.tell("   ".join((number, *parts)))
        else:
            self._tell(None)

    def _tell(self, point: QPointF | None) -> None:
        found = self._found
        if found is None:
            self._drawn.tell("")
            return
        if point is None:
            low, high = (
                format_number(number, _DIGITS) for number in (np.nanmin(found.losses), np.nanmax(found.losses))
            )
            text = self.tr("C from %1 (dark) to %2 (bright), batch of iteration %3")
            text = text.replace("%1", low).replace("%2", high).replace("%3", str(found.iteration + 1))
        else:
            loss = format_number(self.loss_at(point.x(), point.y()), _DIGITS)
            first, second = format_number(point.x(), _DIGITS), format_number(point.y(), _DIGITS)
            text = f"{self._names[0]} = {first}   {self._names[1]} = {second}   C = {loss}"
        self._drawn.tell(text)

    def _on_hovered(self, point: QPointF | None) -> None:
        self._tell(point)

    def _on_the_path(self) -> NDArray[np.int64]:
        return np.zeros(0, np.int64) if self._found is None else self._found.iterations

    def _on_clicked(self, point: QPointF) -> None:
        found = self._found
        if found is None or not len(found.path):
            return
        scale = np.array([np.ptp(found.firsts), np.ptp(found.seconds)])
        away = np.hypot(*((found.path - [point.x(), point.y()]) / scale).T)
        self.iteration_requested.emit(int(found.iterations[np.argmin(away)]))


def _heights(losses: NDArray[np.float64]) -> NDArray[np.float64]:
    """What is coloured: losses, or their logarithms where they span more than two decades."""
    finite = losses[np.isfinite(losses)]
    if not len(finite):
        return np.zeros(losses.shape)
    if finite.min() > 0 and np.log10(finite.max() / finite.min()) > _LOG_FROM_DECADES:
        return np.log10(losses)
    return losses
