"""Keeps the plots true to the run: the loss at once, all others beside the window when they are looked at.

The plots of one iteration, and what works them out, are made when one of them is chosen for the first time.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QToolButton

from app.jobs import Beside
from app.language import say
from app.models.other_runs import OtherRun, other_runs
from app.models.plotted import (
    EPOCHS,
    FIT,
    FUNCTION,
    LOSS,
    OF_SAMPLES,
    PREDICTIONS,
    PROBABILITIES,
    REGIONS,
    ROWS,
    SCATTER,
    SURFACE,
    PlotPlace,
)
from app.models.run_curves import RunCurves, Sort, Wanted, run_curves
from app.plots.iteration_plot import IterationPlot
from app.plots.loss_curve import LossCurve
from app.plots.series import Series
from app.theme import Theme
from app.views.plots.panel import PlotsPanel
from engine.bilingual import Bilingual
from engine.errors import GradstepError
from engine.trace.reader import Trace

if TYPE_CHECKING:
    from app.docks.answering import Answering
    from app.docks.sampling import Sampling
    from app.docks.surveying import Surveying

    _OfOneIteration = TypeVar("_OfOneIteration", Surveying, Answering, Sampling)

translate = QCoreApplication.translate

_SLOW = (SURFACE, PROBABILITIES, REGIONS, *OF_SAMPLES)
"""Plots of one iteration, which follow each change of it."""
_PAUSE_MS = 150
_GUIDE = 1e-3
"""An update of a thousandth of a weight's size is about right; Karpathy's rule of thumb."""


class Plotting(QObject):
    """Owns the panel of plots.

    Signals:
        iteration_requested(number): a curve was clicked nearest to this iteration. failed(error): the trace cannot be
        read; a `GradstepError`.
    """

    iteration_requested = Signal(int)
    failed = Signal(object)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.loss = LossCurve(theme)
        self.curves = IterationPlot(theme)
        self.panel = PlotsPanel(theme)
        self._made: list[Surveying | Answering | Sampling] = []
        self._trace: Trace | None = None
        self._place = PlotPlace()
        self._recorded = 0
        self._asked: Wanted | None = None
        self._known: dict[Sort, RunCurves] = {}
        self._beside, self._reading = Beside(self), Beside(self)
        self.add_run, self.drop_runs = QToolButton(), QToolButton()
        self.add_run.setText(self.tr("+ run"))
        self.add_run.setToolTip(self.tr("Lay the loss of other traces over this one, as of another optimizer"))
        self.drop_runs.setText("×")
        self.drop_runs.setToolTip(self.tr("Take the other traces away"))
        self.drop_runs.setAccessibleName(self.drop_runs.toolTip())
        self.drop_runs.hide()
        for button in (self.add_run, self.drop_runs):
            self.loss.head.addWidget(button)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE_MS)
        self.panel.add_plot(LOSS, self.tr("Loss C"), lambda: self.loss)
        for sort, title in _titles().items():
            self.panel.add_plot(sort, title, lambda: self.curves)
        self.panel.add_plot(SURFACE, self.tr("Loss surface over two parameters"), lambda: self.surveying.pane)
        self.panel.add_plot(PROBABILITIES, self.tr("Probabilities of the classes"), lambda: self.answering.pane)
        self.panel.add_plot(REGIONS, self.tr("Decision regions of two inputs"), lambda: self.answering.pane)
        for key, title in _titles_of_samples().items():
            self.panel.add_plot(key, title, lambda: self.sampling.pane)
        self._soon.timeout.connect(self._look)
        self.panel.chosen.connect(self._on_chosen)
        self.panel.save_wanted.connect(self._save)
        self._beside.done.connect(self._on_worked_out)
        self._beside.progressed.connect(self.panel.set_progress)
        self._beside.failed.connect(self.failed)
        self._reading.done.connect(self._on_runs_read)
        self._reading.failed.connect(self.failed)
        self.add_run.clicked.connect(self._ask_for_runs)
        self.drop_runs.clicked.connect(lambda: self._on_runs_read([]))
        for plot in (self.loss, self.curves):
            plot.iteration_requested.connect(self.iteration_requested)

    @cached_property
    def surveying(self) -> Surveying:
        """Works out the loss surface."""
        from app.docks.surveying import Surveying

        made = Surveying(self._theme, self)
        made.progressed.connect(self.panel.set_progress)
        made.pane.plot.iteration_requested.connect(self.iteration_requested)
        return self._at_the_place(made)

    @cached_property
    def answering(self) -> Answering:
        """Works out what a classifier answers."""
        from app.docks.answering import Answering

        made = Answering(self._theme, self)
        made.pane.iteration_requested.connect(self.iteration_requested)
        return self._at_the_place(made)

    @cached_property
    def sampling(self) -> Sampling:
        """Works out what is to be seen of samples and data."""
        from app.docks.sampling import Sampling

        made = Sampling(self._theme, self)
        made.progressed.connect(self.panel.set_progress)
        made.pane.iteration_requested.connect(self.iteration_requested)
        return self._at_the_place(made)

    @property
    def is_working(self) -> bool:
        """Whether curves are still to come."""
        is_beside = self._beside.is_busy or self._reading.is_busy
        return self._soon.isActive() or is_beside or any(one.is_working for one in self._made)

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme
        for view in (self.panel, self.loss, self.curves, *self._made):
            view.set_theme(theme)

    def set_trace(self, trace: Trace | None) -> None:
        """Another trace is open, or none."""
        self._beside.cancel()
        self._trace, self._asked = trace, None
        self._place, self._recorded = PlotPlace(), 0
        self._known.clear()
        self._on_runs_read([])
        for one in self._made:
            one.set_trace(trace)
        self.curves.set_series(())
        self.panel.set_progress(0, 0)

    def show_place(self, place: PlotPlace, recorded: int = 0) -> None:
        """Marks the current iteration. recorded: see `Wanted`."""
        is_more = (place.iterations, recorded) != (self._place.iterations, self._recorded)
        self._place, self._recorded = place, recorded
        current = place.iteration if place.iteration >= 0 else None
        self.loss.set_current(current)
        self.curves.set_current(current)
        for one in self._made:
            one.show_place(place)
        if is_more or self.panel.key in _SLOW or place.answered is not None:
            self._soon.start()

    def lay_over(self, paths: Sequence[Path]) -> None:
        """Reads the losses of other traces, and lays them over this one's."""
        chosen = tuple(paths)
        self._reading.ask(lambda _: other_runs(chosen))

    def close(self) -> None:
        """Waits until nothing of it runs."""
        self._soon.stop()
        self._beside.close()
        self._reading.close()
        for one in self._made:
            one.close()

    def _at_the_place(self, made: _OfOneIteration) -> _OfOneIteration:
        """Tells one that was made just now what the others know."""
        self._made.append(made)
        made.set_trace(self._trace)
        made.show_place(self._place)
        return made

    def _save(self) -> None:
        """Asks for a file and keeps the plot there, named after the trace and the iteration that a slider stands at."""
        if self._trace is None:
            return
        number = f"-{self.answering.pane.iteration}" if self.panel.key in (PROBABILITIES, REGIONS) else ""
        name = self._trace.path.with_name(f"{self._trace.path.stem}-{self.panel.key}{number}.png")
        chosen, _ = QFileDialog.getSaveFileName(
            self.panel, self.tr("Save this plot"), str(name), self.tr("Pictures (*.png)")
        )
        if chosen and not self.panel.picture().save(chosen, "PNG"):
            what = Bilingual(f"{chosen} could not be written.", f"{chosen} 无法写入。")
            self.failed.emit(GradstepError(what, Bilingual("Choose another folder.", "请选择另一个文件夹。")))

    def _ask_for_runs(self) -> None:
        folder = "" if self._trace is None else str(self._trace.path.parent)
        names, _ = QFileDialog.getOpenFileNames(
            self.panel, self.tr("Traces to compare with"), folder, self.tr("Traces (*.gradstep)")
        )
        if names:
            self.lay_over([Path(name) for name in names])

    def _on_runs_read(self, runs: list[OtherRun]) -> None:
        self.loss.set_runs([Series(run.name, run.points.iterations, run.points.losses) for run in runs])
        self.drop_runs.setVisible(bool(runs))

    def _on_chosen(self, _: str) -> None:
        self._look()

    def _look(self) -> None:
        """Begins what the chosen plot shows, unless it is known."""
        sort = self._sort
        if self.panel.key == SURFACE:
            self.surveying.look()
        if self.panel.key in (PROBABILITIES, REGIONS):
            self.answering.look(at_regions=self.panel.key == REGIONS)
        if self.panel.key in OF_SAMPLES:
            self.sampling.look(self.panel.key)
        if sort is None or self._trace is None:
            return
        wanted = Wanted(self._trace.path, sort, self._place.iterations, self._recorded)
        known = self._known.get(sort)
        if known is not None:
            self._draw(known)
        else:
            self.curves.set_words(_titles()[sort], self.tr("Looking through the iterations…"))
            self.curves.set_series(())
        if (known is None or known.wanted != wanted) and wanted != self._asked:
            self._asked = wanted
            self._beside.ask(lambda ticket: run_curves(wanted, ticket.went_on))

    @property
    def _sort(self) -> Sort | None:
        return Sort(self.panel.key) if self.panel.key in set(Sort) else None

    def _on_worked_out(self, found: RunCurves) -> None:
        self._asked = None
        self._known[found.wanted.sort] = found
        self.panel.set_progress(1, 1)
        if found.wanted.sort is self._sort:
            self._draw(found)

    def _draw(self, found: RunCurves) -> None:
        sort = found.wanted.sort
        self.curves.set_words(_titles()[sort], say(found.reason) or _nothing(sort))
        self.curves.set_guides([(_GUIDE, "10⁻³")] if sort is Sort.UPDATES else [])
        self.curves.set_log(True if sort is Sort.UPDATES else None)
        known = [np.array([self._place.knows(int(k)) for k in line.iterations], bool) for line in found.lines]
        self.curves.set_series(
            [
                Series(line.name, line.iterations[k], line.numbers[k])
                for line, k in zip(found.lines, known, strict=True)
            ],
            found.every,
        )
        for plot in (self.curves, self.loss):
            plot.set_epochs(found.epoch)


def _titles() -> dict[Sort, str]:
    return {
        Sort.GRADIENTS: translate("plots", "Gradient norms ‖∂C/∂w‖"),
        Sort.WEIGHTS: translate("plots", "Weight norms ‖w‖"),
        Sort.UPDATES: translate("plots", "Update ratio ‖Δw‖ / ‖w‖"),
        Sort.ACTIVATIONS: translate("plots", "Spread of activations, std a"),
        Sort.ACCURACY: translate("plots", "Accuracy on the batch"),
        Sort.RATE: translate("plots", "Learning rate η"),
    }


def _titles_of_samples() -> dict[str, str]:
    return {
        PREDICTIONS: translate("plots", "Predictions beside targets"),
        SCATTER: translate("plots", "Scatter of two features"),
        FIT: translate("plots", "Fitted line over the data"),
        FUNCTION: translate("plots", "Function and slope, present point"),
        EPOCHS: translate("plots", "Table of epochs"),
        ROWS: translate("plots", "Rows of the data"),
    }


def _nothing(sort: Sort) -> str:
    if sort is Sort.ACCURACY:
        return translate(
            "plots",
            "The loss does not say which answers are right: that takes cross_entropy, nll_loss or a binary one. "
            "A watch can plot any other share, for example mean(output > 0.5).",
        )
    return translate("plots", "No iteration has numbers of this.")
