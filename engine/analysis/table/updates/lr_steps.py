"""Rows of schedulers that multiply the learning rate now and then: StepLR, MultiStepLR, ExponentialLR, ConstantLR.

Formulas: PyTorch's documentation of torch.optim.lr_scheduler, and the closed forms in its source.
"""

from __future__ import annotations

from ....bilingual import Bilingual
from ...notation.expression import Symbol
from ..rule import update
from ..words import Words
from .paper import Quantity
from .schedule import GroupPage, Schedule

_MEANS = (
    "Large steps at first to get near a minimum, smaller ones later so as not to jump over it.",
    "开始时步子大，以便靠近最小值；后来步子小，以免越过它。",
)


@update("StepLR")
class StepLR(Schedule):
    """η γ every `step_size` epochs."""

    words = Words(
        ("Every few epochs the learning rate is multiplied by γ.", "每隔固定的轮数，学习率乘以 γ。"),
        _MEANS,
    )

    def next_rate(self, page: GroupPage) -> Quantity:
        """Multiplied at epochs that `step_size` divides."""
        size, γ = page.count_of("step_size"), page.setting("gamma", "γ", 0.1)
        if page.is_set:
            return page.first_rate * γ ** page.plain(page.time // size, Symbol("n"))
        if page.time == 0 or page.time % size:
            return page.unchanged(
                Bilingual(
                    f"Epoch {page.time}: it changes at every multiple of {size}.",
                    f"第 {page.time} 轮：每逢 {size} 的倍数才改变。",
                )
            )
        page.note = Bilingual(f"Epoch {page.time} is a multiple of {size}.", f"第 {page.time} 轮是 {size} 的倍数。")
        return page.rate * γ


@update("MultiStepLR")
class MultiStepLR(Schedule):
    """η γ at each milestone."""

    words = Words(
        ("At each milestone the learning rate is multiplied by γ.", "每到一个里程碑，学习率乘以 γ。"),
        _MEANS,
    )

    def next_rate(self, page: GroupPage) -> Quantity:
        """A milestone that is named twice counts twice."""
        milestones, γ = page.settings.get("milestones", []), page.setting("gamma", "γ", 0.1)
        if page.is_set:
            return page.first_rate * γ ** page.plain(sum(m <= page.time for m in milestones), Symbol("n"))
        times = milestones.count(page.time)
        if not times:
            return page.unchanged(
                Bilingual(
                    f"Epoch {page.time} is no milestone; these are {', '.join(map(str, milestones))}.",
                    f"第 {page.time} 轮不是里程碑；里程碑是 {'、'.join(map(str, milestones))}。",
                )
            )
        page.note = Bilingual(f"Epoch {page.time} is a milestone.", f"第 {page.time} 轮是一个里程碑。")
        return page.rate * γ if times == 1 else page.rate * γ ** page.plain(times, Symbol("n"))


@update("ExponentialLR")
class ExponentialLR(Schedule):
    """η γ every epoch."""

    words = Words(
        ("Every epoch the learning rate is multiplied by γ.", "每一轮学习率都乘以 γ。"),
        _MEANS,
    )

    def next_rate(self, page: GroupPage) -> Quantity:
        """After t epochs: η₀ γᵗ."""
        γ = page.setting("gamma", "γ")
        return page.first_rate * γ**page.epoch if page.is_set else page.rate * γ


@update("ConstantLR")
class ConstantLR(Schedule):
    """η₀ f until `total_iters`, then η₀."""

    words = Words(
        (
            "For the first epochs the learning rate is only a part of what it is afterwards.",
            "最初若干轮的学习率只是之后学习率的一部分。",
        ),
        ("Small steps until the first gradients have settled.", "在最初的梯度稳定之前先走小步。"),
    )

    def next_rate(self, page: GroupPage) -> Quantity:
        """Multiplied by the factor at the start, divided by it at the end."""
        f, last = page.setting("factor", "f", 1 / 3), page.count_of("total_iters")
        if page.is_set:
            return page.first_rate * f if page.time < last else page.first_rate
        if page.time == 0:
            return page.rate * f
        if page.time != last:
            return page.unchanged(
                Bilingual(
                    f"Epoch {page.time}: the factor is taken out at epoch {last}.",
                    f"第 {page.time} 轮：该倍数在第 {last} 轮除去。",
                )
            )
        return page.rate * (1 / f)
