"""A row of the table: how a kind of error is known, and what is said of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from .facts import Facts
from .told import Told


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of error.

    key: its name. pattern: a regular expression that is found in "Type: message". explain: what is said; None where it
    is another kind after all. ops: short names of the ops that it concerns; empty: any.
    """

    key: str
    pattern: str
    explain: Callable[[Facts], Told | None]
    ops: frozenset[str] = field(default_factory=frozenset)

    def search(self, op: str, text: str) -> re.Match[str] | None:
        """Where the pattern is in an error's text, None if the row does not concern it."""
        return re.search(self.pattern, text, re.DOTALL) if not self.ops or op in self.ops else None
