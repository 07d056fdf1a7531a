"""The row of Muon.

Formula: the algorithm box in PyTorch's documentation of torch.optim.Muon (https://kellerjordan.github.io/posts/muon/),
and its torch/optim/_muon.py, which works in bfloat16 where it turns the step.

NOTE [Muon in bfloat16]
torch rounds every product of the Newton-Schulz iteration to bfloat16: 8 bits, so an answer is right to half a percent.
The same rounding is done here, after sums in float32. For small matrices the order of a sum does not matter then; for
large ones an element falls to the other neighbour here and there, and no comparison would say anything.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from ....bilingual import Bilingual
from ...notation.expression import Symbol, Text
from ..call import Array, UnfitError
from ..case import MissingNumbersError, Update, Worked
from ..kinds.dtypes import to_bfloat16
from ..rule import Step, UpdateRule, update
from ..words import Words
from .formula import ArrayPage, ElementPage, Page, decayed
from .paper import Quantity, Term, complement, known, term

_ROUGH = Bilingual(
    "torch turns the whole matrix in bfloat16, so only the first digits of o are right.",
    "torch 以 bfloat16 对整个矩阵做正交化，因此 o 只有前几位是准确的。",
)
_IMPLIED = Bilingual(
    "The turning of so large a matrix is not repeated here: o is worked out from the result, so it proves nothing.",
    "这么大的矩阵不在这里重新做正交化：o 是由结果反推的，因此不能证明什么。",
)

_LARGEST = 64
"""Rows and columns up to which rounding is repeated bit for bit."""


@update("Muon")
class Muon(UpdateRule):
    """v = μ v + (1 - μ) g, O: v (Nesterov: g moved towards v) with all singular values near 1, (1 - η λ) w - η' O."""

    words = Words(
        (
            "The momentum of a weight matrix is turned into a matrix that changes all directions about equally, "
            "and taken off.",
            "把权重矩阵的动量正交化，使各方向的变化大小大致相同，再从权重中减去。",
        ),
        (
            "A large gradient in one direction no longer hides the small ones in others; its size does not matter.",
            "某一方向上的大梯度不再掩盖其他方向上的小梯度；梯度的大小不起作用。",
        ),
    )

    def step(self, step: Step) -> Mapping[str, Array]:
        """The whole matrix and its momentum. Raises UnfitError for large ones; see NOTE [Muon in bfloat16]."""
        page = ArrayPage(step)
        if max(step.old.shape, default=0) > _LARGEST:
            raise UnfitError(
                "torch turns its step in bfloat16, where the order of long sums shows",
                "torch 以 bfloat16 对步长做正交化，长和式的求和顺序会影响结果",
            )
        v, direction = _momentum(page)
        turned = _turned(direction, step.settings)
        return {"value": _new(page, turned, step.old.shape), "momentum_buffer": v}

    def equation(self, case: Update) -> Worked:
        """The momentum of one element, and what the whole matrix's turning makes of it."""
        if case.gradient is None:
            raise MissingNumbersError("gradient")
        page = ElementPage(case)
        _momentum(page)
        is_large = max(case.old.array.shape, default=0) > _LARGEST
        turned = self._implied(case) if is_large else self._repeated(case)
        element = Term(Text(Bilingual("orthogonalized", "正交化后的值")), term(turned).numbers, np.float64(turned))
        page.note = _IMPLIED if is_large else _ROUGH
        return page.worked(_new(page, page.let("o", element), case.old.array.shape))

    def _repeated(self, case: Update) -> float:
        """The element of the turned matrix."""
        if case.gradient is None:
            raise MissingNumbersError("gradient")
        state = {name: operand.wide for name, operand in case.before.items()}
        whole = ArrayPage(Step(case.old.wide, case.gradient.wide, state, case.settings))
        return float(_turned(_momentum(whole)[1], case.settings)[case.index])

    def _implied(self, case: Update) -> float:
        """The same from what came of it, where repeating it would take too long."""
        page = ElementPage(case)
        still, moved = (_new(page, known("", o), case.old.array.shape).value for o in (0.0, 1.0))
        return float((still - case.new.value_at(case.index)) / (still - moved))


def _momentum(page: Page) -> tuple[Quantity, Quantity]:
    """The momentum after the step, and the direction that is turned."""
    μ, g = page.setting("momentum", "μ", 0.95), page.gradient
    v = page.let(
        "v",
        μ * page.state("momentum_buffer", "v") + complement(μ) * g,
        Bilingual("Momentum: the average gradient.", "动量：平均梯度。"),
    )
    if not page.settings.get("nesterov", True):
        return v, v
    return v, page.let("n", complement(μ) * g + μ * v, Bilingual("Nesterov: it looks ahead.", "Nesterov：向前看一步。"))


def _new(page: Page, turned: Quantity, shape: tuple[int, ...]) -> Quantity:
    """(1 - η λ) w - η' O; η' is larger for tall matrices."""
    η = page.setting("lr", "η", 1e-3)
    match page.settings.get("adjust_lr_fn"):
        case None | "original":
            factor = math.sqrt(max(1, shape[0] / shape[1]))
        case "match_rms_adamw":
            factor = 0.2 * math.sqrt(max(shape[:2]))
        case other:
            raise UnfitError(
                f"its way to adjust the learning rate, {other}, is not known", f"不认识它调整学习率的方式 {other}"
            )
    rate = η if factor == 1 else page.let(Symbol("η", "adjusted"), η * factor)
    return decayed(page, η) - rate * turned


def _turned(direction: Array, settings: Mapping[str, Any]) -> Array:
    """Newton-Schulz: X = a X + (b A + c A²) X with A = X Xᵀ, several times, in bfloat16."""
    a, b, c = (np.float32(x) for x in settings["ns_coefficients"])
    x = to_bfloat16(direction)
    is_tall = x.shape[0] > x.shape[1]
    x = x.T if is_tall else x
    x = to_bfloat16(x / max(to_bfloat16(np.linalg.norm(x)), to_bfloat16(settings["eps"])))
    for _ in range(int(settings["ns_steps"])):
        A = to_bfloat16(x @ x.T)
        x = to_bfloat16(a * x + to_bfloat16(b * A + c * (A @ A)) @ x)
    return np.asarray(x.T if is_tall else x, dtype=np.float64)
