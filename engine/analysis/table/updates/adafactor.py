"""The row of Adafactor.

Formula: the algorithm box in PyTorch's documentation of torch.optim.Adafactor, with the means over rows and columns
that its torch/optim/_adafactor.py takes.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ....bilingual import Bilingual
from ...notation.expression import Symbol
from ..call import Array, UnfitError
from ..case import Index, MissingNumbersError, Update, Worked
from ..rule import Step, UpdateRule, update
from ..words import Words
from .adam import V_HAT
from .formula import ArrayPage, ElementPage, Page, decayed, descent
from .paper import Quantity, known, largest, smallest, sqrt

_OF_ROW = Bilingual("The average of the squared gradients of its row.", "所在行梯度平方的平均。")
_OF_COLUMN = Bilingual("The average of the squared gradients of its column.", "所在列梯度平方的平均。")


@update("Adafactor")
class Adafactor(UpdateRule):
    """u = g/√v̂, v̂ from averages of rows and of columns only; w - α/max(1, RMS(u)/d) u, α = max(ε₂, RMS(w)) ρ."""

    words = Words(
        (
            "Each weight's step is its gradient over its typical size, which is estimated from its row and its column.",
            "每个权重的步长等于梯度除以其典型大小，后者由所在行和所在列的平均值估计。",
        ),
        (
            "Steps are as large as the weights are on average times the learning rate, so large weights move more.",
            "步长与权重的平均大小乘以学习率成正比，因此权重越大移动越多。",
        ),
    )

    def step(self, step: Step) -> Mapping[str, Array]:
        """The whole parameter and its averages."""
        with np.errstate(all="ignore"):
            page = ArrayPage(step)
            t = page.count()
            _, found = _averages(page, t)
            u = descent(page, decay=False) / np.sqrt(np.maximum(_estimate(page, found), _smallest(page) ** 2))
            rate, size = _rate(page, t, _rms(page.weight)), _rms(u)
            start = decayed(page, page.setting("lr", "η", 0.01))
            return {
                "value": start - rate / max(1.0, size / page.setting("d", "d", 1.0)) * u,
                "step": np.asarray(float(t)),
                **found,
            }

    def equation(self, case: Update) -> Worked:
        """The averages of the element's row and column, and the root mean squares of all, which need whole arrays."""
        page, index = ElementPage(case), case.index
        if case.gradient is None:
            raise MissingNumbersError("gradient")
        state = {name: operand.wide for name, operand in case.before.items()}
        step = Step(case.old.wide, case.gradient.wide, state, case.settings)
        whole = ArrayPage(step)
        with np.errstate(all="ignore"):
            t, g = page.count(), descent(page, decay=False)
            share = page.let(Symbol("β", "t"), 1 - t ** page.setting("beta2_decay", "τ", -0.8))
            squares, found = _averages(whole, whole.count())
            if squares.ndim > 1:
                v = _factored(page, share, squares, index, found["row_var"])
            else:
                v = page.let(V_HAT, share * page.state("variance", "v") + (1 - share) * g**2)
            u = page.let("u", g / sqrt(largest(v, _smallest(page) ** 2)))
            size = _size_of_steps(whole, squares, found)
            α = page.let("α", _rate(page, t, known("RMS(w)", float(_rms(whole.weight)))))
            calm = page.let("c", largest(1, known("RMS(u)", size) / page.setting("d", "d", 1.0)))
            new = decayed(page, page.setting("lr", "η", 0.01)) - α / calm * u
        return page.worked(new)


def _smallest(page: Page) -> Quantity:
    """ε₁; where the script gave none, the smallest step of the parameter's type, which the recorder notes."""
    eps = page.settings.get("eps")
    first = eps[0] if isinstance(eps, list) else None
    found = page.settings.get("eps1") if first is None else first
    if not isinstance(found, int | float):
        raise UnfitError("its setting eps is not known", "不认识它的设置 eps")
    return page.plain(found, Symbol("ε", "1"))


def _rate(page: Page, t: Quantity, size: Quantity) -> Quantity:
    """α = max(ε₂, RMS(w)) min(η, 1/√t)."""
    ε = page.setting("eps", Symbol("ε", "2"), 1e-3, place=1)
    return largest(ε, size) * smallest(page.setting("lr", "η", 0.01), 1 / sqrt(t))


def _factored(page: ElementPage, share: Quantity, squares: Array, index: Index, rows: Array) -> Quantity:
    """v̂ = R C / max(mean of R, ε₁), of one row and one column."""
    front, i, j = index[:-2], index[-2], index[-1]
    group = squares[front]
    of_row = known(Bilingual("mean g² of the row", "该行 g² 的均值"), float(group[i].mean()))
    of_column = known(Bilingual("mean g² of the column", "该列 g² 的均值"), float(group[:, j].mean()))
    R_old, C_old = _held(page, "row_var", "R", (*front, i, 0)), _held(page, "col_var", "C", (*front, 0, j))
    R = page.let("R", share * R_old + (1 - share) * of_row, _OF_ROW)
    C = page.let("C", share * C_old + (1 - share) * of_column, _OF_COLUMN)
    mean = known(Bilingual("mean R", "R 的均值"), float(rows[front].mean()))
    return page.let(V_HAT, R * C / largest(mean, _smallest(page)))


def _held(page: ElementPage, name: str, letter: str, place: Index) -> Quantity:
    """A number of the averages, which have a place for each row, or each column."""
    held = page.case.before.get(name)
    return page.before(letter, 0.0 if held is None else held.value_at(place))


def _averages(page: ArrayPage, t: Quantity) -> tuple[Array, dict[str, Array]]:
    """The squared gradients, and their averages after the step."""
    squares = descent(page, decay=False) ** 2
    share = t ** page.setting("beta2_decay", "τ", -0.8)

    def moved(name: str, new: Array) -> Array:
        return np.asarray(page.state(name, name) * (1 - share) + share * new)

    if squares.ndim < 2:
        return squares, {"variance": moved("variance", squares)}
    return squares, {"row_var": moved("row_var", _mean(squares, -1)), "col_var": moved("col_var", _mean(squares, -2))}


def _estimate(page: ArrayPage, found: Mapping[str, Array]) -> Array:
    """v̂ of the whole parameter."""
    if "variance" in found:
        return found["variance"]
    R, C = found["row_var"], found["col_var"]
    return np.asarray(R @ C / np.maximum(_mean(R, -2), _smallest(page)))


def _size_of_steps(page: ArrayPage, squares: Array, found: Mapping[str, Array]) -> float:
    """RMS(u) of the whole parameter. Of a matrix u² = g²/(R C) · mean(R): a row, a matrix and a column are enough."""
    ε = _smallest(page)
    R, C = found.get("row_var"), found.get("col_var")
    if R is not None and C is not None and squares.ndim == 2 and R.size and C.size:
        mean = float(R.mean())
        if mean >= ε and R.min() * C.min() / mean >= ε**2:
            return float(np.sqrt((1 / R[:, 0]) @ squares @ (1 / C[0]) * mean / squares.size))
    return float(np.sqrt(np.mean(squares / np.maximum(_estimate(page, found), ε**2))))


def _mean(array: Array, axis: int) -> Array:
    return np.asarray(array.mean(axis=axis, keepdims=True))


def _rms(array: Array) -> np.float64:
    return np.float64(np.sqrt(np.mean(array**2)))
