"""Finds what the timeline marks: hits of breakpoints as they are counted, edits and errors beside the window."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from app.jobs import Beside
from app.models.breakpoints import Hits
from app.models.run_marks import Marks, edits_and_errors, iterations_of
from app.state import AppState, Status


class Marking(QObject):
    """Keeps the marks true to what is recorded.

    Signals:
        marked(marks): other iterations stand out now; `Marks`.
    """

    marked = Signal(object)

    def __init__(self, state: AppState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._marks: Marks = {}
        self._looked_at = 0
        self._beside = Beside(self)
        self._beside.done.connect(self._on_done)
        state.trace_changed.connect(self._on_trace_changed)
        for changed in (state.recorded_changed, state.status_changed):
            changed.connect(self._look)

    def show_hits(self, hits: Iterable[Hits]) -> None:
        """Marks where breakpoints were hit."""
        trace = self._state.trace
        if trace is not None:
            self._show({"breakpoint": iterations_of(trace, {at for one in hits for at in one.positions})})

    def close(self) -> None:
        """Waits until nothing of it runs."""
        self._beside.close()

    def _on_trace_changed(self) -> None:
        self._beside.cancel()
        self._looked_at, self._marks = 0, {}
        self.marked.emit({})
        self._look()

    def _look(self) -> None:
        """Not while a script runs at full speed; it is looked at when it stops."""
        state, trace = self._state, self._state.trace
        is_running = state.status in (Status.RECORDING, Status.STARTING)
        if trace is not None and not is_running and not self._beside.is_busy and state.recorded != self._looked_at:
            self._looked_at = state.recorded
            path = trace.path
            self._beside.ask(lambda _: edits_and_errors(path))

    def _on_done(self, found: Marks) -> None:
        self._show(found)
        self._look()

    def _show(self, found: Marks) -> None:
        marks = {**self._marks, **found}
        if marks != self._marks:
            self._marks = marks
            self.marked.emit(marks)
