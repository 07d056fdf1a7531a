"""The timeline panel: the steps of one iteration as marks on a line, and above it all iterations as a strip."""

from __future__ import annotations

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
from app.models.step_line import LARGEST_MARK, StepLine
from app.models.timeline_steps import Mark, TimelineStep, runs
from app.theme import Theme, ui_font
from app.views.brackets import paint_brackets
from app.views.focus import paint_frame
from app.views.iteration_strip import FRAME_MS, IterationStrip
from app.views.phase_marks import phase_colour, phase_shape

_LEAST_MARK, _AROUND_PX = 5.0, 4.0
_FAINT = 0.32
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
        self.line = StepLine()
        self._revealed = 0
        self._runs: list[Mark] = []
        self._pointed = frozenset[int]()
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
        return self.line.steps

    @property
    def revealed(self) -> int:
        """How many steps are revealed."""
        return self._revealed

    def set_steps(self, steps: Sequence[TimelineStep]) -> None:
        """Shows an iteration's steps in order."""
        if tuple(steps) == self.steps:
            return
        self.line.set_steps(tuple(steps))
        self._runs = runs(self.steps)
        self._revealed = min(self._revealed, len(self.steps))
        self.update()

    def set_revealed(self, count: int) -> None:
        """Moves the handle to the step that was revealed last; 0 is before the first."""
        count = max(0, min(count, len(self.steps)))
        # What was dragged to since is asked for when the frame is over.
        if count == self._asked or not self._frame.isActive():
            self._asked = None
        if count != self._revealed:
            self._revealed = count
            self.line.follow(count)
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
            self.update()

    def set_losses(self, iterations: NDArray[np.int64], losses: NDArray[np.float64]) -> None:
        """Draws the loss above the iterations; two arrays of the same length."""
        height = self.strip.sizeHint().height()
        self.strip.set_losses(iterations, losses)
        if self.strip.sizeHint().height() != height:
            self.updateGeometry()
            self.strip.setGeometry(0, 0, self.width(), self.strip.sizeHint().height())
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme
        self.strip.set_theme(theme)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(420, self._strip_height() + round(self._theme.small_px * 3.2) + 34)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.background))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            paint_frame(painter, QRectF(self.rect()).adjusted(0, self._strip_height(), 0, 0), self._theme)
        if not self.steps:
            painter.setPen(QColor(self._theme.muted))
            painter.setFont(ui_font(self._theme.small_px))
            area = self.rect().adjusted(0, self._strip_height(), 0, 0)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.tr("No steps yet."))
            return
        self._paint_line(painter)
        self._paint_labels(painter)
        for i, mark in enumerate(self.line.marks):
            self._paint_mark(painter, mark, self.line.first_x + i * self.line.gap)
        self._paint_handle(painter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.strip.setGeometry(0, 0, self.width(), self.strip.sizeHint().height())
        self.line.set_width(self.width())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._ask_for(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._ask_for(event.position().x())
            return
        count = self.line.count_at(event.position().x()) if self.steps else None
        if count != self._hovered:
            self._hovered = count
            self.update()
            if count is not None:
                QToolTip.showText(event.globalPosition().toPoint(), self._words(count), self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zooms around the pointer; with Shift, or sideways, it moves along."""
        turned = event.angleDelta()
        along = turned.x() or (turned.y() if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0)
        begin, end = self.line.window
        if along:
            self.line.move(round(-along / 120 * max(1, (end - begin) / 8)))
        elif turned.y() and self.steps:
            self.line.zoom(_ZOOM ** (-turned.y() / 120), self.line.count_at(event.position().x()))
        self.update()
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = None
        self.update()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = {Qt.Key.Key_Left: self._revealed - 1, Qt.Key.Key_Right: self._revealed + 1,
                Qt.Key.Key_Home: 0, Qt.Key.Key_End: len(self.steps)}  # fmt: skip
        zooms = {Qt.Key.Key_Plus: 1 / _ZOOM, Qt.Key.Key_Equal: 1 / _ZOOM, Qt.Key.Key_Minus: _ZOOM}
        if event.key() in zooms or event.key() == Qt.Key.Key_0:
            self.line.zoom(zooms.get(Qt.Key(event.key()), float(len(self.steps))), self._revealed)
            self.update()
            return
        count = keys.get(Qt.Key(event.key()))
        if count is None or event.modifiers():
            super().keyPressEvent(event)
        elif 0 <= count <= len(self.steps) and count != self._revealed:
            self.place_requested.emit(count)

    def _ask_for(self, x: float) -> None:
        """A drag asks once a frame, also while the answer is still under way, and the handle goes ahead."""
        count = self.line.count_at(x) if self.steps else None
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
        if count == 0 or count > len(self.steps):
            return self.tr("before the first step")
        one = self.steps[count - 1]
        place = self.tr("step %1 of %2").replace("%1", str(count)).replace("%2", str(len(self.steps)))
        return f"{one.symbol}\n{place}"

    def _strip_height(self) -> int:
        return self.strip.sizeHint().height() if self.strip.isVisibleTo(self) else 0

    def _line_y(self) -> float:
        return self.height() - self._theme.small_px - 25.0

    def _mark_size(self) -> float:
        return max(_LEAST_MARK, min(LARGEST_MARK * self._theme.line_scale, self.line.gap * 0.62))

    def _paint_line(self, painter: QPainter) -> None:
        y, here, start = self._line_y(), self.line.x_of(self._revealed), self.line.x_of(0)
        painter.setPen(QPen(QColor(self._theme.border), 2.0))
        painter.drawLine(QPointF(start, y), QPointF(self.line.x_of(len(self.steps)), y))
        painter.setPen(QPen(QColor(self._theme.edge), 2.0))
        painter.drawLine(QPointF(start, y), QPointF(here, y))
        if self.line.zoomed is not None:
            # Steps before and after those that are shown.
            painter.setPen(QPen(QColor(self._theme.muted), 2.0, Qt.PenStyle.DotLine))
            if self.line.zoomed[0] > 0:
                painter.drawLine(QPointF(2.0, y), QPointF(start, y))
            if self.line.zoomed[1] < len(self.steps):
                painter.drawLine(QPointF(self.line.x_of(len(self.steps)), y), QPointF(self.width() - 2.0, y))

    def _paint_labels(self, painter: QPainter) -> None:
        words = {"forward": self.tr("forward →"), "backward": self.tr("← backward"), "update": self.tr("update")}
        font = ui_font(self._theme.small_px)
        painter.setFont(font)
        metrics, free_from = QFontMetricsF(font), 0.0
        begin, end = self.line.window
        for run in self._runs:
            if run.end <= begin or run.begin >= end:
                continue
            x = self.line.x_of(max(run.begin, begin) + 1) - self._mark_size() / 2
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
        x, y, theme = self.line.x_of(count), self._line_y(), self._theme
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
            self._paint_symbol(painter, self.steps[count - 1], x, y)

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
