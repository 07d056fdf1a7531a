"""Points and curves over two axes: samples by class, a fitted line over its data, a function with its slope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.plots.plain_plot import PlainPlot
from app.plots.series import line_style
from app.theme import Theme, code_font
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


class PointsPlot(QWidget):
    """Shows curves and points with a legend; below the pointer the nearest point is told."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._drawn: tuple[Drawn, ...] = ()
        self._names = ("x", "y")
        self._told = ""
        self.plot = PlainPlot(self, counts=False)
        self._legend = self.plot.addLegend(offset=(8, 4))
        self.readout = QLabel()
        self.readout.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.readout.setContentsMargins(10, 2, 8, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.readout)
        column.addWidget(self.plot, 1)
        self.set_theme(theme)
        self.plot.hovered_at.connect(self._tell)

    @property
    def drawn(self) -> tuple[Drawn, ...]:
        """What is shown."""
        return self._drawn

    def set_drawn(self, drawn: Sequence[Drawn], bottom: str, left: str, told: str) -> None:
        """Shows these. bottom, left: names of the axes. told: a sentence about all of it."""
        self._drawn, self._names, self._told = tuple(drawn), (bottom, left), told
        self.plot.setAccessibleDescription(told)
        self._draw()

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme
        self.readout.setStyleSheet(f"color: {theme.muted};")
        self.readout.setFont(code_font(theme.small_px))
        self._legend.setLabelTextColor(QColor(theme.text))
        self._legend.setLabelTextSize(f"{theme.small_px}px")
        self._draw()

    def _draw(self) -> None:
        self.plot.set_theme(self._theme, *self._names, self._theme.forward)
        self.plot.getPlotItem().clearPlots()
        self._legend.clear()
        for one in self._drawn:
            style = line_style(one.place, self._theme)
            ink = QColor(style.colour)
            if one.size_px:
                item = pg.PlotDataItem(
                    one.x[:_MOST], one.y[:_MOST], pen=None, symbol=style.mark, symbolSize=one.size_px,
                    symbolBrush=ink, symbolPen=pg.mkPen(self._theme.text), name=one.name,
                )  # fmt: skip
            else:
                dashes = Qt.PenStyle.DashLine if one.is_dashed else Qt.PenStyle.SolidLine
                item = pg.PlotDataItem(one.x, one.y, pen=pg.mkPen(ink, width=2, style=dashes), name=one.name)
            self.plot.addItem(item)
        self.plot.getPlotItem().enableAutoRange()
        self._tell(None)

    def _tell(self, point: QPointF | None) -> None:
        near = None if point is None else self._nearest(point)
        self.readout.setText(self._told if near is None else near)

    def _nearest(self, point: QPointF) -> str | None:
        """The point, or the place on a curve, that is nearest on the screen."""
        width, height = self.plot.getViewBox().viewPixelSize()
        best, told = 400.0, None
        for one in self._drawn:
            if not len(one.x):
                continue
            away = ((one.x - point.x()) / (width or 1.0)) ** 2 + ((one.y - point.y()) / (height or 1.0)) ** 2
            place = int(np.argmin(np.where(np.isfinite(away), away, np.inf)))
            if away[place] < best:
                best = float(away[place])
                x, y = (format_number(float(number), _DIGITS) for number in (one.x[place], one.y[place]))
                told = f"{one.name}: {self._names[0]} = {x}   {self._names[1]} = {y}"
        return told
