"""The strip left of the script: line numbers, breakpoints as dots, the current line's arrow, which lines ran."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.guard import painted
from app.models.breakpoint_lines import Dot
from app.theme import Theme, code_font
from app.views.breakpoint_dot import paint_dot

DOT, ARROW = 9.0, 19.0
"""Where the middles of a breakpoint's dot and of the arrow are, in px: beside each other, so that both are seen."""
MARKS = 27
"""Room for both."""
RAN = 9
"""Room right of the numbers, for the bar beside lines that ran."""


@dataclass(frozen=True, slots=True)
class GutterLine:
    """A line on screen: number (1-based), top and height in px."""

    number: int
    top: float
    height: float


class Gutter(QWidget):
    """Shows what is known of each visible line. A line that ran has a thin bar, one that will a dotted bar.

    A breakpoint is a dot: with two lines in it where it has a condition or counts, a diamond where it tells instead of
    stopping, a ring where it is switched off.

    Signals:
        line_clicked(int): number of the line. line_edit_requested(int): the other button was pressed there.
    """

    line_clicked = Signal(int)
    line_edit_requested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines: list[GutterLine] = []
        self._last_number = 1
        self._hovered: int | None = None
        self._current: int | None = None
        self._dots: Mapping[int, Dot] = {}
        self._executed: frozenset[int] = frozenset()
        self._coming: frozenset[int] = frozenset()
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Line numbers and breakpoints"))

    @property
    def breakpoints(self) -> frozenset[int]:
        """Lines with a breakpoint."""
        return frozenset(self._dots)

    def show_lines(self, lines: list[GutterLine], last_number: int) -> None:
        """Takes the lines on screen and the number of the file's last line."""
        self._lines, self._last_number = lines, last_number
        self.update()

    def set_current(self, line: int | None) -> None:
        """Puts the arrow at a line."""
        self._current = line
        self.update()

    def set_breakpoints(self, dots: Mapping[int, Dot]) -> None:
        """Puts dots at these lines."""
        self._dots = dots
        self.update()

    def set_executed(self, lines: frozenset[int], coming: frozenset[int]) -> None:
        """Puts bars beside lines that ran, and dotted ones beside lines that will."""
        if (lines, coming) != (self._executed, self._coming):
            self._executed, self._coming = lines, coming
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's colours and sizes."""
        self._theme = theme
        self.setFont(code_font(theme.small_px))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        figures = max(2, len(str(self._last_number)))
        return QSize(MARKS + self.fontMetrics().horizontalAdvance("0") * figures + RAN + 4, 0)

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(self._theme.surface))
        for line in self._lines:
            if line.number == self._current:
                painter.fillRect(QRectF(0, line.top, self.width(), line.height), QColor(self._theme.current_line))
            self._paint_number(painter, line)
            self._paint_marks(painter, line)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._line_at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        line = self._line_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and line is not None:
            self.line_clicked.emit(line)
        elif event.button() == Qt.MouseButton.RightButton and line is not None:
            self.line_edit_requested.emit(line)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The press has asked for the breakpoint's own dialog; the text's menu is not for here."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The press has said everything; the text behind shall not see a release of its own."""
        event.accept()

    def _line_at(self, point: QPoint) -> int | None:
        return next((line.number for line in self._lines if line.top <= point.y() < line.top + line.height), None)

    def _hover(self, line: int | None) -> None:
        if line == self._hovered:
            return
        self._hovered = line
        self.setToolTip(self._words(line) if line is not None else "")
        self.update()

    def _words(self, line: int) -> str:
        if line in self._dots:
            return self.tr("Click to remove the breakpoint, right-click to change it")
        return self.tr("Click to stop at this line, right-click for a condition")

    def _paint_number(self, painter: QPainter, line: GutterLine) -> None:
        painter.setFont(self.font())
        painter.setPen(QColor(self._theme.text if line.number == self._current else self._theme.muted))
        place = QRectF(MARKS, line.top, self.width() - MARKS - RAN, line.height)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(line.number))

    def _paint_marks(self, painter: QPainter, line: GutterLine) -> None:
        theme, middle = self._theme, line.top + line.height / 2
        painter.setPen(Qt.PenStyle.NoPen)
        if line.number in self._executed:
            painter.setBrush(QColor(theme.forward))
            painter.drawRect(QRectF(self.width() - 5.5, line.top, 2.5, line.height))
        elif line.number in self._coming:
            painter.setBrush(QColor(theme.forward))
            for part in range(3):
                painter.drawRect(QRectF(self.width() - 5.0, line.top + (part + 0.3) * line.height / 3, 1.5, 2.0))
        middle_of_dot = QPointF(DOT, middle)
        colour, ground = QColor(theme.breakpoint), QColor(theme.surface)
        if line.number in self._dots:
            paint_dot(painter, middle_of_dot, self._dots[line.number], colour, ground)
        elif line.number == self._hovered:
            paint_dot(painter, middle_of_dot, "off", colour, ground)
        if line.number == self._current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.current))
            painter.drawPolygon(
                [QPointF(ARROW - 5.0, middle - 6.0), QPointF(ARROW + 5.0, middle), QPointF(ARROW - 5.0, middle + 6.0)]
            )
