"""Ops that work place by place, with broadcasting: a row says one element's formula and its derivatives.

NOTE [Broadcasting]
Shapes are lined up at their last dimensions; an argument that lacks one, or has size 1 there, is used again at each
place of it. So its gradient is the sum over all places at which each of its elements was used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ...notation.expression import Call as Applied
from ...notation.expression import Expression, Neg, Number, Product
from ..call import Array, Call
from ..case import Backward, Forward, Index, Operand, Worked, constant
from ..operation import Operation
from ..sums import elided, first_and_last, used_at

Settings = Mapping[str, Any]
"""An op's arguments by name; a row reads only those that are no tensors."""

ONE = Number(1)


class Pointwise(Operation):
    """A row of an op whose result at a place depends on its arguments at that place only; see NOTE [Broadcasting].

    operands: names of the arguments that are numbers to compute with (tensors, or plain numbers that stand for one).
    """

    operands: ClassVar[tuple[str, ...]] = ("input",)

    def compute(self, settings: Settings, *x: Array) -> Array:
        """The op's formula. x: one array an operand, broadcast together."""
        raise NotImplementedError

    def derive(self, settings: Settings, y: Array, *x: Array) -> Sequence[Array | float | None]:
        """∂y/∂x of each operand, of any shape that broadcasts to y's; None for one that has no gradient."""
        raise NotImplementedError

    def write(self, settings: Settings, *x: Expression) -> Expression:
        """The formula in textbook notation, from the operands' symbols or numbers."""
        return Applied(type(self).__name__.lower(), x)

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Sequence[Expression | None]:
        """∂y/∂x of each operand in textbook notation, from symbols or numbers; None where only its number is shown."""
        return [None] * len(x)

    def forward(self, call: Call) -> Array:
        """The formula at every place."""
        x = [call.array(name) for name in self._present(call)]
        call.allow(broadcast(x))
        with np.errstate(all="ignore"):
            return np.asarray(self.compute(call.arguments, *x))

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """What arrived times the derivative, summed over the places where an element was used."""
        names = self._present(call)
        x = [call.array(name) for name in names]
        call.allow(broadcast(x))
        keys = {key for key, _ in call.tensors()}
        with np.errstate(all="ignore"):
            slopes = self.derive(call.arguments, np.asarray(self.compute(call.arguments, *x)), *x)
            return {
                name: summed_to(_times(upstream[0], slope, array), array.shape)
                for name, array, slope in zip(names, x, slopes, strict=True)
                if slope is not None and name in keys
            }

    def slopes_at(self, settings: Settings, which: int, *x: Array) -> Array:
        """∂y/∂x of one operand at some places, in float64, of the places' shape."""
        with np.errstate(all="ignore"):
            slope = self.derive(settings, np.asarray(self.compute(settings, *x)), *x)[which]
        if slope is None:
            raise ValueError("no gradient")
        shape = np.broadcast_shapes(*(np.shape(part) for part in x))
        return np.broadcast_to(np.asarray(slope, dtype=np.float64), shape)

    def equation(self, case: Forward) -> Worked:
        """The formula at one place."""
        pairs = [(operand, stretched(case.index, operand.array.shape)) for operand in self._operands(case)]
        with np.errstate(all="ignore"):
            numbers = [np.asarray(operand.value_at(place)) for operand, place in pairs]
            computed = float(self.compute(case.settings, *numbers))
        return Worked(
            self.write(case.settings, *(operand.at(place) for operand, place in pairs)),
            self.write(case.settings, *(operand.number(place) for operand, place in pairs)),
            computed,
        )

    def gradient_equation(self, case: Backward) -> Worked:
        """What arrived, times the derivative by that argument, summed over the places where it was used."""
        operands = self._operands(case)
        which = next(i for i, operand in enumerate(operands) if operand.name == case.wrt.name)
        places = uses(case.index, case.wrt.array.shape, case.upstream.array.shape)
        read = [operand.gather([stretched(place, operand.array.shape) for place in places]) for operand in operands]
        slopes = self.slopes_at(case.settings, which, *read)
        shown = first_and_last(range(len(places)))
        terms = [self._term(case, operands, which, places[i], float(slopes[i])) for i in shown]
        note = used_at(len(places))
        return Worked(
            elided([symbols for symbols, _ in terms], len(places)),
            elided([numbers for _, numbers in terms], len(places)),
            float(np.sum(case.upstream.gather(places) * slopes)),
            note=note,
        )

    def _term(
        self, case: Backward, operands: Sequence[Operand], which: int, place: Index, slope: float
    ) -> tuple[Expression, Expression]:
        """What arrived at one place times the derivative there, in symbols and numbers; a factor of 1 is left out."""
        pairs = [(operand, stretched(place, operand.array.shape)) for operand in operands]
        symbols = self.write_slopes(case.settings, case.result.at(place), *(x.at(at) for x, at in pairs))[which]
        numbers = self.write_slopes(case.settings, case.result.number(place), *(x.number(at) for x, at in pairs))[which]
        return (
            _scaled(case.upstream.at(place), symbols or self.slope_symbol(case, operands[which], pairs[which][1])),
            _scaled(case.upstream.number(place), numbers or Number(slope)),
        )

    def slope_symbol(self, case: Backward, operand: Operand, place: Index) -> Expression:
        """How the derivative is called where it has no formula of its own: relu′(z)."""
        return Applied(f"{case.op.name.rstrip('_')}′", (operand.at(place),))

    def _present(self, call: Call) -> list[str]:
        return [name for name in self.operands if call.get(name) is not None]

    def _operands(self, case: Forward | Backward) -> list[Operand]:
        found = []
        for name in self.operands:
            operand = case.operand(name)
            flag = case.settings.get(name)
            if operand is None and isinstance(flag, bool):
                operand = constant(flag, name)
            if operand is not None:
                found.append(operand)
        return found


def _times(arrived: Array, slope: Array | float, argument: Array) -> Array:
    """What arrived times the derivative; torch's gradient of complex numbers takes the derivative's conjugate."""
    found = arrived * (np.conj(slope) if np.iscomplexobj(slope) else slope)
    return found if np.iscomplexobj(argument) else np.real(found)


def _scaled(arrived: Expression, slope: Expression) -> Expression:
    if slope == ONE:
        return arrived
    return Neg(arrived) if slope == Neg(ONE) else Product((arrived, slope))


def summed_to(gradient: Array, shape: tuple[int, ...]) -> Array:
    """The gradient of what was broadcast from `shape`: summed over the dimensions that were added or stretched."""
    added = gradient.ndim - len(shape)
    if added > 0:
        gradient = gradient.sum(axis=tuple(range(added)))
    stretched_axes = tuple(i for i, size in enumerate(shape) if size == 1 and gradient.shape[i] != 1)
    if stretched_axes:
        gradient = gradient.sum(axis=stretched_axes, keepdims=True)
    return np.broadcast_to(gradient, shape)


def stretched(index: Index, shape: Index) -> Index:
    """The place in an argument of that shape which a place in the result reads; see NOTE [Broadcasting]."""
    own = index[len(index) - len(shape) :]
    return tuple(0 if size == 1 else i for size, i in zip(shape, own, strict=True))


def uses(index: Index, shape: Index, result: Index) -> list[Index]:
    """All places of the result that read a place of an argument."""
    if not result:
        return [()]
    front = len(result) - len(shape)
    ranges = [range(size) for size in result[:front]]
    ranges += [
        range(size) if own == 1 else range(i, i + 1) for size, own, i in zip(result[front:], shape, index, strict=True)
    ]
    return [tuple(place) for place in np.array(np.meshgrid(*ranges, indexing="ij")).reshape(len(result), -1).T.tolist()]


def broadcast(arrays: Sequence[Array]) -> tuple[int, ...]:
    """The shape that arrays have together; () where they do not fit, of which the formula itself will complain."""
    try:
        return np.broadcast_shapes(*(array.shape for array in arrays))
    except ValueError:
        return ()
