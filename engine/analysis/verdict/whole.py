"""The check of a whole program: dC/dw by moving w and replaying the forward pass, beside what autograd put out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ...bilingual import NOTHING, Bilingual
from ...events import Event, Kind
from ..flow import ACCUMULATE, BackwardPass, Flow
from ..table.call import Array, UnfitError
from .answer import Comparison, excess
from .checker import Checker
from .differences import Difference, central, step_for
from .formula import MISFITS
from .grad_formula import order_of
from .precision import DOUBLE, Precision
from .program import Program
from .replay import Replay, replay
from .rounding import rounded_program
from .tolerance import SAMPLES, SPREAD, summary

_STEP = 2e-5
"""Share of its size that an element is moved by: small, since a net has many kinks near any point."""

_NOISE = 64 * 2.0**-52
_NOISE_OF_SECOND = 2.0**-36
"""Where the loss has a gradient of a gradient in it; see NOTE [Gradients of gradients] in grad_formula.py."""

_STEPS = 16.0
"""How many eps of its largest element a gradient may be off after a whole backward pass, without a closer look."""

_SIZES = ((100_000, 4), (5_000_000, 2))
"""Up to how many numbers in all ops together how many elements of each parameter are moved; beyond, one."""


@dataclass(frozen=True, slots=True)
class WholePass:
    """One backward pass. position: its first event. root: what it began at ("C"). reason: why it cannot be checked,
    else nothing. parameters: name -> what autograd sent there in this pass, beside central differences."""

    iteration: int
    position: int
    root: str
    reason: Bilingual
    parameters: Mapping[str, Comparison]

    @property
    def differing(self) -> list[str]:
        """The names of the parameters whose gradients differ."""
        return [name for name, found in self.parameters.items() if not found.agrees]


def check_passes(checker: Checker) -> list[WholePass]:
    """Each backward pass of an iteration that put gradients into parameters."""
    found = []
    for current in checker.flow.passes:
        ends = [event for event in _events(checker.flow, current) if event.name == ACCUMULATE and event.inputs]
        if ends:
            with np.errstate(all="ignore"):
                found.append(_checked_pass(checker, current, ends))
    return found


def _events(flow: Flow, current: BackwardPass) -> list[Event]:
    return [event for event in flow.events if event.kind == Kind.NODE and flow.pass_of.get(event.position) is current]


def _checked_pass(checker: Checker, current: BackwardPass, ends: list[Event]) -> WholePass:
    """A pass; one whose numbers do not fit together, as in a trace from a stranger, cannot be checked."""
    try:
        return _check_pass(checker, current, ends)
    except MISFITS as error:
        why = Bilingual(
            f"what was recorded of it does not fit together ({type(error).__name__})",
            f"它的记录内容彼此不符（{type(error).__name__}）",
        )
        return WholePass(checker.flow.iteration, ends[0].position, "", why, {})


def _check_pass(checker: Checker, current: BackwardPass, ends: list[Event]) -> WholePass:
    flow = checker.flow
    events = _events(flow, current)
    first = events[0].position
    changed = [slot.value for event in events for slot in event.inputs if slot.value in flow.set_by_hand]
    if changed:
        edit = flow.set_by_hand[changed[0] or 0]
        return WholePass(
            flow.iteration,
            first,
            "",
            Bilingual(
                f"a gradient was changed by hand at step {edit.position}",
                f"第 {edit.position} 步有一个梯度被手动修改过",
            ),
            {},
        )
    try:
        made = replay(flow, checker.formulas, checker.arrays, checker.nodes.traffic(current))
    except UnfitError as error:
        return WholePass(flow.iteration, first, "", error.reason, {})
    root = " + ".join(checker.symbol(value) or "a value without a name" for value in made.roots)
    if not all(np.isfinite(made.base[value]).all() for value in made.roots):
        return WholePass(flow.iteration, first, root, Bilingual(f"{root} is not finite", f"{root} 不是有限值"), {})
    numbers = sum(array.size for step in made.program.steps for array in step.formula.inputs.values())
    count = next((count for size, count in _SIZES if numbers <= size), 1)
    compared = {}
    try:
        for event in ends:
            tensor, sent = event.tensor, event.inputs[0].value
            if tensor is not None and tensor in made.leaves and sent is not None:
                compared[_name(flow, event)] = _compare(checker, made, tensor, sent, count, event.position)
    except UnfitError as error:
        return WholePass(flow.iteration, first, root, error.reason, {})
    if checker.nodes.has_hooks and not all(found.agrees for found in compared.values()):
        return WholePass(
            flow.iteration,
            first,
            root,
            Bilingual(
                "the script has hooks that may change gradients on their way", "脚本中有可能在途中改变梯度的钩子"
            ),
            {},
        )
    return WholePass(flow.iteration, first, root, NOTHING, compared)


def _name(flow: Flow, event: Event) -> str:
    tensor = None if event.tensor is None else flow.trace.tensor(event.tensor)
    return tensor.name if tensor is not None and tensor.name else f"tensor {event.tensor}"


def _compare(checker: Checker, made: Replay, tensor: int, sent: int, count: int, seed: int) -> Comparison:
    """A parameter's gradient at its largest element and some others. sent: the value that arrived for it."""
    gradient = checker.arrays.recorded(sent)
    precision = _coarsest(checker, made) or DOUBLE
    array = made.base[made.leaves[tensor][0]]
    symbol = checker.symbol(sent)
    empty = summary(
        Bilingual("gradient", "梯度"),
        symbol,
        "finite differences",
        (),
        0.0,
        0.0,
        0.0,
        0.0,
        precision,
        elements=0,
        skipped=0,
    )
    if array.dtype.kind != "f" or gradient.shape != array.shape or not array.size:
        return empty
    found = {place: _difference(made, tensor, array, place) for place in _places(gradient, count, seed)}
    smooth = {place: difference for place, difference in found.items() if difference.smooth}
    skipped = len(found) - len(smooth)
    compared = [_at(gradient, place, difference, precision, symbol) for place, difference in smooth.items()]
    if any(not comparison.agrees for comparison in compared):
        change = _change(made, tensor, precision)
        # Few samples of one element can all be small by chance; those of a whole tensor are not.
        usual = float(np.sqrt(np.mean(np.square(change))))
        compared = [_allowing(part, SPREAD * max(float(change[part.where]), usual)) for part in compared]
    worst = max(compared, key=excess, default=empty)
    return replace(worst, elements=len(found), skipped=skipped)


def _coarsest(checker: Checker, made: Replay) -> Precision | None:
    """The coarsest format that any value of the program has."""
    found = [checker.formulas.precision(step.formula.event) for step in made.program.steps]
    return max((part for part in found if part is not None), key=lambda part: part.eps, default=None)


def _places(gradient: NDArray[np.generic], count: int, seed: int) -> list[tuple[int, ...]]:
    flat = [int(np.argmax(np.abs(np.nan_to_num(gradient.astype(np.float64)))))]
    flat += np.random.default_rng(seed).integers(gradient.size, size=count - 1).tolist()
    return [tuple(int(i) for i in np.unravel_index(place, gradient.shape)) for place in dict.fromkeys(flat)]


def _difference(made: Replay, tensor: int, array: Array, place: tuple[int, ...]) -> Difference:
    noise = (_NOISE if order_of(made.program) < 2 else _NOISE_OF_SECOND) * abs(made.loss(made.base))
    return central(lambda h: (made.moved(tensor, place, h), noise), step_for(array, place, _STEP))


def _at(
    gradient: NDArray[np.generic], place: tuple[int, ...], difference: Difference, precision: Precision, symbol: str
) -> Comparison:
    recorded = float(gradient[place])
    largest = float(np.max(np.abs(gradient)))
    allowed = _STEPS * precision.eps * largest + difference.error
    away = abs(recorded - difference.slope)
    return summary(
        Bilingual("gradient", "梯度"),
        symbol,
        "finite differences",
        place,
        recorded,
        difference.slope,
        away,
        allowed,
        precision,
        elements=1,
    )


def _change(made: Replay, tensor: int, precision: Precision) -> Array:
    """How much a gradient changes, by the chain rule, if all parameters and every step are off by rounding."""
    random = np.random.default_rng(tensor)
    given = {value: made.base[value] for values in made.leaves.values() for value in values}
    first = _gradient(made.program, made, tensor, given)
    coarse = rounded_program(made.program, precision, random)
    change = np.zeros_like(first)
    for _ in range(2 * SAMPLES):
        nudged = {
            value: array * (1.0 + precision.eps * random.uniform(-2.0, 2.0, array.shape))
            for value, array in given.items()
        }
        change = np.maximum(change, np.abs(_gradient(coarse, made, tensor, nudged) - first))
    return np.nan_to_num(change)


def _gradient(program: Program, made: Replay, tensor: int, given: Mapping[int, Array]) -> Array:
    found = program.gradients(given, made.roots)
    return np.asarray(np.sum([found[value] for value in made.leaves[tensor]], axis=0))


def _allowing(comparison: Comparison, allowed: float) -> Comparison:
    tolerance = max(comparison.tolerance, allowed)
    return replace(comparison, tolerance=tolerance, agrees=comparison.difference <= tolerance)
