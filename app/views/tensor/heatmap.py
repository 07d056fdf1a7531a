"""The tensor as a picture: a colour a cell, axes, colour bar, what is under the pointer."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.guard import painted
from app.models.cell_text import cell_text, fitting_text
from app.models.tensor_plane import Sample, TensorPlane, sampled
from app.theme import Theme, code_font
from app.views.tensor.colours import (
    MINUS_INF_CODE,
    NAN_CODE,
    PLUS_INF_CODE,
    ColourRange,
    colour_codes,
    colour_table,
    text_is_dark,
)
from app.views.tensor.minuses import paint_minuses
from engine.analysis.notation.numbers import format_number

MOST_CELLS_A_SIDE = 1024
READOUT_DIGITS = 9

_CELL_DIGITS = 3
_WIDEST_ASPECT = 6.0
_LARGEST_CELL = 80.0
_BAR_WIDTH = 12
_MARKED_CELL = 6.0
_FEWEST_TICK_GAP = 22.0


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the picture and the colour bar are, and how large a cell is, in px."""

    picture: QRectF
    bar: QRectF
    cell_width: float
    cell_height: float


class HeatmapView(QWidget):
    """Shows a plane of a tensor as colours. NaN is magenta and crossed out, infinite cells carry a ring or a dot.

    Planes of more than 1024 rows or columns are sampled evenly, so that one of any size is painted at once.

    Signals:
        cell_hovered(text): index and value of the cell under the pointer; "" when it left the picture.
        element_activated(index): a cell was clicked; its place in the tensor, a tuple of integers.
    """

    cell_hovered = Signal(str)
    element_activated = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._plane: TensorPlane | None = None
        self._sample: Sample | None = None
        self._scale = ColourRange(0.0, 1.0, diverging=False)
        self._codes = np.zeros((0, 0), np.uint8)
        self._image = QImage()
        self._marked: tuple[int, int] | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Tensor as a heatmap"))

    def set_plane(self, plane: TensorPlane | None, scale: ColourRange) -> None:
        """Shows this plane in the colours of `scale`."""
        self._plane, self._scale = plane, scale
        self._sample = None if plane is None else sampled(plane.cells, MOST_CELLS_A_SIDE)
        self._codes = np.zeros((0, 0), np.uint8) if self._sample is None else colour_codes(self._sample.cells, scale)
        self._image = self._drawn(self._codes)
        self.update()

    def set_marked(self, cell: tuple[int, int] | None) -> None:
        """Draws a ring around a cell (row, column) of the plane."""
        if cell != self._marked:
            self._marked = cell
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Repaints in another theme's colours."""
        self._theme = theme
        self._image = self._drawn(self._codes)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(340, 260)

    def _drawn(self, codes: np.ndarray) -> QImage:
        return indexed_image(codes, self._theme.colour_map(signed=self._scale.diverging))

    def readout(self, point: QPointF) -> str:
        """Index and value of the cell at a point of the widget; "" outside the picture."""
        cell = self._cell_at(point)
        if cell is None or self._plane is None:
            return ""
        index = ", ".join(map(str, self._plane.index_of(*cell)))
        value = cell_text(self._plane.cells[cell], READOUT_DIGITS)
        return f"[{index}] = {value}"

    def cell_area(self, row: int, column: int) -> QRectF:
        """Where a cell of the plane is painted."""
        places = self._places()
        if self._sample is None or places is None:
            return QRectF()
        x = places.picture.left() + column // self._sample.column_step * places.cell_width
        y = places.picture.top() + row // self._sample.row_step * places.cell_height
        return QRectF(x, y, places.cell_width, places.cell_height)

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(self._theme.surface))
        painter.setFont(code_font(self._theme.small_px))
        places = self._places()
        if places is None:
            painter.setPen(QColor(self._theme.muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("no elements"))
            return
        # Many cells a pixel are averaged by Qt; few stay sharp squares.
        smooth = min(places.cell_width, places.cell_height) * self.devicePixelRatioF() < 1.0
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(places.picture, self._image, QRectF(self._image.rect()))
        self._paint_not_finite(painter, places)
        if not self._paint_cells(painter, places):
            colours = self._theme.colour_map(signed=True)
            paint_minuses(painter, places.picture, self._codes, self._scale, colours, _MARKED_CELL)
        self._paint_ticks(painter, places)
        if (self._codes < NAN_CODE).any():
            self._paint_bar(painter, places)
        self._paint_mark(painter)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.cell_hovered.emit(self.readout(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and cell is not None and self._plane is not None:
            self.element_activated.emit(self._plane.index_of(*cell))

    def leaveEvent(self, event: QEvent) -> None:
        self.cell_hovered.emit("")
        super().leaveEvent(event)

    def _places(self) -> _Places | None:
        rows, columns = self._codes.shape
        if rows == 0 or columns == 0:
            return None
        metrics = self.fontMetrics()
        left = metrics.horizontalAdvance("0" * len(str(self._last_row()))) + 14.0
        right = _BAR_WIDTH + 18.0 + max(metrics.horizontalAdvance(text) for _, text in self._bar_labels())
        space = QRectF(self.rect()).adjusted(left, 12.0, -right - 10.0, -metrics.height() - 12.0)
        width, height = min(space.width(), columns * _LARGEST_CELL), min(space.height(), rows * _LARGEST_CELL)
        cell_width, cell_height = max(width, 1.0) / columns, max(height, 1.0) / rows
        if 1 / _WIDEST_ASPECT < cell_width / cell_height < _WIDEST_ASPECT and min(cell_width, cell_height) >= 1.0:
            cell_width = cell_height = min(cell_width, cell_height)
        picture = QRectF(space.left(), space.top(), cell_width * columns, cell_height * rows)
        bar_height = min(space.height(), max(picture.height(), 120.0))
        bar = QRectF(picture.right() + 12.0, space.top(), _BAR_WIDTH, bar_height)
        return _Places(picture, bar, cell_width, cell_height)

    def _last_row(self) -> int:
        return 0 if self._plane is None else max(0, self._plane.cells.shape[0] - 1)

    def _cell_at(self, point: QPointF) -> tuple[int, int] | None:
        places = self._places()
        if places is None or self._sample is None or not places.picture.contains(point):
            return None
        column = int((point.x() - places.picture.left()) / places.cell_width)
        row = int((point.y() - places.picture.top()) / places.cell_height)
        rows, columns = self._codes.shape
        return min(row, rows - 1) * self._sample.row_step, min(column, columns - 1) * self._sample.column_step

    def _paint_not_finite(self, painter: QPainter, places: _Places) -> None:
        """Second cues beside the colour: a cross on NaN, a dot on +inf, a ring on -inf."""
        if min(places.cell_width, places.cell_height) < _MARKED_CELL or not (self._codes >= NAN_CODE).any():
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row, column in np.argwhere(self._codes >= NAN_CODE):
            code = int(self._codes[row, column])
            x = places.picture.left() + column * places.cell_width
            y = places.picture.top() + row * places.cell_height
            area = QRectF(x, y, places.cell_width, places.cell_height)
            if code == NAN_CODE:
                painter.setPen(QPen(QColor("#000000"), 1.2))
                painter.drawLine(QLineF(area.topLeft(), area.bottomRight()))
                painter.drawLine(QLineF(area.bottomLeft(), area.topRight()))
                continue
            radius = min(places.cell_width, places.cell_height) * 0.22
            painter.setPen(QPen(QColor("#000000"), 3.0))
            painter.setBrush(QColor("#ffffff") if code == PLUS_INF_CODE else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(area.center(), radius, radius)
            if code == MINUS_INF_CODE:
                painter.setPen(QPen(QColor("#ffffff"), 1.5))
                painter.drawEllipse(area.center(), radius, radius)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_cells(self, painter: QPainter, places: _Places) -> bool:
        """Writes the numbers into cells, and says whether they have room for them."""
        metrics = painter.fontMetrics()
        room = metrics.horizontalAdvance("0" * (_CELL_DIGITS + 4))
        if places.cell_width < room or places.cell_height < metrics.height() or self._sample is None:
            return False
        dark = text_is_dark(self._theme.colour_map(signed=self._scale.diverging))
        characters = int(places.cell_width / metrics.horizontalAdvance("0"))
        rows, columns = self._codes.shape
        for row in range(rows):
            for column in range(columns):
                code = int(self._codes[row, column])
                painter.setPen(QColor("#000000") if dark[code] else QColor("#ffffff"))
                text = fitting_text(self._sample.cells[row, column], _CELL_DIGITS, characters)
                painter.drawText(self.cell_area(row, column), Qt.AlignmentFlag.AlignCenter, text)
        return True

    def _paint_ticks(self, painter: QPainter, places: _Places) -> None:
        """Indices of rows on the left and of columns below."""
        if self._sample is None:
            return
        painter.setPen(QColor(self._theme.muted))
        rows, columns = self._codes.shape
        height = painter.fontMetrics().height()
        for row in _tick_places(rows, places.cell_height, height * 1.6):
            y = places.picture.top() + (row + 0.5) * places.cell_height
            area = QRectF(0.0, y - height / 2, places.picture.left() - 6.0, height)
            align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(area, align, str(row * self._sample.row_step))
        widest = painter.fontMetrics().horizontalAdvance(str(columns * self._sample.column_step)) + 12.0
        for column in _tick_places(columns, places.cell_width, max(widest, _FEWEST_TICK_GAP)):
            x = places.picture.left() + (column + 0.5) * places.cell_width
            area = QRectF(x - widest, places.picture.bottom() + 4.0, 2 * widest, height)
            painter.drawText(area, Qt.AlignmentFlag.AlignHCenter, str(column * self._sample.column_step))

    def _bar_labels(self) -> list[tuple[float, str]]:
        """Numbers beside the colour bar as (share of its height from the bottom, text)."""
        low, high = self._scale.low, self._scale.high
        shares = (0.0, 0.25, 0.5, 0.75, 1.0)
        return [(share, format_number(low * (1 - share) + high * share, 3)) for share in shares]

    def _paint_bar(self, painter: QPainter, places: _Places) -> None:
        strip = np.arange(252, -1, -1, dtype=np.uint8).reshape(-1, 1)
        painter.drawImage(places.bar, self._drawn(strip))
        painter.setPen(QPen(QColor(self._theme.border), 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(places.bar)
        painter.setPen(QColor(self._theme.muted))
        height = painter.fontMetrics().height()
        for share, text in self._bar_labels():
            y = places.bar.bottom() - share * places.bar.height()
            y = min(max(y, places.bar.top() + height / 2 - 4), places.bar.bottom() - height / 2 + 4)
            area = QRectF(places.bar.right() + 6.0, y - height / 2, 120.0, height)
            painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_mark(self, painter: QPainter) -> None:
        if self._marked is None:
            return
        area = self.cell_area(*self._marked)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((self._theme.current_halo, 4.0), (self._theme.current, 1.5)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawRect(area)


def _tick_places(count: int, cell: float, gap: float) -> range:
    """Places of labels at least `gap` px apart, in steps of 1, 2, 5, 10, 20 and so on."""
    wanted = max(1.0, gap / cell)
    power = 10 ** math.floor(math.log10(wanted))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= wanted)
    return range(0, count, step)


def indexed_image(codes: np.ndarray, colours: str) -> QImage:
    """An image of its own (the buffer is copied) with a colour table."""
    rows, columns = codes.shape
    if rows == 0 or columns == 0:
        return QImage()
    buffer = np.ascontiguousarray(codes)
    image = QImage(buffer.data, columns, rows, columns, QImage.Format.Format_Indexed8)
    table = colour_table(colours).astype(np.uint32)
    argb = 0xFF000000 | table[:, 0] << 16 | table[:, 1] << 8 | table[:, 2]
    image.setColorTable(argb.tolist())
    return image.copy()
