"""Recomputes something with inputs that are off by rounding, to see how much that matters; see NOTE [Tolerance]."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from ..table.call import Array, UnfitError
from .precision import SINGLE, Precision
from .tolerance import MOST_SAMPLES

Inputs = Mapping[str, Array]


def disturbed(
    compute: Callable[[Inputs, Sequence[Array]], Array],
    inputs: Inputs,
    upstream: Sequence[Array],
    precision: Precision | None,
    seed: int,
) -> Iterator[Array]:
    """Results of `compute(inputs, upstream)` with disturbed arrays; none where it does not take them."""
    random = np.random.default_rng(seed)
    eps = (precision or SINGLE).eps
    rounding = np.float64 if eps < SINGLE.eps else np.float32

    def nudged(array: Array) -> Array:
        if array.dtype.kind != "f":
            return array
        return np.asarray((array * (1.0 + random.uniform(-2 * eps, 2 * eps, array.shape))).astype(rounding))

    for _ in range(MOST_SAMPLES):
        try:
            yield compute({key: nudged(array) for key, array in inputs.items()}, [nudged(part) for part in upstream])
        except UnfitError:
            return


def through_the_result(x: Array, y: Array, slopes: Array, precision: Precision) -> Iterator[Array]:
    """An argument moved so far that the result moves by eps: torch's derivative is made of the rounded result.

    σ' = a (1 - a) of a saturated sigmoid keeps only the rounding of a.
    """
    with np.errstate(all="ignore"):
        move = np.minimum(np.nan_to_num(precision.eps * np.abs(y) / np.abs(slopes), nan=0.0), 1.0)
    yield x + move
    yield x - move
