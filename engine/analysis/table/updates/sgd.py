"""Rows of gradient descent: SGD and ASGD.

Formulas: the algorithm boxes in PyTorch's documentation of torch.optim.SGD and ASGD.
"""

from __future__ import annotations

from collections.abc import Mapping

from ....bilingual import Bilingual
from ...notation.expression import Symbol
from ..rule import update
from ..words import Words
from .formula import Formula, Page, descent
from .paper import Quantity, complement, largest


@update("SGD")
class Sgd(Formula):
    """w - η g; with momentum μ: v = μ v + (1 - dampening) g, w - η v; Nesterov: w - η (g + μ v)."""

    words = Words(
        (
            "Each weight takes a step of the learning rate times its gradient, downhill.",
            "每个权重沿梯度的反方向走一步，步长为学习率乘以梯度。",
        ),
        (
            "Where the loss rises steeply the step is long, where it is flat it is short; with momentum steps in one "
            "direction add up.",
            "损失陡的地方步子长，平的地方步子短；使用动量时，同一方向上的步子会累积起来。",
        ),
    )

    def follow(self, page: Page) -> Mapping[str, Quantity]:
        """The first momentum is the gradient itself, without dampening."""
        g, η = descent(page), page.setting("lr", "η")
        if not page.settings.get("momentum"):
            return {"value": page.weight - η * g}
        μ = page.setting("momentum", "μ")
        if page.has("momentum_buffer"):
            share = complement(page.setting("dampening", "τ")) * g if page.settings.get("dampening") else g
            caption = Bilingual("Momentum: a part of the last step is kept.", "动量：保留上一步的一部分。")
            v = page.let("v", μ * page.state("momentum_buffer", "v") + share, caption)
        else:
            v = page.let("v", g, Bilingual("The first momentum is the gradient itself.", "最初的动量就是梯度本身。"))
        direction = g + μ * v if page.flag("nesterov") else v
        return {"value": page.weight - η * direction, "momentum_buffer": v}


@update("ASGD")
class Asgd(Formula):
    """w (1 - λ η) - η g, and beside it the average of all w from step t0 on."""

    words = Words(
        (
            "Gradient descent with a learning rate that falls, which also keeps an average of the weights.",
            "学习率逐步减小的梯度下降，同时保存权重的平均值。",
        ),
        (
            "The average has less noise than the last step; it is kept beside the weights, which do not use it.",
            "平均值的噪声比最后一步小；它单独保存，权重本身不使用它。",
        ),
    )

    def follow(self, page: Page) -> Mapping[str, Quantity]:
        """η and the share μ of the average are those that the last step left."""
        t, g = page.count(), descent(page)
        lr, λ = page.setting("lr", "η"), page.setting("lambd", "λ", 1e-4)
        η, μ = page.state("eta", "η", lr), page.state("mu", "μ", 1.0)
        new = (1 - λ * η) * page.weight - η * g
        mean = page.state("ax", Symbol("w", accent="bar"))
        t0 = page.setting("t0", Symbol("t", "0"), 1e6)
        return {
            "value": new,
            "step": t,
            "ax": mean + μ * (new - mean),
            "eta": lr / (1 + λ * lr * t) ** page.setting("alpha", "α", 0.75),
            "mu": 1 / largest(1, t - t0),
        }
