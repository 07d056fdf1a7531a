"""Rows of losses that want right classes to score higher than others, or each label's score on its side of 0.

Formulas: PyTorch's documentation of MultiMarginLoss, MultiLabelMarginLoss and MultiLabelSoftMarginLoss.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ....bilingual import Bilingual
from ...notation.expression import Add, Expression, Fraction, Neg, Number, Power, Product, Sub, Sum, Symbol, Text
from ...notation.expression import Call as Applied
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Index, Worked
from ..kinds.class_targets import row_text
from ..kinds.factors import ONE, exact, product
from ..kinds.loss import RowLoss, digits_of, reduction_of
from ..kinds.pointwise import summed_to
from ..kinds.special_functions import logistic
from ..operation import operation
from ..sums import elided, first_and_last
from ..words import Words
from .binary_losses import log_logistic

ZERO = Number(0)


class _RowOfClasses(RowLoss):
    """A loss of scores (N, K) or (K,) whose term is a sum over a row, divided by K."""

    def slopes(self, call: Call) -> Array:
        """∂(term of its row)/∂(each score), of the input's shape."""
        raise NotImplementedError

    def pull(self, call: Call, sent: Array) -> Mapping[str, Array]:
        """What was sent to the row times the score's slope."""
        sent = sent.reshape(scores(call).shape[:-1])
        return {"input": (sent[..., None] * self.slopes(call)).reshape(call.array("input").shape)}

    def term(self, case: Forward, call: Call, place: Index, computed: float) -> tuple[Expression, Expression]:
        """ℓ of a row, and its number."""
        row = ",".join(map(str, place))
        return Symbol("ℓ", row), Number(computed, digits_of(case.operands[0]))

    def general(self, case: Forward) -> Expression:
        """ℓ of any row."""
        return Symbol("ℓ", "i")

    def slope(self, case: Backward, call: Call, row: Index) -> Worked:
        """The score's slope as a number."""
        number = float(self.slopes(call)[case.index])
        digits = digits_of(case.wrt)
        symbol = Fraction(Symbol("∂ℓ"), Symbol("∂x"))
        return Worked(symbol, Number(number, digits), number, note=self.about(call, case.index))

    def about(self, call: Call, index: Index) -> Bilingual:
        """Why a score has its slope."""
        raise NotImplementedError


@operation(
    "multi_margin_loss(input, target, p=1, margin=1.0, weight=None, size_average=None, reduce=None, reduction='mean')"
)
class MultiMargin(_RowOfClasses):
    """Σ max(0, margin - x_y + x_i)^p / K over the classes i other than the right one, y, times its weight."""

    modules = ("MultiMarginLoss",)
    nodes = ("MultiMarginLossBackward",)
    words = Words(
        (
            "Wants the right class's score to be larger than every other by a margin, and counts what is missing.",
            "要求正确类别的得分比其他每个类别高出一个间隔，并累计不足的部分。",
        ),
        (
            "Each class that comes too close is pushed down, and the right one is pulled up by all of these together.",
            "凡是过于接近的类别都被压低，正确类别则被它们合力抬高。",
        ),
    )

    def terms(self, call: Call) -> Array:
        """One number a row, of the target's shape."""
        found = (self._missing(call) ** call.number("p")).sum(axis=-1) * self._shares(call)
        return np.asarray(_some(call, found).reshape(call.array("target").shape))

    def slopes(self, call: Call) -> Array:
        missing, p = self._missing(call), call.number("p")
        slopes = (missing > 0) * p * missing ** (p - 1) * self._shares(call)[..., None]
        np.put_along_axis(slopes, self._right(call), -slopes.sum(axis=-1, keepdims=True), axis=-1)
        return slopes

    def _right(self, call: Call) -> Array:
        """The right classes, (rows ..., 1)."""
        target = call.array("target")
        return target.reshape(scores(call).shape[:-1])[..., None]

    def _missing(self, call: Call) -> Array:
        """By how much the margin is missed, at least 0; 0 for the right class itself."""
        x, right = scores(call), self._right(call)
        found = np.maximum(call.number("margin") - np.take_along_axis(x, right, axis=-1) + x, 0.0)
        np.put_along_axis(found, right, 0.0, axis=-1)
        return found

    def _shares(self, call: Call) -> Array:
        """weight of the right class / K of each row."""
        weights = call.array("weight")[self._right(call)[..., 0]] if call.get("weight") is not None else np.asarray(1.0)
        return np.asarray(weights / scores(call).shape[-1])

    def detail(self, case: Forward, call: Call, place: Index, computed: float) -> Worked:
        """The sum over the other classes."""
        x, p, margin = case.needed("input"), call.number("p"), exact(call.number("margin"))
        y, count = int(self._right(call)[place][0]), x.array.shape[-1]
        others = [k for k in range(count) if k != y]

        def part(right: Expression, other: Expression) -> Expression:
            hinge = Applied("max", (ZERO, Add((Sub(margin, right), other))))
            return hinge if p == 1 else Power(hinge, exact(p))

        numbers = [part(x.number((*place, y)), x.number((*place, k))) for k in first_and_last(others)]
        weight = case.operand("weight")
        share = Fraction(ONE, Number(count))
        w = ([], []) if weight is None else ([weight.at((y,))], [weight.number((y,))])
        symbols = product(*w[0], share, Sum(part(x.at((*place, y)), x.at((*place, "k"))), Text(f"k ≠ {y}")))
        note = row_text(place) + Bilingual(f", whose class is {y}.", f"，类别为 {y}。")
        return Worked(symbols, product(*w[1], share, elided(numbers, len(others))), computed, note=note)

    def about(self, call: Call, index: Index) -> Bilingual:
        y = int(self._right(call)[index[:-1]][0])
        if index[-1] == y:
            close = int((self._missing(call)[index[:-1]] > 0).sum())
            return Bilingual(
                f"Class {y} is the right one; {close} others come closer than the margin.",
                f"类别 {y} 是正确的类别；另有 {close} 个类别与它的距离小于间隔。",
            )
        is_close = self._missing(call)[index] > 0
        if is_close:
            return Bilingual(
                f"Class {index[-1]} comes closer to class {y} than the margin.",
                f"类别 {index[-1]} 与类别 {y} 的距离小于间隔。",
            )
        return Bilingual(
            f"Class {index[-1]} stays away from class {y} by the margin.",
            f"类别 {index[-1]} 与类别 {y} 的距离达到了间隔。",
        )


@operation("multilabel_margin_loss(input, target, size_average=None, reduce=None, reduction='mean')")
class MultiLabelMargin(_RowOfClasses):
    """Σ max(0, 1 - x_j + x_i) / K over the labels j (listed up to the first -1) and the classes i that are none."""

    modules = ("MultiLabelMarginLoss",)
    nodes = ("MultilabelMarginLossBackward",)
    words = Words(
        (
            "Wants the score of every label of a row to be larger by 1 than those of the classes that are no labels.",
            "要求一行中每个标签的得分都比非标签类别高出 1。",
        ),
        (
            "Each pair that is too close pushes the other class down and pulls the label up.",
            "每一对过于接近的类别都会压低非标签、抬高标签。",
        ),
    )

    def terms(self, call: Call) -> Array:
        """One number a row."""
        x = scores(call)
        return _some(call, np.asarray(self._missing(call).sum(axis=(-1, -2)) / x.shape[-1]))

    def slopes(self, call: Call) -> Array:
        """Pairs that are too close: one up for the other class, one down for the label."""
        close = (self._missing(call) > 0).astype(np.float64)
        x, labels = scores(call), self._labels(call)[0]
        slopes = close.sum(axis=-2)
        flat = [part.reshape(-1, x.shape[-1]) for part in (slopes, close.sum(axis=-1), labels)]
        for row, amounts, targets in zip(*flat, strict=True):
            np.subtract.at(row, targets, amounts)
        return np.asarray(flat[0].reshape(x.shape) / x.shape[-1])

    def _labels(self, call: Call) -> tuple[Array, Array]:
        """The target with its labels (0 where there is none), and which of its places hold one."""
        target = call.array("target").reshape(scores(call).shape)
        listed = np.cumprod(target >= 0, axis=-1).astype(bool)
        return np.where(listed, target, 0), listed

    def _missing(self, call: Call) -> Array:
        """max(0, 1 - x_j + x_i), (rows ..., place j of the list, class i); 0 for what is not compared."""
        x = scores(call)
        labels, listed = self._labels(call)
        hits = (labels[..., None] == np.arange(x.shape[-1])) & listed[..., None]
        other = ~hits.any(axis=-2)
        found = np.maximum(1 - np.take_along_axis(x, labels, axis=-1)[..., None] + x[..., None, :], 0.0)
        return np.where(listed[..., None] & other[..., None, :], found, 0.0)

    def detail(self, case: Forward, call: Call, place: Index, computed: float) -> Worked:
        """The sum over pairs of a label and another class."""
        x = case.needed("input")
        labels, listed = self._labels(call)
        of_row = [int(j) for j, is_one in zip(labels[place], listed[place], strict=True) if is_one]
        others = [i for i in range(x.array.shape[-1]) if i not in of_row]
        pairs = [(j, i) for j in of_row for i in others]

        def part(label: Expression, other: Expression) -> Expression:
            return Applied("max", (ZERO, Add((Sub(ONE, label), other))))

        numbers = [part(x.number((*place, j)), x.number((*place, i))) for j, i in first_and_last(pairs)]
        share = Fraction(ONE, Number(x.array.shape[-1]))
        symbols = Product((share, Sum(part(x.at((*place, "j")), x.at((*place, "i"))), Text("j,i"))))
        names = ", ".join(map(str, of_row))
        note = row_text(place) + Bilingual(f"; its labels: {names or 'none'}.", f"；它的标签：{names or '无'}。")
        return Worked(symbols, Product((share, elided(numbers, len(pairs)))), computed, note=note)

    def about(self, call: Call, index: Index) -> Bilingual:
        labels, listed = self._labels(call)
        is_label = index[-1] in labels[index[:-1]][listed[index[:-1]]]
        count = Bilingual("pairs that are too close count 1/K each", "距离过近的每一对各计 1/K")
        kind = Bilingual("a label", "它所在行的标签") if is_label else Bilingual("no label", "它所在行的标签之外的类别")
        return Bilingual(
            f"Class {index[-1]} is {kind.english} of its row; {count.english}.",
            f"类别 {index[-1]} 是{kind.chinese}；{count.chinese}。",
        )


@operation("multilabel_soft_margin_loss(input, target, weight=None, size_average=None, reduce=None, reduction='mean')")
class MultiLabelSoftMargin(_RowOfClasses):
    """-Σ w (t ln σ(z) + (1 - t) ln(1 - σ(z))) / K over the classes of a row."""

    modules = ("MultiLabelSoftMarginLoss",)
    rows = ("input", "target")
    words = Words(
        (
            "Binary cross-entropy of each class, averaged over the classes of a row: each may be right by itself.",
            "对每个类别分别计算二元交叉熵，再对一行的类别取平均：各类别互不影响。",
        ),
        (
            "The gradient of a score is its predicted probability minus its target, divided by the number of classes.",
            "每个得分的梯度等于预测概率减去目标值，再除以类别数。",
        ),
    )

    def _parts(self, call: Call) -> Array:
        z, t = scores(call), call.array("target")
        return np.asarray(-(t * log_logistic(z) + (1 - t) * log_logistic(-z)))

    def _weight(self, call: Call) -> Array:
        return call.array("weight") if call.get("weight") is not None else np.asarray(1.0)

    def terms(self, call: Call) -> Array:
        """One number a row."""
        found = self._parts(call) * self._weight(call)
        return np.asarray(found.sum(axis=-1) / scores(call).shape[-1])

    def slopes(self, call: Call) -> Array:
        z = scores(call)
        return np.asarray((logistic(z) - call.array("target")) * self._weight(call) / z.shape[-1])

    def pull(self, call: Call, sent: Array) -> Mapping[str, Array]:
        """To the scores, the targets and the weights."""
        z, t, weight = scores(call), call.array("target"), self._weight(call)
        sent = sent[..., None] / z.shape[-1]
        found = {
            "input": summed_to(sent * (logistic(z) - t) * weight, z.shape),
            "target": summed_to(-sent * z * weight, t.shape),
        }
        if weight.ndim or call.get("weight") is not None:
            found["weight"] = summed_to(sent * self._parts(call), weight.shape)
        return found

    def detail(self, case: Forward, call: Call, place: Index, computed: float) -> Worked:
        """The sum over the classes."""
        z, t = case.needed("input"), case.needed("target")
        count = z.array.shape[-1]
        parts = self._parts(call)[place] * np.broadcast_to(self._weight(call), self._parts(call).shape)[place]
        numbers: list[Expression] = [Number(float(parts[k]), digits_of(z)) for k in first_and_last(range(count))]
        share = Fraction(ONE, Number(count))
        body = _cross_entropy(z.at((*place, "k")), t.at((*place, "k")))
        weight = case.operand("weight")
        factors = [] if weight is None else [weight.at(("k",))]
        symbols = Product((share, Sum(product(*factors, body), Text("k"))))
        return Worked(
            symbols, Product((share, elided(numbers, count))), computed, note=row_text(place) + Bilingual(".", "。")
        )

    def slope(self, case: Backward, call: Call, row: Index) -> Worked:
        """(σ(z) - t) w / K for a score, -z w / K for a target."""
        z, t = case.needed("input"), case.needed("target")
        share = Fraction(ONE, Number(z.array.shape[-1]))
        weight = float(np.broadcast_to(self._weight(call), z.array.shape)[case.index])
        w: Sequence[Expression] = [] if weight == 1 else [exact(weight)]

        def formula(score: Expression, target: Expression) -> Expression:
            by = Sub(Applied("σ", (score,)), target) if case.key == "input" else Neg(score)
            return product(share, *w, by)

        here = case.index
        value = self.slopes(call)[here] if case.key == "input" else -z.value_at(here) * weight / z.array.shape[-1]
        return Worked(formula(z.at(here), t.at(here)), formula(z.number(here), t.number(here)), float(value))


def _cross_entropy(score: Expression, target: Expression) -> Expression:
    share = Applied("σ", (score,))
    hit, miss = Applied("ln", (share,)), Applied("ln", (Sub(ONE, share),))
    return Neg(Add((Product((target, hit)), Product((Sub(ONE, target), miss)))))


def scores(call: Call) -> Array:
    """The input, (rows ..., K); a single number is a row of one class."""
    return np.atleast_1d(call.array("input"))


def _some(call: Call, terms: Array) -> Array:
    """The terms, unless there are none to reduce: then torch returns memory that it never wrote to."""
    if not terms.size and reduction_of(call) != "none":
        raise UnfitError("torch leaves the loss of no rows unset", "没有行时，torch 不会给损失赋值")
    return terms
