"""Keeps the graph true to the place: the scene of the iteration, and in it what a step concerns."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject

from app.docks.neurons import Neurons
from app.models.breakpoints import Hits
from app.models.built_scene import BuiltScene
from app.models.card_breakpoints import card_dots
from app.models.card_states import CardStates
from app.models.scene import Scene
from app.models.scene_builder import build_scene
from app.models.scene_changes import SceneChanges, changes_since
from app.models.update_rows import update_row
from app.theme import Theme
from app.views.canvas.view import GraphCanvas
from engine.session.moment import Moment
from engine.trace.reader import Trace
from engine.wire.breakpoints import Breakpoint


class Graphing(QObject):
    """Owns the canvas. built: the graph that is shown, None where there is none."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.canvas = GraphCanvas(theme)
        self.built: BuiltScene | None = None
        self._before: BuiltScene | None = None
        self._is_compared = True
        self._states: CardStates | None = None
        self._neurons = Neurons(self.canvas, self)

    def show_place(self, trace: Trace, moment: Moment, *, grown: bool) -> bool:
        """Shows a place; True if that took another scene. grown: more is recorded than before."""
        place, before = moment.place, self.built
        is_new = before is None or grown or before.iteration != place.iteration
        built = build_scene(trace, max(0, place.iteration), before) if before is None or is_new else before
        if is_new or self._states is None:
            self.built, self._before, self._is_compared = built, before, False
            self._states = CardStates(trace, built)
            self._neurons.set_graph(trace, built)
            if before is None or before.iteration != built.iteration:
                self.canvas.show_changes(SceneChanges())
            if before is None or before.scene != built.scene:
                self.canvas.set_scene(built.scene)
        changes, current = self._states.changes(place), self._states.current(place)
        self.canvas.set_states(changes.cards, changes.pills)
        self.canvas.set_current(current.card, current.direction)
        self._neurons.show(place, self._states.pills, current)
        self.canvas.show_update(update_row(trace, built, place))
        return is_new

    def show_changes(self, trace: Trace, moment: Moment) -> None:
        """Marks what the iteration before did not have, and what it had more."""
        if self.built is not None and not self._is_compared:
            self._is_compared = True
            self.canvas.show_changes(changes_since(trace, self.built, self._before, is_growing=moment.is_growing))

    def show_dots(
        self, trace: Trace | None, breakpoints: tuple[Breakpoint, ...], hits: Mapping[Breakpoint, Hits]
    ) -> None:
        """Breakpoints on the cards."""
        if trace is not None and self.built is not None:
            self.canvas.set_breakpoints(card_dots(trace, self.built, breakpoints, hits))

    def forget(self) -> None:
        """Another trace is open: the next place is shown in a scene of its own."""
        self.built = self._before = self._states = None
        self._is_compared = True

    def clear(self) -> None:
        """Nothing is open."""
        self.forget()
        self.canvas.set_scene(Scene())
        self._neurons.clear()
