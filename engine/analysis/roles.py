"""Roles: what a value is in the textbook ("z1", "a1", "x", "w1", "C", "dC/dz1", "new w1"), for one iteration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..events import Event, Kind, Phase, Slot
from ..trace.reader import Trace
from .families import LOSSES, is_in_place
from .flow import ACCUMULATE, Flow, flow_of, once_a_flow
from .layers import Layers, find_layers
from .names import ValueNames
from .step_symbols import step_symbols
from .symbols import gradient_of

_LOSS_NAMES = frozenset({"c", "loss", "cost", "error", "l", "j"})
_DIFFERENCES = frozenset({"sub", "rsub"})


@dataclass(frozen=True, slots=True)
class Roles:
    """Roles of one iteration; values have their ids, as in `Slot.value`.

    by_role: role -> value. A role that comes twice is the first one's ("dC/dw1" of a second backward pass is
    "dC/dw1[2]", and "new w1" is the last one). of_value: value -> its roles (more than one where the same numbers are
    two things). of_tensor: parameter's tensor id -> "w1", or its own name where it weighs nothing. symbols: value made
    by a forward op -> what to call it, also where it has no role ("p1", "relu(z1)"). inputs: tensor ids of leaves that
    are data. before_bias: product -> the z that is its sum with a bias.
    """

    by_role: Mapping[str, int]
    of_value: Mapping[int, tuple[str, ...]]
    of_tensor: Mapping[int, str]
    symbols: Mapping[int, str]
    inputs: frozenset[int]
    before_bias: Mapping[int, int]

    def role(self, value: int) -> str:
        """The first role of a value, "" where it has none."""
        return self.of_value.get(value, ("",))[0]

    def symbol(self, value: int) -> str:
        """What to call a value: its role, or a readable symbol, or ""."""
        return self.role(value) or self.symbols.get(value, "")


def roles(trace: Trace, iteration: int) -> Roles:
    """The roles of an iteration, as far as it is recorded."""
    return roles_of(flow_of(trace, iteration))


@once_a_flow
def roles_of(flow: Flow) -> Roles:
    """The roles of a flow's iteration."""
    return _Collector(flow).roles()


class _Collector:
    """Gives out roles in the order forward, loss, parameters, gradients, updates."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._names = ValueNames(flow.trace)
        self._layers: Layers = find_layers(flow)
        self._by_role: dict[str, int] = {}
        self._of_value: dict[int, list[str]] = {}
        self._of_tensor: dict[int, str] = {}
        self._of_written: dict[int, str] = {}

    def roles(self) -> Roles:
        self._give_layers()
        losses = self._find_losses()
        self._give_target()
        self._give_parameters()
        self._give_updates()
        self._give_edits({})
        of_value = {value: tuple(found) for value, found in self._of_value.items()}
        symbols = step_symbols(self._flow, of_value, self._layers.pooled, self._names)
        self._give_gradients(symbols, losses)
        self._give_edits(symbols)
        leaves = self._flow.leaves
        return Roles(
            self._by_role,
            {value: tuple(found) for value, found in self._of_value.items()},
            self._of_tensor,
            symbols,
            frozenset(leaves[value] for value in self._layers.inputs if value in leaves),
            self._layers.before_bias,
        )

    def _give(self, value: int, role: str, *, again: bool = False) -> None:
        found = self._of_value.setdefault(value, [])
        if role not in found:
            found.append(role)
        if again:
            self._by_role[role] = value
        else:
            self._by_role.setdefault(role, value)

    def _give_layers(self) -> None:
        for n, value in enumerate(self._layers.inputs, 1):
            self._give(value, "x" if n == 1 else f"x[{n}]")
            self._give_name(value)
        for letter, found in (("z", self._layers.z), ("a", self._layers.a)):
            for value, use in found.items():
                self._give(value, use.role(letter))

    def _give_name(self, value: int) -> None:
        """Data may also be asked for by the script's own name for it."""
        made = self._flow.made.get(value)
        name = self._names.variable(made[0]) if made is not None else self._names.variable_of_value(value)
        if name:
            self._give(value, name)

    def _find_losses(self) -> frozenset[int]:
        """C: what backward passes start from if it is one number, else what a loss function returned."""
        starts = [self._started_from(event) for event in self._flow.events if event.kind == Kind.NODE]
        found = list(dict.fromkeys(value for value in starts if value is not None))
        if not found:
            found = [s.value for e in self._flow.ops if self._is_loss(e) for s in e.outputs[:1] if s.value is not None]
        for n, value in enumerate(found, 1):
            self._give(value, "C" if n == 1 else f"C[{n}]")
        return frozenset(found)

    def _started_from(self, event: Event) -> int | None:
        """The value of one number that a backward pass starts from, if this event is where it starts."""
        if event.node is None or not event.inputs or self._flow.senders(event, (event.node, event.inputs[0].index)):
            return None
        value = self._flow.value_at((event.node, event.inputs[0].index))
        seed = event.inputs[0].value
        if value is None or seed is None or self._flow.trace.value(seed).numel != 1:
            return None
        return value

    def _is_loss(self, event: Event) -> bool:
        if event.name in LOSSES:
            return True
        if any(slot.node is not None for slot in event.outputs) or not self._layers.z:
            return False
        out = event.outputs[0].value
        is_named = self._names.variable(event).lower() in _LOSS_NAMES
        return is_named and out is not None and self._flow.trace.value(out).numel == 1

    def _give_target(self) -> None:
        """t: a loss function's second argument, or what the last layer's output is compared with by a difference."""
        for event in self._flow.ops:
            target = self._target_of(event)
            if target is not None:
                self._give(target, "t")
                name = self._names.argument(event, next(s.name for s in event.inputs if s.value == target))
                if name.isidentifier():
                    self._give(target, name)
                self._give_name(target)

    def _target_of(self, event: Event) -> int | None:
        if event.name in LOSSES:
            slot = next((slot for slot in event.inputs if slot.name in ("1", "target")), None)
            return slot.value if slot is not None and slot.value is not None and self._is_data(slot.value) else None
        operands = [slot.value for slot in event.inputs if slot.value is not None]
        if event.name not in _DIFFERENCES or len(operands) != 2:
            return None
        outputs = {*self._last(self._layers.z), *self._last(self._layers.a)}
        for output, target in (operands, reversed(operands)):
            if self._flow.origin(output) in outputs and self._is_data(target) and target not in self._layers.inputs:
                return target
        return None

    def _last(self, found: Mapping[int, object]) -> list[int]:
        """The values of the last layer."""
        layers = {value: use.layer for value, use in {**self._layers.z, **self._layers.a}.items()}
        last = max(layers.values(), default=0)
        return [value for value in found if layers[value] == last]

    def _is_data(self, value: int) -> bool:
        """Whether a value is neither computed by the network nor a parameter of it."""
        base = self._flow.origin(value)
        return base not in self._flow.leaves and not self._flow.is_computed(base)

    def _give_parameters(self) -> None:
        for letter, found in (("w", self._layers.weights), ("b", self._layers.biases)):
            for (kind, key), layer in found.items():
                if kind == "tensor":
                    self._of_tensor.setdefault(key, f"{letter}{layer}")
                else:
                    self._of_written[key] = f"{letter}{layer}"
                    self._give(key, f"{letter}{layer}")
        if not self._flow.is_tracked:
            self._give_written()
        data = {self._flow.leaves[value] for value in self._layers.inputs if value in self._flow.leaves}
        self._of_tensor.update(dict.fromkeys(data, "x"))
        for value in self._used_leaves():
            tensor = self._flow.leaves[value]
            if tensor not in self._of_tensor:
                self._of_tensor[tensor] = self._own_name(tensor)
            if tensor not in data:
                self._give(value, self._of_tensor[tensor])

    def _give_written(self) -> None:
        """Without autograd, what an update overwrites is called as the script calls it."""
        for event in self._flow.events:
            old = event.inputs[0].value if event.inputs else None
            if event.kind != Kind.OP or event.phase != Phase.UPDATE or not is_in_place(event) or old is None:
                continue
            name = self._names.variable(event)
            if name and old not in self._of_written and name not in self._by_role:
                self._of_written[old] = name
                self._give(old, name)

    def _used_leaves(self) -> list[int]:
        """Values of leaves in the order in which forward ops, then updates, read them."""
        updates = [event for event in self._flow.events if event.kind == Kind.UPDATE]
        used = [slot.value for event in (*self._flow.ops, *updates) for slot in event.inputs]
        return list(dict.fromkeys(value for value in used if value is not None and value in self._flow.leaves))

    def _own_name(self, tensor: int) -> str:
        """A parameter's name, with a number where another one of this iteration has the same."""
        known = self._flow.trace.tensor(tensor)
        name = (known.name if known is not None else "") or f"parameter {tensor}"
        if name in self._by_role and name not in self._of_tensor.values():
            # A table of vectors may be called C, which is the loss's symbol.
            name = f"parameter {name}"
        n = 1
        while (name if n == 1 else f"{name}[{n}]") in self._of_tensor.values():
            n += 1
        return name if n == 1 else f"{name}[{n}]"

    def _give_gradients(self, symbols: Mapping[int, str], losses: frozenset[int]) -> None:
        for event in self._flow.events:
            if event.kind == Kind.NODE:
                self._give_node_gradients(event, symbols, losses)
            elif event.kind == Kind.OP and event.name == "grad":
                self._give_returned_gradients(event, symbols)
        if self._flow.coming is not None:
            self._give_arrived(self._flow.coming, symbols)

    def _give_arrived(self, event: Event, symbols: Mapping[int, str]) -> None:
        """At a stop before a node: what has arrived there, also what a pass was told to start from.

        The 1 that it starts from at one number is left out: which of them is C is known once the node has run.
        """
        if event.kind != Kind.NODE or event.node is None:
            return
        for slot in event.inputs:
            value = self._flow.value_at((event.node, slot.index))
            if slot.value is not None and value is not None and self._flow.trace.value(slot.value).numel != 1:
                self._give_value_gradient(slot.value, value, symbols)

    def _give_node_gradients(self, event: Event, symbols: Mapping[int, str], losses: frozenset[int]) -> None:
        node = self._flow.node(event.node)
        if node is None:
            return
        if node.name == ACCUMULATE:
            if node.tensor in self._of_tensor and event.inputs and event.inputs[0].value is not None:
                self._give_parameter_gradient(event.inputs[0].value, self._of_tensor[node.tensor])
            return
        for slot in event.inputs:
            value = self._flow.value_at((node.id, slot.index))
            if slot.value is not None and value is not None and value not in losses:
                self._give_value_gradient(slot.value, value, symbols)
        for slot in event.outputs:
            if slot.node is None or slot.value is None or self._flow.senders(event, (slot.node, slot.index)) != 1:
                continue
            value = self._flow.value_at((slot.node, slot.index))
            target = self._flow.node(slot.node)
            if value is not None:
                self._give_value_gradient(slot.value, value, symbols)
            elif target is not None and target.name == ACCUMULATE and target.tensor in self._of_tensor:
                self._give_parameter_gradient(slot.value, self._of_tensor[target.tensor])

    def _give_value_gradient(self, gradient: int, value: int, symbols: Mapping[int, str]) -> None:
        symbol = self._of_value.get(value, [""])[0] or symbols.get(value, "")
        if symbol:
            self._give(gradient, gradient_of(symbol))

    def _give_parameter_gradient(self, gradient: int, symbol: str) -> None:
        """A later backward pass of the same iteration gets a number: "dC/dw1[2]"."""
        role = gradient_of(symbol)
        n = 1
        while self._by_role.get(role, gradient) != gradient:
            n += 1
            role = f"{gradient_of(symbol)}[{n}]"
        self._give(gradient, role)

    def _give_returned_gradients(self, event: Event, symbols: Mapping[int, str]) -> None:
        """torch.autograd.grad returns one gradient for each tensor of its second argument."""
        asked: list[Slot] = [slot for slot in event.inputs if slot.name == "1" or slot.name.startswith("1.")]
        for slot, gradient in zip(asked, event.outputs, strict=False):
            if slot.value is None or gradient.value is None or gradient.value in self._of_value:
                continue
            tensor = self._flow.leaves.get(slot.value)
            if tensor is not None:
                self._give_parameter_gradient(gradient.value, self._of_tensor[tensor])
            else:
                self._give_value_gradient(gradient.value, slot.value, symbols)

    def _give_updates(self) -> None:
        for event in self._flow.events:
            role = self._updated(event)
            if role and event.outputs and event.outputs[0].value is not None:
                self._give(event.outputs[0].value, f"new {role}", again=True)

    def _give_edits(self, symbols: dict[int, str]) -> None:
        """What was changed by hand is called what it was called before, and that name means the new value."""
        for event in self._flow.events:
            if event.kind != Kind.EDIT or not event.inputs or not event.outputs:
                continue
            old, new = event.inputs[0].value, event.outputs[0].value
            if old is None or new is None:
                continue
            for role in self._of_value.get(old, ()):
                self._give(new, role, again=True)
            if old in symbols:
                symbols.setdefault(new, symbols[old])

    def _updated(self, event: Event) -> str:
        """The role of the parameter that an event changed."""
        old = event.inputs[0].value if event.inputs else None
        new = event.outputs[0].value if event.outputs else None
        if event.kind == Kind.UPDATE and event.tensor is not None:
            if event.tensor not in self._of_tensor:
                self._of_tensor[event.tensor] = self._own_name(event.tensor)
            return self._of_tensor[event.tensor]
        if event.kind == Kind.OP and is_in_place(event) and old in self._of_written and new is not None:
            self._of_written[new] = self._of_written[old]
            return self._of_written[old]
        return ""
