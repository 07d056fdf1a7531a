"""The tensor as small pictures side by side: feature maps, kernels, the samples of a batch."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSpinBox, QToolButton, QVBoxLayout, QWidget

from app.guard import painted
from app.models.cell_text import cell_text
from app.models.tensor_images import MOST_A_PAGE, Picture, Pictures, pictures_of
from app.models.tensor_plane import sampled
from app.models.tensor_shown import TensorKind, TensorShown
from app.theme import Theme, code_font
from app.views.tensor.colours import ColourRange, colour_codes, colour_range
from app.views.tensor.heatmap import READOUT_DIGITS, indexed_image
from app.views.tensor.minuses import paint_minuses

_GAP = 4.0
_MOST_PIXELS_A_SIDE = 256
_MARKED_PIXEL = 6.0
"""Side of a pixel that has room for a minus, px."""


@dataclass(frozen=True, slots=True)
class _Grid:
    columns: int
    side_x: float
    side_y: float
    label: float


class ImagesView(QWidget):
    """Shows up to 64 pictures in the colours of one range, or each in its own.

    Signals:
        pixel_hovered(text): index and value under the pointer; "" when it left. element_activated(index): a pixel was
        clicked; its place in the tensor, a tuple of integers.
    """

    pixel_hovered = Signal(str)
    element_activated = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pictures: list[Picture] = []
        self._pictures_a_row = 0
        self._kind: TensorKind = "value"
        self._scale = ColourRange(0.0, 1.0, diverging=False)
        self._is_each_its_own = False
        self._marked: tuple[int, ...] | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Tensor as pictures"))

    @property
    def pictures(self) -> list[Picture]:
        """Those that are shown."""
        return self._pictures

    def set_pictures(
        self, pictures: list[Picture], columns: int, kind: TensorKind, scale: ColourRange, each: bool
    ) -> None:
        """Shows these. columns: how many belong into a row, 0 for any. each: every picture in its own range."""
        self._pictures, self._pictures_a_row, self._kind = pictures, columns, kind
        self._scale, self._is_each_its_own = scale, each
        self.update()

    def set_marked(self, index: tuple[int, ...] | None) -> None:
        """Draws a ring around a pixel."""
        self._marked = index
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Repaints in another theme's colours."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(340, 260)

    def picture_area(self, number: int) -> QRectF:
        """Where a picture of the page is painted."""
        grid = self._grid()
        row, column = divmod(number, grid.columns)
        x = _GAP + column * (grid.side_x + _GAP)
        y = _GAP + row * (grid.side_y + grid.label + _GAP) + grid.label
        return QRectF(x, y, grid.side_x, grid.side_y)

    def readout(self, point: QPointF) -> str:
        """Index and value of the pixel at a point; "" outside the pictures."""
        found = self._pixel_at(point)
        if found is None:
            return ""
        picture, row, column = found
        index = ", ".join(map(str, picture.index_of(row, column)))
        return f"[{index}] = {cell_text(picture.cells[row, column], READOUT_DIGITS)}"

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(self._theme.surface))
        painter.setFont(code_font(self._theme.small_px - 1))
        has_labels = self._grid().label > 0
        for number, picture in enumerate(self._pictures):
            area = self.picture_area(number)
            cells = sampled(picture.cells, _MOST_PIXELS_A_SIDE).cells
            scale = colour_range(cells, self._kind, None) if self._is_each_its_own else self._scale
            codes, colours = colour_codes(np.asarray(cells), scale), self._theme.colour_map(signed=scale.diverging)
            image = indexed_image(codes, colours)
            painter.drawImage(area, image, QRectF(image.rect()))
            paint_minuses(painter, area, codes, scale, colours, _MARKED_PIXEL)
            # Of many axes a label may be wider than its picture; what the pointer is at is told below all the same.
            if has_labels and painter.fontMetrics().horizontalAdvance(picture.label) <= area.width() + _GAP:
                painter.setPen(QColor(self._theme.muted))
                above = QRectF(area.left(), area.top() - self._grid().label, area.width() + _GAP, self._grid().label)
                painter.drawText(above, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, picture.label)
            self._paint_mark(painter, picture, area)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pixel_hovered.emit(self.readout(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._pixel_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and found is not None:
            picture, row, column = found
            self.element_activated.emit(picture.index_of(row, column))

    def leaveEvent(self, event: QEvent) -> None:
        self.pixel_hovered.emit("")
        super().leaveEvent(event)

    def _grid(self) -> _Grid:
        """As large as fits: the number of columns at which pictures become largest."""
        count = max(1, len(self._pictures))
        height, width = self._pictures[0].cells.shape if self._pictures else (1, 1)
        label = float(self.fontMetrics().height()) - 2.0 if count > 1 else 0.0
        best = _Grid(1, 1.0, 1.0, label)
        chosen = [self._pictures_a_row] if 0 < self._pictures_a_row < count else range(1, count + 1)
        for columns in chosen:
            rows = math.ceil(count / columns)
            across = (self.width() - _GAP * (columns + 1)) / columns / width
            down = (self.height() - (_GAP + label) * rows - _GAP) / rows / height
            unit = min(across, down)
            if unit > best.side_x / width or columns == chosen[0]:
                best = _Grid(columns, max(1.0, unit * width), max(1.0, unit * height), label)
        return best

    def _pixel_at(self, point: QPointF) -> tuple[Picture, int, int] | None:
        for number, picture in enumerate(self._pictures):
            area = self.picture_area(number)
            if area.contains(point):
                rows, columns = picture.cells.shape
                row = min(rows - 1, int((point.y() - area.top()) / area.height() * rows))
                column = min(columns - 1, int((point.x() - area.left()) / area.width() * columns))
                return picture, row, column
        return None

    def _paint_mark(self, painter: QPainter, picture: Picture, area: QRectF) -> None:
        marked, leading = self._marked, picture.leading
        if marked is None or marked[: len(leading)] != leading:
            return
        inner = marked[len(leading) :]
        rows, columns = picture.cells.shape
        row, column = divmod(inner[0], columns) if picture.is_folded else (inner[0], inner[1])
        unit_x, unit_y = area.width() / columns, area.height() / rows
        pixel = QRectF(area.left() + column * unit_x, area.top() + row * unit_y, unit_x, unit_y).adjusted(-1, -1, 1, 1)
        for colour, width in ((self._theme.current_halo, 4.0), (self._theme.current, 1.5)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawRect(pixel)


class ImagesPane(QWidget):
    """Shows a page of pictures; below it what is under the pointer, from which one on, and whose range."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: TensorShown | None = None
        self._pictures: Pictures | None = None
        self._scale = ColourRange(0.0, 1.0, diverging=False)
        self.images = ImagesView(theme)
        self.nothing = QLabel(self.tr("No pictures: this needs three axes, or rows whose length is a square, as 784."))
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setWordWrap(True)
        self.nothing.setContentsMargins(12, 0, 12, 0)
        self.first = QSpinBox()
        self.first.setPrefix(self.tr("from "))
        self.first.setSingleStep(MOST_A_PAGE)
        self.first.setAccessibleName(self.tr("First picture"))
        self.each = QToolButton()
        self.each.setText(self.tr("each its range"))
        self.each.setToolTip(self.tr("Colour every picture by its own smallest and largest number"))
        self.each.setCheckable(True)
        self._readout = QLabel()
        self._readout.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        foot = QHBoxLayout()
        foot.setContentsMargins(10, 2, 8, 4)
        foot.addWidget(self._readout, 1)
        foot.addWidget(self.first)
        foot.addWidget(self.each)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.images, 1)
        column.addWidget(self.nothing, 1)
        column.addLayout(foot)
        self.set_theme(theme)
        self.images.pixel_hovered.connect(self._readout.setText)
        self.first.valueChanged.connect(self._show)
        self.each.toggled.connect(self._show)

    def set_shown(self, shown: TensorShown | None, scale: ColourRange) -> None:
        """Shows this tensor's pictures, from the one chosen before if it has as many."""
        self._shown, self._scale = shown, scale
        self._pictures = None if shown is None else pictures_of(shown.array)
        count = 0 if self._pictures is None else self._pictures.count
        self.first.blockSignals(True)
        self.first.setMaximum(max(0, count - 1))
        self.first.setSuffix(f" / {count}")
        self.first.blockSignals(False)
        self.first.setVisible(count > MOST_A_PAGE)
        self.each.setEnabled(count > 1)
        self.images.setVisible(self._pictures is not None)
        self.nothing.setVisible(self._pictures is None)
        self._show()

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self.images.set_theme(theme)
        self._readout.setFont(code_font(theme.small_px))
        self.nothing.setStyleSheet(f"color: {theme.muted};")

    def _show(self) -> None:
        if self._shown is None or self._pictures is None:
            self.images.set_pictures([], 0, "value", self._scale, each=False)
            return
        page = self._pictures.page(self.first.value())
        self.images.set_pictures(page, self._pictures.columns, self._shown.kind, self._scale, self.each.isChecked())
