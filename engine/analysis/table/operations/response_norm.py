"""Row of local response normalization.

Formula: PyTorch's documentation of LocalResponseNorm (Krizhevsky et al., ImageNet Classification, section 3.3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ....bilingual import Bilingual
from ...notation.expression import Add, Equals, EquationLine, Fraction, Number, Power, Product, Sub, Sum, Symbol, Text
from ..call import Array, Call
from ..case import Backward, Forward, Worked, subscripted
from ..kinds.inner_numbers import derived
from ..kinds.normalizing import ALL, Place
from ..operation import Operation, operation
from ..sums import elided, first_and_last
from ..words import Words

Settings = Mapping[str, Any]

_TWO = Number(2)


@operation("local_response_norm(input, size, alpha=0.0001, beta=0.75, k=1.0)")
class LocalResponseNorm(Operation):
    """x / (k + α/n Σ x²)^β, the sum over n neighbouring channels; x: (N, C, ...)."""

    modules = ("LocalResponseNorm",)
    nodes = ("DivBackward",)
    order = ("input",)
    words = Words(
        (
            "local_response_norm makes a number smaller where neighbouring channels are large at the same place.",
            "local_response_norm 在同一位置的相邻通道较大时把该数变小。",
        ),
        (
            "An element gets its own share of the gradient, less what it does to the neighbouring channels.",
            "元素得到自己那一份梯度，并减去它对相邻通道的影响。",
        ),
    )

    def forward(self, call: Call) -> Array:
        """x over its neighbourhood."""
        x = call.array("input")
        with np.errstate(all="ignore"):
            return np.asarray(x / self._base(call, x) ** call.number("beta"))

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """dC/dx = G d^-β - 2αβ/n x Σ G x d^(-β-1) over the channels that have it in their window; d: the base."""
        (G,) = upstream
        x, beta, size = call.array("input"), call.number("beta"), int(call["size"])
        with np.errstate(all="ignore"):
            base = self._base(call, x)
            felt = _over_channels(G * x * base ** (-beta - 1), (size - 1) // 2, size // 2)
            return {"input": G * base**-beta - 2 * call.number("alpha") * beta / size * x * felt}

    def _base(self, call: Call, x: Array) -> Array:
        size = int(call["size"])
        squares = _over_channels(x * x, size // 2, (size - 1) // 2)
        return np.asarray(call.number("k") + call.number("alpha") / size * squares)

    def equation(self, case: Forward) -> Worked:
        """The element over its window."""
        x, at = case.needed("input"), case.index
        size, alpha, beta, k = _window_settings(case.settings)
        first, last = _window(at[1], size, x.array.shape[1])
        numbers = x.gather([(at[0], c, *at[2:]) for c in range(first, last + 1)])
        squares = float(np.sum(numbers**2))
        general = subscripted(x.expression, "k")
        shown = [Power(derived(float(numbers[i]), x), _TWO) for i in first_and_last(range(numbers.size))]
        total = Sum(Power(general, _TWO), Text("k"))
        share, top = Fraction(Number(alpha), Number(size)), Number(beta)
        return Worked(
            Fraction(x.at(at), Power(Add((Number(k), Product((share, total)))), top)),
            Fraction(x.number(at), Power(Add((Number(k), Product((share, derived(squares, x))))), top)),
            x.value_at(at) / (k + alpha / size * squares) ** beta,
            before=(EquationLine(Equals((total, elided(shown, numbers.size), derived(squares, x)))),),
            note=Bilingual(f"The window: channels {first} to {last}.", f"窗口：第 {first} 到第 {last} 个通道。"),
        )

    def gradient_equation(self, case: Backward) -> Worked:
        """G d^-β less what the element does to the channels that have it in their window."""
        x, g, at = case.wrt, case.upstream, case.index
        size, alpha, beta, k = _window_settings(case.settings)
        place: Place = (at[0], ALL, *at[2:])
        line, sent = (np.asarray(part.array[place], dtype=np.float64) for part in (x, g))
        base = k + alpha / size * _over_channels(line[None] ** 2, size // 2, (size - 1) // 2)[0]
        low, high = max(0, at[1] - (size - 1) // 2), min(len(line) - 1, at[1] + size // 2)
        felt = float(np.sum((sent * line * base ** (-beta - 1))[low : high + 1]))
        factor = 2 * alpha * beta / size
        d, own = Symbol("d"), derived(float(base[at[1]]), x)
        total = Sum(Product((g.expression, x.expression, Power(d, Number(-beta - 1)))), Text("k"))
        return Worked(
            Sub(Product((g.at(at), Power(d, Number(-beta)))), Product((Number(factor, 7), x.at(at), total))),
            Sub(
                Product((g.number(at), Power(own, Number(-beta)))),
                Product((Number(factor, 7), x.number(at), derived(felt, x))),
            ),
            g.value_at(at) * float(base[at[1]]) ** -beta - factor * x.value_at(at) * felt,
            before=(
                EquationLine(
                    Equals((d, own)), Bilingual("What stands below, without its exponent.", "分母，不含指数。")
                ),
            ),
            note=Bilingual(
                f"It lies in the windows of channels {low} to {high}.", f"它位于第 {low} 到第 {high} 个通道的窗口中。"
            ),
        )


def _over_channels(terms: Array, before: int, after: int) -> Array:
    """Σ over the channels from `before` below to `after` above, along axis 1."""
    found = np.zeros_like(terms)
    count = terms.shape[1]
    for shift in range(-before, after + 1):
        start, stop = max(0, -shift), min(count, count - shift)
        if start < stop:
            found[:, start:stop] += terms[:, start + shift : stop + shift]
    return found


def _window(channel: int, size: int, channels: int) -> tuple[int, int]:
    """The first and last channel of the window around one."""
    return max(0, channel - size // 2), min(channels - 1, channel + (size - 1) // 2)


def _window_settings(settings: Settings) -> tuple[int, float, float, float]:
    """size, α, β, k."""
    return int(settings["size"]), float(settings["alpha"]), float(settings["beta"]), float(settings["k"])
