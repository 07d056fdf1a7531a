"""Losses: one term for each place or row, then their mean or their sum.

NOTE [Terms of a loss]
A loss makes a term of each place (mse: (a - t)²) or of each row (cross-entropy: one for each example). What becomes of
them is its reduction: "none" returns them, "sum" adds them up, "mean" divides the sum, by their number as a rule. So
the gradient of each term is what arrived for the loss, divided in the same way. `size_average` and `reduce` are former
names of the same choice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np

from ....bilingual import NOTHING, Bilingual
from ...notation.expression import Equals, EquationLine, Expression, Fraction, Number, Product, Sum, Symbol, Text
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Index, Operand, Worked
from ..operation import Operation
from ..sums import elided, first_and_last, joined
from .factors import ONE, exact, product

WRITTEN_OUT = 2
"""Terms of a loss that are written out in symbols; more of them are a Σ."""


class Loss(Operation):
    """A row of a loss; see NOTE [Terms of a loss]."""

    order: ClassVar[tuple[str, ...]] = ("input", "target")

    def terms(self, call: Call) -> Array:
        """One number a place or row, not yet reduced."""
        raise NotImplementedError

    def pull(self, call: Call, sent: Array) -> Mapping[str, Array]:
        """The terms' vector-Jacobian product. sent: dC/d(term), of the terms' shape."""
        raise NotImplementedError

    def divisor(self, call: Call, count: int) -> float:
        """What a mean divides the sum by. count: how many terms there are."""
        return count

    def divided_by(self, case: Forward | Backward, number: float) -> Expression:
        """The divisor in symbols."""
        return exact(number)

    def term(self, case: Forward, call: Call, place: Index, computed: float) -> tuple[Expression, Expression]:
        """One term, short: in symbols, and in numbers."""
        raise NotImplementedError

    def general(self, case: Forward) -> Expression:
        """Any term, with a letter for its place; it stands behind Σ."""
        raise NotImplementedError

    def detail(self, case: Forward, call: Call, place: Index, computed: float) -> Worked | None:
        """How one term comes about, where `term` does not say it."""
        return None

    def forward(self, call: Call) -> Array:
        """The terms, reduced."""
        with np.errstate(all="ignore"):
            terms = np.asarray(self.terms(call))
            how = reduction_of(call)
            if how == "none":
                return terms
            return np.asarray(terms.sum() / np.float64(self._divisor(call, how, terms.size)))

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """What arrived, spread over the terms, times their derivatives."""
        with np.errstate(all="ignore"):
            count = np.shape(self.terms(call))
            return self.pull(call, self.spread(call, upstream[0], count))

    def spread(self, call: Call, arrived: Array, shape: tuple[int, ...]) -> Array:
        """dC/d(term), of the terms' shape, from dC/d(loss)."""
        how = reduction_of(call)
        if how == "none":
            return arrived
        share = arrived / np.float64(self._divisor(call, how, int(np.prod(shape))))
        return np.broadcast_to(share, shape)

    def equation(self, case: Forward) -> Worked:
        """Its mean or sum, with the terms put in, and how the first of them comes about."""
        call = case.call
        how = reduction_of(call)
        with np.errstate(all="ignore"):
            terms = np.asarray(self.terms(call))
            if how == "none":
                computed = float(terms[case.index])
                found = self.detail(case, call, case.index, computed)
                return found or Worked(*self.term(case, call, case.index, computed), computed)
            shown = [_place(k, terms.shape) for k in first_and_last(range(terms.size))]
            pairs = [self.term(case, call, place, float(terms[place])) for place in shown]
            before, note = self._first(case, call, terms)
            divisor = self._divisor(call, how, terms.size)
            computed = float(terms.sum() / np.float64(divisor))
        if terms.size <= WRITTEN_OUT:
            symbols = joined([symbols for symbols, _ in pairs])
        else:
            symbols = Sum(self.general(case), Text("i"))
        numbers = elided([numbers for _, numbers in pairs], terms.size)
        if divisor != 1:
            symbols = Product((Fraction(ONE, self._divided_by(case, how, divisor)), symbols))
            numbers = Product((Fraction(ONE, exact(divisor)), numbers))
        return Worked(symbols, numbers, computed, before=before, note=note)

    def _first(self, case: Forward, call: Call, terms: Array) -> tuple[tuple[EquationLine, ...], Bilingual]:
        """How the first term comes about, as a line of its own, and its note."""
        if not terms.size:
            return (), NOTHING
        place = _place(0, terms.shape)
        found = self.detail(case, call, place, float(terms[place]))
        if found is None or found.symbols is None or found.numbers is None:
            return (), NOTHING
        end = Number(float(terms[place]), digits_of(case.operands[0]))
        named = self.general(case)
        # A term that the sum only names is written out here under its name: ℓ₀ = max(0, ...).
        left = (replace(named, subscript=",".join(map(str, place))),) if isinstance(named, Symbol) else ()
        line = EquationLine(Equals((*left, found.symbols, found.numbers, end)), found.note)
        return (*found.before, line), NOTHING

    def factors(self, case: Backward, call: Call, place: Index, shape: tuple[int, ...]) -> Factors:
        """What the derivative of a term is multiplied by: what arrived (left out if it is 1), and a mean's share."""
        how = reduction_of(call)
        if how == "none":
            return Factors((case.upstream.at(place),), (case.upstream.number(place),), case.upstream.value_at(place))
        seed = (0,) * case.upstream.array.ndim
        arrived = case.upstream.value_at(seed)
        is_one = arrived == 1.0
        symbols: tuple[Expression, ...] = () if is_one else (case.upstream.expression,)
        numbers: tuple[Expression, ...] = () if is_one else (case.upstream.number(seed),)
        divisor = self._divisor(call, how, int(np.prod(shape)))
        if divisor != 1:
            symbols = (*symbols, Fraction(ONE, self._divided_by(case, how, divisor)))
            numbers = (*numbers, Fraction(ONE, exact(divisor)))
        with np.errstate(all="ignore"):
            return Factors(symbols, numbers, float(np.float64(arrived) / divisor))

    def _divisor(self, call: Call, how: str, count: int) -> float:
        if how == "batchmean":
            rows = call.array("input").shape[:1]
            return rows[0] if rows else 1
        return self.divisor(call, count) if how == "mean" else 1

    def _divided_by(self, case: Forward | Backward, how: str, divisor: float) -> Expression:
        return self.divided_by(case, divisor) if how == "mean" else exact(divisor)


class Factors:
    """Factors before a derivative: in symbols, in numbers, and their product."""

    def __init__(self, symbols: Sequence[Expression], numbers: Sequence[Expression], value: float) -> None:
        self.symbols, self.numbers, self.value = tuple(symbols), tuple(numbers), value

    def times(self, symbols: Expression, numbers: Expression) -> tuple[Expression, Expression]:
        """The whole products, in symbols and in numbers."""
        return product(*self.symbols, symbols), product(*self.numbers, numbers)


class RowLoss(Loss):
    """A loss whose term is made of a whole row of numbers; each number belongs to one row."""

    rows: ClassVar[tuple[str, ...]] = ("input",)
    """Arguments whose gradient has an equation."""

    def row(self, case: Backward, call: Call) -> Index:
        """The row (the place of the term) that the element asked about belongs to."""
        return case.index[:-1]

    def slope(self, case: Backward, call: Call, row: Index) -> Worked:
        """∂(term of that row)/∂(the element)."""
        raise NotImplementedError

    def gradient_equation(self, case: Backward) -> Worked:
        """What arrived for its row, times the term's derivative."""
        call = case.call
        if case.key not in self.rows:
            return super().gradient_equation(case)
        row = self.row(case, call)
        with np.errstate(all="ignore"):
            found = self.slope(case, call, row)
            before = self.factors(case, call, row, np.shape(self.terms(call)))
        if found.symbols is None or not isinstance(found.computed, float):
            raise UnfitError("it has no equation for this argument", "对于这个参数没有公式")
        symbols, numbers = before.times(found.symbols, found.numbers or found.symbols)
        computed = before.value * found.computed if found.computed else 0.0
        return Worked(symbols, numbers, computed, before=found.before, note=found.note)


def reduction_of(call: Call) -> str:
    """ "none", "sum", "mean" or "batchmean", also where it was said in the former way.

    Raises UnfitError for torch.kl_div and the like, which functional's calls: their arguments are in another order.
    """
    if not call.function.startswith("torch.nn.functional."):
        raise UnfitError(
            "it is not torch.nn.functional's, so its arguments are in another order",
            "它不是 torch.nn.functional 中的函数，参数的顺序不同",
        )
    average, reduce = call.get("size_average"), call.get("reduce")
    if average is None and reduce is None:
        found = call.get("reduction", "mean")
        if found not in ("none", "sum", "mean", "batchmean"):
            raise UnfitError(f"its reduction {found} is not known", f"不认识它的 reduction：{found}")
        return str(found)
    if reduce is not None and not reduce:
        return "none"
    return "mean" if average is None or average else "sum"


def digits_of(operand: Operand) -> int:
    """As many digits as the recorded numbers carry."""
    return 10 if operand.array.dtype == np.float64 else 7


def numbers_of(settings: Mapping[str, Any], name: str) -> float:
    """A setting that is a plain number."""
    found = settings.get(name)
    if not isinstance(found, int | float):
        raise UnfitError(f"its argument {name} is not a number", f"它的参数 {name} 不是一个数")
    return float(found)


def _place(k: int, shape: tuple[int, ...]) -> Index:
    return tuple(int(i) for i in np.unravel_index(k, shape))
