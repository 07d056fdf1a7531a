"""Rows of weighted sums: linear.

Formulas: z = x Wᵀ + b (PyTorch's documentation of Linear).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

import numpy as np

from ....bilingual import NOTHING, Bilingual
from ...notation.expression import Expression, Product, Transpose
from ..call import Array, Call
from ..case import Backward, Forward, Index, Operand, Worked, matrix_of
from ..kinds.pointwise import summed_to
from ..operation import Operation, operation
from ..sums import SumOfProducts, flat_add, total
from ..words import Words

SMALL = 4
"""Matrices up to this many rows and columns are shown whole."""


@operation("linear(input, weight, bias=None)")
class Linear(Operation):
    """z = x Wᵀ + b; x: (..., in), W: (out, in), b: (out,)."""

    modules = ("Linear",)
    nodes = ("AddmmBackward", "LinearBackward")
    order = ("bias", "weight", "input")
    words = Words(
        (
            "Each unit adds up its inputs, each multiplied by a weight, and its bias.",
            "每个单元把输入各乘以一个权重后相加，再加上偏置。",
        ),
        (
            "A weight's gradient is its input times the gradient of its unit, a bias's that gradient alone, both "
            "added up over the batch; an input's adds up the units' gradients, each multiplied by the weight between "
            "them.",
            "权重的梯度等于它的输入乘以所在单元的梯度，偏置的梯度就是所在单元的梯度，两者都在批量上求和；"
            "输入的梯度是各单元的梯度乘以相连的权重之和。",
        ),
    )

    def forward(self, call: Call) -> Array:
        """x Wᵀ + b."""
        z = call.array("input") @ call.array("weight").T
        return np.asarray(z if call["bias"] is None else z + call.array("bias"))

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """dC/db = Σ over the batch of G; dC/dW = Gᵀ x; dC/dx = G W; G: dC/dz, of z's shape.

        W without units, (in,), makes one number a row.
        """
        (G,) = upstream
        x, W = call.array("input"), call.array("weight")
        count, inputs, units = prod(x.shape[:-1]), x.shape[-1], prod(W.shape[:-1])
        rows = G.reshape(count, units)
        found = {
            "input": (rows @ W.reshape(units, inputs).conj()).reshape(x.shape),
            "weight": (rows.T @ x.reshape(count, inputs).conj()).reshape(W.shape),
        }
        return found if call["bias"] is None else {**found, "bias": summed_to(G, call.array("bias").shape)}

    def equation(self, case: Forward) -> Worked:
        """Small layers whole; of a large one a row times a column."""
        x, W, b = case.needed("input"), case.needed("weight"), case.operand("bias")
        if case.whole and x.array.ndim == 2 and _is_small(x, W) and case.result.array.size > 1:
            symbols: Expression = Product((x.expression, Transpose(W.expression)), "")
            numbers: Expression = Product((matrix_of(x), matrix_of(W, W.array.T)), "")
            computed = x.wide @ W.wide.T
            if b is not None:
                symbols = flat_add(symbols, b.expression)
                numbers = flat_add(numbers, matrix_of(b, b.array.reshape(1, -1)))
                computed = computed + b.wide
            return Worked(symbols, numbers, computed, whole=True)
        *row, unit = case.index
        places = [((unit, k), (*row, k)) for k in range(W.array.shape[1])]
        weighted = SumOfProducts(W, x, places, ((unit, "k"), (*row, "k")), "k")
        if b is None:
            return Worked(weighted.symbols, weighted.numbers, weighted.computed)
        return Worked(
            flat_add(weighted.symbols, b.at((unit,))),
            flat_add(weighted.numbers, b.number((unit,))),
            weighted.computed + b.value_at((unit,)),
        )

    def gradient_equation(self, case: Backward) -> Worked:
        """A sum over the batch for weights and biases, over the units for an input."""
        G = case.upstream
        rows = list(np.ndindex(G.array.shape[:-1]))
        letters: tuple[str, ...] = ("n", "m", "l", "k")[: G.array.ndim - 1]
        if case.key == "bias":
            (unit,) = case.index
            symbols, numbers, computed = total(G, [(*row, unit) for row in rows], (*letters, unit), ",".join(letters))
            return Worked(symbols, numbers, computed, note=_over_batch(rows))
        if case.key == "weight":
            unit, k = case.index
            x = case.needed("input")
            places = [((*row, unit), (*row, k)) for row in rows]
            terms = SumOfProducts(G, x, places, ((*letters, unit), (*letters, k)), ",".join(letters))
            return Worked(terms.symbols, terms.numbers, terms.computed, note=_over_batch(rows))
        W = case.needed("weight")
        *row, k = case.index
        places = [((*row, unit), (unit, k)) for unit in range(W.array.shape[0])]
        terms = SumOfProducts(G, W, places, ((*row, "j"), ("j", k)), "j")
        return Worked(terms.symbols, terms.numbers, terms.computed)


def _is_small(*operands: Operand) -> bool:
    return all(max(operand.array.shape, default=1) <= SMALL for operand in operands)


def _over_batch(rows: list[Index]) -> Bilingual:
    return (
        Bilingual(f"Summed over the {len(rows)} rows of the batch.", f"对批次的 {len(rows)} 行求和。")
        if len(rows) > 1
        else NOTHING
    )
