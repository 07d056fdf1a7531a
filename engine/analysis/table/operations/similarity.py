"""The row of cosine_similarity: how alike the directions of two vectors are.

Formula: PyTorch's documentation of CosineSimilarity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ....bilingual import Bilingual, sentences
from ...notation.expression import Expression, Fraction, Number, Power, Product, Root, Sub, Sum, Symbol, Text
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Index, Worked
from ..kinds.factors import TWO, product
from ..kinds.loss import digits_of
from ..kinds.pointwise import stretched, summed_to, uses
from ..operation import Operation, operation
from ..sums import SumOfProducts, elided, first_and_last, used_at
from ..words import Words


@operation("cosine_similarity(x1, x2, dim=1, eps=1e-8)")
class CosineSimilarity(Operation):
    """Σ x1 x2 / (‖x1‖ ‖x2‖) along a dimension; each length is kept above ε."""

    modules = ("CosineSimilarity",)
    order = ("x1", "x2")
    words = Words(
        (
            "Takes the cosine of the angle between two vectors: 1 for the same direction, -1 for the opposite.",
            "求两个向量夹角的余弦：方向相同为 1，相反为 -1。",
        ),
        (
            "Only the part of the gradient across a vector remains: making it longer does not change the angle.",
            "梯度中只保留垂直于向量的部分：拉长向量不会改变夹角。",
        ),
    )

    def _rows(self, call: Call) -> tuple[Array, Array]:
        """Both, broadcast, with the dimension as the last."""
        a, b = np.broadcast_arrays(call.array("x1"), call.array("x2"))
        if not a.ndim:
            return a.reshape(1), b.reshape(1)
        axis = int(call.number("dim"))
        return np.moveaxis(a, axis, -1), np.moveaxis(b, axis, -1)

    def _sizes(self, call: Call, x: Array) -> tuple[Array, Array]:
        """Lengths, and lengths kept above ε."""
        found = np.sqrt((x * x).sum(axis=-1, keepdims=True))
        return found, np.maximum(found, call.number("eps"))

    def forward(self, call: Call) -> Array:
        """All cosines."""
        a, b = self._rows(call)
        return np.asarray(((a / self._sizes(call, a)[1]) * (b / self._sizes(call, b)[1])).sum(axis=-1))

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """b/(‖a‖‖b‖) - cos·a/‖a‖², and the same for b."""
        a, b = self._rows(call)
        found = {}
        for name, x, other in (("x1", a, b), ("x2", b, a)):
            own = upstream[0][..., None] * self._slopes(call, x, other)
            axis = int(call.number("dim")) if upstream[0].ndim else 0
            found[name] = summed_to(np.moveaxis(own, -1, axis), call.array(name).shape)
        return found

    def _slopes(self, call: Call, x: Array, other: Array) -> Array:
        """∂cos/∂x. The length's gradient passes where it was kept above ε, as torch has it."""
        (true, kept), (_, far) = self._sizes(call, x), self._sizes(call, other)
        whole = (x * other).sum(axis=-1, keepdims=True) / (kept**2 * far)
        with np.errstate(all="ignore"):
            along = np.where(true == 0, 0.0, x / true)
        return np.asarray(other / (kept * far) - whole * along)

    def _line(self, call: Call, case: Forward | Backward, place: Index) -> tuple[list[Index], list[Index], int]:
        """Where the numbers of a result are in both arguments, and their dimension."""
        a, b = case.needed("x1").array.shape, case.needed("x2").array.shape
        full = np.broadcast_shapes(a, b)
        if not full:
            raise UnfitError("its inputs are single numbers", "它的输入是单个的数")
        axis = int(call.number("dim")) % len(full)
        places = [(*place[:axis], k, *place[axis:]) for k in range(full[axis])]
        return [stretched(at, a) for at in places], [stretched(at, b) for at in places], axis

    def equation(self, case: Forward) -> Worked:
        """The sum of products over the product of lengths."""
        call = case.call
        a, b = case.needed("x1"), case.needed("x2")
        left, right, axis = self._line(call, case, case.index)
        pairs = list(zip(left, right, strict=True))
        general = [tuple("k" if n == axis else i for n, i in enumerate(at)) if at else at for at in (left[0], right[0])]
        products = SumOfProducts(a, b, pairs, (general[0], general[1]), "k")
        x, y = a.gather(left), b.gather(right)
        sizes = [float(self._sizes(call, part)[1][0]) for part in (x, y)]
        symbols = Fraction(products.symbols, Product((_size(a.at(general[0])), _size(b.at(general[1])))))
        numbers = Fraction(products.numbers, Product(tuple(Number(size, digits_of(a)) for size in sizes)))
        return Worked(symbols, numbers, float((x / sizes[0] * (y / sizes[1])).sum()))

    def gradient_equation(self, case: Backward) -> Worked:
        """b/(‖a‖‖b‖) - cos·a/‖a‖² for the first, times what arrived."""
        call = case.call
        a, b = case.needed("x1"), case.needed("x2")
        full = np.broadcast_shapes(a.array.shape, b.array.shape)
        places = uses(case.index, case.wrt.array.shape, full)
        terms = [self._term(call, case, place) for place in first_and_last(places)]
        note = Bilingual(
            "u is the length of its own vector, v that of the other one.",
            "u 是它自己的向量的长度，v 是另一个向量的长度。",
        )
        return Worked(
            elided([symbols for symbols, _ in terms], len(places)),
            elided([numbers for _, numbers in terms], len(places)),
            float(self.vjp(call, case.arrived)[case.key][case.index]),
            note=sentences(note, used_at(len(places))),
        )

    def _term(self, call: Call, case: Backward, full: Index) -> tuple[Expression, Expression]:
        axis = int(call.number("dim")) % max(len(full), 1)
        out = (*full[:axis], *full[axis + 1 :])
        left, right, _ = self._line(call, case, out)
        own, other = case.needed("x1"), case.needed("x2")
        if case.key == "x2":
            own, other, left, right = other, own, right, left
        sizes = [float(self._sizes(call, x)[1][0]) for x in (own.gather(left), other.gather(right))]
        here, there = left[full[axis]], right[full[axis]]
        digits = digits_of(own)
        u, v = Symbol("u"), Symbol("v")
        symbols = Sub(
            Fraction(other.at(there), Product((u, v))),
            Product((case.result.at(out), Fraction(own.at(here), Power(u, TWO)))),
        )
        first, second = Number(sizes[0], digits), Number(sizes[1], digits)
        numbers = Sub(
            Fraction(other.number(there), Product((first, second))),
            Product((case.result.number(out), Fraction(own.number(here), Power(first, TWO)))),
        )
        return product(case.upstream.at(out), symbols), product(case.upstream.number(out), numbers)


def _size(x: Expression) -> Expression:
    """√Σ x²."""
    return Root(Sum(Power(x, TWO), Text("k")))
