"""Rows of convolutions in one, two and three dimensions.

Formula: z[n,o,i,j] = b[o] + Σ w[o,c,u,v] x[n,c,s·i+d·u-p,s·j+d·v-p] (PyTorch's documentation of
Conv2d); the letters are those of kernel_walk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ....bilingual import NOTHING, Bilingual, listed
from ...notation.expression import EquationLine, Product, Row, Text
from ..call import Array, Call
from ..case import Backward, Forward, Index, Operand, Worked, matrix_of
from ..kinds.kernel_terms import (
    at_weight,
    bias_equation,
    covering,
    first_channel,
    over_element,
    settings_of,
    under_kernel,
    used,
)
from ..kinds.kernel_walk import (
    Walk,
    batched,
    bias_gradient,
    correlate,
    kernel_gradient,
    parted,
    spread,
    walk_of,
    with_bias,
)
from ..kinds.weighing import window_words
from ..kinds.windows import NAMES, one_place
from ..operation import Operation, operation
from ..sums import counted, flat_add
from ..words import Words

_LARGEST_MATRIX = 5
_FORM = "(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1)"


@operation(*(f"conv{n}d{_FORM}" for n in (1, 2, 3)))
class Convolution(Operation):
    """z = b + Σ w x over each window; x: (N, C, ...) or (C, ...), w: (O, C/groups, ...), b: (O,)."""

    modules = tuple(f"{lazy}Conv{n}d" for lazy in ("", "Lazy") for n in (1, 2, 3))
    nodes = ("ConvolutionBackward", "MkldnnConvolutionBackward", "SlowConv3DBackward", "ThnnConv2DBackward")
    order = ("bias", "weight", "input")
    words = Words(
        (
            "A small kernel of weights walks over the input; at each place it is multiplied with the window under it "
            "and the products are added up, plus a bias.",
            "一个由权重组成的小卷积核在输入上滑动；在每个位置与其覆盖的窗口逐项相乘再求和，并加上偏置。",
        ),
        (
            "A weight's gradient adds up over all places at which the kernel used it; an input's over all windows "
            "that cover it.",
            "权重的梯度在卷积核用到它的所有位置上累加；输入的梯度在所有覆盖它的窗口上累加。",
        ),
    )

    def forward(self, call: Call) -> Array:
        """The kernel times each window, plus the bias."""
        w = call.array("weight")
        count = w.ndim - 2
        x = batched(call.array("input"), count)
        z = with_bias(correlate(x, w, walk_of(call, x.shape[2:], w.shape[2:])), call, count)
        return z.reshape(z.shape[-call.array("input").ndim :])

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """dC/db = Σ G; dC/dw = Σ G times what was under the weight; dC/dx = Σ G w over the windows that cover it."""
        w = call.array("weight")
        x, G = batched(call.array("input"), w.ndim - 2), batched(upstream[0], w.ndim - 2)
        walk = walk_of(call, x.shape[2:], w.shape[2:])
        found = {"input": spread(G, w, walk).reshape(call.array("input").shape), "weight": kernel_gradient(x, G, walk)}
        return found if call["bias"] is None else {**found, "bias": bias_gradient(G)}

    def equation(self, case: Forward) -> Worked:
        """The kernel times the window under it, summed over the channels of its group, plus the bias."""
        x, w, b = case.needed("input"), case.needed("weight"), case.operand("bias")
        walk = _walk(case, x, w)
        pairs = under_kernel(case.index, w.array.shape, walk)
        symbols, numbers, computed = pairs.sides(w, x)
        products, under = counted(len(pairs), Bilingual("product", "个乘积")), _from(case.index, walk)
        note = Bilingual(
            f"{products.english}: the kernel times the window under it{under.english}.",
            f"{products.chinese}：卷积核乘以它下面的窗口{under.chinese}。",
        )
        if b is not None:
            channel = (parted(case.index, len(walk.axes))[1],)
            symbols, numbers = flat_add(symbols, b.at(channel)), flat_add(numbers, b.number(channel))
            computed += b.value_at(channel)
        return Worked(symbols, numbers, computed, before=_window_line(x, w, case.index, walk), note=note)

    def gradient_equation(self, case: Backward) -> Worked:
        """Bias: Σ G. Weight: Σ G times the element under it. Input: Σ G w over the windows that cover it."""
        x, w, G = case.needed("input"), case.needed("weight"), case.upstream
        walk = _walk(case, x, w)
        if case.key == "bias":
            return bias_equation(case, len(walk.axes))
        if case.key == "weight":
            pairs = at_weight(case.index, w.array.shape, walk, G.array.shape)
            note = used(len(pairs))
            return Worked(*pairs.sides(G, x), note=note)
        pairs = over_element(case.index, w.array.shape, walk)
        maps = w.array.shape[0] // walk.groups
        note = covering(len(pairs), maps, Bilingual(f", in each of {maps} maps", f"，{maps} 个特征图各有一份"))
        return Worked(*pairs.sides(G, w), note=note)


def _walk(case: Forward | Backward, x: Operand, w: Operand) -> Walk:
    kernel = w.array.shape[2:]
    return walk_of(settings_of(case), x.array.shape[x.array.ndim - len(kernel) :], kernel)


def _from(index: Index, walk: Walk) -> Bilingual:
    """Which places are under the kernel, in words."""
    reads = [axis.read(i) for axis, i in zip(walk.axes, index[-len(walk.axes) :], strict=True)]
    if not all(reads):
        return NOTHING
    words = window_words(reads)
    return Bilingual(f" at {words.english} of the input", f"（输入的{words.chinese}）")


def _window_line(x: Operand, w: Operand, index: Index, walk: Walk) -> tuple[EquationLine, ...]:
    """Kernel ⊙ window of the first channel as matrices, if the window lies inside and is small."""
    front, o, spot = parted(index, len(walk.axes))
    reads = [axis.read(i) for axis, i in zip(walk.axes, spot, strict=True)]
    is_whole = all(len(read) == axis.size for read, axis in zip(reads, walk.axes, strict=True))
    if not is_whole or len(spot) > 2 or max(map(len, reads)) > _LARGEST_MATRIX:
        return ()
    first = first_channel(o, w.array.shape, walk.groups)
    seen = x.array[(*front, first)][np.ix_(*([place for _, place in read] for read in reads))]
    flat = (1, -1) if len(spot) == 1 else seen.shape
    product = Product((matrix_of(w, w.array[o, 0].reshape(flat)), matrix_of(x, seen.reshape(flat))), "⊙")
    channels = w.array.shape[1]
    rest = NOTHING
    if channels > 1:
        rest = Bilingual(f", and so for all {channels} channels", f"，全部 {channels} 个通道都是如此")
    at = listed(one_place(name, i) for name, i in zip(NAMES[len(spot)], spot, strict=True))
    caption = Bilingual(
        f"Kernel {o} on its window at {at.english}{rest.english}:",
        f"卷积核 {o} 及其窗口（位于{at.chinese}）{rest.chinese}：",
    )
    return (EquationLine(Row((Text("Σ"), product)), caption),)
