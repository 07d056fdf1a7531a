"""Equations of ops that hand the same numbers on: views, transposes, copies. Which element becomes which."""

from __future__ import annotations

from collections.abc import Callable
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


def _source(index: Index, move: Callable[[NDArray[Any]], NDArray[Any]], shape: Index) -> Index:
    """The place of an array of that shape whose element `move` brings to `index`."""
    where = move(np.arange(int(np.prod(shape, dtype=np.int64))).reshape(shape))
    return tuple(int(i) for i in np.unravel_index(int(where[index]), shape)) if shape else ()


@forward(*_RESHAPING)
def reshaping(case: Forward) -> Worked:
    """The same numbers in the same order, in another shape."""
    x = case.needed("0", "input")
    if x.array.size != case.result.array.size:
        raise MissingNumbersError(case.op.name)
    place = _source(case.index, lambda numbers: numbers.reshape(case.result.array.shape), x.array.shape)
    return Worked(x.at(place), None, float(x.wide[place]), note="The same numbers in another shape.")


@backward(*_RESHAPING)
def reshaping_backward(case: Backward) -> Worked:
    """The gradient in the shape of the argument."""
    G = case.upstream
    place = _source(case.index, lambda numbers: numbers.reshape(case.wrt.array.shape), G.array.shape)
    return Worked(G.at(place), None, float(G.wide[place]), note="The same gradient in the argument's shape.")


@forward(*_TURNING)
def turning(case: Forward) -> Worked:
    """The same numbers with dimensions exchanged."""
    x = case.needed("0", "input")
    place = _source(case.index, lambda numbers: _turned(case, numbers), x.array.shape)
    return Worked(x.at(place), None, float(x.wide[place]), note="Rows become columns: the same numbers, turned.")


@backward(*_TURNING)
def turning_backward(case: Backward) -> Worked:
    """The gradient turned back."""
    G = case.upstream
    positions = _turned(case, np.arange(case.wrt.array.size).reshape(case.wrt.array.shape))
    flat = int(np.ravel_multi_index(case.index, case.wrt.array.shape))
    place = tuple(int(axis[0]) for axis in np.nonzero(positions == flat))
    return Worked(G.at(place), None, float(G.wide[place]), note="The same gradient, turned back.")
