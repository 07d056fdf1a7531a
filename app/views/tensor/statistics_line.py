"""The line of figures under a tensor."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QWidget

from app.elided_label import ElidedLabel
from app.theme import Theme, code_font, ui_font
from engine.analysis.notation.numbers import format_number
from engine.values import Statistics

_DIGITS = 4
_LONGEST_FIGURE = "−1.234×10⁻¹⁰"
_MARGIN = 10
_UNKNOWN = "–"
_FOUND = {0: "min", 1: "max", 6: "not finite", 7: "not finite"}
"""Which of the figures are somewhere in the tensor."""


class StatisticsLine(QWidget):
    """Shows min, max, mean, std, norm, the share of zeros, and how many NaN and infinite elements there are.

    Signals:
        find_wanted(what): the user wants to see where it is: "max", "min" or "not finite".
    """

    find_wanted = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        names = (
            self.tr("min"), self.tr("max"), self.tr("mean"), self.tr("std"),
            self.tr("norm"), self.tr("zeros"), self.tr("NaN"), self.tr("inf"),
        )  # fmt: skip
        self._names: list[QLabel | QToolButton] = [
            self._button(name, _FOUND[place]) if place in _FOUND else QLabel(name) for place, name in enumerate(names)
        ]
        self._figures = [ElidedLabel() for _ in names]
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(_MARGIN, 4, _MARGIN, 8)
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(2)
        for name, figure in zip(self._names, self._figures, strict=True):
            figure.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            figure.setAccessibleName(name.text())
            figure.setText(_UNKNOWN)
        self.set_theme(theme)

    def set_statistics(self, statistics: Statistics | None) -> None:
        """Shows these figures; dashes if they are not known."""
        alarming = statistics is not None and (statistics.nans > 0, statistics.infs > 0)
        for figure, text in zip(self._figures, _texts(statistics), strict=True):
            figure.setText(text)
        for figure, alarm in zip(self._figures[-2:], alarming or (False, False), strict=True):
            colour = self._theme.not_finite if alarm else self._theme.text
            figure.setStyleSheet(f"color: {colour};" + (" font-weight: bold;" if alarm else ""))

    def minimumSizeHint(self) -> QSize:
        return QSize(2 * self._pair_width() + 2 * _MARGIN, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme
        for name, figure in zip(self._names, self._figures, strict=True):
            name.setFont(ui_font(theme.small_px))
            name.setStyleSheet(f"color: {theme.muted}; padding: 0; border-radius: 3px;")
            figure.setFont(code_font(theme.small_px))
            figure.setStyleSheet(f"color: {theme.text};")
        self._arrange()

    def _button(self, name: str, what: str) -> QToolButton:
        """A name that leads to the element."""
        tips = {
            "min": self.tr("Go to the smallest number"),
            "max": self.tr("Go to the largest number"),
            "not finite": self.tr("Go to the first NaN or infinity"),
        }
        button = QToolButton()
        button.setText(name)
        button.setToolTip(tips[what])
        button.setAccessibleName(tips[what])
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.clicked.connect(lambda: self.find_wanted.emit(what))
        return button

    def _pair_width(self) -> int:
        """Room for a name and the longest figure, in px."""
        figure = QFontMetrics(code_font(self._theme.small_px)).horizontalAdvance(_LONGEST_FIGURE)
        return figure + max(name.sizeHint().width() for name in self._names) + 12

    def _arrange(self) -> None:
        """Two rows of four where there is room, else four rows of two."""
        columns = 4 if self.width() - 2 * _MARGIN >= 4 * self._pair_width() else 2
        if columns == self._columns:
            return
        self._columns = columns
        for column in range(8):
            self._grid.setColumnStretch(column, int(column < 2 * columns and column % 2 == 1))
        for place, (name, figure) in enumerate(zip(self._names, self._figures, strict=True)):
            # Down first, so that neighbours in meaning stand below each other.
            column, row = divmod(place, 8 // columns)
            self._grid.addWidget(name, row, 2 * column, Qt.AlignmentFlag.AlignLeft)
            self._grid.addWidget(figure, row, 2 * column + 1)


def _texts(statistics: Statistics | None) -> list[str]:
    if statistics is None:
        return [_UNKNOWN] * 8
    measures = (statistics.min, statistics.max, statistics.mean, statistics.std, statistics.norm)
    share = f"{format_number(100 * statistics.zeros, 3)} %"
    texts = [_UNKNOWN if math.isnan(measure) else format_number(measure, _DIGITS) for measure in measures]
    return [*texts, share, str(statistics.nans), str(statistics.infs)]
