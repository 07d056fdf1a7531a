"""What is selected when something in a panel is chosen, and which tensor that is, as far as the place knows it."""

from __future__ import annotations

from dataclasses import replace

from app.docks import choosing
from app.docks.graphing import Graphing
from app.models.scene_part import ScenePart
from app.models.tensor_choice import shown_quantity, shown_value
from app.models.tensor_shown import TensorMissing, TensorShown
from app.state import NOTHING, AppState, Selection
from engine.session.moment import Moment
from engine.trace.reader import Trace


class Selecting:
    """Knows the place that is shown. moment: that place, None where nothing is open."""

    def __init__(self, state: AppState, graphing: Graphing) -> None:
        self._state = state
        self._graphing = graphing
        self.moment: Moment | None = None

    def of_card(self, card: str) -> Selection:
        """What is selected when a card is."""
        trace, built = self._state.trace, self._graphing.built
        return NOTHING if trace is None or built is None else choosing.of_card(trace, built, card)

    def of_part(self, part: ScenePart) -> Selection:
        """What is selected when a part of the graph is."""
        trace, built = self._state.trace, self._graphing.built
        if trace is None or built is None or self.moment is None:
            return NOTHING
        return choosing.of_part(trace, built, self.moment, part)

    def of_event(self, position: int, call: int | None = None) -> Selection:
        """What is selected when an event is, or the module call that begins with it."""
        trace, built = self._state.trace, self._graphing.built
        if trace is None or built is None or self.moment is None:
            return NOTHING
        return replace(choosing.of_event(trace, built, self.moment, position), call=call)

    def of_ref(self, ref: str) -> Selection:
        """What is selected when a term of the equation is."""
        trace, built = self._state.trace, self._graphing.built
        if trace is None or built is None or self.moment is None:
            return NOTHING
        return choosing.of_ref(trace, built, self.moment, ref)

    def of_element(self, element: tuple[int, ...]) -> Selection:
        """What is selected when a cell of the shown tensor is: the same as before, and the cell in it."""
        chosen, moment, built = self._state.selection, self.moment, self._graphing.built
        if chosen == NOTHING and built is not None and moment is not None and moment.last is not None:
            chosen = choosing.of_quantity(built, moment.last)
        return replace(chosen, element=element)

    def tensor(self, trace: Trace, moment: Moment, chosen: Selection) -> TensorShown | TensorMissing | None:
        """What is selected, as far as it is known here; else the newest number."""
        iteration = max(0, moment.place.iteration)
        if chosen.quantity is not None and chosen.quantity < len(moment.steps):
            step = moment.steps[chosen.quantity]
            return shown_quantity(trace, iteration, step) if chosen.quantity < moment.revealed else None
        if chosen.value is not None:
            return shown_value(trace, iteration, chosen.value, chosen.symbol) if self._is_known(chosen.value) else None
        return None if moment.last is None else shown_quantity(trace, iteration, moment.last)

    def _is_known(self, value: int) -> bool:
        """Whether a value exists at this place: those that a card will show only later are not there yet."""
        built, place = self._graphing.built, self._state.place
        card = built.card_of_value.get(value) if built is not None else None
        facts = built.cards.get(card) if built is not None and card is not None else None
        return facts is None or facts.value is None or facts.value.is_revealed(place)
