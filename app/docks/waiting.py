"""What the canvas says as long as it has no graph: what the script is doing, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.models.ahead import Ahead
from app.state import AppState, Status
from app.views.canvas.view import GraphCanvas
from engine.counting import from_one


class Waiting(QObject):
    """Follows the state; the canvas shows the words where there is no card."""

    def __init__(self, state: AppState, ahead: Ahead, canvas: GraphCanvas, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._ahead = ahead
        self._canvas = canvas
        told = (state.trace_changed, state.status_changed, state.recorded_changed, state.asking_changed)
        for changed in (*told, state.place_changed, ahead.changed):
            changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Says what goes on now."""
        self._canvas.set_empty_words(*self._words())

    def _words(self) -> tuple[str, str]:
        """A heading, and sentences."""
        state = self._state
        if state.is_asking:
            return self.tr("The script waits for input"), self.tr("Answer it in the console.")
        if self._ahead.iteration is not None:
            heading = self.tr("Reading iteration %1…").replace("%1", str(from_one(self._ahead.iteration)))
            return heading, self.tr("It is a long one. Everything else can be used meanwhile.")
        if state.status is Status.STARTING:
            return self.tr("Starting Python and torch…"), self.tr("Importing torch takes a few seconds.")
        if state.status is Status.RECORDING:
            return self._running()
        if state.trace is None:
            return "", ""
        if state.status is Status.ENDED:
            return self._ended()
        if state.place.iteration >= 0:
            return (
                self.tr("The iteration is about to begin"),
                self.tr("F10 takes a step, and the graph grows with it."),
            )
        return (
            self.tr("The script is held in its set-up"),
            self.tr("Nothing is learned yet. F5 runs on; the graph appears with the first forward pass."),
        )

    def _running(self) -> tuple[str, str]:
        after = self.tr("The graph appears with the first forward pass. Space pauses, Shift+F5 ends the script.")
        if self._state.recorded == 0:
            return self.tr("The script runs, and has not called torch yet"), after
        heading = self.tr("The script sets itself up: %1 torch calls so far")
        return heading.replace("%1", str(self._state.recorded)), after

    def _ended(self) -> tuple[str, str]:
        known = {} if self._state.trace is None else self._state.trace.meta()
        has_failed = known.get("status") == "failed" or "exception" in known
        if has_failed and self._state.recorded == 0:
            return (
                self.tr("The script ended before its first torch call"),
                self.tr("The console has what it printed. Mend the script, then run it again."),
            )
        if has_failed:
            return (
                self.tr("The script ended before its first training pass"),
                self.tr("The call tree has what it did until then, and the console what it printed."),
            )
        if self._state.recorded == 0:
            return (
                self.tr("The script made no torch call"),
                self.tr(
                    "What runs on the main thread is recorded. Does the script train when Python runs it, and with "
                    "these arguments? An example on the start page shows how it looks."
                ),
            )
        return (
            self.tr("There is no graph here"),
            self.tr("No forward pass was recorded. The call tree has what the script did."),
        )
