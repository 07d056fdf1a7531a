"""Rows of convolutions in one, two and three dimensions.

Formula: z[n,o,i,j] = b[o] + Σ w[o,c,u,v] x[n,c,s·i+d·u-p,s·j+d·v-p] (PyTorch's documentation of
Conv2d); the letters are those of kernel_walk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Index, Operand, Worked, matrix_of
from ..expression import EquationLine, Product, Row, Text
from ..kernel_walk import LETTERS, OFFSETS, Walk, correlate, kernel_gradient, spread, walk_of
from ..many_terms import plain_sum, sum_of_products
from ..operation import Operation, operation
from ..sums import flat_add
from ..windows import grid
from ..words import Words

_LARGEST_MATRIX = 5


def batched(x: Array, count: int) -> Array:
    """With a batch dimension in front. count: dimensions that the kernel walks in."""
    if np.iscomplexobj(x):
        raise UnfitError("its numbers are complex")
    if x.ndim not in (count + 1, count + 2):
        raise UnfitError("its input has another number of dimensions than its kernel")
    return x if x.ndim == count + 2 else x[None]


def with_bias(z: Array, call: Call, count: int) -> Array:
    """The bias of each channel added."""
    return z if call["bias"] is None else z + call.array("bias").reshape(-1, *[1] * count)


def bias_gradient(G: Array) -> Array:
    """dC/db = Σ G over batch and places; G: (N, O, ...)."""
    return np.asarray(G.sum(axis=(0, *range(2, G.ndim))))


def settings_of(case: Forward | Backward) -> Call:
    """The call without its arrays, which an equation of one element does not need as a whole."""
    return Call(case.op.name, case.op.function, case.settings, {})


def parted(index: Index, count: int) -> tuple[Index, int, Index]:
    """A place as (batch, if there is one), channel, and the `count` places that the kernel walks in."""
    return index[: -count - 1], index[-count - 1], index[-count:]


def bias_equation(case: Backward, count: int) -> Worked:
    """dC/db of one channel: what arrived for it, over the batch and all places."""
    (o,) = case.index
    shape = case.upstream.array.shape
    front: tuple[str, ...] = ("n",) if len(shape) == count + 2 else ()
    places = grid(*map(range, shape[: len(front)]), [o], *map(range, shape[len(front) + 1 :]))
    letters = (*front, *LETTERS[:count])
    symbols, numbers, computed = plain_sum(
        case.upstream, places, (*front, o, *LETTERS[:count]), ",".join(letters)
    )  # fmt: skip
    return Worked(symbols, numbers, computed, note=f"Summed over all {len(places)} places.")


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
        front, o, spot = parted(case.index, w.array.ndim - 2)
        channels = w.array.shape[1]
        first = channels * (o // (w.array.shape[0] // walk.groups))
        reads = [axis.read(i) for axis, i in zip(walk.axes, spot, strict=True)]
        offsets = grid([o], range(channels), *([u for u, _ in read] for read in reads))
        places = grid(*([n] for n in front), range(first, first + channels), *([p for _, p in read] for read in reads))
        letters = ("c", *OFFSETS[: len(spot)])
        from_group = f"{first}+c" if first else "c"
        general: list[list[int | str]] = [[o, *letters], [*front, from_group, *walk.corner(spot)]]
        symbols, numbers, computed = sum_of_products(w, x, (offsets, places), general, ",".join(letters))
        note = f"{len(places)} products: the kernel times the window under it{_from(reads)}."
        if b is not None:
            symbols, numbers = flat_add(symbols, b.at((o,))), flat_add(numbers, b.number((o,)))
            computed += b.value_at((o,))
        return Worked(symbols, numbers, computed, before=_window_line(x, w, case.index, walk, first), note=note)

    def gradient_equation(self, case: Backward) -> Worked:
        """Bias: Σ G. Weight: Σ G times the element under it. Input: Σ G w over the windows that cover it."""
        x, w = case.needed("input"), case.needed("weight")
        count = w.array.ndim - 2
        if case.key == "bias":
            return bias_equation(case, count)
        walk = _walk(case, x, w)
        return _of_weight(case, x, walk) if case.key == "weight" else _of_input(case, w, walk)


def _walk(case: Forward | Backward, x: Operand, w: Operand) -> Walk:
    kernel = w.array.shape[2:]
    return walk_of(settings_of(case), x.array.shape[x.array.ndim - len(kernel) :], kernel)


def _from(reads: Sequence[Sequence[tuple[int, int]]]) -> str:
    """Which places are under the kernel, in words."""
    if not all(reads):
        return ""
    names = {1: ("places",), 2: ("rows", "columns")}.get(len(reads), ("planes", "rows", "columns"))
    parts = [f"{name} {read[0][1]} to {read[-1][1]}" for name, read in zip(names, reads, strict=True)]
    return f" at {', '.join(parts)} of the input"


def _window_line(x: Operand, w: Operand, index: Index, walk: Walk, first: int) -> tuple[EquationLine, ...]:
    """Kernel ⊙ window of the first channel as matrices, if the window lies inside and is small."""
    front, o, spot = parted(index, w.array.ndim - 2)
    reads = [axis.read(i) for axis, i in zip(walk.axes, spot, strict=True)]
    is_whole = all(len(read) == axis.size for read, axis in zip(reads, walk.axes, strict=True))
    if not is_whole or len(spot) > 2 or max(map(len, reads)) > _LARGEST_MATRIX:
        return ()
    seen = x.array[(*front, first, *np.ix_(*([place for _, place in read] for read in reads)))]
    flat = (1, -1) if len(spot) == 1 else seen.shape
    product_ = Product((matrix_of(w, w.array[o, 0].reshape(flat)), matrix_of(x, seen.reshape(flat))), "⊙")
    channels = w.array.shape[1]
    rest = f", and so for all {channels} channels" if channels > 1 else ""
    at = f"row {spot[0]}, column {spot[1]}" if len(spot) == 2 else f"place {spot[0]}"
    return (EquationLine(Row((Text("Σ"), product_)), f"Kernel {o} on its window at {at}{rest}:"),)


def _of_weight(case: Backward, x: Operand, walk: Walk) -> Worked:
    G = case.upstream
    o, c, *offset = case.index
    count = len(offset)
    first = x.array.shape[-count - 1] // walk.groups * (o // (case.wrt.array.shape[0] // walk.groups))
    batch = G.array.shape[: G.array.ndim - count - 1]
    used = [axis.used(u) for axis, u in zip(walk.axes, offset, strict=True)]
    outputs = [range(*part.indices(axis.outputs)) for (part, _), axis in zip(used, walk.axes, strict=True)]
    inputs = [range(*part.indices(axis.inputs)) for (_, part), axis in zip(used, walk.axes, strict=True)]
    at = grid(*map(range, batch), [o], *outputs), grid(*map(range, batch), [first + c], *inputs)
    front = ("n",) * len(batch)
    letters = (*front, *LETTERS[:count])
    under = [
        f"{s if s > 1 else ''}{letter}{d * u - p:+d}" if d * u != p else f"{s if s > 1 else ''}{letter}"
        for letter, s, d, u, p in zip(LETTERS, walk.stride, walk.dilation, offset, walk.padding, strict=False)
    ]
    general: list[list[int | str]] = [[*front, o, *LETTERS[:count]], [*front, first + c, *under]]
    symbols, numbers, computed = sum_of_products(G, x, at, general, ",".join(letters))
    return Worked(symbols, numbers, computed, note=f"This weight was used at {len(at[0])} places; each adds its part.")


def _of_input(case: Backward, w: Operand, walk: Walk) -> Worked:
    G = case.upstream
    count = len(walk.axes)
    front, c, _ = parted(case.index, count)
    per_group = w.array.shape[1]
    maps = w.array.shape[0] // walk.groups
    first = maps * (c // per_group)
    readers = [axis.readers(i) for axis, i in zip(walk.axes, case.index[-count:], strict=True)]
    outputs = grid(*([n] for n in front), range(first, first + maps), *([i for _, i in part] for part in readers))
    offsets = grid(range(first, first + maps), [c % per_group], *([u for u, _ in part] for part in readers))
    general: list[list[int | str]] = [[*front, "o", *LETTERS[:count]], ["o", c % per_group, *OFFSETS[:count]]]
    below = ",".join(("o", *LETTERS[:count]))
    symbols, numbers, computed = sum_of_products(G, w, (outputs, offsets), general, below)
    note = f"{len(outputs) // maps} windows cover this element, in each of {maps} maps."
    return Worked(symbols, numbers, computed, note=note)
