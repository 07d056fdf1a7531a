"""Losses that compare place by place, with broadcasting: a row says one term's formula and its derivatives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ...notation.expression import Expression, Neg, Number, Sub, Sum, Text
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Index, Operand, Worked
from ..sums import elided, first_and_last, used_at
from .factors import exact, product
from .loss import Loss, reduction_of
from .pointwise import stretched, summed_to, uses

Settings = Mapping[str, Any]
"""An op's arguments by name; a row reads only those that are no tensors."""

Point = Sequence[float]
"""The operands' numbers at one place, so that a formula can say which of its cases holds there."""


class PointwiseLoss(Loss):
    """A row of a loss whose term at a place depends on its arguments at that place only; see NOTE [Broadcasting].

    operands: names of the arguments that are compared. share_of_weight: with a weight, a mean divides by the weights'
    sum and not by the number of terms.
    """

    operands: ClassVar[tuple[str, ...]] = ("input", "target")
    share_of_weight: ClassVar[bool] = False

    def compute(self, settings: Settings, *x: Array) -> Array:
        """A term, without weight. x: one array an operand, broadcast together."""
        raise NotImplementedError

    def derive(self, settings: Settings, *x: Array) -> Sequence[Array | None]:
        """∂(term)/∂x of each operand; None for one that has no gradient."""
        raise NotImplementedError

    def write(self, settings: Settings, point: Point | None, *x: Expression) -> Expression:
        """A term in textbook notation. point: the numbers there; None for any place."""
        raise NotImplementedError

    def write_slopes(self, settings: Settings, point: Point, *x: Expression) -> Sequence[Expression | None]:
        """∂(term)/∂x of each operand in textbook notation; None where only its number is shown."""
        return [None] * len(x)

    def lined_up(self, call: Call, name: str) -> tuple[int, ...]:
        """The shape in which an argument is broadcast."""
        return np.shape(call[name])

    def terms(self, call: Call) -> Array:
        """Each term, times its weight."""
        found = self._plain_terms(call)
        return found if call.get("weight") is None else found * call.array("weight")

    def divisor(self, call: Call, count: int) -> float:
        """The number of terms, or the sum of their weights."""
        if self.share_of_weight and call.get("weight") is not None:
            return float(call.array("weight").sum())
        return count

    def divided_by(self, case: Forward | Backward, number: float) -> Expression:
        """The number of terms, or Σ w."""
        weight = case.operand("weight")
        if not self.share_of_weight or weight is None:
            return exact(number)
        return Sum(weight.at(("i",)), Text("i"))

    def pull(self, call: Call, sent: Array) -> Mapping[str, Array]:
        """What arrived for each term times its derivative, summed over the places where an element was used."""
        slopes = self.derive(call.arguments, *self._arrays(call))
        weight = call.array("weight") if call.get("weight") is not None else np.asarray(1.0)
        found = {}
        for name, slope in zip(self._present(call), slopes, strict=True):
            if slope is not None and isinstance(call[name], np.ndarray):
                lined = summed_to(sent * weight * slope, self.lined_up(call, name))
                found[name] = lined.reshape(call[name].shape)
        if call.get("weight") is not None:
            found["weight"] = summed_to(sent * self._weight_slopes(call), weight.shape)
        return found

    def _weight_slopes(self, call: Call) -> Array:
        """∂C/∂w before it is divided: a term, less the loss itself where the weights' sum is what it is divided by."""
        terms = self._plain_terms(call)
        if self.share_of_weight and reduction_of(call) == "mean":
            return terms - self.forward(call)
        return terms

    def term(self, case: Forward, call: Call, place: Index, computed: float) -> tuple[Expression, Expression]:
        """The formula at one place."""
        point = self._point(case, call, place)
        symbols, numbers = self._written(case, call, place)
        return (
            product(*symbols[1], self.write(call.arguments, point, *symbols[0])),
            product(*numbers[1], self.write(call.arguments, point, *numbers[0])),
        )

    def general(self, case: Forward) -> Expression:
        """The formula at any place i."""
        call = case.call
        weight = case.operand("weight")
        factors = () if weight is None else (weight.at(("i",)),)
        x = (operand.at(("i",)) for operand in self._operands(case, call))
        return product(*factors, self.write(call.arguments, None, *x))

    def gradient_equation(self, case: Backward) -> Worked:
        """What arrived, the share of a mean, and the term's derivative, at each place where the element was used."""
        call = case.call
        names = [*self._present(call), "weight"]
        if case.key not in names:
            raise UnfitError("it has no gradient for this argument", "它对这个参数没有梯度")
        which = names.index(case.key)
        shape = self._shape(call)
        lined = case.wrt.array.shape if case.key == "weight" else self.lined_up(call, case.key)
        index = (*case.index, *(0,) * (len(lined) - len(case.index)))
        places = uses(index, lined, shape)
        shown = first_and_last(places)
        slopes = [self._slope(case, call, which, place) for place in shown]
        note = used_at(len(places))
        computed = float(self.vjp(call, case.arrived)[case.key][case.index])
        if reduction_of(call) == "none":
            pairs = [
                self.factors(case, call, place, shape).times(*slope) for place, slope in zip(shown, slopes, strict=True)
            ]
            symbols = elided([part for part, _ in pairs], len(places))
            return Worked(symbols, elided([part for _, part in pairs], len(places)), computed, note=note)
        before = self.factors(case, call, places[0] if places else (), shape)
        symbols, numbers = (elided([slope[k] for slope in slopes], len(places)) for k in (0, 1))
        return Worked(*before.times(symbols, numbers), computed, note=note)

    def _slope(self, case: Backward, call: Call, which: int, place: Index) -> tuple[Expression, Expression]:
        """∂(term)/∂(argument) at one place, times its weight."""
        (x, weight), (numbers, weights) = self._written(case, call, place)
        point = self._point(case, call, place)
        settings = call.arguments
        if which == len(x):
            parts = self.write(settings, point, *x), self.write(settings, point, *numbers)
            if self.share_of_weight and reduction_of(call) == "mean":
                return Sub(parts[0], case.result.expression), Sub(parts[1], case.result.number(()))
            return parts
        symbols = self.write_slopes(settings, point, *x)[which]
        formula = self.write_slopes(settings, point, *numbers)[which]
        if symbols is None or formula is None:
            with np.errstate(all="ignore"):
                slope = self.derive(settings, *(np.asarray(number) for number in point))[which]
            if slope is None:
                raise UnfitError("it has no gradient for this argument", "它对这个参数没有梯度")
            symbols = formula = Number(float(slope))
        return _signed(weight, symbols), _signed(weights, formula)

    def _written(
        self, case: Forward | Backward, call: Call, place: Index
    ) -> tuple[tuple[list[Expression], list[Expression]], tuple[list[Expression], list[Expression]]]:
        """The operands and the weight at a place, in symbols and in numbers."""
        pairs = [(operand, self._read_at(call, operand, place)) for operand in self._operands(case, call)]
        weight = case.operand("weight")
        weights = [] if weight is None else [(weight, stretched(place, weight.array.shape))]
        return (
            ([operand.at(at) for operand, at in pairs], [operand.at(at) for operand, at in weights]),
            ([operand.number(at) for operand, at in pairs], [operand.number(at) for operand, at in weights]),
        )

    def _point(self, case: Forward | Backward, call: Call, place: Index) -> Point:
        return [operand.value_at(self._read_at(call, operand, place)) for operand in self._operands(case, call)]

    def _read_at(self, call: Call, operand: Operand, place: Index) -> Index:
        """The place in an argument that is read for a place of the terms."""
        name = call.keys.get(operand.name, operand.name)
        return stretched(place, self.lined_up(call, name))[: operand.array.ndim]

    def _operands(self, case: Forward | Backward, call: Call) -> list[Operand]:
        return [case.needed(name) for name in self._present(call)]

    def _present(self, call: Call) -> list[str]:
        return [name for name in self.operands if call.get(name) is not None]

    def _arrays(self, call: Call) -> list[Array]:
        arrays = [call.array(name).reshape(self.lined_up(call, name)) for name in self._present(call)]
        if any(array.dtype.kind == "c" for array in arrays):
            raise UnfitError("its numbers are complex", "它的数值是复数")
        return arrays

    def _shape(self, call: Call) -> tuple[int, ...]:
        shapes = [self.lined_up(call, name) for name in self._present(call)]
        if call.get("weight") is not None:
            shapes.append(call.array("weight").shape)
        return np.broadcast_shapes(*shapes)

    def _plain_terms(self, call: Call) -> Array:
        call.allow(self._shape(call))
        return np.asarray(self.compute(call.arguments, *self._arrays(call)))


def _signed(weight: Sequence[Expression], slope: Expression) -> Expression:
    """w·slope, with a minus in front of the whole."""
    if weight and isinstance(slope, Neg):
        return Neg(product(*weight, slope.operand))
    return product(*weight, slope)
