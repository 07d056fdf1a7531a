"""Works out, beside the window, what is to be seen of an iteration's samples and of the run's data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.docks.samples_words import (
    epochs_table,
    fitted_drawn,
    function_drawn,
    predictions_table,
    predictions_told,
    scatter_drawn,
)
from app.jobs import Beside, Ticket
from app.language import say
from app.models.plotted import EPOCHS, FIT, FUNCTION, PREDICTIONS, ROWS, SCATTER, PlotPlace
from app.theme import Theme
from app.views.plots.samples_pane import SamplesPane
from engine.analysis.data.epochs import Epochs, epochs
from engine.analysis.moved.fitted import Fitted, fitted
from engine.analysis.moved.function import Function, function_at
from engine.analysis.moved.samples import Samples, samples
from engine.bilingual import Bilingual
from engine.errors import GradstepError
from engine.trace.reader import Trace

_OF_THE_RUN = (EPOCHS, ROWS)
_OF_ANSWERS = (PREDICTIONS, SCATTER)
_PAUSE_MS = 100

Found = Samples | Fitted | Function | Epochs


class Sampling(QObject):
    """Owns the pane.

    Signals:
        progressed(done, count): how far along the epochs are.
    """

    progressed = Signal(int, int)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pane = SamplesPane(theme)
        self._trace: Trace | None = None
        self._key = PREDICTIONS
        self._iteration, self._position, self._iterations = -1, 0, 0
        self._answered = -1
        self._place = PlotPlace()
        self._asked: tuple[object, ...] | None = None
        self._found: Found | None = None
        self._beside = Beside(self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE_MS)
        self._soon.timeout.connect(self._ask)
        self._beside.done.connect(self._on_done)
        self._beside.failed.connect(self._on_failed)
        self._beside.progressed.connect(self.progressed)
        self.pane.features_chosen.connect(self._show)

    @property
    def is_working(self) -> bool:
        """Whether something is still to come."""
        return self._soon.isActive() or self._beside.is_busy

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self.pane.set_theme(theme)

    def set_trace(self, trace: Trace | None) -> None:
        """Another trace is open, or none."""
        self._beside.cancel()
        self._soon.stop()
        self._trace, self._asked, self._found = trace, None, None
        self.pane.show_nothing(self.tr("Nothing is open."))

    def show_place(self, place: PlotPlace) -> None:
        """The window stands elsewhere."""
        self._iteration, self._position, self._iterations = place.iteration, place.position, place.iterations
        self._answered, self._place = place.shown, place

    def look(self, key: str) -> None:
        """Begins what is looked at; one of OF_SAMPLES."""
        self._key = key
        if self._trace is not None and self._question() != self._asked:
            self._soon.start()
        else:
            self._show()

    def close(self) -> None:
        """Waits until nothing of it runs."""
        self._soon.stop()
        self._beside.close()

    def _question(self) -> tuple[object, ...]:
        """What must have changed before it is worked out anew."""
        if self._key in _OF_THE_RUN:
            return ("run", self._iterations)
        if self._key in _OF_ANSWERS:
            return ("samples", self._answered)
        return (self._key, self._iteration, self._position if self._key == FUNCTION else 0)

    def _ask(self) -> None:
        trace, question = self._trace, self._question()
        if trace is None or question == self._asked:
            return
        self._asked, self._found = question, None
        path, key, position = trace.path, self._key, self._position
        iteration = self._answered if key in _OF_ANSWERS else self._iteration
        if iteration < 0 <= self._iteration:
            self._beside.cancel()
            self.pane.show_nothing(self.tr("The answers are shown once the loss of this iteration is."))
            return
        self._beside.ask(lambda ticket: _worked_out(path, key, iteration, position, ticket))

    def _on_done(self, found: Found) -> None:
        self._found = found
        self.progressed.emit(1, 1)
        self._show()

    def _on_failed(self, error: GradstepError) -> None:
        # Of a run that goes on, the rest of the iteration may still come.
        self._asked = None
        self.progressed.emit(1, 1)
        self.pane.show_nothing(say(error.told))

    def _show(self) -> None:
        """What was found, as the chosen plot shows it."""
        found, pane, key = self._found, self.pane, self._key
        if isinstance(found, Samples) and key == PREDICTIONS:
            pane.show_table(predictions_table(found), predictions_told(found))
        elif isinstance(found, Samples) and key == SCATTER:
            self._show_scatter(found)
        elif isinstance(found, Fitted):
            drawn, told = fitted_drawn(found)
            pane.show_drawn(drawn, "x", "y", told)
        elif isinstance(found, Function):
            drawn, told = function_drawn(found)
            pane.show_drawn(drawn, "z", found.name, told)
        elif isinstance(found, Epochs) and key == EPOCHS:
            self._show_epochs(found)
        elif isinstance(found, Epochs) and found.rows is not None:
            pane.show_rows(found.rows, found.length, self._iteration)
        elif isinstance(found, Epochs):
            pane.show_nothing(
                self.tr(
                    "The batches of this run cannot be followed back to the rows of a data set. That takes a tensor "
                    "with all rows, which batches are taken from."
                )
            )

    def _show_epochs(self, found: Epochs) -> None:
        table = tuple(one for one in found.table if self._place.knows(one.end - 1))
        if found.table and not table:
            self.pane.show_nothing(self.tr("The numbers of an epoch are shown once it is over."))
            return
        self.pane.show_table(epochs_table(replace(found, table=table), self._iteration), "")

    def _show_scatter(self, found: Samples) -> None:
        features = 0 if found.inputs is None else found.inputs.shape[1]
        if features < 2:
            self.pane.show_nothing(self.tr("A scatter plot takes two numbers a sample that go into the network."))
            return
        self.pane.offer_features(features)
        first, second = self.pane.features
        drawn, told = scatter_drawn(found, first, second)
        self.pane.show_drawn(drawn, f"x[{first}]", f"x[{second}]", told, with_features=True)


def _worked_out(path: Path, key: str, iteration: int, position: int, ticket: Ticket) -> Found:
    with Trace(path) as trace:
        if key in _OF_THE_RUN:
            return epochs(trace, ticket.went_on)
        if iteration < 0:
            raise GradstepError(
                Bilingual("In the set-up no samples are learned from.", "设置阶段还没有从样本学习。"),
                Bilingual("Go to an iteration.", "请转到某次迭代。"),
            )
        if key == FIT:
            return fitted(trace, iteration)
        return function_at(trace, iteration, position) if key == FUNCTION else samples(trace, iteration)
