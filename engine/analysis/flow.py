"""How values flow through one iteration: who made what, what is a view of what, where gradients were sent.

NOTE [Units]
One op of the script may have made several autograd nodes (`linear`: View, Addmm, View, T). They are one unit: whatever
travels between them is folded away, and only gradients that leave the unit (for a parameter, or for the output of
another op) are shown. `Node.op`, the position of the op that made a node, names its unit.

NOTE [What has arrived]
A gradient has arrived when all consumers that this backward pass will visit have sent their part. Which ones it will
visit is known from the graph when the pass begins: those that can be reached from where it began.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary, ref

from ..events import Event, Kind, Node, Phase, Slot
from ..trace.reader import Trace
from ..values import Value
from .families import is_in_place, is_view

Place = tuple[int, int]
"""(node id, output number of its op): where the gradient of one value arrives."""

ACCUMULATE = "AccumulateGrad"
GRAD = "torch.autograd.grad"
T = TypeVar("T")
Extent = tuple[int, bool]
"""See `Trace.extent`."""
_SWAPPED = ("__rmatmul__", "__rpow__", "__rmod__")
"""Methods that torch calls with its two arguments exchanged, so that the node's edges are too."""


@dataclass(slots=True)
class BackwardPass:
    """One walk through the graph. senders: for each place, how many edges of the nodes it can visit lead there."""

    reached: set[int] = field(default_factory=set)
    ran: set[int] = field(default_factory=set)
    senders: dict[Place, int] = field(default_factory=dict)


class Flow:
    """One iteration's events, completed ones only, and where its values come from. Read it, do not change it.

    events: all of them in order. ops: forward steps (see `is_step`). is_tracked: autograd is in use. made: value id ->
    (event that made it, output slot). view_of: value id -> the value that it is a view of. made_at: place -> value
    whose gradient arrives there. leaves: value id -> tensor id of the leaf that requires grad (a parameter as a rule).
    overwritten: value ids that an in-place write replaced. set_by_hand: value id -> the edit that made it.
    passes: backward passes in order. coming: the event that is about to happen, None where none is.
    """

    def __init__(self, trace: Trace, iteration: int) -> None:
        self._trace = ref(trace)
        self.iteration = iteration
        self.events = [e for e in trace.events(iteration=iteration) if not e.pending and not e.error]
        following = trace.event(self.events[-1].position + 1) if self.events else None
        self.coming = following if following is not None and following.pending else None
        self.made: dict[int, tuple[Event, Slot]] = {}
        self.view_of: dict[int, int] = {}
        self.made_at: dict[Place, int] = {}
        self.overwritten: set[int] = set()
        self.set_by_hand: dict[int, Event] = {}
        self.passes: list[BackwardPass] = []
        self.pass_of: dict[int, BackwardPass] = {}
        self._nodes = {node.id: node for node in trace.nodes(iteration)}
        self._ran: dict[int, list[Event]] = {}
        for event in self.events:
            if event.kind == Kind.NODE and event.node is not None:
                self._ran.setdefault(event.node, []).append(event)
        self.is_tracked = self._is_tracked()
        self.ops = [event for event in self.events if self.is_step(event)]
        self._follow_ops()
        self._follow_passes()
        self.values = trace.values(self._outside_values())
        self.leaves: dict[int, int] = {}
        self._find_leaves()

    @property
    def trace(self) -> Trace:
        """The trace this was read from; whoever asks still holds it."""
        trace = self._trace()
        if trace is None:
            raise ReferenceError("The trace of this flow is gone; keep the trace as long as what was read from it.")
        return trace

    def move_to(self, trace: Trace) -> None:
        """Reads from this trace from now on, which is open on the same file."""
        self._trace = ref(trace)

    def value(self, value: int) -> Value:
        """A value of this iteration, or one that came into it."""
        return self.values[value] if value in self.values else self.trace.value(value)

    def node(self, node: int | None) -> Node | None:
        """The autograd node with this id, whichever iteration made it."""
        if node is None:
            return None
        if node not in self._nodes:
            found = self.trace.node(node)
            if found is None:
                return None
            self._nodes[node] = found
        return self._nodes[node]

    def events_of_node(self, node: int) -> list[Event]:
        """The events of a node in order: one for each backward pass that it ran in."""
        return self._ran.get(node, [])

    def is_step(self, event: Event) -> bool:
        """Whether an op is part of the forward computation.

        Where autograd is used these are the ops that it tracks (others prepare data or measure); in an iteration
        without it, all of them.
        """
        if event.kind != Kind.OP or event.phase != Phase.FORWARD or not event.outputs:
            return False
        return not self.is_tracked or any(slot.node is not None for slot in event.outputs)

    def origin(self, value: int) -> int:
        """The value that this one is a view of, through all views; itself if it is none, or a leaf."""
        while value in self.view_of and value not in self.leaves:
            value = self.view_of[value]
        return value

    def is_computed(self, value: int) -> bool:
        """Whether a forward step made this value, and not the preparation of data."""
        made = self.made.get(value)
        return made is not None and self.is_step(made[0])

    def value_at(self, place: Place) -> int | None:
        """The value whose gradient arrives at a place, also at a node that an earlier iteration made."""
        found = self.made_at.get(place)
        node = None if found is not None else self.node(place[0])
        if node is None or node.op is None or node.iteration == self.iteration:
            return found
        op = self.trace.event(node.op)
        for slot in () if op is None else op.outputs:
            if slot.node is not None and slot.value is not None:
                self.made_at.setdefault((slot.node, slot.index), slot.value)
        return self.made_at.get(place)

    def leaf_of(self, value: int) -> int | None:
        """The tensor id of the leaf, or of another named tensor, that a value is a version of."""
        known = self.leaves.get(value)
        return self.value(value).tensor if known is None else known

    def senders(self, event: Event, place: Place) -> int:
        """How many parts the gradient at a place has in the backward pass that `event` belongs to."""
        return self.pass_of[event.position].senders.get(place, 0)

    def is_inside_unit(self, sender: Node, target: Place) -> bool:
        """Whether a gradient stays inside the unit of the node that sends it; see NOTE [Units]."""
        other = self.node(target[0])
        return other is not None and sender.op is not None and other.op == sender.op and self.value_at(target) is None

    def _is_tracked(self) -> bool:
        """Whether autograd is in use: it was before, or one of this iteration's ops is tracked."""
        first = self.trace.node(1)
        if first is None or not self.events:
            return False
        before = first.op is not None and first.op < self.events[0].position
        return before or any(s.node is not None for e in self.events if e.kind == Kind.OP for s in e.outputs)

    def _follow_ops(self) -> None:
        for event in self.events:
            if event.kind == Kind.UPDATE or (event.kind == Kind.OP and is_in_place(event)):
                self._follow_write(event)
            if event.kind == Kind.EDIT:
                self._follow_edit(event)
            if event.kind != Kind.OP:
                continue
            taken = {slot.value for slot in event.inputs}
            for slot in event.outputs:
                if slot.node is not None and slot.value is not None:
                    self.made_at.setdefault((slot.node, slot.index), slot.value)
                if slot.value is not None and slot.value not in taken:
                    if slot.node is not None and slot.value in self.made and self.made[slot.value][1].node is None:
                        # A function of the script's own hands out what an op inside it made, out of autograd's sight.
                        del self.made[slot.value]
                    self.made.setdefault(slot.value, (event, slot))
                    if is_view(event) and event.inputs and event.inputs[0].value is not None:
                        self.view_of.setdefault(slot.value, event.inputs[0].value)

    def _follow_write(self, event: Event) -> None:
        old = next((slot.value for slot in event.inputs), None)
        new = next((slot.value for slot in event.outputs), None)
        if old is not None and new is not None and old != new:
            self.overwritten.add(old)

    def _follow_edit(self, event: Event) -> None:
        """What was changed by hand: a leaf is overwritten, another value shows the old one with new numbers."""
        old = next((slot.value for slot in event.inputs), None)
        slot = next(iter(event.outputs), None)
        if old is None or slot is None or slot.value is None:
            return
        self.set_by_hand[slot.value] = event
        if event.tensor is not None:
            self.overwritten.add(old)
            return
        self.made.setdefault(slot.value, (event, slot))
        self.view_of.setdefault(slot.value, old)
        if slot.node is not None:
            self.made_at.setdefault((slot.node, slot.index), slot.value)

    def _follow_passes(self) -> None:
        current: BackwardPass | None = None
        before: Event | None = None
        for event in self.events:
            last, before = before, event
            if event.kind != Kind.NODE or event.node is None:
                continue
            if current is None or _begins_pass(current, event, last):
                current = BackwardPass()
                self.passes.append(current)
            if event.node not in current.reached:
                self._reach(current, event.node)
            current.ran.add(event.node)
            self.pass_of[event.position] = current

    def _reach(self, current: BackwardPass, root: int) -> None:
        current.reached.add(root)
        waiting = [root]
        while waiting:
            node = self.node(waiting.pop())
            for place in node.next if node is not None else ():
                if place is None:
                    continue
                current.senders[place] = current.senders.get(place, 0) + 1
                if place[0] not in current.reached:
                    current.reached.add(place[0])
                    waiting.append(place[0])

    def _outside_values(self) -> set[int]:
        """Values that come into the iteration from before it, or that an update made."""
        kinds = (Kind.OP, Kind.UPDATE, Kind.EDIT)
        used = {slot.value for e in self.events if e.kind in kinds for slot in e.inputs if slot.value is not None}
        return used - self.made.keys()

    def _find_leaves(self) -> None:
        for value in self.values.values():
            if value.tensor is not None and self._trains(value.tensor):
                self.leaves[value.id] = value.tensor
        for event in self.events:
            if event.kind == Kind.UPDATE and event.tensor is not None:
                old = slot_named(event.inputs, ("value",))
                if old is not None and old.value is not None:
                    self.leaves[old.value] = event.tensor
        for event in self.ops:
            self._match_leaves(event)

    def _trains(self, tensor: int) -> bool:
        found = self.trace.tensor(tensor)
        return found is not None and found.requires_grad

    def _match_leaves(self, event: Event) -> None:
        """Finds out which inputs of an op are leaves, from where the op's nodes send gradients."""
        unit = self.unit_nodes(event)
        edges = [self._leaf_at(place) for node in unit for place in node.next]
        slots = [slot.value for slot in event.inputs]
        if event.function.endswith(_SWAPPED):
            slots.reverse()
        known = {self.leaves.get(value) for value in slots if value is not None}
        wanted = [tensor for tensor in edges if tensor is not None and tensor not in known]
        if not wanted:
            return
        named = {value for value in slots if value in self.leaves}
        free = [value for value in slots if value is not None and value not in named and not self.is_computed(value)]
        if len(unit) == 1 and len(edges) == len(slots):
            for tensor, value in zip(edges, slots, strict=True):
                if tensor in wanted and tensor is not None and value in free and value is not None:
                    self.leaves[value] = tensor
            return
        for tensor in wanted:
            leaf = self.trace.tensor(tensor)
            fitting = {value for value in free if leaf is not None and self.value(value).shape == leaf.shape}
            if len(fitting) == 1:
                self.leaves[fitting.pop()] = tensor

    def _leaf_at(self, place: Place | None) -> int | None:
        node = self.node(place[0]) if place is not None else None
        return node.tensor if node is not None and node.name == ACCUMULATE else None

    def unit_nodes(self, event: Event) -> list[Node]:
        """The autograd nodes of an op, from its outputs on."""
        found: dict[int, Node] = {}
        waiting = [slot.node for slot in event.outputs if slot.node is not None]
        while waiting:
            node = self.node(waiting.pop())
            if node is None or node.id in found or node.op != event.position:
                continue
            found[node.id] = node
            waiting.extend(place[0] for place in node.next if place is not None)
        return list(found.values())


def _begins_pass(current: BackwardPass, event: Event, before: Event | None) -> bool:
    """Whether a node begins another pass, and is not the current one's next node or another of its roots."""
    if event.node in current.ran:
        return True
    if event.node in current.reached:
        return False
    return before is None or before.kind != Kind.NODE or before.site != event.site


_flows: WeakKeyDictionary[Trace, dict[int, tuple[Extent, Flow]]] = WeakKeyDictionary()
_KEPT_FLOWS, _KEPT_EVENTS = 4, 30_000
"""The flows used last are kept: so many, and fewer of long iterations."""


def flow_of(trace: Trace, iteration: int) -> Flow:
    """The flow of an iteration; those used last are kept until more is recorded."""
    extent = trace.extent
    flow = _kept_flow(trace, iteration, extent) or Flow(trace, iteration)
    _keep(trace, extent, flow)
    return flow


def has_flow(trace: Trace, iteration: int) -> bool:
    """Whether the flow of an iteration, as far as it is recorded, need not be worked out."""
    return _kept_flow(trace, iteration, trace.extent) is not None


def hand_over(flow: Flow, extent: Extent, trace: Trace) -> None:
    """Gives a flow, with all that was worked out of it, to a trace of the same file, opened in another thread.

    extent: how far the recording went when it was read. Whoever gives it away uses it no more.
    """
    flow.move_to(trace)
    _keep(trace, extent, flow)


@dataclass(frozen=True, slots=True)
class ReadIteration:
    """What a trace has read of one iteration, for another trace of the same file.

    trace: that which read it, closed by now. extent: how far the recording went then. flow: with all that was worked
    out of it.
    """

    trace: Trace
    extent: Extent
    flow: Flow

    def hand_to(self, trace: Trace) -> None:
        """Spares this trace reading it again; see `hand_over`."""
        trace.take_over(self.trace)
        hand_over(self.flow, self.extent, trace)


def _kept_flow(trace: Trace, iteration: int, extent: Extent) -> Flow | None:
    known, flow = _flows.get(trace, {}).get(iteration, (None, None))
    return flow if known == extent else None


def _keep(trace: Trace, extent: Extent, flow: Flow) -> None:
    """As the one used last."""
    kept = _flows.setdefault(trace, {})
    kept.pop(flow.iteration, None)
    kept[flow.iteration] = (extent, flow)
    while len(kept) > 1 and (
        len(kept) > _KEPT_FLOWS or sum(len(one.events) for _, one in kept.values()) > _KEPT_EVENTS
    ):
        kept.pop(next(iter(kept)))


def once_a_flow(make: Callable[[Flow], T]) -> Callable[[Flow], T]:
    """A function of a flow that is worked out once, and kept as long as the flow is.

    What it gives back must hold neither the flow nor its trace, which would then never go.
    """
    kept: WeakKeyDictionary[Flow, T] = WeakKeyDictionary()

    @wraps(make)
    def made(flow: Flow) -> T:
        if flow not in kept:
            kept[flow] = make(flow)
        return kept[flow]

    return made


def slot_named(slots: Iterable[Slot], names: tuple[str, ...]) -> Slot | None:
    """The first slot that has one of these names."""
    return next((slot for slot in slots if slot.name in names), None)
