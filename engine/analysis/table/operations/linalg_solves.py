"""Rows of systems of equations: solve, triangular ones, and those whose Cholesky factor is known.

Gradients of A X = B: dC/dB = A⁻ᵀ G, dC/dA = -(dC/dB) Xᵀ (Giles 2008; PyTorch's derivatives.yaml).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..call import Array, Call, UnfitError
from ..kinds.of_matrix import guarded, inverse, turned
from ..kinds.pointwise import summed_to
from ..operation import Operation, operation
from ..words import Words

_BACK = (
    "The right side's gradient solves the transposed system; the matrix gets it times the solution, with a minus sign.",
    "右端项的梯度是转置方程组的解；矩阵的梯度是它乘以解再取负号。",
)


@operation("linalg_solve(A, B, *, left=True)")
class Solve(Operation):
    """X with A X = B, or X A = B if not left; B may be a vector."""

    nodes = ("LinalgSolveExBackward",)
    order = ("B", "A")
    words = Words(("Finds X so that A times X is B.", "求解线性方程组 A X = B。"), _BACK)

    def matrix(self, A: Array, call: Call) -> Array:
        """What is really solved with."""
        return A

    def masked(self, gradient: Array, call: Call) -> Array:
        """The gradient of the part of A that was looked at."""
        return gradient

    def forward(self, call: Call) -> Array | list[Array]:
        """The solution."""
        return self._solved(call)[2]

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """Through the transposed system."""
        A, B, X = self._solved(call)
        is_vector = _is_vector(A, B)
        G, X = (part[..., None] if is_vector else part for part in (upstream[0], X))
        M = self.matrix(A, call)
        if call.get("left", True):
            to_B = np.asarray(guarded(np.linalg.solve, turned(M), G))
            to_A = -to_B @ turned(X)
        else:
            to_B = turned(np.asarray(guarded(np.linalg.solve, M, turned(G))))
            to_A = -turned(X) @ to_B
        to_B = to_B[..., 0] if is_vector else to_B
        return {"B": summed_to(to_B, B.shape), "A": summed_to(self.masked(to_A, call), A.shape)}

    def _solved(self, call: Call) -> tuple[Array, Array, Array]:
        A, B = call.array("A"), call.array("B")
        if "c" in (A.dtype.kind, B.dtype.kind):
            raise UnfitError("its numbers are complex", "它的数值是复数")
        is_vector = _is_vector(A, B)
        M, right = self.matrix(A, call), B[..., None] if is_vector else B
        if call.get("left", True):
            X = np.asarray(guarded(np.linalg.solve, M, right))
        else:
            X = turned(np.asarray(guarded(np.linalg.solve, turned(M), turned(right))))
        return A, B, X[..., 0] if is_vector else X


@operation("linalg_solve_ex(A, B, *, left=True, check_errors=False)")
class SolveWithInfo(Solve):
    """The same, and a number that is 0 where it succeeded."""

    def forward(self, call: Call) -> list[Array]:
        """The solution and 0."""
        X = self._solved(call)[2]
        return [X, np.zeros(call.array("A").shape[:-2], dtype=np.int64)]


@operation("linalg_solve_triangular(A, B, *, upper=False, left=True, unitriangular=False)")
class SolveTriangular(Solve):
    """The same for a triangular matrix, of which only the triangle is looked at."""

    nodes = ("LinalgSolveTriangularBackward",)
    words = Words(
        ("Finds X so that A times X is B, row by row, for a triangular A.", "对三角矩阵 A，逐行求解 A X = B。"), _BACK
    )

    def matrix(self, A: Array, call: Call) -> Array:
        """The triangle."""
        part = np.triu(A) if call["upper"] else np.tril(A)
        eye = np.eye(A.shape[-1])
        return np.asarray(np.where(eye == 1, eye, part) if call.get("unitriangular") else part)

    def masked(self, gradient: Array, call: Call) -> Array:
        """Of the triangle, without the diagonal if that counted as ones."""
        inner = 1 if call.get("unitriangular") else 0
        return np.asarray(np.triu(gradient, inner) if call["upper"] else np.tril(gradient, -inner))


def _is_vector(A: Array, B: Array) -> bool:
    """Whether B is a vector, or a batch of them, by torch's rule."""
    return B.ndim == 1 or (A.ndim - 1 == B.ndim and B.shape == A.shape[:-1])


@operation("cholesky_solve(B, L, upper=False)")
class CholeskySolve(Operation):
    """X with L Lᵀ X = B."""

    nudged = "none"  # torch sends to both triangles, though only one is read
    nodes = ("CholeskySolveBackward",)
    order = ("B", "L")
    words = Words(
        (
            "Solves a system of equations whose matrix is given by its Cholesky factor.",
            "用已知的 Cholesky 因子求解线性方程组。",
        ),
        (
            "The right side's gradient solves the same system; the factor gets it through both of its uses.",
            "右端项的梯度解同一个方程组；因子经由两次使用得到梯度。",
        ),
    )

    def forward(self, call: Call) -> Array:
        """(L Lᵀ)⁻¹ B."""
        return np.asarray(_gram_inverse(call) @ call.array("B"))

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """dC/dB = (L Lᵀ)⁻¹ G; dC/dL = -(dC/dB Xᵀ + X dC/dBᵀ) L."""
        X, L = self.forward(call), call.array("L")
        to_B = _gram_inverse(call) @ upstream[0]
        both = to_B @ turned(X) + X @ turned(to_B)
        to_L = -L @ both if call.get("upper") else -both @ L
        return {"B": summed_to(to_B, call.array("B").shape), "L": summed_to(to_L, L.shape)}


@operation("cholesky_inverse(L, upper=False)")
class CholeskyInverse(Operation):
    """(L Lᵀ)⁻¹."""

    nudged = "mirrored"
    nodes = ("CholeskyInverseBackward",)
    words = Words(
        ("Finds the inverse of a matrix that is given by its Cholesky factor.", "由 Cholesky 因子求原矩阵的逆。"),
        ("The factor gets the gradient through both of its uses.", "因子经由两次使用得到梯度。"),
    )

    def forward(self, call: Call) -> Array:
        """(L Lᵀ)⁻¹."""
        return _gram_inverse(call)

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """-K (G + Gᵀ) K L, K: the result."""
        K, L = _gram_inverse(call), call.array("L")
        both = K @ (upstream[0] + turned(upstream[0])) @ K
        return {"L": -L @ both if call.get("upper") else -both @ L}


def _gram_inverse(call: Call) -> Array:
    L = call.array("L")
    if L.dtype.kind == "c":
        raise UnfitError("its numbers are complex", "它的数值是复数")
    factor = np.triu(L) if call.get("upper") else np.tril(L)
    back = inverse(factor)
    return np.asarray(back @ turned(back) if call.get("upper") else turned(back) @ back)
