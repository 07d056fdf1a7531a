"""The row of LBFGS.

Source: Nocedal and Wright, "Numerical Optimization" (2006), section 7.2, as in PyTorch's torch/optim/lbfgs.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....bilingual import Bilingual
from ..call import Array, UnfitError
from ..case import Update, Worked
from ..rule import Step, UpdateRule, update
from ..words import Words

_WHY = Bilingual(
    "its direction is made from the gradients of all parameters over the last steps, of which the event of one "
    "parameter has only its own",
    "它的方向由所有参数在最近几步的梯度得到，而单个参数的事件只有自己的梯度",
)
_SEARCHED = Bilingual(
    "its line search tried several step lengths between the numbers that were recorded",
    "它的线搜索在记录的数值之间尝试了多个步长",
)


def _unfit(settings: Mapping[str, Any]) -> UnfitError:
    why = _SEARCHED if settings.get("line_search_fn") else _WHY
    return UnfitError(why.english, why.chinese)


@update("LBFGS")
class Lbfgs(UpdateRule):
    """w + t d; d = -H g, where H, an estimate of the inverse Hessian, comes from the last changes of w and of g."""

    words = Words(
        (
            "All weights together move in a direction that takes the curvature of the loss into account, estimated "
            "from how the gradient changed over the last steps.",
            "所有权重一起沿考虑了损失曲率的方向移动，曲率由最近几步中梯度的变化来估计。",
        ),
        (
            "Where the loss is flat it takes long steps, where it is steeply curved short ones; the first step is "
            "plain gradient descent.",
            "损失平坦处步子长，弯曲处步子短；第一步就是普通的梯度下降。",
        ),
    )

    def step(self, step: Step) -> Mapping[str, Array]:
        """Raises UnfitError: an event has too little to compute it from."""
        raise _unfit(step.settings)

    def equation(self, case: Update) -> Worked:
        """Raises UnfitError: an event has too little to compute it from."""
        raise _unfit(case.settings)
