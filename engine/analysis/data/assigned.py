"""The name that a line of a script gives to what an expression in it made."""

from __future__ import annotations

import ast
from functools import lru_cache

from ...events import Site


def assigned_name(text: str, site: Site) -> str:
    """As "X_train" of the expression X[:800] in `X_train, y_train = X[:800], y[:800]`; "" where it gets none."""
    return _names(text).get((site.line, site.column, site.end_line, site.end_column), "")


@lru_cache(maxsize=16)
def _names(text: str) -> dict[tuple[int, int, int, int], str]:
    """(line, column, end line, end column) of an assigned expression -> its name."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return {}
    found: dict[tuple[int, int, int, int], str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                _note(target, node.value, found)
    return found


def _note(target: ast.expr, value: ast.expr, found: dict[tuple[int, int, int, int], str]) -> None:
    if isinstance(target, ast.Name):
        end = value.end_lineno or value.lineno, value.end_col_offset or value.col_offset
        found[(value.lineno, value.col_offset, *end)] = target.id
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        for part, made in zip(target.elts, value.elts, strict=True):
            _note(part, made, found)
