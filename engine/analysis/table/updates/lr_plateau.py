"""The row of ReduceLROnPlateau.

Formula: PyTorch's documentation of torch.optim.lr_scheduler.ReduceLROnPlateau and its source.
"""

from __future__ import annotations

from typing import Any

from ....bilingual import Bilingual
from ...notation.expression import Symbol
from ..call import UnfitError
from ..rule import update
from ..words import Words
from .paper import Quantity, largest
from .schedule import GroupPage, Schedule


@update("ReduceLROnPlateau")
class ReduceLROnPlateau(Schedule):
    """max(η f, η_min), once a metric has not got better for more than `patience` epochs."""

    words = Words(
        (
            "The learning rate is reduced when a metric, as the loss, has stopped getting better.",
            "当某个指标（如损失）不再变好时，降低学习率。",
        ),
        (
            "Where large steps find nothing better any more, smaller ones may.",
            "大步不再找到更好的位置时，小步也许可以。",
        ),
    )

    def next_rate(self, page: GroupPage) -> Quantity:
        """A change of less than `eps` is not made."""
        bad, cooling = self._bad_epochs(page)
        patience = page.count_of("patience")
        if bad <= patience:
            return page.unchanged(_waiting(bad, patience, cooling))
        low = page.of_group("min_lrs", Symbol("η", "min"))
        new = largest(page.rate * page.setting("factor", "f", 0.1), low)
        if page.rate.value - new.value <= page.setting("eps", "ε", 1e-8).value:
            return page.unchanged(
                Bilingual("It would change by less than eps, so it stays.", "变化会小于 eps，因此保持不变。")
            )
        page.note = Bilingual(
            f"The metric has not got better for {bad} epochs, more than {patience}.",
            f"指标已有 {bad} 轮没有改善，超过了 {patience} 轮。",
        )
        return new

    def _bad_epochs(self, page: GroupPage) -> tuple[int, bool]:
        """For how many epochs it has not got better, this one included; whether the last reduction is too fresh."""
        metric, best = _number(page.settings.get("metric")), _number(page.settings.get("best"))
        cooling = page.count_of("cooldown_counter") > 0
        is_better = self._is_better(page, metric, best)
        bad = 0 if is_better or cooling else page.count_of("num_bad_epochs") + 1
        return bad, cooling

    def _is_better(self, page: GroupPage, metric: float, best: float) -> bool:
        δ = page.setting("threshold", "δ", 1e-4).value
        relative = page.settings.get("threshold_mode") == "rel"
        if page.settings.get("mode") == "min":
            return bool(metric < (best * (1 - δ) if relative else best - δ))
        return bool(metric > (best * (1 + δ) if relative else best + δ))


def _number(found: Any) -> float:
    """A number, that may be infinite."""
    if isinstance(found, str) and found in ("inf", "-inf", "nan"):
        return float(found)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise UnfitError("the metric is not in the trace", "指标不在记录中")
    return float(found)


def _waiting(bad: int, patience: int, cooling: bool) -> Bilingual:
    if cooling:
        return Bilingual("The last reduction is too fresh: it cools down.", "刚刚降低过：处于冷却期。")
    if bad == 0:
        return Bilingual("The metric got better, so the rate stays.", "指标有改善，因此学习率保持不变。")
    return Bilingual(
        f"The metric has not got better for {bad} epoch{'s' * (bad > 1)}; more than {patience} make a reduction.",
        f"指标已有 {bad} 轮没有改善；超过 {patience} 轮才会降低学习率。",
    )
