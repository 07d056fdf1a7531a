"""What a picture of neurons is made of: the network, its numbers at a place, where its parts stand, what is current."""

from __future__ import annotations

from dataclasses import dataclass

from app.models.neuron_net import NeuronNet
from app.models.neuron_states import NeuronState
from app.models.scene import Phase
from app.views.canvas.neuron_places import NeuronPlaces


@dataclass(frozen=True, slots=True)
class NeuronScene:
    """What is drawn.

    symbol: of the quantity revealed last ("dC/dw2"), "" for none. hovered: column and unit. selected: id of a card.
    """

    net: NeuronNet
    state: NeuronState
    places: NeuronPlaces
    symbol: str
    phase: Phase
    hovered: tuple[int, int] | None = None
    selected: str | None = None

    def cards_of(self, column: int) -> tuple[str | None, ...]:
        """The ids of the cards that a column stands for."""
        layer = self.net.layers[column - 1]
        return (self.net.x,) if column == 0 else (layer.z, layer.a)


def is_current(symbol: str, letters: str, number: int) -> bool:
    """Whether a quantity's symbol is one of these letters of a layer: "a1" and "dC/da1" are of ("za", 1)."""
    bare = symbol.removeprefix("new ").removeprefix("dC/d").partition("[")[0]
    if "'(" in bare:
        bare = bare.partition("(")[2].rstrip(")")
    return bool(bare) and bare[0] in letters and bare[1:] == str(number)
