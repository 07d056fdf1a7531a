"""The line of figures under a tensor."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.theme import Theme, code_font, ui_font
from engine.analysis.explain.numbers import format_number
from engine.values import Statistics

_DIGITS = 5
_COLUMNS = 4
_UNKNOWN = "–"


class StatisticsLine(QWidget):
    """Shows min, max, mean, std, norm, the share of zeros, and how many NaN and infinite elements there are."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        names = (
            self.tr("min"), self.tr("max"), self.tr("mean"), self.tr("std"),
            self.tr("norm"), self.tr("zeros"), self.tr("NaN"), self.tr("inf"),
        )  # fmt: skip
        self._names = [QLabel(name) for name in names]
        self._figures = [QLabel(_UNKNOWN) for _ in names]
        grid = QGridLayout(self)
        grid.setContentsMargins(10, 4, 10, 8)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(2)
        for place, (name, figure) in enumerate(zip(self._names, self._figures, strict=True)):
            row, column = divmod(place, _COLUMNS)
            grid.addWidget(name, row, 2 * column)
            grid.addWidget(figure, row, 2 * column + 1)
            grid.setColumnStretch(2 * column + 1, 1)
            figure.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            figure.setAccessibleName(name.text())
        self.set_theme(theme)

    def set_statistics(self, statistics: Statistics | None) -> None:
        """Shows these figures; dashes if they are not known."""
        alarming = statistics is not None and (statistics.nans > 0, statistics.infs > 0)
        for figure, text in zip(self._figures, _texts(statistics), strict=True):
            figure.setText(text)
        for figure, alarm in zip(self._figures[-2:], alarming or (False, False), strict=True):
            colour = self._theme.not_finite if alarm else self._theme.text
            figure.setStyleSheet(f"color: {colour};" + (" font-weight: bold;" if alarm else ""))

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme
        for name, figure in zip(self._names, self._figures, strict=True):
            name.setFont(ui_font(theme.small_px))
            name.setStyleSheet(f"color: {theme.muted};")
            figure.setFont(code_font(theme.small_px))
            figure.setStyleSheet(f"color: {theme.text};")


def _texts(statistics: Statistics | None) -> list[str]:
    if statistics is None:
        return [_UNKNOWN] * 8
    measures = (statistics.min, statistics.max, statistics.mean, statistics.std, statistics.norm)
    share = f"{format_number(100 * statistics.zeros, 3)} %"
    texts = [format_number(measure, _DIGITS) for measure in measures]
    return [*texts, share, str(statistics.nans), str(statistics.infs)]
