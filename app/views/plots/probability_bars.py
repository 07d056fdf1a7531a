"""Probabilities as bars: what the right class got on average, class by class, and one sample's in full."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.guard import painted
from app.plots.series import line_style
from app.theme import Theme, code_font, ui_font
from engine.analysis.moved.answers import Answers
from engine.analysis.notation.numbers import format_number

_MOST_CLASSES = 20
_MOST_TICKS = 300
_DIGITS = 3
_MARGIN = 10.0


class ProbabilityBars(QWidget):
    """Shows, for each class, the mean probability that its samples got for it, a tick a sample, and how many are right.

    Below, all probabilities of one sample; its right class has an outline and a sign: ✓ it is the largest, ✗ it is not.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._answers: Answers | None = None
        self._sample = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Probabilities"))

    def set_answers(self, answers: Answers | None, sample: int) -> None:
        """Shows these answers, and in full those of one sample."""
        self._answers, self._sample = answers, sample
        self.setAccessibleDescription("\n".join(self.lines()))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Repaints in another theme's colours."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 220)

    def lines(self) -> list[str]:
        """What the bars say, a line each, for who cannot see them."""
        found = self._answers
        if found is None:
            return []
        lines = []
        for number, mean, share, count in self._classes(found):
            text = self.tr("class %1: %2 on average, %3 % of %4 right")
            text = text.replace("%1", str(number)).replace("%2", format_number(mean, _DIGITS))
            lines.append(text.replace("%3", format_number(100 * share, _DIGITS)).replace("%4", str(count)))
        return lines

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(self._theme.background))
        found = self._answers
        if found is None:
            return
        classes = min(found.classes, _MOST_CLASSES)
        rows = 2 * classes + 2
        height = min((self.height() - 2 * _MARGIN) / rows, 2.2 * self._theme.small_px)
        y = _MARGIN
        self._title(painter, y, height, self.tr("what the right class got, by class"))
        chances = found.given_to_target()
        for number, mean, share, count in self._classes(found)[:classes]:
            y += height
            text = f"{format_number(mean, _DIGITS)}   {format_number(100 * share, _DIGITS)} % / {count}"
            room = self._bar(painter, y, height, number, mean, text, marked=False)
            self._ticks(painter, room, chances[found.targets == number])
        y += height
        sample = min(self._sample, len(found.targets) - 1)
        title = self.tr("sample %1, right is class %2")
        title = title.replace("%1", str(sample)).replace("%2", str(found.targets[sample]))
        self._title(painter, y, height, title)
        for number in range(classes):
            y += height
            is_target = number == found.targets[sample]
            sign = ("✓ " if found.right[sample] else "✗ ") if is_target else ""
            chance = float(found.probabilities[sample, number])
            self._bar(painter, y, height, number, chance, f"{sign}{format_number(chance, _DIGITS)}", marked=is_target)

    def _classes(self, found: Answers) -> list[tuple[int, float, float, int]]:
        """Of each class that has samples: number, mean probability, share that is right, samples."""
        chances = found.given_to_target()
        rows = []
        for number in range(found.classes):
            own = found.targets == number
            if own.any():
                rows.append((number, float(chances[own].mean()), float(found.right[own].mean()), int(own.sum())))
        return rows

    def _title(self, painter: QPainter, y: float, height: float, text: str) -> None:
        painter.setFont(ui_font(self._theme.small_px))
        painter.setPen(QColor(self._theme.muted))
        area = QRectF(_MARGIN, y, self.width() - 2 * _MARGIN, height)
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _bar(
        self, painter: QPainter, y: float, height: float, number: int, share: float, text: str, *, marked: bool
    ) -> QRectF:
        """A labelled bar; returns the room of a full one."""
        painter.setFont(code_font(self._theme.small_px))
        metrics = painter.fontMetrics()
        left = _MARGIN + metrics.horizontalAdvance("00 ")
        right = metrics.horizontalAdvance("0.000   100 % / 0000") + _MARGIN
        room = QRectF(left, y + 2.0, max(10.0, self.width() - left - right), height - 4.0)
        style = line_style(number, self._theme)
        painter.setPen(Qt.PenStyle.NoPen)
        ground = QColor(self._theme.border)
        ground.setAlphaF(0.5)
        painter.setBrush(ground)
        painter.drawRect(room)
        painter.setBrush(QColor(style.colour))
        painter.drawRect(QRectF(room.left(), room.top(), room.width() * min(max(share, 0.0), 1.0), room.height()))
        if marked:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._theme.text), 2.0))
            painter.drawRect(room)
        painter.setPen(QColor(self._theme.text))
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(_MARGIN, y, left, height), align, str(number))
        painter.drawText(QRectF(room.right() + 6.0, y, right, height), align, text)
        return room

    def _ticks(self, painter: QPainter, room: QRectF, chances: np.ndarray) -> None:
        """A stroke a sample, so that a mean of halves is told from halves that agree."""
        painter.setPen(QPen(QColor(self._theme.text), 1.0))
        for chance in chances[:_MOST_TICKS]:
            x = room.left() + room.width() * float(chance)
            painter.drawLine(int(x), int(room.top()), int(x), int(room.top() + room.height() * 0.45))
