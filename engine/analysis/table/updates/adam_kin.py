"""Rows of Adam's kin: NAdam, RAdam and Adamax.

Formulas: the algorithm boxes in PyTorch's documentation of torch.optim.NAdam, RAdam and Adamax.
"""

from __future__ import annotations

from collections.abc import Mapping

from ....bilingual import Bilingual, sentences
from ...notation.expression import Symbol
from ..rule import update
from ..words import Words
from .adam import M_HAT, MEANS, V_HAT, both_betas, corrected
from .formula import Formula, Page, average, decayed, descent
from .paper import Quantity, Term, absolute, complement, largest, sqrt


@update("NAdam")
class NAdam(Formula):
    """Adam that looks ahead: w - η ((1 - μₜ) g/(1 - Πμ) + μₜ₊₁ m/(1 - Πμ μₜ₊₁)) / (√v̂ + ε)."""

    words = Words(
        (
            "Adam with Nesterov's momentum: it adds the gradient of now to the average of before, which looks ahead.",
            "带 Nesterov 动量的 Adam：在平均值上再加当前梯度，相当于向前看一步。",
        ),
        MEANS,
    )

    def follow(self, page: Page) -> Mapping[str, Quantity]:
        """μ grows from β₁/2 to β₁ with the steps; Πμ is the product of all so far."""
        t, g, η, (β1, β2) = page.count(), descent(page), page.setting("lr", "η", 2e-3), both_betas(page)
        ψ = page.setting("momentum_decay", "ψ", 4e-3)
        μ = page.let(Symbol("μ", "t"), β1 * (1 - 0.5 * 0.96 ** (t * ψ)))
        ahead = page.let(Symbol("μ", "t+1"), β1 * (1 - 0.5 * 0.96 ** ((t + 1) * ψ)))
        product = page.let(
            "Π",
            page.state("mu_product", "Π", 1.0) * μ,
            Bilingual("The product of all μ so far.", "迄今为止所有 μ 的乘积。"),
        )
        m, v = average(page, "exp_avg", "m", β1, g), average(page, "exp_avg_sq", "v", β2, g**2)
        v_hat = corrected(page, V_HAT, v, β2, t)
        m_hat = page.let(M_HAT, (1 - μ) * g / (1 - product) + ahead * m / (1 - product * ahead))
        start = decayed(page, η, page.flag("decoupled_weight_decay"))
        new = start - η * (m_hat / (sqrt(v_hat) + page.setting("eps", "ε", 1e-8)))
        return {"value": new, "step": t, "mu_product": product, "exp_avg": m, "exp_avg_sq": v}


@update("RAdam")
class RAdam(Formula):
    """Adam, but while too few gradients were seen to trust v, plain momentum: w - η m̂."""

    words = Words(
        (
            "Adam that trusts the size of its gradients only after it has seen enough of them.",
            "在见过足够多的梯度之后才使用梯度大小进行缩放的 Adam。",
        ),
        MEANS,
    )

    def follow(self, page: Page) -> Mapping[str, Quantity]:
        """ρ is the length of the average of squares; above 5 it is used, rectified by r."""
        t, g, η, (β1, β2) = page.count(), descent(page), page.setting("lr", "η", 1e-3), both_betas(page)
        m, v = average(page, "exp_avg", "m", β1, g), average(page, "exp_avg_sq", "v", β2, g**2)
        state = {"step": t, "exp_avg": m, "exp_avg_sq": v}
        m_hat = corrected(page, M_HAT, m, β1, t)
        start = decayed(page, η, page.flag("decoupled_weight_decay"))
        limit = page.let(Symbol("ρ", "∞"), 2 / complement(β2) - 1)
        ρ = page.let(
            Symbol("ρ", "t"),
            limit - 2 * t * β2**t / (1 - β2**t),
            Bilingual("How many gradients v is made of.", "v 由多少个梯度得到。"),
        )
        if float(ρ.value if isinstance(ρ, Term) else ρ) <= 5:
            few = Bilingual(
                "Too few gradients were seen to trust v, so it is not used.",
                "看到的梯度太少，v 还不可靠，因此不使用它。",
            )
            page.note = sentences(page.note, few)
            return {"value": start - η * m_hat, **state}
        r = page.let(
            "r",
            sqrt((ρ - 4) * (ρ - 2) * limit / ((limit - 4) * (limit - 2) * ρ)),
            Bilingual("Rectification.", "修正。"),
        )
        size = page.let("l", sqrt(1 - β2**t) / (sqrt(v) + page.setting("eps", "ε", 1e-8)))
        return {"value": start - η * m_hat * r * size, **state}


@update("Adamax")
class Adamax(Formula):
    """m as in Adam; u = max(β₂ u, |g| + ε); w - η/(1-β₁ᵗ) m/u."""

    words = Words(
        (
            "Adam that divides by the largest recent gradient instead of by an average of squares.",
            "用最近最大的梯度代替梯度平方平均值来缩放的 Adam。",
        ),
        (
            "The gradient's average says where to go; no step is much longer than the learning rate.",
            "梯度的平均值决定方向，每一步都不会比学习率大多少。",
        ),
    )

    def follow(self, page: Page) -> Mapping[str, Quantity]:
        """ε stands in the maximum."""
        t, g, η, (β1, β2) = page.count(), descent(page), page.setting("lr", "η", 2e-3), both_betas(page)
        m = average(page, "exp_avg", "m", β1, g)
        ε = page.setting("eps", "ε", 1e-8)
        u = page.let("u", largest(β2 * page.state("exp_inf", "u"), absolute(g) + ε))
        return {"value": page.weight - η / (1 - β1**t) * (m / u), "step": t, "exp_avg": m, "exp_inf": u}
