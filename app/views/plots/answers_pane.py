"""What a classifier answers, over the iterations: probability bars, and regions where the input has two numbers."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QSpinBox, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from app.plots.regions_plot import RegionsPlot
from app.theme import Theme
from app.views.plots.probability_bars import ProbabilityBars
from engine.analysis.moved.answers import Answers
from engine.analysis.moved.regions import Regions


class AnswersPane(QWidget):
    """Shows bars or regions; below them a slider over the iterations.

    Signals:
        iteration_chosen(number): another iteration is to be shown here. iteration_requested(number): the whole window
        is to go there.
    """

    iteration_chosen = Signal(int)
    iteration_requested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answers: Answers | None = None
        self.bars = ProbabilityBars(theme)
        self.regions = RegionsPlot(theme)
        self._nothing = QLabel()
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setWordWrap(True)
        self._nothing.setContentsMargins(12, 0, 12, 0)
        self._pages = QStackedWidget()
        for page in (self._nothing, self.bars, self.regions):
            self._pages.addWidget(page)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(self.tr("Iteration"))
        self._place = QLabel()
        self.sample = QSpinBox()
        self.sample.setPrefix(self.tr("sample "))
        self.sample.setAccessibleName(self.tr("Sample"))
        self.wrong = QToolButton()
        self.wrong.setToolTip(self.tr("Show the next sample that is answered wrong"))
        self.wrong.setAccessibleName(self.wrong.toolTip())
        self.go = QToolButton()
        self.go.setText(self.tr("go there"))
        self.go.setToolTip(self.tr("Show this iteration in the whole window"))
        foot, samples = QHBoxLayout(), QHBoxLayout()
        foot.setContentsMargins(10, 2, 8, 4)
        foot.addWidget(self.slider, 1)
        for widget in (self._place, self.go):
            foot.addWidget(widget)
        samples.setContentsMargins(10, 0, 8, 0)
        samples.addWidget(self.sample)
        samples.addWidget(self.wrong)
        samples.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._pages, 1)
        column.addLayout(samples)
        column.addLayout(foot)
        self.set_theme(theme)
        self.slider.valueChanged.connect(self._on_moved)
        self.sample.valueChanged.connect(self._show_bars)
        self.wrong.clicked.connect(self._show_next_wrong)
        self.go.clicked.connect(lambda: self.iteration_requested.emit(self.slider.value()))

    @property
    def iteration(self) -> int:
        """The iteration that is shown here."""
        return self.slider.value()

    def set_iterations(self, count: int, iteration: int) -> None:
        """Offers so many iterations, and goes to one without telling."""
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(0, count - 1))
        self.slider.setValue(max(0, iteration))
        self.slider.blockSignals(False)
        self._name_place()

    def show_answers(self, answers: Answers) -> None:
        """Shows probabilities as bars."""
        self._answers = answers
        self.sample.setMaximum(max(0, len(answers.targets) - 1))
        self.sample.show()
        count = int((~answers.right).sum())
        self.wrong.setText(self.tr("%1 wrong ›").replace("%1", str(count)))
        self.wrong.setEnabled(count > 0)
        self.wrong.show()
        self._show_bars()
        self._pages.setCurrentWidget(self.bars)

    def show_regions(self, found: Regions) -> None:
        """Shows the regions of the plane."""
        self.sample.hide()
        self.wrong.hide()
        self.regions.set_regions(found)
        self._pages.setCurrentWidget(self.regions)

    def show_nothing(self, text: str) -> None:
        """Says why there is nothing."""
        self._answers = None
        self.sample.hide()
        self.wrong.hide()
        self._nothing.setText(text)
        self._pages.setCurrentWidget(self._nothing)

    @property
    def nothing(self) -> str:
        """Why there is nothing, "" if there is something."""
        return self._nothing.text() if self._pages.currentWidget() is self._nothing else ""

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self.bars.set_theme(theme)
        self.regions.set_theme(theme)
        self._nothing.setStyleSheet(f"color: {theme.muted};")
        for widget in (self._place, self.go, self.sample, self.wrong):
            widget.setStyleSheet(f"font-size: {theme.small_px}px; padding-top: 1px; padding-bottom: 1px;")

    def _show_bars(self) -> None:
        self.bars.set_answers(self._answers, self.sample.value())

    def _show_next_wrong(self) -> None:
        """From the sample that is shown on, and from the first one again."""
        found = self._answers
        wrong = [] if found is None else np.flatnonzero(~found.right).tolist()
        if wrong:
            self.sample.setValue(next((one for one in wrong if one > self.sample.value()), wrong[0]))

    def _name_place(self) -> None:
        self._place.setText(f"{self.slider.value() + 1} / {self.slider.maximum() + 1}")

    def _on_moved(self, iteration: int) -> None:
        self._name_place()
        self.iteration_chosen.emit(iteration)
