"""A slim strip of all iterations: click or drag to go to one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.guard import painted
from app.models.run_marks import Marks
from app.theme import Theme, ui_font

_MARGIN = 22.0
_LEAST_CELL = 3.0
CURVE_PX = 18
"""Height that the loss takes, where it is known."""
_ABOVE_CURVE_PX = 3.0
FRAME_MS = 16
"""A drag asks no more often than the screen shows anything."""


class IterationStrip(QWidget):
    """Shows how many iterations there are and which one is shown, as one cell each, or as a bar where they are many.

    Above them the loss as a line, where it is known. A dot marks where a breakpoint was hit, a diamond where something
    was changed by hand, a cross where an op failed.

    Signals:
        iteration_requested(number): the user chose this iteration; while dragging, the latest one a frame.
    """

    iteration_requested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._first = 0
        self._count = 0
        self._current = 0
        self._asked: int | None = None
        self._losses: tuple[NDArray[np.int64], NDArray[np.float64]] | None = None
        self._curve: tuple[QRectF, QPolygonF] | None = None
        self._marks: Marks = {}
        self._told: int | None = None
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(FRAME_MS)
        self.setMouseTracking(True)
        # What lies under it need not be painted too.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setVisible(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Iterations"))
        self._frame.timeout.connect(self._tell)

    def set_iterations(self, first: int, count: int, current: int) -> None:
        """Numbers first .. first + count - 1, of which `current` is shown."""
        # What was dragged to since is asked for when the frame is over.
        if current == self._asked or not self._frame.isActive():
            self._asked = None
        if (first, count, current) != (self._first, self._count, self._current):
            if (first, count) != (self._first, self._count):
                self._curve = None
            self._first, self._count, self._current = first, count, current
            self.setAccessibleDescription(self._words(current))
            self.update()

    def set_losses(self, iterations: NDArray[np.int64], losses: NDArray[np.float64]) -> None:
        """Draws the loss of these iterations (whole numbers, rising); two arrays of the same length."""
        had = self._losses is not None
        self._losses = (iterations, losses) if len(iterations) > 1 else None
        self._curve = None
        if had != (self._losses is not None):
            self.updateGeometry()
        self.update()

    def set_marks(self, marks: Marks) -> None:
        """Marks iterations in which something stands out."""
        self._marks = marks
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self._theme.small_px + 9 + (CURVE_PX if self._losses is not None else 0))

    def iteration_at(self, x: float) -> int:
        """The iteration at a place on the strip, in px."""
        bar = self._bar()
        place = int((x - bar.left()) / max(bar.width(), 1.0) * self._count)
        return self._first + max(0, min(place, self._count - 1))

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.background))
        if self._count == 0:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_curve(painter)
        self._paint_cells(painter)
        self._paint_marks(painter)
        painter.setFont(ui_font(self._theme.small_px))
        painter.setPen(QColor(self._theme.muted))
        bar = self._bar()
        beside = QRectF(bar.right() + 10.0, bar.center().y() - 10.0, self._label_width(), 20.0)
        painter.drawText(beside, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._words(self._current))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._ask_for(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._ask_for(event.position().x())
        elif self._count:
            number = self.iteration_at(event.position().x())
            QToolTip.showText(event.globalPosition().toPoint(), self._words(number), self)

    def _ask_for(self, x: float) -> None:
        number = self.iteration_at(x) if self._count else None
        if number is not None and number != (self._current if self._asked is None else self._asked):
            self._asked = number
            self.update()
            if not self._frame.isActive():
                self._frame.start()
                self.iteration_requested.emit(number)
                self._told = number

    def _tell(self) -> None:
        """The frame is over: what was dragged to since is wanted now."""
        if self._asked is not None and self._asked != self._told:
            self._told = self._asked
            self._frame.start()
            self.iteration_requested.emit(self._asked)

    def _words(self, number: int) -> str:
        """Iterations count from 1 for people."""
        text = self.tr("iteration %1 of %2")
        return text.replace("%1", str(number - self._first + 1)).replace("%2", str(self._count))

    def _label_width(self) -> float:
        metrics = QFontMetricsF(ui_font(self._theme.small_px))
        return metrics.horizontalAdvance(self._words(self._first + self._count)) + 4.0

    def _bar(self) -> QRectF:
        width = self.width() - 2 * _MARGIN - self._label_width() - 10.0
        above = CURVE_PX if self._losses is not None else 0
        return QRectF(_MARGIN, above + (self.height() - above) / 2 - 3.0, max(20.0, width), 7.0)

    def _polygon(self, area: QRectF) -> QPolygonF:
        """The loss as a line through one point a px, the lowest and the highest where there are more; kept."""
        if self._curve is not None and self._curve[0] == area:
            return self._curve[1]
        points = QPolygonF()
        if self._losses is not None:
            iterations, losses = self._losses
            is_known = np.isfinite(losses)
            shown = losses[is_known]
            if len(shown):
                low, high = float(shown.min()), float(shown.max())
                across = (iterations[is_known] - self._first + 0.5) / max(self._count, 1) * area.width()
                down = (high - shown) / ((high - low) or 1.0) * area.height()
                for x, y in _thinned(across, down):
                    points.append(QPointF(area.left() + x, area.top() + y))
        self._curve = (area, points)
        return points

    def _paint_curve(self, painter: QPainter) -> None:
        if self._losses is None:
            return
        bar = self._bar()
        area = QRectF(bar.left(), _ABOVE_CURVE_PX, bar.width(), bar.top() - 2 * _ABOVE_CURVE_PX)
        painter.setPen(QPen(QColor(self._theme.loss), 1.3 * self._theme.line_scale))
        painter.drawPolyline(self._polygon(area))

    def _paint_marks(self, painter: QPainter) -> None:
        bar, theme = self._bar(), self._theme
        y = bar.bottom() + 3.5
        for kind, numbers in self._marks.items():
            colour = QColor({"breakpoint": theme.breakpoint, "edit": theme.accent}.get(kind, theme.error))
            painter.setPen(QPen(colour, 1.5))
            painter.setBrush(colour)
            places = {
                round(bar.left() + (number - self._first + 0.5) / self._count * bar.width()) for number in numbers
            }
            for x in places:
                if kind == "breakpoint":
                    painter.drawEllipse(QPointF(x, y), 1.6, 1.6)
                elif kind == "edit":
                    painter.drawPolygon([QPointF(x, y - 3), QPointF(x + 3, y), QPointF(x, y + 3), QPointF(x - 3, y)])
                else:
                    painter.drawLine(QPointF(x - 2.5, y - 2.5), QPointF(x + 2.5, y + 2.5))
                    painter.drawLine(QPointF(x - 2.5, y + 2.5), QPointF(x + 2.5, y - 2.5))

    def _paint_cells(self, painter: QPainter) -> None:
        bar, theme = self._bar(), self._theme
        cell = bar.width() / self._count
        here = (self._current if self._asked is None else self._asked) - self._first
        painter.setPen(Qt.PenStyle.NoPen)
        if cell >= _LEAST_CELL:
            for i in range(self._count):
                painter.setBrush(QColor(theme.edge if i < here else theme.border))
                place = QRectF(bar.left() + i * cell, bar.top(), max(1.5, cell - 2.0), bar.height())
                painter.drawRoundedRect(place, 2.0, 2.0)
        else:
            painter.setBrush(QColor(theme.border))
            painter.drawRoundedRect(bar, 3.0, 3.0)
            painter.setBrush(QColor(theme.edge))
            painter.drawRoundedRect(QRectF(bar.left(), bar.top(), here * cell, bar.height()), 3.0, 3.0)
        width = max(4.0, cell - 2.0)
        place = QRectF(bar.left() + here * cell, bar.top() - 2.0, width, bar.height() + 4.0)
        painter.setBrush(QColor(theme.current_halo))
        painter.setPen(QPen(QColor(theme.current), 1.0) if not theme.dark else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(place, 2.5, 2.5)
        painter.setBrush(QColor(theme.current))
        painter.setPen(Qt.PenStyle.NoPen)
        middle = place.center().x()
        top = bar.top() - 6.5
        painter.drawPolygon([QPointF(middle - 3.5, top), QPointF(middle + 3.5, top), QPointF(middle, top + 4.0)])


def _thinned(across: NDArray[np.float64], down: NDArray[np.float64]) -> Iterator[tuple[float, float]]:
    """Points of a line, at most the highest and the lowest of each px."""
    columns = across.astype(np.int64)
    if len(columns) <= 2 * (int(columns[-1]) + 1):
        yield from zip(across.tolist(), down.tolist(), strict=True)
        return
    begins = np.flatnonzero(np.diff(columns, prepend=-1))
    lowest, highest = np.minimum.reduceat(down, begins), np.maximum.reduceat(down, begins)
    for x, least, most in zip(columns[begins].tolist(), lowest.tolist(), highest.tolist(), strict=True):
        yield float(x), least
        yield float(x), most
