"""The numbers of a network of neurons at a place: z, a and their gradients of one sample, weights before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.models.built_scene import BuiltScene, CardFacts, Known
from app.models.neuron_net import NeuronLayer, NeuronNet
from app.models.scene import PillState
from engine.session.place import Place
from engine.trace.reader import Trace

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ParameterNumbers:
    """A parameter at a place. old: before this iteration's update; new: after it, None until it has happened.

    grad: of the loss, None until it is known. Weights are (out, in) whatever the script's own way is.
    """

    old: Numbers | None
    grad: Numbers | None
    new: Numbers | None
    state: PillState

    @property
    def now(self) -> Numbers | None:
        """What the parameter is at this place."""
        return self.old if self.new is None else self.new


@dataclass(frozen=True, slots=True, eq=False)
class UnitNumbers:
    """A column at a place, one number a unit; None for what is not known yet."""

    z: Numbers | None = None
    a: Numbers | None = None
    grad_z: Numbers | None = None
    grad_a: Numbers | None = None


@dataclass(frozen=True, slots=True, eq=False)
class NeuronState:
    """All numbers of a network at a place. columns: the input (in `a`), then each layer."""

    columns: tuple[UnitNumbers, ...]
    weights: tuple[ParameterNumbers, ...]
    biases: tuple[ParameterNumbers | None, ...]
    loss: float | None


class NeuronStates:
    """Reads the numbers of one network; arrays are small and are kept."""

    def __init__(self, trace: Trace, built: BuiltScene, net: NeuronNet) -> None:
        self._trace = trace
        self._built = built
        self._net = net
        self._arrays: dict[int, Numbers | None] = {}

    def state(self, place: Place, pills: Mapping[str, PillState], sample: int) -> NeuronState:
        """The numbers at a place. sample: row of the batch; pills: the states of the scene's pills there."""
        value, grad = self._of_card(self._net.x, place, sample)
        columns = [UnitNumbers(a=value, grad_a=grad)]
        for layer in self._net.layers:
            z, grad_z = self._of_card(layer.z, place, sample)
            a, grad_a = self._of_card(layer.a, place, sample) if layer.a is not None else (None, None)
            columns.append(UnitNumbers(z, a, grad_z, grad_a))
        loss, _ = self._of_card(self._net.loss, place, 0) if self._net.loss is not None else (None, None)
        return NeuronState(
            tuple(columns),
            tuple(self._weight(layer, place, pills) for layer in self._net.layers),
            tuple(
                self._parameter(layer.bias, place, pills, layer.units) if layer.bias is not None else None
                for layer in self._net.layers
            ),
            float(loss[0]) if loss is not None and loss.size == 1 else None,
        )

    def _of_card(self, card: str, place: Place, sample: int) -> tuple[Numbers | None, Numbers | None]:
        facts = self._built.cards.get(card, CardFacts())
        value = facts.value if facts.value is not None and facts.value.is_revealed(place) else None
        return self._row(value, sample), self._row(_latest(facts.grads, place), sample)

    def _row(self, known: Known | None, sample: int) -> Numbers | None:
        array = self._array(known.value) if known is not None else None
        if array is None:
            return None
        rows = array.reshape(-1, array.shape[-1]) if array.ndim else array.reshape(1, 1)
        return rows[min(sample, len(rows) - 1)] if len(rows) else None

    def _weight(self, layer: NeuronLayer, place: Place, pills: Mapping[str, PillState]) -> ParameterNumbers:
        found = self._parameter(layer.weight, place, pills, None)
        if not layer.transposed:
            return found
        old, grad, new = (None if one is None else one.T for one in (found.old, found.grad, found.new))
        return ParameterNumbers(old, grad, new, found.state)

    def _parameter(
        self, pill: str, place: Place, pills: Mapping[str, PillState], units: int | None
    ) -> ParameterNumbers:
        facts = self._built.pills[pill]
        new = _latest(facts.updates, place)
        box = next((change for change in reversed(facts.boxes) if change.at.is_revealed(place)), None)
        arrays = (
            self._array(facts.value),
            self._array(box.at.value) if box is not None and box.at.value >= 0 else None,
            self._array(new.value) if new is not None else None,
        )
        old, grad, last = (one if one is None or units is None else np.resize(one.reshape(-1), units) for one in arrays)
        return ParameterNumbers(old, grad, last, pills.get(pill, PillState()))

    def _array(self, value: int | None) -> Numbers | None:
        if value is None:
            return None
        if value not in self._arrays:
            found = self._trace.array(value)
            self._arrays[value] = None if found is None else np.asarray(found, dtype=np.float64)
        return self._arrays[value]


def _latest(known: tuple[Known, ...], place: Place) -> Known | None:
    return next((one for one in reversed(known) if one.is_revealed(place)), None)
