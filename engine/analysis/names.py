"""Names that the script itself gives to values: read from its source, at the place that an op was called from."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import lru_cache
from weakref import WeakKeyDictionary

from ..events import Event, Kind, Site, Source
from ..trace.reader import Trace

Span = tuple[int, int, int, int]
"""First line, last line (1-based), first and last column (0-based, in UTF-8 bytes)."""

_NUMBERED = frozenset("0123456789")


@dataclass(frozen=True, slots=True)
class ParsedSource:
    """A source file's expressions by span, each with what stands around it. Empty where the text is no Python."""

    lines: tuple[bytes, ...]
    nodes: dict[Span, ast.AST] = field(default_factory=dict)
    parents: dict[ast.AST, ast.AST] = field(default_factory=dict)

    def text(self, span: Span) -> str:
        """The source text of a span, on one line."""
        first, last, begin, end = span
        if not 0 < first <= last <= len(self.lines):
            return ""
        lines = [*self.lines[first - 1 : last]]
        lines[-1] = lines[-1][:end]
        lines[0] = lines[0][begin:]
        return " ".join(b" ".join(lines).decode("utf-8", "replace").split())


@lru_cache(maxsize=32)
def parse(text: str) -> ParsedSource:
    """Parses a source file; the last few are kept."""
    lines = tuple(line.encode("utf-8") for line in text.split("\n"))
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return ParsedSource(lines)
    parsed = ParsedSource(lines)
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            parsed.parents[child] = node
        if isinstance(node, ast.expr | ast.stmt):
            parsed.nodes.setdefault(_span(node), node)
    return parsed


class ValueNames:
    """Names of values in one trace. Holds what it has looked up; make a new one for another trace."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._parsed: dict[int, ParsedSource] = {}

    def expression(self, site: int | None) -> str:
        """The text of the expression at a site: "self.hidden_layer(x)". Empty where the source is unknown."""
        place = self._trace.site(site)
        return "" if place is None else self._source(place.source).text(_site_span(place))

    def variable(self, event: Event, output: int = 0) -> str:
        """The variable that receives an output of an op, "" where there is none.

        The op must be the whole right-hand side, or the last op that the right-hand side called: in `h = net(x)` the
        last one inside `net`. `self.z1 = ...` gives "z1", `a, b = ...` each its own, `w -= ...` gives "w".
        """
        node = self._node(event.site)
        if node is None or not self._is_last(event, node):
            return ""
        parsed = self._source_of(event.site)
        return _assigned(node, parsed, output) if parsed is not None else ""

    def receiver(self, site: int) -> str:
        """The variable that receives what the expression at a site gives back, "" where there is none."""
        node, parsed = self._node(site), self._source_of(site)
        return "" if node is None or parsed is None else _assigned(node, parsed, 0)

    def variable_of_value(self, value: int) -> str:
        """The variable that a value of the set-up was first assigned to; "" where that is unknown."""
        position = _producers_of(self._trace).get(value)
        event = None if position is None else self._trace.event(position)
        if event is None:
            return ""
        output = next((i for i, slot in enumerate(event.outputs) if slot.value == value), 0)
        return self.variable(event, output)

    def argument(self, event: Event, slot: str) -> str:
        """How the script writes an op's argument: "target" for slot "1" of `criterion(output, target)`.

        Only names are given back ("x", "self.w"), not calls or sums; "" otherwise.
        """
        node = self._node(event.site)
        found: ast.AST | None = None
        if isinstance(node, ast.Call):
            found = _call_argument(node, slot, event)
        elif isinstance(node, ast.BinOp):
            sides = (node.right, node.left) if event.name.startswith("r") else (node.left, node.right)
            found = sides[int(slot)] if slot in ("0", "1") else None
        return _name(found) if found is not None else ""

    def calls_by_name(self, event: Event) -> bool:
        """Whether the expression that an op was called from calls it by its name, as `p.add_(g)` does."""
        node = self._node(event.site)
        return node is not None and _calls(node, event.name)

    def is_added_to_name(self, event: Event) -> bool:
        """Whether the script adds a variable to the op's result in the same expression, as in `x @ w + b`."""
        node, parsed = self._node(event.site), self._source_of(event.site)
        if node is None or parsed is None:
            return False
        parent = parsed.parents.get(node)
        if not isinstance(parent, ast.BinOp) or not isinstance(parent.op, ast.Add):
            return False
        return bool(_name(parent.right if parent.left is node else parent.left))

    def _is_last(self, event: Event, node: ast.AST) -> bool:
        """Whether no later op of the same call belongs to the same expression."""
        after = self._trace.event(event.position + 1)
        if after is None or after.kind != Kind.OP or after.site != event.site or after.iteration != event.iteration:
            return True
        return _calls(node, event.name)

    def _node(self, site: int | None) -> ast.AST | None:
        place, parsed = self._trace.site(site), self._source_of(site)
        return None if place is None or parsed is None else parsed.nodes.get(_site_span(place))

    def _source_of(self, site: int | None) -> ParsedSource | None:
        place = self._trace.site(site)
        return None if place is None else self._source(place.source)

    def _source(self, source: int) -> ParsedSource:
        if source not in self._parsed:
            found: Source | None = self._trace.source(source)
            self._parsed[source] = ParsedSource(()) if found is None else parse(found.text)
        return self._parsed[source]


_producers: WeakKeyDictionary[Trace, tuple[int, dict[int, int]]] = WeakKeyDictionary()


def _producers_of(trace: Trace) -> dict[int, int]:
    """Who made the values of the set-up: value id -> position. Looked through once, and again when it has grown."""
    before = trace.iteration(-1)
    if before is None:
        return {}
    end, found = _producers.get(trace, (-1, {}))
    if end != before.end:
        found = {}
        for event in trace.events(begin=before.begin, end=before.end):
            taken = {slot.value for slot in event.inputs}
            for slot in event.outputs if event.kind == Kind.OP else ():
                if slot.value is not None and slot.value not in taken:
                    found.setdefault(slot.value, event.position)
        _producers[trace] = (before.end, found)
    return found


def _span(node: ast.expr | ast.stmt) -> Span:
    return (node.lineno, node.end_lineno or 0, node.col_offset, node.end_col_offset or 0)


def _site_span(site: Site) -> Span:
    return (site.line, site.end_line, site.column, site.end_column)


def _calls(node: ast.AST, op: str) -> bool:
    """Whether an expression is a direct call of the op, as torch.relu(x), and not of something that calls it."""
    if not isinstance(node, ast.Call):
        return True
    return (isinstance(node.func, ast.Attribute) and node.func.attr == op) or (
        isinstance(node.func, ast.Name) and node.func.id == op
    )


def _assigned(node: ast.AST, parsed: ParsedSource, output: int) -> str:
    if isinstance(node, ast.AugAssign):
        return _target(node.target, output)
    parent = parsed.parents.get(node)
    if isinstance(parent, ast.Assign | ast.AnnAssign | ast.NamedExpr):
        target = parent.targets[0] if isinstance(parent, ast.Assign) else parent.target
        return _target(target, output)
    if isinstance(parent, ast.Tuple | ast.List):
        statement = parsed.parents.get(parent)
        if isinstance(statement, ast.Assign) and isinstance(node, ast.expr) and statement.value is parent:
            return _target(statement.targets[0], parent.elts.index(node))
    return ""


def _target(target: ast.expr, output: int) -> str:
    if isinstance(target, ast.Tuple | ast.List):
        starred = any(isinstance(part, ast.Starred) for part in target.elts)
        return _name(target.elts[output]).rpartition(".")[2] if output < len(target.elts) and not starred else ""
    return _name(target).rpartition(".")[2] if output == 0 else ""


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = _name(node.value)
        return f"{owner}.{node.attr}" if owner else ""
    return ""


def _call_argument(call: ast.Call, slot: str, event: Event) -> ast.AST | None:
    by_keyword = next((keyword.value for keyword in call.keywords if keyword.arg == slot), None)
    if by_keyword is not None or slot not in _NUMBERED:
        return by_keyword
    place = int(slot)
    # A method's first argument stands before the dot: x.add(y).
    is_method = event.function.startswith("torch.Tensor.") and isinstance(call.func, ast.Attribute)
    if is_method and isinstance(call.func, ast.Attribute) and call.func.attr == event.name:
        if place == 0:
            return call.func.value
        place -= 1
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return None
    return call.args[place] if place < len(call.args) else None
