"""What autograd keeps of a forward op until its backward pass: which values, in which version, and whether still.

NOTE [What a node saves]
A node keeps the tensors that its derivative's formula reads. PyTorch's table of formulas (`explain/formulas.py`) says
which these are, and torch itself is generated from it: `grad * result` keeps the result, `other.scalar_type()` keeps
no numbers, and a formula whose gradient nobody wants keeps nothing. Functions of the script's own are not in the
table, so nothing is said of them. The values are freed when the node has run, unless the backward pass was asked to
retain the graph, which is read from the line that called it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..events import Event, Kind, Node
from .explain.formulas import Formula, formula_of
from .families import is_in_place
from .flow import ACCUMULATE, Flow
from .names import ValueNames
from .roles import roles_of

_FACTS = "sym_sizes?|sym_numel|numel|sym_strides|sym_blocksize|options|scalar_type|dim|layout|is_conj"
_OF_IT_ONLY = rf"{{0}}(\.|->)({_FACTS})\(|(zeros_like|TensorGeometry|to_args_\w+)\({{0}}\)"
"""What a formula may ask of a tensor without keeping its numbers; torchgen's `load_derivatives` has the same list."""
_RETAINS = re.compile(r"(retain_graph|create_graph)\s*=\s*True")


@dataclass(frozen=True, slots=True)
class SavedValue:
    """One tensor that a node keeps. symbol: what to call it. node: the node's name.

    version: how often it had been written to in place when it was saved, as torch counts; None of a leaf, which may be
    older than the recording. freed_by: position of the event of the node
    that used it up, None while it is live. overwritten_by: position of the first event that wrote to it since then,
    None if none has; a backward pass that still needs it fails.
    """

    symbol: str
    value: int
    node: str
    version: int | None
    freed_by: int | None
    overwritten_by: int | None


def saved_values(flow: Flow, op: Event, position: int) -> list[SavedValue]:
    """What the nodes of a forward op keep, as it is at a position: before the event there happens."""
    looked = _Looked(flow, op)
    found: dict[tuple[int, str], SavedValue] = {}
    for node in looked.nodes:
        freed = _freed_by(flow, node, position)
        for value in looked.saved_by(node):
            written = _overwritten_by(flow, value, position if freed is None else freed)
            one = SavedValue(looked.symbol(value), value, node.name, _version(flow, value), freed, written)
            found.setdefault((value, node.name), one)
    return list(found.values())


class _Looked:
    """An op with its nodes, and which of its values their formulas mean."""

    def __init__(self, flow: Flow, op: Event) -> None:
        self._flow, self._op = flow, op
        self._roles, self._names = roles_of(flow), ValueNames(flow.trace)
        self.nodes = flow.unit_nodes(op)

    def symbol(self, value: int) -> str:
        """What to call a value of the op."""
        known = self._roles.symbol(value)
        slots = [slot.name for slot in self._op.inputs if slot.value == value]
        return known or next((name for slot in slots if (name := self._names.argument(self._op, slot))), self._op.name)

    def saved_by(self, node: Node) -> Iterator[int]:
        """The values that a node keeps."""
        formula = formula_of(node.name)
        if formula is None:
            return
        wanted = [text for (_, text), edge in zip(_by_argument(formula), node.next, strict=False) if edge is not None]
        for name in (*formula.tensors, *formula.results):
            if any(_keeps(text, name) for text in wanted):
                value = self._result(formula, name) if name in formula.results else self._argument(formula, node, name)
                if value is not None:
                    yield value

    def _result(self, formula: Formula, name: str) -> int | None:
        place = 0 if name == "result" else formula.results.index(name)
        return self._op.outputs[place].value if place < len(self._op.outputs) else None

    def _argument(self, formula: Formula, node: Node, name: str) -> int | None:
        """The op's argument that a formula calls by a name: the one at the other end of its edge, or the one left."""
        arguments = [key for key, _ in _by_argument(formula)]
        edges = dict(zip(arguments, node.next, strict=False))
        if edges.get(name) is not None:
            return self._at(edges[name])
        taken = {self._at(edge) for edge in node.next}
        left = [slot.value for slot in self._op.inputs if slot.value is not None and slot.value not in taken]
        if len(left) > 1 and len(formula.tensors) == len(self._op.inputs):
            return self._op.inputs[formula.tensors.index(name)].value
        return left[0] if left else None

    def _at(self, edge: tuple[int, int] | None) -> int | None:
        """The op's argument whose gradient goes along an edge, through views and transposes inside the op."""
        while edge is not None:
            node, made = self._flow.node(edge[0]), self._flow.value_at(edge)
            if made is not None:
                return made
            if node is None:
                return None
            if node.name == ACCUMULATE:
                for slot in self._op.inputs:
                    base = None if slot.value is None else self._flow.origin(slot.value)
                    if slot.value is not None and node.tensor in (
                        self._flow.leaves.get(slot.value),
                        self._flow.leaves.get(base or 0),
                    ):
                        return slot.value
                return None
            edge = node.next[0] if len(node.next) == 1 else None
        return None


def _by_argument(formula: Formula) -> list[tuple[str, str]]:
    """(argument, the formula of its gradient), in the order in which a node's edges stand."""
    found = {name: text for names, text in formula.gradients for name in re.split(r", *", names)}
    return [(name, found[name]) for name in formula.arguments if name in found]


def _keeps(text: str, name: str) -> bool:
    """Whether a formula reads a tensor's numbers."""
    asked = re.sub(_OF_IT_ONLY.format(re.escape(name)), "", text)
    return re.search(rf"\b{re.escape(name)}\b", asked) is not None


def _freed_by(flow: Flow, node: Node, position: int) -> int | None:
    for event in flow.events_of_node(node.id):
        if event.position < position and not _retains(flow, event):
            return event.position
    return None


def _retains(flow: Flow, event: Event) -> bool:
    return _RETAINS.search(ValueNames(flow.trace).expression(event.site)) is not None


def _overwritten_by(flow: Flow, value: int, position: int) -> int | None:
    for event in flow.events:
        if event.position >= position:
            return None
        changes = event.kind == Kind.UPDATE or (event.kind == Kind.OP and is_in_place(event))
        if changes and event.inputs and event.inputs[0].value == value and event.outputs[:1] != event.inputs[:1]:
            return event.position
    return None


def _version(flow: Flow, value: int) -> int | None:
    if value in flow.leaves:
        return None
    count, made = 0, flow.made.get(value)
    while made is not None and is_in_place(made[0]) and made[0].inputs and made[0].inputs[0].value is not None:
        count += 1
        made = flow.made.get(made[0].inputs[0].value)
    return count
