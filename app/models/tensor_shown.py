"""What the tensor panel is given to show: a snapshot with its name, place and statistics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.values import Statistics, statistics

TensorKind = Literal["value", "parameter", "gradient", "loss"]

# Larger ones would be felt as a pause; their statistics come with the trace.
LARGEST_COUNTED_HERE = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class TensorShown:
    """A tensor at one moment.

    title: its name, as "hidden.weight". symbol: as "w⁽¹⁾", or "". array: any rank and dtype, may be a memory map;
    it is read only where it is looked at. dtype_name, device: torch's names. statistics: of the whole array, or None.
    role: by what name a watch finds it in every iteration, as "dC/dw1", or "". iteration: that it belongs to.
    layout, strides: how it lay in memory, as torch says it; "" and None where that is not known.
    """

    title: str
    symbol: str
    array: np.ndarray
    dtype_name: str
    device: str
    kind: TensorKind = "value"
    statistics: Statistics | None = None
    role: str = ""
    iteration: int = 0
    layout: str = ""
    strides: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class TensorMissing:
    """A value whose numbers are not there. title, shape, dtype_name, statistics: what is known all the same.

    reason: a sentence that says why.
    """

    title: str
    shape: tuple[int, ...]
    dtype_name: str
    reason: str
    statistics: Statistics | None = None


def known_statistics(shown: TensorShown) -> Statistics | None:
    """Those that came with it, or counted now if that takes no time; None for a large array that came without."""
    if shown.statistics is not None or shown.array.size > LARGEST_COUNTED_HERE:
        return shown.statistics
    return statistics(real_numbers(shown.array))


def real_numbers(array: np.ndarray) -> np.ndarray:
    """Numbers that have an order and a colour: magnitudes of complex ones, 0 and 1 for false and true."""
    if np.iscomplexobj(array):
        return np.asarray(np.abs(array))
    return array.astype(np.uint8) if array.dtype == np.bool_ else array
