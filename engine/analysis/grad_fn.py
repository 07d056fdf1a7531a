"""How autograd's graph is walked by hand: Python's way to a node, its successors in order, the chain as a line."""

from __future__ import annotations

import ast
from collections import deque
from dataclasses import dataclass

from ..events import Event, Kind, Node
from .flow import ACCUMULATE, Flow, Place
from .names import ValueNames
from .roles import roles_of


@dataclass(frozen=True, slots=True)
class Step:
    """A node on the way from a root. python: "loss.grad_fn", and below it what to append: ".next_functions[0][0]".

    node: its id. after: what its own `next_functions` lead to, in their order; see `successors`.
    """

    python: str
    node: int
    name: str
    after: tuple[str, ...]


def python_of(flow: Flow, event: Event) -> str:
    """The Python expression for the node of an event, from the tensor that its backward pass began at.

    Of several ways the shortest. It holds for as long as the script holds that tensor. "" where none is known.
    """
    current = flow.pass_of.get(event.position)
    for root in roots(flow):
        node = _result_node(flow, root)
        if node is None or event.node is None or current is None or node.id not in current.ran:
            continue
        steps = _way(flow, node, event.node)
        if steps is not None:
            return f"{_made(flow, root)}.grad_fn{''.join(f'.next_functions[{edge}][0]' for edge in steps)}"
    return ""


def successors(flow: Flow, node: Node) -> tuple[str, ...]:
    """What `next_functions` of a node hold, in order: "AccumulateGrad of b2", "ReluBackward0", "None"."""
    return tuple(_successor(flow, edge) for edge in node.next)


def forward_chain(flow: Flow, root: Event) -> tuple[str, ...]:
    """From what went in to what came out: the ops along the longest path that leads to an op, with both ends' names."""
    made = {slot.value: event for event in flow.ops for slot in event.outputs if slot.value is not None}
    before: dict[int, Event] = {}
    length: dict[int, int] = {}
    for event in (one for one in flow.ops if one.position <= root.position):
        givers = [made[slot.value] for slot in event.inputs if slot.value in made]
        givers = [one for one in givers if one.position < event.position]
        first = max(givers, key=lambda one: length[one.position], default=None)
        length[event.position] = 1 if first is None else 1 + length[first.position]
        if first is not None:
            before[event.position] = first
    path = [root]
    while path[-1].position in before:
        path.append(before[path[-1].position])
    path.reverse()
    return (_input(flow, path[0]), *(event.name for event in path), _made(flow, root))


def backward_chain(flow: Flow, root: Event) -> tuple[Step, ...]:
    """The nodes along the longest path from an op's result down to a leaf, each with the step that leads to it."""
    node = _result_node(flow, root)
    depth = _depths(flow, node)
    steps: list[Step] = []
    python = f"{_made(flow, root)}.grad_fn"
    while node is not None:
        steps.append(Step(python, node.id, node.name, successors(flow, node)))
        edges = [(depth.get(edge[0], 0), -number, edge[0]) for number, edge in enumerate(node.next) if edge is not None]
        if not edges:
            break
        _, number, following = max(edges)
        python, node = f".next_functions[{-number}][0]", flow.node(following)
    return tuple(steps)


def roots(flow: Flow) -> list[Event]:
    """The ops whose results backward passes of an iteration began at; without one, the last that autograd tracks."""
    found: list[Event] = []
    for event in flow.events:
        node = flow.node(event.node) if event.kind == Kind.NODE and event.node is not None else None
        if node is not None and node.op is not None and event.inputs and not _is_sent_to(flow, event, node):
            op = flow.trace.event(node.op)
            if op is not None and op not in found:
                found.append(op)
    return found or [op for op in flow.ops if any(slot.node is not None for slot in op.outputs)][-1:]


def _is_sent_to(flow: Flow, event: Event, node: Node) -> bool:
    return any(flow.senders(event, (node.id, slot.index)) for slot in event.inputs)


def _result_node(flow: Flow, op: Event) -> Node | None:
    return flow.node(next((slot.node for slot in op.outputs if slot.node is not None), None))


def _way(flow: Flow, root: Node, node: int) -> list[int] | None:
    """The numbers of the edges on the shortest way, None if there is none."""
    ways: dict[int, list[int]] = {root.id: []}
    waiting = deque([root])
    while waiting:
        here = waiting.popleft()
        if here.id == node:
            return ways[here.id]
        for number, edge in enumerate(here.next):
            following = None if edge is None or edge[0] in ways else flow.node(edge[0])
            if following is not None:
                ways[following.id] = [*ways[here.id], number]
                waiting.append(following)
    return None


def _depths(flow: Flow, root: Node | None) -> dict[int, int]:
    """How many nodes the longest way down from each node has."""
    depth: dict[int, int] = {}
    waiting = [root] if root is not None else []
    while waiting:
        node = waiting[-1]
        below = [edge[0] for edge in node.next if edge is not None]
        missing = [one for one in (flow.node(key) for key in below if key not in depth) if one is not None]
        if missing:
            waiting += missing
            continue
        depth[node.id] = 1 + max((depth.get(key, 0) for key in below), default=0)
        waiting.pop()
    return depth


def _successor(flow: Flow, edge: Place | None) -> str:
    node = None if edge is None else flow.node(edge[0])
    if node is None:
        return "None"
    if node.name != ACCUMULATE:
        return node.name
    tensor = None if node.tensor is None else flow.trace.tensor(node.tensor)
    name = tensor.name if tensor is not None else ""
    return f"{ACCUMULATE} of {name}" if name else ACCUMULATE


def _made(flow: Flow, op: Event) -> str:
    """What the script calls an op's result, else the expression itself."""
    names = ValueNames(flow.trace)
    name = names.variable(op)
    if name:
        return name
    written = names.expression(op.site)
    try:
        is_plain = isinstance(ast.parse(written, mode="eval").body, ast.Name | ast.Call | ast.Attribute)
    except (SyntaxError, ValueError):
        return roles_of(flow).symbol(op.outputs[0].value or 0) or op.name
    return written if is_plain else f"({written})"


def _input(flow: Flow, op: Event) -> str:
    """What the first op of a path reads that no other op made."""
    slot = op.inputs[0] if op.inputs else None
    if slot is None or slot.value is None:
        return "input"
    return ValueNames(flow.trace).argument(op, slot.name) or roles_of(flow).symbol(slot.value) or "input"
