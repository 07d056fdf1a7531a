"""The table of equations: one row an op, added by a decorator that refuses a second row for the same op."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from .case import Backward, Forward, Update, Worked

ForwardRow = Callable[[Forward], Worked]
BackwardRow = Callable[[Backward], Worked]
UpdateRow = Callable[[Update], Worked]

_Row = TypeVar("_Row", ForwardRow, BackwardRow, UpdateRow)

FORWARD: dict[str, ForwardRow] = {}
"""By op name ("linear"): how it makes its result."""

BACKWARD: dict[str, BackwardRow] = {}
"""By op name: which gradient it sends to one of its arguments."""

UPDATE: dict[str, UpdateRow] = {}
"""By optimizer's or in-place op's name ("SGD", "sub_"): how it changes a parameter."""


def forward(*ops: str) -> Callable[[ForwardRow], ForwardRow]:
    """Adds a row for how ops make their result. Raises ValueError for an op that has one."""
    return _adding(FORWARD, ops)


def backward(*ops: str) -> Callable[[BackwardRow], BackwardRow]:
    """Adds a row for the gradients that ops send. Raises ValueError for an op that has one."""
    return _adding(BACKWARD, ops)


def update(*names: str) -> Callable[[UpdateRow], UpdateRow]:
    """Adds a row for how parameters change. Raises ValueError for a name that has one."""
    return _adding(UPDATE, names)


def _adding(table: dict[str, _Row], names: tuple[str, ...]) -> Callable[[_Row], _Row]:
    def add(row: _Row) -> _Row:
        for name in names:
            if name in table:
                raise ValueError(f"{name} has an equation already; change that one instead of adding a second.")
            table[name] = row
        return row

    return add
