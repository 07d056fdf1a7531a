"""The tensor as a table of numbers on heat-coloured cells."""

from __future__ import annotations

from functools import cache

import numpy as np
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from app.guard import painted
from app.models.cell_text import exact_text, usual_length
from app.models.tensor_table import TensorTableModel
from app.theme import Theme, code_font
from app.views.tensor.colours import ColourRange, colour_codes, colour_table, text_is_dark

MOST_COPIED = 1_000_000
_CELL_PADDING = 8


@cache
def _cell_colours(name: str) -> list[tuple[QColor, QColor]]:
    """Of each place in a colour table the colour, and black or white to write on it."""
    dark, bright = QColor("#000000"), QColor("#ffffff")
    inks = (dark if is_dark else bright for is_dark in text_is_dark(name))
    return [(QColor(*map(int, colour)), ink) for colour, ink in zip(colour_table(name), inks, strict=True)]


class HeatCellDelegate(QStyledItemDelegate):
    """Paints a cell from the array itself: asking the model for every role of a cell costs twice the time."""

    def __init__(self, model: TensorTableModel, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._theme = theme
        self._scale = ColourRange(0.0, 1.0, diverging=False)
        self.characters = 11
        """So many have room in a cell."""

    def set_scale(self, scale: ColourRange) -> None:
        """Colours the cells by this range."""
        self._scale = scale

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's colours."""
        self._theme = theme

    @painted
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        plane = self._model.plane
        if plane is None:
            return
        rect: QRect = option.rect
        row, column = index.row() + self._model.origin[0], index.column() + self._model.origin[1]
        code = int(colour_codes(plane.cells[row : row + 1, column : column + 1], self._scale)[0, 0])
        colour, ink = _cell_colours(self._theme.colour_map(signed=self._scale.diverging))[code]
        painter.fillRect(rect, colour)
        painter.setPen(ink)
        inner = rect.adjusted(_CELL_PADDING // 2, 0, -_CELL_PADDING // 2, 0)
        text = self._model.text_at(index.row(), index.column(), self.characters)
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(ink, 3.0))
            painter.drawRect(rect.adjusted(2, 2, -2, -2))
            painter.setPen(QPen(QColor(self._theme.accent), 2.0))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))


class TensorTable(QTableView):
    """Shows a plane of a tensor as numbers; Ctrl+C copies the selection exactly, with tabs between the columns.

    Signals:
        element_activated(index): a cell was clicked or entered; its place in the tensor, a tuple of integers.
    """

    element_activated = Signal(object)

    def __init__(self, model: TensorTableModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._delegate = HeatCellDelegate(model, theme, self)
        self._range = (0.0, 1.0)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setCornerButtonEnabled(False)
        self.setAccessibleName(self.tr("Tensor as a table"))
        for header in (self.horizontalHeader(), self.verticalHeader()):
            # Sizes fitted to contents would read the whole tensor.
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setHighlightSections(False)
            header.setSectionsClickable(True)
        self.set_theme(theme)
        self.clicked.connect(self._on_cell_entered)
        self.activated.connect(self._on_cell_entered)

    def set_scale(self, scale: ColourRange) -> None:
        """Colours the cells by this range."""
        self._delegate.set_scale(scale)
        self.viewport().update()

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's font and colours."""
        self._delegate.set_theme(theme)
        self.setFont(code_font(theme.base_px - 1))
        header_font = QFont(code_font(theme.small_px))
        self.horizontalHeader().setFont(header_font)
        self.verticalHeader().setFont(header_font)
        self.fit_sections()

    def set_range(self, low: float, high: float) -> None:
        """Makes room for numbers between these; those close to zero are written with fewer digits if need be."""
        self._range = (low, high)
        self.fit_sections()

    def fit_sections(self) -> None:
        """Gives all cells the width that a number with the model's digits needs."""
        metrics, plane = self.fontMetrics(), self._model.plane
        dtype = np.dtype(np.float32) if plane is None else plane.cells.dtype
        self._delegate.characters = usual_length(dtype, self._model.digits, *self._range)
        width = metrics.horizontalAdvance("0" * self._delegate.characters) + _CELL_PADDING + 2
        self.horizontalHeader().setDefaultSectionSize(width)
        self.verticalHeader().setDefaultSectionSize(round(metrics.height() * 1.4))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selection()
        else:
            super().keyPressEvent(event)

    def copy_selection(self) -> None:
        """Puts the selected rectangle on the clipboard, exact numbers, tabs between columns."""
        selection = self.selectionModel().selection()
        plane = self._model.plane
        if plane is None or selection.isEmpty():
            return
        ranges = [selection.at(number) for number in range(selection.count())]
        top = min(part.top() for part in ranges) + self._model.origin[0]
        bottom = max(part.bottom() for part in ranges) + self._model.origin[0]
        left = min(part.left() for part in ranges) + self._model.origin[1]
        right = max(part.right() for part in ranges) + self._model.origin[1]
        if (bottom - top + 1) * (right - left + 1) > MOST_COPIED:
            message = self.tr("At most %1 cells can be copied. Select fewer, or export the trace as npz.")
            QToolTip.showText(self.mapToGlobal(self.rect().center()), message.replace("%1", f"{MOST_COPIED:,}"), self)
            return
        cells = plane.cells[top : bottom + 1, left : right + 1]
        QGuiApplication.clipboard().setText("\n".join("\t".join(map(exact_text, row)) for row in cells))

    def show_cell(self, row: int, column: int) -> None:
        """Selects a cell of the plane and scrolls to it, if it is in the model's window."""
        index = self._model.index(row - self._model.origin[0], column - self._model.origin[1])
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def _on_cell_entered(self, index: QModelIndex) -> None:
        self.element_activated.emit(self._model.element_at(index.row(), index.column()))
