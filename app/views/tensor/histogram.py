"""How a tensor's numbers are spread, as bars."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.guard import painted
from app.models.tensor_search import Histogram
from app.models.tensor_shown import TensorKind
from app.theme import Theme, code_font
from app.views.tensor.colours import ColourRange, colour_codes, colour_table
from engine.analysis.notation.numbers import format_number

_LEFT, _TOP, _RIGHT, _BOTTOM = 46.0, 14.0, 12.0, 26.0


class HistogramView(QWidget):
    """Shows bars in the colours of their numbers, with lines at zero and at the mean.

    Signals:
        bar_hovered(text): range and count of the bar under the pointer; "" when it left.
    """

    bar_hovered = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._found: Histogram | None = None
        self._mean: float | None = None
        self._diverging = False
        self._is_log = False
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Histogram"))

    def set_histogram(self, found: Histogram | None, kind: TensorKind, mean: float | None) -> None:
        """Shows these counts. mean: of all finite numbers, None if it is not known."""
        self._found, self._mean, self._diverging = found, mean, kind == "gradient"
        self.update()

    def set_log(self, is_log: bool) -> None:
        """Counts on a logarithmic axis, so that few numbers are seen beside many."""
        self._is_log = is_log
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Repaints in another theme's colours."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(340, 220)

    def bar_area(self, number: int) -> QRectF:
        """Where a bar is painted."""
        room, heights = self._room(), self._heights()
        width = room.width() / max(1, len(heights))
        height = room.height() * heights[number]
        return QRectF(room.left() + number * width, room.bottom() - height, width, height)

    def readout(self, point: QPointF) -> str:
        """The range and count of the bar over or under a point; "" beside the plot."""
        room = self._room()
        if self._found is None or not room.contains(point):
            return ""
        count = len(self._found.counts)
        number = min(count - 1, int((point.x() - room.left()) / room.width() * count))
        low, high = (format_number(self._found.edges[at], 4) for at in (number, number + 1))
        return f"{low} … {high}:  {self._found.counts[number]:,}"

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(self._theme.surface))
        painter.setFont(code_font(self._theme.small_px))
        found = self._found
        if found is None:
            return
        if not found.counts.any():
            painter.setPen(QColor(self._theme.muted))
            text = self.tr("No number is finite.") if found.size else self.tr("no elements")
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, text)
            return
        self._paint_bars(painter, found)
        self._paint_axes(painter, found)
        for number, colour, style in (
            (0.0, self._theme.muted, Qt.PenStyle.SolidLine),
            (self._mean, self._theme.text, Qt.PenStyle.DashLine),
        ):
            if number is not None and found.edges[0] < number < found.edges[-1]:
                x = self._x(number, found)
                painter.setPen(QPen(QColor(colour), 1.0, style))
                painter.drawLine(QLineF(x, self._room().top(), x, self._room().bottom()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.bar_hovered.emit(self.readout(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self.bar_hovered.emit("")
        super().leaveEvent(event)

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_LEFT, _TOP, -_RIGHT, -_BOTTOM)

    def _heights(self) -> np.ndarray:
        """Of the bars, as shares of the room."""
        counts = np.zeros(1) if self._found is None else self._found.counts.astype(np.float64)
        heights = np.log10(counts + 1.0) if self._is_log else counts
        return heights / max(1e-30, float(heights.max(initial=0.0)))

    def _x(self, number: float, found: Histogram) -> float:
        room = self._room()
        low, high = float(found.edges[0]), float(found.edges[-1])
        return room.left() + (number / 2 - low / 2) / (high / 2 - low / 2) * room.width()

    def _paint_bars(self, painter: QPainter, found: Histogram) -> None:
        low, high = float(found.edges[0]), float(found.edges[-1])
        reach = max(abs(low), abs(high))
        scale = ColourRange(-reach, reach, True) if self._diverging else ColourRange(low, high, False)
        middles = found.edges[:-1] / 2 + found.edges[1:] / 2
        colours = colour_table(self._theme.colour_map(signed=self._diverging))[colour_codes(middles, scale)]
        outline = QPen(QColor(self._theme.edge), 0.5)
        for number, colour in enumerate(colours):
            area = self.bar_area(number)
            painter.setPen(outline if self._diverging else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(*map(int, colour)))
            painter.drawRect(area)

    def _paint_axes(self, painter: QPainter, found: Histogram) -> None:
        room = self._room()
        painter.setPen(QColor(self._theme.border))
        painter.drawLine(room.bottomLeft(), room.bottomRight())
        painter.setPen(QColor(self._theme.muted))
        height = painter.fontMetrics().height()
        for share in (0.0, 0.5, 1.0):
            number = found.edges[0] * (1 - share) + found.edges[-1] * share
            x = room.left() + share * room.width()
            align = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight)
            left = x - 120.0 * share
            painter.drawText(
                QRectF(left, room.bottom() + 4, 120.0, height), align[round(2 * share)], format_number(number, 3)
            )
        most = f"{int(found.counts.max(initial=0)):,}"
        area = QRectF(0.0, room.top() - height / 2, _LEFT - 4.0, height)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, most)


class HistogramPane(QWidget):
    """Shows a histogram; below it what is under the pointer, what was left out, and the choice of a log axis."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: Histogram | None = None
        self.bars = HistogramView(theme)
        self.log = QToolButton()
        self.log.setText(self.tr("log"))
        self.log.setToolTip(self.tr("Counts on a logarithmic axis"))
        self.log.setAccessibleName(self.tr("Logarithmic counts"))
        self.log.setCheckable(True)
        self.note = QLabel()
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        foot = QHBoxLayout()
        foot.setContentsMargins(10, 2, 8, 4)
        foot.addWidget(self.note, 1)
        foot.addWidget(self.log)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bars, 1)
        column.addLayout(foot)
        self.set_theme(theme)
        self.log.toggled.connect(self.bars.set_log)
        self.bars.bar_hovered.connect(self._on_hovered)

    def set_histogram(self, found: Histogram | None, kind: TensorKind, mean: float | None) -> None:
        """Shows these counts, or (None) that they are being counted."""
        self._found = found
        self.bars.set_histogram(found, kind, mean)
        self._on_hovered("")

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self.bars.set_theme(theme)
        self.note.setFont(code_font(theme.small_px))
        self.note.setStyleSheet(f"color: {theme.muted};")

    def _on_hovered(self, text: str) -> None:
        self.note.setText(text or self._summary())

    def _summary(self) -> str:
        found = self._found
        if found is None:
            return self.tr("Counting…")
        parts = []
        if found.is_sample:
            sample = self.tr("a sample of %1 of %2")
            parts.append(sample.replace("%1", f"{found.counted:,}").replace("%2", f"{found.size:,}"))
        if found.nans or found.infs:
            beside = self.tr("without %1 NaN, %2 inf")
            parts.append(beside.replace("%1", f"{found.nans:,}").replace("%2", f"{found.infs:,}"))
        return " · ".join(parts)
