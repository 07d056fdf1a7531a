"""Rows of turns: the same numbers with dimensions exchanged.

Formulas: y[i, j] = x[j, i] and its like (PyTorch's documentation of torch.transpose, permute, movedim). H and adjoint
also take the conjugate of complex numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ....bilingual import Bilingual
from ..call import Array, Call
from ..kinds.moving import Reordering
from ..operation import operation
from ..words import Words


class Turning(Reordering):
    """A row of an op that exchanges dimensions."""

    note = Bilingual("Rows become columns: the same numbers, turned.", "行变成列：同样的数，转置了。")
    back = Bilingual("The same gradient, turned back.", "同样的梯度，转置回去。")


@operation("t(input)")
class T(Turning):
    """xᵀ of a matrix; a vector stays as it is."""

    nodes = ("TBackward",)
    words = Words(
        ("t exchanges the rows and columns of a matrix.", "t 交换矩阵的行与列。"),
        ("The gradient is transposed back.", "梯度再转置回来。"),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        return x.T


@operation("T(input)")
class AllTurned(Turning):
    """All dimensions in reverse order; of a matrix: xᵀ."""

    nodes = ("PermuteBackward", "NumpyTBackward", "TBackward")
    words = Words(
        (
            "T is the transpose: rows become columns and columns rows.",
            "T 是转置：行变成列，列变成行。",
        ),
        ("The gradient is transposed back.", "梯度再转置回来。"),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        return x.T


@operation("mT(input)")
class EachTurned(Turning):
    """The last two dimensions exchanged: each matrix of a batch is transposed."""

    nodes = ("TransposeBackward",)
    words = Words(
        ("mT transposes each matrix of a batch.", "mT 转置一批矩阵中的每一个。"),
        ("The gradient of each matrix is transposed back.", "每个矩阵的梯度再转置回来。"),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        return np.swapaxes(x, -1, -2)


class Conjugating(Turning):
    """A row of an op that also takes the conjugate: of complex numbers, and so of their gradient."""

    def forward(self, call: Call) -> Array | Sequence[Array]:
        """Turned, and conjugated."""
        return np.asarray(np.conj(np.asarray(super().forward(call))))

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """Conjugated, and turned back."""
        return super().vjp(call, [np.conj(gradient) for gradient in upstream])


@operation("H(input)")
class Hermitian(Conjugating):
    """The conjugate transpose of a matrix."""

    nodes = ("TransposeBackward", "ConjBackward", "TBackward")
    words = Words(
        (
            "H is the conjugate transpose; of real numbers simply the transpose.",
            "H 是共轭转置；对实数来说就是转置。",
        ),
        ("The gradient is transposed and conjugated back.", "梯度再转置并取共轭传回。"),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        return x.T


@operation("mH(input)", "adjoint(input)")
class Adjoint(Conjugating):
    """The conjugate transpose of each matrix of a batch."""

    nodes = ("TransposeBackward", "ConjBackward")
    words = Words(
        (
            "The adjoint is the conjugate transpose of each matrix; of real numbers simply the transpose.",
            "伴随矩阵是每个矩阵的共轭转置；对实数来说就是转置。",
        ),
        ("The gradient of each matrix is transposed and conjugated back.", "每个矩阵的梯度再转置并取共轭传回。"),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        return np.swapaxes(x, -1, -2)


@operation("conj(input)", "conj_physical(input)")
class Conjugate(Conjugating):
    """The conjugate, place by place; of real numbers the numbers themselves."""

    nodes = ("ConjBackward", "ConjPhysicalBackward")
    words = Words(
        (
            "conj turns the sign of the imaginary part; real numbers stay as they are.",
            "conj 改变虚部的符号；实数保持不变。",
        ),
        ("The gradient is conjugated too; a real one goes back unchanged.", "梯度同样取共轭；实的梯度原样传回。"),
    )
    note = Bilingual("Real numbers are their own conjugates.", "实数的共轭就是它自己。")
    back = Bilingual("The same gradient, conjugated.", "同样的梯度，取共轭。")

    def reorder(self, call: Call, x: Array) -> Array:
        return x


@operation(
    "transpose(input, dim0, dim1)",
    "swapaxes(input, axis0, axis1)",
    "swapdims(input, dim0, dim1)",
)
class Transpose(Turning):
    """Two dimensions exchanged."""

    nodes = ("TransposeBackward",)
    words = Words(
        ("transpose exchanges two dimensions.", "transpose 交换两个维度。"),
        ("The gradient's two dimensions are exchanged back.", "梯度的这两个维度再交换回来。"),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        letters = "axis" if "axis0" in call else "dim"
        return x if x.ndim == 0 else np.swapaxes(x, *(int(call.number(f"{letters}{i}")) for i in (0, 1)))


@operation("permute(input, *dims)")
class Permute(Turning):
    """Dimensions in another order."""

    nodes = ("PermuteBackward",)
    words = Words(
        (
            "permute puts the dimensions into another order, as from height-width-channel to channel-height-width.",
            "permute 按另一种次序排列各个维度，例如从“高、宽、通道”变为“通道、高、宽”。",
        ),
        ("The gradient's dimensions are put back into the old order.", "梯度的各个维度恢复原来的次序。"),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        return np.transpose(x, call.integers("dims"))


@operation("movedim(input, source, destination)", "moveaxis(input, source, destination)")
class MoveDim(Turning):
    """Some dimensions go to other places; the others keep their order."""

    nodes = ("PermuteBackward",)
    words = Words(
        (
            "movedim puts dimensions into other places; the others keep their order.",
            "movedim 把某些维度移到别的位置，其余维度次序不变。",
        ),
        ("The gradient's dimensions are moved back.", "梯度的这些维度再移回原处。"),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        return np.moveaxis(x, call.integers("source"), call.integers("destination"))
