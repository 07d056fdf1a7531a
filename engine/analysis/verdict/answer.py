"""What a check answers: the verdict on one event, and the comparisons that it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from ...bilingual import NOTHING, Bilingual

Method = Literal["numpy", "vjp", "finite differences"]
"""How the numbers were computed: forward in numpy, its vector-Jacobian product, or central differences of forward."""


class Answer(StrEnum):
    """The three answers."""

    AGREES = "agrees"
    DIFFERS = "differs"
    CANNOT_CHECK = "cannot check"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Recorded numbers beside computed ones.

    what: "result", "gradient for weight". symbol: what the recorded value is called ("dC/dw1"), or "". where: the place
    at which the difference is largest for what is allowed there; recorded, computed: the numbers there, and difference,
    relative (to the computed one) and ulps (steps of the recorded format) how far they are apart. tolerance: the
    difference that is allowed there; see NOTE [Tolerance]. elements: how many were compared; skipped: how many lie at a
    kink or jump, where a derivative, or a comparison of rounded numbers, says nothing.
    """

    what: Bilingual
    symbol: str
    method: Method
    agrees: bool
    difference: float
    relative: float
    ulps: float
    where: tuple[int, ...]
    recorded: complex
    computed: complex
    tolerance: float
    elements: int
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer on one event.

    name: the event's ("linear", "AddmmBackward0"). what: in words, what was checked ("linear", "gradients of linear").
    reason: the end of a sentence; why it cannot be checked, what differs, or where else it was checked; nothing where
    the comparisons say it all. line: (file, line from 1) in the user's source that a difference is to be blamed on.
    """

    position: int
    name: str
    what: Bilingual
    answer: Answer
    reason: Bilingual = NOTHING
    comparisons: tuple[Comparison, ...] = ()
    line: tuple[str, int] | None = None

    @property
    def worst(self) -> Comparison | None:
        """The comparison that is furthest off for what is allowed; None where there is none."""
        return max(self.comparisons, key=excess, default=None)


def excess(found: Comparison) -> float:
    """How large a difference is for what is allowed; above 1 it is a difference. Equal numbers have 0."""
    if found.difference == 0:
        return 0.0
    return found.difference / found.tolerance if found.tolerance > 0 else float("inf")
