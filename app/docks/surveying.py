"""Works the loss surface out beside the window, for the iteration and the two numbers that are looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.jobs import Beside, Ticket
from app.language import say
from app.models.plotted import PlotPlace
from app.theme import Theme
from app.views.plots.surface_pane import SurfacePane
from engine.analysis.moved.surface import Axis, Surface, axes_of, surface, usual_axes
from engine.analysis.symbols import words_of
from engine.errors import GradstepError
from engine.trace.reader import Trace


@dataclass(frozen=True, slots=True)
class _Question:
    path: Path
    iteration: int
    first: Axis
    second: Axis
    zoom: float
    iterations: int


class Surveying(QObject):
    """Owns the pane of the loss surface.

    Signals:
        progressed(done, count): how far along it is.
    """

    progressed = Signal(int, int)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pane = SurfacePane(theme)
        self._trace: Trace | None = None
        self._iteration = -1
        self._iterations = 0
        self._place = PlotPlace()
        self._axes: list[Axis] = []
        self._question: _Question | None = None
        self._beside = Beside(self)
        self._beside.done.connect(self._on_done)
        self._beside.failed.connect(self._on_failed)
        self._beside.progressed.connect(self.progressed)
        self.pane.choice_changed.connect(self.look)

    @property
    def is_working(self) -> bool:
        """Whether a surface is still to come."""
        return self._beside.is_busy

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self.pane.set_theme(theme)

    def set_trace(self, trace: Trace | None) -> None:
        """Another trace is open, or none."""
        self._beside.cancel()
        self._trace, self._question, self._axes, self._iteration = trace, None, [], -1
        self.pane.zoom = 1.0
        self.pane.plot.set_surface(None, ("", ""), self.tr("Nothing is open."))

    def show_place(self, place: PlotPlace) -> None:
        """Marks the current iteration; a surface is worked out when `look` is called."""
        self._iterations = place.iterations
        self._iteration, self._place = max(0, place.shown), place
        self.pane.plot.set_current(place.shown if place.shown >= 0 else None)

    def look(self) -> None:
        """Begins the surface of the present iteration, unless it is the one that is shown."""
        trace = self._trace
        if trace is None:
            return
        if self._place.shown < 0 <= self._place.iteration:
            self._say_nothing(self.tr("The answers are shown once the loss of this iteration is."))
            return
        axes = axes_of(trace, self._iteration)
        usual = usual_axes(axes)
        if usual is None:
            self._say_nothing(self.tr("This iteration has no two trained numbers over which its loss could be drawn."))
            return
        if axes != self._axes:
            self._axes = axes
            self.pane.offer([_name(axis) for axis in axes], axes.index(usual[0]), axes.index(usual[1]))
        first, second = (axes[place] for place in self.pane.chosen)
        question = _Question(trace.path, self._iteration, first, second, self.pane.zoom, self._iterations)
        if question == self._question:
            return
        self._question = question
        if self.pane.plot.surface is None:
            self.pane.plot.set_surface(None, ("", ""), self.tr("Replaying the forward pass…"))

        def work(ticket: Ticket) -> Surface:
            with Trace(question.path) as opened:
                return surface(opened, question.iteration, first, second, question.zoom, ticket.went_on)

        self._beside.ask(work)

    def close(self) -> None:
        """Waits until nothing of it runs."""
        self._beside.close()

    def _say_nothing(self, why: str) -> None:
        self._question = None
        self._beside.cancel()
        self.pane.plot.set_surface(None, ("", ""), why)

    def _on_done(self, found: Surface) -> None:
        self.progressed.emit(1, 1)
        if self._place.answered is not None:
            known = found.iterations <= self._place.shown
            found = replace(found, iterations=found.iterations[known], path=found.path[known])
        self.pane.plot.set_surface(found, (_name(found.first), _name(found.second)), "")

    def _on_failed(self, error: GradstepError) -> None:
        # Of a run that goes on, the rest of the iteration may still come.
        self._question = None
        self.progressed.emit(1, 1)
        self.pane.plot.set_surface(None, ("", ""), say(error.told))


def _name(axis: Axis) -> str:
    place = f"[{', '.join(map(str, axis.element))}]" if axis.size > 1 else ""
    return say(words_of(axis.role)) + place
