"""Rows of joins: several tensors become one.

Formulas: PyTorch's documentation of torch.cat, stack and their like; numpy's functions of the same names agree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ....bilingual import Bilingual
from ..call import Array, Call
from ..kinds.moving import Moving
from ..operation import operation
from ..words import Words


class Joining(Moving):
    """A row of an op that takes its numbers from several tensors."""

    carried = ("tensors",)
    note = Bilingual(
        "The same number, taken from one of the tensors that were joined.", "同一个数，取自被拼接的张量之一。"
    )
    back = Bilingual("The gradient of the place that it was joined to.", "它被拼接到的那个位置的梯度。")

    def join(self, call: Call, tensors: list[Array], fill: float) -> Array | Sequence[Array]:
        """Carries the op out on arrays in place of the tensors."""
        raise NotImplementedError

    def move(self, call: Call, arrays: Mapping[str, Array], fill: float) -> Array | Sequence[Array]:
        """The op on all of them."""
        return self.join(call, list(arrays.values()), fill)


@operation("cat(tensors, dim=0)", "concat(tensors, dim=0)", "concatenate(tensors, dim=0)")
class Cat(Joining):
    """One behind the other along a dimension."""

    nodes = ("CatBackward",)
    words = Words(
        (
            "cat puts tensors one behind the other along a dimension.",
            "cat 沿一个维度把张量首尾相接。",
        ),
        (
            "The gradient is cut at the seams: each tensor gets the piece where its numbers stand.",
            "梯度在接缝处切开：每个张量得到自己那一段。",
        ),
    )

    def join(self, call: Call, tensors: list[Array], fill: float) -> Array:
        """torch lets an empty vector join anything."""
        shaped = [x for x in tensors if x.shape != (0,)]
        return np.concatenate(shaped, axis=int(call.number("dim"))) if shaped else tensors[0]


@operation("stack(tensors, dim=0)")
class Stack(Joining):
    """Side by side along a new dimension."""

    nodes = ("StackBackward",)
    words = Words(
        (
            "stack lays tensors of one shape on top of each other, along a new dimension.",
            "stack 沿一个新维度把同形状的张量叠放起来。",
        ),
        ("Each tensor gets its layer of the gradient.", "每个张量得到梯度中属于自己的那一层。"),
    )

    def join(self, call: Call, tensors: list[Array], fill: float) -> Array:
        return np.stack(tensors, axis=int(call.number("dim")))


@operation("hstack(tensors)")
class HStack(Joining):
    """Beside each other: along the columns, vectors end to end."""

    nodes = ("CatBackward",)
    words = Words(
        ("hstack sets tensors beside each other.", "hstack 把张量左右并排。"),
        ("Each tensor gets its columns of the gradient.", "每个张量得到梯度中属于自己的列。"),
    )

    def join(self, call: Call, tensors: list[Array], fill: float) -> Array:
        return np.hstack(tensors)


@operation("vstack(tensors)", "row_stack(tensors)")
class VStack(Joining):
    """Below each other: a vector is a row."""

    nodes = ("CatBackward",)
    words = Words(
        ("vstack sets tensors below each other, each vector as a row.", "vstack 把张量上下排放，每个向量成为一行。"),
        ("Each tensor gets its rows of the gradient.", "每个张量得到梯度中属于自己的行。"),
    )

    def join(self, call: Call, tensors: list[Array], fill: float) -> Array:
        return np.vstack(tensors)


@operation("dstack(tensors)")
class DStack(Joining):
    """Behind each other, along the third dimension."""

    nodes = ("CatBackward",)
    words = Words(
        ("dstack sets tensors behind each other, along the third dimension.", "dstack 沿第三个维度把张量前后叠放。"),
        ("Each tensor gets its slice of the gradient.", "每个张量得到梯度中属于自己的切片。"),
    )

    def join(self, call: Call, tensors: list[Array], fill: float) -> Array:
        return np.dstack(tensors)


@operation("column_stack(tensors)")
class ColumnStack(Joining):
    """Beside each other: a vector is a column."""

    nodes = ("CatBackward",)
    words = Words(
        (
            "column_stack sets tensors beside each other, each vector as a column.",
            "column_stack 把张量左右并排，每个向量成为一列。",
        ),
        ("Each tensor gets its columns of the gradient.", "每个张量得到梯度中属于自己的列。"),
    )

    def join(self, call: Call, tensors: list[Array], fill: float) -> Array:
        return np.column_stack(tensors)


@operation("meshgrid(*tensors, indexing='ij')")
class Meshgrid(Joining):
    """Each vector stretched over a grid along a dimension of its own."""

    nodes = ("ExpandBackward",)
    words = Words(
        (
            "meshgrid stretches each vector over a grid, along a dimension of its own.",
            "meshgrid 把每个向量沿各自的维度铺满网格。",
        ),
        (
            "Each number gets the sum of the gradients along its line of the grid.",
            "每个数得到网格上它所在那条线的梯度之和。",
        ),
    )

    def join(self, call: Call, tensors: list[Array], fill: float) -> Sequence[Array]:
        return np.meshgrid(*tensors, indexing="xy" if call["indexing"] == "xy" else "ij")


@operation("cartesian_prod(*tensors)")
class CartesianProduct(Joining):
    """All combinations of the vectors' numbers, one a row."""

    nodes = ("StackBackward", "ReshapeAliasBackward", "ViewBackward", "UnsafeViewBackward")
    words = Words(
        (
            "cartesian_prod writes all combinations of the vectors' numbers, one a row.",
            "cartesian_prod 列出各向量元素的全部组合，每行一种。",
        ),
        ("Each number gets the sum of the gradients of the rows that it is in.", "每个数得到它出现的各行的梯度之和。"),
    )

    def join(self, call: Call, tensors: list[Array], fill: float) -> Array:
        if len(tensors) == 1:
            return tensors[0]
        return np.stack([part.reshape(-1) for part in np.meshgrid(*tensors, indexing="ij")], axis=1)


@operation("block_diag(*tensors)")
class BlockDiag(Joining):
    """Matrices along the diagonal of a large one."""

    nodes = ("BlockDiagBackward",)
    words = Words(
        (
            "block_diag sets matrices along the diagonal of a large one; the rest is 0.",
            "block_diag 把若干矩阵沿大矩阵的对角线摆放，其余为 0。",
        ),
        ("Each matrix gets its block of the gradient.", "每个矩阵得到梯度中属于自己的那一块。"),
    )

    def join(self, call: Call, tensors: list[Array], fill: float) -> Array:
        blocks = [np.atleast_2d(x) for x in tensors]
        made = np.full(np.sum([x.shape for x in blocks], axis=0), fill, dtype=np.result_type(*blocks))
        row = column = 0
        for block in blocks:
            rows, columns = block.shape
            made[row : row + rows, column : column + columns] = block
            row, column = row + rows, column + columns
        return made
