"""Rows of schedulers that ask a function of the script: LambdaLR and MultiplicativeLR.

Formulas: PyTorch's documentation of torch.optim.lr_scheduler.
"""

from __future__ import annotations

from ..rule import update
from ..words import Words
from .paper import Quantity
from .schedule import GroupPage, Schedule

_MEANS = (
    "The script's own function f decides how long the steps are at each epoch.",
    "由脚本自己的函数 f 决定每一轮的步长。",
)


@update("LambdaLR")
class LambdaLR(Schedule):
    """η₀ f(t)."""

    words = Words(
        (
            "The first learning rate is multiplied by what the script's own function returns for the epoch.",
            "初始学习率乘以脚本自己的函数对该轮返回的值。",
        ),
        _MEANS,
    )

    def next_rate(self, page: GroupPage) -> Quantity:
        """Each group has a function."""
        return page.first_rate * page.own(page.epoch, page.group)


@update("MultiplicativeLR")
class MultiplicativeLR(Schedule):
    """η f(t)."""

    words = Words(
        (
            "The learning rate is multiplied by what the script's own function returns for the epoch.",
            "当前学习率乘以脚本自己的函数对该轮返回的值。",
        ),
        _MEANS,
    )

    def next_rate(self, page: GroupPage) -> Quantity:
        """Each group has a function."""
        return page.rate * page.own(page.epoch, page.group)
