"""The function that an op applied to each number, its slope, and where on it the numbers of this moment are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...bilingual import Bilingual
from ...errors import GradstepError
from ...events import Event
from ...trace.reader import Trace
from ..flow import Flow, flow_of
from ..table.call import UnfitError
from ..table.kinds.curve import Curve
from ..table.kinds.pointwise import Pointwise
from ..verdict.checker import Checker
from ..verdict.formula import MISFITS, RowFormula

Numbers = NDArray[np.float64]

_POINTS = 241
_LEAST_SPAN = 3.0
_WIDEST = 12.0
_MOST = 2000
"""Points that are shown of a large tensor."""


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """name: of the op. x, y, slope: shape (points,), the curve and its derivative. at, values, slopes: shape
    (numbers,), what went in here, what came out, and the slope there. position: of its event. iteration: of that.
    """

    name: str
    x: Numbers
    y: Numbers
    slope: Numbers
    at: Numbers
    values: Numbers
    slopes: Numbers
    position: int
    iteration: int


def function_at(trace: Trace, iteration: int, position: int) -> Function:
    """The function of the op at a position, of a node's op, or of the last one before that is a function of one number.

    Raises GradstepError where the iteration has none.
    """
    from ..table.operations.activations import Activation

    flow = flow_of(trace, iteration)
    checker = Checker(flow)
    chosen, before = _candidates(flow, position)
    for event in (*chosen, *before):
        try:
            formula = checker.formulas.of(event)
        except (UnfitError, *MISFITS):
            continue
        if not isinstance(formula, RowFormula) or len(formula.inputs) != 1:
            continue
        if isinstance(formula.row, Pointwise if event in chosen else (Activation, Curve)):
            found = _function(event, formula)
            if found is not None:
                return found
    raise GradstepError(
        Bilingual(
            "No function of one number has run in this iteration yet, such as relu or sigmoid.",
            "这次迭代中还没有运行过单个数的函数，例如 relu 或 sigmoid。",
        )
    )


def _candidates(flow: Flow, position: int) -> tuple[list[Event], list[Event]]:
    """The op at a position, or that of the node there; those before it, the last one first."""
    here = next((event for event in flow.events if event.position == position), None)
    node = None if here is None else flow.node(here.node)
    first = [event for event in flow.ops if event.position == (position if node is None else node.op)]
    before = [event for event in flow.ops if event.position < position]
    return first, before[::-1]


def _function(event: Event, formula: RowFormula) -> Function | None:
    """None where it cannot be drawn."""
    ((key, array),) = formula.inputs.items()
    at = np.asarray(array, np.float64).reshape(-1)
    at = at[np.isfinite(at)][:_MOST]
    if not at.size:
        return None
    x = np.linspace(min(-_LEAST_SPAN, float(at.min()) - 1), max(_LEAST_SPAN, float(at.max()) + 1), _POINTS)
    if x[-1] - x[0] > 4 * _WIDEST:
        middle = float(np.median(at))
        x = np.linspace(middle - _WIDEST, middle + _WIDEST, _POINTS)
    try:
        y, slope = _worked(formula, key, x)
        values, slopes = _worked(formula, key, at)
    except (UnfitError, *MISFITS):
        return None
    return Function(event.name, x, y, slope, at, values, slopes, event.position, event.iteration)


def _worked(formula: RowFormula, key: str, x: Numbers) -> tuple[Numbers, Numbers]:
    """y and dy/dx at each place."""
    with np.errstate(all="ignore"):
        y = np.asarray(formula.make({key: x})[0], np.float64)
        slope = np.asarray(formula.vjp({key: x}, [np.ones_like(y)])[key], np.float64)
    if y.shape != x.shape or slope.shape != x.shape:
        raise UnfitError("it is no function of one number", "它不是单个数的函数")
    return y, slope
