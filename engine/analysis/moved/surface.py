"""The loss as a function of two numbers of the parameters: an iteration's forward pass replayed with them moved.

Everything else stays as it was in that iteration: its batch, its other parameters, its random draws. What cannot be
replayed (NOTE [Replay] in verdict/replay.py) is refused with a sentence.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...bilingual import Bilingual
from ...counting import from_one
from ...errors import GradstepError
from ...trace.reader import Trace
from ..flow import flow_of
from ..roles import roles
from ..table.call import Array, UnfitError
from ..verdict.checker import Checker
from ..verdict.formula import MISFITS
from ..verdict.replay import Replay, replay
from ..watches.watch import history, parse

Progress = Callable[[int, int], None]

SIDES = (41, 25, 13)
"""Points a side of the grid: as many as can be worked out in reasonable time."""

_PATIENCE_S = 12.0
_MOST_PATH = 400
_MOST_AXES, _FEW_NUMBERS = 200, 12


@dataclass(frozen=True, slots=True)
class Axis:
    """One number of a parameter. role: as watches name it ("w1"). element: its place. size: of how many numbers."""

    role: str
    element: tuple[int, ...]
    size: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """losses: shape (second, first), NaN where it is not finite. path: of each iteration the two numbers with which its
    forward pass was made, shape (iterations, 2), beside the iterations' numbers.
    """

    first: Axis
    second: Axis
    firsts: NDArray[np.float64]
    seconds: NDArray[np.float64]
    losses: NDArray[np.float64]
    iterations: NDArray[np.int64]
    path: NDArray[np.float64]
    iteration: int

    @property
    def loss_here(self) -> float:
        """The loss where the iteration stands; the grid has that point in its middle."""
        return float(self.losses[len(self.seconds) // 2, len(self.firsts) // 2])


def axes_of(trace: Trace, iteration: int) -> list[Axis]:
    """Numbers of parameters that an iteration's gradients reach, the first weights and biases first.

    Of large parameters those with the largest gradients: along others the loss hardly changes.
    """
    found: list[Axis] = []
    known = roles(trace, iteration)
    for role in sorted(known.of_tensor.values(), key=_order):
        value, gradient = known.by_role.get(role), known.by_role.get(f"dC/d{role}")
        if value is None or gradient is None or len(found) >= _MOST_AXES:
            continue
        shape = trace.value(value).shape
        size = int(np.prod(shape, dtype=np.int64))
        places = range(size) if size <= _FEW_NUMBERS else _steepest(trace.array(gradient))
        found += [
            Axis(role, tuple(int(i) for i in np.unravel_index(flat, shape)) if shape else (), size) for flat in places
        ]
    return found


def _steepest(gradient: NDArray[np.generic] | None) -> list[int]:
    """Flat places of the largest gradients, the largest first."""
    if gradient is None or gradient.dtype.kind != "f":
        return [0]
    sizes = np.nan_to_num(np.abs(gradient.reshape(-1).astype(np.float64)))
    count = min(_FEW_NUMBERS, sizes.size)
    largest = np.argpartition(sizes, -count)[-count:]
    return [int(place) for place in largest[np.argsort(-sizes[largest], kind="stable")]]


def usual_axes(axes: list[Axis]) -> tuple[Axis, Axis] | None:
    """A weight and the bias of its unit, else the first two."""
    if len(axes) < 2:
        return None
    first = axes[0]
    biases = [axis for axis in axes[1:] if axis.role == first.role.replace("w", "b", 1)]
    own = next((axis for axis in biases if axis.element[:1] == first.element[:1]), None)
    return first, own or next(iter(biases), axes[1])


def surface(
    trace: Trace, iteration: int, first: Axis, second: Axis, zoom: float = 1.0, went_on: Progress | None = None
) -> Surface:
    """The loss around an iteration's place. zoom: 2 looks twice as closely. Raises GradstepError."""
    made = _replay(trace, iteration)
    known = roles(trace, iteration)
    tensors = {role: tensor for tensor, role in known.of_tensor.items()}
    leaves = []
    for axis in (first, second):
        tensor = tensors.get(axis.role)
        values = made.leaves.get(tensor, ()) if tensor is not None else ()
        if not values:
            raise GradstepError(
                Bilingual(
                    f"The loss of this iteration does not depend on {axis.role}.",
                    f"这次迭代的损失不依赖于 {axis.role}。",
                ),
                Bilingual("Choose another one.", "请另选一个。"),
            )
        leaves.append(values)
    numbers, path = _path(trace, first, second, iteration)
    here = [float(made.base[values[0]][axis.element]) for values, axis in zip(leaves, (first, second), strict=True)]
    reaches = [_reach(here[i], path[:, i]) / zoom for i in range(2)]

    def loss_at(a: float, b: float) -> float:
        given: dict[int, Array] = {}
        for values, axis, number in ((leaves[0], first, a), (leaves[1], second, b)):
            for value in values:
                moved = given[value] if value in given else made.base[value].copy()
                moved[axis.element] = number
                given[value] = moved
        return made.loss(made.program.run(given, made.base))

    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        began = time.monotonic()
        loss_at(*here)
        each_s = time.monotonic() - began
        side = next((side for side in SIDES if side * side * each_s <= _PATIENCE_S), SIDES[-1])
        lines = [np.linspace(here[i] - reaches[i], here[i] + reaches[i], side) for i in range(2)]
        losses = np.empty((side, side))
        for row, b in enumerate(lines[1]):
            if went_on is not None:
                went_on(row, side)
            losses[row] = [loss_at(float(a), float(b)) for a in lines[0]]
    losses[~np.isfinite(losses)] = np.nan
    return Surface(first, second, lines[0], lines[1], losses, numbers, path, iteration)


def _replay(trace: Trace, iteration: int) -> Replay:
    if trace.iteration(iteration) is None:
        raise GradstepError(
            Bilingual(
                f"The trace has no iteration {from_one(iteration)}.", f"记录中没有第 {from_one(iteration)} 次迭代。"
            )
        )
    checker = Checker(flow_of(trace, iteration))
    if not checker.flow.passes:
        raise GradstepError(
            Bilingual(
                "This iteration has no backward pass, so it is not known which number is the loss.",
                "这次迭代没有反向传播，因此不知道哪个数是损失。",
            ),
            Bilingual("Go to one that has.", "请转到有反向传播的一次。"),
        )
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            traffic = checker.nodes.traffic(checker.flow.passes[0])
            return replay(checker.flow, checker.formulas, checker.arrays, traffic)
    except UnfitError as error:
        raise GradstepError(
            Bilingual(
                f"The forward pass cannot be replayed: {error.reason.english}.",
                f"无法重演前向传播：{error.reason.chinese}。",
            )
        ) from error
    except MISFITS as error:
        raise GradstepError(
            Bilingual("What was recorded of this iteration does not fit together.", "这次迭代的记录前后不相符。")
        ) from error


def _path(trace: Trace, first: Axis, second: Axis, here: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The two numbers over the iterations (of long runs evenly spaced ones, and the present one)."""
    numbers = [one.number for one in trace.iterations() if one.number >= 0]
    every = max(1, -(-len(numbers) // _MOST_PATH))
    chosen = sorted({*numbers[::every], *numbers[-1:], here})
    columns = []
    for axis in (first, second):
        place = ", ".join(map(str, axis.element))
        watch = parse(f"`{axis.role}`[{place}]" if place else f"`{axis.role}`")
        found = [point.found.number for point in history(watch, trace, chosen)]
        columns.append([np.nan if number is None else number for number in found])
    path = np.array(columns, np.float64).T.reshape(-1, 2)
    known = np.isfinite(path).all(axis=1)
    return np.array(chosen, np.int64)[known], path[known]


def _reach(here: float, path: NDArray[np.float64]) -> float:
    """Half the width that is looked at: all of the path with room around it, and at least half the number's size."""
    away = float(np.max(np.abs(path - here), initial=0.0))
    return max(1.25 * away, 0.5 * max(1.0, abs(here)))


def _order(role: str) -> tuple[bool, int, str, str]:
    """w1, b1, w2, b2: by layer, weights before biases, and then whatever has no layer."""
    layer = role[1:]
    has_layer = role[:1] in ("w", "b") and layer.isdigit()
    return not has_layer, int(layer) if has_layer else 0, {"w": "0", "b": "1"}.get(role[:1], "2"), role
