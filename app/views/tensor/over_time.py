"""The tensor over the iterations: one element of it, or its norm, mean and extremes."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.language import say
from app.models.tensor_history import Course
from app.plots.iteration_plot import IterationPlot
from app.plots.series import Series
from app.theme import Theme


class OverTimePane(QWidget):
    """Shows a course; below it whether the whole tensor or the chosen element is followed.

    Signals:
        choice_changed(): another course is wanted.
    """

    choice_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = IterationPlot(theme)
        self.element = QToolButton()
        self.element.setText(self.tr("chosen element"))
        self.element.setToolTip(self.tr("Follow the element that is chosen, instead of norm, mean and extremes"))
        self.element.setCheckable(True)
        self.note = QLabel()
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setMaximumHeight(6)
        self.progress.hide()
        foot = QHBoxLayout()
        foot.setContentsMargins(10, 2, 8, 4)
        foot.addWidget(self.note, 1)
        foot.addWidget(self.progress, 1)
        foot.addWidget(self.element)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.plot, 1)
        column.addLayout(foot)
        self.set_theme(theme)
        self.element.toggled.connect(self.choice_changed)

    def set_course(self, course: Course | None, title: str) -> None:
        """Shows a course, or (None) that there is none yet. title: what it is of."""
        self.progress.hide()
        name = self.tr("%1 over the iterations").replace("%1", title)
        if course is None:
            self.plot.set_words(name, self.tr("Looking through the iterations…"))
            self.plot.set_series(())
            self.note.setText("")
            return
        nothing = say(course.reason) or self.tr("No iteration has numbers of it.")
        self.plot.set_words(name, nothing)
        names = {
            "max": self.tr("max"), "mean": self.tr("mean"), "min": self.tr("min"), "norm": self.tr("norm"),
            "element": title,
        }  # fmt: skip
        lines = [Series(names[line.name], line.iterations, line.numbers) for line in course.lines]
        self.plot.set_series(lines, course.every)
        every = self.tr("every %1th iteration").replace("%1", str(course.every))
        self.note.setText(every if course.every > 1 else "")

    def set_progress(self, done: int, count: int) -> None:
        """Shows how far along the course is."""
        self.progress.setRange(0, count)
        self.progress.setValue(done)
        self.progress.show()

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self.plot.set_theme(theme)
        self.note.setStyleSheet(f"color: {theme.muted};")
