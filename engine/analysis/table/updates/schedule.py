"""Rows of learning-rate schedulers: what they have in common.

A scheduler's event has no tensors. Its "parameter" is the learning rate of each group of parameters, in their order;
its settings are described where they are recorded, in NOTE [What a scheduler's event says].
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ....bilingual import Bilingual
from ...notation.expression import Call, Number, Symbol
from ..call import Array, UnfitError
from ..case import Update, Worked
from ..rule import Step, UpdateRule
from .formula import WrittenPage
from .paper import Quantity, Term

RATE = Symbol("η")
MOMENTUM = Bilingual("Momentum turns against the learning rate.", "动量与学习率反向变化。")


class GroupPage(WrittenPage):
    """A page about one group of parameters."""

    def __init__(self, settings: Mapping[str, Any], group: int) -> None:
        super().__init__(settings)
        self.group = group

    @property
    def rate(self) -> Term:
        """The learning rate before."""
        return self.of_group("lr", RATE)

    @property
    def first_rate(self) -> Term:
        """The one that the script began with."""
        return self.of_group("base_lrs", Symbol("η", "0"))

    @property
    def epoch(self) -> Term:
        """How many steps the scheduler has made; the constructor's is number 0."""
        return self.plain(self.time, "t")

    @property
    def time(self) -> int:
        """The same as a plain number."""
        return self.count_of("last_epoch")

    @property
    def is_set(self) -> bool:
        """Whether the script said which epoch it is, so that the rate does not come from the one before."""
        return "epoch" in self.settings

    def count_of(self, name: str) -> int:
        """A setting that is a whole number."""
        return int(self.setting(name, "n").value)

    def of_group(self, name: str, letter: str | Symbol) -> Term:
        """A setting that each group has."""
        found: Any = self.settings.get(name)
        if not isinstance(found, list) or self.group >= len(found) or not isinstance(found[self.group], int | float):
            raise UnfitError(f"its setting {name} is not known", f"不认识它的设置 {name}")
        return self.plain(found[self.group], letter)

    def own(self, argument: Term, which: int) -> Term:
        """What the script's own function returned for an argument, written f(t)."""
        found = self.settings.get("factors")
        if not isinstance(found, list) or which >= len(found) or not isinstance(found[which], int | float):
            raise UnfitError(
                "what the script's own function returned is not in the trace", "脚本自己的函数返回的值不在记录中"
            )
        return Term(Call("f", (argument.symbols,)), Number(found[which]), np.float64(found[which]))

    def unchanged(self, why: Bilingual) -> Term:
        """The rate stays as it is."""
        self.note = why
        return self.rate


class Schedule(UpdateRule):
    """A row of a scheduler; a subclass says `next_rate`."""

    def next_rate(self, page: GroupPage) -> Quantity:
        """The learning rate of a group after the step."""
        raise NotImplementedError

    def next_momentum(self, page: GroupPage) -> Quantity:
        """The momentum of a group after the step, for those that turn it too."""
        raise UnfitError("it does not turn momentum", "它不改变动量")

    def step(self, step: Step) -> Mapping[str, Array]:
        """The rates of all groups under "value", and their "momentum" where that is turned."""
        pages = [GroupPage(step.settings, group) for group in range(len(step.old))]
        with np.errstate(all="ignore"):
            found = {"value": np.asarray([float(self.next_rate(page).value) for page in pages])}
            if "momentum" in step.settings:
                found["momentum"] = np.asarray([float(self.next_momentum(page).value) for page in pages])
        return found

    def equation(self, case: Update) -> Worked:
        """The rate of one group; case.index is (group,)."""
        page = GroupPage(case.settings, case.index[0])
        with np.errstate(all="ignore"):
            if "momentum" in case.settings:
                page.let("μ", self.next_momentum(page), MOMENTUM)
            return page.worked(self.next_rate(page))
