"""Rows of decompositions of matrices: eigenvalues, singular values, Q and R, the pseudo-inverse.

Vectors of a decomposition are known up to their sign only; the sign is taken from what was recorded. Gradients: Giles
(2008); Walter and Lehmann, "Algorithmic Differentiation of Linear Algebra Functions" (2018) for Q and R; Golub and
Pereyra (1973) for the pseudo-inverse.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from ..call import Array, Call, UnfitError
from ..kinds.of_matrix import OfMatrix, inverse, turned
from ..operation import operation
from ..words import Words

_CLOSE = 1e-6
"""Values nearer to each other than this, relative to the largest, share their vectors, which are then any."""


@operation("linalg_eigvalsh(A, UPLO='L')")
class SymmetricEigenvalues(OfMatrix):
    """The eigenvalues λ of a symmetric matrix, growing; dC/dA = V diag(G) Vᵀ."""

    nudged = "mirrored"
    nodes = ("LinalgEighBackward",)
    words = Words(
        (
            "Says by how much a symmetric matrix stretches each of its own directions.",
            "求对称矩阵在各个特征方向上的伸缩倍数（特征值）。",
        ),
        (
            "An eigenvalue's gradient goes to the matrix along its own direction.",
            "特征值的梯度沿其特征方向传给矩阵。",
        ),
    )

    def compute(self, A: Array, call: Call) -> Sequence[Array]:
        return [np.linalg.eigvalsh(A, _half(call))]

    def send(self, A: Array, results: Sequence[Array], upstream: Sequence[Array], call: Call) -> Array:
        _, V = np.linalg.eigh(A, _half(call))
        return np.asarray((V * upstream[0][..., None, :]) @ turned(V))


@operation("linalg_eigh(A, UPLO='L')")
class SymmetricEigen(OfMatrix):
    """Eigenvalues λ and vectors V; dC/dA = V (diag(Gλ) + (Vᵀ GV) / E) Vᵀ, Eᵢⱼ = λⱼ - λᵢ beside the diagonal."""

    nudged = "mirrored"
    nodes = ("LinalgEighBackward",)
    words = Words(
        (
            "Finds the directions that a symmetric matrix only stretches, and by how much.",
            "求对称矩阵只做伸缩的方向（特征向量）及其倍数（特征值）。",
        ),
        (
            "The vectors' gradient is divided by the distances of the eigenvalues: close ones make it large.",
            "特征向量的梯度要除以特征值之差：特征值越接近，梯度越大。",
        ),
    )

    def compute(self, A: Array, call: Call) -> Sequence[Array]:
        values, V = np.linalg.eigh(A, _half(call))
        _check_apart(values)
        return [values, V * _signs(V, call.output(1), axis=-2)]

    def send(self, A: Array, results: Sequence[Array], upstream: Sequence[Array], call: Call) -> Array:
        values, V = results
        eye = np.eye(values.shape[-1])
        apart = values[..., None, :] - values[..., :, None] + eye
        inner = (turned(V) @ upstream[1]) / apart * (1 - eye) + upstream[0][..., None, :] * eye
        # torch takes the symmetric part: A has no other.
        return np.asarray(V @ ((inner + turned(inner)) / 2) @ turned(V))


@operation("linalg_svdvals(A, *, driver=None)")
class SingularValues(OfMatrix):
    """The singular values, falling; dC/dA = U diag(G) Vᵀ."""

    nodes = ("LinalgSvdBackward",)
    words = Words(
        (
            "Says by how much a matrix stretches space at most, next most, and so on.",
            "求矩阵在各主方向上的伸缩倍数（奇异值）。",
        ),
        (
            "A singular value's gradient goes to the matrix along its own pair of directions.",
            "奇异值的梯度沿其对应的一对方向传给矩阵。",
        ),
    )

    def compute(self, A: Array, call: Call) -> Sequence[Array]:
        return [np.linalg.svd(A, compute_uv=False)]

    def send(self, A: Array, results: Sequence[Array], upstream: Sequence[Array], call: Call) -> Array:
        U, _, Vh = np.linalg.svd(A, full_matrices=False)
        return np.asarray((U * upstream[0][..., None, :]) @ Vh)


@operation("linalg_svd(A, full_matrices=True, *, driver=None)")
class Svd(OfMatrix):
    """A = U diag(σ) Vᵀ; only the gradient of σ is computed."""

    nodes = ("LinalgSvdBackward",)
    words = Words(
        (
            "Takes a matrix apart into a turn, a stretch along the axes, and another turn.",
            "把矩阵分解为旋转、沿轴伸缩、再旋转（奇异值分解）。",
        ),
        (
            "A singular value's gradient goes to the matrix along its own pair of directions.",
            "奇异值的梯度沿其对应的一对方向传给矩阵。",
        ),
    )

    def compute(self, A: Array, call: Call) -> Sequence[Array]:
        if call.get("full_matrices", True) and A.shape[-1] != A.shape[-2]:
            raise UnfitError(
                "some of its vectors may be any that fill up the space", "它有一些向量只用来补足空间，可以任意选取"
            )
        return self.taken_apart(A, call)

    def taken_apart(self, A: Array, call: Call) -> list[Array]:
        """U, σ and Vᵀ, each vector in the direction in which it was recorded."""
        U, values, Vh = np.linalg.svd(A, full_matrices=False)
        _check_apart(values)
        signs = _signs(U, call.output(0), axis=-2)
        return [U * signs, values, Vh * turned(signs)]

    def send(self, A: Array, results: Sequence[Array], upstream: Sequence[Array], call: Call) -> Array:
        if np.any(upstream[0]) or np.any(upstream[2]):
            raise UnfitError(
                "there is no formula in numpy for the gradient of singular vectors", "奇异向量的梯度没有 NumPy 公式"
            )
        return np.asarray((results[0] * upstream[1][..., None, :]) @ results[2])


@operation("svd(input, some=True, compute_uv=True)")
class FormerSvd(Svd):
    """The same with V for Vᵀ, and only as many vectors as there are values if `some`."""

    def compute(self, A: Array, call: Call) -> Sequence[Array]:
        if not call.get("compute_uv", True) or (not call.get("some", True) and A.shape[-1] != A.shape[-2]):
            raise UnfitError(
                "some of its vectors may be any that fill up the space", "它有一些向量只用来补足空间，可以任意选取"
            )
        U, values, Vh = self.taken_apart(A, call)
        return [U, values, turned(Vh)]

    def send(self, A: Array, results: Sequence[Array], upstream: Sequence[Array], call: Call) -> Array:
        U, values, V = results
        return super().send(A, (U, values, turned(V)), upstream, call)


@operation("linalg_qr(A, mode='reduced')", "qr(input, some=True)")
class Qr(OfMatrix):
    """A = Q R, Q with columns at right angles, R upper triangular; a gradient where A has as many rows as columns."""

    nodes = ("LinalgQrBackward",)
    words = Words(
        (
            "Takes a matrix apart into directions at right angles (Q) and how the columns are made from them (R).",
            "把矩阵分解为相互垂直的方向（Q）与各列的组合系数（R）。",
        ),
        (
            "The gradient goes back through both parts, by solving equations with the triangle R.",
            "梯度经由两部分传回，并需求解 R 的三角方程组。",
        ),
    )

    def compute(self, A: Array, call: Call) -> Sequence[Array]:
        mode = str(call.get("mode", "reduced" if call.get("some", True) else "complete"))
        if mode not in ("reduced", "complete"):
            raise UnfitError("without Q the signs of R's rows are not known", "没有 Q 就无法知道 R 各行的符号")
        Q, R = np.linalg.qr(A, "complete" if mode == "complete" else "reduced")
        signs = _signs(Q, call.output(0), axis=-2)
        return [Q * signs, R * turned(signs)]

    def send(self, A: Array, results: Sequence[Array], upstream: Sequence[Array], call: Call) -> Array:
        Q, R = results
        if R.shape[-1] != R.shape[-2] or Q.shape[-1] != R.shape[-2]:
            raise UnfitError(
                "there is no formula in numpy for the gradient of this form", "这种形式的梯度没有 NumPy 公式"
            )
        to_Q, to_R = upstream
        M = R @ turned(to_R) - turned(to_Q) @ Q
        lower = np.tril(M, -1)
        symmetric = lower + turned(lower) + M * np.eye(M.shape[-1])
        return np.asarray((to_Q + Q @ symmetric) @ turned(inverse(R)))


@operation("linalg_pinv(A, *, atol=None, rtol=None, hermitian=False)", "pinverse(input, rcond=1e-15)")
class PseudoInverse(OfMatrix):
    """P = A⁺, what comes nearest to an inverse of a matrix of any shape."""

    nodes = ("LinalgPinvBackward",)
    words = Words(
        (
            "Finds what comes nearest to an inverse, for a matrix of any shape.",
            "对任意形状的矩阵，求最接近逆矩阵的矩阵（伪逆）。",
        ),
        (
            "The gradient comes back as for the inverse, with two more terms for the directions that the matrix "
            "flattens.",
            "梯度与逆矩阵的类似，另加两项，对应被矩阵压扁的方向。",
        ),
    )

    def compute(self, A: Array, call: Call) -> Sequence[Array]:
        if any(call.get(name) is not None for name in ("atol", "rtol")) or call.get("hermitian"):
            raise UnfitError("its tolerance is set by hand", "它的容差是手动设定的")
        rcond = call.get("rcond", max(A.shape[-2:]) * np.finfo(np.float64).eps)
        return [np.linalg.pinv(A, rcond)]

    def send(self, A: Array, results: Sequence[Array], upstream: Sequence[Array], call: Call) -> Array:
        P, G = results[0], turned(upstream[0])
        left, right = np.eye(A.shape[-2]) - A @ P, np.eye(A.shape[-1]) - P @ A
        through = -turned(P) @ turned(G) @ turned(P)
        return np.asarray(through + left @ G @ P @ turned(P) + turned(P) @ P @ G @ right)


def _half(call: Call) -> Literal["L", "U"]:
    """Which triangle is looked at."""
    return "U" if str(call.get("UPLO", "L")).upper() == "U" else "L"


def _signs(found: Array, recorded: Array, axis: int) -> Array:
    """-1 for each vector that points the other way in what was recorded, else 1."""
    if found.shape != recorded.shape:
        raise UnfitError("its result has another shape than is known", "它的结果的形状与已知的不同")
    return np.where((found * recorded).sum(axis=axis, keepdims=True) < 0, -1.0, 1.0)


def _check_apart(values: Array) -> None:
    gaps = np.abs(np.diff(values, axis=-1))
    if np.any(gaps <= _CLOSE * np.abs(values).max(axis=-1, keepdims=True, initial=0.0)):
        raise UnfitError(
            "two of its values are so close that their vectors may be any in a plane",
            "它有两个值非常接近，对应的向量可以是平面内的任意方向",
        )
