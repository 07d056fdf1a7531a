"""All views of what is open, and how they are told: whatever changed in the state, once an event-loop turn.

NOTE [Pause]
The graph and the timeline follow at once. Lists, texts and tables follow in the next turns of the event loop, one after
the other, so that the graph is painted before and no turn is long; while the mouse drags from place to place, they wait
until it pauses. Where one goes on meanwhile, the graph goes first again and the rest begins anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from app.docks import choosing
from app.docks.debugging import Debugging
from app.docks.demonstrating import Demonstrating
from app.docks.explaining import Explaining
from app.docks.graphing import Graphing
from app.docks.learning import Learning
from app.docks.listing import Listing
from app.docks.losses import Losses
from app.docks.plotting import Plotting
from app.docks.pointing import Pointing, PointingViews
from app.docks.reading import Reading
from app.docks.selecting import Selecting
from app.docks.showing import Showing
from app.docks.waiting import Waiting
from app.docks.watching import Watching
from app.models.ahead import Ahead
from app.models.built_scene import BuiltScene
from app.models.place_words import PlaceWords, words_at
from app.models.plotted import PlotPlace
from app.models.timeline_steps import timeline_steps
from app.settings import Wishes
from app.state import NOTHING, AppState, Status
from app.theme import Theme
from app.views.call_tree import CallTreeView
from app.views.console import Console
from app.views.console_panel import ConsolePanel
from app.views.timeline import Timeline
from engine.analysis.quantities import Quantity
from engine.events import Event, Site
from engine.session.moment import Moment, moment_at
from engine.trace.reader import Trace

_PAUSE_MS = 80
"""A drag that rests for so long pauses; see NOTE [Pause]."""


class Panels(QObject):
    """Holds the views and keeps them true to the state.

    Signals:
        moved(moment), shown(moment): the graph, and then every view, shows the present place; a `Moment`, or None when
        nothing is open.
    """

    moved = Signal(object)
    shown = Signal(object)

    def __init__(
        self, state: AppState, ahead: Ahead, theme: Theme, wishes: Wishes, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._state = state
        self._ahead = ahead
        self._recorded = self._listed = -1
        self._timed: tuple[Quantity, ...] | None = None
        self.graphing = Graphing(theme, self)
        self.canvas = self.graphing.canvas
        self.selecting = Selecting(state, self.graphing)
        self.explaining = Explaining(theme, wishes, self)
        self.equation = self.explaining.panel.view
        self.waiting = Waiting(state, ahead, self.canvas, self)
        self.timeline = Timeline(theme)
        self.reading = Reading(state, theme, self)
        self.source = self.reading.view
        self.call_tree = CallTreeView(theme)
        self.listing = Listing(self.call_tree, theme, self)
        self.console = Console(theme)
        self.console_panel = ConsolePanel(self.console, theme)
        self.showing = Showing(theme, self)
        self.tensor = self.showing.view
        self.plotting = Plotting(theme, self)
        self.loss = self.plotting.loss
        self._losses = Losses(self.loss, self.timeline, self)
        self.watching = Watching(theme, self)
        self.debugging = Debugging(state, theme, self)
        self.learning = Learning(theme, self)
        self.demonstrating = Demonstrating(state, theme, self)
        views = PointingViews(self.canvas, self.equation, self.tensor, self.console, self.reading, self.timeline,
                              self.loss, self.watching.view)  # fmt: skip
        self.pointing = Pointing(views, self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._show_place)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._show_more)
        self._rest: Iterator[None] | None = None
        for changed in (state.place_changed, state.recorded_changed, state.level_changed, state.selection_changed,
                        state.status_changed):  # fmt: skip
            changed.connect(self._soon.start)
        ahead.changed.connect(self._soon.start)
        state.trace_changed.connect(self._on_trace_changed)
        state.place_changed.connect(self._on_place_changed)
        self.learning.closed.connect(lambda: self._losses.show(None))
        self.learning.closed.connect(self.pointing.clear)
        self.learning.closed.connect(self._soon.start)
        self.learning.pointed.connect(self.pointing.show_stop)
        self.pointing.changed.connect(self._soon.start)
        self.pointing.selection_wanted.connect(state.set_selection)
        state.breakpoints_changed.connect(self._show_dots)
        self.debugging.breaking.hits_found.connect(self._show_dots)

    @property
    def views(self) -> dict[str, QWidget]:
        """Those that stand in docks, by the keys of the docks."""
        return {
            "source": self.reading.panel,
            "call_tree": self.listing.panel,
            "console": self.console_panel,
            "tensor": self.tensor,
            "loss": self.plotting.panel,
            "watches": self.watching.view,
            "lesson": self.learning.view,
            "demo": self.demonstrating.view,
            **self.debugging.views,
        }

    @property
    def moment(self) -> Moment | None:
        """What is shown, None when nothing is open."""
        return self.selecting.moment

    @property
    def is_late(self) -> bool:
        """Whether something changed that is not on screen yet."""
        return self._soon.isActive() or self._later.isActive() or self._ahead.iteration is not None

    @property
    def built(self) -> BuiltScene | None:
        """The graph that is shown."""
        return self.graphing.built

    def words(self) -> PlaceWords:
        """Where the present place is."""
        trace, moment = self._state.trace, self.selecting.moment
        if trace is None or moment is None:
            return PlaceWords()
        return words_at(trace, moment, choosing.quantity_of(moment, self._state.selection))

    def set_theme(self, theme: Theme) -> None:
        """Gives every view another theme."""
        for view in (
            self.canvas,
            self.explaining,
            self.timeline,
            self.reading,
            self.call_tree,
            self.listing,
            self.console,
            self.console_panel,
            self.showing,
            self.plotting,
            self.watching,
            self.debugging,
            self.learning,
            self.demonstrating,
        ):
            view.set_theme(theme)

    def _show_place(self) -> None:
        """Shows the present place and selection in the graph; the rest follows, see NOTE [Pause]."""
        trace = self._state.trace
        if trace is None:
            return
        if self._is_only_running():
            self._losses.show(self._answered())
            return
        iteration = max(0, self._state.place.iteration)
        if not self._ahead.has(trace, iteration):
            self._later.stop()
            if self.selecting.moment is None:  # what is there is of another trace
                self.graphing.clear()
            self._ahead.read(trace, iteration, self)
            return
        self._ahead.cancel(self)
        before = self.selecting.moment
        self.selecting.moment = moment = moment_at(trace, self._state.place, self._state.level, self._state.is_live)
        if self.graphing.show_place(trace, moment, grown=self._recorded != self._state.recorded):
            self._show_dots()
        self._recorded = self._state.recorded
        self.canvas.select(self._state.selection.card)
        self._show_timeline(trace)
        self.moved.emit(moment)
        has_moved = before is not None and before.place != moment.place
        is_held = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        self._rest = self._show_rest(trace, moment)
        self._later.start(_PAUSE_MS if has_moved and is_held else 0)

    def _show_more(self) -> None:
        """One part of the rest."""
        if self._soon.isActive() or (self._rest is not None and next(self._rest, self) is None):
            self._later.start(0)

    def _show_rest(self, trace: Trace, moment: Moment) -> Iterator[None]:
        """Shows the present place and selection in everything but the graph, part by part."""
        position = moment.place.position
        self.graphing.show_changes(trace, moment)
        grown = self._listed != self._recorded
        if grown:
            self._listed = self._recorded
            self.call_tree.refresh()
        if grown or self.learning.is_open:
            self._losses.show(self._answered())
        yield
        self._show_source(trace)
        self.console.set_position(position)
        yield
        self.call_tree.set_position(position, None if moment.last is None else moment.last.event)
        self.listing.set_position(position, self._recorded)
        yield
        self.watching.show_place(moment.place)
        self._show_selection(trace)
        yield
        self.shown.emit(moment)
        yield
        self._show_equation(trace)
        if self.built is not None:
            self.pointing.show(trace, self.built, moment, self._state.selection)

    def close(self) -> None:
        """Waits until nothing runs beside the window any more."""
        self.explaining.close()
        self.debugging.close()
        self.listing.close()
        self.showing.close()
        self.learning.close()
        self.plotting.close()

    def show_as_new(self, framing: tuple[float, float, float] | None) -> None:
        """Shows the present place as it would be if one had come straight to it. framing: of the graph."""
        self.canvas.frame(framing)
        self.source.show_afresh()
        newest = (
            None
            if self.selecting.moment is None or self.selecting.moment.last is None
            else self.selecting.moment.last.event
        )
        self.call_tree.show_afresh(self._state.place.position, newest, self._state.selection.position)
        self.console.verticalScrollBar().setValue(self.console.verticalScrollBar().maximum())
        self.equation.verticalScrollBar().setValue(0)

    def show_end(self) -> None:
        """Marks the line at which the script failed, if it did."""
        self.reading.show_failure()

    def site_of(self, position: int | None) -> Site | None:
        """Where in the source an event was called from."""
        trace = self._state.trace
        event = trace.event(position) if trace is not None and position is not None else None
        return None if trace is None or event is None else trace.site(event.site)

    def line_here(self) -> str:
        """The line of what is about to happen, as "hello.py:58"; "" where there is none."""
        trace = self._state.trace
        event = None if trace is None else self._about_to_happen(trace)
        site = None if trace is None or event is None else trace.site(event.site)
        source = None if trace is None or site is None else trace.source(site.source)
        return "" if site is None or source is None else f"{Path(source.path).name}:{site.line}"

    def line_at_hand(self) -> tuple[str, int | None]:
        """(file without links, line): the cursor's if the source has the focus, else what is selected, else here."""
        source, trace = self.source, self._state.trace
        site = self.site_of(self._state.selection.position)
        if trace is not None and site is not None and not source.hasFocus():
            found = trace.source(site.source)
            return ("" if found is None else os.path.realpath(found.path)), site.line
        line = source.cursor_line if source.hasFocus() else source.current_line
        return ("" if source.path is None else os.path.realpath(source.path)), line

    def _is_only_running(self) -> bool:
        """While a script runs on, its place stands still; what it records is shown when it stops."""
        state, moment = self._state, self.selecting.moment
        return state.status is Status.RECORDING and moment is not None and moment.place == state.place

    def _show_dots(self) -> None:
        """Breakpoints on the graph's cards."""
        self.graphing.show_dots(self._state.trace, self._state.breakpoints, self.debugging.breaking.hits)

    def _show_source(self, trace: Trace) -> None:
        """The line of the step that is next; at the end that of the last; and that of what is selected."""
        chosen, call = self._state.selection.position, self._state.selection.call
        event = trace.event(chosen) if chosen is not None else None
        marked = trace.call_site(call) if call is not None else None
        if marked is None and event is not None:
            marked = trace.site(event.site)
        self.reading.show_place(self._about_to_happen(trace), marked)

    def _about_to_happen(self, trace: Trace) -> Event | None:
        moment = self.selecting.moment
        if moment is None:
            return None
        step = moment.next if self._state.place.quantity is not None and not moment.is_over else None
        if step is not None:
            return trace.event(step.event)
        return moment.event or trace.event(self._state.place.position - 1)

    def _show_timeline(self, trace: Trace) -> None:
        moment = self.selecting.moment
        if moment is None:
            return
        if self._timed is None or moment.steps != self._timed:
            self._timed = moment.steps
            self.timeline.set_steps(timeline_steps(moment.steps))
        self.timeline.set_revealed(moment.revealed)
        spans, has_set_up = trace.iterations(), _has_set_up(trace)
        first = spans[has_set_up].number if len(spans) > has_set_up else 0
        self.timeline.set_iterations(first, len(spans) - has_set_up, max(first, moment.place.iteration))

    def _answered(self) -> int | None:
        """The last iteration whose loss is shown while a lesson asks for what is still to come; None: all are."""
        if not self.learning.is_open or self.selecting.moment is None:
            return None
        return self.selecting.moment.place.iteration + self.selecting.moment.has_shown("C") - 1

    def _show_selection(self, trace: Trace) -> None:
        moment, chosen = self.selecting.moment, self._state.selection
        if moment is None:
            return
        counted = len(trace.iterations()) - _has_set_up(trace)
        recorded = 0 if self._state.is_live else self._recorded
        at = chosen.position
        if at is None:
            at = moment.place.position - 1 if moment.last is None else moment.last.event
        self.plotting.show_place(PlotPlace(moment.place.iteration, counted, at, self._answered()), recorded)
        if chosen.position is not None:
            self.call_tree.select(chosen.position)
        self.showing.show_tensor(self.selecting.tensor(trace, moment, chosen), self._recorded, moment.place.iteration)
        if chosen.element is not None:
            self.tensor.select_element(chosen.element)

    def _show_equation(self, trace: Trace) -> None:
        if self.selecting.moment is not None:
            self.explaining.show_place(trace, self.selecting.moment, self._state.selection)

    def _on_place_changed(self) -> None:
        """A step takes the eye along: what was selected by hand is let go."""
        self._state.set_selection(NOTHING)

    def _on_trace_changed(self) -> None:
        trace = self._state.trace
        self.selecting.moment, self._recorded, self._listed = None, -1, -1
        self._ahead.cancel(self)
        self._later.stop()
        self._rest = None
        self.graphing.forget()
        self._losses.set_trace(trace)
        self.call_tree.set_trace(trace)
        self.listing.set_trace(trace)
        self.watching.set_trace(trace)
        self.showing.set_trace(trace)
        self.plotting.set_trace(trace)
        self.reading.set_trace(trace)
        self.console.clear()
        if trace is None:
            self.graphing.clear()
            self.explaining.clear()
            self._timed = None
            self.timeline.set_steps([])
            self.moved.emit(None)
            self.shown.emit(None)
            return
        self._soon.start()


def _has_set_up(trace: Trace) -> bool:
    """Whether the first iteration is the set-up, which is none."""
    spans = trace.iterations()
    return bool(spans) and spans[0].number < 0
