"""What an explanation is: equations of a page, and the numbers by which they can be checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...bilingual import NOTHING, Bilingual
from ..notation.expression import EquationLine


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """One result of an equation: computed in float64 from the numbers put in, and as recorded. Same shape."""

    symbol: str
    computed: NDArray[np.float64]
    recorded: NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """How a value came about.

    caption: one line for the head of the page ("linear: z⁽¹⁾"). lines: equations in symbols, with the numbers put in,
    and the result. notes: sentences below them. element: the place that was explained, None for a whole value. checks:
    what the equations come to beside what was recorded; empty where there is no equation. worked: whether there is an
    equation at all. about: what the op does, or what its gradient means; nothing without a row.
    """

    caption: Bilingual
    lines: tuple[EquationLine, ...]
    notes: tuple[Bilingual, ...] = ()
    element: tuple[int, ...] | None = None
    checks: tuple[Check, ...] = ()
    worked: bool = True
    about: Bilingual = NOTHING
