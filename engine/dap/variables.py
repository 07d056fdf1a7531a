"""Variables as an editor shows them: a name, a line of text, and children that are made when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from .handles import Handles
from .messages import Json

MOST_AT_ONCE = 1000
"""Indexed children of one answer, whatever was asked for."""

MOST_UNASKED = 100
"""Indexed children of one answer where no number was asked for."""


def _nothing() -> Sequence[Variable]:
    return ()


def _no_part(start: int, count: int) -> Sequence[Variable]:
    return ()


@dataclass(frozen=True, slots=True)
class Children:
    """named: those with names. size: number of indexed ones; part(start, count): some of them."""

    named: Callable[[], Sequence[Variable]] = _nothing
    size: int = 0
    part: Callable[[int, int], Sequence[Variable]] = _no_part

    def after(self, start: int) -> Children:
        """The indexed ones from there on."""
        return Children(size=self.size - start, part=lambda first, count: self.part(start + first, count))


@dataclass(frozen=True, slots=True)
class Variable:
    """text: its value in one line. type: "float32 [2, 3]". expression: what `evaluate` would take for it, "" for none.

    data: the tensor or `.grad` whose changes can be waited for, "" for none. named: number of named children.
    """

    name: str
    text: str
    type: str = ""
    expression: str = ""
    data: str = ""
    children: Children | None = None
    named: int = 0
    hint: str = ""


def shown(variable: Variable, handles: Handles[Children]) -> Json:
    """A variable as the protocol has it."""
    children = variable.children
    found: Json = {
        "name": variable.name,
        "value": variable.text,
        "variablesReference": 0 if children is None else handles.add(children),
    }
    if variable.type:
        found["type"] = variable.type
    if variable.expression:
        found["evaluateName"] = variable.expression
    if children is not None and children.size:
        found |= {"indexedVariables": children.size, "namedVariables": variable.named}
    if variable.hint:
        found["presentationHint"] = {"kind": variable.hint}
    return found


def listed(children: Children, start: int, count: int, which: str) -> list[Variable]:
    """Some children. count: 0 for all. which: "named", "indexed" or "" for both.

    Never all of a large tensor: the rest is one more variable that can be opened.
    """
    found = list(children.named()) if which != "indexed" else []
    if which == "named":
        return found
    begin = min(max(start, 0), children.size)
    wanted = min(count, children.size - begin) if count > 0 else children.size - begin
    given = min(wanted, MOST_AT_ONCE if count > 0 else MOST_UNASKED)
    found += children.part(begin, given) if given > 0 else ()
    if given < wanted:
        rest = replace(children.after(begin + given), size=wanted - given)
        found.append(Variable("…", f"{wanted - given:,} more", children=rest, hint="virtual"))
    return found
