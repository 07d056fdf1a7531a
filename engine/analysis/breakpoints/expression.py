"""Expressions over the facts of one event, as watches are: `loss > 10 and op == "linear"`, `max(abs(value)) > 3`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..watches.evaluating import evaluate
from ..watches.parsing import Watch, parse
from ..watches.syntax import Name
from .facts import Fact, Facts


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that was read. names: those it mentions, dots included; texts in quotes are none."""

    watch: Watch
    names: frozenset[str]

    def holds(self, facts: Facts) -> bool:
        """Whether it is true; where it has no answer, or is an array of many, it is not."""
        return bool(evaluate(self.watch, _Asked(facts, self.names)).number)

    def written(self, facts: Facts, how: str) -> str:
        """Its result as text, a number as `how` says if that is not empty; "?" where there is none."""
        found = evaluate(self.watch, _Asked(facts, self.names))
        if found.result is None:
            return "?"
        if how and found.number is not None:
            return format(found.number, how)
        return found.text().english


class _Asked:
    """The facts that an expression names; so the text in `kind == "op"` is not taken for the fact of that name."""

    def __init__(self, facts: Facts, names: frozenset[str]) -> None:
        self._facts = facts
        self._names = names

    def find(self, name: str) -> Fact | None:
        """What a name stands for, None where it was meant as a text or stands for nothing."""
        meant = any(one == name or one.startswith(f"{name}.") for one in self._names)
        return self._facts.find(name) if meant else None

    def near(self, name: str) -> Sequence[str]:
        """Names there are that look like it, best first."""
        return self._facts.near(name)


def read_expression(text: str) -> Expression:
    """Understands an expression. Raises GradstepError where it is none."""
    watch = parse(text)
    return Expression(watch, frozenset(_names(watch.part)))


def _names(part: object) -> list[str]:
    if isinstance(part, Name):
        return [] if part.quoted else [part.text]
    inside = part if isinstance(part, tuple) else [getattr(part, slot) for slot in getattr(part, "__slots__", ())]
    return [name for one in inside for name in _names(one)]
