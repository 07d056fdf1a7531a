"""Where the windows of pooling lie, from the settings of a call."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..call import Call, UnfitError
from ..case import Index
from .windows import OUTSIDE, Axis, adaptive, count_of_steps, spatial, walking


def dimensions(call: Call) -> int:
    """In how many dimensions an op pools: the 2 of max_pool2d."""
    return int(call.name.removesuffix("_with_indices")[-2])


def pooled_sizes(call: Call, shape: Index) -> Index:
    """The sizes of the dimensions that are pooled."""
    count = dimensions(call)
    if len(shape) < count:
        raise UnfitError("its input has too few dimensions", "它的输入维数太少")
    return shape[len(shape) - count :]


def walking_axes(call: Call, shape: Index) -> tuple[Axis, ...]:
    """Windows of kernel_size that walk by stride. shape: the input's. Settings that an op does not have are 0 and 1."""
    sizes = pooled_sizes(call, shape)
    kernel, stride, padding = steps(call, len(sizes))
    dilation = spatial(call, "dilation", len(sizes)) if "dilation" in call else (1,) * len(sizes)
    found = []
    for one in zip(sizes, kernel, stride, padding, dilation, strict=True):
        outputs = count_of_steps(*one, ceil=bool(call.get("ceil_mode")))
        found.append(walking(one[0], max(outputs, 0), *one[1:]))
    return tuple(found)


def steps(call: Call, count: int) -> tuple[Index, Index, Index]:
    """Kernel, stride (by default as large as the kernel) and padding, in each dimension."""
    kernel = spatial(call, "kernel_size", count)
    stride = spatial(call, "stride", count) if call["stride"] not in (None, []) else kernel
    return kernel, stride, spatial(call, "padding", count) if "padding" in call else (0,) * count


def adaptive_axes(call: Call, shape: Index) -> tuple[Axis, ...]:
    """Windows that share the input out to output_size; None there keeps a size."""
    sizes = pooled_sizes(call, shape)
    # A recorder leaves out a list of nothing but None.
    wanted = call.get("output_size")
    listed = list(wanted) if isinstance(wanted, list | tuple) else [wanted] * len(sizes)
    if len(listed) == 1:
        listed *= len(sizes)
    pairs = zip(sizes, listed, strict=True)
    return tuple(adaptive(size, size if output is None else int(output)) for size, output in pairs)


def averaging(axis: Axis) -> Axis:
    """The mean of each window, without what lies outside."""
    inside = axis.sources != OUTSIDE
    counts = np.maximum(inside.sum(axis=1, keepdims=True), 1)
    return replace(axis, weights=np.broadcast_to(1 / counts, axis.sources.shape))
