"""Names for the evaluator that stand for given numbers, and for values of which only statistics are known."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.analysis.watches.answers import Found, NoAnswer
from engine.analysis.watches.evaluating import evaluate
from engine.analysis.watches.parsing import parse
from engine.bilingual import Bilingual
from engine.values import Statistics, statistics


@dataclass(frozen=True)
class Dropped:
    """A value whose array is not in the trace."""

    numbers: NDArray[Any]

    is_kept = False

    @property
    def shape(self) -> tuple[int, ...]:
        return self.numbers.shape

    @property
    def statistics(self) -> Statistics | None:
        return statistics(self.numbers)

    def array(self) -> NDArray[Any]:
        raise NoAnswer(Bilingual("The numbers are not in the trace (thinned).", "数不在记录中。"))


class Numbers:
    """Names that a dict has."""

    def __init__(self, numbers: Mapping[str, Any]) -> None:
        self._numbers = numbers

    def find(self, name: str) -> Any:
        return self._numbers.get(name)

    def near(self, name: str) -> Sequence[str]:
        return difflib.get_close_matches(name, self._numbers)


def answer(text: str, patience_s: float = 10.0, **numbers: Any) -> Found:
    """What an expression is where these names stand for these numbers."""
    return evaluate(parse(text), Numbers(numbers), patience_s)


def result(text: str, **numbers: Any) -> Any:
    """The result, which there must be."""
    found = answer(text, **numbers)
    assert found.result is not None, found.reason
    return found.result


def same(found: Any, wanted: Any) -> bool:
    """Whether two results agree in shape and in all bits but rounding, NaN as NaN."""
    if np.shape(found) != np.shape(wanted):
        return False
    return bool(np.allclose(found, wanted, rtol=1e-9, atol=1e-12, equal_nan=True))
