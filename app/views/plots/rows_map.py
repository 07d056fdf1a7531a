"""The rows of a data set as a field of cells: which are in this batch, and how often each was seen in this epoch."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from app.guard import painted
from app.theme import Theme, code_font
from engine.analysis.data.rows import DataRows
from engine.counting import from_one

_MARGIN = 10.0
_LARGEST, _LEAST = 26.0, 2.0
_MOST_LISTED = 200
_SHADES = 4


class RowsMap(QWidget):
    """Shows one cell a row: filled the more often it was seen in this epoch, empty if never, with a frame if it is in
    this batch, with a stroke across it if it is not among those that batches are drawn from. Below it the batch's rows.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = _Field(theme)
        self.told = QLabel()
        self.told.setWordWrap(True)
        self.told.setContentsMargins(10, 2, 10, 2)
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.told.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.field, 1)
        column.addWidget(self.told)
        self.set_theme(theme)

    def show_rows(self, rows: DataRows, length: int, iteration: int) -> None:
        """Shows a place in the run. length: iterations an epoch."""
        epoch = max(0, iteration) // length
        begin, end = epoch * length, (epoch + 1) * length
        batch = rows.batch(iteration)
        self.field.show_rows(rows, rows.seen(begin, end), batch)
        pool = rows.pool
        counts = rows.seen(begin, end)[pool]
        seen = self.tr("Epoch %1: %2 of %3 rows seen, %4 more than once, %5 never.")
        numbers = (
            from_one(epoch),
            int((counts > 0).sum()),
            len(pool),
            int((counts > 1).sum()),
            int((counts == 0).sum()),
        )
        for place, number in enumerate(numbers, 1):
            seen = seen.replace(f"%{place}", str(number))
        lines = [seen]
        if rows.parts:
            said = [f"{part.name} {_ranges(part.rows)}" for part in rows.parts]
            lines.append(self.tr("Parts: %1.").replace("%1", "; ".join(said)))
        for first, second, count in rows.shared():
            shared = self.tr("%1 and %2 share %3 rows.").replace("%1", first).replace("%2", second)
            lines.append(shared.replace("%3", str(count)))
        if batch is not None:
            more = " …" if len(batch) > _MOST_LISTED else ""
            listed = ", ".join(map(str, batch[:_MOST_LISTED].tolist())) + more
            text = self.tr("The batch of iteration %1 is rows %2.").replace("%1", str(from_one(iteration)))
            lines.insert(0, text.replace("%2", listed))
        self.told.setText("\n".join(lines))
        self.setAccessibleDescription(self.told.text())

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self.told.setFont(code_font(theme.small_px))
        self.told.setStyleSheet(f"color: {theme.text};")
        self.field.set_theme(theme)


class _Field(QWidget):
    """The cells, in reading order."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: DataRows | None = None
        self._seen = np.zeros(0, np.int64)
        self._batch: frozenset[int] = frozenset()
        self._pool: frozenset[int] = frozenset()
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Rows of the data"))

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's colours."""
        self._theme = theme
        self.update()

    def show_rows(self, rows: DataRows, seen: np.ndarray, batch: np.ndarray | None) -> None:
        """seen: how often each row came in this epoch."""
        self._rows, self._seen = rows, seen
        self._batch = frozenset(() if batch is None else batch.tolist())
        self._pool = frozenset(rows.pool.tolist())
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 80)

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        rows, theme = self._rows, self._theme
        if rows is None:
            return
        painter = QPainter(self)
        side, columns = self._grid()
        for row in range(rows.count):
            cell = QRectF(_MARGIN + row % columns * side, _MARGIN + row // columns * side, side, side)
            cell = cell.adjusted(0, 0, -1 if side > 4 else 0, -1 if side > 4 else 0)
            count = min(int(self._seen[row]), _SHADES)
            ink = QColor(theme.forward)
            ink.setAlphaF(0.25 + 0.75 * (count - 1) / (_SHADES - 1) if count else 0.0)
            painter.fillRect(cell, ink if count else QColor(theme.surface))
            if side > 4:
                painter.setPen(QPen(QColor(theme.border), 1))
                painter.drawRect(cell)
            if row not in self._pool:
                painter.setPen(QPen(QColor(theme.muted), 1))
                painter.drawLine(cell.bottomLeft(), cell.topRight())
            if row in self._batch:
                painter.setPen(QPen(QColor(theme.current), 2))
                painter.drawRect(cell.adjusted(1, 1, -1, -1))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position())
        QToolTip.showText(event.globalPosition().toPoint(), "" if row is None else self.told_of(row), self)

    def leaveEvent(self, event: QEvent) -> None:
        QToolTip.hideText()
        super().leaveEvent(event)

    def row_at(self, point: QPointF) -> int | None:
        """The row whose cell is there."""
        side, columns = self._grid()
        column, line = int((point.x() - _MARGIN) // side), int((point.y() - _MARGIN) // side)
        row = line * columns + column
        is_in = self._rows is not None and 0 <= column < columns and 0 <= row < self._rows.count
        return row if is_in else None

    def told_of(self, row: int) -> str:
        """As "row 17 · X_train · seen 2 times in this epoch"."""
        assert self._rows is not None
        names = [part.name for part in self._rows.parts if row in part.rows]
        times = self.tr("seen %1 times in this epoch").replace("%1", str(int(self._seen[row])))
        here = [self.tr("in this batch")] if row in self._batch else []
        return " · ".join([self.tr("row %1").replace("%1", str(row)), *names, times, *here])

    def _grid(self) -> tuple[float, int]:
        """Side of a cell in px, and how many stand side by side."""
        count = 1 if self._rows is None else self._rows.count
        width, height = max(20.0, self.width() - 2 * _MARGIN), max(20.0, self.height() - 2 * _MARGIN)
        side = min(_LARGEST, max(_LEAST, math.sqrt(width * height / count)))
        while side > _LEAST and math.ceil(count / max(1, int(width // side))) * side > height:
            side = max(_LEAST, side - 0.5)
        return side, max(1, int(width // side))


def _ranges(rows: np.ndarray) -> str:
    """As "0–799 (800)"; of rows in disorder the first ones."""
    numbers = rows.tolist()
    if numbers == list(range(numbers[0], numbers[0] + len(numbers))):
        return f"{numbers[0]}–{numbers[-1]} ({len(numbers)})"
    return f"{', '.join(map(str, numbers[:8]))}{' …' if len(numbers) > 8 else ''} ({len(numbers)})"
