"""A vector's numbers as bars: up from zero or down from it, in the order in which they stand."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.guard import painted
from app.models.tensor_plane import TensorPlane
from app.models.tensor_shown import real_numbers
from app.theme import Theme, code_font
from engine.analysis.notation.numbers import format_number

_LEFT, _TOP, _RIGHT, _BOTTOM = 52.0, 22.0, 12.0, 20.0
_MOST_BARS = 400
_DIGITS = 4


class BarsView(QWidget):
    """Shows a vector whole, and of a matrix one row: that of the chosen element, else the first.

    Bars above zero are solid, those below are outlined, so that a sign is told without colour. NaN is a cross at zero,
    an infinity an arrow to its end. Of a long vector the first numbers are shown; of complex numbers magnitudes.

    Signals:
        element_activated(index): a bar was clicked; a tuple of integers.
    """

    element_activated = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._plane: TensorPlane | None = None
        self._row = 0
        self._marked: int | None = None
        self._numbers = np.zeros(0)
        self._low = self._high = 0.0
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Bars"))

    def set_plane(self, plane: TensorPlane | None, marked: tuple[int, int] | None) -> None:
        """Shows a part of a tensor. marked: (row, column) of the chosen element, if there is one."""
        self._plane = plane
        self._row = 0 if marked is None else marked[0]
        self._marked = None
        self._numbers = np.zeros(0)
        if plane is not None and plane.cells.size:
            cells = plane.cells
            line = cells[:, 0] if self._is_column else cells[self._row]
            self._numbers = real_numbers(np.asarray(line[:_MOST_BARS])).astype(np.float64, copy=False)
            if marked is not None:
                self._marked = marked[0] if self._is_column else marked[1]
        finite = self._numbers[np.isfinite(self._numbers)]
        self._low, self._high = float(np.min(finite, initial=0.0)), float(np.max(finite, initial=0.0))
        self.setAccessibleDescription(", ".join(format_number(number, _DIGITS) for number in self._numbers[:20]))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Repaints in another theme's colours."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(340, 220)

    def bar_area(self, number: int) -> QRectF:
        """Where a bar is painted; of no height for what is not finite."""
        room = self._room()
        width = room.width() / max(1, self._numbers.size)
        value = self._numbers[number]
        top, zero = self._y(value if np.isfinite(value) else 0.0), self._y(0.0)
        return QRectF(room.left() + number * width + 0.1 * width, min(top, zero), 0.8 * width, abs(top - zero))

    def readout(self, point: QPointF) -> str:
        """Place and number of the bar at a point, as "3: 0.25"; "" beside them."""
        number = self._at(point)
        return "" if number is None else f"{number}: {format_number(self._numbers[number], _DIGITS)}"

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, room = self._theme, self._room()
        painter.fillRect(event.rect(), QColor(theme.surface))
        painter.setFont(code_font(theme.small_px))
        if not self._numbers.size:
            return
        solid = QColor(theme.accent)
        for number, value in enumerate(self._numbers):
            if not np.isfinite(value):
                self._paint_not_finite(painter, number, float(value))
                continue
            is_marked = number == self._marked
            painter.setPen(QPen(QColor(theme.text if is_marked else theme.accent), 2.0 if is_marked else 1.0))
            painter.setBrush(solid if value >= 0 else Qt.BrushStyle.NoBrush)
            painter.drawRect(self.bar_area(number))
        painter.setPen(QPen(QColor(theme.muted), 1.0))
        painter.drawLine(QLineF(room.left(), self._y(0.0), room.right(), self._y(0.0)))
        height = painter.fontMetrics().height()
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for tick, text in self._ticks().items():
            area = QRectF(0.0, self._y(tick) - height / 2, room.left() - 6.0, height)
            painter.drawText(area, right, text)
        painter.drawText(QRectF(room.left(), 2.0, room.width(), height), Qt.AlignmentFlag.AlignLeft, self._caption())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        QToolTip.showText(event.globalPosition().toPoint(), self.readout(event.position()), self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._at(event.position())
        if number is not None and self._plane is not None:
            place = (number, 0) if self._is_column else (self._row, number)
            self.element_activated.emit(self._plane.index_of(*place))

    @property
    def _is_column(self) -> bool:
        return self._plane is not None and self._plane.cells.shape[1] == 1

    def _caption(self) -> str:
        """Which numbers these are, where it is not all of them."""
        if self._plane is None:
            return ""
        rows, columns = self._plane.cells.shape
        parts = [] if self._is_column or rows == 1 else [self.tr("row %1").replace("%1", str(self._row))]
        count = rows if self._is_column else columns
        if count > _MOST_BARS:
            parts.append(self.tr("the first %1 of %2").replace("%1", str(_MOST_BARS)).replace("%2", str(count)))
        return ", ".join(parts)

    def _at(self, point: QPointF) -> int | None:
        room, count = self._room(), self._numbers.size
        if not count or not room.contains(point):
            return None
        return min(count - 1, int((point.x() - room.left()) / room.width() * count))

    def _paint_not_finite(self, painter: QPainter, number: int, value: float) -> None:
        area = self.bar_area(number)
        x, zero, half = area.center().x(), self._y(0.0), min(area.width() / 2, 5.0)
        painter.setPen(QPen(QColor(self._theme.not_finite), 2.0))
        if np.isnan(value):
            painter.drawLine(QLineF(x - half, zero - half, x + half, zero + half))
            painter.drawLine(QLineF(x - half, zero + half, x + half, zero - half))
            return
        end, back = (self._room().top(), half) if value > 0 else (self._room().bottom(), -half)
        painter.drawLine(QLineF(x, zero, x, end))
        painter.drawLine(QLineF(x, end, x - half, end + back))
        painter.drawLine(QLineF(x, end, x + half, end + back))

    def _ticks(self) -> dict[float, str]:
        """Numbers beside the axis, and how they are written."""
        return {tick: format_number(tick, 3) for tick in (self._low, 0.0, self._high)}

    def _room(self) -> QRectF:
        metrics = QFontMetricsF(code_font(self._theme.small_px))
        left = max(_LEFT, 12.0 + max(metrics.horizontalAdvance(text) for text in self._ticks().values()))
        return QRectF(self.rect()).adjusted(left, _TOP, -_RIGHT, -_BOTTOM)

    def _y(self, number: float) -> float:
        room = self._room()
        # Halves, as the distance of the largest numbers is beyond them.
        reach = self._high / 2 - self._low / 2 or 1.0
        return room.bottom() - (number / 2 - self._low / 2) / reach * room.height()
