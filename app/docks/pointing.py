"""Points out what a lesson's stop is about, with the same corners in every panel that shows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.docks import choosing
from app.docks.reading import Reading
from app.models.built_scene import BuiltScene
from app.models.pointed_places import PointedPlaces, pointed_places
from app.models.term_refs import VALUE_REF
from app.plots.loss_curve import LossCurve
from app.state import NOTHING, Selection
from app.views.canvas.view import GraphCanvas
from app.views.console import Console
from app.views.equation.view import EquationView
from app.views.tensor.view import TensorView
from app.views.timeline import Timeline
from app.views.watches import WatchesView
from engine.lessons.moments import Moment as LessonMoment
from engine.lessons.pointed import Pointed
from engine.session.moment import Moment
from engine.session.place import Place
from engine.trace.reader import Trace

_SHOWS_WHAT_IS_CHOSEN = ("tensor", "call_tree")


@dataclass(frozen=True, slots=True)
class PointingViews:
    """Where something can be pointed out."""

    canvas: GraphCanvas
    equation: EquationView
    tensor: TensorView
    console: Console
    reading: Reading
    timeline: Timeline
    loss: LossCurve
    watches: WatchesView


@dataclass(frozen=True, slots=True)
class PointedStop:
    """What a stop points out. view: the panel in front. moment: its place in the run. trace: the run's file."""

    pointed: tuple[Pointed, ...]
    view: str
    moment: LessonMoment
    is_revealed: bool
    trace: Path

    def is_at(self, place: Place) -> bool:
        """Whether this is its place."""
        quantity = self.moment.quantity
        if quantity is not None and place.quantity is not None:
            return (place.iteration, place.quantity) == (self.moment.iteration, quantity.index + self.is_revealed)
        return place.position == (self.moment.known_at if self.is_revealed else self.moment.position)


class Pointing(QObject):
    """Knows what the stop points out, and finds it again when the graph is another.

    Signals:
        changed(): something else is to be pointed out. selection_wanted(selection): the panel in front shows what is
        selected, so the thing itself shall be.
    """

    changed = Signal()
    selection_wanted = Signal(object)

    def __init__(self, views: PointingViews, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._views = views
        self._stop: PointedStop | None = None
        self._is_late = False
        self._chosen = NOTHING

    def show_stop(self, stop: PointedStop) -> None:
        """Another stop, or the same one after its question was answered."""
        self._stop, self._is_late, self._chosen = stop, True, NOTHING
        self.changed.emit()

    def clear(self) -> None:
        """Nothing is pointed out any more."""
        self._stop, self._is_late, self._chosen = None, False, NOTHING
        self._draw(PointedPlaces())

    def show(self, trace: Trace, built: BuiltScene, moment: Moment, selected: Selection) -> None:
        """The panels show this place now."""
        stop = self._stop
        if stop is None or trace.path != stop.trace:
            self._draw(PointedPlaces())
            return
        if self._is_late and stop.is_at(moment.place):
            self._is_late = False
            self._draw(PointedPlaces())  # drawn anew, so that it is brought into view
            self._chosen = _choice(stop, trace, built, moment)
            self.selection_wanted.emit(self._chosen)
        self._draw(pointed_places(stop.pointed, built, stop.view))
        self._views.tensor.head.set_pointed(self._chosen != NOTHING and selected == self._chosen)

    def _draw(self, places: PointedPlaces) -> None:
        views = self._views
        views.canvas.set_pointed(places.cards, places.pills)
        views.equation.set_pointed(places.refs)
        views.reading.set_pointed(places.spans)
        views.console.set_pointed(places.words)
        views.timeline.set_pointed(places.steps)
        views.loss.set_pointed(places.has_loss)
        views.watches.set_pointed(places.names)
        if places == PointedPlaces():
            views.tensor.head.set_pointed(False)


def _choice(stop: PointedStop, trace: Trace, built: BuiltScene, moment: Moment) -> Selection:
    """The first thing that may be seen; what is to be predicted may not."""
    if stop.view not in _SHOWS_WHAT_IS_CHOSEN:
        return NOTHING
    for one in stop.pointed:
        if one.is_known and one.quantity is not None and one.quantity < len(moment.steps):
            return replace(choosing.of_quantity(built, moment.steps[one.quantity]), element=one.element)
        if one.is_known and one.value is not None:
            return replace(choosing.of_ref(trace, built, moment, f"{VALUE_REF}{one.value}"), element=one.element)
    return NOTHING
