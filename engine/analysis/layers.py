"""Finds the layers of one iteration: who weighs what with which parameter, and which activation follows.

NOTE [Layers]
A layer is an op that weighs its input with a parameter: linear, a convolution, a matrix product with a parameter, or a
one-number parameter times data. Its result is z, after the addition of a bias if one follows. An activation of z is a;
views, pooling, normalisation and dropout may stand between. Layers are numbered from 1 in the order of their first
use; the same weight used again keeps its number and counts its uses. What does not fit is no layer: rather no role
than a wrong one. So one-number parameters whose products are added up, as in a + b x + c x^2, make no layers.

In a program without autograd nothing says what is a parameter, except that it is overwritten later on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..events import Event, Slot
from .families import CARRIERS, POOLS, PRODUCTS, WEIGHT_SLOTS, is_activation, is_view
from .flow import Flow, slot_named

Key = tuple[str, int]
"""What a weight is told apart by: ("tensor", id) or ("value", id)."""

_SUMS = frozenset({"add", "add_"})
_TURNS = frozenset({"t", "T", "mT", "H", "mH", "transpose", "permute", "adjoint", "swapaxes"})


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a layer: number from 1, use from 1 (greater where its weight is used again, as in time steps)."""

    layer: int
    use: int

    def role(self, letter: str) -> str:
        """The role of one of its values: "z1", or "z1[2]" in its second use."""
        return f"{letter}{self.layer}" + (f"[{self.use}]" if self.use > 1 else "")


@dataclass(frozen=True, slots=True)
class Weighing:
    """An op that weighs: the value that comes in, the weight, the bias if it has one. All are value ids."""

    input: int
    weight: int
    bias: int | None = None


@dataclass(slots=True)
class Layers:
    """What was found. uses: op's position -> its use of a layer.

    z, a: value id -> use. before_bias: product -> its sum with a bias, which is z. pooled: value id -> use of
    the layer it comes from. weights, biases: key -> layer number. inputs: data that a layer weighs, in order.
    """

    uses: dict[int, Use] = field(default_factory=dict)
    z: dict[int, Use] = field(default_factory=dict)
    a: dict[int, Use] = field(default_factory=dict)
    before_bias: dict[int, int] = field(default_factory=dict)
    pooled: dict[int, Use] = field(default_factory=dict)
    weights: dict[Key, int] = field(default_factory=dict)
    biases: dict[Key, int] = field(default_factory=dict)
    inputs: list[int] = field(default_factory=list)


def find_layers(flow: Flow) -> Layers:
    """The layers of an iteration; see NOTE [Layers]."""
    finder = _Finder(flow)
    return _Finder(flow, numbers_weigh=False).found if finder.has_terms else finder.found


def key_of(flow: Flow, value: int) -> Key:
    """What a parameter's value is told apart by: its tensor where that is known."""
    tensor = flow.leaves.get(value)
    return ("value", value) if tensor is None else ("tensor", tensor)


class _Finder:
    """Walks over an iteration's ops once. carried: value id -> use of the layer whose z it comes from.

    numbers_weigh: a one-number parameter times data is a layer. has_terms: such products turned out to be added up.
    """

    def __init__(self, flow: Flow, numbers_weigh: bool = True) -> None:
        self.found = Layers()
        self.has_terms = False
        self._numbers_weigh = numbers_weigh
        self._of_number: set[Use | None] = set()
        self._flow = flow
        self._carried: dict[int, Use] = {}
        self._activated: dict[int, Use] = {}
        self._counts: dict[Key, int] = {}
        self._replaced: dict[int, int] = {}
        self._without_bias: set[int] = set()
        self._input_tensors: set[int] = set()
        for event in flow.events:
            self._note_write(event)
            if flow.is_step(event):
                self._visit(event)
        self._drop_ambiguous_activations()

    def _note_write(self, event: Event) -> None:
        """A weight that is overwritten without autograd stays the same weight."""
        if event.inputs and event.outputs and event.inputs[0].value in self._flow.overwritten:
            old, new = event.inputs[0].value, event.outputs[0].value
            if old is not None and new is not None:
                self._replaced[new] = self._replaced.get(old, old)

    def _visit(self, event: Event) -> None:
        out = event.outputs[0].value
        if out is None:
            return
        weighing = self._weighing(event)
        if weighing is not None:
            self._begin_layer(event, weighing, out)
        elif event.name in _SUMS and self._add_bias(event, out):
            pass
        elif is_activation(event):
            self._activate(event, out)
        elif event.name in CARRIERS or event.name in POOLS or is_view(event):
            self._carry(event, out)
        elif event.name in _SUMS:
            self._join(event, out)

    def _weighing(self, event: Event) -> Weighing | None:
        if event.name in WEIGHT_SLOTS:
            slots = [slot_named(event.inputs, names) for names in WEIGHT_SLOTS[event.name]]
            data, weight, bias = (None if slot is None else slot.value for slot in slots)
            if data is None or weight is None or (event.name.startswith("add") and not self._is_parameter(weight)):
                return None
            return Weighing(data, weight, bias)
        if event.name in PRODUCTS or (event.name == "mul" and self._numbers_weigh):
            operands = [slot.value for slot in event.inputs if slot.value is not None]
            if len(operands) != 2:
                return None
            return self._product(operands[0], operands[1], single=event.name == "mul")
        return None

    def _product(self, left: int, right: int, single: bool) -> Weighing | None:
        """A product of a parameter with something that is none; for mul the parameter must be one number."""
        is_weight = [self._is_parameter(left), self._is_parameter(right)]
        if is_weight[0] == is_weight[1]:
            return None
        data, weight = (right, left) if is_weight[0] else (left, right)
        if single and (self._numel(weight) != 1 or not (self._is_data(data) or data in self._activated)):
            return None
        return Weighing(data, weight)

    def _is_parameter(self, value: int) -> bool:
        flow = self._flow
        base = flow.origin(value)
        if base in flow.leaves:
            # A leaf that a layer took as its data, an x that requires grad, is no parameter.
            return flow.leaves[base] not in self._input_tensors and not self._is_by_hand(value, base)
        if base not in flow.overwritten or (base in flow.made and base not in self._replaced):
            return False
        return not self._is_by_hand(value, base)

    def _is_by_hand(self, value: int, base: int) -> bool:
        """Without autograd, a weight that is turned around after its first use belongs to a backward pass by hand."""
        return not self._flow.is_tracked and self._is_turned(value) and self._key(base) in self.found.weights

    def _is_turned(self, value: int) -> bool:
        while value in self._flow.view_of:
            event, _ = self._flow.made[value]
            if event.name in _TURNS:
                return True
            value = self._flow.view_of[value]
        return False

    def _is_data(self, value: int) -> bool:
        base = self._flow.origin(value)
        return base not in self._flow.leaves and not self._flow.is_computed(base)

    def _numel(self, value: int) -> int:
        return self._flow.value(value).numel

    def _key(self, value: int) -> Key:
        base = self._flow.origin(value)
        return key_of(self._flow, self._replaced.get(base, base))

    def _begin_layer(self, event: Event, weighing: Weighing, out: int) -> None:
        found, key = self.found, self._key(weighing.weight)
        layer = found.weights.setdefault(key, len(found.weights) + 1)
        self._counts[key] = self._counts.get(key, 0) + 1
        use = Use(layer, self._counts[key])
        if weighing.bias is not None:
            found.biases.setdefault(self._key(weighing.bias), layer)
        if not self._flow.is_computed(self._flow.origin(weighing.input)) and weighing.input not in found.inputs:
            found.inputs.append(weighing.input)
            if weighing.input in self._flow.leaves:
                self._input_tensors.add(self._flow.leaves[weighing.input])
        found.uses[event.position] = use
        found.z[out] = self._carried[out] = use
        if event.name == "mul":
            self._of_number.add(use)
        if weighing.bias is None and not event.name.startswith("embedding"):
            self._without_bias.add(out)

    def _add_bias(self, event: Event, out: int) -> bool:
        """z = product + bias. Whether it was one."""
        operands = [slot.value for slot in event.inputs if slot.value is not None]
        if len(operands) != 2:
            return False
        for product, bias in (operands, reversed(operands)):
            use = self._carried.get(product)
            z = self._flow.origin(product)
            if use is None or z not in self._without_bias or not self._is_bias(bias):
                continue
            self._without_bias.discard(z)
            self.found.z.pop(z)
            self.found.before_bias[z] = out
            self.found.z[out] = self._carried[out] = use
            self.found.uses[event.position] = use
            self.found.biases.setdefault(self._key(bias), use.layer)
            return True
        return False

    def _is_bias(self, value: int) -> bool:
        """A parameter with one number a unit (a table of positions has more), that weighs nothing itself."""
        if not self._is_parameter(value) or self._key(value) in self.found.weights:
            return False
        known = self._flow.value(value)
        return known.numel == max(known.shape, default=1)

    def _activate(self, event: Event, out: int) -> None:
        use = self._single_source(event)
        if use is not None:
            self.found.a[out] = self._activated[out] = use
            self.found.uses.setdefault(event.position, use)

    def _carry(self, event: Event, out: int) -> None:
        source = event.inputs[0].value if event.inputs else None
        if source is None:
            return
        outs = [slot.value for slot in event.outputs if slot.value is not None]
        for uses in (self._carried, self._activated):
            if source in uses:
                uses.update(dict.fromkeys(outs, uses[source]))
                if event.name in POOLS:
                    self.found.pooled[out] = uses[source]

    def _single_source(self, event: Event) -> Use | None:
        sources = [slot.value for slot in event.inputs if slot.value is not None]
        return self._carried.get(sources[0]) if sources else None

    def _join(self, event: Event, out: int) -> None:
        """The sum of several activations of the same z is the layer's activation: relu(z) + tanh(z)."""
        if self._of_number.intersection(self._carried.get(value) for value in _values(event.inputs)):
            self.has_terms = True
        uses = {self.found.a.get(value) for value in _values(event.inputs)}
        if len(uses) == 1 and (use := uses.pop()) is not None:
            for value in _values(event.inputs):
                self.found.a.pop(value, None)
            self.found.a[out] = self._activated[out] = use

    def _drop_ambiguous_activations(self) -> None:
        """Two activations of one z that are not joined: neither is called a."""
        by_use: dict[Use, list[int]] = {}
        for value, use in self.found.a.items():
            by_use.setdefault(use, []).append(value)
        for values in by_use.values():
            if len(values) > 1:
                for value in values:
                    del self.found.a[value]


def _values(slots: tuple[Slot, ...]) -> Iterator[int]:
    return (slot.value for slot in slots if slot.value is not None)
