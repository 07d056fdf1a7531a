"""Rows of schedulers that raise the learning rate and lower it again: CyclicLR and OneCycleLR.

Formulas: Smith, "Cyclical Learning Rates" (2017) and Smith and Topin, "Super-Convergence" (2018), as in PyTorch's
torch/optim/lr_scheduler.py.
"""

from __future__ import annotations

import math
from typing import Any

from ....bilingual import Bilingual
from ...notation.expression import Symbol
from ..call import UnfitError
from ..rule import update
from ..words import Words
from .paper import Quantity, cosine
from .schedule import GroupPage, Schedule

_LOW, _HIGH = Symbol("η", "low"), Symbol("η", "high")
_LOW_MOMENTUM, _HIGH_MOMENTUM = Symbol("μ", "low"), Symbol("μ", "high")


@update("CyclicLR")
class CyclicLR(Schedule):
    """Up and down between two rates in straight lines; the height may shrink with each cycle."""

    words = Words(
        (
            "The learning rate goes up and down between two bounds in straight lines.",
            "学习率在两个界限之间沿直线上下变化。",
        ),
        (
            "Large steps now and then carry the weights over saddle points.",
            "不时出现的大步可以帮助权重越过鞍点。",
        ),
    )

    def next_rate(self, page: GroupPage) -> Quantity:
        """From the lower bound upwards."""
        low, high = page.of_group("base_lrs", _LOW), page.of_group("max_lrs", _HIGH)
        return low + (high - low) * self._height(page) * self._scale(page, page.group)

    def next_momentum(self, page: GroupPage) -> Quantity:
        """From the upper bound downwards."""
        low, high = page.of_group("base_momentums", _LOW_MOMENTUM), page.of_group("max_momentums", _HIGH_MOMENTUM)
        groups = len(page.settings["lr"])
        return high - (high - low) * self._height(page) * self._scale(page, groups + page.group)

    def _cycle(self, page: GroupPage) -> int:
        """The number of the cycle, from 1."""
        return math.floor(1 + page.time / float(page.setting("total_size", "T").value))

    def _height(self, page: GroupPage) -> Quantity:
        """How far up: 0 at a cycle's ends, 1 at its top."""
        T, r = page.setting("total_size", "T"), page.setting("step_ratio", "r")
        x = page.let(
            "x",
            1 + page.epoch / T - page.plain(self._cycle(page), "n"),
            Bilingual("How much of the cycle is over.", "周期已经过去的比例。"),
        )
        return page.let(
            "h",
            x / r if x.value <= r.value else (x - 1) / (r - 1),
            Bilingual("How far up: 1 is the top.", "上升的高度：1 表示顶点。"),
        )

    def _scale(self, page: GroupPage, asked: int) -> Quantity:
        """By how much this cycle is lower than the first. asked: how often a script's function was asked before."""
        by_cycle = page.settings.get("scale_mode") == "cycle"
        n = page.plain(self._cycle(page), "n") if by_cycle else page.epoch
        if "factors" in page.settings:
            return page.own(n, asked)
        match page.settings.get("mode"):
            case "triangular":
                return page.plain(1, "1")
            case "triangular2":
                return page.let(
                    "f",
                    1 / page.plain(2, "2") ** (n - 1),
                    Bilingual("Each cycle is half as high as the last.", "每个周期的高度是上一个的一半。"),
                )
            case "exp_range":
                return page.let(
                    "f", page.setting("gamma", "γ", 1.0) ** n, Bilingual("The height shrinks by γ.", "高度按 γ 缩小。")
                )
            case other:
                raise UnfitError(f"its mode {other} is not known", f"不认识它的模式 {other}")


@update("OneCycleLR")
class OneCycleLR(Schedule):
    """Up, and then far down, within all of the training."""

    words = Words(
        (
            "The learning rate rises once to a peak and then falls far below where it began.",
            "学习率先上升到一个峰值，然后降到远低于起点的水平。",
        ),
        (
            "Large steps in the middle of the training keep it out of narrow minima; small ones end it.",
            "训练中期的大步使其避开狭窄的极小值，最后用小步收尾。",
        ),
    )

    def next_rate(self, page: GroupPage) -> Quantity:
        """Between the ends of the phase that runs."""
        phase, share = self._phase(page)
        start, end = (
            page.of_group(phase["start_lr"], Symbol("η", "a")),
            page.of_group(phase["end_lr"], Symbol("η", "b")),
        )
        return self._between(page, start, end, share)

    def next_momentum(self, page: GroupPage) -> Quantity:
        """Down where the rate goes up."""
        phase, share = self._phase(page)
        start = page.of_group(phase["start_momentum"], Symbol("μ", "a"))
        return self._between(page, start, page.of_group(phase["end_momentum"], Symbol("μ", "b")), share)

    def _phase(self, page: GroupPage) -> tuple[Any, Quantity]:
        """The phase that runs, and how much of it is over."""
        phases, begin = page.settings.get("schedule_phases", []), 0.0
        for i, phase in enumerate(phases):
            end = float(phase["end_step"])
            if page.time <= end or i == len(phases) - 1:
                a, b = page.plain(begin, Symbol("t", "a")), page.plain(end, Symbol("t", "b"))
                return phase, page.let(
                    "p",
                    (page.epoch - a) / (b - a),
                    Bilingual(f"How much of phase {i + 1} is over.", f"第 {i + 1} 阶段已经过去的比例。"),
                )
            begin = end
        raise UnfitError("its phases are not known", "不认识它的阶段")

    def _between(self, page: GroupPage, start: Quantity, end: Quantity, share: Quantity) -> Quantity:
        match page.settings.get("anneal_func_type"):
            case "cos":
                return end + (start - end) / 2 * (cosine(page.plain(math.pi, "π") * share) + 1)
            case "linear":
                return (end - start) * share + start
            case other:
                raise UnfitError(
                    f"its way between two rates, {other}, is not known", f"不认识它在两个学习率之间的过渡方式 {other}"
                )
