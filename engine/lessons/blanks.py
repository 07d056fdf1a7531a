"""The forward and the backward table of one iteration, with blanks to fill in: explanations that fade.

NOTE [Fading]
Level 0 is a worked example: every formula with its numbers and every result. 1 leaves out a quarter of the results, 2
a half, 3 all of them and the numbers in the formulas, 4 the formulas too. Which ones are blank follows from the seed,
so that a class may have different sheets, and a sheet can be made again.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

import numpy as np

from ..analysis.explain.explainer import explain
from ..analysis.notation.numbers import MINUS, format_number
from ..analysis.notation.printing import to_text
from ..analysis.quantities import Quantity, quantities
from ..events import Phase
from ..trace.reader import Trace

LEVELS = range(5)
_SHARES = (0.0, 0.25, 0.5, 1.0, 1.0)
_WITHOUT_NUMBERS, _WITHOUT_FORMULA = 3, 4
_DIGITS = 5
_MOST_ROWS = 60
_GAP = "____"
_NUMBER = re.compile(r"(?:(?<=[(·^])-)?\d+\.\d+")
_LONG_NUMBER = re.compile(r"\d+\.\d{5,}")
_TABLES = ((Phase.FORWARD,), (Phase.BACKWARD, Phase.UPDATE))


@dataclass(frozen=True, slots=True)
class Line:
    """One quantity. symbol: "∂C/∂w⁽¹⁾". formula: as far as the level shows it. result: its number or shape.

    is_blank: whether the result is to be filled in.
    """

    symbol: str
    formula: str
    result: str
    is_blank: bool


@dataclass(frozen=True, slots=True)
class Tables:
    """forward: z, a, C. backward: gradients and updates. left_out: quantities that there was no room for."""

    forward: tuple[Line, ...]
    backward: tuple[Line, ...]
    left_out: int


def tables(trace: Trace, iteration: int, level: int, seed: int) -> Tables:
    """Both tables of an iteration, see NOTE [Fading]. level: 0 to 4."""
    found = quantities(trace, iteration)
    kept = found[:_MOST_ROWS]
    drawn = random.Random(f"{seed} {iteration}")
    order = list(range(len(kept)))
    drawn.shuffle(order)
    blank = set(order[: round(len(kept) * _SHARES[level])])
    results = [_result(trace, one) for one in kept]
    hidden = {results[n].lstrip(MINUS) for n in blank}
    lines = [
        (one.phase, Line(one.text, _covered(_formula(trace, one, level), hidden), results[n], n in blank))
        for n, one in enumerate(kept)
    ]
    forward, backward = (tuple(line for phase, line in lines if phase in phases) for phases in _TABLES)
    return Tables(forward, backward, len(found) - len(kept))


def _covered(formula: str, hidden: set[str]) -> str:
    """A formula that does not give away what is to be filled in elsewhere."""
    return _NUMBER.sub(lambda found: _GAP if found[0].lstrip("-") in hidden else found[0], formula)


def _formula(trace: Trace, quantity: Quantity, level: int) -> str:
    """The equation's right side without its result."""
    if level >= _WITHOUT_FORMULA:
        return ""
    sides = worked(trace, quantity).split(" = ")[1:]
    shown = sides[:-1] if len(sides) > 1 else sides
    return _LONG_NUMBER.sub(_shortened, " = ".join(shown[:1] if level >= _WITHOUT_NUMBERS else shown))


def worked(trace: Trace, quantity: Quantity) -> str:
    """A quantity's own equation, with the numbers put in: "z⁽¹⁾ = w⁽¹⁾·x + b⁽¹⁾ = ...", "" where there is none."""
    lines = [to_text(line.expression) for line in explain(trace, quantity).lines]
    own = [line for line in lines if line.startswith(f"{quantity.text} = ")]
    return next(iter(own), lines[-1] if lines else "")


def _shortened(found: re.Match[str]) -> str:
    return format_number(float(found[0]), _DIGITS, typographic=False)


def _result(trace: Trace, quantity: Quantity) -> str:
    array = quantity.array(trace)
    if array is None:
        return "?"
    if array.size == 1:
        return format_number(np.asarray(array).reshape(-1)[0], _DIGITS)
    return "×".join(map(str, array.shape))
