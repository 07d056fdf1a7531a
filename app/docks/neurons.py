"""Gives the canvas the neurons of what it shows, where the network is small enough for that view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject

from app.models.built_scene import BuiltScene
from app.models.card_states import CurrentCard
from app.models.neuron_net import NeuronNet, find_neuron_net
from app.models.neuron_states import NeuronStates
from app.models.scene import PillState
from app.views.canvas.view import GraphCanvas
from engine.session.place import Place
from engine.trace.reader import Trace


@dataclass(frozen=True, slots=True)
class _Shown:
    place: Place
    pills: Mapping[str, PillState]
    current: CurrentCard


class Neurons(QObject):
    """Follows the graph; forgets the network when another is shown."""

    def __init__(self, canvas: GraphCanvas, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._net: NeuronNet | None = None
        self._numbers: NeuronStates | None = None
        self._last: _Shown | None = None
        self._sample = 0
        canvas.neurons.sample_requested.connect(self._on_sample_requested)

    def set_graph(self, trace: Trace, built: BuiltScene) -> None:
        """Another graph, or more of the same."""
        net = find_neuron_net(trace, built)
        if net is None or self._net is None or net.sizes != self._net.sizes:
            self._sample = 0
        self._net = net
        self._numbers = NeuronStates(trace, built, net) if net is not None else None
        self._canvas.set_has_neurons(net is not None)

    def show(self, place: Place, pills: Mapping[str, PillState], current: CurrentCard) -> None:
        """The numbers at a place. pills: the states of all of the scene's pills there."""
        self._last = _Shown(place, pills, current)
        if self._net is None or self._numbers is None:
            return
        state = self._numbers.state(place, pills, self._sample)
        self._canvas.neurons.show_state(self._net, state, current.symbol, current.direction, self._sample)

    def clear(self) -> None:
        """Nothing is open."""
        self._net = self._numbers = self._last = None
        self._canvas.set_has_neurons(False)

    def _on_sample_requested(self, sample: int) -> None:
        self._sample = sample
        if self._last is not None:
            self.show(self._last.place, self._last.pills, self._last.current)
