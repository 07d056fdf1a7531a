"""How a kernel of weights walks over an input, and the three products that follow: forward, to input, to kernel.

Formula: z[n,o,i,j] = Σ w[o,c,u,v] x[n,c,s·i+d·u-p,s·j+d·v-p] (PyTorch's documentation of Conv2d; s: stride,
d: dilation, p: padding), and so for each number of dimensions. With groups, output channel o sees the channels of its
group only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

import numpy as np

from ..call import Array, Call, UnfitError
from ..case import Index
from .windows import Axis, count_of_steps, reach, spatial, walking

LETTERS = ("i", "j", "k")
OFFSETS = ("u", "v", "w")
"""Letters of the places of a result, and of the places in a kernel."""

_Place = tuple[Any, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """How a kernel walks over (C, ...) or (N, C, ...): its axes, their strides, paddings and dilations, and groups."""

    axes: tuple[Axis, ...]
    stride: Index
    padding: Index
    dilation: Index
    groups: int

    def corner(self, spot: Index) -> list[str]:
        """The input's places under the kernel with letters for the offsets: "u+3", "2v+4"."""
        found = []
        for i, s, p, d, letter in zip(spot, self.stride, self.padding, self.dilation, OFFSETS, strict=False):
            found.append(_shifted(letter, d, s * i - p))
        return found

    def offset_at(self, spot: Index) -> list[str]:
        """The offset in the kernel that lies on an input's place, with letters for the result's: "1-i", "(4-2j)/3"."""
        found = []
        for x, s, p, d, letter in zip(spot, self.stride, self.padding, self.dilation, LETTERS, strict=False):
            distance = f"{x + p or ''}-{s if s > 1 else ''}{letter}"
            found.append(distance if d == 1 else f"({distance})/{d}")
        return found

    def under(self, offset: Index) -> list[str]:
        """The input's places under one offset, with letters for those of the result: "i-1", "2j+1"."""
        found = []
        for letter, s, d, u, p in zip(LETTERS, self.stride, self.dilation, offset, self.padding, strict=False):
            found.append(_shifted(letter, s, d * u - p))
        return found

    def steps(self) -> Iterator[tuple[_Place, _Place, _Place]]:
        """(offset, outputs, inputs) for each element of the kernel, as places in the last dimensions of arrays."""
        used = [[axis.used(offset) for offset in range(axis.size)] for axis in self.axes]
        for offset in product(*(range(axis.size) for axis in self.axes)):
            pairs = [part[u] for part, u in zip(used, offset, strict=True)]
            yield (..., *offset), (..., *(outputs for outputs, _ in pairs)), (..., *(inputs for _, inputs in pairs))


def _shifted(letter: str, factor: int, shift: int) -> str:
    return f"{factor if factor > 1 else ''}{letter}" + (f"{shift:+d}" if shift else "")


def walk_of(call: Call, inputs: Index, kernel: Index) -> Walk:
    """How a convolution walks over the last dimensions of its input. Raises UnfitError for settings that do not fit."""
    count = len(kernel)
    stride, dilation = spatial(call, "stride", count), spatial(call, "dilation", count)
    spans = [reach(k, d) for k, d in zip(kernel, dilation, strict=True)]
    if call["padding"] == "same":
        padding = tuple((span - 1) // 2 for span in spans)
        outputs: Sequence[int] = inputs
    else:
        padding = (0,) * count if call["padding"] == "valid" else spatial(call, "padding", count)
        outputs = [count_of_steps(*one) for one in zip(inputs, kernel, stride, padding, dilation, strict=True)]
    if min(outputs, default=0) < 0:
        raise UnfitError("its kernel is larger than its input", "它的卷积核比输入还大")
    axes = tuple(walking(*one) for one in zip(inputs, outputs, kernel, stride, padding, dilation, strict=True))
    return Walk(axes, stride, padding, dilation, int(call.number("groups")))


def correlate(x: Array, w: Array, walk: Walk) -> Array:
    """x: (N, C, ...), w: (O, C/groups, ...) -> (N, O, ...): the kernel times each window."""
    packed, kernels = _packed(x, walk.groups), w.reshape(walk.groups, len(w) // walk.groups, *w.shape[1:])
    sizes = [axis.outputs for axis in walk.axes]
    z = np.zeros((walk.groups, kernels.shape[1], len(x), *sizes), np.result_type(x, w))
    for offset, outputs, inputs in walk.steps():
        under = packed[inputs]
        made = kernels[offset] @ _flat(under)
        z[outputs] += made.reshape(*z.shape[:2], *under.shape[2:])
    return _unpacked(z)


def spread(G: Array, w: Array, walk: Walk) -> Array:
    """The transpose of `correlate` in x. G: (N, O, ...) -> (N, C, ...): each G times the kernel, laid on its window."""
    packed, kernels = (
        _packed(G, walk.groups),
        w.reshape(walk.groups, len(w) // walk.groups, *w.shape[1:]).swapaxes(1, 2),
    )
    sizes = [axis.inputs for axis in walk.axes]
    x = np.zeros((walk.groups, kernels.shape[1], len(G), *sizes), np.result_type(G, w))
    for offset, outputs, inputs in walk.steps():
        over = packed[outputs]
        made = kernels[offset] @ _flat(over)
        x[inputs] += made.reshape(*x.shape[:2], *over.shape[2:])
    return _unpacked(x)


def kernel_gradient(x: Array, G: Array, walk: Walk) -> Array:
    """The transpose of `correlate` in w. x: (N, C, ...), G: (N, O, ...) -> (O, C/groups, ...)."""
    under, over = _packed(x, walk.groups), _packed(G, walk.groups)
    w = np.zeros((walk.groups, over.shape[1], under.shape[1], *(axis.size for axis in walk.axes)))
    for offset, outputs, inputs in walk.steps():
        left, right = over[outputs], under[inputs]
        w[offset] = _flat(left) @ _flat(right).swapaxes(1, 2)
    return w.reshape(G.shape[1], *w.shape[2:])


def _packed(x: Array, groups: int) -> Array:
    """(N, C, ...) as (groups, C/groups, N, ...), so that one matrix product serves the whole batch."""
    split = x.reshape(len(x), groups, x.shape[1] // groups, *x.shape[2:])
    return np.ascontiguousarray(np.moveaxis(split, 0, 2))


def _unpacked(x: Array) -> Array:
    groups, channels, batch, *sizes = x.shape
    return np.moveaxis(x, 2, 0).reshape(batch, groups * channels, *sizes)


def _flat(x: Array) -> Array:
    """(groups, channels, ...) as one matrix a group."""
    return x.reshape(*x.shape[:2], prod(x.shape[2:]))


def batched(x: Array, count: int) -> Array:
    """With a batch dimension in front. count: dimensions that the kernel walks in."""
    if np.iscomplexobj(x):
        raise UnfitError("its numbers are complex", "它的数值是复数")
    if x.ndim not in (count + 1, count + 2):
        raise UnfitError("its input has another number of dimensions than its kernel", "它的输入与卷积核的维数不同")
    return x if x.ndim == count + 2 else x[None]


def with_bias(z: Array, call: Call, count: int) -> Array:
    """The bias of each channel added."""
    return z if call["bias"] is None else z + call.array("bias").reshape(-1, *[1] * count)


def bias_gradient(G: Array) -> Array:
    """dC/db = Σ G over batch and places; G: (N, O, ...)."""
    return np.asarray(G.sum(axis=(0, *range(2, G.ndim))))


def parted(index: Index, count: int) -> tuple[Index, int, Index]:
    """A place as (batch, if there is one), channel, and the `count` places that the kernel walks in."""
    return index[: -count - 1], index[-count - 1], index[-count:]
