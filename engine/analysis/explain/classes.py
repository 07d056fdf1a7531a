"""Equations of scores for classes: log-softmax and the negative log-likelihood of the right class.

Formulas: PyTorch's documentation of LogSoftmax and NLLLoss.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .case import Backward, Forward, Index, MissingNumbersError, Operand, Worked
from .expression import Call, Expression, Fraction, Neg, Number, Power, Product, Sub, Sum, Symbol, Text
from .sums import elided, first_and_last, joined, total
from .table import backward, forward

_E = Symbol("e")


def _axis(case: Forward | Backward) -> int:
    found = case.settings.get("dim", case.settings.get("1"))
    return (found if isinstance(found, int) else -1) % case.result.array.ndim


def _along(index: Index, axis: int, size: int) -> list[Index]:
    """All places in the line through `index` along an axis."""
    return [(*index[:axis], k, *index[axis + 1 :]) for k in range(size)]


def _general(index: Index, axis: int) -> tuple[int | str, ...]:
    """A place with the letter k along an axis."""
    return tuple("k" if i == axis else place for i, place in enumerate(index))


@forward("log_softmax")
def log_softmax(case: Forward) -> Worked:
    """z - ln Σ e^z along a dimension."""
    z, axis = case.needed("0", "input"), _axis(case)
    line = np.array([z.value_at(place) for place in _along(case.index, axis, z.array.shape[axis])])
    highest = line.max()
    logarithm = float(highest + np.log(np.exp(line - highest).sum()))
    general = _general(case.index, axis)
    everything = Call("ln", (Sum(Power(_E, z.at(general)), Text("k")),))
    return Worked(
        Sub(z.at(case.index), everything),
        Sub(z.number(case.index), Number(logarithm, _digits(z))),
        z.value_at(case.index) - logarithm,
    )


@backward("log_softmax")
def log_softmax_backward(case: Backward) -> Worked:
    """g - softmax(z) Σ g, with softmax(z) = e^a."""
    a, g, axis = case.result, case.upstream, _axis(case)
    places = _along(case.index, axis, a.array.shape[axis])
    general = _general(case.index, axis)
    symbols, _, everything = total(g, places, general, "k")
    share = float(np.exp(a.value_at(case.index)))
    return Worked(
        Sub(g.at(case.index), Product((Power(_E, a.at(case.index)), symbols))),
        Sub(g.number(case.index), Product((Number(share, _digits(a)), Number(everything, _digits(a))))),
        g.value_at(case.index) - share * everything,
    )


def _rows(case: Forward | Backward) -> tuple[Operand, NDArray[np.int64]]:
    """Logarithms (N, K) and classes (N,). Raises MissingNumbersError for weights, other shapes and ignored rows."""
    a, t = case.needed("0", "input"), case.needed("1", "target")
    is_plain = case.operand("weight") is None and case.settings.get("reduction", "mean") in ("mean", "sum")
    if a.array.ndim != 2 or t.array.ndim != 1 or not is_plain or (t.array < 0).any():
        raise MissingNumbersError(case.op.name)
    return a, t.array.astype(np.int64)


@forward("nll_loss")
def nll_loss(case: Forward) -> Worked:
    """Mean or sum over rows of minus the right class's logarithm."""
    a, classes = _rows(case)
    places: list[Index] = [(row, int(k)) for row, k in enumerate(classes)]
    shown = first_and_last(places)
    symbols: Expression = joined([Neg(a.at(place)) for place in places]) if len(places) <= 2 else Sum(
        Neg(a.at(("n", "t"))), Text("n")
    )  # fmt: skip
    numbers = elided([Neg(a.number(place)) for place in shown], len(places))
    computed = -float(np.sum([a.value_at(place) for place in places]))
    if case.settings.get("reduction", "mean") == "sum" or len(places) == 1:
        return Worked(symbols, numbers, computed)
    share = Fraction(Number(1), Number(len(places)))
    return Worked(Product((share, symbols)), Product((share, numbers)), computed / len(places))


@backward("nll_loss")
def nll_loss_backward(case: Backward) -> Worked:
    """-1/N for the right class of each row, 0 for the others."""
    a, classes = _rows(case)
    if case.wrt.name not in ("0", "input"):
        raise MissingNumbersError(case.gradient.symbol)
    row, k = case.index
    if int(classes[row]) != k:
        return Worked(Number(0), None, 0.0, note=f"Class {k} is not the right one of row {row}.")
    count = a.array.shape[0] if case.settings.get("reduction", "mean") == "mean" else 1
    arrived = float(case.upstream.wide.reshape(-1)[0])
    share = Neg(Fraction(Number(1), Number(count)))
    symbols = share if arrived == 1.0 else Product((share, case.upstream.expression))
    numbers = None if arrived == 1.0 else Product((share, Number(arrived, _digits(a))))
    return Worked(symbols, numbers, -arrived / count, note=f"Class {k} is the right one of row {row}.")


def _digits(operand: Operand) -> int:
    """As many digits as the recorded numbers carry."""
    return 10 if operand.array.dtype == np.float64 else 7
