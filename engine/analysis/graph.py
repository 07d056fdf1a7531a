"""The graph of one iteration: ops, inputs and parameters, with edges where values flow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ..events import Event, Kind, ModuleCall
from ..trace.reader import Trace
from .call_name import call_name
from .families import is_view
from .flow import ACCUMULATE, Flow, flow_of
from .roles import Roles, roles_of


class NodeKind(StrEnum):
    """What a node of the graph stands for. Views hand the same numbers on, so they can be folded away."""

    OP = "op"
    VIEW = "view"
    LOSS = "loss"
    INPUT = "input"
    PARAMETER = "parameter"


@dataclass(frozen=True, slots=True)
class GraphNode:
    """One node.

    identity: the same in every iteration: module path, op name, source line and occurrence ("net.fc1|linear|27|0"), or
    "parameter|fc1.weight", "input|x". name: the op's or parameter's name. symbol: "z1", "w1", "C", or readable. value:
    id of the (first) value that it yields. shape: of that value. position: of the op's event, None for inputs and
    parameters. backward: positions of the autograd nodes' events that belong to it (its twins), in order; for a
    parameter those that filled its `.grad`. path: names of the module calls around it, outermost first. tensor: id of
    the parameter.
    """

    identity: str
    kind: NodeKind
    name: str
    symbol: str
    value: int | None
    shape: tuple[int, ...]
    position: int | None = None
    backward: tuple[int, ...] = ()
    path: tuple[str, ...] = ()
    line: int | None = None
    tensor: int | None = None


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """A value that flows along an edge. slots: which inputs of the op it is."""

    value: int
    slots: tuple[int, ...]


class Graph:
    """Nodes by their identities, in the order in which they come, and the edges between them."""

    def __init__(self) -> None:
        self._nodes: dict[str, GraphNode] = {}
        self._into: dict[str, dict[str, GraphEdge]] = {}
        self._out_of: dict[str, list[str]] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._nodes)

    def __len__(self) -> int:
        return len(self._nodes)

    def node(self, identity: str) -> GraphNode:
        """A node. Raises KeyError for an unknown identity."""
        return self._nodes[identity]

    def edge(self, source: str, target: str) -> GraphEdge | None:
        """The edge from one node to another, None where there is none."""
        return self._into.get(target, {}).get(source)

    def predecessors(self, identity: str) -> list[str]:
        """Where edges to this node come from, in the order in which they were added."""
        return list(self._into.get(identity, ()))

    def successors(self, identity: str) -> list[str]:
        """Where edges from this node lead, in the order in which they were added."""
        return list(self._out_of.get(identity, ()))

    def add_node(self, node: GraphNode) -> None:
        """Adds a node under its identity."""
        self._nodes[node.identity] = node

    def add_edge(self, source: str, target: str, edge: GraphEdge) -> None:
        """Adds an edge, or puts another one in its place."""
        into = self._into.setdefault(target, {})
        if source not in into:
            self._out_of.setdefault(source, []).append(target)
        into[source] = edge


def graph(trace: Trace, iteration: int) -> Graph:
    """The graph of an iteration, as far as it is recorded."""
    flow = flow_of(trace, iteration)
    return _Builder(flow, roles_of(flow)).graph


class _Builder:
    """Adds ops in order; inputs and parameters where the first op reads them."""

    def __init__(self, flow: Flow, roles: Roles) -> None:
        self.graph = Graph()
        self._flow = flow
        self._roles = roles
        self._trace = flow.trace
        self._calls: dict[int, ModuleCall | None] = {call.id: call for call in flow.trace.calls(flow.iteration)}
        self._occurrences: Counter[str] = Counter()
        self._maker: dict[int, str] = {}
        self._twins, self._fills = self._find_twins()
        steps = {event.position for event in flow.ops}
        for event in flow.events:
            if event.position in steps:
                self._add_op(event)
            elif event.kind == Kind.EDIT:
                self._pass_on(event)

    def _find_twins(self) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
        """Positions of node events by op, and of AccumulateGrad events by tensor."""
        twins: dict[int, list[int]] = {}
        fills: dict[int, list[int]] = {}
        for event in self._flow.events:
            node = self._flow.node(event.node) if event.kind == Kind.NODE else None
            if node is None:
                continue
            if node.name == ACCUMULATE and node.tensor is not None:
                fills.setdefault(node.tensor, []).append(event.position)
            elif node.op is not None:
                twins.setdefault(node.op, []).append(event.position)
        return twins, fills

    def _add_op(self, event: Event) -> None:
        path = self._path(event.call)
        site = self._trace.site(event.site)
        line = None if site is None else site.line
        identity = self._unique(f"{'.'.join(path)}|{event.name}|{line or 0}")
        value = event.outputs[0].value
        symbol = self._roles.symbol(value) if value is not None else ""
        kind = NodeKind.VIEW if is_view(event) else NodeKind.LOSS if symbol == "C" else NodeKind.OP
        shape = self._flow.value(value).shape if value is not None else ()
        twins = tuple(self._twins.get(event.position, ()))
        self.graph.add_node(
            GraphNode(identity, kind, event.name, symbol, value, shape, event.position, twins, path, line)
        )
        for slot, value in enumerate(slot.value for slot in event.inputs):
            if value is not None:
                self._connect(value, identity, slot, event)
        for output in event.outputs:
            if output.value is not None:
                self._maker[output.value] = identity

    def _pass_on(self, event: Event) -> None:
        """A value that was changed by hand still comes from the op that made it."""
        old, new = (slots[0].value if slots else None for slots in (event.inputs, event.outputs))
        if old in self._maker and new is not None and event.tensor is None:
            self._maker[new] = self._maker[old]

    def _connect(self, value: int, target: str, slot: int, event: Event) -> None:
        source = self._maker.get(value)
        if source is None or source == target:
            source = self._add_source(value, target, slot)
        before = self.graph.edge(source, target)
        slots = before.slots if before is not None else ()
        self.graph.add_edge(source, target, GraphEdge(value, (*slots, slot)))

    def _add_source(self, value: int, target: str, slot: int) -> str:
        """An input or a parameter that an op reads."""
        flow, roles = self._flow, self._roles
        tensor = flow.leaves.get(value)
        role = roles.role(value)
        known = self._trace.tensor(tensor) if tensor is not None else None
        is_parameter = (tensor is not None and tensor not in roles.inputs) or role[:1] in ("w", "b")
        if is_parameter:
            name = (known.name if known is not None else "") or role
            key, kind = f"parameter|{name}", NodeKind.PARAMETER
        else:
            name = role or (known.name if known is not None else "") or "input"
            key, kind = f"input|{name if role else target + '|' + str(slot)}", NodeKind.INPUT
        identity = self._unique(key)
        shape, fills = flow.value(value).shape, self._fills.get(tensor, ()) if tensor is not None else ()
        self.graph.add_node(GraphNode(identity, kind, name, role, value, shape, None, tuple(fills), (), None, tensor))
        self._maker[value] = identity
        return identity

    def _unique(self, key: str) -> str:
        """The key with its occurrence: the first is 0."""
        occurrence = self._occurrences[key]
        self._occurrences[key] += 1
        return f"{key}|{occurrence}"

    def _path(self, call: int | None) -> tuple[str, ...]:
        names: list[str] = []
        found = self._call(call)
        while found is not None:
            around = self._call(found.parent)
            names.append(call_name(found, around))
            found = around
        return tuple(reversed(names))

    def _call(self, call: int | None) -> ModuleCall | None:
        if call is None:
            return None
        if call not in self._calls:
            self._calls[call] = self._trace.call(call)
        return self._calls[call]
