"""What the source of a script says, where its events cannot: calls of `step` that changed nothing, lists of losses."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from ...events import Source

_OPTIMIZERS = frozenset({
    "SGD", "Adam", "AdamW", "Adamax", "Adagrad", "Adadelta", "Adafactor", "ASGD", "LBFGS", "Muon", "NAdam", "RAdam",
    "RMSprop", "Rprop", "SparseAdam",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Call:
    """A method call. receiver: what stands before the dot. function: name of the function it is in, "" at the top.

    loop: line of the innermost loop around it, 0 outside of loops.
    """

    source: int
    name: str
    receiver: str
    line: int
    function: str
    loop: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """A plain `name = value`. value: the expression."""

    source: int
    name: str
    value: ast.expr
    line: int


class Script:
    """The sources of a trace, parsed. A file that is no Python counts as empty."""

    def __init__(self, sources: list[Source]) -> None:
        self.calls: list[Call] = []
        self.assignments: list[Assignment] = []
        self.kept: list[tuple[int, str, str, int]] = []
        """(source, list, what was appended, line) for each `list.append(name)`."""
        for source in sources:
            try:
                tree = ast.parse(source.text)
            except (SyntaxError, ValueError, RecursionError):
                continue
            self._walk(tree, source.id, "", 0)
        self.optimizers = {found.name for found in self.assignments if _makes_optimizer(found.value)}

    def steps(self) -> list[Call]:
        """Calls of an optimizer's `step`, as far as the source tells which object is one."""
        return [call for call in self.named("step") if call.receiver.rpartition(".")[2] in self.optimizers]

    def named(self, name: str) -> list[Call]:
        """Calls of methods of this name."""
        return [call for call in self.calls if call.name == name]

    def _walk(self, node: ast.AST, source: int, function: str, loop: int) -> None:
        for child in ast.iter_child_nodes(node):
            inside, around = function, loop
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                inside, around = child.name, 0
            elif isinstance(child, ast.For | ast.While | ast.AsyncFor):
                around = child.lineno
            elif isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute):
                receiver = ast.unparse(child.func.value)
                self.calls.append(Call(source, child.func.attr, receiver, child.lineno, inside, around))
                if child.func.attr == "append" and len(child.args) == 1 and isinstance(child.args[0], ast.Name):
                    self.kept.append((source, receiver, child.args[0].id, child.lineno))
            elif isinstance(child, ast.Assign):
                self.assignments.extend(_assigned(child, source))
            self._walk(child, source, inside, around)


def _assigned(statement: ast.Assign, source: int) -> Iterator[Assignment]:
    for target in statement.targets:
        pairs = [(target, statement.value)]
        if isinstance(target, ast.Tuple) and isinstance(statement.value, ast.Tuple):
            pairs = list(zip(target.elts, statement.value.elts, strict=False))
        for name, value in pairs:
            if isinstance(name, ast.Name | ast.Attribute):
                yield Assignment(source, ast.unparse(name).rpartition(".")[2], value, statement.lineno)


def _makes_optimizer(value: ast.expr) -> bool:
    if not isinstance(value, ast.Call):
        return False
    called = value.func
    name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
    return name in _OPTIMIZERS
