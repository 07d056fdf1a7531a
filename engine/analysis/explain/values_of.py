"""Finds the values that an explanation needs: an op's arguments, what arrived for it, where its gradients went."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...bilingual import NOTHING, Bilingual
from ...events import Event, Kind, Node, Slot
from ..flow import ACCUMULATE, Flow, Place
from ..held_gradients import held_before
from ..names import ValueNames
from ..notation.expression import Kind as Colour
from ..quantities import Quantity
from ..roles import Roles
from ..symbols import gradient_of
from ..table.call import UnfitError
from ..table.case import Operand, Update
from ..table.operation import row_of


@dataclass(frozen=True, slots=True)
class Target:
    """A gradient that a node sent out of its unit: to which argument of the op, and the value in that one's shape.

    part_of: a sentence if it is only a part of the argument's gradient, else nothing.
    """

    wrt: Operand
    gradient: Operand
    part_of: Bilingual


class Values:
    """Looks values up in one iteration and gives them their symbols."""

    def __init__(self, flow: Flow, roles: Roles) -> None:
        self._flow = flow
        self._roles = roles
        self._names = ValueNames(flow.trace)

    def array(self, value: int | None) -> NDArray[Any] | None:
        """The recorded numbers, None where they were not kept."""
        return None if value is None else self._flow.trace.array(value)

    def operands(self, op: Event) -> tuple[Operand, ...]:
        """An op's arguments that are tensors."""
        return tuple(self._operand(op, slot) for slot in op.inputs)

    def _operand(self, op: Event, slot: Slot) -> Operand:
        value = slot.value
        symbol = self._roles.symbol(value) if value is not None else ""
        return Operand(
            slot.name,
            symbol or self._names.argument(op, slot.name) or self._letter(slot.name),
            value,
            self.array(value),
            self._colour(symbol),
        )

    def _letter(self, slot: str) -> str:
        """A letter for an argument without a name: the first is x."""
        return {"0": "x", "1": "y", "2": "c"}.get(slot, slot if slot.isidentifier() else "x")

    def _colour(self, symbol: str) -> Colour:
        if symbol.startswith("dC/d"):
            return "gradient"
        return "loss" if symbol == "C" else "value"

    def results(self, op: Event) -> tuple[Operand, ...]:
        """What an op (or update) made."""
        slots = op.outputs or (Slot("0", None),)
        return tuple(self._result(op, slot, place) for place, slot in enumerate(slots))

    def _result(self, op: Event, slot: Slot, place: int) -> Operand:
        symbol = self._roles.symbol(slot.value) if slot.value is not None else ""
        name = symbol or self._names.variable(op, place) or "y"
        return Operand(f"result.{place}", name, slot.value, self.array(slot.value), self._colour(name))

    def gradient(self, value: int, symbol: str) -> Operand:
        """A gradient's numbers under a symbol, by default its role."""
        name = symbol or self._roles.role(value) or "g"
        return Operand("gradient", name, value, self.array(value), "gradient")

    def is_update(self, event: Event) -> bool:
        """Whether an op overwrote a parameter."""
        value = event.outputs[0].value
        return value is not None and self._roles.role(value).startswith("new ")

    def upstreams(self, event: Event, op: Event) -> tuple[Operand | None, ...]:
        """What arrived for each of an op's results in the backward pass that `event` belongs to."""
        found = [self._arrived(event, slot) for slot in op.outputs]
        if len(found) < 2 or not any(found):
            return tuple(found)
        sent = self._sent_inside(event, op, {(slot.node, slot.index) for slot in op.outputs})
        return tuple(
            _without(part, sent.get((slot.node, slot.index))) for part, slot in zip(found, op.outputs, strict=True)
        )

    def _sent_inside(
        self, event: Event, op: Event, places: set[tuple[int | None, int]]
    ) -> dict[tuple[int | None, int], list[NDArray[Any] | None]]:
        """What an op's nodes sent to places of its own results: an LSTM cell makes one of them from the other."""
        current = self._flow.pass_of.get(event.position)
        found: dict[tuple[int | None, int], list[NDArray[Any] | None]] = {}
        for other in self._flow.events:
            sender = self._flow.node(other.node) if other.kind == Kind.NODE else None
            if sender is None or sender.op != op.position or self._flow.pass_of.get(other.position) is not current:
                continue
            for slot in other.outputs:
                if (slot.node, slot.index) in places:
                    found.setdefault((slot.node, slot.index), []).append(self.array(slot.value))
        return found

    def _arrived(self, event: Event, made: Slot) -> Operand | None:
        if made.node is None or made.value is None:
            return None
        current = self._flow.pass_of.get(event.position)
        for other in self._flow.events_of_node(made.node):
            if self._flow.pass_of.get(other.position) is not current:
                continue
            for slot in other.inputs:
                if slot.index == made.index and slot.value is not None:
                    # A sum passes gradients on unchanged, so what arrives for x @ w is dC/dz.
                    named = self._roles.before_bias.get(made.value, made.value)
                    return self.gradient(slot.value, gradient_of(self._roles.symbol(named) or "y"))
        return None

    def argument(self, op: Event, target: int | None, tensor: int | None) -> Operand | None:
        """The op's argument that is this value, or this parameter."""
        for slot in op.inputs:
            if slot.value is None:
                continue
            base = self._flow.origin(slot.value)
            is_leaf = tensor is not None and self._flow.leaves.get(slot.value, self._flow.leaves.get(base)) == tensor
            if slot.value == target or is_leaf:
                return self._operand(op, slot)
        return None

    def targets(self, event: Event, node: Node, op: Event) -> list[Target]:
        """Where the gradients that a node sent end up outside its unit."""
        found: list[Target] = []
        used: set[str] = set()
        for slot in event.outputs:
            if slot.node is None or slot.value is None:
                continue
            place, value = self._follow((slot.node, slot.index), slot.value, event, node)
            if place is None or value is None:
                continue
            wrt = self._argument_at(op, place, used)
            if wrt is None:
                continue
            used.add(wrt.name)
            read_once = sum(slot.value == wrt.value for slot in op.inputs) == 1
            own = self._sent_by_unit(event, node, place) if read_once else []
            if len(own) > 1 and event.position != own[-1][0].position:
                continue
            senders = self._flow.senders(event, place)
            symbol = gradient_of(wrt.symbol)
            gradient = self.gradient(value, symbol) if len(own) < 2 else self._added(own, place, symbol, senders)
            count = senders - max(len(own), 1) + 1
            found.append(
                Target(
                    wrt,
                    gradient,
                    Bilingual(f"One of {count} parts that add up.", f"相加的 {count} 个部分之一。")
                    if count > 1
                    else NOTHING,
                )
            )
        return sorted(found, key=lambda target: _textbook_place(op, target.wrt.name))

    def _follow(self, place: Place, value: int, event: Event, node: Node) -> tuple[Place | None, int | None]:
        """Follows a gradient through views and transposes inside its unit, to the place and value that leave it."""
        while self._flow.is_inside_unit(node, place):
            inner = self._flow.node(place[0])
            after = next((e for e in self._flow.events_of_node(place[0]) if e.position > event.position), None)
            if inner is None or after is None or len(after.outputs) != 1 or len(inner.next) != 1:
                return None, None
            slot = after.outputs[0]
            if slot.node is None or slot.value is None:
                return None, None
            place, value = (slot.node, slot.index), slot.value
        return place, value

    def _sent_by_unit(self, event: Event, node: Node, place: Place) -> list[tuple[Event, int]]:
        """What the nodes of one unit sent to a place in this backward pass, in order: (event, value)."""
        current = self._flow.pass_of.get(event.position)
        found = []
        for other in self._flow.events:
            sender = self._flow.node(other.node) if other.kind == Kind.NODE else None
            if sender is None or sender.op != node.op or self._flow.pass_of.get(other.position) is not current:
                continue
            found += [(other, slot.value) for slot in other.outputs if (slot.node, slot.index) == place and slot.value]
        return found

    def _added(self, sent: list[tuple[Event, int]], place: Place, symbol: str, senders: int) -> Operand:
        """The sum of what a unit sent to a place, at the last of its events; the value that arrives, if that is it."""
        last, value = sent[-1]
        if senders == len(sent):
            for other in self._flow.events_of_node(place[0]):
                if self._flow.pass_of.get(other.position) is self._flow.pass_of.get(last.position):
                    for slot in other.inputs:
                        if slot.index == place[1] and slot.value is not None:
                            return self.gradient(slot.value, symbol)
        arrays = [self.array(part) for _, part in sent]
        kept = [array for array in arrays if array is not None]
        return replace(self.gradient(value, symbol), data=np.sum(kept, axis=0) if len(kept) == len(sent) else None)

    def _argument_at(self, op: Event, place: Place, used: set[str]) -> Operand | None:
        """The op's argument whose gradient arrives at a place; the next one if a value is used twice."""
        target = self._flow.value_at(place)
        leaf = self._flow.node(place[0])
        tensor = leaf.tensor if leaf is not None and leaf.name == ACCUMULATE else None
        for slot in op.inputs:
            if slot.value is None or slot.name in used:
                continue
            own = self._flow.leaf_of(self._flow.origin(slot.value))
            if (target is not None and slot.value == target) or (tensor is not None and own == tensor):
                return self._operand(op, slot)
        return None

    def parts(self, event: Event, node: Node, quantity: Quantity) -> list[Operand]:
        """The parts that were sent to where a quantity's gradient arrives, if there were several; named by op."""
        places = [(node.id, slot.index) for slot in event.inputs if slot.value == quantity.value]
        if not places or self._flow.senders(event, places[0]) <= 1:
            return []
        current = self._flow.pass_of.get(event.position)
        found = []
        for other in self._flow.events:
            if other.position >= event.position:
                break
            if other.kind != Kind.NODE or self._flow.pass_of.get(other.position) is not current:
                continue
            sender = self._flow.node(other.node)
            op = self._flow.trace.event(sender.op) if sender is not None and sender.op is not None else None
            for slot in other.outputs:
                if (slot.node, slot.index) == places[0] and slot.value is not None:
                    label = op.name if op is not None else other.name
                    found.append(Operand(label, label, slot.value, self.array(slot.value), "gradient"))
        return found

    def box_before(self, event: Event) -> Operand | None:
        """What the `.grad` that an AccumulateGrad adds to held before; None: it was empty.

        Raises UnfitError where that is not known.
        """
        found = held_before(self._flow, event)
        return None if found is None else self.gradient(found, "before")

    def update(self, event: Event) -> Update:
        """The values of an update: old, new, the gradient (or the change, by hand), the optimizer's state.

        A scheduler's event has no tensors: there, what changes is the learning rate of each group.
        """
        if is_schedule(event):
            old, made = (
                Operand("lr", f"{new}η", None, np.asarray(event.arguments[f"{key}lr"]))
                for new, key in (("", ""), ("new ", "new_"))
            )
            return Update(event, old, made, None, {}, {}, (), event.arguments)
        symbol = self._roles.of_tensor.get(event.tensor, "") if event.tensor is not None else ""
        new = self.results(event)[0]
        name = symbol or new.symbol.removeprefix("new ") or "w"
        slots = {slot.name: slot for slot in event.inputs}
        first = event.inputs[0] if event.inputs else Slot("value", None)
        old = Operand("value", name, first.value, self.array(first.value), "parameter")
        change = slots.get("grad") or slots.get("1") or slots.get("other")
        gradient = None if change is None else self._change(change, name)
        if gradient is None and isinstance(event.arguments.get("1"), int | float):
            gradient = Operand("1", "c", None, np.asarray(event.arguments["1"]))
        named = self._state if event.function.startswith("torch.optim.") else partial(self._operand, event)
        before = {slot.name: named(slot) for slot in event.inputs[1:] if slot.name != "grad"}
        after = {slot.name: self._state(slot) for slot in event.outputs[1:]}
        made = Operand("new", f"new {name}", new.value, new.data, "parameter")
        rate, multiplied = self._product(change.value) if change is not None and change.name != "grad" else (None, None)
        return Update(event, old, made, gradient, before, after, (), event.arguments, rate, multiplied)

    def _product(self, value: int | None) -> tuple[Operand | None, Operand | None]:
        """A number and a gradient, if a value is their product."""
        maker, _ = self._flow.made.get(value, (None, None)) if value is not None else (None, None)
        if maker is None or maker.name != "mul" or len(maker.inputs) != 1:
            return None, None
        rate = maker.arguments.get("1", maker.arguments.get("0"))
        factor = self._operand(maker, maker.inputs[0])
        is_gradient = factor.symbol.startswith("dC/d") and isinstance(rate, int | float)
        return (Operand("lr", f"{rate:g}", None, np.asarray(rate)), factor) if is_gradient else (None, None)

    def _change(self, slot: Slot, name: str) -> Operand:
        """The gradient that an optimizer read, or what the script took off by hand."""
        symbol = gradient_of(name) if slot.name == "grad" else ""
        if not symbol and slot.value is not None:
            symbol = self._roles.symbol(slot.value) or f"Δ{name[:1]}"
        return Operand(slot.name, symbol, slot.value, self.array(slot.value), "gradient")

    def _state(self, slot: Slot) -> Operand:
        return Operand(slot.name, slot.name, slot.value, self.array(slot.value))


def _without(arrived: Operand | None, parts: list[NDArray[Any] | None] | None) -> Operand | None:
    """A gradient less some of its parts; None where nothing is left."""
    if arrived is None or arrived.data is None or not parts:
        return arrived
    rest = arrived.data
    for part in parts:
        rest = rest if part is None else rest - part
    return replace(arrived, data=rest) if np.any(rest) else None


def is_schedule(event: Event) -> bool:
    """Whether an update is a scheduler's: it has no tensors, and the learning rate of each group."""
    return event.kind == Kind.UPDATE and not event.inputs and isinstance(event.arguments.get("new_lr"), list)


def _textbook_place(op: Event, slot: str) -> int:
    """Where the gradient of an argument comes in the textbook's order (bias, weight, input), by the op's row."""
    found = row_of(op.name)
    if found is None:
        return 0
    row, form = found
    try:
        return row.order.index(form.key(slot).partition(".")[0])
    except (UnfitError, ValueError):
        return len(row.order)
