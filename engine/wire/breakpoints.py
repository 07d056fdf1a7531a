"""A breakpoint as both processes know it: what it waits for, on what condition, and how often it lets pass."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class What(StrEnum):
    """What a breakpoint waits for. What its pattern means is said in `engine.analysis.breakpoints.kinds`."""

    LINE = "line"
    NAME = "name"
    OP = "op"
    MODULE = "module"
    NODE = "node"
    PARAMETER = "parameter"
    PHASE = "phase"
    DATA = "data"
    NOT_FINITE = "not_finite"
    GRADIENT_ABOVE = "gradient_above"
    GRADIENT_BELOW = "gradient_below"
    EXCEPTION = "exception"
    CONDITION = "condition"


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """One breakpoint.

    pattern: a name, or a pattern with `*`, `?` and `[...]`; "" fits everything. For a line, the absolute path of its
    file. line: 1-based, 0 where no line is meant. limit: what the largest |element| of a gradient is held against.
    condition: an expression (see `engine.analysis.breakpoints.expression`) that must hold too, "" for none. first: the
    n-th hit is the first that counts. every: from there on, each n-th does. log: a text with {expressions} that is
    told instead of stopping; "" to stop.
    """

    what: What
    pattern: str = ""
    line: int = 0
    limit: float = 0.0
    condition: str = ""
    first: int = 1
    every: int = 1
    enabled: bool = True
    log: str = ""

    def counts(self, hit: int) -> bool:
        """Whether hit number `hit` (1-based) counts."""
        return hit >= self.first and (hit - self.first) % max(1, self.every) == 0

    @property
    def counts_all(self) -> bool:
        """Whether each hit counts."""
        return self.first <= 1 and self.every <= 1
