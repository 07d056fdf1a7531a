"""Says of an expression of the script whether it does nothing but compute, so that it may be worked out twice."""

from __future__ import annotations

import ast
import builtins
import math
import types
from collections.abc import Mapping
from typing import Any

import numpy as np

_BUILTINS = frozenset(
    {"abs", "float", "int", "len", "list", "max", "min", "pow", "range", "round", "sorted", "sum", "tuple", "zip"}
)
_FORBIDDEN = (
    ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom, ast.Global, ast.Nonlocal, ast.Import, ast.ImportFrom, ast.With,
    ast.Try, ast.Delete, ast.ClassDef, ast.AsyncFunctionDef, ast.Raise,
)  # fmt: skip


class PureExpressions:
    """Knows a script's functions. An expression is pure if all that it calls is numpy, math, a method of an array, one
    of Python's own number functions, or a function of the script that is pure itself."""

    def __init__(self, tree: ast.Module) -> None:
        self._functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}

    def is_pure(self, expression: ast.AST, names: Mapping[str, Any], inside: frozenset[str] = frozenset()) -> bool:
        """names: what the names of the script stand for. inside: functions that are being looked at."""
        return all(self._is_harmless(part, names, inside) for part in ast.walk(expression))

    def _is_harmless(self, part: ast.AST, names: Mapping[str, Any], inside: frozenset[str]) -> bool:
        if isinstance(part, _FORBIDDEN):
            return False
        if isinstance(part, ast.Attribute | ast.Subscript) and not isinstance(part.ctx, ast.Load):
            return False
        if not isinstance(part, ast.Call):
            return True
        if isinstance(part.func, ast.Name):
            return self._is_pure_function(part.func.id, names, inside)
        return isinstance(part.func, ast.Attribute) and _is_of_numbers(part.func, names)

    def _is_pure_function(self, name: str, names: Mapping[str, Any], inside: frozenset[str]) -> bool:
        found = names.get(name, getattr(builtins, name, None))
        if name in inside:
            return True
        if isinstance(found, types.FunctionType) and name in self._functions:
            function = self._functions[name]
            return not function.decorator_list and self.is_pure(function, names, inside | {name})
        if isinstance(found, types.BuiltinFunctionType | type):
            return (name in _BUILTINS and found is getattr(builtins, name, None)) or _is_from_numbers(found)
        return isinstance(found, np.ufunc) or _is_from_numbers(found)


def _is_from_numbers(found: Any) -> bool:
    """Whether a function is numpy's or math's own, and draws no random numbers."""
    module = getattr(found, "__module__", "") or ""
    return module in ("math", "numpy") or (module.startswith("numpy.") and "random" not in module)


def _is_of_numbers(function: ast.Attribute, names: Mapping[str, Any]) -> bool:
    """Whether `np.exp`, `np.linalg.norm`, `math.exp`, or a method of what an expression gives (`(a @ b).sum`)."""
    path = [function.attr]
    owner = function.value
    while isinstance(owner, ast.Attribute):
        path.append(owner.attr)
        owner = owner.value
    if not isinstance(owner, ast.Name):
        return True
    found = names.get(owner.id)
    if isinstance(found, types.ModuleType):
        return (found is np and "random" not in path) or found is math
    return isinstance(found, np.ndarray | np.number | int | float)
