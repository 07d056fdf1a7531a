"""Rows of optimizers that scale each weight's step by its squared gradients: Adagrad, Adadelta, RMSprop.

Formulas: the algorithm boxes in PyTorch's documentation of torch.optim.Adagrad, Adadelta and RMSprop.
"""

from __future__ import annotations

from collections.abc import Mapping

from ....bilingual import Bilingual
from ...notation.expression import Symbol
from ..rule import update
from ..words import Words
from .formula import Formula, Page, average, descent
from .paper import Quantity, sqrt

_MEANS = (
    "Weights with large gradients take shorter steps than their gradients ask for, those with small ones longer steps.",
    "梯度大的权重步长相对减小，梯度小的权重步长相对增大。",
)


@update("Adagrad")
class Adagrad(Formula):
    """G = G + g², w - ηₜ g/(√G + ε); ηₜ = η/(1 + (t - 1) d)."""

    words = Words(
        (
            "Each weight's step is divided by the root of the sum of all its squared gradients so far.",
            "每个权重的步长除以至今所有梯度平方之和的平方根。",
        ),
        _MEANS,
    )

    def follow(self, page: Page) -> Mapping[str, Quantity]:
        """The sum only grows, so steps become shorter and shorter."""
        t, g, η = page.count(), descent(page), page.setting("lr", "η", 1e-2)
        if page.settings.get("lr_decay"):
            η = page.let(Symbol("η", "t"), η / (1 + (t - 1) * page.setting("lr_decay", "d")))
        start = page.setting("initial_accumulator_value", Symbol("G", "0"))
        G = page.let("G", page.state("sum", "G", start) + g**2)
        return {"value": page.weight - η * (g / (sqrt(G) + page.setting("eps", "ε", 1e-10))), "step": t, "sum": G}


@update("Adadelta")
class Adadelta(Formula):
    """v = ρ v + (1-ρ) g², Δ = √(u + ε)/√(v + ε) g, u = ρ u + (1-ρ) Δ², w - η Δ."""

    words = Words(
        (
            "Each weight's step is its gradient, times the typical size of its last steps over that of its gradients.",
            "每个权重的步长等于梯度乘以最近步长的典型大小再除以梯度的典型大小。",
        ),
        _MEANS,
    )

    def follow(self, page: Page) -> Mapping[str, Quantity]:
        """u is the average of the squared steps before this one."""
        t, g, η = page.count(), descent(page), page.setting("lr", "η", 1.0)
        ρ, ε = page.setting("rho", "ρ", 0.9), page.setting("eps", "ε", 1e-6)
        v = average(page, "square_avg", "v", ρ, g**2)
        Δ = page.let("Δ", sqrt(page.state("acc_delta", "u") + ε) / sqrt(v + ε) * g)
        new = page.weight - η * Δ
        u = average(page, "acc_delta", "u", ρ, Δ**2, Bilingual("For the next step.", "供下一步使用。"))
        return {"value": new, "step": t, "square_avg": v, "acc_delta": u}


@update("RMSprop")
class RMSprop(Formula):
    """v = α v + (1-α) g², w - η g/(√v + ε); centred: v less the squared average; momentum: b = μ b + g/(√v + ε)."""

    words = Words(
        (
            "Each weight's step is its gradient divided by the typical size of its last gradients.",
            "每个权重的步长等于梯度除以最近梯度的典型大小。",
        ),
        _MEANS,
    )

    def follow(self, page: Page) -> Mapping[str, Quantity]:
        """Momentum keeps a part of the scaled steps."""
        t, g, η = page.count(), descent(page), page.setting("lr", "η", 1e-2)
        α, ε = page.setting("alpha", "α", 0.99), page.setting("eps", "ε", 1e-8)
        v = average(page, "square_avg", "v", α, g**2)
        found = {"step": t, "square_avg": v}
        spread = v
        if page.flag("centered"):
            mean = found["grad_avg"] = average(
                page,
                "grad_avg",
                Symbol("g", accent="bar"),
                α,
                g,
                Bilingual("Centred: the average gradient.", "中心化：平均梯度。"),
            )
            spread = page.let("s", v - mean**2, Bilingual("How much the gradients vary.", "梯度的波动程度。"))
        scaled = g / (sqrt(spread) + ε)
        if not page.settings.get("momentum"):
            return {"value": page.weight - η * scaled, **found}
        μ = page.setting("momentum", "μ")
        b = page.let(
            "b",
            μ * page.state("momentum_buffer", "b") + scaled,
            Bilingual("Momentum: a part of the last step is kept.", "动量：保留上一步的一部分。"),
        )
        return {"value": page.weight - η * b, "momentum_buffer": b, **found}
