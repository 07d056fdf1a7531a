"""The timeline panel: the steps of one iteration as marks on a line, and above it all iterations as a strip."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.guard import painted
from app.models.timeline_steps import Mark, TimelineStep, marks, runs
from app.theme import Theme, ui_font
from app.views.brackets import paint_brackets
from app.views.focus import paint_frame
from app.views.iteration_strip import FRAME_MS, IterationStrip
from app.views.phase_marks import phase_colour, phase_shape

_MARGIN = 22.0
_LEAST_GAP = 7.0
"""Marks closer than this, in px, are put together."""
_LARGEST_MARK, _LEAST_MARK, _AROUND_PX = 14.0, 5.0, 4.0
_WIDEST_GAP = 64.0
_FAINT = 0.32
_FEWEST_STEPS = 6
_ZOOM = 1.5


class Timeline(QWidget):
    """Shows the steps of an iteration and where we are.

    Squares are forward, triangles that point left backward, diamonds the update; what is still to come is a faint
    outline, dashed for backward. The handle stands at the step that was revealed last, before the first at the start.
    The wheel, or + and -, zooms into the steps; 0 shows all of them.

    Signals:
        place_requested(count): a click, a drag, or an arrow key wants so many steps revealed; while dragging, the
        latest one a frame.
        iteration_requested(number): an iteration of the strip was chosen.
    """

    place_requested = Signal(int)
    iteration_requested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._steps: tuple[TimelineStep, ...] = ()
        self._revealed = 0
        self._runs: list[Mark] = []
        self._pointed = frozenset[int]()
        self._marks: list[Mark] = []
        self._begins: list[int] = []
        self._zoomed: tuple[int, int] | None = None
        self._hovered: int | None = None
        self._asked: int | None = None
        self._told: int | None = None
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(FRAME_MS)
        self.strip = IterationStrip(theme, self)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Steps of the current iteration"))
        self.strip.iteration_requested.connect(self.iteration_requested)
        self._frame.timeout.connect(self._tell)

    @property
    def steps(self) -> tuple[TimelineStep, ...]:
        """The steps that are shown."""
        return self._steps

    @property
    def revealed(self) -> int:
        """How many steps are revealed."""
        return self._revealed

    def set_steps(self, steps: Sequence[TimelineStep]) -> None:
        """Shows an iteration's steps in order."""
        if tuple(steps) == self._steps:
            return
        self._steps = tuple(steps)
        self._runs = runs(self._steps)
        self._revealed = min(self._revealed, len(self._steps))
        if self._zoomed is not None and self._zoomed[1] > len(self._steps):
            self._zoomed = None
        self._place_marks()

    def set_revealed(self, count: int) -> None:
        """Moves the handle to the step that was revealed last; 0 is before the first."""
        count = max(0, min(count, len(self._steps)))
        # What was dragged to since is asked for when the frame is over.
        if count == self._asked or not self._frame.isActive():
            self._asked = None
        if count != self._revealed:
            self._revealed = count
            self._follow(count)
            self.setAccessibleDescription(self._words(count))
            self.update()

    def set_pointed(self, steps: frozenset[int]) -> None:
        """Draws corners around these steps, counted from 0."""
        if steps != self._pointed:
            self._pointed = steps
            self.update()

    def set_iterations(self, first: int, count: int, current: int) -> None:
        """Shows `count` iterations from number `first` in the strip; a single one needs none."""
        had = self.strip.isVisibleTo(self)
        self.strip.set_iterations(first, count, current)
        self.strip.setVisible(count > 1)
        if had != (count > 1):
            self.updateGeometry()
            self._place_marks()

    def set_losses(self, iterations: NDArray[np.int64], losses: NDArray[np.float64]) -> None:
        """Draws the loss above the iterations; two arrays of the same length."""
        height = self.strip.sizeHint().height()
        self.strip.set_losses(iterations, losses)
        if self.strip.sizeHint().height() != height:
            self.updateGeometry()
            self.strip.setGeometry(0, 0, self.width(), self.strip.sizeHint().height())
            self._place_marks()

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme
        self.strip.set_theme(theme)
        self.updateGeometry()
        self._place_marks()

    def sizeHint(self) -> QSize:
        return QSize(420, self._strip_height() + round(self._theme.small_px * 3.2) + 34)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def count_at(self, x: float) -> int:
        """How many steps are revealed with the handle at a place on the line, in px; 0 left of the first mark."""
        place = (x - self._x_of_first()) / self._gap()
        i = min(round(place), len(self._marks) - 1)
        if i < 0:
            return self.window_of_steps[0]
        mark = self._marks[i]
        inside = place - i + 0.5
        return min(mark.end, mark.begin + 1 + int(inside * (mark.end - mark.begin)))

    def x_of(self, count: int) -> float:
        """Where the handle is with so many steps revealed, in px."""
        if count <= self.window_of_steps[0]:
            return self._x_of_first() - min(self._gap(), _LARGEST_MARK * 2)
        return self._x_of_first() + (bisect_right(self._begins, count - 1) - 1) * self._gap()

    @property
    def window_of_steps(self) -> tuple[int, int]:
        """Steps begin <= i < end that are on the line: all of them, or those that one has zoomed to."""
        return self._zoomed or (0, len(self._steps))

    def zoom(self, factor: float, count: int) -> None:
        """Shows `factor` times as many steps, with step `count` where it was; all of them at most."""
        begin, end = self.window_of_steps
        size = round((end - begin) * factor)
        if size >= len(self._steps):
            self._show_window(None)
            return
        size = max(size, min(_FEWEST_STEPS, end - begin))
        place = (count - begin) / max(end - begin, 1)
        begin = min(max(0, round(count - place * size)), len(self._steps) - size)
        self._show_window((begin, begin + size))

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.background))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            paint_frame(painter, QRectF(self.rect()).adjusted(0, self._strip_height(), 0, 0), self._theme)
        if not self._steps:
            painter.setPen(QColor(self._theme.muted))
            painter.setFont(ui_font(self._theme.small_px))
            area = self.rect().adjusted(0, self._strip_height(), 0, 0)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.tr("No steps yet."))
            return
        self._paint_line(painter)
        self._paint_labels(painter)
        for i, mark in enumerate(self._marks):
            self._paint_mark(painter, mark, self._x_of_first() + i * self._gap())
        self._paint_handle(painter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.strip.setGeometry(0, 0, self.width(), self.strip.sizeHint().height())
        self._place_marks()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._ask_for(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._ask_for(event.position().x())
            return
        count = self.count_at(event.position().x()) if self._steps else None
        if count != self._hovered:
            self._hovered = count
            self.update()
            if count is not None:
                QToolTip.showText(event.globalPosition().toPoint(), self._words(count), self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zooms around the pointer; with Shift, or sideways, it moves along."""
        turned = event.angleDelta()
        along = turned.x() or (turned.y() if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0)
        begin, end = self.window_of_steps
        if along and self._zoomed is not None:
            by = round(-along / 120 * max(1, (end - begin) / 8))
            begin = min(max(0, begin + by), len(self._steps) - (end - begin))
            self._show_window((begin, begin + self._zoomed[1] - self._zoomed[0]))
        elif turned.y() and not along and self._steps:
            self.zoom(_ZOOM ** (-turned.y() / 120), self.count_at(event.position().x()))
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = None
        self.update()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = {Qt.Key.Key_Left: self._revealed - 1, Qt.Key.Key_Right: self._revealed + 1,
                Qt.Key.Key_Home: 0, Qt.Key.Key_End: len(self._steps)}  # fmt: skip
        zooms = {Qt.Key.Key_Plus: 1 / _ZOOM, Qt.Key.Key_Equal: 1 / _ZOOM, Qt.Key.Key_Minus: _ZOOM}
        if event.key() in zooms or event.key() == Qt.Key.Key_0:
            self.zoom(zooms.get(Qt.Key(event.key()), float(len(self._steps))), self._revealed)
            return
        count = keys.get(Qt.Key(event.key()))
        if count is None or event.modifiers():
            super().keyPressEvent(event)
        elif 0 <= count <= len(self._steps) and count != self._revealed:
            self.place_requested.emit(count)

    def _ask_for(self, x: float) -> None:
        """A drag asks once a frame, also while the answer is still under way, and the handle goes ahead."""
        count = self.count_at(x) if self._steps else None
        if count is not None and count != (self._revealed if self._asked is None else self._asked):
            self._asked = count
            self.update()
            if not self._frame.isActive():
                self._frame.start()
                self._told = count
                self.place_requested.emit(count)

    def _tell(self) -> None:
        """The frame is over: what was dragged to since is wanted now."""
        if self._asked is not None and self._asked != self._told:
            self._told = self._asked
            self._frame.start()
            self.place_requested.emit(self._asked)

    def _words(self, count: int) -> str:
        if count == 0 or count > len(self._steps):
            return self.tr("before the first step")
        one = self._steps[count - 1]
        place = self.tr("step %1 of %2").replace("%1", str(count)).replace("%2", str(len(self._steps)))
        return "\n".join(part for part in (one.symbol, one.text, place) if part)

    def _place_marks(self) -> None:
        room = self.width() - 2 * _MARGIN
        begin, end = self.window_of_steps
        found = marks(self._steps[begin:end], max(4, int(room / _LEAST_GAP) - 4))
        self._marks = [Mark(one.begin + begin, one.end + begin, one.phase) for one in found]
        self._begins = [mark.begin for mark in self._marks]
        self.update()

    def _show_window(self, window: tuple[int, int] | None) -> None:
        if window != self._zoomed:
            self._zoomed = window
            self._place_marks()

    def _follow(self, count: int) -> None:
        """Where one has zoomed in, the line goes along with the handle."""
        if self._zoomed is None or self._zoomed[0] < count <= self._zoomed[1]:
            return
        size = self._zoomed[1] - self._zoomed[0]
        begin = min(max(0, count - size // 2), len(self._steps) - size)
        self._show_window((begin, begin + size))

    def _strip_height(self) -> int:
        return self.strip.sizeHint().height() if self.strip.isVisibleTo(self) else 0

    def _x_of_first(self) -> float:
        """The place before the first mark belongs to the line, too."""
        return _MARGIN + min(self._gap(), _LARGEST_MARK * 2)

    def _gap(self) -> float:
        room = self.width() - 2 * _MARGIN - _LARGEST_MARK * 2
        return max(1.0, min(_WIDEST_GAP, room / max(1, len(self._marks) - 1)))

    def _line_y(self) -> float:
        return self.height() - self._theme.small_px - 25.0

    def _mark_size(self) -> float:
        return max(_LEAST_MARK, min(_LARGEST_MARK * self._theme.line_scale, self._gap() * 0.62))

    def _paint_line(self, painter: QPainter) -> None:
        y, here, start = self._line_y(), self.x_of(self._revealed), self.x_of(0)
        painter.setPen(QPen(QColor(self._theme.border), 2.0))
        painter.drawLine(QPointF(start, y), QPointF(self.x_of(len(self._steps)), y))
        painter.setPen(QPen(QColor(self._theme.edge), 2.0))
        painter.drawLine(QPointF(start, y), QPointF(here, y))
        if self._zoomed is not None:
            # Steps before and after those that are shown.
            painter.setPen(QPen(QColor(self._theme.muted), 2.0, Qt.PenStyle.DotLine))
            if self._zoomed[0] > 0:
                painter.drawLine(QPointF(2.0, y), QPointF(start, y))
            if self._zoomed[1] < len(self._steps):
                painter.drawLine(QPointF(self.x_of(len(self._steps)), y), QPointF(self.width() - 2.0, y))

    def _paint_labels(self, painter: QPainter) -> None:
        words = {"forward": self.tr("forward →"), "backward": self.tr("← backward"), "update": self.tr("update")}
        font = ui_font(self._theme.small_px)
        painter.setFont(font)
        metrics, free_from = QFontMetricsF(font), 0.0
        begin, end = self.window_of_steps
        for run in self._runs:
            if run.end <= begin or run.begin >= end:
                continue
            x = self.x_of(max(run.begin, begin) + 1) - self._mark_size() / 2
            text = words[run.phase]
            if x < free_from:
                continue
            painter.setPen(phase_colour(run.phase, self._theme))
            painter.drawText(QPointF(x, self._line_y() - 18.0), text)
            free_from = x + metrics.horizontalAdvance(text) + 8.0

    def _paint_mark(self, painter: QPainter, mark: Mark, x: float) -> None:
        colour, size = phase_colour(mark.phase, self._theme), self._mark_size()
        shape = phase_shape(mark.phase, QPointF(x, self._line_y()), size)
        painter.setBrush(QColor(self._theme.background))
        if mark.end <= self._revealed:
            painter.setBrush(colour)
        elif mark.begin >= self._revealed:
            colour.setAlphaF(_FAINT if self._theme.dark else 0.55)
        pen = QPen(colour, 1.4 * self._theme.line_scale)
        if mark.phase == "backward" and mark.end > self._revealed and size > 9.0:
            pen.setDashPattern([2.2, 1.6])
        painter.setPen(pen)
        if self._hovered is not None and mark.begin < self._hovered <= mark.end:
            painter.setPen(QPen(QColor(self._theme.text), 1.6))
        painter.drawPath(shape)
        if not self._pointed.isdisjoint(range(mark.begin, mark.end)):
            reach = size / 2 + _AROUND_PX
            paint_brackets(painter, QRectF(x - reach, self._line_y() - reach, 2 * reach, 2 * reach), self._theme)

    def _paint_handle(self, painter: QPainter) -> None:
        """Above and below the mark of the step that was revealed last; a whole line before the first."""
        count = self._revealed if self._asked is None else self._asked
        x, y, theme = self.x_of(count), self._line_y(), self._theme
        is_start = count == 0
        gap = 0.0 if is_start else self._mark_size() / 2 + 2.5
        parts = [(y - 14.0, y - gap), (y + gap, y + 14.0)]
        for colour, width in ((theme.current_halo, 6.0), (theme.current, 2.0 * theme.line_scale)):
            if theme.dark and width > 5.0:
                continue
            painter.setPen(QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            for top, bottom in parts:
                painter.drawLine(QPointF(x, top), QPointF(x, bottom))
        if is_start:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.current))
            painter.drawRoundedRect(QRectF(x - 4.0, y + 10.0, 8.0, 6.0), 2.0, 2.0)
        else:
            self._paint_symbol(painter, self._steps[count - 1], x, y)

    def _paint_symbol(self, painter: QPainter, step: TimelineStep, x: float, y: float) -> None:
        """The current step's symbol in a small flag under the line."""
        font = ui_font(self._theme.small_px, bold=True)
        width = QFontMetricsF(font).horizontalAdvance(step.symbol) + 12.0
        height = self._theme.small_px + 6.0
        left = min(max(2.0, x - width / 2), self.width() - width - 2.0)
        flag = QRectF(left, y + 15.0, width, height)
        painter.setPen(QPen(QColor(self._theme.current), 1.0))
        painter.setBrush(QColor(self._theme.raised))
        painter.drawRoundedRect(flag, 4.0, 4.0)
        painter.setFont(font)
        painter.setPen(phase_colour(step.phase, self._theme))
        painter.drawText(flag, Qt.AlignmentFlag.AlignCenter, step.symbol)
