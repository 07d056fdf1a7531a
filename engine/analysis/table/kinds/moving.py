"""Ops that only move numbers: views, transposes, joins, picks. A row says where things go; all else follows from that.

NOTE [Positions as numbers]
What an op moves it moves whatever the numbers are. So it is carried out on the places of the elements (0, 1, 2 ...) in
place of the elements: the result then says, for each of its places, where its number came from, and the gradient goes
back the same ways. A place that was filled and not taken from an argument has the number -1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ....bilingual import Bilingual
from ...notation.expression import Expression, Number
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Index, Operand, Worked
from ..operation import Operation
from ..sums import elided, first_and_last

FILLED = -1
"""In place of a position: the number was filled in."""


class Moving(Operation):
    """A row of an op whose results are elements of its arguments, in other places; see NOTE [Positions as numbers].

    carried: names of the arguments whose elements are moved, not of those that say where to. note, back: what is said
    of an element that was moved, and of its gradient.
    """

    carried: ClassVar[tuple[str, ...]] = ("input",)
    note = Bilingual("The same numbers in other places.", "同样的数，换了位置。")
    back = Bilingual("The same gradient, at the places the numbers came from.", "同样的梯度，放回这些数原来的位置。")

    def move(self, call: Call, arrays: Mapping[str, Array], fill: float) -> Array | Sequence[Array]:
        """Carries the op out on some arrays in place of its arguments `moved` names; `fill` stands for a constant."""
        raise NotImplementedError

    def moved(self, call: Call) -> list[str]:
        """The keys of the tensors among the arguments `carried` ("input", "tensors.2")."""
        return [key for key, _ in call.tensors() if key.partition(".")[0] in self.carried]

    def filling(self, call: Call) -> float:
        """The number that is filled in where no element comes to stand."""
        return 0.0

    def forward(self, call: Call) -> Array | Sequence[Array]:
        """The op itself."""
        made = self.move(call, _arrays(call, self.moved(call)), self.filling(call))
        # What numpy picks out of an array may be a bare number.
        return np.asarray(made) if isinstance(made, np.generic) else made

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """Each element gets the sum of what arrived at the places that it was moved to."""
        keys = self.moved(call)
        shapes = {key: array.shape for key, array in _arrays(call, keys).items()}
        starts = _starts(shapes)
        size = sum(map(math.prod, shapes.values()))
        total: Array = np.zeros(size)
        for places, gradient in zip(self.sources(call), upstream, strict=True):
            total = total + added_up(places, gradient, size)
        ends = {key: starts[key] + math.prod(shape) for key, shape in shapes.items()}
        return {key: total[starts[key] : ends[key]].reshape(shape) for key, shape in shapes.items()}

    def sources(self, call: Call) -> list[Array]:
        """For each result, of its shape: which element it is, counted through all moved arguments; -1 if filled."""
        shapes = {key: array.shape for key, array in _arrays(call, self.moved(call)).items()}
        starts = _starts(shapes)
        places = {
            key: np.arange(starts[key], starts[key] + math.prod(shape)).reshape(shape) for key, shape in shapes.items()
        }
        found = self.move(call, places, FILLED)
        return [np.asarray(part) for part in ([found] if isinstance(found, np.ndarray | np.generic) else found)]

    def equation(self, case: Forward) -> Worked:
        """Which element it is."""
        operand, place = self._source(case)
        if operand is None:
            fill = self.filling(case.call)
            return Worked(Number(fill), None, fill, note=Bilingual("It was filled in.", "它是填充进来的。"))
        return Worked(operand.at(place), None, operand.value_at(place), note=self.note)

    def gradient_equation(self, case: Backward) -> Worked:
        """What arrived at all places that the element was moved to."""
        call = case.call
        shapes = {key: array.shape for key, array in _arrays(call, self.moved(call)).items()}
        if case.key not in shapes:
            raise UnfitError("it says where to, and has no gradient", "它只指明位置，没有梯度")
        flat = int(np.ravel_multi_index(case.index, case.wrt.array.shape)) if case.index else 0
        wanted = _starts(shapes)[case.key] + flat
        found: list[tuple[Operand, Index]] = []
        for places, arrived in zip(self.sources(call), case.upstreams, strict=True):
            if arrived is not None:
                found += [(arrived, tuple(place)) for place in np.argwhere(places == wanted).tolist()]
        if not found:
            return Worked(
                Number(0),
                None,
                0.0,
                note=Bilingual("It was not taken, so nothing comes back to it.", "它没有被取用，因此没有梯度传回。"),
            )
        shown = first_and_last(found)
        symbols: list[Expression] = [arrived.at(place) for arrived, place in shown]
        numbers: list[Expression] = [arrived.number(place) for arrived, place in shown]
        computed = float(sum(arrived.value_at(place) for arrived, place in found))
        note = (
            self.back
            if len(found) == 1
            else Bilingual(
                f"It was taken {len(found)} times; what comes back adds up.",
                f"它被取用了 {len(found)} 次；传回来的梯度相加。",
            )
        )
        return Worked(elided(symbols, len(found)), elided(numbers, len(found)), computed, note=note)

    def _source(self, case: Forward) -> tuple[Operand | None, Index]:
        call = case.call
        place = int(self.sources(call)[case.place][case.index])
        if place == FILLED:
            return None, ()
        shapes = {key: array.shape for key, array in _arrays(call, self.moved(call)).items()}
        starts = _starts(shapes)
        key = max((key for key in shapes if starts[key] <= place and math.prod(shapes[key])), key=starts.__getitem__)
        return case.needed(key), tuple(int(i) for i in np.unravel_index(place - starts[key], shapes[key]))


class Reordering(Moving):
    """A row of an op that moves the elements of its first argument only."""

    def reorder(self, call: Call, x: Array) -> Array | Sequence[Array]:
        """Carries the op out on an array in place of the argument."""
        raise NotImplementedError

    def move(self, call: Call, arrays: Mapping[str, Array], fill: float) -> Array | Sequence[Array]:
        """The op on its only moved argument."""
        if len(arrays) != 1:
            raise UnfitError(
                f"its argument {self.carried[0]} is not one tensor", f"它的参数 {self.carried[0]} 不是单个张量"
            )
        return self.reorder(call, next(iter(arrays.values())))


def added_up(places: Array, gradient: Array, size: int) -> Array:
    """At each position below `size`: the sum of the gradients whose place it is; what was filled in gets none."""
    flat, weights = places.reshape(-1) - FILLED, gradient.reshape(-1)
    if np.iscomplexobj(weights):
        return added_up(places, weights.real, size) + 1j * added_up(places, weights.imag, size)
    return np.bincount(flat, weights, minlength=size + 1)[1:]


def _starts(shapes: Mapping[str, tuple[int, ...]]) -> dict[str, int]:
    """Where each argument's positions begin."""
    found, start = {}, 0
    for key, shape in shapes.items():
        found[key] = start
        start += math.prod(shape)
    return found


def _arrays(call: Call, keys: Sequence[str]) -> dict[str, Any]:
    tensors = dict(call.tensors())
    return {key: tensors[key] for key in keys}
