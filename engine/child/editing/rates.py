"""Learning rates: those of the optimizers that the script has, by group.

Sees every optimizer of torch.optim that exists. A rate that a script keeps in a variable of its own is none of these.
"""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any

from torch import Tensor
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from ...bilingual import Bilingual
from .refusal import Refusal

_RATE = re.compile(r"(?:(?P<owner>[\w.]+)\.)?lr(?:\[(?P<group>\d+)\])?")


@dataclass(frozen=True, slots=True)
class Rates:
    """The learning rates of some groups of one optimizer. chosen: their numbers."""

    optimizer: Optimizer
    chosen: tuple[int, ...]

    @property
    def all(self) -> list[float]:
        """The rates of all groups."""
        return [float(group["lr"]) for group in self.optimizer.param_groups]

    def set(self, rate: float) -> None:
        """Sets the chosen ones; a rate that is a tensor is written to."""
        for number in self.chosen:
            group = self.optimizer.param_groups[number]
            if isinstance(group["lr"], Tensor):
                group["lr"].fill_(rate)
            else:
                group["lr"] = rate

    @property
    def scheduler(self) -> str:
        """The class of a scheduler that steps this optimizer, "" if none does."""
        found = (one for one in _objects(LRScheduler) if getattr(one, "optimizer", None) is self.optimizer)
        return next((type(one).__name__ for one in found), "")


def is_rate(text: str) -> bool:
    """Whether a text means a learning rate: "lr", "lr[1]", "optimizer.lr"."""
    return _RATE.fullmatch(text.strip()) is not None


def rates_of(text: str, is_known: Callable[[Tensor], bool]) -> Rates:
    """The rates that are meant. Raises Refusal where there are none, or several optimizers to choose from.

    is_known: whether a tensor was recorded; of several optimizers those of other tensors do not count.
    """
    found = _RATE.fullmatch(text.strip())
    assert found is not None
    owner, group = found["owner"], found["group"]
    optimizers = _objects(Optimizer)
    if len(optimizers) > 1:  # one that nothing refers to any more may only wait for the collector
        optimizers.clear()
        gc.collect()
        optimizers = _objects(Optimizer)
    if owner is not None:
        optimizers = [one for one in optimizers if owner in _names_of(one)]
    if len(optimizers) > 1:
        optimizers = [one for one in optimizers if any(map(is_known, _parameters(one)))] or optimizers
    if not optimizers:
        what = Bilingual("no optimizer of torch.optim", "没有 torch.optim 的优化器")
        if owner is not None:
            what = Bilingual(f"no optimizer called {owner}", f"没有名为 {owner} 的优化器")
        raise Refusal(
            Bilingual(f"The script has {what.english} here.", f"脚本在这里{what.chinese}。"),
            Bilingual(
                "A rate of the script's own lies in a variable, which cannot be changed.",
                "脚本自己的学习率存放在变量里，变量不能修改。",
            ),
        )
    if len(optimizers) > 1:
        names = sorted(f"{name}.lr" for one in optimizers for name in _names_of(one)[:1])
        hint = Bilingual("Say which: name one.", "请说明是哪一个：给出它的名称。")
        if names:
            hint = Bilingual(f"Say which: {' or '.join(names)}.", f"请说明是哪一个：{' 或 '.join(names)}。")
        raise Refusal(Bilingual("The script has several optimizers.", "脚本有多个优化器。"), hint)
    groups = optimizers[0].param_groups
    if group is not None and int(group) >= len(groups):
        raise Refusal(
            Bilingual(
                f"There is no group {group}: the optimizer has {len(groups)}, counted from 0.",
                f"没有第 {group} 组：优化器共有 {len(groups)} 组，从 0 数起。",
            )
        )
    if not all("lr" in one for one in groups):
        name = type(optimizers[0]).__name__
        raise Refusal(Bilingual(f"{name} has no learning rate.", f"{name} 没有学习率。"))
    return Rates(optimizers[0], tuple(range(len(groups))) if group is None else (int(group),))


def _parameters(optimizer: Optimizer) -> list[Tensor]:
    return [parameter for group in optimizer.param_groups for parameter in group["params"]]


def _objects(kind: type) -> list[Any]:
    """All objects of a class, in the order in which they were made."""
    return [found for found in gc.get_objects() if issubclass(type(found), kind)]


def _names_of(wanted: Any) -> list[str]:
    """The variables and attributes that hold an object."""
    holders = [one for one in gc.get_referrers(wanted) if type(one) is dict]
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        holders.append(dict(frame.f_locals))
        frame = frame.f_back
    names = (name for one in holders for name, held in list(one.items()) if held is wanted and isinstance(name, str))
    return [name for name in names if name not in ("self", "wanted", "one")]
