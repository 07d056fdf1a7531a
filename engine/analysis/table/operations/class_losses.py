"""Rows of losses of classes: cross-entropy and the negative log-likelihood of the right class.

Both are a weighted sum of logarithms in each row, -Σ q ln p. q is 1 for the right class and 0 elsewhere, or the
target's probabilities; class weights multiply it, label smoothing spreads a part of it evenly over all classes.
Formulas: PyTorch's documentation of CrossEntropyLoss and NLLLoss; p - q for the gradient of ln softmax: Bridle (1990).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from ....bilingual import NOTHING, Bilingual, sentences
from ...notation.expression import Call as Applied
from ...notation.expression import (
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
    Symbol,
    Text,
)
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Index, Operand, Worked
from ..kinds.class_targets import (
    class_axis,
    classes_first,
    classes_last,
    has_shares,
    ignored,
    is_ignored,
    log_softmax,
    picked,
    row_text,
    row_weights,
    smoothed,
    smoothing,
    spot,
    target_shares,
    weight_at,
)
from ..kinds.factors import ONE, exact, product
from ..kinds.loss import WRITTEN_OUT, RowLoss, digits_of, reduction_of
from ..operation import operation
from ..sums import elided, first_and_last
from ..words import Words

E = Symbol("e")


def _share(place: Sequence[int | str]) -> Symbol:
    return Symbol("p", ",".join(map(str, place)))


def _log_share(row: tuple[int | str, ...], k: int | str) -> Expression:
    return Applied("ln", (_share(spot(row, k)),))


def _softmax(z: Operand, row: tuple[int | str, ...], k: int | str, over: str = "k") -> Expression:
    return Fraction(Power(E, z.at(spot(row, k))), Sum(Power(E, z.at(spot(row, over))), Text(over)))


class ClassLoss(RowLoss):
    """A row of a loss whose input has its classes in dimension 1 (0 if it has no other): (N, K, d1, ...)."""

    def equation(self, case: Forward) -> Worked:
        """As of any loss; of many rows with a word about their classes."""
        worked, call = super().equation(case), case.call
        is_long = call.array("target").size > WRITTEN_OUT or call.get("weight") is not None
        if reduction_of(call) == "none" or has_shares(call) or smoothing(call) or not is_long:
            return worked
        right = Bilingual("y is the right class of row i.", "y 是第 i 行的正确类别。")
        return replace(worked, note=sentences(worked.note, right))

    def row(self, case: Backward, call: Call) -> Index:
        """The place without its class."""
        return case.index[1:] if len(case.index) == 1 else (case.index[0], *case.index[2:])

    def divisor(self, call: Call, count: int) -> float:
        """The number of rows that are not ignored, or the sum of their classes' weights."""
        if has_shares(call):
            return count
        return float(row_weights(call).sum())

    def counted(self, call: Call, sent: Array) -> Array:
        """What is sent to each row; 0 to those that are ignored, even where all are and the mean is NaN."""
        return sent if has_shares(call) else np.where(ignored(call), 0.0, sent)

    def divided_by(self, case: Forward | Backward, number: float) -> Expression:
        """N, or Σ w."""
        weight = case.operand("weight")
        if weight is None or has_shares(case.call):
            return exact(number)
        return Sum(weight.at(("y",)), Text("i"))


@operation(
    "cross_entropy(input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean', "
    "label_smoothing=0.0)"
)
class CrossEntropy(ClassLoss):
    """-Σ q ln softmax(z); ln Σ eᶻ - z of the right class, for a class without smoothing."""

    modules = ("CrossEntropyLoss",)
    nodes = ("NllLossBackward", "NllLoss2DBackward")
    rows = ("input", "target")
    words = Words(
        (
            "Turns each row of scores into probabilities (softmax) and takes minus the logarithm of the right class's.",
            "先用 softmax 把每行得分变为概率，再取正确类别概率的负对数。",
        ),
        (
            "The gradient of a score is its class's probability, less 1 for the right class; the mean divides it by "
            "the number of rows.",
            "每个得分的梯度等于该类别的概率，正确类别还要减去 1；取平均时再除以行数。",
        ),
    )

    def terms(self, call: Call) -> Array:
        """-Σ q ln p of each row."""
        logs = log_softmax(classes_last(call))
        if has_shares(call) or smoothing(call):
            return np.asarray(-(target_shares(call) * logs).sum(axis=-1))
        return np.asarray(-picked(logs, call) * row_weights(call))

    def pull(self, call: Call, sent: Array) -> Mapping[str, Array]:
        """p Σ q - q for the scores; -ln p for probabilities as the target and for their classes' weights."""
        logs, q = log_softmax(classes_last(call)), target_shares(call)
        sent = self.counted(call, sent)[..., None]
        found = {"input": classes_first(sent * (np.exp(logs) * q.sum(axis=-1, keepdims=True) - q), call)}
        if has_shares(call):
            weight = call.array("weight") if call.get("weight") is not None else np.asarray(1.0)
            found["target"] = classes_first(-sent * logs * weight * (1 - smoothing(call)), call)
            if weight.ndim:
                parts = -sent * logs * smoothed(classes_last(call, "target"), call)
                found["weight"] = parts.reshape(-1, parts.shape[-1]).sum(axis=0)
        return found

    def term(self, case: Forward, call: Call, place: Index, computed: float) -> tuple[Expression, Expression]:
        """-ln p of the right class, p: softmax(z), and its number."""
        y = 0 if has_shares(call) else int(call.array("target")[place])
        number = Number(computed, digits_of(case.operands[0]))
        if not has_shares(call) and is_ignored(call, place):
            return Number(0), number
        return self._symbols(case, call, place, y), number

    def general(self, case: Forward) -> Expression:
        """The term of any row i."""
        return self._symbols(case, case.call, ("i",), "y")

    def _symbols(self, case: Forward, call: Call, row: tuple[int | str, ...], y: int | str) -> Expression:
        if has_shares(call):
            share = case.needed("target").at(spot(row, "k"))
            return Neg(Sum(Product((*weight_at(case, "k"), share, _log_share(row, "k"))), Text("k")))
        if smoothing(call):
            return Neg(Sum(Product((Symbol("q", "k"), _log_share(row, "k"))), Text("k")))
        return Neg(product(*weight_at(case, y), _log_share(row, y)))

    def detail(self, case: Forward, call: Call, place: Index, computed: float) -> Worked:
        """ln Σ eᶻ - z of the right class, or the sum over the classes."""
        z = case.needed("input")
        if has_shares(call) or smoothing(call):
            return self._spread_detail(case, call, place, computed)
        y = int(call.array("target")[place])
        if is_ignored(call, place):
            why = Bilingual(f" is ignored: its class is {y}.", f"被忽略：它的类别是 {y}。")
            return Worked(Number(0), Number(0), 0.0, note=row_text(place) + why)
        logs = log_softmax(classes_last(call)[place])
        z_y = spot(place, y)
        everything = Applied("ln", (Sum(Power(E, z.at(spot(place, "k"))), Text("k")),))
        total = Number(z.value_at(z_y) - float(logs[y]), digits_of(z))
        weight = case.operand("weight")
        numbers = [] if weight is None else [weight.number((y,))]
        return Worked(
            product(*weight_at(case, y), Sub(everything, z.at(z_y))),
            product(*numbers, Sub(total, z.number(z_y))),
            computed,
            before=(self._share_line(z, place, y, float(np.exp(logs[y]))),),
            note=row_text(place)
            + Bilingual(
                f", whose class is {y}: minus the logarithm of that share.", f"，类别为 {y}：该概率的对数取负。"
            ),
        )

    def _spread_detail(self, case: Forward, call: Call, place: Index, computed: float) -> Worked:
        z = case.needed("input")
        digits = digits_of(z)
        logs, q = log_softmax(classes_last(call)[place]), target_shares(call)[place]
        shown = first_and_last(range(q.size))
        terms = [Product((Number(float(q[k]), digits), Number(float(logs[k]), digits))) for k in shown]
        body = Product((Symbol("q", "k"), _log_share(place, "k")))
        note = sentences(row_text(place) + Bilingual(".", "。"), self._about_shares(call, place))
        parts = (_share(spot(place, "k")), _softmax(z, place, "k", "j"))
        before = (EquationLine(Equals(parts), Bilingual("The share of each class.", "各个类别的概率。")),)
        return Worked(Neg(Sum(body, Text("k"))), Neg(elided(terms, q.size)), computed, before=before, note=note)

    def _about_shares(self, call: Call, place: Index) -> Bilingual:
        weighted = Bilingual(", times the classes' weights", "，再乘以类别权重")
        if call.get("weight") is None:
            weighted = NOTHING
        if has_shares(call):
            part = f"{smoothing(call):g}"
            spread = Bilingual(f", with {part} of them spread over all classes", f"，其中 {part} 平摊到所有类别")
            shares = Bilingual("q are the target's probabilities", "q 是目标的概率")
            return shares + (spread if smoothing(call) else NOTHING) + weighted + Bilingual(".", "。")
        if is_ignored(call, place):
            return Bilingual("It is ignored.", "它被忽略。")
        y, count = int(call.array("target")[place]), call.array("input").shape[class_axis(call)]
        part = f"{smoothing(call):g}"
        return Bilingual(
            f"The target, class {y}, is smoothed: {part} is spread over all {count} classes{weighted.english}.",
            f"目标（类别 {y}）经过平滑：{part} 平摊到全部 {count} 个类别{weighted.chinese}。",
        )

    def slope(self, case: Backward, call: Call, row: Index) -> Worked:
        """p Σ q - q for a score; -ln p for a probability of the target."""
        k = case.index[class_axis(call)]
        logs = log_softmax(classes_last(call)[row])
        z, p = case.needed("input"), float(np.exp(logs[k]))
        before = (self._share_line(z, row, k, p),)
        share = _share(case.index), Number(p, digits_of(z))
        if case.key == "target":
            weight = case.operand("weight")
            factor = (1 - smoothing(call)) * (1.0 if weight is None else weight.value_at((k,)))
            symbols, numbers = (Neg(product(exact(factor), Applied("ln", (part,)))) for part in share)
            return Worked(symbols, numbers, -factor * float(logs[k]), before=before)
        if has_shares(call) or smoothing(call):
            return self._spread_slope(call, row, k, share, before)
        if is_ignored(call, row):
            return Worked(Number(0), None, 0.0, note=row_text(row) + Bilingual(" is ignored.", "被忽略。"))
        y, weight = int(call.array("target")[row]), case.operand("weight")
        hit = Number(1 if y == k else 0)
        note = (
            Bilingual(f"Class {k} is the right one: 1 is taken off.", f"类别 {k} 是正确的类别：减去 1。")
            if y == k
            else Bilingual(f"Class {k} is not the right one.", f"类别 {k} 不是正确的类别。")
        )
        factors = [] if weight is None else [weight.number((y,))]
        computed = (p - hit.value) * (1.0 if weight is None else weight.value_at((y,)))
        whole = product(*weight_at(case, y), Sub(share[0], hit))
        return Worked(whole, product(*factors, Sub(share[1], hit)), computed, before=before, note=note)

    def _spread_slope(
        self, call: Call, row: Index, k: int, share: tuple[Symbol, Number], before: tuple[EquationLine, ...]
    ) -> Worked:
        """p Σ q - q where the target is spread over several classes."""
        q = target_shares(call)[row]
        total, digits = float(q.sum()), share[1].digits
        own = Bilingual(f"For class {k} it is {float(q[k]):.7g}.", f"对类别 {k} 来说是 {float(q[k]):.7g}。")
        note = sentences(self._about_shares(call, row), own)
        symbols: Expression = share[0]
        numbers: Expression = share[1]
        if not np.isclose(total, 1.0, rtol=1e-12):
            symbols = Product((symbols, Sum(Symbol("q", "k"), Text("k"))))
            numbers = Product((numbers, Number(total, digits)))
        computed = share[1].value * total - float(q[k])
        numbers = Sub(numbers, Number(float(q[k]), digits))
        return Worked(Sub(symbols, Symbol("q", str(k))), numbers, computed, before=before, note=note)

    def _share_line(self, z: Operand, row: Index, k: int, p: float) -> EquationLine:
        """p = eᶻ / Σ eᶻ, the probability of a class."""
        parts = (_share(spot(row, k)), _softmax(z, row, k), Number(p, digits_of(z)))
        return EquationLine(Equals(parts), Bilingual(f"The share of class {k}.", f"类别 {k} 的概率。"))


@operation(
    "nll_loss(input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean')",
    "nll_loss2d(input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean')",
)
class LogLikelihood(ClassLoss):
    """-a of the right class, a: logarithms of probabilities."""

    modules = ("NLLLoss", "NLLLoss2d")
    nodes = ("NllLossBackward", "NllLoss2DBackward")
    words = Words(
        (
            "Takes minus the logarithm of the right class's probability in each row; its inputs are logarithms "
            "already.",
            "在每行中取正确类别的负对数概率；输入本身已是对数。",
        ),
        (
            "Only the right class's logarithm gets a gradient, and it is negative, so that the logarithm grows.",
            "只有正确类别的对数得到梯度，且为负：它应当增大。",
        ),
    )

    def terms(self, call: Call) -> Array:
        """-w a of the right class, 0 in rows that are ignored."""
        if has_shares(call):
            raise UnfitError("its target is no class", "它的目标不是类别")
        return np.asarray(-picked(classes_last(call), call) * row_weights(call))

    def pull(self, call: Call, sent: Array) -> Mapping[str, Array]:
        """-w for the right class."""
        return {"input": classes_first(-self.counted(call, sent)[..., None] * target_shares(call), call)}

    def term(self, case: Forward, call: Call, place: Index, computed: float) -> tuple[Expression, Expression]:
        """-w a."""
        if is_ignored(call, place):
            return Number(0), Number(0)
        a, y = case.needed("input"), int(call.array("target")[place])
        weight = case.operand("weight")
        numbers = [] if weight is None else [weight.number((y,))]
        at = spot(place, y)
        return Neg(product(*weight_at(case, y), a.at(at))), Neg(product(*numbers, a.number(at)))

    def general(self, case: Forward) -> Expression:
        """-a of any row's class y."""
        return Neg(product(*weight_at(case, "y"), case.needed("input").at(("i", "y"))))

    def slope(self, case: Backward, call: Call, row: Index) -> Worked:
        """-w for the right class, 0 for the others."""
        k, y, of = case.index[class_axis(call)], int(call.array("target")[row]), row_text(row)
        if is_ignored(call, row):
            return Worked(Number(0), None, 0.0, note=row_text(row) + Bilingual(" is ignored.", "被忽略。"))
        if y != k:
            note = Bilingual(
                f"Class {k} is not the right one of {of.english.lower()}.", f"类别 {k} 不是{of.chinese}的正确类别。"
            )
            return Worked(Number(0), None, 0.0, note=note)
        note = Bilingual(f"Class {k} is the right one of {of.english.lower()}.", f"类别 {k} 是{of.chinese}的正确类别。")
        weight = case.operand("weight")
        if weight is None:
            return Worked(Neg(ONE), None, -1.0, note=note)
        return Worked(Neg(weight.at((k,))), Neg(weight.number((k,))), -weight.value_at((k,)), note=note)
