"""The row of ctc_loss: a sequence of labels against a longer sequence of probabilities, not aligned with it.

Formulas: PyTorch's documentation of CTCLoss, and `alignments`. torch sends p - γ to the logarithms and not the
derivative -γ (p: the probability, γ: the share of all alignments that are at the class at that time). The two are the
same behind the log_softmax that must have made them: it takes off what all classes of a step have in common.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from ....bilingual import Bilingual, sentences
from ...notation.expression import Add, Expression, Fraction, Neg, Number, Power, Sub, Symbol
from ...notation.expression import Call as Applied
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Index, Worked
from ..kinds.alignments import Alignments, align
from ..kinds.class_targets import row_text
from ..kinds.factors import ONE, product
from ..kinds.loss import RowLoss, digits_of, reduction_of
from ..operation import operation
from ..words import Words


@operation(
    "ctc_loss(log_probs, targets, input_lengths, target_lengths, blank=0, reduction='mean', zero_infinity=False)"
)
class ConnectionistTemporal(RowLoss):
    """-ln Σ over alignments of Π p; a mean divides each sequence's by the number of its labels first."""

    nudged = "none"  # torch sends the gradient of the scores behind a log_softmax
    modules = ("CTCLoss",)
    nodes = ("CtcLossBackward", "CudnnCtcLossBackward")
    rows = ("log_probs",)
    order = ("log_probs",)
    words = Words(
        (
            "Measures how unlikely the labels are, summed over all ways to spread them over time with blanks between.",
            "求把标签（以空白间隔）铺到各时刻的所有方式的概率之和，再取负对数。",
        ),
        (
            "Each class's gradient is its probability minus the share of fitting alignments that use it at that time.",
            "每个类别的梯度等于它的概率，减去该时刻使用它的对齐方式所占的份额。",
        ),
    )

    def terms(self, call: Call) -> Array:
        """One number a sequence, () without a batch."""
        costs = np.array([float(found.cost) for _, _, found, _ in self._sequences(call)], dtype=np.float64)
        if call["zero_infinity"]:
            costs = np.where(np.isinf(costs), 0.0, costs)
        if reduction_of(call) == "mean":
            costs = costs / np.maximum(self._lengths(call, "target_lengths"), 1)
        return costs.reshape(call.array("log_probs").shape[1:-1])

    def pull(self, call: Call, sent: Array) -> Mapping[str, Array]:
        """p - γ of each class at each time, 0 behind the end of a sequence."""
        logs = call.array("log_probs")
        found = np.zeros(self._batched(call).shape)
        scale = sent.reshape(-1)
        if reduction_of(call) == "mean":
            scale = scale / np.maximum(self._lengths(call, "target_lengths"), 1)
        for n, length, alignments, own in self._sequences(call):
            if not (call["zero_infinity"] and np.isinf(alignments.cost)):
                found[:length, n] = scale[n] * (np.exp(own) - alignments.occupancy(own))
        return {"log_probs": found.reshape(logs.shape)}

    def term(self, case: Forward, call: Call, place: Index, computed: float) -> tuple[Expression, Expression]:
        """ℓ of a sequence, and its number."""
        return Symbol("ℓ", ",".join(map(str, place))), Number(computed, digits_of(case.operands[0]))

    def general(self, case: Forward) -> Expression:
        """ℓ of any sequence."""
        return Symbol("ℓ", "i")

    def detail(self, case: Forward, call: Call, place: Index, computed: float) -> Worked:
        """-ln of the two ways to end: in the last blank, and in the last label."""
        _, length, found, _ = self._sequence(call, place)
        digits = digits_of(case.operands[0])
        last = len(found.states)
        kept = range(max(last - 2, 0), last)
        ends = [f"{length - 1},{s}" for s in kept]
        symbols = [Power(Symbol("e"), Symbol("α", end)) for end in ends]
        numbers = [Number(float(np.exp(found.forward[-1, s])), digits) for s in kept] if length else []
        count = max(int(self._lengths(call, "target_lengths")[place[0] if place else 0]), 1)
        share = [Fraction(ONE, Number(count))] if reduction_of(call) == "mean" and count > 1 else []
        row, states = row_text(place), " ".join(map(str, found.states))
        note = Bilingual(
            f"{row.english}; its labels with blanks: {states}, over {length} steps.",
            f"{row.chinese}；含空白的标签序列：{states}，共 {length} 步。",
        )
        if np.isinf(found.cost):
            note = sentences(note, Bilingual("No alignment fits.", "没有符合的对齐方式。"))
            return Worked(Symbol("∞"), Number(computed), computed, note=note)
        return Worked(
            product(*share, Neg(Applied("ln", (Add(tuple(symbols)),)))),
            product(*share, Neg(Applied("ln", (Add(tuple(numbers)),)))),
            computed,
            note=note,
        )

    def row(self, case: Backward, call: Call) -> Index:
        """The sequence."""
        return case.index[1:-1]

    def slope(self, case: Backward, call: Call, row: Index) -> Worked:
        """p - γ."""
        _, length, found, own = self._sequence(call, row)
        t, k = case.index[0], case.index[-1]
        if t >= length:
            return Worked(
                Number(0),
                None,
                0.0,
                note=Bilingual(f"The sequence has only {length} steps.", f"该序列只有 {length} 步。"),
            )
        if call["zero_infinity"] and np.isinf(found.cost):
            return Worked(
                Number(0),
                None,
                0.0,
                note=Bilingual("No alignment fits, so that nothing is sent.", "没有符合的对齐方式，因此没有梯度传出。"),
            )
        digits = digits_of(case.wrt)
        p, used = float(np.exp(own[t, k])), float(found.occupancy(own)[t, k])
        count = max(int(self._lengths(call, "target_lengths")[row[0] if row else 0]), 1)
        share = [Fraction(ONE, Number(count))] if reduction_of(call) == "mean" and count > 1 else []
        divisor = count if share else 1
        place = f"{t},{k}"
        symbols = product(*share, Sub(Symbol("p", place), Symbol("γ", place)))
        numbers = product(*share, Sub(Number(p, digits), Number(used, digits)))
        note = Bilingual(
            f"γ: of all fitting alignments, weighted by probability, {used:.4g} are at class {k} at time {t}.",
            f"γ：在所有符合的对齐方式中（按概率加权），有 {used:.4g} 在时刻 {t} 处于类别 {k}。",
        )
        return Worked(symbols, numbers, (p - used) / divisor, note=note)

    def _sequence(self, call: Call, place: Index) -> tuple[int, int, Alignments, Array]:
        wanted = place[0] if place else 0
        return next(found for found in self._sequences(call, wanted) if found[0] == wanted)

    def _sequences(self, call: Call, only: int | None = None) -> Iterator[tuple[int, int, Alignments, Array]]:
        """(number, steps, alignments, logarithms (steps, classes)) of each sequence, or of one."""
        logs, targets = self._batched(call), call.array("targets")
        steps, labels = self._lengths(call, "input_lengths"), self._lengths(call, "target_lengths")
        blank = int(call.number("blank"))
        padded = targets if targets.ndim == 2 else None
        starts = np.concatenate([[0], np.cumsum(labels)])
        for n in range(logs.shape[1]) if only is None else [only]:
            row = targets[starts[n] : starts[n + 1]] if padded is None else padded[n, : labels[n]]
            own = logs[: steps[n], n]
            yield n, int(steps[n]), align(own, row.astype(np.int64), blank), own

    def _batched(self, call: Call) -> Array:
        """The logarithms as (steps, sequences, classes)."""
        logs = call.array("log_probs")
        return logs[:, None] if logs.ndim == 2 else logs

    def _lengths(self, call: Call, name: str) -> Array:
        """How long each sequence is, given as a tensor or as numbers."""
        found = call[name]
        lengths = np.asarray(found).reshape(-1)
        if lengths.dtype.kind not in "iu" or len(lengths) != self._batched(call).shape[1]:
            raise UnfitError(
                f"its argument {name} does not say how long each sequence is", f"它的参数 {name} 没有说明每个序列的长度"
            )
        return lengths.astype(np.int64)
