"""Rows of linear algebra: inverses, determinants, powers, the trace, Cholesky factors, cross products.

Gradients: M. B. Giles, "An extended collection of matrix derivative results for forward and reverse mode algorithmic
differentiation" (2008), and PyTorch's derivatives.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ....bilingual import Bilingual
from ...notation.expression import Expression, Number, Product, Sub
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Index, Operand, Worked
from ..kinds.of_matrix import OfMatrix, inverse, turned
from ..kinds.pointwise import stretched, summed_to, uses
from ..operation import Operation, operation
from ..sums import total
from ..words import Words

_EPSILON = 1e-14
"""A matrix that squeezes a direction more than this is singular, as far as float64 can tell."""


@operation("linalg_inv(A)", "inverse(input)")
class Inverse(OfMatrix):
    """A⁻¹; dC/dA = -A⁻ᵀ G A⁻ᵀ."""

    nodes = ("LinalgInvExBackward",)
    words = Words(
        (
            "Finds the matrix that undoes this one: their product is the identity.",
            "求逆矩阵：与原矩阵相乘得到单位矩阵。",
        ),
        (
            "The gradient is what arrived, between two transposed inverses, with a minus sign.",
            "梯度是传来的梯度夹在两个转置的逆矩阵之间，再取负号。",
        ),
    )

    def compute(self, A: Array, call: Call) -> Sequence[Array]:
        return [np.linalg.inv(A)]

    def send(self, A: Array, results: Sequence[Array], upstream: Sequence[Array], call: Call) -> Array:
        back = turned(results[0])
        return -back @ upstream[0] @ back


@operation("linalg_inv_ex(A, *, check_errors=False)")
class InverseWithInfo(Inverse):
    """The same, and a number that is 0 where it succeeded."""

    def compute(self, A: Array, call: Call) -> Sequence[Array]:
        return [np.linalg.inv(A), np.zeros(A.shape[:-2], dtype=np.int64)]


class Determinants(OfMatrix):
    """A row of an op of the determinant."""

    nodes = ("LinalgDetBackward", "LinalgSlogdetBackward")


@operation("det(input)", "linalg_det(A)")
class Determinant(Determinants):
    """det A; dC/dA = G · det A · A⁻ᵀ, the matrix of cofactors."""

    words = Words(
        (
            "Makes one number that says by how much a matrix stretches space; 0 means that it flattens it.",
            "求一个数（行列式），表示矩阵把空间放大多少倍；0 表示压扁了空间。",
        ),
        (
            "An element's gradient is its cofactor: the determinant without its row and column.",
            "元素的梯度是它的代数余子式：去掉所在行和列后的行列式（带符号）。",
        ),
    )

    def compute(self, A: Array, call: Call) -> Sequence[Array]:
        return [np.linalg.det(A)]

    def send(self, A: Array, results: Sequence[Array], upstream: Sequence[Array], call: Call) -> Array:
        sizes = np.linalg.svd(A, compute_uv=False)
        if np.any(sizes.min(axis=-1, initial=np.inf) <= _EPSILON * sizes.max(axis=-1, initial=0.0)):
            raise UnfitError(
                "the matrix is singular, and there torch does not give the cofactors",
                "矩阵是奇异的，此时 torch 给出的不是余子式",
            )
        return (upstream[0] * results[0])[..., None, None] * turned(inverse(A))

    def equation(self, case: Forward) -> Worked:
        """a d - b c of a 2×2 matrix; of a larger one only its number."""
        A = case.operands[0]
        if A.array.shape[-2:] != (2, 2):
            return super().equation(case)

        def written(at: Sequence[Expression]) -> Expression:
            return Sub(Product((at[0], at[1])), Product((at[2], at[3])))

        places = [(*case.index, *place) for place in ((0, 0), (1, 1), (0, 1), (1, 0))]
        a, d, b, c = (A.value_at(place) for place in places)
        symbols, numbers = written([A.at(p) for p in places]), written([A.number(p) for p in places])
        return Worked(symbols, numbers, a * d - b * c)


@operation("logdet(input)")
class LogDeterminant(Determinants):
    """ln det A; NaN where det A < 0; dC/dA = G · A⁻ᵀ."""

    words = Words(
        ("Takes the logarithm of the determinant.", "求行列式的对数。"),
        ("The gradient is the transposed inverse, times what arrived.", "梯度是转置的逆矩阵乘以传来的梯度。"),
    )

    def compute(self, A: Array, call: Call) -> Sequence[Array]:
        sign, size = np.linalg.slogdet(A)
        return [np.where(sign < 0, np.nan, size)]

    def send(self, A: Array, results: Sequence[Array], upstream: Sequence[Array], call: Call) -> Array:
        return upstream[0][..., None, None] * turned(inverse(A))


@operation("slogdet(input)", "linalg_slogdet(A)")
class SignAndLogDeterminant(Determinants):
    """The sign of det A, and ln |det A|; dC/dA = G · A⁻ᵀ, the sign has no gradient."""

    words = Words(
        ("Gives the sign of the determinant, and the logarithm of its size.", "求行列式的符号及其绝对值的对数。"),
        (
            "The logarithm's gradient is the transposed inverse, times what arrived; the sign lets nothing through.",
            "对数部分的梯度是转置的逆矩阵乘以传来的梯度；符号不传递梯度。",
        ),
    )

    def compute(self, A: Array, call: Call) -> Sequence[Array]:
        return list(np.linalg.slogdet(A))

    def send(self, A: Array, results: Sequence[Array], upstream: Sequence[Array], call: Call) -> Array:
        return upstream[1][..., None, None] * turned(inverse(A))


_MOST_FACTORS = 10_000
"""How many factors of a power are taken one by one for its gradient."""


@operation("matrix_power(input, n)", "linalg_matrix_power(A, n)")
class MatrixPower(OfMatrix):
    """Aⁿ; dC/dA = Σ (Aᵀ)ⁱ G (Aᵀ)ⁿ⁻¹⁻ⁱ; a negative n is a power of the inverse."""

    nodes = ("MmBackward", "BmmBackward", "LinalgInvExBackward", "CloneBackward")
    words = Words(
        ("Multiplies a matrix by itself n times.", "矩阵自乘 n 次。"),
        (
            "Each of the n factors gets the gradient through all others; the parts add up.",
            "n 个因子各自经由其余因子得到梯度，各部分相加。",
        ),
    )

    def compute(self, A: Array, call: Call) -> Sequence[Array]:
        return [np.linalg.matrix_power(A, int(call.number("n")))]

    def send(self, A: Array, results: Sequence[Array], upstream: Sequence[Array], call: Call) -> Array:
        n = int(call.number("n"))
        if abs(n) > _MOST_FACTORS:
            raise UnfitError(
                f"its gradient is a sum of more than {_MOST_FACTORS:,} products",
                f"它的梯度是超过 {_MOST_FACTORS:,} 个乘积之和",
            )
        base = turned(inverse(A) if n < 0 else A)
        powers = [np.linalg.matrix_power(base, i) for i in range(abs(n))]
        found = np.zeros_like(A)
        for before, after in zip(powers, reversed(powers), strict=True):
            found = found + before @ upstream[0] @ after
        return -base @ found @ base if n < 0 else found


@operation("trace(input)")
class Trace(Operation):
    """The sum of the diagonal."""

    nodes = ("TraceBackward",)
    words = Words(
        ("Adds up the diagonal of a matrix.", "把矩阵的对角线元素相加（迹）。"),
        (
            "Each element of the diagonal gets the gradient as it arrived; the others had no part and get 0.",
            "对角线元素直接得到传来的梯度；其余元素未参与，梯度为 0。",
        ),
    )

    def forward(self, call: Call) -> Array:
        return np.asarray(np.trace(call.array("input")))

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        return {"input": upstream[0] * np.eye(*call.array("input").shape)}

    def equation(self, case: Forward) -> Worked:
        """The elements that are added."""
        A = case.needed("input")
        symbols, numbers, computed = total(A, [(i, i) for i in range(min(A.array.shape))], ("i", "i"), "i")
        return Worked(symbols, numbers, computed)

    def gradient_equation(self, case: Backward) -> Worked:
        """What arrived, on the diagonal."""
        row, column = case.index
        if row != column:
            return Worked(Number(0), None, 0.0, note=Bilingual("It is beside the diagonal.", "它不在对角线上。"))
        return Worked(case.upstream.at(()), None, case.upstream.value_at(()))


@operation("linalg_cholesky(A, *, upper=False)", "cholesky(input, upper=False)")
class Cholesky(OfMatrix):
    """L with A = L Lᵀ; dC/dA = the symmetric part of L⁻ᵀ Φ(Lᵀ G) L⁻¹, Φ: lower triangle, half the diagonal."""

    nudged = "mirrored"
    nodes = ("LinalgCholeskyExBackward",)
    words = Words(
        (
            "Finds the lower triangular matrix whose product with its own transpose is this matrix: its square root "
            "of a kind.",
            "求下三角矩阵，使其与自身转置的乘积等于原矩阵（Cholesky 分解）。",
        ),
        (
            "The gradient goes back through two triangular systems and comes out symmetric.",
            "梯度经过两个三角方程组传回，结果是对称的。",
        ),
    )

    def compute(self, A: Array, call: Call) -> Sequence[Array]:
        # Only one triangle is looked at, as LAPACK does.
        return [turned(np.linalg.cholesky(turned(A))) if call.get("upper") else np.linalg.cholesky(A)]

    def send(self, A: Array, results: Sequence[Array], upstream: Sequence[Array], call: Call) -> Array:
        L, G = (turned(x) if call.get("upper") else x for x in (results[0], upstream[0]))
        phi = np.tril(turned(L) @ G) * (1 - np.eye(L.shape[-1]) / 2)
        back = inverse(L)
        S = turned(back) @ phi @ back
        return (S + turned(S)) / 2


@operation("linalg_cholesky_ex(A, *, upper=False, check_errors=False)")
class CholeskyWithInfo(Cholesky):
    """The same, and a number that is 0 where it succeeded."""

    def compute(self, A: Array, call: Call) -> Sequence[Array]:
        return [*super().compute(A, call), np.zeros(A.shape[:-2], dtype=np.int64)]


@operation("linalg_cross(input, other, *, dim=-1)", "cross(input, other, dim=None)")
class Cross(Operation):
    """a × b of vectors of three elements along a dimension; dC/da = b × G, dC/db = G × a."""

    nodes = ("LinalgCrossBackward",)
    order = ("other", "input")
    words = Words(
        (
            "Makes the vector that stands at right angles to two others, as long as the area between them is large.",
            "求同时垂直于两个向量的向量，长度等于它们张成的面积（叉积）。",
        ),
        (
            "Each factor's gradient is a cross product too, of what arrived and the other factor.",
            "每个因子的梯度也是叉积：传来的梯度与另一个因子的叉积。",
        ),
    )

    def forward(self, call: Call) -> Array:
        a, b, dim = self._read(call)
        return _cross(a, b, dim)

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        a, b, dim = self._read(call)
        found = {"input": _cross(b, upstream[0], dim), "other": _cross(upstream[0], a, dim)}
        return {key: summed_to(found[key], call.array(key).shape) for key in found}

    def equation(self, case: Forward) -> Worked:
        """aⱼ bₖ - aₖ bⱼ."""
        a, b = case.needed("input"), case.needed("other")
        symbols, numbers, computed = _cross_at(a, b, case.index, self._dim(case))
        return Worked(symbols, numbers, computed)

    def gradient_equation(self, case: Backward) -> Worked:
        """The same with what arrived; where an argument was stretched only its number is shown."""
        if len(uses(case.index, case.wrt.array.shape, case.result.array.shape)) > 1:
            return super().gradient_equation(case)
        place = uses(case.index, case.wrt.array.shape, case.result.array.shape)[0]
        G, dim = case.upstream, self._dim(case)
        left, right = (case.needed("other"), G) if case.key == "input" else (G, case.needed("input"))
        symbols, numbers, computed = _cross_at(left, right, place, dim)
        return Worked(symbols, numbers, computed)

    def _read(self, call: Call) -> tuple[Array, Array, int]:
        a, b = np.broadcast_arrays(call.array("input"), call.array("other"))
        if "c" in (a.dtype.kind, b.dtype.kind):
            raise UnfitError("its numbers are complex", "它的数值是复数")
        return a, b, _dim_of(call.get("dim"), a.shape)

    def _dim(self, case: Forward | Backward) -> int:
        return _dim_of(case.settings.get("dim"), case.result.array.shape)


def _dim_of(dim: int | None, shape: tuple[int, ...]) -> int:
    """The dimension along which the vectors lie, counted from the front; the first of size 3 if none is given."""
    return shape.index(3) if dim is None else int(dim) % len(shape)


def _cross(a: Array, b: Array, dim: int) -> Array:
    next_a, next_b = np.roll(a, -1, axis=dim), np.roll(b, -1, axis=dim)
    return np.asarray(np.roll(a * next_b - next_a * b, -1, axis=dim))


def _cross_at(a: Operand, b: Operand, index: Index, dim: int) -> tuple[Expression, Expression, float]:
    def at(operand: Operand, step: int) -> Index:
        place = (*index[:dim], (index[dim] + step) % 3, *index[dim + 1 :])
        return stretched(place, operand.array.shape)

    pairs = [(a, at(a, 1)), (b, at(b, 2)), (a, at(a, 2)), (b, at(b, 1))]
    symbols = [operand.at(place) for operand, place in pairs]
    numbers = [operand.number(place) for operand, place in pairs]
    x, y, z, w = (operand.value_at(place) for operand, place in pairs)
    written = [Sub(Product((s[0], s[1])), Product((s[2], s[3]))) for s in (symbols, numbers)]
    return written[0], written[1], x * y - z * w
