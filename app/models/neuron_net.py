"""Recognises a network of plain layers in a scene: x, then z and a of each layer, with its weights and biases. No Qt.

What counts are the roles, not modules: a network written with raw tensors is recognised as well.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import prod

from app.models.built_scene import BuiltScene
from app.models.scene import Card
from engine.trace.reader import Trace

MOST_UNITS = 16
"""Of one layer: more circles in a column would be too small to hold numbers."""
MOST_LAYERS = 6


@dataclass(frozen=True, slots=True)
class NeuronLayer:
    """One layer. z, a: ids of the cards (a: None without an activation). weight, bias: ids of pills. units: how many.

    transposed: the weight's shape is (in, out), as in `x @ w`, not (out, in), as in `nn.Linear`.
    """

    number: int
    units: int
    z: str
    a: str | None
    activation: str
    weight: str
    bias: str | None
    transposed: bool

    @property
    def out(self) -> str:
        """The card of what the layer hands on."""
        return self.a or self.z


@dataclass(frozen=True, slots=True)
class NeuronNet:
    """Layers from the input to the output. x, loss: ids of cards. samples: rows of a batch."""

    x: str
    inputs: int
    layers: tuple[NeuronLayer, ...]
    loss: str | None
    samples: int

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of each column: 5, 8, 4, 1."""
        return (self.inputs, *(layer.units for layer in self.layers))


def find_neuron_net(trace: Trace, built: BuiltScene) -> NeuronNet | None:
    """The network of an iteration if it is one chain of small layers, else None."""
    return _Search(trace, built).found()


class _Search:
    """Goes along the layers as long as each reads the one before."""

    def __init__(self, trace: Trace, built: BuiltScene) -> None:
        self._trace = trace
        self._built = built
        self._cards = {card.id: card for card in built.scene.cards}
        self._by_symbol: dict[str, Card] = {}
        for card in built.scene.cards:
            self._by_symbol.setdefault(card.symbol, card)
        self._sources: defaultdict[str, list[str]] = defaultdict(list)
        for edge in built.scene.edges:
            self._sources[edge.target].append(edge.source)

    def found(self) -> NeuronNet | None:
        first = self._by_symbol.get("z1")
        x = self._input_of(first) if first is not None else None
        if x is None:
            return None
        inputs = self._units(x)
        layers: list[NeuronLayer] = []
        before, width = x.id, inputs
        while (z := self._by_symbol.get(f"z{len(layers) + 1}")) is not None:
            layer = self._layer(len(layers) + 1, z, before, width)
            if layer is None:
                return None
            layers.append(layer)
            before, width = layer.out, layer.units
        if not 0 < inputs <= MOST_UNITS or not layers or len(layers) > MOST_LAYERS:
            return None
        loss = next((card.id for card in self._cards.values() if card.kind == "loss"), None)
        return NeuronNet(x.id, inputs, tuple(layers), loss, self._samples(x))

    def _layer(self, number: int, z: Card, before: str, width: int) -> NeuronLayer | None:
        units = self._units(z)
        product = z if before in self._sources[z.id] else self._product_of(z)
        if product is None or before not in self._sources[product.id] or not 0 < units <= MOST_UNITS:
            return None
        weight = next((pill.id for pill in product.pills if pill.text == f"w{number}"), None)
        if weight is None:
            return None
        transposed = not product.title.startswith("linear")
        if self._shape_of_pill(weight) != ((width, units) if transposed else (units, width)):
            return None
        a = self._by_symbol.get(f"a{number}")
        if a is not None and (z.id not in self._sources[a.id] or self._units(a) != units):
            return None
        bias = next((pill.id for pill in z.pills if pill.text == f"b{number}"), None)
        name = a.title if a is not None else ""
        return NeuronLayer(number, units, z.id, a.id if a is not None else None, name, weight, bias, transposed)

    def _product_of(self, z: Card) -> Card | None:
        """The product that z is the sum of with a bias, where the two are ops of their own."""
        sources = self._sources[z.id]
        return self._cards[sources[0]] if len(sources) == 1 and z.pills else None

    def _input_of(self, z: Card) -> Card | None:
        for card in (z, self._product_of(z)):
            inputs = [one for one in self._sources[card.id] if self._cards[one].kind == "input"] if card else []
            if len(inputs) == 1:
                return self._cards[inputs[0]]
        return None

    def _shape(self, card: Card) -> tuple[int, ...]:
        value = self._built.value_of_card.get(card.id)
        return () if value is None else self._trace.value(value).shape

    def _units(self, card: Card) -> int:
        """The length of the last axis; 0 for what is no vector and no batch of vectors."""
        shape = self._shape(card)
        return shape[-1] if 0 < len(shape) <= 2 else 0

    def _samples(self, card: Card) -> int:
        return prod(self._shape(card)[:-1])

    def _shape_of_pill(self, pill: str) -> tuple[int, ...]:
        value = self._built.pills[pill].value
        return () if value is None else self._trace.value(value).shape
