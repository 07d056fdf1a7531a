"""One row of the table of updates: how an optimizer, or a line of the script, changes a parameter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from .call import Array, UnfitError
from .case import Update, Worked
from .operation import row_of
from .rows import Rows
from .words import Words


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """What an update had before it, to compute with: in float64, of the parameter's shape where nothing else is said.

    gradient: what the optimizer read (by hand: what the script took off or added), None where there was none. state:
    the optimizer's by name ("exp_avg", "step"). settings: lr, betas ... as recorded.
    """

    old: Array
    gradient: Array | None
    state: Mapping[str, Array]
    settings: Mapping[str, Any]


class UpdateRule:
    """A row of the table of updates. words: what it does; `gradient` says what the step means."""

    words: ClassVar[Words]

    def step(self, step: Step) -> Mapping[str, Array]:
        """The parameter ("value") and the state after it, by name. Raises UnfitError for settings it does not know."""
        raise UnfitError("there is no formula for it in numpy", "它没有 NumPy 公式")

    def equation(self, case: Update) -> Worked:
        """How one element of the new parameter comes about."""
        raise UnfitError("there is no equation for it", "它没有公式")

    def named(self, name: str) -> UpdateRule:
        """The same row for an event of another name."""
        return self


RULES: Rows[UpdateRule] = Rows(f"{__package__}.updates")
"""The table: name of the update's event ("SGD", "sub_") -> its row. Filled by `update`."""

ANY_OP = "*"
"""The name under which the row stands for what ops without one of their own write into a parameter (`clamp_`)."""

_Row = TypeVar("_Row", bound=type[UpdateRule])


def update(*names: str) -> Callable[[_Row], _Row]:
    """Adds a row under the names of update events. Raises ValueError for a name that has one."""

    def add(row: _Row) -> _Row:
        made = row()
        for name in names:
            RULES.add(name, made)
        return row

    return add


def rule_of(name: str) -> UpdateRule | None:
    """The row of an update by its event's name; for a write by hand that of the op it is; None if there is neither."""
    found = RULES.get(name)
    if found is None and ANY_OP in RULES and row_of(name) is not None:
        found = RULES[name] = RULES[ANY_OP].named(name)
    return found
