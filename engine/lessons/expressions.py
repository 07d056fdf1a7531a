"""What a lesson asks of its run: an expression of the watches, and after a bar how and when it is meant.

`dC/dw1`, `"dC/dw1"` (quotes may be left out), `C | 6` (significant digits), `C | iteration 19` (at the end of that
iteration), `C | iteration 19 | run fast` (of another run of the lesson), `hidden.weight.grad | before` (when the stop's
event has not happened yet). Several may be given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from ..analysis.notation.numbers import format_number
from ..analysis.watches.answers import Found, Result, shape_text
from ..analysis.watches.watch import Watch, parse
from ..bilingual import Bilingual, same
from ..errors import GradstepError

_DIGITS = 4
_MOST_SHOWN = 12
_MOST_DIGITS = 17
_OPTION = re.compile(
    r"\s*\|\s*(?:(?P<digits>\d+)|iteration\s+(?P<iteration>-?\d+)|run\s+(?P<run>[\w.-]+)|(?P<before>before))\s*$"
)


@dataclass(frozen=True, slots=True)
class Expression:
    """digits: significant ones, None for four. iteration: at its end, None for the stop's place. run: another one's id,
    "" for the stop's. before: see above.
    """

    watch: Watch
    digits: int | None = None
    iteration: int | None = None
    before: bool = False
    run: str = ""


def parse_expression(text: str) -> Expression:
    """Understands one. Raises GradstepError where it is none."""
    digits, iteration, before, run = None, None, False, ""
    rest = text.strip()
    while (found := _OPTION.search(rest)) is not None:
        if found["digits"]:
            digits = min(int(found["digits"]), _MOST_DIGITS)
        if found["iteration"]:
            iteration = int(found["iteration"])
        run = found["run"] or run
        before = before or bool(found["before"])
        rest = rest[: found.start()]
    if len(rest) > 1 and rest[0] == rest[-1] == '"' and '"' not in rest[1:-1]:
        rest = rest[1:-1]
    if not rest:
        raise GradstepError(
            Bilingual("An expression is empty.", "有一个表达式是空的。"),
            Bilingual(
                "Write a name of the run, such as z1 or dC/dw1.", "请写这次运行中的一个名称，例如 z1 或 dC/dw1。"
            ),
        )
    return Expression(parse(rest), digits, iteration, before, run)


def shown(found: Found, digits: int | None) -> Bilingual:
    """A result as a text quotes it: a number with so many digits, a small array in full, of a larger one its shape."""
    if found.result is None or isinstance(found.result, str):
        return found.text(typographic=True)
    return _shown(found.result, digits or _DIGITS)


def _shown(result: Result, digits: int) -> Bilingual:
    array = np.asarray(result)
    if isinstance(result, tuple):
        return same(f"({', '.join(_number(x, digits) for x in array)})")
    if array.size == 1:
        return same(_number(array.reshape(-1)[0], digits))
    if array.size <= _MOST_SHOWN and array.ndim <= 2:
        rows = array if array.ndim == 2 else [array]
        return same("; ".join(f"({', '.join(_number(x, digits) for x in row)})" for row in rows))
    return shape_text(array.shape)


def _number(x: object, digits: int) -> str:
    if isinstance(x, complex | np.complexfloating):
        return str(x)
    return format_number(x, digits, typographic=True)  # type: ignore[arg-type]
