"""Ops that write over some elements of their first argument, in place or in a copy, or add to them.

NOTE [Writes as moves]
After a write each element is an old one that stayed, or one that was written: so a write is a move (see NOTE [Positions
as numbers]) that takes its elements from two arguments. What was written over got lost, and gets no gradient. Where
several numbers are added to one place, or to what stands there, it is a sum instead, and each term gets its gradient.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np

from ....bilingual import Bilingual
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Worked
from ..sums import elided, first_and_last, flat_add
from .factors import scaled
from .moving import Moving, added_up

OVERWRITTEN = (
    "What is written over gets gradient 0; what is written gets the gradient of its places.",
    "被覆盖的数梯度为 0；写入的数得到所写位置的梯度。",
)
"""What the gradient of most writes means, in English and Chinese."""

ADDED = (
    "Each number that was added gets the gradient of the place that it was added to; the old numbers keep theirs.",
    "每个加上去的数得到其所加位置的梯度；原来的数照样得到自己的梯度。",
)


class Writing(Moving):
    """A row of an op that writes over some elements of its first argument, with a tensor or with one number.

    source: the name of what is written.
    """

    source: ClassVar[str] = "value"
    note = Bilingual("The number that stands there after the write.", "写入之后该位置上的数。")
    back = Bilingual("The gradient of the place where it stands after the write.", "写入之后它所在位置的梯度。")

    def source_of(self, call: Call) -> str:
        """The name of what is written."""
        return self.source

    def moved(self, call: Call) -> list[str]:
        """The tensor that is written to, and what is written, if that is a tensor."""
        return [key for key, _ in call.tensors() if key in ("input", self.source_of(call))]

    def filling(self, call: Call) -> float:
        """The number that is written."""
        name = self.source_of(call)
        return 0.0 if isinstance(call.get(name), np.ndarray) else call.number(name)

    def write(self, call: Call, x: Array, value: Array) -> Array:
        """x after the write, in a new array. value: what is written, of x's type; a scalar for a plain number."""
        raise NotImplementedError

    def move(self, call: Call, arrays: Mapping[str, Array], fill: float) -> Array:
        """The write."""
        x = arrays["input"]
        value = arrays.get(self.source_of(call), np.asarray(fill))
        with np.errstate(invalid="ignore"):
            return self.write(call, x, value.astype(x.dtype, copy=False))


class Placing(Writing):
    """A row of a write to places that an index names: `pick` says which; or of a sum at those places."""

    def pick(self, call: Call, x: Array) -> Array:
        """The elements of x that are written to, in the order of what is written."""
        raise NotImplementedError

    def fit(self, call: Call, value: Array, shape: tuple[int, ...]) -> Array:
        """What is written, one number for each place. Raises UnfitError where it has no such shape."""
        while value.ndim > len(shape) and value.shape[0] == 1:
            value = value[0]
        try:
            return np.broadcast_to(value, shape)
        except ValueError:
            raise UnfitError(
                "the places as recorded are others than those that it wrote to", "记录的位置与它实际写入的位置不同"
            ) from None

    def adds(self, call: Call) -> bool:
        """Whether it adds to what is there, in place of writing over it."""
        return bool(call.get("accumulate", False))

    def factor(self, call: Call) -> float:
        """What each number is multiplied by before it is added."""
        return call.number("alpha") if "alpha" in call else 1.0

    def targets(self, call: Call) -> Array:
        """The position in the first argument of each place that is written to."""
        shape = call.array("input").shape
        return np.asarray(self.pick(call, np.arange(math.prod(shape)).reshape(shape)))

    def written(self, call: Call) -> Array:
        """For each of these places, the position in what is written of its number."""
        shape = call.array(self.source_of(call)).shape
        return self.fit(call, np.arange(math.prod(shape)).reshape(shape), self.targets(call).shape)

    def refuse_twice(self, call: Call, places: Array) -> None:
        """Raises UnfitError where a place is written twice: torch does not define which number stays.

        Its gradient is that of all numbers written there, whether they stayed or not.
        """
        if places.size and np.bincount(places.reshape(-1)).max() > 1:
            raise UnfitError(
                "it writes twice to one place, and which number stays is not defined",
                "它对同一个位置写入了两次，最后留下哪个数没有定义",
            )

    def write(self, call: Call, x: Array, value: Array) -> Array:
        """The numbers at the places."""
        made = x.copy()
        places = self.targets(call)
        if value.size > 1:
            self.refuse_twice(call, places)
        made.reshape(-1)[places] = self.fit(call, value, places.shape)
        return made

    def forward(self, call: Call) -> Array | Sequence[Array]:
        """The write, or the sum."""
        if not self.adds(call):
            return super().forward(call)
        made = call.array("input").copy()
        value = call.array(self.source_of(call)).astype(made.dtype, copy=False) * self.factor(call)
        places = self.targets(call)
        np.add.at(made.reshape(-1), places, self.fit(call, value, places.shape).astype(made.dtype, copy=False))
        return made

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """Of a sum: to the first argument what arrived, to each added number what arrived at its place."""
        if not self.adds(call):
            if len(self.moved(call)) > 1:
                self.refuse_twice(call, self.targets(call))
            return super().vjp(call, upstream)
        (G,) = upstream
        name = self.source_of(call)
        shape = call.array(name).shape
        read = G.reshape(-1)[self.targets(call)] * self.factor(call)
        return {"input": G, name: added_up(self.written(call), read, math.prod(shape)).reshape(shape)}

    def equation(self, case: Forward) -> Worked:
        """Which number stands there; of a sum: its terms."""
        call = case.call
        if not self.adds(call):
            return super().equation(case)
        x, value, factor = case.needed("input"), case.needed(self.source_of(call)), self.factor(call)
        flat = int(np.ravel_multi_index(case.index, x.array.shape)) if case.index else 0
        found = self.written(call)[self.targets(call) == flat].tolist()
        places = [tuple(map(int, np.unravel_index(i, value.array.shape))) for i in found]
        shown = first_and_last(places)
        symbols = elided([scaled(factor, value.at(place)) for place in shown], len(places))
        numbers = elided([scaled(factor, value.number(place)) for place in shown], len(places))
        computed = x.value_at(case.index) + factor * float(value.gather(places).sum())
        if not places:
            return Worked(
                x.at(case.index), None, computed, note=Bilingual("Nothing was added here.", "这里没有加上任何数。")
            )
        note = (
            Bilingual(f"{len(places)} numbers were added here.", f"这里加上了 {len(places)} 个数。")
            if len(places) > 1
            else Bilingual("One number was added here.", "这里加上了 1 个数。")
        )
        return Worked(flat_add(x.at(case.index), symbols), flat_add(x.number(case.index), numbers), computed, note=note)

    def gradient_equation(self, case: Backward) -> Worked:
        """What arrived where it stands, or where it was added."""
        call, G = case.call, case.upstream
        if not self.adds(call):
            if len(self.moved(call)) > 1:
                self.refuse_twice(call, self.targets(call))
            return super().gradient_equation(case)
        if case.key == "input":
            return Worked(
                G.at(case.index),
                None,
                G.value_at(case.index),
                note=Bilingual("A sum passes the gradient on.", "求和会把梯度原样传下去。"),
            )
        factor = self.factor(call)
        wanted = int(np.ravel_multi_index(case.index, case.wrt.array.shape)) if case.index else 0
        found = self.targets(call)[self.written(call) == wanted].tolist()
        places = [tuple(map(int, np.unravel_index(i, G.array.shape))) for i in found]
        shown = first_and_last(places)
        symbols = elided([scaled(factor, G.at(place)) for place in shown], len(places))
        numbers = elided([scaled(factor, G.number(place)) for place in shown], len(places))
        note = Bilingual("The gradient of the place that it was added to.", "它被加到的那个位置的梯度。")
        return Worked(symbols, numbers, factor * float(G.gather(places).sum()), note=note)
