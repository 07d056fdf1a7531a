"""Rows of schedulers that lead the learning rate along a line or a power: LinearLR and PolynomialLR.

Formulas: PyTorch's documentation of torch.optim.lr_scheduler; each step multiplies by the ratio of the closed form to
the one before.
"""

from __future__ import annotations

from ....bilingual import Bilingual
from ..rule import update
from ..words import Words
from .paper import Quantity, smallest
from .schedule import GroupPage, Schedule


def _over(epoch: int, end: int) -> Bilingual:
    return Bilingual(f"Epoch {epoch}: the way ended at epoch {end}.", f"第 {epoch} 轮：过渡已在第 {end} 轮结束。")


@update("LinearLR")
class LinearLR(Schedule):
    """From η₀ s to η₀ e in T even steps."""

    words = Words(
        (
            "The learning rate goes in even steps from one part of its first value to another: often a warm-up.",
            "学习率从初值的一个比例均匀地变到另一个比例，常用于预热。",
        ),
        ("Small steps until the first gradients have settled.", "在最初的梯度稳定之前先走小步。"),
    )

    def next_rate(self, page: GroupPage) -> Quantity:
        """Written as a factor for the rate before."""
        s, e = page.setting("start_factor", "s", 1 / 3), page.setting("end_factor", "e", 1.0)
        t, T = page.epoch, page.setting("total_iters", "T", 5)
        if page.is_set:
            return page.first_rate * (s + (e - s) * smallest(T, t) / T)
        if page.time == 0:
            return page.rate * s
        if t.value > T.value:
            return page.unchanged(_over(page.time, int(T.value)))
        return page.rate * (1 + (e - s) / (T * s + (t - 1) * (e - s)))


@update("PolynomialLR")
class PolynomialLR(Schedule):
    """η₀ (1 - t/T)ᵖ."""

    words = Words(
        (
            "The learning rate falls to 0 within T epochs, along a power of the time that is left.",
            "学习率在 T 轮内按剩余时间的幂降到 0。",
        ),
        (
            "The last steps are the smallest, so that training comes to rest.",
            "最后的步子最小，使训练平稳结束。",
        ),
    )

    def next_rate(self, page: GroupPage) -> Quantity:
        """Written as a factor for the rate before."""
        t, T, p = page.epoch, page.setting("total_iters", "T", 5), page.setting("power", "p", 1.0)
        if page.is_set:
            return page.first_rate * (1 - smallest(T, t) / T) ** p
        if t.value > T.value:
            return page.unchanged(_over(page.time, int(T.value)))
        return page.rate * ((1 - t / T) / (1 - (t - 1) / T)) ** p
