"""The base of rows that turn one matrix, or each of a batch, into something: inverse, determinant, decompositions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..call import Array, Call, UnfitError
from ..operation import Operation


class OfMatrix(Operation):
    """A row of an op of one matrix A, (..., m, n), its only argument that is a tensor."""

    def compute(self, A: Array, call: Call) -> Sequence[Array]:
        """Its results."""
        raise NotImplementedError

    def send(self, A: Array, results: Sequence[Array], upstream: Sequence[Array], call: Call) -> Array:
        """dC/dA."""
        raise UnfitError("it has no gradient", "它没有梯度")

    def forward(self, call: Call) -> Sequence[Array]:
        """Its results; what numpy cannot decompose cannot be checked."""
        return [np.asarray(part) for part in guarded(self.compute, matrix_of_call(call)[1], call)]

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """dC/dA, from what the op makes again."""
        key, A = matrix_of_call(call)
        return {key: np.asarray(self.send(A, self.forward(call), upstream, call))}


def matrix_of_call(call: Call) -> tuple[str, Array]:
    """The key and the array of a call's matrix. Raises UnfitError for complex numbers."""
    key, A = next(iter(call.tensors()))
    if A.dtype.kind == "c":
        raise UnfitError("its numbers are complex", "它的数值是复数")
    return key, A.astype(np.float64)


def guarded(compute: Callable[..., Any], *arguments: Any) -> Any:
    """What a function makes; UnfitError where numpy's linear algebra gives up."""
    try:
        with np.errstate(all="ignore"):
            return compute(*arguments)
    except np.linalg.LinAlgError as error:
        raise UnfitError(f"numpy cannot compute it: {error}", f"NumPy 无法计算：{error}") from None


def turned(A: Array) -> Array:
    """The transpose of each matrix."""
    return np.swapaxes(A, -1, -2)


def inverse(A: Array) -> Array:
    """The inverse of each matrix. Raises UnfitError for a singular one."""
    return np.asarray(guarded(np.linalg.inv, A))
