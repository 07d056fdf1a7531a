"""Equations of weighted sums: linear, matrix products.

Formulas: z = x Wᵀ + b (PyTorch's documentation of Linear); for C = A B with gradient G: dA = G Bᵀ, dB = Aᵀ G.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from .case import Backward, Forward, Index, MissingNumbersError, Operand, Worked, matrix_of
from .expression import Expression, Product, Transpose
from .sums import SumOfProducts, flat_add, total
from .table import backward, forward

_Place = TypeVar("_Place")
_Letters = tuple[int | str, ...]

SMALL = 4
"""Matrices up to this many rows and columns are shown whole."""


@forward("linear")
def linear(case: Forward) -> Worked:
    """z = x Wᵀ + b; x: (..., in), W: (out, in), b: (out,)."""
    x, W, b = case.needed("0", "input"), case.needed("1", "weight"), case.operand("2", "bias")
    if case.whole and x.array.ndim == 2 and _is_small(x, W) and case.result.array.size > 1:
        symbols: Expression = Product((x.expression, Transpose(W.expression)), "")
        numbers: Expression = Product((matrix_of(x), matrix_of(W, W.array.T)), "")
        computed = x.wide @ W.wide.T
        if b is not None:
            symbols, numbers = flat_add(symbols, b.expression), flat_add(numbers, matrix_of(b, b.array.reshape(1, -1)))
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


@backward("linear")
def linear_backward(case: Backward) -> Worked:
    """dC/db = Σ over the batch of G; dC/dW = Gᵀ x; dC/dx = G W; G: dC/dz, of z's shape."""
    G, name = case.upstream, case.wrt.name
    rows = list(np.ndindex(G.array.shape[:-1]))
    letters: tuple[str, ...] = ("n", "m", "l", "k")[: G.array.ndim - 1]
    if name in ("2", "bias"):
        (unit,) = case.index
        symbols, numbers, computed = total(G, [(*row, unit) for row in rows], (*letters, unit), ",".join(letters))
        return Worked(symbols, numbers, computed, note=_over_batch(rows))
    if name in ("1", "weight"):
        unit, k = case.index
        x = case.needed("0", "input")
        places = [((*row, unit), (*row, k)) for row in rows]
        terms = SumOfProducts(G, x, places, ((*letters, unit), (*letters, k)), ",".join(letters))
        return Worked(terms.symbols, terms.numbers, terms.computed, note=_over_batch(rows))
    W = case.needed("1", "weight")
    *row, k = case.index
    places = [((*row, unit), (unit, k)) for unit in range(W.array.shape[0])]
    terms = SumOfProducts(G, W, places, ((*row, "j"), ("j", k)), "j")
    return Worked(terms.symbols, terms.numbers, terms.computed)


@forward("matmul", "mm", "mv", "dot", "bmm")
def matmul(case: Forward) -> Worked:
    """C = A B; vectors as numpy's matmul takes them."""
    A, B = case.needed("0", "input"), case.needed("1", "other", "mat2", "vec", "tensor")
    if case.whole and A.array.ndim == B.array.ndim == 2 and _is_small(A, B) and case.result.array.size > 1:
        symbols = Product((A.expression, B.expression), "")
        return Worked(symbols, Product((matrix_of(A), matrix_of(B)), ""), A.wide @ B.wide, whole=True)
    batch, i, j = _split(A, B, case.index)
    places = [(_left(A, batch, i, k), _right(B, batch, k, j)) for k in range(A.array.shape[-1])]
    general = (_general_left(A, batch, i), _general_right(B, batch, j))
    terms = SumOfProducts(A, B, places, general, "k")
    return Worked(terms.symbols, terms.numbers, terms.computed)


@backward("matmul", "mm", "mv", "dot", "bmm")
def matmul_backward(case: Backward) -> Worked:
    """dC/dA = G Bᵀ, dC/dB = Aᵀ G, for up to two dimensions; G: the gradient of the product."""
    A, B = case.needed("0", "input"), case.needed("1", "other", "mat2", "vec", "tensor")
    G = case.upstream
    if A.array.ndim > 2 or B.array.ndim > 2:
        raise MissingNumbersError(case.gradient.symbol)
    rows = range(A.array.shape[0]) if A.array.ndim == 2 else (0,)
    columns = range(B.array.shape[1]) if B.array.ndim == 2 else (0,)
    if case.wrt.name in ("0", "input"):
        *row, k = case.index
        places = [(_gradient_place(A, B, row[0] if row else 0, j), _right(B, (), k, j)) for j in columns]
        general: tuple[_Letters, _Letters] = (
            _gradient_place(A, B, _letter(row[0] if row else 0), _letter("j")),
            (k, "j") if B.array.ndim == 2 else (k,),
        )
        terms = SumOfProducts(G, B, places, general, "j")
    else:
        k, *column = case.index
        j = column[0] if column else 0
        places = [(_left(A, (), i, k), _gradient_place(A, B, i, j)) for i in rows]
        general = (("n", k) if A.array.ndim == 2 else (k,), _gradient_place(A, B, _letter("n"), _letter(j)))
        terms = SumOfProducts(A, G, places, general, "n")
    return Worked(terms.symbols, terms.numbers, terms.computed)


def _gradient_place(A: Operand, B: Operand, i: _Place, j: _Place) -> tuple[_Place, ...]:
    """The place in the product that row i and column j have: vectors have none."""
    return (*((i,) if A.array.ndim == 2 else ()), *((j,) if B.array.ndim == 2 else ()))


def _letter(place: int | str) -> int | str:
    """A place or the letter for it, where either may stand."""
    return place


def _is_small(*operands: Operand) -> bool:
    return all(max(operand.array.shape, default=1) <= SMALL for operand in operands)


def _over_batch(rows: list[Index]) -> str:
    return f"Summed over the {len(rows)} rows of the batch." if len(rows) > 1 else ""


def _split(A: Operand, B: Operand, index: Index) -> tuple[Index, int, int]:
    """The place in the product as batch, row, column."""
    rest = list(index)
    j = rest.pop() if B.array.ndim > 1 else 0
    i = rest.pop() if A.array.ndim > 1 else 0
    return tuple(rest), i, j


def _batch_place(operand: Operand, batch: Index) -> Index:
    """The place in a batch that may be broadcast."""
    sizes = operand.array.shape[:-2]
    if not sizes:
        return ()
    own = batch[len(batch) - len(sizes) :]
    return tuple(0 if size == 1 else i for size, i in zip(sizes, own, strict=True))


def _left(A: Operand, batch: Index, i: int, k: int) -> Index:
    return (*_batch_place(A, batch), i, k) if A.array.ndim > 1 else (k,)


def _right(B: Operand, batch: Index, k: int, j: int) -> Index:
    return (*_batch_place(B, batch), k, j) if B.array.ndim > 1 else (k,)


def _general_left(A: Operand, batch: Index, i: int) -> tuple[int | str, ...]:
    return (*_batch_place(A, batch), i, "k") if A.array.ndim > 1 else ("k",)


def _general_right(B: Operand, batch: Index, j: int) -> tuple[int | str, ...]:
    return (*_batch_place(B, batch), "k", j) if B.array.ndim > 1 else ("k",)
