"""Curves over iterations: legend, logarithmic axis, the current iteration, a click to go there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPainterPath
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from app.elided_label import ElidedLabel
from app.plots.browsing import Browsing
from app.plots.legend import Legend
from app.plots.plain_plot import PlainPlot
from app.plots.series import Series, line_style
from app.theme import Theme, ui_font
from engine.analysis.notation.numbers import format_number

_FEW_POINTS = 60
"""Up to so many points carry marks, so that single iterations can be told apart."""
_LOG_FROM_DECADES = 3.0
_MARK_PX, _CORNERS_PX = 6, 24
_THIN_FROM_POINTS = 2000
_READ_DIGITS = 6
_MOST_EPOCHS = 12
"""More lines than this would hide the curves."""


class IterationPlot(QWidget):
    """Shows curves over the iterations, with a ring at the current one on each.

    With the keyboard: the arrows look at one iteration after the other, Enter goes there.

    Ranges of more than three decades get a logarithmic axis unless the user chose otherwise.

    Signals:
        iteration_requested(number): the user clicked nearest to this iteration, or chose it.
    """

    iteration_requested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._series: tuple[Series, ...] = ()
        self._guides: tuple[tuple[float, str], ...] = ()
        self._current: int | None = None
        self._is_log = False
        self._wants_log: bool | None = None
        self._items: list[pg.PlotDataItem] = []
        self._guide_items: list[pg.InfiniteLine] = []
        self._epoch: int | None = None
        self._epoch_items: list[pg.InfiniteLine] = []
        self.plot = PlainPlot(self)
        self._ring = pg.ScatterPlotItem()
        self._corners = pg.ScatterPlotItem()
        self._is_pointed = False
        self._here = pg.InfiniteLine(angle=90, movable=False)
        self._here.setZValue(-1)
        self._looked = pg.InfiniteLine(angle=90, movable=False)
        self._looked.setVisible(False)
        self.plot.addItem(self._looked, ignoreBounds=True)
        self._ring.setZValue(10)
        self.plot.addItem(self._here, ignoreBounds=True)
        self.plot.addItem(self._ring, ignoreBounds=True)
        self._corners.setZValue(11)
        self.plot.addItem(self._corners, ignoreBounds=True)
        self._readout = ElidedLabel()
        self._readout.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.log = QToolButton()
        self.log.setText(self.tr("log"))
        self.log.setCheckable(True)
        self.log.setAccessibleName(self.tr("Logarithmic axis"))
        self.log.setToolTip(self.tr("Logarithmic axis"))
        self.head = QHBoxLayout()
        self.head.setContentsMargins(10, 2, 8, 0)
        self.head.addWidget(self._readout, 1)
        self.head.addWidget(self.log)
        self.legend = Legend(theme)
        self._nothing = QLabel(self.tr("Nothing to draw yet."))
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setWordWrap(True)
        self._nothing.setContentsMargins(12, 0, 12, 0)
        self._drawn = QWidget()
        column = QVBoxLayout(self._drawn)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self.head)
        column.addWidget(self.legend)
        column.addWidget(self.plot, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(self._drawn)
        self._show_theme()
        self.plot.clicked_at.connect(self._on_clicked)
        self.plot.hovered_at.connect(self._on_hovered)
        browsing = Browsing(self.plot, self._drawn_iterations, lambda: self._current)
        browsing.looked_at.connect(self._on_looked_at)
        browsing.chosen.connect(self.iteration_requested)
        self.legend.hidden_changed.connect(self._draw)
        self.log.clicked.connect(self._on_log_clicked)

    @property
    def series(self) -> tuple[Series, ...]:
        """The curves, whether they are drawn or hidden."""
        return self._series

    @property
    def drawn(self) -> tuple[Series, ...]:
        """Those that the user did not hide."""
        return tuple(one for one in self._series if one.name not in self.legend.hidden)

    @property
    def readout(self) -> str:
        """What is told of the iteration under the pointer, else of the current one."""
        return self._readout.text()

    def set_series(self, series: Sequence[Series]) -> None:
        """Draws these curves; the legend is there if there is more than one."""
        self._series = tuple(series)
        self.legend.set_names([one.name for one in series])
        self.legend.setVisible(len(series) > 1)
        self._stack.setCurrentWidget(self._drawn if any(len(one.iterations) for one in series) else self._nothing)
        self._draw()

    def set_words(self, name: str, nothing: str) -> None:
        """name: for who cannot see. nothing: told where there are no points."""
        self.setAccessibleName(name)
        self.plot.setAccessibleName(name)
        self._nothing.setText(nothing)

    def set_guides(self, guides: Sequence[tuple[float, str]]) -> None:
        """Draws a line across at each of these numbers, with a word."""
        self._guides = tuple(guides)
        self._draw_guides()

    def set_epochs(self, length: int | None) -> None:
        """Draws a faint line where each epoch of so many iterations begins; None for no lines."""
        self._epoch = length
        self._draw_epochs()

    def set_log(self, wanted: bool | None) -> None:
        """A logarithmic axis, a linear one, or (None) whichever suits the numbers."""
        self._wants_log = wanted
        self._draw()

    def set_current(self, iteration: int | None) -> None:
        """Puts the ring at an iteration."""
        if iteration != self._current:
            self._current = iteration
            self._draw_current()

    def set_pointed(self, is_pointed: bool) -> None:
        """Draws corners around the current iteration's point of the first curve."""
        if is_pointed != self._is_pointed:
            self._is_pointed = is_pointed
            self._draw_current()

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme
        self._show_theme()
        self._draw()

    def iteration_near(self, x: float) -> int | None:
        """The iteration whose point is nearest to a place on the axis (which counts from 1)."""
        drawn = [one.iterations for one in self.drawn if len(one.iterations)]
        if not drawn:
            return None
        nearest = [int(line[np.argmin(np.abs(line + 1 - x))]) for line in drawn]
        return min(nearest, key=lambda iteration: abs(iteration + 1 - x))

    def _show_theme(self) -> None:
        theme = self._theme
        self._nothing.setStyleSheet(f"color: {theme.muted};")
        self._readout.setStyleSheet(f"color: {theme.muted};")
        self._readout.setFont(ui_font(theme.small_px))
        self.plot.set_theme(theme, self.tr("iteration"), "", theme.loss)
        self._here.setPen(pg.mkPen(theme.edge, style=Qt.PenStyle.DotLine))
        self._looked.setPen(pg.mkPen(theme.accent, width=1.0))
        self.legend.set_theme(theme)
        self._draw_guides()

    def _draw(self) -> None:
        theme, drawn = self._theme, self.drawn
        self._is_log = self._log_suits(drawn) if self._wants_log is None else self._wants_log
        self.log.setChecked(self._is_log)
        # Of the axis alone: the heights are logarithms already, as zero and less have none.
        self.plot.getAxis("left").setLogMode(self._is_log)
        for item in self._items:
            self.plot.removeItem(item)
        self._items = []
        for place, one in enumerate(self._series):
            if one not in drawn:
                continue
            style = line_style(place, theme) if len(self._series) > 1 else line_style(0, theme)
            # A pen wider than 1 px makes every repaint of a long curve several times slower.
            is_long = len(one.iterations) > _THIN_FROM_POINTS
            width = 1.0 if is_long else 1.5 * theme.line_scale
            pen = pg.mkPen(style.colour, width=width, style=Qt.PenStyle.SolidLine if is_long else style.pen)
            marks = style.mark if len(one.iterations) <= _FEW_POINTS else None
            item = self.plot.plot(one.iterations + 1.0, self._on_axis(one.numbers), connect="finite", pen=pen,
                                  symbol=marks, symbolSize=_MARK_PX, symbolPen=None,
                                  symbolBrush=QColor(style.colour))  # fmt: skip
            self._items.append(item)
        self._fit(drawn)
        self._draw_guides()
        self._draw_epochs()
        self._draw_current()

    def _on_axis(self, numbers: NDArray[np.float64]) -> NDArray[np.float64]:
        """The heights of numbers: on a logarithmic axis their logarithms, NaN for what has none."""
        if not self._is_log:
            return np.where(np.isfinite(numbers), numbers, np.nan)
        positive = np.isfinite(numbers) & (numbers > 0)
        return np.where(positive, np.log10(np.where(positive, numbers, 1.0)), np.nan)

    def _log_suits(self, drawn: Sequence[Series]) -> bool:
        finite = np.concatenate([one.numbers[np.isfinite(one.numbers)] for one in drawn] or [np.zeros(0)])
        if not len(finite) or finite.min() <= 0:
            return False
        return bool(np.log10(finite.max()) - np.log10(finite.min()) > _LOG_FROM_DECADES)

    def _fit(self, drawn: Sequence[Series]) -> None:
        """The axes reach from the first to the last point; a single one stands in the middle, over zero."""
        places = np.concatenate([one.iterations for one in drawn] or [np.zeros(0, np.int64)])
        heights = np.concatenate([self._on_axis(one.numbers) for one in drawn] or [np.zeros(0)])
        heights = heights[np.isfinite(heights)]
        if not len(places):
            return
        first, last = float(places.min()) + 1, float(places.max()) + 1
        across = (first - 0.5, last + 0.5) if last - first < 2 else (first, last)
        self.plot.setXRange(*across, padding=0.02)
        if not len(heights):
            return
        low, high = float(heights.min()), float(heights.max())
        if low == high:
            low, high = _around(low, is_log=self._is_log)
        self.plot.setYRange(low, high, padding=0.06)

    def _draw_guides(self) -> None:
        for item in self._guide_items:
            self.plot.removeItem(item)
        self._guide_items = []
        for height, word in self._guides:
            place = float(np.log10(height)) if self._is_log and height > 0 else height
            options = {"position": 0.03, "anchors": [(0, 0), (0, 1)], "color": self._theme.muted}
            pen = pg.mkPen(self._theme.success, width=1.0, style=Qt.PenStyle.DashLine)
            item = pg.InfiniteLine(place, 0, pen, label=word, labelOpts=options)
            self.plot.addItem(item, ignoreBounds=True)
            self._guide_items.append(item)

    def _draw_epochs(self) -> None:
        for item in self._epoch_items:
            self.plot.removeItem(item)
        self._epoch_items = []
        last = max((int(one.iterations[-1]) for one in self._series if len(one.iterations)), default=0)
        if self._epoch is None or last // self._epoch > _MOST_EPOCHS:
            return
        for number in range(1, last // self._epoch + 1):
            word = self.tr("epoch %1").replace("%1", str(number + 1))
            options = {"position": 0.06, "anchors": [(0, 0), (0, 0)], "color": self._theme.muted}
            pen = pg.mkPen(self._theme.border, width=1.0)
            item = pg.InfiniteLine(number * self._epoch + 0.5, 90, pen, label=word, labelOpts=options)
            item.setZValue(-2)
            self.plot.addItem(item, ignoreBounds=True)
            self._epoch_items.append(item)

    def _draw_current(self) -> None:
        theme, current = self._theme, self._current
        self._here.setVisible(current is not None and current >= 0)
        self._here.setValue((current or 0) + 1)
        points = []
        for one in self.drawn:
            at = _place_of(one, current)
            height = np.nan if at is None else float(self._on_axis(one.numbers[at : at + 1])[0])
            if at is not None and np.isfinite(height):
                points.append((one.iterations[at] + 1.0, height))
        # A ring that is larger with one curve than where it would hide others.
        size = 11 if len(self._series) < 2 else 9
        brush = QColor(theme.current_halo)
        pen = pg.mkPen(theme.current, width=2 if len(self._series) < 2 else 1.2)
        self._ring.setData(pos=points, size=size, pen=pen, brush=brush, symbol="o")
        around = points[:1] if self._is_pointed else []
        pen = pg.mkPen(theme.current, width=2.0 * theme.line_scale)
        self._corners.setData(pos=around, size=_CORNERS_PX, pen=pen, brush=None, symbol=_corners())
        self._tell(current)

    def _tell(self, iteration: int | None) -> None:
        """Puts the numbers of an iteration above the plot."""
        if iteration is None:
            self._readout.setText("")
            return
        where = self.tr("iteration %1").replace("%1", str(iteration + 1))
        if self._epoch:
            where += ", " + self.tr("epoch %1").replace("%1", str(iteration // self._epoch + 1))
        parts = []
        for one in self.drawn:
            at = _place_of(one, iteration)
            if at is not None:
                parts.append(f"{one.name} = {format_number(one.numbers[at], _READ_DIGITS)}")
        text = "   ".join((where, *parts)) if parts else ""
        self._readout.setText(text, "\n".join(parts))
        self.plot.setAccessibleDescription(text)

    def _on_clicked(self, point: QPointF) -> None:
        iteration = self.iteration_near(point.x())
        if iteration is not None:
            self.iteration_requested.emit(iteration)

    def _on_hovered(self, point: QPointF | None) -> None:
        self._tell(self._current if point is None else self.iteration_near(point.x()))

    def _drawn_iterations(self) -> NDArray[np.int64]:
        """Those that have a point on one of the curves."""
        drawn = [one.iterations for one in self.drawn if len(one.iterations)]
        return np.unique(np.concatenate(drawn)) if drawn else np.zeros(0, np.int64)

    def _on_looked_at(self, iteration: int | None) -> None:
        """Draws a line through the iteration that the keyboard is at, and tells of it; None for that of the run."""
        self._looked.setVisible(iteration is not None)
        self._looked.setValue((iteration or 0) + 1)
        self._tell(self._current if iteration is None else iteration)

    def _on_log_clicked(self, checked: bool) -> None:
        self.set_log(checked)


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


def _place_of(series: Series, iteration: int | None) -> int | None:
    """Where an iteration's point is in a curve."""
    at = int(np.searchsorted(series.iterations, -1 if iteration is None else iteration))
    return at if at < len(series.iterations) and int(series.iterations[at]) == iteration else None
