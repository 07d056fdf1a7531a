"""Compares one number of each side: is it the same, and if not, how far apart and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Answer = Literal["same", "differs", "follows", "shape"]
"""same: within rounding. differs: another number from the same inputs (or nothing is known of its inputs). follows:
another number, but only because its inputs differ already. shape: another shape."""

ROUNDINGS = 64
"""Roundings of the value's own type, relative to its largest element, that do not count as a difference."""


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """One value by hand beside torch's.

    name; number: how often it had been set before (0 for the first time); line, torch_line: in the two scripts, 0 where
    unknown; position: of the event in the trace, -1 for what was there before. by_hand, torch: the numbers where they
    are farthest apart, at index `where`. difference: their distance, relative to the largest element.
    """

    name: str
    number: int
    line: int
    torch_line: int
    position: int
    by_hand: float
    torch: float
    where: tuple[int, ...]
    difference: float
    answer: Answer
    shapes: tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Distance:
    """How far two arrays are apart, and where most; `near` if that is rounding."""

    where: tuple[int, ...]
    difference: float
    near: bool


def distance(by_hand: NDArray[np.float64], torch: NDArray[np.float64], precision: float) -> Distance | None:
    """Compares two arrays; None if their shapes differ in more than dimensions of size 1.

    precision: relative rounding of torch's type.
    """
    if _squeezed(by_hand.shape) != _squeezed(torch.shape):
        return None
    mine = by_hand.reshape(torch.shape)
    if mine.size == 0:
        return Distance((), 0.0, True)
    with np.errstate(all="ignore"):
        apart = np.abs(mine - torch)
    apart = np.where((mine == torch) | (np.isnan(mine) & np.isnan(torch)), 0.0, apart)
    apart = np.where(np.isnan(apart), np.inf, apart)
    finite = np.abs(torch[np.isfinite(torch)])
    scale = float(finite.max(initial=0.0)) or 1.0
    where = np.unravel_index(int(np.argmax(apart)), apart.shape) if apart.ndim else ()
    difference = float(apart[where]) / scale
    return Distance(tuple(int(i) for i in where), difference, difference <= ROUNDINGS * precision)


def _squeezed(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(size for size in shape if size != 1)


def beside(
    name: str,
    number: int,
    lines: tuple[int, int],
    position: int,
    by_hand: NDArray[np.float64],
    torch: NDArray[np.float64],
    precision: float,
    from_torchs_inputs: NDArray[np.float64] | None = None,
) -> Beside:
    """Holds two values beside each other.

    from_torchs_inputs: what the line by hand comes to if it is given torch's inputs; None where that is not known. If
    that is torch's number, the two differ only because their inputs do.
    """
    found = distance(by_hand, torch, precision)
    shapes = (by_hand.shape, torch.shape)
    if found is None:
        return Beside(name, number, *lines, position, np.nan, np.nan, (), np.inf, "shape", shapes)
    mine = by_hand.reshape(torch.shape)
    answer: Answer = "same" if found.near else "differs"
    if from_torchs_inputs is not None:
        own = distance(from_torchs_inputs, torch, precision)
        if own is not None and own.near:
            answer = "same" if found.near else "follows"
    at = (float(mine[found.where]), float(torch[found.where])) if mine.size else (np.nan, np.nan)
    return Beside(name, number, *lines, position, *at, found.where, found.difference, answer, shapes)
