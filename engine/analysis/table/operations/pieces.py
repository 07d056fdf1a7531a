"""Rows of cuts: one tensor becomes several, none of whose numbers overlap.

Formulas: PyTorch's documentation of torch.split, chunk, tensor_split, unbind.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ....bilingual import Bilingual
from ..call import Array, Call
from ..kinds.moving import Reordering
from ..operation import operation
from ..words import Words


class Cutting(Reordering):
    """A row of an op that cuts a tensor into pieces along a dimension."""

    note = Bilingual("The same number, as part of a piece.", "同一个数，作为某一块的一部分。")
    back = Bilingual("The gradient of the piece that it is in.", "它所在的那一块的梯度。")

    def cut(self, x: Array, dim: int, lengths: Sequence[int]) -> list[Array]:
        """Pieces of these lengths, one after the other."""
        return np.split(x, np.cumsum(lengths)[:-1], axis=dim)


_SPLIT = "(tensor, split_size_or_sections=None, dim=0, *, split_size=None)"


@operation(f"split{_SPLIT}", f"unsafe_split{_SPLIT}")
class Split(Cutting):
    """Pieces of one length (the last may be shorter), or of given lengths."""

    carried = ("tensor",)
    nodes = ("SplitBackward", "SplitWithSizesBackward", "UnsafeSplitBackward")
    words = Words(
        ("split cuts a tensor into pieces of a given length.", "split 把张量切成给定长度的几段。"),
        ("The gradients of the pieces are put together again.", "各段的梯度重新拼接起来。"),
    )

    def reorder(self, call: Call, x: Array) -> Sequence[Array]:
        name = "split_size" if call["split_size_or_sections"] is None else "split_size_or_sections"
        dim = int(call.number("dim"))
        if isinstance(call[name], list):
            return self.cut(x, dim, call.integers(name))
        return self.cut(x, dim, equal_pieces(x.shape[dim], int(call.number(name))))


def equal_pieces(length: int, piece: int) -> list[int]:
    """The lengths of pieces of which only the last may be shorter; one piece of nothing."""
    if length == 0:
        return [0]
    return [min(piece, length - start) for start in range(0, length, piece)]


@operation(
    "split_with_sizes(input, split_sizes, dim=0)",
    "unsafe_split_with_sizes(input, split_sizes, dim=0)",
    "split_with_sizes_copy(input, split_sizes, dim=0)",
)
class SplitWithSizes(Cutting):
    """Pieces of given lengths."""

    nodes = ("SplitWithSizesBackward",)
    words = Words(
        (
            "split_with_sizes cuts a tensor into pieces of the given lengths.",
            "split_with_sizes 按给定的各段长度切开张量。",
        ),
        ("The gradients of the pieces are put together again.", "各段的梯度重新拼接起来。"),
    )

    def reorder(self, call: Call, x: Array) -> Sequence[Array]:
        return self.cut(x, int(call.number("dim")), call.integers("split_sizes"))


@operation("chunk(input, chunks, dim=0)", "unsafe_chunk(input, chunks, dim=0)")
class Chunk(Cutting):
    """At most so many pieces of one length, rounded up."""

    nodes = ("SplitBackward", "SplitWithSizesBackward", "UnsafeSplitBackward")
    words = Words(
        (
            "chunk cuts a tensor into a number of equally long pieces; the last may be shorter.",
            "chunk 把张量切成若干等长的段；最后一段可以较短。",
        ),
        ("The gradients of the pieces are put together again.", "各段的梯度重新拼接起来。"),
    )

    def reorder(self, call: Call, x: Array) -> Sequence[Array]:
        dim, chunks = int(call.number("dim")), int(call.number("chunks"))
        if x.shape[dim] == 0:
            return [x] * chunks
        return self.cut(x, dim, equal_pieces(x.shape[dim], -(-x.shape[dim] // chunks)))


@operation("tensor_split(input, indices_or_sections=None, dim=0, *, indices=None, sections=None)")
class TensorSplit(Cutting):
    """Pieces that differ by one in length at most, or cut at given places."""

    nodes = ("SliceBackward",)
    words = Words(
        (
            "tensor_split cuts a tensor into so many nearly equal pieces, or at given places.",
            "tensor_split 把张量切成若干近乎等长的段，或在给定位置切开。",
        ),
        ("The gradients of the pieces are put together again.", "各段的梯度重新拼接起来。"),
    )

    def reorder(self, call: Call, x: Array) -> Sequence[Array]:
        found = next(call[name] for name in ("indices_or_sections", "indices", "sections") if call[name] is not None)
        return np.array_split(x, _count_or_places(found), axis=int(call.number("dim")))


def _count_or_places(found: Any) -> Any:
    """A number of pieces, or a list of places; a tensor can be either."""
    if isinstance(found, np.ndarray):
        return found.tolist()
    return [int(item) for item in found] if isinstance(found, list) else int(found)


class EvenCut(Cutting):
    """A row of a cut along one dimension that its name gives: into equal pieces, or at given places."""

    nodes = ("SliceBackward",)

    def dim(self, x: Array) -> int:
        """The dimension."""
        raise NotImplementedError

    def reorder(self, call: Call, x: Array) -> Sequence[Array]:
        """As `tensor_split` along it."""
        names = ("indices_or_sections", "indices", "sections")
        found = next(call[name] for name in names if call[name] is not None)
        return np.split(x, _count_or_places(found), axis=self.dim(x))


_EVEN = "(input, indices_or_sections=None, *, indices=None, sections=None)"


@operation(f"hsplit{_EVEN}")
class HSplit(EvenCut):
    """Along the columns; a vector along its only dimension."""

    words = Words(
        ("hsplit cuts a tensor between columns.", "hsplit 在列之间切开张量。"),
        ("The gradients of the pieces are set side by side again.", "各段的梯度重新左右并排。"),
    )

    def dim(self, x: Array) -> int:
        return 0 if x.ndim == 1 else 1


@operation(f"vsplit{_EVEN}")
class VSplit(EvenCut):
    """Along the rows."""

    words = Words(
        ("vsplit cuts a tensor between rows.", "vsplit 在行之间切开张量。"),
        ("The gradients of the pieces are set below each other again.", "各段的梯度重新上下排放。"),
    )

    def dim(self, x: Array) -> int:
        return 0


@operation(f"dsplit{_EVEN}")
class DSplit(EvenCut):
    """Along the third dimension."""

    words = Words(
        ("dsplit cuts a tensor along the third dimension.", "dsplit 沿第三个维度切开张量。"),
        ("The gradients of the pieces are set behind each other again.", "各段的梯度重新前后叠放。"),
    )

    def dim(self, x: Array) -> int:
        return 2


@operation("unbind(input, dim=0)")
class Unbind(Cutting):
    """All slices along a dimension, which disappears."""

    nodes = ("UnbindBackward",)
    words = Words(
        (
            "unbind takes a tensor apart along a dimension; it is what a loop over a tensor does.",
            "unbind 沿一个维度把张量拆开；对张量做循环时正是如此。",
        ),
        ("The gradients of the slices are stacked again.", "各切片的梯度重新叠放起来。"),
    )

    def reorder(self, call: Call, x: Array) -> Sequence[Array]:
        return list(np.moveaxis(x, int(call.number("dim")), 0))
