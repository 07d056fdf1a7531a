"""The steps a learner takes by default: the textbook's quantities of one iteration, in the textbook's order.

NOTE [Order]
Forward: what each op yields. Backward: for each op, the local derivative of an activation, then the gradients that it
sends: of the bias, of the weight, and, when nothing of the op is left to run, of its input. Update: new parameters.
The list is made in the order of events, and from completed ones only, so that it grows at its end while a run goes on:
quantities(upto=p) are exactly those with known_at <= p. Views and transposes fold into the op that made them, and a
product into the sum with its bias.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from ..events import Event, Kind, Node, Phase
from ..trace.reader import Trace
from .families import PRODUCTS, is_box_edit, is_in_place, is_view
from .flow import ACCUMULATE, BackwardPass, Flow, Place, flow_of, once_a_flow
from .names import ValueNames
from .roles import Roles, roles_of
from .slopes import Slope, has_slope
from .symbols import gradient_of, slope_of, text_of

_BIAS = re.compile(r"b\d+|.*bias.*")


@dataclass(frozen=True, slots=True)
class Quantity:
    """One step.

    index: its place in the list. symbol: its role or readable name ("z1", "dC/dw1", "s'(z2)", "p1"); text: the same in
    Unicode ("∂C/∂w⁽¹⁾"). phase: forward, backward or update. event: position of the event that yields it. known_at:
    the position from which it is known; never falls along the list. value: id of the recorded value, None if it is
    derived here. op: position of the forward op that it belongs to, None for updates. target: what a gradient is for,
    as a value id; tensor: the parameter it is of or for, as a tensor id.
    """

    index: int
    symbol: str
    text: str
    phase: Phase
    event: int
    known_at: int
    value: int | None
    op: int | None
    target: int | None = None
    tensor: int | None = None
    slope: Slope | None = field(default=None, repr=False, compare=False)

    def array(self, trace: Trace) -> NDArray[Any] | None:
        """Its numbers: recorded in its trace, or derived from such in float64; None where they were not kept."""
        if self.value is not None:
            return trace.array(self.value)
        return None if self.slope is None else self.slope.array(trace)


def quantities(trace: Trace, iteration: int, upto: int | None = None) -> list[Quantity]:
    """The quantities of an iteration; with `upto` those that are known at that position."""
    found = quantities_of(flow_of(trace, iteration))
    return list(found) if upto is None else [quantity for quantity in found if quantity.known_at <= upto]


@once_a_flow
def quantities_of(flow: Flow) -> tuple[Quantity, ...]:
    """Those of a flow's iteration."""
    return tuple(_Steps(flow, roles_of(flow)).found)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A gradient on its way out of a unit. rank: 0 bias, 1 other parameters, 2 inputs."""

    rank: int
    symbol: str
    event: int
    value: int
    op: int | None
    target: int | None
    tensor: int | None


class _Steps:
    """Goes through the events once. running: nodes of the present unit that have been sent to and did not run yet."""

    def __init__(self, flow: Flow, roles: Roles) -> None:
        self.found: list[Quantity] = []
        self._flow = flow
        self._roles = roles
        self._names = ValueNames(flow.trace)
        self._unit: int | None = None
        self._running: set[int] = set()
        self._held: list[_Candidate] = []
        self._folded: dict[int, bool] = {}
        self._sloped: dict[int, BackwardPass] = {}
        for event in flow.events:
            if event.kind == Kind.NODE:
                self._visit_node(event)
                continue
            self._release(event.position)
            if event.kind == Kind.EDIT:
                self._visit_edit(event)
            elif event.kind == Kind.UPDATE:
                self._visit_update(event)
            elif flow.is_step(event) or (event.phase == Phase.UPDATE and self._is_update(event)):
                self._visit_op(event)
        if self._held and flow.events:
            self._release_at_end()

    def _add(
        self,
        symbol: str,
        phase: Phase,
        event: int,
        known_at: int,
        value: int | None,
        op: int | None,
        target: int | None = None,
        tensor: int | None = None,
        slope: Slope | None = None,
    ) -> None:
        if self.found:
            known_at = max(known_at, self.found[-1].known_at)
        index, text = len(self.found), text_of(symbol)
        self.found.append(Quantity(index, symbol, text, phase, event, known_at, value, op, target, tensor, slope))

    def _visit_op(self, event: Event) -> None:
        if is_in_place(event) and self._is_update(event):
            self._visit_update(event)
            return
        if is_view(event) or self._is_folded(event):
            return
        known_at = event.position + (2 if self._is_deferred(event) else 1)
        taken = {slot.value for slot in event.inputs}
        tracked = any(slot.node is not None for slot in event.outputs)
        for slot in event.outputs:
            if slot.value is None or slot.value in taken or (tracked and slot.node is None):
                continue
            self._add(
                self._roles.symbol(slot.value) or event.name,
                Phase.FORWARD,
                event.position,
                known_at,
                slot.value,
                event.position,
            )

    def _is_update(self, event: Event) -> bool:
        new = event.outputs[0].value if event.outputs else None
        return new is not None and self._roles.role(new).startswith("new ")

    def _is_deferred(self, event: Event) -> bool:
        """Whether only the next event can tell if a product is a part of z = product + bias."""
        return event.name in (*PRODUCTS, "mul") and self._names.is_added_to_name(event)

    def _is_folded(self, event: Event) -> bool:
        """Whether a product is only a part of z = product + bias in the same expression of the script.

        While nothing has followed it nobody knows, so it is not shown yet.
        """
        if event.position not in self._folded:
            self._folded[event.position] = self._is_deferred(event) and self._is_part_of_sum(event)
        return self._folded[event.position]

    def _is_part_of_sum(self, event: Event) -> bool:
        product = event.outputs[0].value
        if product is None or self._flow.events[-1].position == event.position:
            return True
        if self._flow.is_tracked:
            return product in self._roles.before_bias
        after = self._flow.trace.event(event.position + 1)
        if after is None or after.name != "add" or len(after.inputs) != 2:
            return False
        others = [slot.value for slot in after.inputs if slot.value != product]
        return len(others) == 1 and others[0] is not None and not self._flow.is_computed(others[0])

    def _visit_update(self, event: Event) -> None:
        if not event.outputs or event.outputs[0].value is None:
            return
        name = self._roles.of_tensor.get(event.tensor, "") if event.tensor is not None else ""
        value = event.outputs[0].value
        symbol = f"new {name}" if name else self._roles.role(value) or f"new {event.name}"
        self._add(symbol, Phase.UPDATE, event.position, event.position + 1, value, None, tensor=event.tensor)

    def _visit_edit(self, event: Event) -> None:
        """Something was changed by hand: a step of its own, under the name of what was changed."""
        value = event.outputs[0].value if event.outputs else None
        if value is None:
            return
        phase = event.phase if event.phase in (Phase.FORWARD, Phase.BACKWARD, Phase.UPDATE) else Phase.FORWARD
        if is_box_edit(event):
            phase = Phase.BACKWARD
        symbol = self._roles.symbol(value) or str(event.arguments.get("target", "edit"))
        self._add(symbol, phase, event.position, event.position + 1, value, None, tensor=event.tensor)

    def _visit_node(self, event: Event) -> None:
        node = self._flow.node(event.node)
        if node is None:
            return
        if node.name == ACCUMULATE:
            self._visit_accumulation(event, node)
            return
        if node.op != self._unit:
            self._release(event.position)
            self._unit = node.op
        self._running.discard(node.id)
        self._arrive(event, node)
        self._add_slope(event, node)
        self._send(event, node)

    def _visit_accumulation(self, event: Event, node: Node) -> None:
        """A parameter's gradient that several ops sent parts of is known when its sum arrives."""
        value = event.inputs[0].value if event.inputs else None
        is_known = self._flow.senders(event, (node.id, 0)) == 1
        if is_known or value is None or node.tensor is None or node.tensor in self._roles.inputs:
            return
        symbol = self._parameter_gradient(node.tensor, value)
        self._add(symbol, Phase.BACKWARD, event.position, event.position + 1, value, None, tensor=node.tensor)

    def _parameter_gradient(self, tensor: int, value: int) -> str:
        """The role of a parameter's gradient; in a second backward pass that is "dC/dw1[2]"."""
        known = self._flow.trace.tensor(tensor)  # one that no op reads has no role
        name = self._roles.of_tensor.get(tensor, "") or (known.name if known is not None else "")
        symbol = gradient_of(name or f"parameter {tensor}")
        return next((role for role in self._roles.of_value.get(value, ()) if role.startswith(symbol)), symbol)

    def _arrive(self, event: Event, node: Node) -> None:
        """The gradient of a value that several ops used is known when its sum arrives."""
        for slot in event.inputs:
            place = (node.id, slot.index)
            value = self._flow.value_at(place)
            if value is None or slot.value is None or self._flow.senders(event, place) <= 1 or self._is_hidden(value):
                continue
            symbol, known_at = gradient_of(self._symbol(value)), event.position + 1
            self._add(symbol, Phase.BACKWARD, event.position, known_at, slot.value, node.op, value)

    def _add_slope(self, event: Event, node: Node) -> None:
        """The local derivative comes before the gradient that it is a factor of; once, if several nodes compute it."""
        op = self._flow.trace.event(node.op) if node.op is not None else None
        if op is None or not has_slope(op.name) or not op.inputs or op.inputs[0].value is None:
            return
        current = self._flow.pass_of[event.position]
        if self._sloped.get(op.position) is current:
            return
        self._sloped[op.position] = current
        z = op.inputs[0].value
        symbol = slope_of(op.name, self._symbol(z))
        slope = Slope(op)
        self._add(symbol, Phase.BACKWARD, event.position, event.position + 1, None, op.position, z, slope=slope)

    def _send(self, event: Event, node: Node) -> None:
        candidates = []
        for slot in event.outputs:
            if slot.node is None or slot.value is None:
                continue
            place = (slot.node, slot.index)
            if self._flow.is_inside_unit(node, place):
                self._running.add(slot.node)
            elif self._flow.senders(event, place) <= 1:
                candidate = self._candidate(event, node, place, slot.value)
                if candidate is not None:
                    candidates.append(candidate)
        for candidate in sorted(candidates, key=lambda candidate: candidate.rank):
            if candidate.rank < 2:
                self._add_gradient(candidate, event.position)
            else:
                self._held.append(candidate)
        if not self._running:
            self._release(event.position)

    def _candidate(self, event: Event, node: Node, place: Place, value: int) -> _Candidate | None:
        target = self._flow.value_at(place)
        if target is not None:
            if self._is_hidden(target):
                return None
            return _Candidate(2, gradient_of(self._symbol(target)), event.position, value, node.op, target, None)
        leaf = self._flow.node(place[0])
        if leaf is None or leaf.name != ACCUMULATE or leaf.tensor is None or leaf.tensor in self._roles.inputs:
            return None
        rank = 0 if _BIAS.fullmatch(self._roles.of_tensor.get(leaf.tensor, "")) else 1
        symbol = self._parameter_gradient(leaf.tensor, value)
        return _Candidate(rank, symbol, event.position, value, node.op, None, leaf.tensor)

    def _is_hidden(self, value: int) -> bool:
        """Values that are folded away have no step, and so have their gradients."""
        made = self._flow.made.get(value)
        if made is None:
            return False
        return is_view(made[0]) or self._is_folded(made[0])

    def _symbol(self, value: int) -> str:
        return self._roles.symbol(value) or self._roles.symbol(self._flow.origin(value)) or "input"

    def _add_gradient(self, candidate: _Candidate, position: int) -> None:
        self._add(
            candidate.symbol,
            Phase.BACKWARD,
            candidate.event,
            position + 1,
            candidate.value,
            candidate.op,
            candidate.target,
            candidate.tensor,
        )

    def _release(self, position: int) -> None:
        """The present unit has nothing left to run, or something else runs: its inputs' gradients come now."""
        held, self._held = self._held, []
        self._running.clear()
        self._add_all(held, position)

    def _release_at_end(self) -> None:
        """The recording of this iteration is over and another one has begun: nothing will come any more."""
        last = self._flow.events[-1].position
        after = self._flow.trace.event(last + 1)
        if after is not None and after.iteration != self._flow.iteration:
            self._release(last + 1)

    def _add_all(self, held: Iterable[_Candidate], position: int) -> None:
        for candidate in held:
            self._add_gradient(candidate, position)
