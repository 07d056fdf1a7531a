"""Equations of ops that hand the same numbers on: views, transposes, copies. Which element becomes which."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .case import Backward, Forward, Index, MissingNumbersError, Worked
from .table import backward, forward

_RESHAPING = (
    "view", "reshape", "flatten", "unflatten", "ravel", "squeeze", "unsqueeze", "view_as", "reshape_as", "contiguous",
    "detach", "data", "clone", "alias", "to", "float", "double", "type_as",
)  # fmt: skip
_TURNING = ("t", "T", "mT", "transpose", "swapaxes", "permute")


def _turned(case: Forward | Backward, numbers: NDArray[Any]) -> NDArray[Any]:
    name, settings = case.op.name, case.settings
    if name in ("t", "T"):
        return numbers.T
    if name == "mT":
        return np.swapaxes(numbers, -1, -2)
    if name in ("transpose", "swapaxes"):
        first, second = settings.get("1", settings.get("dim0")), settings.get("2", settings.get("dim1"))
        if isinstance(first, int) and isinstance(second, int):
            return np.swapaxes(numbers, first, second)
    dims = settings.get("dims", settings.get("1"))
    if isinstance(dims, int):
        dims = [settings.get(str(place)) for place in range(1, numbers.ndim + 1)]
    if name == "permute" and isinstance(dims, list):
        return np.transpose(numbers, dims)
    raise MissingNumbersError(name)


def _axes(case: Forward | Backward, ndim: int) -> tuple[int, ...]:
    """Which axis of the argument each axis of the result is: each has a length of its own in a probe."""
    probe = np.broadcast_to(np.int8(0), tuple(range(2, 2 + ndim)))
    return tuple(size - 2 for size in _turned(case, probe).shape)


def _place_in(shape: Index, index: Index, other: Index) -> Index:
    """The place in an array of `shape` of the element that stands at `index` when it has the shape `other`."""
    flat = int(np.ravel_multi_index(index, other)) if other else 0
    return tuple(int(i) for i in np.unravel_index(flat, shape)) if shape else ()


@forward(*_RESHAPING)
def reshaping(case: Forward) -> Worked:
    """The same numbers in the same order, in another shape."""
    x = case.needed("0", "input")
    if x.array.size != case.result.array.size:
        raise MissingNumbersError(case.op.name)
    place = _place_in(x.array.shape, case.index, case.result.array.shape)
    return Worked(x.at(place), None, x.value_at(place), note="The same numbers in another shape.")


@backward(*_RESHAPING)
def reshaping_backward(case: Backward) -> Worked:
    """The gradient in the shape of the argument."""
    G = case.upstream
    place = _place_in(G.array.shape, case.index, case.wrt.array.shape)
    return Worked(G.at(place), None, G.value_at(place), note="The same gradient in the argument's shape.")


@forward(*_TURNING)
def turning(case: Forward) -> Worked:
    """The same numbers with dimensions exchanged."""
    x = case.needed("0", "input")
    axes = _axes(case, x.array.ndim)
    place = tuple(case.index[axes.index(axis)] for axis in range(x.array.ndim))
    return Worked(x.at(place), None, x.value_at(place), note="Rows become columns: the same numbers, turned.")


@backward(*_TURNING)
def turning_backward(case: Backward) -> Worked:
    """The gradient turned back."""
    G = case.upstream
    place = tuple(case.index[axis] for axis in _axes(case, case.wrt.array.ndim))
    return Worked(G.at(place), None, G.value_at(place), note="The same gradient, turned back.")
