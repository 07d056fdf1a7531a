"""A slim strip of all iterations: click or drag to go to one."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.theme import Theme, ui_font

_MARGIN = 22.0
_LEAST_CELL = 3.0


class IterationStrip(QWidget):
    """Shows how many iterations there are and which one is shown, as one cell each, or as a bar where they are many.

    Signals:
        iteration_requested(number): the user chose this iteration.
    """

    iteration_requested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._first = 0
        self._count = 0
        self._current = 0
        self._asked: int | None = None
        self.setMouseTracking(True)
        self.setVisible(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Iterations"))

    def set_iterations(self, first: int, count: int, current: int) -> None:
        """Numbers first .. first + count - 1, of which `current` is shown."""
        self._asked = None
        if (first, count, current) != (self._first, self._count, self._current):
            self._first, self._count, self._current = first, count, current
            self.setAccessibleDescription(self._words(current))
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self._theme.small_px + 9)

    def iteration_at(self, x: float) -> int:
        """The iteration at a place on the strip, in px."""
        bar = self._bar()
        place = int((x - bar.left()) / max(bar.width(), 1.0) * self._count)
        return self._first + max(0, min(place, self._count - 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.background))
        if self._count == 0:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_cells(painter)
        painter.setFont(ui_font(self._theme.small_px))
        painter.setPen(QColor(self._theme.muted))
        beside = QRectF(self._bar().right() + 10.0, 0.0, self._label_width(), self.height())
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
            self.iteration_requested.emit(number)

    def _words(self, number: int) -> str:
        """Iterations count from 1 for people."""
        text = self.tr("iteration %1 of %2")
        return text.replace("%1", str(number - self._first + 1)).replace("%2", str(self._count))

    def _label_width(self) -> float:
        metrics = QFontMetricsF(ui_font(self._theme.small_px))
        return metrics.horizontalAdvance(self._words(self._first + self._count)) + 4.0

    def _bar(self) -> QRectF:
        width = self.width() - 2 * _MARGIN - self._label_width() - 10.0
        return QRectF(_MARGIN, self.height() / 2 - 3.0, max(20.0, width), 7.0)

    def _paint_cells(self, painter: QPainter) -> None:
        bar, theme = self._bar(), self._theme
        cell = bar.width() / self._count
        here = self._current - self._first
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
        painter.drawPolygon([QPointF(middle - 3.5, 0.0), QPointF(middle + 3.5, 0.0), QPointF(middle, 4.0)])
