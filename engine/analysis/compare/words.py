"""A difference in a sentence: "randn at train.py:12 drew other numbers"."""

from __future__ import annotations

import math

import numpy as np

from ..notation.numbers import format_number
from .difference import Difference, Spot, Way
from .numbers import Distance, Unlike

_MOST_ARGUMENTS = 4


def sentence(found: Difference, names: tuple[str, str] = ("the first", "the second")) -> str:
    """What differs, without how far. names: what to call the two runs."""
    spot = found.spot
    what = _called(spot)
    match found.way:
        case Way.ONLY_FIRST:
            return f"Only {names[0]} has {what}."
        case Way.ONLY_SECOND:
            return f"Only {names[1]} has {what}."
        case Way.ONLY_ITERATION:
            return f"Only {names[0 if found.first else 1]} goes on to iteration {spot.iteration}."
        case Way.OTHER_OP:
            assert found.first is not None
            assert found.second is not None
            return f"{names[0]} calls {_called(found.first)}, {names[1]} calls {_called(found.second)}."
        case Way.FUNCTION:
            assert found.first is not None
            assert found.second is not None
            return f"{what} is {found.first.function} in {names[0]} and {found.second.function} in {names[1]}."
        case Way.ARGUMENTS:
            return f"{what} has other settings: {arguments_text(found)}."
        case Way.ERROR:
            return f"{what} raised an error in one run only, or another one."
        case Way.INPUT:
            return f"{what} reads another {found.slot}, which no recorded event made: other data, or other weights."
        case Way.SOURCE:
            return f"{what} reads another value ({found.slot}): another event made it."
        case Way.DRAW:
            return f"{what} drew other numbers: another seed, or other draws before it."
        case Way.RESULT:
            return f"{what} {_result(found, spot)}."
        case Way.FOLLOWS:
            return f"{what} differs because what it reads does."


def unlike_text(found: Unlike) -> str:
    """How two values differ, and how far they are apart."""
    head = "" if found.what == "numbers" else f"{found.first} and {found.second}"
    return "; ".join(part for part in (head, "" if found.distance is None else distance_text(found.distance)) if part)


def distance_text(found: Distance) -> str:
    """How far two arrays are apart, and where the most."""
    where = f" at {list(found.where)}" if found.where else ""
    many = f"{found.differing:,} of {found.elements:,} numbers differ, most{where}: " if found.elements > 1 else ""
    return f"{many}{number(found.first)} and {number(found.second)}, {apart_text(found)}"


def apart_text(found: Distance) -> str:
    """The largest difference, and what that is in roundings."""
    if not math.isfinite(found.difference):
        return "not to be compared"
    size = f"apart by {found.difference:.2g}"
    return size if not found.roundings else f"{size} ({roundings_text(found.roundings)})"


def roundings_text(roundings: float) -> str:
    """How many roundings of its format a difference is."""
    if not math.isfinite(roundings):
        return "many roundings"
    count = f"{roundings:.0f}" if roundings < 1000 else f"{roundings:.1e}"
    return f"{count} rounding{'' if count == '1' else 's'}" if roundings >= 0.5 else "less than a rounding"


def arguments_text(found: Difference) -> str:
    """The settings that differ: "lr 0.1 and 0.2"."""
    parts = [
        f"{name} {one or 'not given'} and {other or 'not given'}"
        for name, one, other in found.arguments[:_MOST_ARGUMENTS]
    ]
    more = len(found.arguments) - len(parts)
    return ", ".join([*parts, *([f"and {more} more"] if more > 0 else [])])


def number(x: complex) -> str:
    """One number, in few digits."""
    return str(x) if isinstance(x, complex) else format_number(np.float64(x), 8, typographic=False)


def _called(spot: Spot) -> str:
    """An event and where it was called from."""
    of = f" of {spot.tensor}" if spot.tensor else f" in {spot.module}" if spot.module else ""
    return f"{spot.name}{of}{f' at {spot.file}:{spot.line}' if spot.line else ''}"


def _result(found: Difference, spot: Spot) -> str:
    what = "" if found.unlike is None else found.unlike.what
    if what == "shape":
        return "gives another shape from the same inputs"
    if what == "dtype":
        return "gives numbers of another format"
    if spot.kind == "op":
        return "gives other numbers, and reads the same"
    return "gives other numbers, though the same arrives"
