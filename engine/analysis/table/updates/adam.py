"""The row of Adam and AdamW, and what their kin have in common with them.

Formulas: the algorithm boxes in PyTorch's documentation of torch.optim.Adam and AdamW.
"""

from __future__ import annotations

from collections.abc import Mapping

from ....bilingual import Bilingual
from ...notation.expression import Symbol
from ..rule import update
from ..words import Words
from .formula import Formula, Page, average, decayed, descent
from .paper import Quantity, largest, sqrt

M_HAT, V_HAT = Symbol("m", accent="hat"), Symbol("v", accent="hat")
"""The averages without the bias of their start at 0."""

MEANS = (
    "The gradient's average says where to go; that of its squares makes all weights' steps about equally long.",
    "梯度的平均值决定方向，梯度平方的平均值使各权重的步长大致相同。",
)


def both_betas(page: Page) -> tuple[Quantity, Quantity]:
    """β₁ and β₂: what shares of the averages are kept."""
    first, second = Symbol("β", "1"), Symbol("β", "2")
    return page.setting("betas", first, 0.9, place=0), page.setting("betas", second, 0.999, place=1)


def corrected(page: Page, letter: Symbol, found: Quantity, share: Quantity, t: Quantity) -> Quantity:
    """Bias correction: the average starts at 0, so early it is too small."""
    return page.let(letter, found / (1 - share**t))


@update("Adam", "AdamW")
class Adam(Formula):
    """m̂ = m/(1-β₁ᵗ), v̂ = v/(1-β₂ᵗ), w - η m̂/(√v̂ + ε); AdamW takes λ η w off first; AMSGrad: the largest v so far."""

    words = Words(
        (
            "Each weight steps along the average of its last gradients, divided by their typical size.",
            "每个权重沿最近梯度的平均值移动，并除以梯度的典型大小。",
        ),
        MEANS,
    )

    def follow(self, page: Page) -> Mapping[str, Quantity]:
        """Decay of weights is a part of the gradient, or, decoupled, taken off the weight."""
        t, g, η, (β1, β2) = page.count(), descent(page), page.setting("lr", "η", 1e-3), both_betas(page)
        ε = page.setting("eps", "ε", 1e-8)
        m, v = average(page, "exp_avg", "m", β1, g), average(page, "exp_avg_sq", "v", β2, g**2)
        state = {"step": t, "exp_avg": m, "exp_avg_sq": v}
        if page.flag("amsgrad"):
            v = page.let(
                "u",
                largest(page.state("max_exp_avg_sq", "u"), v),
                Bilingual("AMSGrad: the largest so far counts.", "AMSGrad：取迄今为止的最大值。"),
            )
            state["max_exp_avg_sq"] = v
        m_hat, v_hat = corrected(page, M_HAT, m, β1, t), corrected(page, V_HAT, v, β2, t)
        start = decayed(page, η, page.flag("decoupled_weight_decay"))
        return {"value": start - η * (m_hat / (sqrt(v_hat) + ε)), **state}
