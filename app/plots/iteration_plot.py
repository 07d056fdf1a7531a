"""Curves over iterations: legend, logarithmic axis, the current iteration, a click to go there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from app.elided_label import ElidedLabel
from app.plots.legend import Legend
from app.plots.series import Series, line_style
from app.theme import Theme, ui_font
from engine.analysis.notation.numbers import format_number

if TYPE_CHECKING:
    from app.plots.curves_drawing import CurvesDrawing

_LOG_FROM_DECADES = 3.0
_READ_DIGITS = 6
_MOST_EPOCHS = 12
"""More lines than this would hide the curves."""


class IterationPlot(QWidget):
    """Shows curves over the iterations, with a ring at the current one on each.

    With the keyboard: the arrows look at one iteration after the other, Enter goes there.

    Ranges of more than three decades get a logarithmic axis unless the user chose otherwise. Only what can be seen is
    drawn: pyqtgraph takes long to load, its plots to make, and each change to draw.

    Signals:
        iteration_requested(number): the user clicked nearest to this iteration, or chose it.
    """

    iteration_requested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._series: tuple[Series, ...] = ()
        self._guides: tuple[tuple[float, str], ...] = ()
        self._current: int | None = None
        self._every = 1
        self._wants_log: bool | None = None
        self._epoch: int | None = None
        self._is_pointed = False
        self._drawing: CurvesDrawing | None = None
        self._readout = ElidedLabel()
        self._readout.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.log = QToolButton()
        self.log.setText(self.tr("log"))
        self.log.setCheckable(True)
        self.log.setAccessibleName(self.tr("Logarithmic axis"))
        self.log.setToolTip(self.tr("Logarithmic axis"))
        self.head = QHBoxLayout()
        self.head.setContentsMargins(10, 2, 8, 0)
        self.head.addWidget(self._readout, 1)
        self.head.addWidget(self.log)
        self.legend = Legend(theme)
        self._nothing = QLabel(self.tr("Nothing to draw yet."))
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setWordWrap(True)
        self._nothing.setContentsMargins(12, 0, 12, 0)
        self._drawn = QWidget()
        self._column = QVBoxLayout(self._drawn)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addLayout(self.head)
        self._column.addWidget(self.legend)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(self._drawn)
        self._show_theme()
        self.legend.hidden_changed.connect(self._draw)
        self.log.clicked.connect(self._on_log_clicked)

    @property
    def plot(self) -> CurvesDrawing:
        """Where the curves are drawn; made when it is first needed."""
        if self._drawing is None:
            from app.plots.browsing import Browsing
            from app.plots.curves_drawing import CurvesDrawing

            self._drawing = plot = CurvesDrawing(self)
            plot.setAccessibleName(self.accessibleName())
            plot.set_theme(self._theme, self.tr("iteration"), "", self._theme.loss)
            self._column.addWidget(plot, 1)
            plot.show()  # a layout would only do so in the next turn
            plot.clicked_at.connect(self._on_clicked)
            plot.hovered_at.connect(self._on_hovered)
            browsing = Browsing(plot, self._drawn_iterations, lambda: self._current)
            browsing.looked_at.connect(self._on_looked_at)
            browsing.chosen.connect(self.iteration_requested)
        return self._drawing

    @property
    def series(self) -> tuple[Series, ...]:
        """The curves, whether they are drawn or hidden."""
        return self._series

    @property
    def drawn(self) -> tuple[Series, ...]:
        """Those that the user did not hide."""
        return tuple(one for one in self._series if one.name not in self.legend.hidden)

    @property
    def readout(self) -> str:
        """What is told of the iteration under the pointer, else of the current one."""
        return self._readout.text()

    def set_series(self, series: Sequence[Series], every: int = 1) -> None:
        """Draws these curves; the legend is there if there is more than one.

        every: of how many iterations one was looked at; of those in between the nearest one is told.
        """
        self._series, self._every = tuple(series), every
        self.legend.set_names([one.name for one in series] if len(series) > 1 else [])
        self.legend.setVisible(len(series) > 1)
        self._stack.setCurrentWidget(self._drawn if any(len(one.iterations) for one in series) else self._nothing)
        self._draw()

    def set_words(self, name: str, nothing: str) -> None:
        """name: for who cannot see. nothing: told where there are no points."""
        self.setAccessibleName(name)
        if self._drawing is not None:
            self._drawing.setAccessibleName(name)
        self._nothing.setText(nothing)

    def set_guides(self, guides: Sequence[tuple[float, str]]) -> None:
        """Draws a line across at each of these numbers, with a word."""
        if tuple(guides) != self._guides:
            self._guides = tuple(guides)
            self._draw()

    def set_epochs(self, length: int | None) -> None:
        """Draws a faint line where each epoch of so many iterations begins; None for no lines."""
        if length != self._epoch:
            self._epoch = length
            self._draw()

    def set_log(self, wanted: bool | None) -> None:
        """A logarithmic axis, a linear one, or (None) whichever suits the numbers."""
        self._wants_log = wanted
        self._draw()

    def set_current(self, iteration: int | None) -> None:
        """Puts the ring at an iteration."""
        if iteration != self._current:
            self._current = iteration
            self._draw_current()

    def set_pointed(self, is_pointed: bool) -> None:
        """Draws corners around the current iteration's point of the first curve."""
        if is_pointed != self._is_pointed:
            self._is_pointed = is_pointed
            self._draw_current()

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme
        self._show_theme()
        self._draw()

    def iteration_near(self, x: float) -> int | None:
        """The iteration whose point is nearest to a place on the axis (which counts from 1)."""
        drawn = [one.iterations for one in self.drawn if len(one.iterations)]
        if not drawn:
            return None
        nearest = [int(line[np.argmin(np.abs(line + 1 - x))]) for line in drawn]
        return min(nearest, key=lambda iteration: abs(iteration + 1 - x))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draw()
        # In a turn of its own, before there is something to draw.
        QTimer.singleShot(0, self, lambda: self.plot)

    def _show_theme(self) -> None:
        theme = self._theme
        self._nothing.setStyleSheet(f"color: {theme.muted};")
        self._readout.setStyleSheet(f"color: {theme.muted};")
        self._readout.setFont(ui_font(theme.small_px))
        self.legend.set_theme(theme)
        if self._drawing is not None:
            self._drawing.set_theme(theme, self.tr("iteration"), "", theme.loss)

    def _draw(self) -> None:
        drawn = self.drawn
        has_any = any((np.isfinite(one.numbers) & (one.numbers > 0)).any() for one in drawn)
        is_log = self._log_suits(drawn) if self._wants_log is None else self._wants_log and has_any
        self.log.setChecked(is_log)
        if self.isVisible() and self._stack.currentWidget() is self._drawn:
            styled = ((one, line_style(place, self._theme)) for place, one in enumerate(self._series))
            self.plot.draw_curves([pair for pair in styled if pair[0] in drawn], self._theme, is_log=is_log)
            self.plot.draw_guides(self._guides, self._theme)
            self.plot.draw_epochs(self._epochs(), self._theme)
        self._draw_current()

    def _log_suits(self, drawn: Sequence[Series]) -> bool:
        finite = np.concatenate([one.numbers[np.isfinite(one.numbers)] for one in drawn] or [np.zeros(0)])
        if not len(finite) or finite.min() <= 0:
            return False
        return bool(np.log10(finite.max()) - np.log10(finite.min()) > _LOG_FROM_DECADES)

    def _epochs(self) -> list[tuple[float, str]]:
        """Where epochs begin on the axis, with their names; none where there are too many."""
        last = max((int(one.iterations[-1]) for one in self._series if len(one.iterations)), default=0)
        if self._epoch is None or last // self._epoch > _MOST_EPOCHS:
            return []
        count = last // self._epoch
        return [(number * self._epoch + 0.5, self.tr("epoch %1").replace("%1", str(number + 1)))
                for number in range(1, count + 1)]  # fmt: skip

    @property
    def _here(self) -> int | None:
        """The current iteration; of a long run the one that was looked at and is nearest to it."""
        if self._every == 1 or self._current is None or self._current < 0:
            return self._current
        near = self.iteration_near(self._current + 1)
        return near if near is not None and abs(near - self._current) < self._every else self._current

    def _draw_current(self) -> None:
        if self._drawing is not None and self.isVisible():
            alone, pointed = len(self._series) < 2, self._is_pointed
            self._drawing.draw_current(self._here, self.drawn, self._theme, is_alone=alone, is_pointed=pointed)
        self._tell(self._here)

    def _tell(self, iteration: int | None) -> None:
        """Puts the numbers of an iteration above the plot."""
        if iteration is None:
            self._readout.setText("")
            return
        where = self.tr("iteration %1").replace("%1", str(iteration + 1))
        if self._epoch:
            where += ", " + self.tr("epoch %1").replace("%1", str(iteration // self._epoch + 1))
        parts = []
        for one in self.drawn:
            at = one.place_of(iteration)
            if at is not None:
                parts.append(f"{one.name} = {format_number(one.numbers[at], _READ_DIGITS)}")
        text = "   ".join((where, *parts)) if parts else ""
        self._readout.setText(text, "\n".join(parts))
        if self._drawing is not None:
            self._drawing.setAccessibleDescription(text)

    def _on_clicked(self, point: QPointF) -> None:
        iteration = self.iteration_near(point.x())
        if iteration is not None:
            self.iteration_requested.emit(iteration)

    def _on_hovered(self, point: QPointF | None) -> None:
        self._tell(self._here if point is None else self.iteration_near(point.x()))

    def _drawn_iterations(self) -> NDArray[np.int64]:
        """Those that have a point on one of the curves."""
        drawn = [one.iterations for one in self.drawn if len(one.iterations)]
        return np.unique(np.concatenate(drawn)) if drawn else np.zeros(0, np.int64)

    def _on_looked_at(self, iteration: int | None) -> None:
        """Marks the iteration that the keyboard is at, and tells of it; None for that of the run."""
        self.plot.draw_looked(iteration, self._theme)
        self._tell(self._here if iteration is None else iteration)

    def _on_log_clicked(self, checked: bool) -> None:
        self.set_log(checked)
