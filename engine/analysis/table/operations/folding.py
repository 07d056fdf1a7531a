"""Row of fold: patches laid back on a picture, where they overlap they add up.

Formula: PyTorch's documentation of Fold; column l of the input is the l-th patch, channel by channel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

import numpy as np

from ....bilingual import Bilingual
from ...notation.expression import Number
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Index, Worked
from ..kinds.kernel_terms import settings_of
from ..kinds.many_terms import plain_sum
from ..kinds.windows import Axis, count_of_steps, grid, spatial, walking
from ..operation import Operation, operation
from ..words import Words


@operation("fold(input, output_size, kernel_size, dilation=1, padding=0, stride=1)")
class Fold(Operation):
    """x: ([N,] C·kernel places, patches) -> ([N,] C, rows, columns)."""

    modules = ("Fold",)
    nodes = ("Col2ImBackward",)
    order = ("input",)
    words = Words(
        (
            "fold lays patches back at their places in a picture and adds up where they overlap.",
            "fold 把各个小块放回图像中的原位，重叠之处相加。",
        ),
        (
            "Each number of a patch gets the gradient of the place that it was laid on.",
            "小块中的每个数得到它所放位置的梯度。",
        ),
    )

    def forward(self, call: Call) -> Array:
        """Each patch added to the picture at its place."""
        x = call.array("input")
        rows, columns = _axes(call)
        patches = _patches(x, (rows, columns))
        made = np.zeros((*patches.shape[:-4], rows.inputs, columns.inputs), x.dtype)
        for u in range(rows.size):
            for v in range(columns.size):
                (i, top), (j, left) = rows.used(u), columns.used(v)
                made[..., top, left] += patches[..., u, v, i, j]
        return made

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """What arrived under each patch."""
        x, (G,) = call.array("input"), upstream
        rows, columns = _axes(call)
        sent = np.zeros(_patches(x, (rows, columns)).shape, G.dtype)
        for u in range(rows.size):
            for v in range(columns.size):
                (i, top), (j, left) = rows.used(u), columns.used(v)
                sent[..., u, v, i, j] = G[..., top, left]
        return {"input": sent.reshape(x.shape)}

    def equation(self, case: Forward) -> Worked:
        """The numbers of all patches that cover the element."""
        x = case.needed("input")
        axes = _axes(settings_of(case))
        *front, channel, row, column = case.index
        vertical, horizontal = axes[0].readers(row), axes[1].readers(column)
        kernel, (_, across) = (axes[0].size, axes[1].size), (axes[0].outputs, axes[1].outputs)
        places = [
            (*front, (channel * kernel[0] + u) * kernel[1] + v, i * across + j)
            for u, i in vertical
            for v, j in horizontal
        ]
        if not places:
            return Worked(Number(0), None, 0.0, note=Bilingual("No patch covers this element.", "没有块覆盖这个元素。"))
        at = np.asarray(places, dtype=np.int64)
        note = (
            Bilingual(f"{len(places)} patches cover this element.", f"有 {len(places)} 个块覆盖这个元素。")
            if len(places) > 1
            else Bilingual("One patch covers this element.", "有 1 个块覆盖这个元素。")
        )
        return Worked(*plain_sum(x, at, [*front, "k", "l"], "k,l"), note=note)

    def gradient_equation(self, case: Backward) -> Worked:
        """What arrived at the place that it was laid on."""
        axes = _axes(settings_of(case))
        *front, row, patch = case.index
        channel, u, v = (int(n) for n in np.unravel_index(row, (case.upstream.array.shape[-3], *_sizes(axes))))
        i, j = divmod(patch, axes[1].outputs)
        top, left = int(axes[0].sources[i, u]), int(axes[1].sources[j, v])
        if min(top, left) < 0:
            return Worked(Number(0), None, 0.0, note=Bilingual("It fell outside the picture.", "它落在图像之外。"))
        at = grid(*([n] for n in front), [channel], [top], [left])
        note = Bilingual(f"It was laid on row {top}, column {left}.", f"它被放在第 {top} 行、第 {left} 列。")
        return Worked(*plain_sum(case.upstream, at, (), ""), note=note)


def _sizes(axes: tuple[Axis, Axis]) -> Index:
    return axes[0].size, axes[1].size


def _axes(call: Call) -> tuple[Axis, Axis]:
    names = ("output_size", "kernel_size", "stride", "padding", "dilation")
    found = []
    for one in zip(*(spatial(call, name, 2) for name in names), strict=True):
        found.append(walking(one[0], count_of_steps(*one), *one[1:]))
    return found[0], found[1]


def _patches(x: Array, axes: tuple[Axis, Axis]) -> Array:
    """As ([N,] C, kernel rows, kernel columns, patches down, patches across)."""
    kernel, patches = _sizes(axes), (axes[0].outputs, axes[1].outputs)
    if x.ndim not in (2, 3) or x.shape[-1] != prod(patches):
        raise UnfitError("its input has another number of patches than fit", "它的输入中块的数目不符")
    return x.reshape(*x.shape[:-2], x.shape[-2] // prod(kernel), *kernel, *patches)
