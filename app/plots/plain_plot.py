"""A plot whose axes the mouse does not move: it reports clicks, keys and what is under the pointer, and counts."""

from __future__ import annotations

import math
from itertools import pairwise

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from app.theme import Theme, ui_font

_RIGHT_MARGIN_PX = 12
_ROOM_FOR_NAMES_PX = 190
"""A plot that is lower needs all of it for its curves, and names no axes."""
_TICKS_APART_PX = 20.0
_FAR = 1 << 62
"""So many points are more than any curve has."""
_MOVES = {
    Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10,
    Qt.Key.Key_Home: -_FAR, Qt.Key.Key_End: _FAR,
}  # fmt: skip


class CountingAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """An axis of whole numbers: no tick between two iterations."""

    def tickSpacing(self, low: float, high: float, size_px: float) -> list[tuple[float, float]]:
        """One level of ticks, in steps of 1, 2, 5, 10 and so on, about 60 px apart."""
        wanted = max(1.0, (high - low) / max(1.0, size_px / 60))
        power = 10 ** math.floor(math.log10(wanted))
        return [(float(next(step * power for step in (1, 2, 5, 10) if step * power >= wanted)), 0.0)]

    def tickValues(self, low: float, high: float, size_px: float) -> list[tuple[float, list[float]]]:
        """Counting begins at 1."""
        levels = super().tickValues(low, high, size_px)
        return [(spacing, [float(value) for value in values if value > 0.5]) for spacing, values in levels]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [str(round(value)) for value in values]


class HeightAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """An axis of numbers; a logarithmic one has as many ticks as have room for what is written at them."""

    def logTickValues(
        self, low: float, high: float, size_px: float, _: object
    ) -> list[tuple[float | None, list[float]]]:
        """Logarithms: 1 to 9 times each power of ten, else 1, 2 and 5 times, else the powers, else some of those."""
        apart = _TICKS_APART_PX * (high - low) / max(1.0, size_px)
        powers = range(math.floor(low), math.ceil(high) + 1)
        fine = [[power + math.log10(times) for power in powers for times in ones] for ones in (range(1, 10), (1, 2, 5))]
        coarse = [[float(power) for power in powers if power % step == 0] for step in (1, 2, 5, 10, 20, 50)]
        found: list[float] = []
        for ticks in (*fine, *coarse):
            inside = [tick for tick in ticks if low <= tick <= high]
            found = inside or found
            if all(after - before >= apart for before, after in pairwise(found)):
                break
        return [(None, found)]


class PlainPlot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """Reports clicks in units of the axes; dragging and wheels do nothing, which would lose the curve.

    Signals:
        clicked_at(point): a place on the axes was clicked. hovered_at(point): the pointer is there, None: it left.
        browsed(points): a key asks for what is so many points further on (a Python int, past the ends too).
        chosen(): Enter was pressed. left(): the keyboard is elsewhere now.
    """

    clicked_at = Signal(QPointF)
    hovered_at = Signal(object)
    browsed = Signal(object)
    chosen = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None, *, counts: bool = True) -> None:
        axes = {"left": HeightAxis(orientation="left")}
        if counts:
            axes["bottom"] = CountingAxis(orientation="bottom")
        super().__init__(parent, axisItems=axes)
        self.setAccessibleName(self.tr("Plot"))
        self.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        self.setMenuEnabled(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.showGrid(x=False, y=True, alpha=0.12)
        self.getPlotItem().layout.setContentsMargins(4, 8, _RIGHT_MARGIN_PX, 2)
        self.viewport().setMouseTracking(True)
        for name in ("bottom", "left"):
            self.getAxis(name).enableAutoSIPrefix(False)
            # Else its grid lies over the curves.
            self.getAxis(name).setZValue(-1000)

    def set_theme(self, theme: Theme, bottom: str, left: str, left_colour: str) -> None:
        """Takes a theme's fonts and colours, and names the axes."""
        self.setBackground(QColor(theme.background))
        for name in ("left", "bottom"):
            axis = self.getAxis(name)
            axis.setPen(pg.mkPen(theme.border))
            axis.setTextPen(pg.mkPen(theme.muted))
            axis.setTickFont(ui_font(theme.small_px))
        self.setLabel("bottom", bottom, **{"color": theme.muted, "font-size": f"{theme.small_px}px"})
        self.setLabel("left", left, **{"color": left_colour, "font-size": f"{theme.base_px}px"})
        self._show_names()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.isVisible():  # it is called before there are axes, too
            self._show_names()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_names()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Only a press inside the axes counts."""
        point = self._on_axes(event)
        if event.button() == Qt.MouseButton.LeftButton and point is not None:
            self.clicked_at.emit(point)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hovered_at.emit(self._on_axes(event))

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered_at.emit(None)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Page Up and Down, Home and End browse; Enter chooses."""
        key = Qt.Key(event.key())
        if key in _MOVES:
            self.browsed.emit(_MOVES[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit()
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.left.emit()
        super().focusOutEvent(event)

    def _show_names(self) -> None:
        for name in ("left", "bottom"):
            axis = self.getAxis(name)
            axis.showLabel(bool(axis.labelText) and self.height() >= _ROOM_FOR_NAMES_PX)

    def _on_axes(self, event: QMouseEvent) -> QPointF | None:
        where = self.mapToScene(event.position().toPoint())
        if not self.getViewBox().sceneBoundingRect().contains(where):
            return None
        point: QPointF = self.getViewBox().mapSceneToView(where)
        return point
