"""Rows of reductions by index: scatter_reduce, index_reduce.

Formulas: PyTorch's documentation of torch.Tensor.scatter_reduce_ and index_reduce_; gradients from derivatives.yaml:
the largest (smallest) numbers of a group share its gradient evenly.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....bilingual import Bilingual
from ...notation.expression import Call as Applied
from ...notation.expression import Expression, Text
from ..call import Array, Call, UnfitError
from ..case import Forward, Worked
from ..operation import Operation, operation
from ..sums import first_and_last
from ..words import Words
from .scatters import Beside, Slicing

_START = {"sum": 0.0, "mean": 0.0, "prod": 1.0, "amax": -np.inf, "amin": np.inf}
_UFUNCS: dict[str, Any] = {
    **{"sum": np.add, "mean": np.add, "prod": np.multiply},
    **{"amax": np.maximum, "amin": np.minimum},
}


@dataclass(frozen=True, slots=True)
class Groups:
    """The numbers that meet at each place: x (flat), and of the source those at places (flat), if x takes part.

    own: for each place, whether the number that stood there takes part.
    """

    x: Array
    values: Array
    places: Array
    own: Array
    kind: str

    def folded(self, ufunc: Any, start: float, values: Array, x: Array) -> Array:
        """One number a place, from those that meet there."""
        made = np.where(self.own, x, start)
        ufunc.at(made, self.places, values)
        return made

    @property
    def counts(self) -> Array:
        """How many numbers meet at each place."""
        return self.folded(np.add, 0, np.ones(self.values.shape), np.ones(self.x.shape))

    @property
    def result(self) -> Array:
        """What they come to; a place to which nothing goes keeps its number."""
        made = self.folded(_UFUNCS[self.kind], _START[self.kind], self.values, self.x)
        if self.kind == "mean":
            made = made / np.maximum(self.counts, 1)
            made = np.floor(made) if self.x.dtype.kind == "i" else made
        return np.asarray(made.astype(self.x.dtype))

    def slopes(self) -> tuple[Array, Array]:
        """∂result/∂x and ∂result/∂value of each number that takes part."""
        if self.kind == "prod":
            zeros = self.folded(np.add, 0, self.values == 0, self.x == 0)
            rest = self.folded(
                np.multiply, 1, np.where(self.values == 0, 1, self.values), np.where(self.x == 0, 1, self.x)
            )
            return self._others(self.x, zeros, rest), self._others(self.values, zeros[self.places], rest[self.places])
        if self.kind in ("amax", "amin"):
            best = self.result
            hits = self.folded(np.add, 0, self.values == best[self.places], self.x == best)
            shares = 1 / np.maximum(hits, 1)
            return (self.x == best) * shares, (self.values == best[self.places]) * shares[self.places]
        scale = np.ones(self.x.shape) if self.kind == "sum" else 1 / np.maximum(self.counts, 1)
        return scale, scale[self.places]

    def _others(self, own: Array, zeros: Array, rest: Array) -> Array:
        """The product of the others: no other may be zero."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.where(own == 0, (zeros == 1) * rest, (zeros == 0) * rest / np.where(own == 0, 1, own)))


class Reducing(Operation):
    """A row of an op that reduces what meets at a place. placing: the row of the write to the same places."""

    placing: Beside | Slicing
    source = "src"

    def groups(self, call: Call) -> Groups:
        """What meets where. Raises UnfitError for a reduction that is not known."""
        kind = {"mul": "prod"}.get(call["reduce"], call["reduce"])
        if kind not in _UFUNCS:
            raise UnfitError(f"reduce={kind!r} is not known", f"不认识 reduce={kind!r}")
        x = call.array("input")
        places = self.placing.targets(call)
        values = self.placing.fit(call, call.array(self.source), places.shape).reshape(-1).astype(x.dtype)
        own = np.ones(x.size, dtype=bool)
        if not call["include_self"]:
            own[places.reshape(-1)] = False
        return Groups(x.reshape(-1), values, places.reshape(-1), own, kind)

    def forward(self, call: Call) -> Array:
        """One number a place."""
        return self.groups(call).result.reshape(call.array("input").shape)

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """What arrived, times the slope of each number that took part."""
        groups = self.groups(call)
        (G,) = upstream
        of_x, of_values = groups.slopes()
        source = call.array(self.source)
        sent = np.zeros(source.size)
        written = self.placing.fit(call, np.arange(source.size).reshape(source.shape), self.placing.targets(call).shape)
        np.add.at(sent, written.reshape(-1), of_values * G.reshape(-1)[groups.places])
        return {
            "input": (of_x * groups.own * G.reshape(-1)).reshape(G.shape),
            self.source: sent.reshape(source.shape),
        }

    def equation(self, case: Forward) -> Worked:
        """The numbers that meet at the place."""
        call, x, value = case.call, case.needed("input"), case.needed(self.source)
        groups = self.groups(call)
        flat = int(np.ravel_multi_index(case.index, x.array.shape)) if case.index else 0
        shape = value.array.shape
        written = self.placing.fit(
            call, np.arange(math.prod(shape)).reshape(shape), self.placing.targets(call).shape
        ).reshape(-1)[groups.places == flat]
        met = [(value, tuple(map(int, np.unravel_index(i, shape)))) for i in written.tolist()]
        met = [(x, case.index), *met] if groups.own[flat] else met
        shown = first_and_last(met)
        dots = (Text("⋯"),) if len(shown) < len(met) else ()
        symbols: list[Expression] = [operand.at(place) for operand, place in shown]
        numbers: list[Expression] = [operand.number(place) for operand, place in shown]
        return Worked(
            Applied(groups.kind, (*symbols[:-1], *dots, *symbols[-1:])),
            Applied(groups.kind, (*numbers[:-1], *dots, *numbers[-1:])),
            float(groups.result[flat]),
            note=Bilingual(f"{len(met)} numbers meet at this place.", f"有 {len(met)} 个数汇集到这个位置。"),
        )


class _Beside(Beside):
    """Where scatter_reduce writes to."""


class _Slices(Slicing):
    """Where index_reduce writes to."""

    source = "source"


@operation("scatter_reduce(input, dim, index, src, reduce, *, include_self=True)")
class ScatterReduce(Reducing):
    """The sum, mean, product, largest or smallest of what an index sends to each place."""

    placing = _Beside()
    nodes = ("ScatterReduceBackward",)
    words = Words(
        (
            "scatter_reduce brings numbers to the places that their indices name, and reduces those that meet.",
            "scatter_reduce 把各数送到其下标所指的位置，并对汇集在一处的数做归约。",
        ),
        (
            "Each number gets its place's gradient by its part in the result: all of a sum, its share of a mean.",
            "每个数按其在结果中的作用得到所在位置的梯度：求和时为全部，求均值时为一份。",
        ),
    )


@operation("index_reduce(input, dim, index, source, reduce, *, include_self=True)")
class IndexReduce(Reducing):
    """The mean, product, largest or smallest of slices that an index sends to each slice."""

    placing = _Slices()
    source = "source"
    nodes = ("IndexReduceBackward",)
    words = Words(
        (
            "index_reduce brings slices to the numbers that an index names, and reduces those that meet.",
            "index_reduce 把切片送到下标所指之处，并对汇集的切片做归约。",
        ),
        (
            "Each number gets its place's gradient by its part in the result.",
            "每个数按其在结果中的作用得到所在位置的梯度。",
        ),
    )
