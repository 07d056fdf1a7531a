"""Rows of losses that compare pairs and triples: which of two is better, whether two belong together.

Formulas: PyTorch's documentation of HingeEmbeddingLoss, MarginRankingLoss, CosineEmbeddingLoss, TripletMarginLoss and
TripletMarginWithDistanceLoss. At its kink, torch gives max(0, x) the slope 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ....bilingual import Bilingual, sentences
from ...notation.expression import (
    Add,
    Equals,
    EquationLine,
    Expression,
    Fraction,
    Neg,
    Number,
    Partial,
    Product,
    Sub,
    Symbol,
)
from ...notation.expression import Call as Applied
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Index, Worked
from ..kinds.class_targets import row_text
from ..kinds.factors import ONE, exact, product
from ..kinds.lengths import length, slopes
from ..kinds.loss import RowLoss, digits_of, numbers_of
from ..kinds.pointwise import stretched, summed_to
from ..kinds.pointwise_loss import Point, PointwiseLoss, Settings
from ..operation import operation
from ..words import Words
from .binary_losses import SMALLEST

ZERO = Number(0)


def _hinge(expression: Expression) -> Expression:
    return Applied("max", (ZERO, expression))


def _scaled(factor: float, expression: Expression) -> Expression:
    """A product with a number; 1 is left out, and -1 is a minus."""
    return Neg(expression) if factor == -1 else product(exact(factor), expression)


_TOGETHER = Bilingual(": a pair that belongs together.", "：相似的一对。")
_APART = Bilingual(": a pair that does not.", "：不相似的一对。")
_NEITHER = Bilingual(": its target is neither 1 nor -1.", "：它的目标既不是 1 也不是 -1。")


@operation("hinge_embedding_loss(input, target, margin=1.0, size_average=None, reduce=None, reduction='mean')")
class HingeEmbedding(PointwiseLoss):
    """x where the target is 1, max(0, margin - x) where it is -1; both added where it is neither."""

    modules = ("HingeEmbeddingLoss",)
    words = Words(
        (
            "Takes a distance as it is for pairs that belong together, and what it lacks to the margin for others.",
            "对属于同类的样本对直接取距离，对其他样本对取距离与间隔之差的不足部分。",
        ),
        (
            "Pairs that belong together are pulled closer; others are pushed apart until the margin is reached.",
            "同类样本对被拉近；其他样本对被推开，直到达到间隔为止。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        a, t = x
        apart = np.maximum(numbers_of(settings, "margin") - a, 0.0)
        return np.asarray(np.where(t != 1, apart, 0.0) + np.where(t != -1, a, 0.0))

    def derive(self, settings: Settings, *x: Array) -> Sequence[Array | None]:
        a, t = x
        apart = (numbers_of(settings, "margin") - a >= 0) & (t != 1)
        return [np.subtract(t != -1, apart, dtype=np.float64), None]

    def write(self, settings: Settings, point: Point | None, *x: Expression) -> Expression:
        if point is None:
            return Applied("hinge", x)
        apart = _hinge(Sub(exact(numbers_of(settings, "margin")), x[0]))
        if point[1] == 1:
            return x[0]
        return apart if point[1] == -1 else Add((apart, x[0]))


@operation("margin_ranking_loss(input1, input2, target, margin=0, size_average=None, reduce=None, reduction='mean')")
class MarginRanking(PointwiseLoss):
    """max(0, -t (x1 - x2) + margin)."""

    modules = ("MarginRankingLoss",)
    operands = ("input1", "input2", "target")
    order = ("input1", "input2", "target")
    words = Words(
        (
            "Wants the first input to be larger than the second where the target is 1, and smaller where it is -1.",
            "目标为 1 时要求第一个输入大于第二个，为 -1 时要求小于第二个。",
        ),
        (
            "Pairs in the right order by the margin get no gradient; the others are moved into that order.",
            "顺序正确且达到间隔的样本对没有梯度；其余的按正确方向拉开。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(np.maximum(self._inner(settings, *x), 0.0))

    def derive(self, settings: Settings, *x: Array) -> Sequence[Array]:
        counts = self._inner(settings, *x) >= 0
        return [-x[2] * counts, x[2] * counts, (x[1] - x[0]) * counts]

    def _inner(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(-x[2] * (x[0] - x[1]) + numbers_of(settings, "margin"))

    def write(self, settings: Settings, point: Point | None, *x: Expression) -> Expression:
        margin = exact(numbers_of(settings, "margin"))
        return _hinge(Add((margin, Product((x[2], Sub(x[1], x[0]))))))


@operation("cosine_embedding_loss(input1, input2, target, margin=0, size_average=None, reduce=None, reduction='mean')")
class CosineEmbedding(RowLoss):
    """1 - cos where the target is 1, max(0, cos - margin) where it is -1; torch adds 1e-12 to the squared lengths."""

    modules = ("CosineEmbeddingLoss",)
    rows = ("input1", "input2")
    order = ("input1", "input2")
    words = Words(
        (
            "Wants two vectors to point the same way where the target is 1, and not to where it is -1.",
            "目标为 1 时要求两个向量同向，为 -1 时要求它们不同向。",
        ),
        (
            "The vectors are turned towards each other, or away from each other until the margin is reached.",
            "两个向量被转向彼此，或彼此转开，直到达到间隔为止。",
        ),
    )

    def _parts(self, call: Call) -> tuple[Array, Array, Array, Array, Array]:
        """Both inputs, their squared lengths and the cosines."""
        a, b = call.array("input1"), call.array("input2")
        sizes = [(x * x).sum(axis=-1, keepdims=True) + SMALLEST for x in (a, b)]
        cosines = (a * b).sum(axis=-1, keepdims=True) / np.sqrt(sizes[0] * sizes[1])
        return a, b, sizes[0], sizes[1], cosines

    def terms(self, call: Call) -> Array:
        """One number a row."""
        cosines, t = self._parts(call)[-1][..., 0], call.array("target")
        apart = np.maximum(cosines - call.number("margin"), 0.0)
        return np.asarray(np.where(t == 1, 1 - cosines, 0.0) + np.where(t == -1, apart, 0.0))

    def _slope_of_cosine(self, call: Call) -> Array:
        """∂(term)/∂cos: -1, 1 or 0."""
        cosines, t = self._parts(call)[-1][..., 0], call.array("target")
        return np.asarray(np.subtract((t == -1) & (cosines >= call.number("margin")), t == 1, dtype=np.float64))

    def pull(self, call: Call, sent: Array) -> Mapping[str, Array]:
        """To both vectors: other/(‖a‖‖b‖) - cos·own/‖own‖²."""
        a, b, first, second, cosines = self._parts(call)
        sent = (sent * self._slope_of_cosine(call))[..., None]
        whole = np.sqrt(first * second)
        return {
            "input1": summed_to(sent * (b / whole - cosines * a / first), a.shape),
            "input2": summed_to(sent * (a / whole - cosines * b / second), b.shape),
        }

    def term(self, case: Forward, call: Call, place: Index, computed: float) -> tuple[Expression, Expression]:
        """ℓ of a pair, and its number."""
        return Symbol("ℓ", ",".join(map(str, place))), Number(computed, digits_of(case.operands[0]))

    def general(self, case: Forward) -> Expression:
        """ℓ of any pair."""
        return Symbol("ℓ", "i")

    def detail(self, case: Forward, call: Call, place: Index, computed: float) -> Worked:
        """1 - cos, or what it exceeds the margin by."""
        digits, margin = digits_of(case.operands[0]), call.number("margin")
        cosine = float(self._parts(call)[-1][..., 0][place])
        t = float(call.array("target")[place])
        a, b = case.needed("input1"), case.needed("input2")
        vectors = (a.at(place), b.at(place)) if place else (a.expression, b.expression)
        symbol: Expression = Applied("cos", vectors)
        number: Expression = Number(cosine, digits)
        if t == 1:
            symbols, numbers = Sub(ONE, symbol), Sub(ONE, number)
            return Worked(symbols, numbers, computed, note=row_text(place) + _TOGETHER)
        if t == -1:
            hinges = [_hinge(Sub(part, exact(margin)) if margin else part) for part in (symbol, number)]
            return Worked(hinges[0], hinges[1], computed, note=row_text(place) + _APART)
        return Worked(ZERO, ZERO, computed, note=row_text(place) + _NEITHER)

    def slope(self, case: Backward, call: Call, row: Index) -> Worked:
        """∓(other/(‖a‖‖b‖) - cos·own/‖own‖²)."""
        a, b, first, second, cosines = self._parts(call)
        if a.shape != b.shape:
            raise UnfitError("its inputs are broadcast", "它的输入经过了广播")
        own, other = ("input1", "input2") if case.key == "input1" else ("input2", "input1")
        size = float((first if own == "input1" else second)[row][0])
        x, y = case.needed(own), case.needed(other)
        sign = float(self._slope_of_cosine(call)[row])
        if sign == 0:
            return Worked(
                ZERO,
                None,
                0.0,
                note=Bilingual(
                    "The pair is far enough apart: nothing is to change.", "这一对已经离得足够远：不需要改变。"
                ),
            )
        digits, whole = digits_of(x), float(np.sqrt(first * second)[row][0])
        cosine = float(cosines[row][0])
        here = case.index
        u, v, c = Symbol("‖x‖"), Symbol("‖y‖"), Symbol("cos")
        symbols = Sub(Fraction(y.at(here), Product((u, v))), Fraction(Product((c, x.at(here))), Product((u, u))))
        numbers = Sub(
            Fraction(y.number(here), Number(whole, digits)),
            Fraction(Product((Number(cosine, digits), x.number(here))), Number(size, digits)),
        )
        computed = sign * (y.value_at(here) / whole - cosine * x.value_at(here) / size)
        return Worked(_scaled(sign, symbols), _scaled(sign, numbers), computed)


class _Triplet(RowLoss):
    """max(0, margin + d(a, p) - d(a, n)); with swap d(p, n) for d(a, n) where it is smaller."""

    rows = ("anchor", "positive", "negative")
    order = ("anchor", "positive", "negative")
    words = Words(
        (
            "Wants each anchor to be closer to its positive than to its negative by a margin.",
            "要求每个锚点到正样本的距离比到负样本的距离小，且至少相差一个间隔。",
        ),
        (
            "The positive is pulled towards the anchor and the negative pushed away, until the margin is reached.",
            "正样本被拉向锚点，负样本被推开，直到达到间隔为止。",
        ),
    )

    def norm(self, call: Call) -> tuple[float, float]:
        """(p, ε) of the distance ‖x - y + ε‖."""
        raise NotImplementedError

    def _differences(self, call: Call) -> list[Array]:
        """a - p, a - n, p - n, each + ε."""
        a, p, n = (call.array(name) for name in self.rows)
        eps = self.norm(call)[1]
        return [a - p + eps, a - n + eps, p - n + eps]

    def _distances(self, call: Call) -> list[Array]:
        return [np.asarray(length(d, self.norm(call)[0])) for d in self._differences(call)]

    def _inner(self, call: Call) -> Array:
        near, far, swapped = self._distances(call)
        return np.asarray(call.number("margin") + near - (np.minimum(far, swapped) if call["swap"] else far))

    def terms(self, call: Call) -> Array:
        """One number a triple."""
        return np.asarray(np.maximum(self._inner(call), 0.0))

    def _slopes_of_distances(self, call: Call) -> list[Array]:
        """∂(term)/∂d for a-p, a-n and p-n."""
        counts = (self._inner(call) >= 0).astype(np.float64)
        _, far, swapped = self._distances(call)
        share = np.where(far < swapped, 1.0, np.where(far == swapped, 0.5, 0.0)) if call["swap"] else np.ones_like(far)
        return [counts, -counts * share, -counts * (1 - share)]

    def pull(self, call: Call, sent: Array) -> Mapping[str, Array]:
        """Through the distances, to the three."""
        p = self.norm(call)[0]
        ap, an, pn = (
            (sent * slope)[..., None] * slopes(d, whole[..., None], p)
            for slope, d, whole in zip(
                self._slopes_of_distances(call), self._differences(call), self._distances(call), strict=True
            )
        )
        shapes = [call.array(name).shape for name in self.rows]
        parts = [(ap, an), (-ap, pn), (-an, -pn)]
        return {
            name: np.asarray(summed_to(one, shape) + summed_to(other, shape))
            for name, shape, (one, other) in zip(self.rows, shapes, parts, strict=True)
        }

    def term(self, case: Forward, call: Call, place: Index, computed: float) -> tuple[Expression, Expression]:
        """ℓ of a triple, and its number."""
        return Symbol("ℓ", ",".join(map(str, place))), Number(computed, digits_of(case.operands[0]))

    def general(self, case: Forward) -> Expression:
        """ℓ of any triple."""
        return Symbol("ℓ", "i")

    def detail(self, case: Forward, call: Call, place: Index, computed: float) -> Worked:
        """max(0, margin + d(a, p) - d(a, n)), with the distances put in."""
        digits, margin = digits_of(case.operands[0]), exact(call.number("margin"))
        near, far, swapped = (float(d[place]) for d in self._distances(call))
        is_swapped = bool(call["swap"]) and swapped < far
        a, p, n = Symbol("a"), Symbol("p"), Symbol("n")
        other = Applied("d", (p if is_swapped else a, n))
        symbols = _hinge(Sub(Add((margin, Applied("d", (a, p)))), other))
        away = Number(swapped if is_swapped else far, digits)
        numbers = _hinge(Sub(Add((margin, Number(near, digits))), away))
        note = row_text(place) + Bilingual(
            "; a: anchor, p: positive, n: negative.", "；a：锚点，p：正样本，n：负样本。"
        )
        if is_swapped:
            swap = Bilingual(
                "The negative is closer to the positive, so that distance counts.",
                "负样本离正样本更近，因此取这个距离。",
            )
            note = sentences(note, swap)
        return Worked(symbols, numbers, computed, note=note)

    def slope(self, case: Backward, call: Call, row: Index) -> Worked:
        """The sum of ∂d/∂x of the two distances that the number is a part of."""
        arrays = [call.array(name).shape for name in self.rows]
        if len(set(arrays)) > 1:
            raise UnfitError("its inputs are broadcast", "它的输入经过了广播")
        p = self.norm(call)[0]
        by_distance = [float(slope[row]) for slope in self._slopes_of_distances(call)]
        if not any(by_distance):
            return Worked(
                ZERO,
                None,
                0.0,
                note=Bilingual("The margin is reached: nothing is to change.", "已达到间隔：不需要改变。"),
            )
        whole = [
            slopes(d, size[..., None], p)[stretched(case.index, d.shape)]
            for d, size in zip(self._differences(call), self._distances(call), strict=True)
        ]
        mine = {"anchor": ((0, 1), (1, 1)), "positive": ((0, -1), (2, 1)), "negative": ((1, -1), (2, -1))}[case.key]
        names = (("a", "p"), ("a", "n"), ("p", "n"))
        digits, letter = digits_of(case.wrt), case.key[0]
        terms, numbers, computed = [], [], 0.0
        before = []
        for k, sign in mine:
            slope = sign * float(whole[k])
            if by_distance[k]:
                distance = Applied("d", (Symbol(names[k][0]), Symbol(names[k][1])))
                by = Partial(distance, Symbol(letter))
                before.append(EquationLine(Equals((by, Number(slope, digits)))))
                terms.append(_scaled(by_distance[k], by))
                numbers.append(_scaled(by_distance[k], Number(slope, digits)))
                computed += by_distance[k] * slope
        if not terms:
            return Worked(
                ZERO,
                None,
                0.0,
                note=Bilingual("The distance that counts does not depend on it.", "起作用的距离与它无关。"),
            )
        if len(terms) == 1:
            return Worked(terms[0], numbers[0], computed, before=tuple(before))
        return Worked(Add(tuple(terms)), Add(tuple(numbers)), computed, before=tuple(before))


@operation(
    "triplet_margin_loss(anchor, positive, negative, margin=1.0, p=2, eps=1e-6, swap=False, size_average=None, "
    "reduce=None, reduction='mean')"
)
class TripletMargin(_Triplet):
    """With distances ‖x - y + ε‖ of a chosen norm."""

    modules = ("TripletMarginLoss",)

    def norm(self, call: Call) -> tuple[float, float]:
        """The chosen ones."""
        return call.number("p"), call.number("eps")


@operation(
    "triplet_margin_with_distance_loss(anchor, positive, negative, distance_function=None, margin=1.0, swap=False, "
    "reduction='mean')"
)
class TripletMarginWithDistance(_Triplet):
    """With Euclid's distance; one of the script's own is not in the trace."""

    modules = ("TripletMarginWithDistanceLoss",)

    def norm(self, call: Call) -> tuple[float, float]:
        """Those of pairwise_distance."""
        if call["distance_function"] is not None:
            raise UnfitError("its distance is a function of the script's own", "它的距离是脚本自定义的函数")
        return 2.0, 1e-6
