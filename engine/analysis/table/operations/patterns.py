"""Rows of patterns: repeats, flips, triangles, diagonals, margins.

Formulas: PyTorch's documentation of torch.repeat_interleave, flip, roll, rot90, tril, diag_embed, nn.functional.pad.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from ....bilingual import Bilingual
from ..call import Array, Call, UnfitError
from ..kinds.moving import Moving, Reordering
from ..operation import operation
from ..words import Words


class Repeating(Reordering):
    """A row of an op that uses each number several times."""

    note = Bilingual("The same number, in one of its repeats.", "同一个数，在它的某次重复中。")
    back = Bilingual("The gradient of its only use.", "它唯一一次使用的梯度。")


@operation("repeat(input, *repeats)")
class Repeat(Repeating):
    """The whole tensor again and again along its dimensions."""

    nodes = ("RepeatBackward",)
    words = Words(
        (
            "repeat copies the whole tensor so many times along each dimension.",
            "repeat 沿各个维度把整个张量复制若干次。",
        ),
        ("Each number gets the sum of the gradients of its copies.", "每个数得到它所有副本的梯度之和。"),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        return np.tile(x, call.integers("repeats"))


@operation("tile(input, *dims)")
class Tile(Repeating):
    """The whole tensor again and again; dimensions that are not named stay."""

    nodes = ("RepeatBackward",)
    words = Words(
        ("tile lays copies of the tensor out like tiles.", "tile 像铺瓷砖一样铺开张量的副本。"),
        ("Each number gets the sum of the gradients of its copies.", "每个数得到它所有副本的梯度之和。"),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        return np.tile(x, call.integers("dims"))


@operation("repeat_interleave(input, repeats=None, dim=None, *, output_size=None)")
class RepeatInterleave(Repeating):
    """Each number (or slice) several times in a row."""

    nodes = ("RepeatInterleaveBackward", "IndexSelectBackward", "CloneBackward", "UnsafeViewBackward")
    words = Words(
        (
            "repeat_interleave repeats each element by itself: 1, 1, 2, 2.",
            "repeat_interleave 逐个元素重复：1、1、2、2。",
        ),
        ("Each number gets the sum of the gradients of its repeats.", "每个数得到它各次重复的梯度之和。"),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        if call["repeats"] is None:
            raise UnfitError("it makes places from counts and moves no numbers", "它由计数得出位置，并不搬动数值")
        repeats = call["repeats"] if isinstance(call["repeats"], np.ndarray) else np.asarray(call.integers("repeats"))
        dim = None if call["dim"] is None else int(call.number("dim"))
        return np.repeat(np.atleast_1d(x), repeats.reshape(-1), axis=dim)


class Turning(Reordering):
    """A row of an op that puts each number into one other place."""

    note = Bilingual("The same number from another place.", "来自另一个位置的同一个数。")
    back = Bilingual("The gradient of the place that it was put to.", "它被放到的那个位置的梯度。")


@operation("flip(input, *dims)")
class Flip(Turning):
    """The last comes first along some dimensions."""

    nodes = ("FlipBackward",)
    words = Words(
        ("flip turns the order around along some dimensions.", "flip 沿某些维度把次序颠倒。"),
        ("The gradient is flipped back.", "梯度再翻转回来。"),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        return np.flip(x, call.integers("dims"))


@operation("fliplr(input)")
class FlipLeftRight(Turning):
    """The columns in reverse."""

    nodes = ("FlipBackward",)
    words = Words(
        ("fliplr mirrors a matrix: the last column comes first.", "fliplr 左右镜像矩阵：最后一列变成第一列。"),
        ("The gradient is mirrored back.", "梯度再镜像回来。"),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        return np.fliplr(x)


@operation("flipud(input)")
class FlipUpDown(Turning):
    """The rows in reverse."""

    nodes = ("FlipBackward",)
    words = Words(
        ("flipud turns a matrix upside down: the last row comes first.", "flipud 上下翻转矩阵：最后一行变成第一行。"),
        ("The gradient is turned back.", "梯度再翻转回来。"),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        return np.flipud(x)


@operation("roll(input, shifts, dims=None)")
class Roll(Turning):
    """Shifted along dimensions; what falls out at the end comes in at the beginning."""

    nodes = ("RollBackward",)
    words = Words(
        (
            "roll shifts the numbers along; those that fall out at the end come in at the beginning.",
            "roll 把数循环移动；从末尾移出的数从开头补入。",
        ),
        ("The gradient is shifted back.", "梯度再移动回来。"),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        shifts = call.integers("shifts")
        if call["dims"] is None or call["dims"] == []:
            return np.roll(x, shifts[0])
        return np.roll(x, shifts, axis=call.integers("dims"))


@operation("rot90(input, k=1, dims=(0, 1))")
class Rot90(Turning):
    """Quarter turns of a plane, from the first dimension towards the second."""

    nodes = ("Rot90Backward",)
    words = Words(
        ("rot90 turns the plane of two dimensions by quarter turns.", "rot90 把两个维度构成的平面旋转若干个 90 度。"),
        ("The gradient is turned back.", "梯度再旋转回来。"),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        first, second = call.integers("dims")
        return np.rot90(x, int(call.number("k")), (first, second))


class Framing(Moving):
    """A row of an op whose result has places that no number of its argument comes to: they are filled in."""

    note = Bilingual("The same number.", "同一个数。")
    back = Bilingual("The gradient of the place where it stands.", "它所在位置的梯度。")

    def frame(self, call: Call, x: Array, fill: float) -> Array:
        """Carries the op out on an array in place of its argument."""
        raise NotImplementedError

    def move(self, call: Call, arrays: Mapping[str, Array], fill: float) -> Array:
        """The op on its first argument."""
        return self.frame(call, arrays["input"], fill)


@operation("tril(input, diagonal=0)")
class Tril(Framing):
    """The lower triangle; 0 above it."""

    nodes = ("TrilBackward",)
    words = Words(
        ("tril keeps the lower triangle of a matrix and puts 0 above it.", "tril 保留矩阵的下三角，其上方置 0。"),
        (
            "The gradient goes back to the lower triangle only.",
            "梯度只传回下三角。",
        ),
    )

    def frame(self, call: Call, x: Array, fill: float) -> Array:
        rows, columns = x.shape[-2:]
        kept = np.tri(rows, columns, int(call.number("diagonal")), dtype=bool)
        return np.where(kept, x, np.asarray(fill, dtype=x.dtype))


@operation("triu(input, diagonal=0)")
class Triu(Framing):
    """The upper triangle; 0 below it."""

    nodes = ("TriuBackward",)
    words = Words(
        ("triu keeps the upper triangle of a matrix and puts 0 below it.", "triu 保留矩阵的上三角，其下方置 0。"),
        ("The gradient goes back to the upper triangle only.", "梯度只传回上三角。"),
    )

    def frame(self, call: Call, x: Array, fill: float) -> Array:
        rows, columns = x.shape[-2:]
        dropped = np.tri(rows, columns, int(call.number("diagonal")) - 1, dtype=bool)
        return np.where(dropped, np.asarray(fill, dtype=x.dtype), x)


def with_diagonal(x: Array, offset: int, first: int, second: int, fill: float) -> Array:
    """x: (..., n) -> its last dimension as a diagonal of two dimensions `first` and `second` of n + |offset|."""
    size = x.shape[-1] + abs(offset)
    made = np.full((*x.shape[:-1], size, size), fill, dtype=x.dtype)
    steps = np.arange(x.shape[-1])
    made[..., steps + max(-offset, 0), steps + max(offset, 0)] = x
    return np.moveaxis(made, (-2, -1), (first, second))


@operation("diag(input, diagonal=0)")
class Diag(Framing):
    """A matrix with a vector as diagonal, or the diagonal of a matrix."""

    nodes = ("DiagonalBackward", "DiagEmbedBackward", "DiagonalCopyBackward", "CopyBackward")
    words = Words(
        (
            "diag makes a matrix with a vector on its diagonal, or takes the diagonal of a matrix.",
            "diag 以向量为对角线构成矩阵，或取出矩阵的对角线。",
        ),
        ("The gradient belongs to the diagonal only.", "梯度只属于对角线。"),
    )

    def frame(self, call: Call, x: Array, fill: float) -> Array:
        offset = int(call.number("diagonal"))
        return np.diagonal(x, offset) if x.ndim == 2 else with_diagonal(x, offset, -2, -1, fill)


@operation("diag_embed(input, offset=0, dim1=-2, dim2=-1)")
class DiagEmbed(Framing):
    """The last dimension becomes a diagonal of two."""

    nodes = ("DiagEmbedBackward",)
    words = Words(
        (
            "diag_embed makes each vector of a batch the diagonal of a matrix.",
            "diag_embed 让一批向量各自成为一个矩阵的对角线。",
        ),
        ("The gradient of each matrix goes back from its diagonal.", "每个矩阵的梯度从其对角线传回。"),
    )

    def frame(self, call: Call, x: Array, fill: float) -> Array:
        offset, first, second = (int(call.number(name)) for name in ("offset", "dim1", "dim2"))
        return with_diagonal(x, offset, first, second, fill)


@operation("diagflat(input, offset=0)")
class DiagFlat(Framing):
    """All numbers, in their order, on a diagonal."""

    nodes = ("DiagEmbedBackward",)
    words = Words(
        ("diagflat puts all numbers on the diagonal of a matrix.", "diagflat 把所有的数放到一个矩阵的对角线上。"),
        ("The gradient goes back from the diagonal.", "梯度从对角线传回。"),
    )

    def frame(self, call: Call, x: Array, fill: float) -> Array:
        return with_diagonal(x.reshape(-1), int(call.number("offset")), -2, -1, fill)


_MODES: dict[str, Literal["reflect", "edge", "wrap"]] = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}


@operation("pad(input, pad, mode='constant', value=None)", "constant_pad_nd(input, pad, value=0)")
class Pad(Framing):
    """A margin: of a constant, or of the numbers themselves, mirrored, repeated or from the other side."""

    modules = tuple(
        f"{kind}Pad{n}d" for kind in ("Constant", "Zero", "Reflection", "Replication", "Circular") for n in (1, 2, 3)
    )
    nodes = (
        "ConstantPadNdBackward",
        *(f"{kind}Pad{n}DBackward" for kind in ("Reflection", "Replication") for n in (1, 2, 3)),
    )
    words = Words(
        (
            "pad adds a margin around the numbers: a constant, or the numbers themselves mirrored or repeated.",
            "pad 在数据周围加边：用常数，或用数据自身的镜像或重复。",
        ),
        (
            "The gradient of a constant margin is dropped; that of a mirrored one is added to the numbers it shows.",
            "常数边的梯度被丢弃；镜像边的梯度加到它所映出的数上。",
        ),
    )

    def filling(self, call: Call) -> float:
        """The constant of the margin."""
        return 0.0 if call["value"] is None else call.number("value")

    def frame(self, call: Call, x: Array, fill: float) -> Array:
        margins = call.integers("pad")
        pairs = [(margins[i], margins[i + 1]) for i in range(0, len(margins), 2)][::-1]
        pairs = [(0, 0)] * (x.ndim - len(pairs)) + pairs
        mode = call.get("mode", "constant")
        if mode not in ("constant", *_MODES) or (mode not in ("constant", "replicate") and min(margins) < 0):
            raise UnfitError("a margin of this kind is not known", "不认识这种填充")
        # A negative margin cuts off.
        kept = [slice(max(-a, 0), size - max(-b, 0)) for (a, b), size in zip(pairs, x.shape, strict=True)]
        x, pairs = x[tuple(kept)], [(max(a, 0), max(b, 0)) for a, b in pairs]
        if mode == "constant":
            return np.pad(x, pairs, constant_values=fill)
        return np.pad(x, pairs, mode=_MODES[mode])
