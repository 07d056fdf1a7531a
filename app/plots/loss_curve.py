"""The loss over iterations as a curve; click to go to an iteration."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtWidgets import QLabel, QStackedLayout, QWidget

from app.theme import Theme, ui_font

_FEW_POINTS = 60
"""Up to so many points carry dots, so that single iterations can be told apart."""
_RIGHT_MARGIN_PX = 12
_LOG_FROM_DECADES = 3.0


class LossCurve(QWidget):
    """Shows C over the iterations, with a ring at the current one. Large ranges are drawn on a logarithmic axis.

    Signals:
        iteration_requested(number): the user clicked nearest to this iteration.
    """

    iteration_requested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._iterations = np.zeros(0, np.int64)
        self._losses = np.zeros(0, np.float64)
        self._current: int | None = None
        self._theme = theme
        self._symbol = "C"
        self.plot = _Plot(self)
        self._curve = self.plot.plot()
        self._ring = self.plot.plot()
        self._here = pg.InfiniteLine(angle=90, movable=False)
        self._here.setZValue(-1)
        self.plot.addItem(self._here, ignoreBounds=True)
        self._nothing = QLabel(self.tr("The loss appears here after the first iteration."))
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setWordWrap(True)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(self.plot)
        self.setAccessibleName(self.tr("Loss over the iterations"))
        self.set_theme(theme)
        self.plot.clicked_at.connect(self._on_clicked)

    def set_points(self, iterations: NDArray[np.int64], losses: NDArray[np.float64]) -> None:
        """Shows these losses (not finite ones leave gaps) over whole iteration numbers from 0, which count from 1."""
        self._iterations, self._losses = iterations, losses
        self._stack.setCurrentWidget(self.plot if len(iterations) else self._nothing)
        self._draw()

    def set_symbol(self, symbol: str, name: str, nothing: str) -> None:
        """Shows something else than C.

        symbol: beside the axis, empty for none. name: what it is, for who cannot see. nothing: told where it has no
        points.
        """
        self.setAccessibleName(name)
        self._nothing.setText(nothing)
        if symbol != self._symbol:
            self._symbol = symbol
            self.set_theme(self._theme)

    def set_current(self, iteration: int | None) -> None:
        """Puts the ring at an iteration."""
        if iteration != self._current:
            self._current = iteration
            self._draw_current()

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme
        self._nothing.setStyleSheet(f"color: {theme.muted};")
        self.plot.setBackground(QColor(theme.background))
        for name in ("left", "bottom"):
            axis = self.plot.getAxis(name)
            axis.setPen(pg.mkPen(theme.border))
            axis.setTextPen(pg.mkPen(theme.muted))
            axis.setTickFont(ui_font(theme.small_px))
        self.plot.setLabel("bottom", self.tr("iteration"), color=theme.muted, size=f"{theme.small_px}px")
        self.plot.setLabel("left", self._symbol, color=theme.loss, size=f"{theme.base_px}px")
        self._here.setPen(pg.mkPen(theme.edge, style=Qt.PenStyle.DotLine))
        self._draw()

    def iteration_near(self, x: float) -> int | None:
        """The iteration whose point is nearest to a place on the axis (which counts from 1)."""
        if not len(self._iterations):
            return None
        return int(self._iterations[np.argmin(np.abs(self._iterations + 1 - x))])

    def _draw(self) -> None:
        theme, finite = self._theme, self._losses[np.isfinite(self._losses)]
        is_log = (
            len(finite) > 0 and finite.min() > 0 and bool(np.log10(finite.max() / finite.min()) > _LOG_FROM_DECADES)
        )
        self.plot.setLogMode(x=False, y=bool(is_log))
        # A pen wider than 1 px makes every repaint of a long curve several times slower.
        self._curve.setPen(pg.mkPen(theme.loss, width=1))
        dots = "o" if len(self._iterations) <= _FEW_POINTS else None
        self._curve.setSymbol(dots)
        self._curve.setSymbolSize(5)
        self._curve.setSymbolPen(None)
        self._curve.setSymbolBrush(QColor(theme.loss))
        self._fit(finite, is_log=bool(is_log))
        self._curve.setData(self._iterations + 1.0, self._losses, connect="finite")
        self._draw_current()

    def _fit(self, finite: NDArray[np.float64], *, is_log: bool) -> None:
        """The axes follow the curve; around a single point they begin at 0 and leave room for the next ones."""
        if len(self._iterations) == 1 and len(finite) and finite[0] > 0 and not is_log:
            first = int(self._iterations[0]) + 1
            self.plot.setRange(xRange=(first - 1, first + 3), yRange=(0.0, 1.4 * float(finite[0])), padding=0.02)
        else:
            self.plot.enableAutoRange()

    def _draw_current(self) -> None:
        at = int(np.searchsorted(self._iterations, -1 if self._current is None else self._current))
        has_point = at < len(self._iterations) and int(self._iterations[at]) == self._current
        self._here.setVisible(self._current is not None and self._current >= 0)
        self._here.setValue((self._current or 0) + 1)
        if not has_point or not np.isfinite(self._losses[at]):
            self._ring.setData([], [])
            return
        theme = self._theme
        self._ring.setPen(None)
        self._ring.setSymbol("o")
        self._ring.setSymbolSize(11)
        self._ring.setSymbolPen(pg.mkPen(theme.current, width=2))
        self._ring.setSymbolBrush(QColor(theme.current_halo))
        self._ring.setData([self._iterations[at] + 1.0], [self._losses[at]])

    def _on_clicked(self, point: QPointF) -> None:
        iteration = self.iteration_near(point.x())
        if iteration is not None:
            self.iteration_requested.emit(iteration)


class _Plot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """Reports clicks in units of the axes; the mouse neither drags nor zooms, which would lose the curve."""

    clicked_at = Signal(QPointF)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        self.setMenuEnabled(False)
        self.showGrid(x=False, y=True, alpha=0.12)
        self.getPlotItem().layout.setContentsMargins(4, 8, _RIGHT_MARGIN_PX, 2)
        self.getAxis("bottom").enableAutoSIPrefix(False)
        self.getAxis("left").enableAutoSIPrefix(False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Only a press inside the axes counts."""
        where = self.mapToScene(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and self.getViewBox().sceneBoundingRect().contains(where):
            self.clicked_at.emit(self.getViewBox().mapSceneToView(where))
        event.accept()
