"""Rows of dropout: single elements or whole channels are set to 0, or to what alpha dropout puts in their place.

Formulas: PyTorch's documentation of Dropout and AlphaDropout (Klambauer et al., Self-Normalizing Neural Networks); the
mask is read off the recorded result, see NOTE [What a zero hides].
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....bilingual import Bilingual
from ...notation.expression import Add, Expression, Fraction, Number, Product, Sub
from ..call import Array, Call
from ..case import Backward, Forward, Index, Worked
from ..kinds.drawing import Drawing, guessed, open_where
from ..kinds.inner_numbers import derived
from ..kinds.pointwise import ONE
from ..operation import operation
from ..words import Words

_LIMIT = 1.6732632423543772848170429916717 * 1.0507009873554804934193349852946
"""What selu tends to far below 0, with a minus: alpha dropout puts -_LIMIT in the place of what it drops."""

_CLOSE = 1e-6
"""Relative difference below which a kept element and a dropped one look the same."""


class Dropping(Drawing):
    """A row whose elements are kept, as scale · x + shift, or dropped, as `gone`."""

    order = ("input",)
    share, flag = "p", "training"

    def linear(self, p: float) -> tuple[float, float, float]:
        """scale, shift, gone for a share p that is dropped."""
        return (1 / (1 - p) if p < 1 else 0.0), 0.0, 0.0

    def grouped(self, dimensions: int) -> tuple[int, ...]:
        """The axes along which all elements share one draw; none: each has its own."""
        return ()

    def active(self, settings: Mapping[str, Any]) -> float:
        """p, the share that is dropped; 0 when it is not training."""
        return float(settings[self.share]) if settings[self.flag] or settings[self.flag] is None else 0.0

    def forward(self, call: Call) -> Array:
        """scale · x + shift, or what stands for a dropped element."""
        scale, shift, gone = self.linear(self.active(call.arguments))
        kept, x = guessed(self.drawn(call), 0.0), call.array("input")
        with np.errstate(invalid="ignore"):
            return np.where(kept > 0, scale * x + shift, x * 0.0 + gone)

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """scale · G where it was kept, else 0."""
        scale, _, _ = self.linear(self.active(call.arguments))
        drawn = self.drawn(call)
        return {"input": open_where(scale * upstream[0] * guessed(drawn, 0.0), np.isnan(drawn))}

    def read(self, call: Call) -> Array:
        """1 where an element was kept, 0 where it was dropped, NaN where it cannot be told; a group is one element."""
        x = call.array("input")
        return self.mask(x, call.output(), self.active(call.arguments), self.grouped(x.ndim))

    def mask(self, x: Array, y: Array, p: float, axes: tuple[int, ...]) -> NDArray[np.float64]:
        """What `read` says, from the input and the result."""
        shape = tuple(1 if axis in axes else size for axis, size in enumerate(x.shape))
        if p in (0.0, 1.0):
            return np.full(shape, 1.0 - p)
        scale, shift, gone = self.linear(p)
        with np.errstate(invalid="ignore"):
            kept, dropped = scale * x + shift, x * 0.0 + gone
            apart = np.abs(kept - dropped) > _CLOSE * abs(gone)
            vote = np.where(apart | ~np.isfinite(x), _distance(y, dropped) - _distance(y, kept), 0.0)
            votes = vote.sum(axis=axes, keepdims=True) if axes else vote
        return np.where(votes > 0, 1.0, np.where(votes < 0, 0.0, np.nan))

    def equation(self, case: Forward) -> Worked:
        """x / (1 - p) where it was kept, else 0."""
        x, p = case.needed("input"), self.active(case.settings)
        scale, shift, gone = self.linear(p)
        if self._is_dropped(case, case.index):
            what = Bilingual("elements", "元素")
            if self.grouped(x.array.ndim):
                what = Bilingual("channels", "通道")
            note = Bilingual(
                f"Dropped: {p:.0%} of the {what.english} are, drawn at random.",
                f"被丢弃：随机抽取 {p:.0%} 的{what.chinese}丢弃。",
            )
            return Worked(derived(gone, x), None, gone, note=note)
        return Worked(
            self.write(p, x.at(case.index)),
            self.write(p, x.number(case.index)),
            scale * x.value_at(case.index) + shift,
            note=Bilingual("Kept, and made larger in exchange.", "保留下来，并相应放大。")
            if p
            else Bilingual("Nothing is dropped here.", "这里没有丢弃任何数。"),
        )

    def write(self, p: float, x: Expression) -> Expression:
        """What a kept element becomes; of a gradient the same without the shift."""
        return Fraction(x, Sub(ONE, Number(p))) if p else x

    def gradient_equation(self, case: Backward) -> Worked:
        """The gradient takes the way that the number took."""
        g, p = case.upstream, self.active(case.settings)
        if self._is_dropped(case, case.index):
            return Worked(
                Number(0),
                None,
                0.0,
                note=Bilingual("It was dropped, so no gradient comes back to it.", "它被丢弃了，因此没有梯度传回。"),
            )
        scale = self.linear(p)[0]
        return Worked(
            self.write_slope(p, g.at(case.index)),
            self.write_slope(p, g.number(case.index)),
            scale * g.value_at(case.index),
        )

    def write_slope(self, p: float, g: Expression) -> Expression:
        """What arrives at a kept element."""
        return self.write(p, g)

    def _is_dropped(self, case: Forward | Backward, place: Index) -> bool:
        """Whether the element was dropped; of a zero the recorded gradient tells, if it is asked about."""
        x, y, p = case.needed("input"), case.results[0], self.active(case.settings)
        axes = self.grouped(x.array.ndim)
        group = tuple(slice(None) if axis in axes else slice(i, i + 1) for axis, i in enumerate(place))
        read = np.asarray(x.array[group], dtype=np.float64), np.asarray(y.array[group], dtype=np.float64)
        (found,) = self.mask(*read, p, axes).reshape(-1)
        if not np.isnan(found):
            return bool(found == 0.0)
        return isinstance(case, Backward) and case.gradient.value_at(place) == 0.0


@operation("dropout(input, p=0.5, training=True, inplace=False)")
class Dropout(Dropping):
    """x / (1 - p) where it was kept, else 0."""

    modules = ("Dropout",)
    nodes = ("MulBackward", "NativeDropoutBackward")
    words = Words(
        (
            "dropout sets randomly drawn elements to 0 in training and makes the others larger in exchange.",
            "dropout 在训练时把随机抽取的元素置为 0，并相应放大其余元素。",
        ),
        (
            "dropout lets the gradient through where the element was kept, made larger by the same factor.",
            "dropout 在元素被保留的地方让梯度通过，并按同样的倍数放大。",
        ),
    )


@operation("dropout2d(input, p=0.5, training=True, inplace=False)", "feature_dropout(input, p=0.5, training=True)")
class FeatureDropout(Dropping):
    """Whole channels at once; x: (N, C, ...)."""

    modules = ("Dropout2d",)
    nodes = ("MulBackward",)
    words = Words(
        (
            "Channel dropout sets whole channels, drawn at random, to 0 in training and makes the others larger.",
            "按通道的 dropout 在训练时把随机抽取的整个通道置为 0，并放大其余通道。",
        ),
        (
            "The gradient passes through the channels that were kept, made larger by the same factor.",
            "梯度通过被保留的通道，并按同样的倍数放大。",
        ),
    )

    def grouped(self, dimensions: int) -> tuple[int, ...]:
        return tuple(range(2, dimensions))


@operation("dropout1d(input, p=0.5, training=True, inplace=False)")
class Dropout1d(FeatureDropout):
    """Whole channels of (N, C, L), or of (C, L)."""

    modules = ("Dropout1d",)

    def grouped(self, dimensions: int) -> tuple[int, ...]:
        return tuple(range(2 if dimensions == 3 else 1, dimensions))


@operation("dropout3d(input, p=0.5, training=True, inplace=False)")
class Dropout3d(FeatureDropout):
    """Whole channels of (N, C, D, H, W), or of (C, D, H, W)."""

    modules = ("Dropout3d",)

    def grouped(self, dimensions: int) -> tuple[int, ...]:
        return tuple(range(2 if dimensions == 5 else 1, dimensions))


@operation("alpha_dropout(input, p=0.5, training=False, inplace=False)")
class AlphaDropout(Dropping):
    """a x + b where it was kept, else what selu tends to far below 0, so that mean and variance stay."""

    modules = ("AlphaDropout",)
    nodes = ("AddBackward",)
    words = Words(
        (
            "alpha_dropout puts selu's lowest value in place of randomly drawn elements and rescales all, so that mean "
            "and variance stay.",
            "alpha_dropout 用 selu 的最小值代替随机抽取的元素，并整体缩放，使均值和方差保持不变。",
        ),
        (
            "alpha_dropout lets the gradient through where the element was kept, times the scale.",
            "alpha_dropout 在元素被保留的地方让梯度乘以缩放系数后通过。",
        ),
    )

    def linear(self, p: float) -> tuple[float, float, float]:
        if p == 1:
            return 0.0, 0.0, 0.0
        scale = 1 / math.sqrt((_LIMIT**2 * p + 1) * (1 - p))
        return scale, _LIMIT * scale * p, -_LIMIT * scale * (1 - p)

    def write(self, p: float, x: Expression) -> Expression:
        scale, shift, _ = self.linear(p)
        return Add((Product((Number(scale, 7), x)), Number(shift, 7))) if p else x

    def write_slope(self, p: float, g: Expression) -> Expression:
        return Product((g, Number(self.linear(p)[0], 7))) if p else g


@operation("feature_alpha_dropout(input, p=0.5, training=False, inplace=False)")
class FeatureAlphaDropout(AlphaDropout):
    """Alpha dropout of whole channels at once; x: (N, C, ...)."""

    modules = ("FeatureAlphaDropout",)
    words = Words(
        (
            "feature_alpha_dropout puts selu's lowest value in place of randomly drawn channels and rescales all.",
            "feature_alpha_dropout 用 selu 的最小值代替随机抽取的整个通道，并整体缩放。",
        ),
        (
            "The gradient passes through the channels that were kept, times the scale.",
            "梯度乘以缩放系数后通过被保留的通道。",
        ),
    )

    def grouped(self, dimensions: int) -> tuple[int, ...]:
        return tuple(range(2, dimensions))


def _distance(y: Array, candidate: Array) -> Array:
    """How far a result is from one that it might be: 0 for the same infinity or NaN."""
    same = (y == candidate) | (np.isnan(y) & np.isnan(candidate))
    return np.where(same, 0.0, np.nan_to_num(np.abs(y - candidate), nan=np.inf))
