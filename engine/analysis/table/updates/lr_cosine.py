"""Rows of schedulers along a cosine: CosineAnnealingLR and CosineAnnealingWarmRestarts.

Formulas: Loshchilov and Hutter, "SGDR" (2017), as in PyTorch's documentation of torch.optim.lr_scheduler.
"""

from __future__ import annotations

import math

from ....bilingual import Bilingual
from ...notation.expression import Symbol
from ..rule import update
from ..words import Words
from .paper import Quantity, Term, cosine
from .schedule import GroupPage, Schedule

_MIN = Symbol("η", "min")


def _pi(page: GroupPage) -> Term:
    return page.plain(math.pi, "π")


def _along(page: GroupPage, t: Quantity, T: Quantity) -> Quantity:
    """η_min + (η₀ - η_min)(1 + cos(π t/T))/2."""
    low = page.setting("eta_min", _MIN)
    return low + (page.first_rate - low) * (1 + cosine(_pi(page) * t / T)) / 2


@update("CosineAnnealingLR")
class CosineAnnealingLR(Schedule):
    """η_min + (η₀ - η_min)(1 + cos(π t/T))/2."""

    words = Words(
        (
            "The learning rate falls along half a cosine: slowly, then fast, then slowly again.",
            "学习率沿半个余弦曲线下降：先慢，后快，再慢。",
        ),
        (
            "Training spends its time at large and at small steps, and little between.",
            "训练的大部分时间用大步或小步，中间的步长用得少。",
        ),
    )

    def next_rate(self, page: GroupPage) -> Quantity:
        """Written from the rate before, as torch does it, so that other schedulers may change that too."""
        t, T, low, π = page.epoch, page.setting("T_max", "T"), page.setting("eta_min", _MIN), _pi(page)
        is_first = page.settings.get("step_count") == 0 and page.time > 0
        if page.is_set or is_first:
            return _along(page, t, T)
        if (page.time - 1 - T.value) % (2 * T.value) == 0:
            page.note = Bilingual(
                "The bottom of the cosine was reached; it goes up again.", "已到达余弦的谷底，重新上升。"
            )
            return page.rate + (page.first_rate - low) * (1 - cosine(π / T)) / 2
        return (1 + cosine(π * t / T)) / (1 + cosine(π * (t - 1) / T)) * (page.rate - low) + low


@update("CosineAnnealingWarmRestarts")
class CosineAnnealingWarmRestarts(Schedule):
    """The same, begun anew after T epochs; T grows by a factor."""

    words = Words(
        (
            "The learning rate falls along half a cosine and jumps back up, again and again.",
            "学习率沿半个余弦曲线下降后跳回初值，如此反复。",
        ),
        (
            "A jump may carry the weights out of a poor minimum.",
            "跳回的大步可能使权重离开不好的极小值。",
        ),
    )

    def next_rate(self, page: GroupPage) -> Quantity:
        """t counts from the last restart."""
        now, length = self._place(page)
        if now == 0 and page.time > 0:
            page.note = Bilingual(
                f"Epoch {page.time} is a restart; the next one comes after {length:g} epochs.",
                f"第 {page.time} 轮重新开始；再过 {length:g} 轮是下一次。",
            )
        return _along(page, page.plain(now, Symbol("t")), page.plain(length, Symbol("T")))

    def _place(self, page: GroupPage) -> tuple[float, float]:
        """Epochs since the last restart, and from that to the next."""
        length, growth = page.count_of("T_i"), page.count_of("T_mult")
        if not page.is_set:
            now = page.setting("T_cur", "t").value + 1
            return (float(now), length) if now < length else (float(now % length), length * growth)
        now, first = page.setting("epoch", "t").value, page.count_of("T_0")
        if now < first:
            return float(now), first
        if growth == 1:
            return float(now % first), length
        restarts = int(math.log(now / first * (growth - 1) + 1, growth))
        return float(now - first * (growth**restarts - 1) / (growth - 1)), first * growth**restarts
