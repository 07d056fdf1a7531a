"""The row of Rprop.

Formula: the algorithm box in PyTorch's documentation of torch.optim.Rprop.
"""

from __future__ import annotations

from collections.abc import Mapping

from ....bilingual import Bilingual
from ...notation.expression import Symbol
from ..rule import update
from ..words import Words
from .formula import Formula, Page, descent
from .paper import Quantity, by_sign, largest, sign, smallest


@update("Rprop")
class Rprop(Formula):
    """Every weight has a step size of its own, and of its gradient only the sign counts."""

    words = Words(
        (
            "Each weight moves by a step size of its own against the sign of its gradient, however large that is.",
            "每个权重按自己的步长沿梯度符号的反方向移动，与梯度大小无关。",
        ),
        (
            "The step size grows while the sign stays the same; where it turned, it shrinks and the weight waits.",
            "梯度符号不变时步长增大；符号改变时步长减小，该权重这一步不动。",
        ),
    )

    def follow(self, page: Page) -> Mapping[str, Quantity]:
        """Where the sign turned, the gradient counts as 0, now and in the next step's comparison."""
        t, g = page.count(), descent(page)
        turned = page.let(
            "p", g * page.state("prev", "g"), Bilingual("Is the sign the one of the last step?", "符号与上一步相同吗？")
        )
        factor = by_sign(
            turned,
            page.setting("etas", Symbol("η", superscript="+"), 1.2, place=1),
            page.setting("etas", Symbol("η", superscript="-"), 0.5, place=0),
            page.plain(1.0, "1"),
        )
        low, high = (
            page.setting("step_sizes", Symbol("Δ", "min"), 1e-6, place=0),
            page.setting("step_sizes", Symbol("Δ", "max"), 50, place=1),
        )
        start = page.setting("lr", "η", 0.01)
        size = page.let("Δ", smallest(largest(page.state("step_size", "Δ", start) * factor, low), high))
        used = by_sign(turned, g, page.plain(0.0, "0"), g)
        return {"value": page.weight - size * sign(used), "step": t, "prev": used, "step_size": size}
