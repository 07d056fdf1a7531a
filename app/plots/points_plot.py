"""Points and curves over two axes: samples by class, a fitted line over its data, a function with its slope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from app.plots.legend import Entry, Legend
from app.plots.series import line_style
from app.plots.told_plot import ToldPlot
from app.theme import Theme
from engine.analysis.notation.numbers import format_number

_DIGITS = 4
_MOST = 2000


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A curve, or a group of points. place: in the order of colours and marks. size_px: of the points, 0 of a curve."""

    name: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    place: int = 0
    size_px: int = 0
    is_dashed: bool = False


class PointsPlot(ToldPlot):
    """Shows curves and points under a legend, which shows or hides each; of the nearest to the pointer it is told."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.legend = Legend(theme)
        self.column.insertWidget(1, self.legend)
        self._drawn: tuple[Drawn, ...] = ()
        self._names = ("x", "y")
        self._told = ""
        self.set_theme(theme)
        self.legend.hidden_changed.connect(self._draw)
        self.plot.hovered_at.connect(self._tell)

    @property
    def drawn(self) -> tuple[Drawn, ...]:
        """What is shown."""
        return self._drawn

    @property
    def _seen(self) -> list[Drawn]:
        """Those that the user did not hide."""
        return [one for one in self._drawn if one.name not in self.legend.hidden]

    def set_drawn(self, drawn: Sequence[Drawn], bottom: str, left: str, told: str) -> None:
        """Shows these. bottom, left: names of the axes. told: a sentence about all of it."""
        self._drawn, self._names, self._told = tuple(drawn), (bottom, left), told
        self.legend.set_entries(
            [Entry(one.name, one.place, not one.size_px, bool(one.size_px), one.is_dashed) for one in self._drawn]
        )
        self.legend.setVisible(len(self._drawn) > 1)
        self._draw()

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme
        self.dress(theme)
        self.legend.set_theme(theme)
        self._draw()

    def _draw(self) -> None:
        self.plot.set_theme(self._theme, *self._names, self._theme.forward)
        self.plot.getPlotItem().clearPlots()
        for one in self._seen:
            style = line_style(one.place, self._theme)
            ink = QColor(style.colour)
            if one.size_px:
                item = pg.PlotDataItem(
                    one.x[:_MOST], one.y[:_MOST], pen=None, symbol=style.mark, symbolSize=one.size_px,
                    symbolBrush=ink, symbolPen=pg.mkPen(self._theme.text),
                )  # fmt: skip
            else:
                dashes = Qt.PenStyle.DashLine if one.is_dashed else Qt.PenStyle.SolidLine
                item = pg.PlotDataItem(one.x, one.y, pen=pg.mkPen(ink, width=2, style=dashes))
            self.plot.addItem(item)
        self.plot.getPlotItem().enableAutoRange()
        self._tell(None)

    def _tell(self, point: QPointF | None) -> None:
        near = None if point is None else self._nearest(point)
        self.tell(self._told if near is None else near)

    def _nearest(self, point: QPointF) -> str | None:
        """The point, or the place on a curve, that is nearest on the screen."""
        width, height = self.plot.getViewBox().viewPixelSize()
        best, told = 400.0, None
        for one in self._seen:
            if not len(one.x):
                continue
            away = ((one.x - point.x()) / (width or 1.0)) ** 2 + ((one.y - point.y()) / (height or 1.0)) ** 2
            place = int(np.argmin(np.where(np.isfinite(away), away, np.inf)))
            if away[place] < best:
                best = float(away[place])
                x, y = (format_number(float(number), _DIGITS) for number in (one.x[place], one.y[place]))
                told = f"{one.name}: {self._names[0]} = {x}   {self._names[1]} = {y}"
        return told
