"""Plays a teacher's demo: keeps its stops beside the trace, goes from one to the next, and says what is said there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QInputDialog

from app.dialogs.demo_stop import DemoStopDialog
from app.models.demo_stops import DemoStopsModel
from app.state import AppState, Selection
from app.theme import Theme
from app.views.demo import DemoView
from engine.errors import GradstepError
from engine.lessons.demo import MOST_STOPS, SUFFIX, Chosen, DemoStop, demo_file, read_demo, write_demo
from engine.session.place import Place

Framing = tuple[float, float, float] | None


class Demonstrating(QObject):
    """Owns the panel of the demo.

    Signals:
        place_wanted(level, place): what is shown shall stand there. framing_wanted(framing): the graph shall be
        seen so, and the rest as if one had come straight here.
        stop_wanted(): the button for another stop. counted(number): so many stops there are now.
        told(text): a sentence for the status bar. failed(error): a `GradstepError`.
    """

    place_wanted = Signal(object, object)
    framing_wanted = Signal(object)
    stop_wanted = Signal()
    counted = Signal(int)
    told = Signal(str)
    failed = Signal(object)

    def __init__(self, state: AppState, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.model = DemoStopsModel(self)
        self.view = DemoView(self.model, theme)
        self._file: Path | None = None
        self._script: Path | None = None
        self._here = -1
        self._stands_at: Place | None = None
        self._is_late = False
        self.view.stop_chosen.connect(self.go_to)
        self.view.edit_requested.connect(self._on_edit_requested)
        self.view.removed.connect(self._on_removed)
        self.view.moved.connect(self._on_moved)
        self.view.add_requested.connect(self.stop_wanted)
        self.view.open_requested.connect(self._on_open_requested)
        self.view.save_requested.connect(self._on_save_requested)
        state.trace_changed.connect(self._on_trace_changed)

    @property
    def has_stops(self) -> bool:
        """Whether there is something to play."""
        return bool(self.model.stops)

    @property
    def words(self) -> str:
        """What is said at the stop at which one stands, "" elsewhere."""
        if self._stands_at is None or self._stands_at != self._state.place or not 0 <= self._here < len(self._stops):
            return ""
        stop = self._stops[self._here]
        return "\n".join(part for part in (stop.note, stop.question) if part)

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self.view.set_theme(theme)

    def add(self, framing: Framing) -> None:
        """Asks for a note and keeps this place, what is selected, and how the graph is seen, after the present stop."""
        state = self._state
        if state.trace is None:
            return
        if len(self._stops) >= MOST_STOPS:
            self.told.emit(self.tr("A demo has at most %1 stops.").replace("%1", str(MOST_STOPS)))
            return
        chosen = asdict(state.selection)
        del chosen["call"]  # of a module call, its first event is kept
        stop = DemoStop(state.place, state.level, Chosen(**chosen), framing)
        asked = self._asked(stop)
        if asked is not None:
            at = self._here + 1 if 0 <= self._here < len(self._stops) else len(self._stops)
            self._stands_at = state.place
            self._keep((*self._stops[:at], asked, *self._stops[at:]), at)
            number = self.tr("Stop %1 of the demo.").replace("%1", str(at + 1))
            kept = self.tr("Save the trace, and the demo is saved with it.") if state.script is not None else ""
            self.told.emit(f"{number} {kept}".rstrip())

    def next(self) -> None:
        """To the next stop."""
        if self._here + 1 < len(self._stops):
            self.go_to(self._here + 1)
        else:
            self.told.emit(self.tr("That was the last stop.") if self.has_stops else self._nothing())

    def previous(self) -> None:
        """To the stop before."""
        if self._here > 0:
            self.go_to(self._here - 1)
        else:
            self.told.emit(self.tr("This is the first stop.") if self.has_stops else self._nothing())

    def ask(self) -> None:
        """Asks for a stop's number and goes there."""
        if not self.has_stops:
            self.told.emit(self._nothing())
            return
        count = len(self._stops)
        title, words = self.tr("Go to a stop"), self.tr("Number of the stop, 1 to %1").replace("%1", str(count))
        number, is_given = QInputDialog.getInt(self.view.window(), title, words, max(1, self._here + 1), 1, count)
        if is_given:
            self.go_to(number - 1)

    def go_to(self, row: int) -> None:
        """Stands where this stop is, as it was kept."""
        state = self._state
        if not 0 <= row < len(self._stops) or state.trace is None:
            return
        stop = self._stops[row]
        if stop.place.position > state.recorded:
            text = self.tr("Stop %1 lies beyond what is recorded so far; Continue (F5) gets there.")
            self.told.emit(text.replace("%1", str(row + 1)))
            return
        before = state.place, state.level, state.selection
        self._here, self._is_late = row, True
        self.place_wanted.emit(stop.level, stop.place)
        state.set_selection(Selection(**asdict(stop.chosen)))
        self._stands_at = state.place
        self.model.set_here(row)
        self.view.choose(row)
        if before == (state.place, state.level, state.selection):
            self.show_place()

    def show_place(self) -> None:
        """The graph stands there now: shows it as the stop has it, once."""
        if self._is_late and 0 <= self._here < len(self._stops):
            self._is_late = False
            self.framing_wanted.emit(self._stops[self._here].framing)
            QTimer.singleShot(0, self, self._tell_stop)  # after what is said of every place

    @property
    def _stops(self) -> tuple[DemoStop, ...]:
        return self.model.stops

    def _tell_stop(self) -> None:
        here, count = str(self._here + 1), str(len(self._stops))
        self.told.emit(self.tr("Stop %1 of %2.").replace("%1", here).replace("%2", count))

    def _nothing(self) -> str:
        return self.tr("There is no demo yet; Add stop to demo begins one.")

    def _asked(self, stop: DemoStop) -> DemoStop | None:
        dialog = DemoStopDialog(stop.note, stop.question, self.view.window())
        is_wanted = dialog.exec() == DemoStopDialog.DialogCode.Accepted
        note, question = dialog.chosen()
        dialog.deleteLater()
        return replace(stop, note=note, question=question) if is_wanted else None

    def _keep(self, stops: Sequence[DemoStop], here: int) -> None:
        """Shows these stops and writes them down."""
        self._show(stops, here)
        if self._file is not None:
            try:
                write_demo(self._file, stops)
            except GradstepError as error:
                self.failed.emit(error)

    def _show(self, stops: Sequence[DemoStop], here: int) -> None:
        self._here = here
        self.model.set_stops(stops, here)
        self.view.choose(here)
        self.counted.emit(len(stops))

    def _on_trace_changed(self) -> None:
        """A demo that lies beside the trace is opened with it; a script that is run again keeps the one that it had."""
        trace, script = self._state.trace, self._state.script
        self._stands_at, self._is_late, self._file = None, False, None
        if trace is None:
            return
        is_again, self._script = script is not None and script == self._script, script
        self._file = demo_file(trace.path)
        if self._file.is_file():
            self._show(self._read(self._file) or (), -1)
        elif is_again and self.has_stops:
            self._keep(self._stops, -1)
        else:
            self._show((), -1)

    def _read(self, file: Path) -> tuple[DemoStop, ...] | None:
        """Its stops; None where they cannot be read, which is told, and then nothing is written there either."""
        try:
            return read_demo(file)
        except GradstepError as error:
            if file == self._file:
                self._file = None
            # What opens clears the notices, and this one is to be read.
            QTimer.singleShot(0, self, partial(self.failed.emit, error))
            return None

    def _on_edit_requested(self, row: int) -> None:
        if 0 <= row < len(self._stops):
            asked = self._asked(self._stops[row])
            if asked is not None:
                self._keep((*self._stops[:row], asked, *self._stops[row + 1 :]), self._here)
                self.view.choose(row)

    def _on_removed(self, row: int) -> None:
        if 0 <= row < len(self._stops):
            here = self._here - 1 if row <= self._here else self._here
            self._stands_at = None if row == self._here else self._stands_at
            self._keep((*self._stops[:row], *self._stops[row + 1 :]), here)
            self.view.choose(min(row, len(self._stops) - 1))

    def _on_moved(self, row: int, by: int) -> None:
        to = row + by
        if 0 <= row < len(self._stops) and 0 <= to < len(self._stops):
            stops = list(self._stops)
            stops.insert(to, stops.pop(row))
            here = {row: to, to: row}.get(self._here, self._here)
            self._keep(stops, here)
            self.view.choose(to)

    def _on_open_requested(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self.view.window(), self.tr("Open a demo"), self._folder(), self._kinds())
        stops = self._read(Path(name)) if name else None
        if stops is not None:
            self._stands_at = None
            self._file = Path(name)
            self._show(stops, -1)

    def _on_save_requested(self) -> None:
        proposal = self._folder() if self._file is None else str(self._file)
        name, _ = QFileDialog.getSaveFileName(self.view.window(), self.tr("Save the demo"), proposal, self._kinds())
        if name:
            path = Path(name) if name.endswith(".json") else Path(f"{name}{SUFFIX}")
            try:
                write_demo(path, self._stops)
                self._file = path
                self.told.emit(self.tr("Saved as %1.").replace("%1", str(path)))
            except GradstepError as error:
                self.failed.emit(error)

    def _folder(self) -> str:
        return "" if self._state.trace is None else str(self._state.trace.path.parent)

    def _kinds(self) -> str:
        return self.tr("Demos of Gradstep (*.demo.json *.json)")
