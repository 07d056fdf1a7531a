"""Rows of softmax and its relatives: shares along a dimension that add up to 1.

Formulas: PyTorch's documentation of Softmax, LogSoftmax, Softmin and gumbel_softmax.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ....bilingual import NOTHING, Bilingual, sentences
from ...notation.expression import (
    Add,
    Equals,
    EquationLine,
    Expression,
    Fraction,
    Neg,
    Number,
    Power,
    Product,
    Sub,
    Sum,
    Text,
)
from ...notation.expression import Call as Applied
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Index, Operand, Worked
from ..kinds.drawing import Drawing
from ..kinds.inner_numbers import derived
from ..operation import Operation, operation
from ..sums import SumOfProducts, total
from ..words import Words
from .activations import E

LARGEST_SHOWN = 80.0
_SUMMED = Bilingual("The powers are summed", "对各个幂求和")
_TAKEN_OFF = Bilingual(
    "The largest exponent is taken off all of them, so that nothing overflows.",
    "所有指数都减去了其中最大的一个，以免溢出。",
)
"""Exponents up to this size are shown as they are: e^80 still fits into a float32."""


class AlongAxis(Operation):
    """A row whose result at a place depends on the line through it along `dim`. sign: -1 for softmin."""

    order = ("input",)
    sign: ClassVar[int] = 1

    def powers(self, call: Call) -> tuple[Array, int]:
        """The exponents ±z as floats with at least one dimension, and the axis of the line."""
        z = call.array("input")
        if z.dtype.kind == "c":
            raise UnfitError("there is no formula here for complex numbers", "这里没有适用于复数的公式")
        numbers = np.atleast_1d(z if z.dtype.kind == "f" else z.astype(np.float64))
        return self.sign * numbers, axis_of(call.arguments, z.ndim)

    def exponent(self, z: Expression) -> Expression:
        """±z."""
        return Neg(z) if self.sign < 0 else z

    def total(self, z: Operand, place: Sequence[int | str]) -> Expression:
        """Σ e^z along the line."""
        return Sum(Power(E, self.exponent(z.at(place))), Text("k"))


@operation(
    "softmax(input, dim=None, dtype=None, _stacklevel=3)",
    "special_softmax(input, dim, dtype=None)",
    "_softmax(input, dim, half_to_float=False)",
)
class Softmax(AlongAxis):
    """e^z over the sum of all e^z along a dimension."""

    modules: ClassVar[tuple[str, ...]] = ("Softmax", "Softmax2d")
    nodes = ("SoftmaxBackward",)
    words = Words(
        (
            "softmax turns scores into shares between 0 and 1 that add up to 1; the largest score gets most.",
            "softmax 把分数变成 0 到 1 之间、总和为 1 的比例；分数最大的得到最多。",
        ),
        (
            "softmax sends back how far an element's gradient lies above the weighted mean of its line's gradients, "
            "times the element's share, so that all it sends adds up to 0.",
            "softmax 传回的是各元素的梯度与同一行梯度的加权平均之差，再乘以该元素的比例，因此传回的梯度之和为 0。",
        ),
    )

    def forward(self, call: Call) -> Array:
        """Shares, of the input's shape."""
        z, axis = self.powers(call)
        return shares(z, axis).reshape(call.array("input").shape)

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """dC/dz = ± a (G - Σ G a)."""
        z, axis = self.powers(call)
        a, G = shares(z, axis), np.atleast_1d(upstream[0])
        sent = self.sign * a * (G - (G * a).sum(axis=axis, keepdims=True))
        return {"input": sent.reshape(upstream[0].shape)}

    def equation(self, case: Forward) -> Worked:
        """One power over the sum of the line's."""
        z, line = case.needed("input"), line_of(case)
        read = self.sign * z.gather(line.places)
        shift = _shift(read)
        power = self.exponent(z.number(case.index))
        with np.errstate(all="ignore"):
            everything = derived(float(np.exp(read - shift).sum()), z)
        note = line.note(_SUMMED)
        if shift:
            power = Sub(power, derived(shift, z))
            note = sentences(note, _TAKEN_OFF)
        return Worked(
            Fraction(Power(E, self.exponent(z.at(case.index))), self.total(z, line.general)),
            Fraction(Power(E, power), everything),
            float(shares(read, 0)[line.own]),
            note=note,
        )

    def gradient_equation(self, case: Backward) -> Worked:
        """dC/dz_i = a_i (g_i - Σ g_k a_k)."""
        a, g, line = case.result, case.upstream, line_of(case)
        inner = SumOfProducts(g, a, [(place, place) for place in line.places], (line.general, line.general), "k")
        mean = derived(inner.computed, a)
        return Worked(
            self.exponent(Product((a.at(case.index), Sub(g.at(case.index), inner.symbols)))),
            self.exponent(Product((a.number(case.index), Sub(g.number(case.index), mean)))),
            self.sign * a.value_at(case.index) * (g.value_at(case.index) - inner.computed),
            before=(EquationLine(Equals((inner.symbols, inner.numbers, mean))),),
        )


@operation("softmin(input, dim=None, dtype=None, _stacklevel=3)")
class Softmin(Softmax):
    """Softmax of -z."""

    modules = ("Softmin",)
    sign = -1
    words = Words(
        (
            "softmin turns numbers into shares that add up to 1; the smallest number gets most.",
            "softmin 把一组数变成总和为 1 的比例；最小的数得到最多。",
        ),
        (
            "softmin sends back what softmax would, with the opposite sign.",
            "softmin 传回的梯度与 softmax 相同，但符号相反。",
        ),
    )


@operation(
    "log_softmax(input, dim=None, dtype=None, _stacklevel=3)",
    "special_log_softmax(input, dim, dtype=None)",
    "_log_softmax(input, dim, half_to_float=False)",
)
class LogSoftmax(AlongAxis):
    """z - ln Σ e^z along a dimension."""

    modules = ("LogSoftmax",)
    nodes = ("LogSoftmaxBackward",)
    words = Words(
        (
            "log_softmax is the logarithm of softmax, computed so that nothing overflows.",
            "log_softmax 是 softmax 的对数，其计算方式不会溢出。",
        ),
        (
            "log_softmax passes an element's own gradient less its share of all gradients of the line.",
            "log_softmax 传回元素自身的梯度，减去该行全部梯度之和中它所占的比例。",
        ),
    )

    def forward(self, call: Call) -> Array:
        """z less the logarithm of the line's sum of powers."""
        z, axis = self.powers(call)
        with np.errstate(all="ignore"):
            return (z - logarithm(z, axis)).reshape(call.array("input").shape)

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """dC/dz = G - softmax(z) Σ G."""
        z, axis = self.powers(call)
        G = np.atleast_1d(upstream[0])
        return {"input": (G - shares(z, axis) * G.sum(axis=axis, keepdims=True)).reshape(upstream[0].shape)}

    def equation(self, case: Forward) -> Worked:
        """One number less the logarithm of the line's sum."""
        z, line = case.needed("input"), line_of(case)
        everything = float(logarithm(z.gather(line.places), 0)[0])
        return Worked(
            Sub(z.at(case.index), Applied("ln", (self.total(z, line.general),))),
            Sub(z.number(case.index), derived(everything, z)),
            z.value_at(case.index) - everything,
            note=line.note(_SUMMED),
        )

    def gradient_equation(self, case: Backward) -> Worked:
        """g - softmax(z) Σ g, with softmax(z) = e^a."""
        a, g, line = case.result, case.upstream, line_of(case)
        symbols, _, everything = total(g, line.places, line.general, "k")
        share = float(np.exp(a.value_at(case.index)))
        return Worked(
            Sub(g.at(case.index), Product((Power(E, a.at(case.index)), symbols))),
            Sub(g.number(case.index), Product((derived(share, a), derived(everything, a)))),
            g.value_at(case.index) - share * everything,
        )


@operation("gumbel_softmax(input, tau=1, hard=False, eps=1e-10, dim=-1)")
class GumbelSoftmax(AlongAxis, Drawing):
    """Softmax of (z + noise) / τ. The noise is drawn; it is read off the recorded result, which tells it up to a
    constant that softmax does not see. So forward shows no more than that the result is one of shares.
    """

    nodes = ("SoftmaxBackward",)
    words = Words(
        (
            "gumbel_softmax draws shares at random, larger ones for larger scores; a small τ makes them nearly 0 or 1.",
            "gumbel_softmax 随机抽取比例，分数越大比例往往越大；τ 越小，比例越接近 0 或 1。",
        ),
        (
            "gumbel_softmax passes the gradient through the drawn shares as softmax does, divided by τ.",
            "gumbel_softmax 像 softmax 一样让梯度经过抽取的比例，再除以 τ。",
        ),
    )

    def forward(self, call: Call) -> Array:
        """Softmax of (z + noise) / τ."""
        z, axis = self.powers(call)
        return shares((z + self.drawn(call)) / call.number("tau"), axis).reshape(call.array("input").shape)

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """dC/dz = a (G - Σ G a) / τ."""
        axis = self.powers(call)[1]
        a, G = np.atleast_1d(self.forward(call)), np.atleast_1d(upstream[0])
        sent = a * (G - (G * a).sum(axis=axis, keepdims=True)) / call.number("tau")
        return {"input": sent.reshape(upstream[0].shape)}

    def read(self, call: Call) -> Array:
        """The noise, up to a constant of each line."""
        _refuse_hard(call.arguments)
        z, _ = self.powers(call)
        with np.errstate(divide="ignore"):
            return np.asarray(call.number("tau") * np.log(np.atleast_1d(call.output())) - z)

    def equation(self, case: Forward) -> Worked:
        """The formula with the noise as a letter: what was drawn is not recorded."""
        _refuse_hard(case.settings)
        z, line = case.needed("input"), line_of(case)
        drawn = Applied("softmax", (Fraction(Add((z.at(case.index), Text("G"))), Text("τ")),))
        everything = float(case.result.gather(line.places).sum())
        computed = case.result.value_at(case.index) / everything
        note = Bilingual(
            f"The noise G is drawn at random; the shares of the line add up to {everything:.7g}.",
            f"噪声 G 是随机抽取的；这一行的概率之和为 {everything:.7g}。",
        )
        return Worked(drawn, None, computed, note=note)

    def gradient_equation(self, case: Backward) -> Worked:
        """Softmax's, divided by τ."""
        _refuse_hard(case.settings)
        a, g, line = case.result, case.upstream, line_of(case)
        inner = SumOfProducts(g, a, [(place, place) for place in line.places], (line.general, line.general), "k")
        mean, tau = derived(inner.computed, a), float(case.settings["tau"])
        symbols = Product((a.at(case.index), Sub(g.at(case.index), inner.symbols)))
        numbers = Product((a.number(case.index), Sub(g.number(case.index), mean)))
        return Worked(
            Fraction(symbols, Text("τ")),
            Fraction(numbers, Number(tau)),
            a.value_at(case.index) * (g.value_at(case.index) - inner.computed) / tau,
            before=(EquationLine(Equals((inner.symbols, inner.numbers, mean))),),
        )


class _Line:
    """The line through an element along an axis. own: the element's place in it; general: with the letter k there."""

    def __init__(self, index: Index, shape: Index, axis: int) -> None:
        self.own = index[axis] if index else 0
        length = shape[axis] if shape else 1
        self.places: list[Index] = [(*index[:axis], k, *index[axis + 1 :]) if index else () for k in range(length)]
        self.general: tuple[int | str, ...] = tuple("k" if i == axis else place for i, place in enumerate(index))
        self._axis, self._dimensions = axis, len(shape)

    def note(self, what: Bilingual) -> Bilingual:
        """Which line it is: "The powers are summed along dimension 1 over 10 numbers."."""
        if self._dimensions <= 1:
            return NOTHING
        count = len(self.places)
        return Bilingual(
            f"{what.english} along dimension {self._axis}, over {count} numbers.",
            f"{what.chinese}：沿第 {self._axis} 维，共 {count} 个数。",
        )


def line_of(case: Forward | Backward) -> _Line:
    """The line that the element asked about lies in."""
    shape = case.needed("input").array.shape
    return _Line(case.index, shape, axis_of(case.settings, len(shape)))


def axis_of(settings: Mapping[str, Any], dimensions: int) -> int:
    """The axis `dim`; without one, torch's old rule: the first of 0, 1 or 3 dimensions, else the second."""
    dim = settings.get("dim")
    if dim is None:
        return 0 if dimensions in (0, 1, 3) else 1
    return int(dim) % max(dimensions, 1)


def shares(z: Array, axis: int) -> NDArray[np.float64]:
    """e^z over its sum along an axis, without overflow."""
    with np.errstate(all="ignore"):
        e = np.exp(z - z.max(axis=axis, keepdims=True, initial=-np.inf))
        return np.asarray(e / e.sum(axis=axis, keepdims=True))


def _shift(exponents: Array) -> float:
    """What is taken off all exponents of a line: nothing unless the powers would be too large or small to show."""
    highest = float(exponents.max(initial=-np.inf))
    return highest if abs(highest) > LARGEST_SHOWN and np.isfinite(highest) else 0.0


def logarithm(z: Array, axis: int) -> NDArray[np.float64]:
    """ln Σ e^z along an axis, which stays with size 1."""
    highest = z.max(axis=axis, keepdims=True, initial=-np.inf)
    with np.errstate(all="ignore"):
        return np.asarray(highest + np.log(np.exp(z - highest).sum(axis=axis, keepdims=True)))


def _refuse_hard(settings: Mapping[str, Any]) -> None:
    if settings.get("hard"):
        raise UnfitError(
            "its soft shares, which the gradient goes through, are not in the trace", "梯度所经过的软概率不在记录中"
        )
