"""Looks through a tensor of any size, a part at a time: extremes, what is not finite, how numbers are spread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.models.tensor_shown import real_numbers

Wanted = Literal["max", "min", "not finite"]
Progress = Callable[[int, int], None]

CHUNK = 1 << 21
BINS = 60
_SAMPLED_FROM = 8_000_000
_SAMPLED_BLOCKS = 64


def find_element(array: np.ndarray, wanted: Wanted, went_on: Progress | None = None) -> tuple[int, ...] | None:
    """Where the largest or smallest finite number is, or the first that is not finite; None if there is none."""
    best: tuple[float, int] | None = None
    for start, part in _parts(array, went_on):
        finite = np.isfinite(part)
        if wanted == "not finite":
            if not finite.all():
                return _place(array, start + int(np.argmin(finite)))
            continue
        if not finite.any():
            continue
        sign = 1.0 if wanted == "max" else -1.0
        at = int(np.argmax(np.where(finite, sign * part, -np.inf)))
        number = sign * float(part[at])
        if best is None or number > best[0]:
            best = (number, start + at)
    return None if best is None else _place(array, best[1])


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """How many finite numbers fall between neighbouring edges. counted: numbers looked at, of `size` in all."""

    edges: np.ndarray
    counts: np.ndarray
    counted: int
    size: int
    nans: int
    infs: int

    @property
    def is_sample(self) -> bool:
        """Whether only a part of a large tensor was looked at."""
        return self.counted < self.size


def histogram_of(array: np.ndarray, low: float, high: float, went_on: Progress | None = None) -> Histogram:
    """Counts in bins of equal width from `low` to `high`; of more than 8 million numbers 64 blocks are looked at.

    low, high: the smallest and largest finite number, NaN where there is none.
    """
    if not np.isfinite([low, high]).all():
        low, high = 0.0, 1.0
    if not low < high:
        pad = abs(low) * 0.05 or 0.5
        low, high = low - pad, high + pad
    # Halves, as the distance of the largest numbers is beyond them.
    edges = np.linspace(low / 2, high / 2, BINS + 1) * 2
    counts = np.zeros(BINS, np.int64)
    counted = nans = infs = 0
    for _, part in _parts(array, went_on, sample=True):
        finite = part[np.isfinite(part)]
        missing = int(np.isnan(part).sum())
        nans, infs = nans + missing, infs + part.size - finite.size - missing
        counts += np.histogram(finite, edges)[0]
        counted += part.size
    return Histogram(edges, counts, counted, array.size, nans, infs)


def _parts(array: np.ndarray, went_on: Progress | None, *, sample: bool = False) -> Iterator[tuple[int, np.ndarray]]:
    """Pieces of a flat tensor with the place where each begins; of a memory map only these are read."""
    if not array.flags.c_contiguous:
        # Few tensors lie otherwise; those are not the large ones.
        array = np.ascontiguousarray(array)
    flat = array.reshape(-1)
    starts = list(range(0, flat.size, CHUNK))
    length = CHUNK
    if sample and flat.size > _SAMPLED_FROM:
        length = _SAMPLED_FROM // _SAMPLED_BLOCKS
        starts = np.linspace(0, flat.size - length, _SAMPLED_BLOCKS, dtype=np.int64).tolist()
    for done, start in enumerate(starts):
        if went_on is not None:
            went_on(done, len(starts))
        yield start, real_numbers(flat[start : start + length])


def _place(array: np.ndarray, flat: int) -> tuple[int, ...]:
    return tuple(int(place) for place in np.unravel_index(flat, array.shape)) if array.ndim else ()
