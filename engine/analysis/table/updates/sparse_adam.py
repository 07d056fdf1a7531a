"""The row of SparseAdam.

Formula: PyTorch's documentation of torch.optim.SparseAdam (rows without a gradient are left alone) and its
torch/optim/_functional.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ....bilingual import Bilingual
from ...notation.expression import Symbol
from ..call import UnfitError
from ..rule import update
from ..words import Words
from .adam import MEANS, both_betas
from .formula import ElementPage, Formula, Page, average, descent
from .paper import Quantity, sqrt


@update("SparseAdam")
class SparseAdam(Formula):
    """Adam for the rows of a table that were used; all others, their averages too, are left as they are."""

    words = Words(
        (
            "Adam for the rows that were looked up in this step; the other rows and their averages stay as they are.",
            "只对这一步中被查到的行使用 Adam；其他行及其平均值保持不变。",
        ),
        MEANS,
    )

    def follow(self, page: Page) -> Mapping[str, Quantity]:
        """The step is as large as Adam's, with ε added before the correction of v."""
        used = _used_rows(page)
        if used is False:
            page.note = Bilingual(
                "This row was not used, so nothing happens to it.", "这一行没有被用到，因此不发生变化。"
            )
            return {"value": page.weight}
        t, g, η, (β1, β2) = page.count(), descent(page), page.setting("lr", "η", 1e-3), both_betas(page)
        m, v = average(page, "exp_avg", "m", β1, g), average(page, "exp_avg_sq", "v", β2, g**2)
        rate = page.let(Symbol("η", "t"), η * sqrt(1 - β2**t) / (1 - β1**t))
        found = {"value": page.weight - rate * (m / (sqrt(v) + page.setting("eps", "ε", 1e-8)))}
        found |= {"exp_avg": m, "exp_avg_sq": v}
        if used is True:
            return found
        old = {"value": page.weight, "exp_avg": page.state("exp_avg", "m"), "exp_avg_sq": page.state("exp_avg_sq", "v")}
        return {name: np.where(used, new, old[name]) for name, new in found.items()}


def _used_rows(page: Page) -> Any:
    """Whether the element's row was used; on an array's page a mask of rows."""
    rows = page.settings.get("rows")
    if not isinstance(rows, list) or "…" in rows:
        raise UnfitError("the trace does not say which rows of the table were used", "记录中没有说明用到了表中的哪些行")
    if isinstance(page, ElementPage):
        return page.case.index[0] in rows
    mask = np.isin(np.arange(len(page.weight)), rows)
    return mask.reshape(-1, *[1] * (page.weight.ndim - 1))
