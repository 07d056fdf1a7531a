"""Rows of schedulers that are made of others: SequentialLR and ChainedScheduler.

Their events say in "parts" what each of these did; the rows of the parts compute it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....bilingual import Bilingual, sentences
from ...notation.expression import Symbol
from ..call import UnfitError
from ..rule import RULES, update
from ..words import Words
from .paper import Quantity
from .schedule import GroupPage, Schedule


def _part(page: GroupPage, said: Mapping[str, Any], rates: list[float] | None) -> tuple[str, GroupPage, Schedule]:
    """A part's name, its page for the same group, and its row. rates: what it began with, if not what was recorded."""
    name = str(said.get("name"))
    row = RULES.get(name)
    if not isinstance(row, Schedule):
        raise UnfitError(f"there is no rule for its part {name}", f"它的组成部分 {name} 没有规则")
    return name, GroupPage(said if rates is None else {**said, "lr": rates}, page.group), row


def _parts(page: GroupPage) -> list[Mapping[str, Any]]:
    found = page.settings.get("parts")
    if not isinstance(found, list) or not found:
        raise UnfitError("what its parts did is not in the trace", "它的各组成部分所做的事不在记录中")
    return found


@update("SequentialLR")
class SequentialLR(Schedule):
    """One scheduler after another; at each milestone the next one begins at epoch 0."""

    words = Words(
        (
            "Several schedulers take turns: at each milestone the next one takes over.",
            "多个调度器依次工作：每到一个里程碑换下一个。",
        ),
        (
            "Often a warm-up first, and then a long way down.",
            "通常先预热，然后长时间下降。",
        ),
    )

    def next_rate(self, page: GroupPage) -> Quantity:
        """What the one does whose turn it is."""
        name, inner, row = _part(page, _parts(page)[0], None)
        found = row.next_rate(inner)
        page.lines += inner.lines
        page.note = sentences(Bilingual(f"It is the turn of {name}.", f"轮到 {name}。"), inner.note)
        return found


@update("ChainedScheduler")
class ChainedScheduler(Schedule):
    """All schedulers in each step, each on what the one before it left."""

    words = Words(
        (
            "Several schedulers work in each step, each on the learning rate that the one before it left.",
            "每一步依次应用多个调度器，每个都作用于前一个留下的学习率。",
        ),
        ("Their effects multiply.", "它们的作用相乘。"),
    )

    def next_rate(self, page: GroupPage) -> Quantity:
        """From one to the next."""
        rates = [float(rate) for rate in page.settings["lr"]]
        found: Quantity = page.rate
        for said in _parts(page):
            name, inner, row = _part(page, said, rates)
            found = row.next_rate(inner)
            page.lines += inner.lines
            found = page.let(Symbol("η", name), found, inner.note)
            rates[page.group] = float(found.value)
        return found
