"""The table of findings: one row a rule, added by a decorator."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...bilingual import Bilingual
from .finding import Seen

if TYPE_CHECKING:
    from .run import Run

Look = Callable[["Run"], Iterable[Seen]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. title, why: what the finding is and why it matters. attempt: what to try. look: finds it in a run.

    explained_by: names of rules whose finding explains this one too, so that it is not said twice.
    """

    name: str
    title: Bilingual
    why: Bilingual
    attempt: Bilingual
    look: Look
    explained_by: tuple[str, ...] = ()


RULES: dict[str, Rule] = {}
"""The table: name -> row, in the order in which the rules look."""


def rule(
    name: str,
    *,
    title: tuple[str, str],
    why: tuple[str, str],
    attempt: tuple[str, str],
    explained_by: tuple[str, ...] = (),
) -> Callable[[Look], Look]:
    """Adds a row; texts are (English, Chinese). Raises ValueError for a name that has one."""

    def add(look: Look) -> Look:
        if name in RULES:
            raise ValueError(f"{name} has a row already; change that one instead of adding a second.")
        RULES[name] = Rule(name, Bilingual(*title), Bilingual(*why), Bilingual(*attempt), look, explained_by)
        return look

    return add
