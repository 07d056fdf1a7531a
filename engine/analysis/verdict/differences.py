"""Central differences: the derivative of a function by moving one number and computing again.

NOTE [Differences]
d(h) = (F(x+h) - F(x-h)) / 2h for two steps h and h/2; Richardson's (4 d(h/2) - d(h)) / 3 takes the first error out
(Press et al., Numerical Recipes, 5.7). At a kink both central differences may agree on a number that is no derivative
(|x| at 0 gives 0, relu at 0 gives 1/2), so the difference of the two sides, F(x+h) - 2 F(x) + F(x-h) over h, is looked
at too: where F is smooth it halves with the step, at a kink it stays. Where it is nothing but rounding, and half a step
leads half as far, F is straight and that is enough. Elements at kinks are skipped, and counted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..table.call import Array

_STEP = 1e-3
_SMALLEST_SHARE = 1e-2
_NOISE = 64 * 2.0**-52
_HALVING = 0.75
_CLOSE = 1e-2

Moved = Callable[[float], tuple[float, float]]
"""h -> (F(x+h) - F(x), rounding noise of that)."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A derivative by central differences. error: what it may be off by. smooth: whether there is one."""

    slope: float
    error: float
    smooth: bool


KINK = Difference(float("nan"), float("inf"), False)


def step_for(array: Array, where: tuple[int, ...], share: float = _STEP) -> float:
    """How far to move an element: a share of its size, or of the array's usual size where it is much smaller."""
    usual = float(np.sqrt(np.mean(np.square(array, dtype=np.float64)))) if array.size else 0.0
    size = max(abs(float(array[where])), _SMALLEST_SHARE * usual) or 1.0
    return share * (size if np.isfinite(size) else 1.0)


def central(moved: Moved, h: float) -> Difference:
    """The derivative at 0 of a function of one number; see NOTE [Differences]."""
    first, bend, noise = _sides(moved, h)
    if not np.isfinite(first):
        return KINK
    half = moved(h / 2)
    slack = abs(2 * half[0] / h - first)
    if abs(bend) <= 2 * noise and slack <= 2 * (noise + half[1] / h):
        # An odd function (sin at 0) looks straight too; its slopes over h and h/2 tell how much it is not.
        return Difference(first, noise + 2 * slack, True)
    second, half_bend, half_noise = _sides(moved, h / 2, half)
    if not np.isfinite(second) or abs(half_bend) > _HALVING * abs(bend) + 2 * half_noise:
        return KINK
    gap = abs(second - first)
    if gap > _CLOSE * max(abs(first), abs(second)) + half_noise and gap > _CLOSE * abs(bend):
        return KINK
    return Difference((4 * second - first) / 3, gap / 4 + 2 * half_noise, True)


def _sides(moved: Moved, h: float, known: tuple[float, float] | None = None) -> tuple[float, float, float]:
    """(central difference, difference of the two sides, rounding noise), all of them over h. known: moved(h)."""
    ahead, noise_ahead = known or moved(h)
    behind, noise_behind = moved(-h)
    return (ahead - behind) / (2 * h), (ahead + behind) / h, (noise_ahead + noise_behind) / h


def weighed(made: list[Array], base: list[Array], upstream: list[Array]) -> tuple[float, float]:
    """Σ G (f(x+h) - f(x)) over all results, and its rounding noise."""
    total = noise = 0.0
    for after, before, weights in zip(made, base, upstream, strict=True):
        if before.dtype.kind not in "fc":
            continue
        change = (np.asarray(after) - before).reshape(-1)
        here = np.flatnonzero(change)
        if not here.size:
            continue
        # Of complex numbers the real part counts, as in torch's convention for their gradients.
        parts = np.real(np.conj(weights.reshape(-1)[here]) * change[here])
        total += float(parts.sum())
        size = np.abs(weights.reshape(-1)[here]) * np.abs(before.reshape(-1)[here])
        noise += _NOISE * float(size.sum() + np.abs(parts).sum())
    return total, noise
