"""Works out what a classifier answers, beside the window, for the iteration that its slider stands at."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.jobs import Beside
from app.language import say
from app.models.plotted import PlotPlace
from app.theme import Theme
from app.views.plots.answers_pane import AnswersPane
from engine.analysis.moved.answers import Answers, answers
from engine.analysis.moved.regions import Regions, regions
from engine.errors import GradstepError
from engine.trace.reader import Trace


class Answering(QObject):
    """Owns the pane of probabilities and regions."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pane = AnswersPane(theme)
        self._trace: Trace | None = None
        self._wants_regions = self._is_asked_for = False
        self._shown: tuple[int, bool] | None = None
        self._beside = Beside(self)
        self._beside.done.connect(self._on_done)
        self._beside.failed.connect(self._on_failed)
        self.pane.iteration_chosen.connect(lambda _: self._ask())

    @property
    def is_working(self) -> bool:
        """Whether answers are still to come."""
        return self._beside.is_busy

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self.pane.set_theme(theme)

    def set_trace(self, trace: Trace | None) -> None:
        """Another trace is open, or none."""
        self._beside.cancel()
        self._trace, self._shown = trace, None
        self.pane.set_iterations(0, 0)
        self.pane.show_nothing(self.tr("Nothing is open."))

    def show_place(self, place: PlotPlace) -> None:
        """The window stands elsewhere: the slider goes along."""
        self._is_asked_for = place.shown < 0 <= place.iteration
        self.pane.set_iterations(place.iterations if place.answered is None else place.shown + 1, place.shown)

    def look(self, *, at_regions: bool) -> None:
        """Begins what is looked at: regions of the plane, or probabilities."""
        self._wants_regions = at_regions
        self._ask()

    def close(self) -> None:
        """Waits until nothing of it runs."""
        self._beside.close()

    def _ask(self) -> None:
        trace, wanted = self._trace, (self.pane.iteration, self._wants_regions)
        if self._is_asked_for:
            self._beside.cancel()
            self._shown = None
            self.pane.show_nothing(self.tr("The answers are shown once the loss of this iteration is."))
            return
        if trace is None or wanted == self._shown:
            return
        self._shown = wanted
        path, (iteration, at_regions) = trace.path, wanted

        def work(_: object) -> Answers | Regions:
            with Trace(path) as opened:
                return regions(opened, iteration) if at_regions else answers(opened, iteration)

        self._beside.ask(work)

    def _on_done(self, found: Answers | Regions) -> None:
        if isinstance(found, Regions):
            self.pane.show_regions(found)
        else:
            self.pane.show_answers(found)

    def _on_failed(self, error: GradstepError) -> None:
        # Of a run that goes on, the rest of the iteration may still come.
        self._shown = None
        self.pane.show_nothing(say(error.told))
