"""Rows of distances between rows of numbers: pairwise_distance, cdist, pdist and dist.

Formulas: PyTorch's documentation of PairwiseDistance, cdist, pdist and dist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ....bilingual import NOTHING, Bilingual
from ...notation.expression import Add, Expression, Number, Sub
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Index, Operand, Worked
from ..kinds.factors import exact, product
from ..kinds.lengths import length, slopes, write_length, write_slope
from ..kinds.pointwise import stretched, summed_to, uses
from ..operation import Operation, operation
from ..sums import elided, first_and_last
from ..words import Words

_CLOSE = 1e-2
"""Squared distance, relative to the points' own squared lengths, below which a matrix product is too inexact."""

_GRADIENT = (
    "A point's gradient points straight away from the other point: the difference divided by the distance.",
    "每个点的梯度指向远离另一点的方向：等于两点之差除以距离。",
)


class Distance(Operation):
    """A row of an op that makes lengths of differences d = a - b + ε.

    sides: names of a and b. ties_share: see `slopes`.
    """

    sides = ("x1", "x2")
    ties_share = True

    def lined_up(self, call: Call) -> tuple[Array, Array]:
        """a and b, to be broadcast; the numbers of one distance are the last dimension."""
        raise NotImplementedError

    def spot(self, call: Call, place: Index, k: int) -> tuple[Index, Index]:
        """Where the k-th numbers of a result's a and b are in their arguments."""
        raise NotImplementedError

    def readers(self, case: Backward, call: Call) -> list[tuple[Index, int, int]]:
        """(place of a result, k, sign in d) for each use of the element that is asked about."""
        raise NotImplementedError

    def put_back(self, call: Call, sent: Array) -> Mapping[str, Array]:
        """The gradients of the arguments from that of d."""
        a, b = self.lined_up(call)
        first, second = self.sides
        return {
            first: summed_to(sent, a.shape).reshape(call.array(first).shape),
            second: -summed_to(sent, b.shape).reshape(call.array(second).shape),
        }

    def p(self, call: Call) -> float:
        """Which norm."""
        return call.number("p")

    def offset(self, call: Call) -> float:
        """ε, that is added to each difference."""
        return 0.0

    def differences(self, call: Call) -> Array:
        """d, (..., k)."""
        a, b = self.lined_up(call)
        return np.asarray(a - b + self.offset(call))

    def shaped(self, call: Call, lengths: Array) -> Array:
        """The result, of the shape that torch gives it."""
        return lengths

    def forward(self, call: Call) -> Array:
        """All lengths."""
        return self.shaped(call, length(self.differences(call), self.p(call)))

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """What arrived for each length, times its derivative."""
        d, p = self.differences(call), self.p(call)
        whole = length(d, p)
        sent = upstream[0].reshape(whole.shape)[..., None] * slopes(d, whole[..., None], p, ties_share=self.ties_share)
        return self.put_back(call, sent)

    def equation(self, case: Forward) -> Worked:
        """√Σ (a - b)², or of another norm."""
        call = case.call
        p, count = self.p(call), self.differences(call).shape[-1]
        places = [self.spot(call, case.index, k) for k in range(count)]
        a, b = self._operands(case)
        shown = first_and_last(places)
        general = self._general(call, a, b, case.index, count)
        numbers = [self._difference(call, a.number(i), b.number(j)) for i, j in shown]
        d = a.gather([i for i, _ in places]) - b.gather([j for _, j in places]) + self.offset(call)
        symbols, values = write_length(p, general, "k", numbers, count)
        return Worked(symbols, values, float(length(d, p)))

    def gradient_equation(self, case: Backward) -> Worked:
        """What arrived for each distance that the number is a part of, times d/‖d‖."""
        call = case.call
        if case.key not in self.sides:
            raise UnfitError("it has no gradient for this argument", "它对这个参数没有梯度")
        readers = self.readers(case, call)
        terms = [self._term(case, call, *reader) for reader in first_and_last(readers)]
        note = (
            Bilingual(
                f"It is a part of {len(readers)} distances; what they send back adds up.",
                f"它参与了 {len(readers)} 个距离的计算；它们传回的梯度相加。",
            )
            if len(readers) > 1
            else NOTHING
        )
        return Worked(
            elided([symbols for symbols, _ in terms], len(readers)),
            elided([numbers for _, numbers in terms], len(readers)),
            float(self.vjp(call, case.arrived)[case.key][case.index]),
            note=note,
        )

    def _term(self, case: Backward, call: Call, place: Index, k: int, sign: int) -> tuple[Expression, Expression]:
        p, (a, b), (i, j) = self.p(call), self._operands(case), self.spot(call, place, k)
        first, second = (a.at(i), b.at(j)), (a.number(i), b.number(j))
        factor: tuple[Expression, ...] = ()
        if sign < 0 and not self.offset(call):
            first, second = first[::-1], second[::-1]
        elif sign < 0:
            factor = (Number(-1),)
        symbols = write_slope(p, self._difference(call, *first), case.result.at(place))
        numbers = write_slope(p, self._difference(call, *second), case.result.number(place))
        if symbols is None or numbers is None:
            slope = self._slope_of(case, call, place, k) * (-1 if sign < 0 and not factor else 1)
            symbols = numbers = Number(slope)
        return (
            product(*factor, case.upstream.at(place), symbols),
            product(*factor, case.upstream.number(place), numbers),
        )

    def _slope_of(self, case: Backward, call: Call, place: Index, k: int) -> float:
        """∂‖d‖/∂d as a number, for a norm whose derivative has no formula of its own."""
        a, b = self._operands(case)
        spots = [self.spot(call, place, n) for n in range(self.differences(call).shape[-1])]
        d = a.gather([i for i, _ in spots]) - b.gather([j for _, j in spots]) + self.offset(call)
        p = self.p(call)
        return float(slopes(d, length(d, p, keepdims=True), p, ties_share=self.ties_share)[k])

    def _difference(self, call: Call, a: Expression, b: Expression) -> Expression:
        offset = self.offset(call)
        return Add((Sub(a, b), exact(offset))) if offset else Sub(a, b)

    def _general(self, call: Call, a: Operand, b: Operand, place: Index, count: int) -> Expression:
        """Any difference, with k for its place in the row."""
        if not count:
            return self._difference(call, a.expression, b.expression)
        i, j = self.spot(call, place, 0)
        return self._difference(call, a.at((*i[:-1], "k")), b.at((*j[:-1], "k")))

    def _operands(self, case: Forward | Backward) -> tuple[Operand, Operand]:
        return case.needed(self.sides[0]), case.needed(self.sides[1])

    def _sign(self, case: Backward) -> int:
        return 1 if case.key == self.sides[0] else -1


@operation("pairwise_distance(x1, x2, p=2.0, eps=1e-6, keepdim=False)")
class PairwiseDistance(Distance):
    """‖x1 - x2 + ε‖ of each pair of rows."""

    modules = ("PairwiseDistance",)
    words = Words(
        ("Measures the distance between each row and its partner.", "求每一行与其对应行之间的距离。"), _GRADIENT
    )

    def lined_up(self, call: Call) -> tuple[Array, Array]:
        return call.array("x1"), call.array("x2")

    def offset(self, call: Call) -> float:
        return call.number("eps")

    def shaped(self, call: Call, lengths: Array) -> Array:
        return lengths[..., None] if call["keepdim"] else lengths

    def spot(self, call: Call, place: Index, k: int) -> tuple[Index, Index]:
        row = place[:-1] if call["keepdim"] else place
        full = (*row, k)
        return stretched(full, call.array("x1").shape), stretched(full, call.array("x2").shape)

    def readers(self, case: Backward, call: Call) -> list[tuple[Index, int, int]]:
        shape = self.differences(call).shape
        found = uses(case.index, case.wrt.array.shape, shape)
        end = (0,) if call["keepdim"] else ()
        return [((*place[:-1], *end), place[-1], self._sign(case)) for place in found]


@operation("cdist(x1, x2, p=2.0, compute_mode='use_mm_for_euclid_dist_if_necessary')")
class AllDistances(Distance):
    """‖x1_i - x2_j‖ of each row i of x1 and each row j of x2."""

    nodes = ("CdistBackward", "EuclideanDistBackward")
    ties_share = False
    words = Words(
        (
            "Measures the distance from each row of the first to each row of the second.",
            "求第一个张量各行到第二个张量各行的距离。",
        ),
        _GRADIENT,
    )

    def lined_up(self, call: Call) -> tuple[Array, Array]:
        return call.array("x1")[..., :, None, :], call.array("x2")[..., None, :, :]

    def differences(self, call: Call) -> Array:
        found = super().differences(call)
        if self._multiplies(call) and found.size:
            a, b = self.lined_up(call)
            sizes = (a * a).sum(axis=-1) + (b * b).sum(axis=-1)
            if ((found * found).sum(axis=-1) < _CLOSE * sizes).any():
                raise UnfitError(
                    "torch takes distances from a matrix product here, too inexact for points this close",
                    "torch 在这里用矩阵乘积求距离，对这么近的点来说不够精确",
                )
        return found

    def _multiplies(self, call: Call) -> bool:
        """Whether torch computes by |a|² + |b|² - 2 a·b, as it does for more than 25 rows."""
        mode = str(call["compute_mode"])
        many = max(call.array("x1").shape[-2], call.array("x2").shape[-2]) > 25
        is_needed = mode == "use_mm_for_euclid_dist_if_necessary" and many
        return self.p(call) == 2 and (is_needed or mode == "use_mm_for_euclid_dist")

    def spot(self, call: Call, place: Index, k: int) -> tuple[Index, Index]:
        *batch, i, j = place
        first, second = call.array("x1").shape, call.array("x2").shape
        return (*_batch(batch, first), i, k), (*_batch(batch, second), j, k)

    def readers(self, case: Backward, call: Call) -> list[tuple[Index, int, int]]:
        a, b = self.lined_up(call)
        *batch, row, k = case.index
        index, shape = ((*batch, row, 0, k), a.shape) if case.key == "x1" else ((*batch, 0, row, k), b.shape)
        found = uses(index, shape, np.broadcast_shapes(a.shape, b.shape))
        return [(place[:-1], k, self._sign(case)) for place in found]


@operation("pdist(input, p=2.0)")
class EachPair(Distance):
    """‖x_i - x_j‖ of each pair of rows i < j."""

    nodes = ("PdistBackward",)
    sides = ("input", "input")
    ties_share = False
    words = Words(("Measures the distance of each pair of rows, in order.", "依次求每一对行之间的距离。"), _GRADIENT)

    def _pairs(self, call: Call) -> tuple[Array, Array]:
        return np.triu_indices(call.array("input").shape[0], 1)

    def lined_up(self, call: Call) -> tuple[Array, Array]:
        x, (i, j) = call.array("input"), self._pairs(call)
        return x[i], x[j]

    def put_back(self, call: Call, sent: Array) -> Mapping[str, Array]:
        found = np.zeros(call.array("input").shape)
        i, j = self._pairs(call)
        np.add.at(found, i, sent)
        np.subtract.at(found, j, sent)
        return {"input": found}

    def spot(self, call: Call, place: Index, k: int) -> tuple[Index, Index]:
        i, j = self._pairs(call)
        return (int(i[place]), k), (int(j[place]), k)

    def readers(self, case: Backward, call: Call) -> list[tuple[Index, int, int]]:
        i, j = self._pairs(call)
        row, k = case.index
        return [((n,), k, 1 if i[n] == row else -1) for n in np.flatnonzero((i == row) | (j == row)).tolist()]


@operation("dist(input, other, p=2)")
class WholeDistance(Distance):
    """‖input - other‖ of all numbers at once."""

    nodes = ("DistBackward",)
    sides = ("input", "other")
    words = Words(
        (
            "Measures the distance between two tensors, over all their numbers.",
            "把两个张量各看作一个点，求两点之间的距离。",
        ),
        _GRADIENT,
    )

    def lined_up(self, call: Call) -> tuple[Array, Array]:
        a, b = np.broadcast_arrays(call.array("input"), call.array("other"))
        return a.reshape(-1), b.reshape(-1)

    def put_back(self, call: Call, sent: Array) -> Mapping[str, Array]:
        whole = sent.reshape(self._shape(call))
        return {
            "input": summed_to(whole, call.array("input").shape),
            "other": -summed_to(whole, call.array("other").shape),
        }

    def _shape(self, call: Call) -> Index:
        return np.broadcast_shapes(call.array("input").shape, call.array("other").shape)

    def spot(self, call: Call, place: Index, k: int) -> tuple[Index, Index]:
        full = tuple(int(i) for i in np.unravel_index(k, self._shape(call)))
        return stretched(full, call.array("input").shape), stretched(full, call.array("other").shape)

    def readers(self, case: Backward, call: Call) -> list[tuple[Index, int, int]]:
        shape = self._shape(call)
        found = uses(case.index, case.wrt.array.shape, shape)
        flat = [int(np.ravel_multi_index(place, shape)) if place else 0 for place in found]
        return [((), k, self._sign(case)) for k in flat]

    def _general(self, call: Call, a: Operand, b: Operand, place: Index, count: int) -> Expression:
        return self._difference(call, a.at(("k",)), b.at(("k",)))


def _batch(batch: Sequence[int], shape: Index) -> Index:
    return stretched(tuple(batch), shape[:-2])
