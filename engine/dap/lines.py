"""On which lines of a source a breakpoint can stop: those with an expression that may call torch.

NOTE [Lines that can stop]
A line breakpoint stops at an event, and an event's line is where its expression begins, as Python says it: of a method
call over several lines, the line of the method's name. Before a script has run it is not known which expressions will
be torch's, so all count that call something or use an operator. Of a recorded trace it is known exactly.
"""

from __future__ import annotations

import ast
import bisect
from collections.abc import Iterator
from functools import lru_cache

_MAY_CALL = (ast.Call, ast.BinOp, ast.UnaryOp, ast.Compare, ast.Subscript, ast.AugAssign)


@lru_cache(maxsize=32)
def lines_that_may_stop(text: str) -> tuple[int, ...]:
    """Lines (1-based, ascending) at which an expression begins that may call torch; none where it is no Python."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return ()
    return tuple(sorted({line for node in ast.walk(tree) for line in _lines(node)}))


def line_from(lines: tuple[int, ...], wanted: int) -> int | None:
    """The first of the lines at or after one; None after the last."""
    place = bisect.bisect_left(lines, wanted)
    return lines[place] if place < len(lines) else None


def _lines(node: ast.AST) -> Iterator[int]:
    if not isinstance(node, _MAY_CALL):
        return
    yield node.lineno
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.end_lineno is not None:
        yield node.func.end_lineno
