"""Has the doctor look at what is open, beside the window, whenever more was recorded and nothing runs at full speed."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.jobs import Beside
from app.language import is_chinese, say
from app.models.findings import Findings, FindingsModel, findings_in
from app.state import AppState, Status
from app.theme import Theme
from app.views.findings import FindingsView
from engine.errors import GradstepError

PAUSE_MS = 900
"""Who steps faster than this is not interrupted: each look costs some of the machine."""


class Finding(QObject):
    """Owns the panel of findings.

    Signals:
        counted(number): so many findings there are; 0 also while that is not known. position_requested(position).
        change_requested(change): the script shall run again with it.
    """

    counted = Signal(int)
    position_requested = Signal(int)
    change_requested = Signal(str)

    def __init__(self, state: AppState, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._seen = -1
        self.model = FindingsModel(is_chinese(), self)
        self.view = FindingsView(self.model, theme)
        self._beside = Beside(self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(PAUSE_MS)
        self._soon.timeout.connect(self.look)
        self._beside.done.connect(self._on_done)
        self._beside.failed.connect(self._on_failed)
        self._beside.progressed.connect(self._on_progressed)
        self.view.position_requested.connect(self.position_requested)
        self.view.change_requested.connect(self.change_requested)
        self.view.stop_requested.connect(self._on_stop_requested)
        self.view.look_requested.connect(self.look)
        state.trace_changed.connect(self._on_trace_changed)
        for changed in (state.recorded_changed, state.status_changed):
            changed.connect(self._on_changed)

    @property
    def is_looking(self) -> bool:
        """Whether an answer is still to come."""
        return self._soon.isActive() or self._beside.is_busy

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self.view.set_theme(theme)

    def look(self) -> None:
        """Looks at all that is recorded by now."""
        self._soon.stop()
        trace = self._state.trace
        if trace is None:
            return
        path = trace.path
        self._seen = self._state.recorded
        self.view.show_sentence(self.tr("Looking for mistakes…"), is_looking=True)
        self._beside.ask(lambda ticket: findings_in(path, ticket.went_on))

    def close(self) -> None:
        """Waits until nothing of it runs."""
        self._soon.stop()
        self._beside.close()

    def _on_trace_changed(self) -> None:
        self._soon.stop()
        self._beside.cancel()
        self._seen = -1
        self.model.set_found(())
        self.view.show_sentence("", is_looking=False)
        self.counted.emit(0)
        self._on_changed()

    def _on_changed(self) -> None:
        """A run at full speed is left alone; what it recorded is looked at when it stops."""
        state = self._state
        if state.status in (Status.RECORDING, Status.STARTING):
            self._soon.stop()
            if self._beside.is_busy:
                self._beside.cancel()
                self._seen = -1
        elif state.trace is not None and state.recorded not in (0, self._seen):
            self._soon.start()

    def _on_done(self, result: object) -> None:
        if not isinstance(result, Findings):
            return
        self.model.set_found(result.found)
        self.counted.emit(len(result.found))
        count = len(result.found)
        text = self.tr("%1 findings in %2 iterations.") if count > 1 else self.tr("1 finding in %2 iterations.")
        if not count:
            text = self.tr("No mistakes seen in %2 iterations.")
        if result.looked < result.total:
            more = self.tr("Of a long run its beginning and its end are looked at.")
            text = f"{text} {more}"
        numbers = text.replace("%1", str(count)).replace("%2", str(result.looked))
        self.view.show_sentence(numbers, is_looking=False)

    def _on_failed(self, error: GradstepError) -> None:
        self.view.show_sentence(say(error.told), is_looking=False)

    def _on_progressed(self, done: int, count: int) -> None:
        text = self.tr("Looking for mistakes… %1 of %2 rules")
        self.view.show_sentence(text.replace("%1", str(done)).replace("%2", str(count)), is_looking=True)

    def _on_stop_requested(self) -> None:
        self._beside.cancel()
        self.view.show_sentence(self.tr("Stopped."), is_looking=False)
