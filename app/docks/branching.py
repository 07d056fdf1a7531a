"""Tries what-ifs beside the window, and keeps the panel of branches true to what is open."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.jobs import Beside as Job
from app.jobs import Ticket
from app.language import say
from app.models.branches import Beside, BranchesModel, Forest, beside_parent, forest_of
from app.plots.series import Series
from app.state import AppState, Status
from app.theme import Theme
from app.views.branches import BranchesView
from engine.bilingual import sentences
from engine.errors import GradstepError
from engine.session.branches import next_name
from engine.session.what_if import Plan, Tried, what_if

PAUSE_MS = 400


class Branching(QObject):
    """Owns the panel of branches.

    Signals:
        losses_changed(series): curves of the tree's other runs, a tuple. trace_requested(path): the window shall show
        it. position_requested(path, position): an event of a run. try_requested(): somebody wants to try something.
        told(text): a branch is there. failed(error): it could not be made, a `GradstepError`.
    """

    losses_changed = Signal(object)
    trace_requested = Signal(object)
    position_requested = Signal(object, int)
    try_requested = Signal()
    told = Signal(str)
    failed = Signal(object)

    def __init__(self, state: AppState, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._wanted: Path | None = None
        self.model = BranchesModel(self)
        self.view = BranchesView(self.model, theme)
        self._looking, self._comparing, self._trying = Job(self), Job(self), Job(self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(PAUSE_MS)
        self._soon.timeout.connect(self.look)
        self._looking.done.connect(self._on_looked)
        self._looking.failed.connect(lambda error: self.view.show_text(say(error.told)))
        self._comparing.done.connect(self._on_compared)
        self._comparing.failed.connect(lambda error: self.view.show_text(say(error.told)))
        self._trying.done.connect(self._on_tried)
        self._trying.failed.connect(self._on_failed)
        self.view.chosen.connect(self._on_chosen)
        self.view.open_requested.connect(self._on_open_requested)
        self.view.try_requested.connect(self.try_requested)
        self.view.stop_requested.connect(self._on_stop_requested)
        self.view.position_requested.connect(self._on_position_requested)
        state.trace_changed.connect(self._on_trace_changed)
        state.status_changed.connect(self._on_status_changed)

    @property
    def is_busy(self) -> bool:
        """Whether something is tried, looked at or compared."""
        return self._soon.isActive() or any(job.is_busy for job in (self._looking, self._comparing, self._trying))

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self.view.set_theme(theme)

    def attempt(self, plan: Plan) -> None:
        """Runs the script of the open trace again with this plan, in place of one that is being tried."""
        trace = self._state.trace
        if trace is None:
            return
        path = trace.path

        def work(ticket: Ticket) -> Tried:
            return what_if(path, plan, next_name(path), lambda _: ticket.went_on(0, 0))

        self.view.show_sentence(self.tr("Running the script again…"), is_trying=True)
        self._trying.ask(work)

    def look(self) -> None:
        """Looks for the runs of the tree."""
        self._soon.stop()
        trace = self._state.trace
        if trace is not None:
            path = trace.path
            self._looking.ask(lambda ticket: forest_of(path, lambda: ticket.went_on(0, 0)))

    def close(self) -> None:
        """Waits until nothing of it runs."""
        self._soon.stop()
        for job in (self._looking, self._comparing, self._trying):
            job.close()

    def _on_trace_changed(self) -> None:
        for job in (self._looking, self._comparing):
            job.cancel()
        self.losses_changed.emit(())
        trace = self._state.trace
        if trace is None or self.model.row_of(trace.path.resolve()) < 0:
            self.model.set_rows((), Path())
            self.view.show_text("")
        if trace is not None:
            self._soon.start()

    def _on_status_changed(self) -> None:
        if self._state.status is Status.ENDED and self._state.trace is not None:
            self._soon.start()

    def _on_looked(self, result: object) -> None:
        trace = self._state.trace
        if not isinstance(result, Forest) or trace is None:
            return
        opened = trace.path.resolve()
        self.model.set_rows(result.rows, opened)
        self.losses_changed.emit(tuple(Series(say(name), one.iterations, one.losses) for name, one in result.losses))
        self.view.choose(self.model.row_of(self._wanted or opened))
        self._wanted = None

    def _on_chosen(self, row: int) -> None:
        one = self.model.row(row)
        if one is None:
            return
        if not one.depth:
            self._comparing.cancel()
            self.view.show_text(self.tr("The run that all others here come from."))
            return
        path = one.path
        self.view.show_text(self.tr("Comparing…"))
        self._comparing.ask(lambda ticket: beside_parent(path, lambda: ticket.went_on(0, 0)))

    def _on_compared(self, result: object) -> None:
        if isinstance(result, Beside):
            self.view.show_beside(result)
        else:
            self.view.show_text(self.tr("The run that this one comes from is not there any more."))

    def _on_open_requested(self, row: int) -> None:
        one = self.model.row(row)
        if one is not None:
            self.trace_requested.emit(one.path)

    def _on_position_requested(self, position: int) -> None:
        one = self.model.row(self.view.list.currentIndex().row())
        if one is not None:
            self.position_requested.emit(one.path, position)

    def _on_tried(self, result: object) -> None:
        if not isinstance(result, Tried):
            return
        text = say(sentences(*(edit.told for edit in result.edits), *result.notes, result.ending.sentence))
        self.view.show_sentence(text, is_trying=False)
        self._wanted = result.trace.resolve()
        self.told.emit(text)
        self.look()

    def _on_failed(self, error: GradstepError) -> None:
        self.view.show_sentence(say(error.message), is_trying=False)
        self.failed.emit(error)

    def _on_stop_requested(self) -> None:
        self._trying.cancel()
        self.view.show_sentence(self.tr("Stopped."), is_trying=False)
