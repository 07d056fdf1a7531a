"""Which gradients travelled in a backward pass: what arrived where, what was sent where, and from which op's unit.

NOTE [Units] in flow.py says what a unit is. Inside it gradients pass through views and transposes that torch added;
what leaves it belongs to the op's arguments, what arrives at it to the op's results.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ...events import Event, Kind, Node, Slot
from ..flow import ACCUMULATE, BackwardPass, Flow, Place
from ..table.call import UnfitError

_TURNS = ("View", "T", "Transpose", "Permute", "Unsqueeze", "Squeeze", "Expand", "UnsafeView", "ReshapeAlias", "Clone")


@dataclass(frozen=True, slots=True)
class Sent:
    """A gradient that a node sent: the node's event and the value."""

    event: Event
    value: int


@dataclass(slots=True)
class Unit:
    """What an op's nodes did in one backward pass.

    events: theirs. leaving: place outside -> what was sent there. shared: another op's node sent into its inside.
    """

    op: Event
    events: list[Event] = field(default_factory=list)
    leaving: dict[Place, list[Sent]] = field(default_factory=dict)
    inside: dict[int, Event] = field(default_factory=dict)
    shared: bool = False


class Traffic:
    """The gradients of one backward pass."""

    def __init__(self, flow: Flow, current: BackwardPass) -> None:
        self._flow = flow
        self.arrived: dict[Place, int] = {}
        self.sent: dict[Place, list[Sent]] = {}
        self._of_op: dict[int, list[Event]] = {}
        self._units: dict[int, Unit] = {}
        for event in flow.events:
            if event.kind == Kind.NODE and event.node is not None and flow.pass_of.get(event.position) is current:
                self._add(event, event.node)

    def _add(self, event: Event, key: int) -> None:
        node = self._flow.node(key)
        for slot in event.inputs:
            if slot.value is not None:
                self.arrived[key, slot.index] = slot.value
        if node is None or node.name == ACCUMULATE:
            return
        for slot in event.outputs:
            if slot.node is not None and slot.value is not None:
                self.sent.setdefault((slot.node, slot.index), []).append(Sent(event, slot.value))
        if node.op is not None:
            self._of_op.setdefault(node.op, []).append(event)

    def roots(self) -> list[Place]:
        """Where the pass began: gradients arrived that no node had sent."""
        return [place for place in self.arrived if place not in self.sent]

    def unit(self, op: Event) -> Unit:
        """What an op's nodes did."""
        if op.position not in self._units:
            self._units[op.position] = self._find_unit(op)
        return self._units[op.position]

    def _find_unit(self, op: Event) -> Unit:
        found = Unit(op, self._of_op.get(op.position, []))
        for event in found.events:
            for slot in event.outputs:
                if slot.node is None or slot.value is None:
                    continue
                place = (slot.node, slot.index)
                if self._belongs(slot.node, op):
                    found.inside[slot.node] = event
                else:
                    found.leaving.setdefault(place, []).append(Sent(event, slot.value))
        results = {(slot.node, slot.index) for slot in op.outputs if slot.node is not None}
        own = {event.position for event in found.events}
        for event in found.events:
            for slot in event.inputs:
                place = (event.node or 0, slot.index)
                senders = self.sent.get(place, [])
                if place not in results and any(sent.event.position not in own for sent in senders):
                    found.shared = True
        return found

    def _belongs(self, key: int, op: Event) -> bool:
        node = self._flow.node(key)
        return node is not None and node.op == op.position

    def upstream(self, unit: Unit, place: Place) -> list[int]:
        """What arrived from outside the unit at one of the op's results: a value, or parts that add up.

        An LSTM cell makes its h from its c, so its own nodes send to where the gradient of c arrives too.
        """
        own = {event.position for event in unit.events}
        sent = self.sent.get(place, [])
        if any(part.event.position in own for part in sent):
            return [part.value for part in sent if part.event.position not in own]
        return [self.arrived[place]] if place in self.arrived else []

    def main(self, unit: Unit, event: Event) -> Event:
        """The node that a gradient comes from, behind those that only turn it."""
        node = self._flow.node(event.node)
        while node is not None and only_turns(node) and node.id in unit.inside:
            event = unit.inside[node.id]
            node = self._flow.node(event.node)
        return event


def slots_at(flow: Flow, op: Event, place: Place) -> list[Slot]:
    """The op's arguments whose gradient arrives at a place: several if one value is used several times.

    Raises UnfitError where none is known: autograd remembers the graph, and the trace only values.
    """
    node = flow.node(place[0])
    if node is not None and node.name == ACCUMULATE:
        given = [slot for slot in op.inputs if slot.value is not None]
        found = [slot for slot in given if slot.value is not None and flow.leaf_of(slot.value) == node.tensor]
        # A view that autograd does not know of, as of data before it required a gradient.
        found = found or [slot for slot in given if slot.value is not None and _is_of(flow, slot.value, node.tensor)]
    else:
        value = flow.value_at(place)
        found = [slot for slot in op.inputs if slot.value is not None and slot.value == value]
    if not found:
        raise UnfitError(
            "a gradient goes to a tensor that is not among its recorded arguments",
            "有一个梯度传到了不在已记录参数之中的张量",
        )
    return found


def _is_of(flow: Flow, value: int, tensor: int | None) -> bool:
    """Whether a value that autograd does not follow is a view of a leaf."""
    made = flow.made.get(value)
    return (made is None or made[1].node is None) and flow.leaves.get(flow.origin(value)) == tensor


def only_turns(node: Node) -> bool:
    """Whether a node only hands numbers on in another shape or order."""
    return node.name.rstrip("0123456789").removesuffix("Backward") in _TURNS
