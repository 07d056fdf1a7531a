"""Rows of transposed convolutions: what is a convolution's gradient by its input, as a forward op.

Formula: z[n,o,s·i+d·u-p,s·j+d·v-p] += x[n,c,i,j] w[c,o,u,v] (PyTorch's documentation of ConvTranspose2d). So the kernel
walks over the larger result, and the input has the place of a convolution's output.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ....bilingual import Bilingual
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Index, Operand, Worked
from ..kinds.kernel_terms import at_weight, bias_equation, covering, over_element, settings_of, under_kernel, used
from ..kinds.kernel_walk import Walk, batched, bias_gradient, correlate, kernel_gradient, parted, spread, with_bias
from ..kinds.windows import reach, spatial, walking
from ..operation import Operation, operation
from ..sums import counted, flat_add
from ..words import Words

_FORM = "(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1)"


@operation(*(f"conv_transpose{n}d{_FORM}" for n in (1, 2, 3)))
class TransposedConvolution(Operation):
    """z = b + Σ x w laid on each window; x: (N, C, ...) or (C, ...), w: (C, O/groups, ...), b: (O,)."""

    modules = tuple(f"{lazy}ConvTranspose{n}d" for lazy in ("", "Lazy") for n in (1, 2, 3))
    nodes = ("ConvolutionBackward", "SlowConvTranspose2DBackward", "SlowConvTranspose3DBackward")
    order = ("bias", "weight", "input")
    words = Words(
        (
            "Each input element lays a copy of the kernel, multiplied by itself, on the larger result; where copies "
            "overlap they add up, and a bias is added.",
            "每个输入元素把卷积核乘以自身后铺到更大的结果上；重叠之处相加，再加上偏置。",
        ),
        (
            "An input's gradient is the kernel times the window of gradients that it was laid on; a weight's adds up "
            "over all inputs that it multiplied.",
            "输入的梯度是卷积核与它所铺窗口处梯度的乘积之和；权重的梯度在它乘过的所有输入上累加。",
        ),
    )

    def forward(self, call: Call) -> Array:
        """Each input times the kernel, laid on its window; plus the bias."""
        w = call.array("weight")
        count = w.ndim - 2
        x = batched(call.array("input"), count)
        z = with_bias(spread(x, w, _walk_of(call, x.shape[2:], w.shape[2:])), call, count)
        return z.reshape(z.shape[-call.array("input").ndim :])

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """dC/db = Σ G; dC/dw = Σ x times the G it was laid on; dC/dx = Σ w G over its window."""
        w = call.array("weight")
        x, G = batched(call.array("input"), w.ndim - 2), batched(upstream[0], w.ndim - 2)
        walk = _walk_of(call, x.shape[2:], w.shape[2:])
        found = {
            "input": correlate(G, w, walk).reshape(call.array("input").shape),
            "weight": kernel_gradient(G, x, walk),
        }
        return found if call["bias"] is None else {**found, "bias": bias_gradient(G)}

    def equation(self, case: Forward) -> Worked:
        """The inputs whose windows cover the element, each times the weight that lies on it, plus the bias."""
        x, w, b = case.needed("input"), case.needed("weight"), case.operand("bias")
        walk = _walk(case, x, w)
        pairs = over_element(case.index, w.array.shape, walk, "c")
        symbols, numbers, computed = pairs.sides(x, w)
        channels = w.array.shape[0] // walk.groups
        note = covering(
            len(pairs), channels, Bilingual(f", from each of {channels} channels", f"，{channels} 个通道各有一份")
        )
        if b is not None:
            channel = (parted(case.index, len(walk.axes))[1],)
            symbols, numbers = flat_add(symbols, b.at(channel)), flat_add(numbers, b.number(channel))
            computed += b.value_at(channel)
        return Worked(symbols, numbers, computed, note=note)

    def gradient_equation(self, case: Backward) -> Worked:
        """Bias: Σ G. Weight: Σ x times the G it was laid on. Input: the kernel times its window of G."""
        x, w, G = case.needed("input"), case.needed("weight"), case.upstream
        walk = _walk(case, x, w)
        if case.key == "bias":
            return bias_equation(case, len(walk.axes))
        if case.key == "weight":
            pairs = at_weight(case.index, w.array.shape, walk, x.array.shape)
            note = used(len(pairs))
            return Worked(*pairs.swapped.sides(G, x), note=note)
        pairs = under_kernel(case.index, w.array.shape, walk, "o")
        elements = counted(len(pairs), Bilingual("element", "个元素"))
        note = Bilingual(
            f"It was laid on a window of {elements.english}; each sends its part back.",
            f"它被放到含 {elements.chinese}的窗口上；每个元素各传回一份。",
        )
        return Worked(*pairs.swapped.sides(G, w), note=note)


def _walk_of(call: Call, inputs: Index, kernel: Index) -> Walk:
    """The walk of the kernel over the result. inputs: sizes of the transposed convolution's own input."""
    count = len(kernel)
    stride, padding, extra, dilation = (
        spatial(call, name, count) for name in ("stride", "padding", "output_padding", "dilation")
    )
    parts = zip(inputs, kernel, stride, padding, extra, dilation, strict=True)
    sizes = [(size - 1) * s - 2 * p + reach(k, d) + e for size, k, s, p, e, d in parts]
    if min(sizes, default=0) < 0:
        raise UnfitError("its padding is larger than its result", "它的填充比结果还大")
    axes = tuple(walking(*one) for one in zip(sizes, inputs, kernel, stride, padding, dilation, strict=True))
    return Walk(axes, stride, padding, dilation, int(call.number("groups")))


def _walk(case: Forward | Backward, x: Operand, w: Operand) -> Walk:
    kernel = w.array.shape[2:]
    return _walk_of(settings_of(case), x.array.shape[x.array.ndim - len(kernel) :], kernel)
