"""One tensor over the iterations: an element of it, or its norm, mean and extremes. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.analysis.watches.watch import WatchError, history, parse
from engine.bilingual import NOTHING, Bilingual
from engine.trace.reader import Trace

MOST_POINTS = 300
"""Of longer runs evenly spaced iterations are looked at."""

_AT_ONCE = 10
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which tensor, as watches name it ("dC/dw1"), in which trace. element: a place in it, None for the whole."""

    path: Path
    name: str
    element: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """name: "norm", "mean", "min", "max" or "element". numbers: one an iteration, NaN where there is none."""

    name: str
    iterations: NDArray[np.int64]
    numbers: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """The lines, or in `reason` why there are none. every: of how many iterations one was looked at."""

    asked: Asked
    lines: tuple[Line, ...]
    every: int = 1
    reason: Bilingual = NOTHING


def course(asked: Asked, went_on: Progress | None = None) -> Course:
    """Works the lines out from the file. Raises TraceError where that cannot be read."""
    with Trace(asked.path) as trace:
        numbers = [one.number for one in trace.iterations() if one.number >= 0]
        every = max(1, -(-len(numbers) // MOST_POINTS))
        chosen = numbers[::every]
        if numbers and chosen[-1] != numbers[-1]:
            chosen.append(numbers[-1])
        expressions = _expressions(asked)
        found: dict[str, list[float]] = {name: [] for name in expressions}
        reason = NOTHING
        try:
            watches = {name: parse(text) for name, text in expressions.items()}
        except WatchError as error:
            return Course(asked, (), every, error.told)
        for start in range(0, len(chosen), _AT_ONCE):
            if went_on is not None:
                went_on(start, len(chosen))
            for name, watch in watches.items():
                for point in history(watch, trace, chosen[start : start + _AT_ONCE]):
                    number = point.found.number
                    reason = point.found.reason or reason
                    found[name].append(np.nan if number is None else number)
    iterations = np.array(chosen, np.int64)
    lines = tuple(Line(name, iterations, np.array(line, np.float64)) for name, line in found.items())
    return Course(asked, lines if any(np.isfinite(line.numbers).any() for line in lines) else (), every, reason)


def _expressions(asked: Asked) -> dict[str, str]:
    quoted = f"`{asked.name}`"
    if asked.element is not None:
        place = ", ".join(map(str, asked.element))
        return {"element": f"{quoted}[{place}]" if place else quoted}
    return {name: f"{name}({quoted})" for name in ("max", "mean", "min", "norm")}
