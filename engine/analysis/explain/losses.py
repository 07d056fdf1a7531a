"""Equations of losses. Formulas: PyTorch's documentation of MSELoss, L1Loss, BCELoss, CrossEntropyLoss, NLLLoss."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..derivatives import sigmoid
from .case import Backward, Forward, Index, MissingNumbersError, Operand, Worked
from .expression import (
    Add,
    Call,
    Equals,
    EquationLine,
    Expression,
    Fraction,
    Neg,
    Number,
    Power,
    Product,
    Sub,
    Sum,
    Symbol,
    Text,
)
from .sums import elided, first_and_last, joined
from .table import backward, forward

_ONE, _TWO = Number(1), Number(2)


def _pair(case: Forward | Backward) -> tuple[Operand, Operand]:
    """Prediction and target, of the same shape, without weights. Raises MissingNumbersError for other uses."""
    a, t = case.needed("0", "input"), case.needed("1", "target")
    if a.array.shape != t.array.shape or case.operand("weight", "pos_weight") is not None:
        raise MissingNumbersError(case.op.name)
    return a, t


def _reduction(case: Forward | Backward) -> str:
    found = case.settings.get("reduction", "mean")
    return found if isinstance(found, str) else "mean"


def _reduced(case: Forward, term: Callable[[Index, bool], Expression], values: NDArray[np.float64]) -> Worked:
    """The mean, sum or list of terms. term(place, with_numbers); values: each term in float64."""
    reduction = _reduction(case)
    if reduction == "none":
        return Worked(term(case.index, False), term(case.index, True), float(values[case.index]))
    shown = [tuple(map(int, np.unravel_index(k, values.shape))) for k in first_and_last(range(values.size))]
    written_out = [term(place, False) for place in shown[:2]]
    symbols = joined(written_out) if values.size <= 2 else Sum(_general(term, values), Text("i"))
    numbers = elided([term(place, True) for place in shown], values.size)
    total = float(values.sum())
    if reduction == "sum" or values.size == 1:
        return Worked(symbols, numbers, total)
    count = Number(values.size)
    return Worked(_mean(symbols, count), _mean(numbers, count), total / values.size)


def _general(term: Callable[[Index, bool], Expression], values: NDArray[np.float64]) -> Expression:
    """A term with the letter i for its place."""
    return _lettered(term((0,) * values.ndim, False), "i")


def _lettered(expression: Expression, letter: str) -> Expression:
    match expression:
        case Symbol(subscript=subscript) if subscript:
            return Symbol(expression.text, letter, expression.superscript, expression.kind, expression.ref)
        case Power(base=base, exponent=exponent):
            return Power(_lettered(base, letter), exponent)
        case Sub(left=left, right=right):
            return Sub(_lettered(left, letter), _lettered(right, letter))
        case Neg(operand=operand):
            return Neg(_lettered(operand, letter))
        case Add(terms=terms):
            return Add(tuple(_lettered(term, letter) for term in terms))
        case Product(factors=factors, sign=sign):
            return Product(tuple(_lettered(factor, letter) for factor in factors), sign)
        case Call(function=function, arguments=arguments):
            return Call(function, tuple(_lettered(argument, letter) for argument in arguments))
        case _:
            return expression


def _mean(body: Expression, count: Number) -> Expression:
    return Product((Fraction(_ONE, count), body))


@forward("mse_loss")
def mse_loss(case: Forward) -> Worked:
    """Mean or sum of (a - t)²."""
    a, t = _pair(case)

    def term(place: Index, numbers: bool) -> Expression:
        return Power(Sub(a.number(place), t.number(place)) if numbers else Sub(a.at(place), t.at(place)), _TWO)

    return _reduced(case, term, (a.wide - t.wide) ** 2)


@forward("l1_loss")
def l1_loss(case: Forward) -> Worked:
    """Mean or sum of |a - t|."""
    a, t = _pair(case)

    def term(place: Index, numbers: bool) -> Expression:
        return Call("abs", (Sub(a.number(place), t.number(place)) if numbers else Sub(a.at(place), t.at(place)),))

    return _reduced(case, term, np.abs(a.wide - t.wide))


@forward("binary_cross_entropy")
def binary_cross_entropy(case: Forward) -> Worked:
    """Mean or sum of -(t ln a + (1 - t) ln(1 - a)); torch keeps logarithms above -100."""
    a, t = _pair(case)

    def term(place: Index, numbers: bool) -> Expression:
        p, y = (a.number(place), t.number(place)) if numbers else (a.at(place), t.at(place))
        return Neg(Add((Product((y, Call("ln", (p,)))), Product((Sub(_ONE, y), Call("ln", (Sub(_ONE, p),)))))))

    with np.errstate(divide="ignore"):
        hit, miss = np.maximum(np.log(a.wide), -100.0), np.maximum(np.log1p(-a.wide), -100.0)
    return _reduced(case, term, -(t.wide * hit + (1 - t.wide) * miss))


@forward("binary_cross_entropy_with_logits")
def binary_cross_entropy_with_logits(case: Forward) -> Worked:
    """Mean or sum of max(z, 0) - z t + ln(1 + e^-|z|), the same as binary cross-entropy of σ(z)."""
    z, t = _pair(case)

    def term(place: Index, numbers: bool) -> Expression:
        x, y = (z.number(place), t.number(place)) if numbers else (z.at(place), t.at(place))
        p = Call("σ", (x,))
        return Neg(Add((Product((y, Call("ln", (p,)))), Product((Sub(_ONE, y), Call("ln", (Sub(_ONE, p),)))))))

    return _reduced(case, term, np.maximum(z.wide, 0) - z.wide * t.wide + np.log1p(np.exp(-np.abs(z.wide))))


@backward("mse_loss", "l1_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits")
def elementwise_loss_backward(case: Backward) -> Worked:
    """The derivative of one term, times 1/n for a mean, times what arrived."""
    a, t = _pair(case)
    if case.wrt.name not in ("0", "input"):
        raise MissingNumbersError(case.gradient.symbol)
    place = case.index
    symbols, numbers, slope = _SLOPES[case.op.name](a, t, place)
    reduction = _reduction(case)
    count = a.array.size if reduction == "mean" else 1
    arrived = float(case.upstream.value_at(place) if reduction == "none" else case.upstream.wide.reshape(-1)[0])
    if count > 1:
        symbols, numbers = (Product((Fraction(_ONE, Number(count)), part)) for part in (symbols, numbers))
    if arrived != 1.0:
        seed = case.upstream.number(place if reduction == "none" else (0,) * case.upstream.array.ndim)
        symbols, numbers = Product((case.upstream.expression, symbols)), Product((seed, numbers))
    return Worked(symbols, numbers, arrived * slope / count)


_Slope = Callable[[Operand, Operand, Index], tuple[Expression, Expression, float]]


def _mse_slope(a: Operand, t: Operand, place: Index) -> tuple[Expression, Expression, float]:
    symbols = Product((_TWO, Sub(a.at(place), t.at(place))))
    return (
        symbols,
        Product((_TWO, Sub(a.number(place), t.number(place)))),
        float(2 * (a.value_at(place) - t.value_at(place))),
    )


def _l1_slope(a: Operand, t: Operand, place: Index) -> tuple[Expression, Expression, float]:
    symbols = Call("sign", (Sub(a.at(place), t.at(place)),))
    numbers = Call("sign", (Sub(a.number(place), t.number(place)),))
    return symbols, numbers, float(np.sign(a.value_at(place) - t.value_at(place)))


def _bce_slope(a: Operand, t: Operand, place: Index) -> tuple[Expression, Expression, float]:
    p, y = a.value_at(place), t.value_at(place)

    def formula(left: Expression, right: Expression) -> Expression:
        return Fraction(Sub(left, right), Product((left, Sub(_ONE, left))))

    # torch keeps the denominator above 1e-12.
    slope = (p - y) / max(p * (1 - p), 1e-12)
    return formula(a.at(place), t.at(place)), formula(a.number(place), t.number(place)), slope


def _bce_logits_slope(z: Operand, t: Operand, place: Index) -> tuple[Expression, Expression, float]:
    symbols = Sub(Call("σ", (z.at(place),)), t.at(place))
    numbers = Sub(Call("σ", (z.number(place),)), t.number(place))
    return symbols, numbers, float(sigmoid(np.asarray(z.value_at(place))) - t.value_at(place))


_SLOPES: dict[str, _Slope] = {
    "mse_loss": _mse_slope,
    "l1_loss": _l1_slope,
    "binary_cross_entropy": _bce_slope,
    "binary_cross_entropy_with_logits": _bce_logits_slope,
}


@forward("cross_entropy")
def cross_entropy(case: Forward) -> Worked:
    """Mean over rows of -ln softmax(z)_t = ln Σ e^z - z_t."""
    z, t = _classes(case)
    rows = list(range(z.array.shape[0]))
    logs = _log_softmax(z.wide)
    losses = -logs[rows, t.array.reshape(-1)]
    shown = first_and_last(rows)
    digits = 10 if z.array.dtype == np.float64 else 7
    terms: list[Expression] = [Number(float(losses[row]), digits) for row in shown]
    one = _one_row(z, t, losses, digits)
    body = Neg(Call("ln", (Call("softmax", (z.at(("n",)),)),)))
    symbols: Expression = Sum(body, Text("n")) if len(rows) > 1 else body
    numbers = elided(terms, len(rows))
    if _reduction(case) == "mean":
        count = Number(len(rows))
        return Worked(_mean(symbols, count), _mean(numbers, count), float(losses.mean()), before=(one,))
    return Worked(symbols, numbers, float(losses.sum()), before=(one,))


@backward("cross_entropy")
def cross_entropy_backward(case: Backward) -> Worked:
    """dC/dz_nk = (softmax(z)_nk - [k is the class]) / N."""
    z, t = _classes(case)
    if case.wrt.name not in ("0", "input"):
        raise MissingNumbersError(case.gradient.symbol)
    row, k = case.index
    share = float(np.exp(_log_softmax(z.wide)[row, k]))
    is_class = int(t.array.reshape(-1)[row]) == k
    count = z.array.shape[0] if _reduction(case) == "mean" else 1
    arrived = float(case.upstream.wide.reshape(-1)[0])
    digits = 10 if z.array.dtype == np.float64 else 7
    place = f"{row},{k}"
    softmax = Call("softmax", (z.at((row,)),))
    symbols: Expression = Sub(Symbol("p", place), Number(1 if is_class else 0))
    numbers: Expression = Sub(Number(share, digits), Number(1 if is_class else 0))
    if count > 1:
        symbols, numbers = (Product((Fraction(_ONE, Number(count)), part)) for part in (symbols, numbers))
    if arrived != 1.0:
        numbers = Product((Number(arrived, digits), numbers))
    before = EquationLine(Equals((Symbol("p", place), softmax, Number(share, digits))), f"The share of class {k}.")
    note = f"Class {k} is the right one: 1 is taken off." if is_class else f"Class {k} is not the right one."
    return Worked(symbols, numbers, arrived * (share - is_class) / count, before=(before,), note=note)


def _classes(case: Forward | Backward) -> tuple[Operand, Operand]:
    """Scores (N, K) and classes (N,), without weights, smoothing or ignored rows."""
    z, t = case.needed("0", "input"), case.needed("1", "target")
    plain = case.operand("weight") is None and not case.settings.get("label_smoothing") and _reduction(case) != "none"
    if z.array.ndim != 2 or t.array.ndim != 1 or t.array.dtype.kind not in "iu" or not plain or (t.array < 0).any():
        raise MissingNumbersError(case.op.name)
    return z, t


def _log_softmax(z: NDArray[np.float64]) -> NDArray[np.float64]:
    shifted = z - z.max(axis=1, keepdims=True)
    logs: NDArray[np.float64] = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return logs


def _one_row(z: Operand, t: Operand, losses: NDArray[np.float64], digits: int) -> EquationLine:
    """How the first row's loss comes about: ln Σ e^z - z of its class."""
    right = int(t.array.reshape(-1)[0])
    everything = Call("ln", (Sum(Power(Symbol("e"), z.at((0, "k"))), Text("k")),))
    total = float(losses[0] + z.value_at((0, right)))
    numbers = Sub(Number(total, digits), z.number((0, right)))
    parts = (Sub(everything, z.at((0, right))), numbers, Number(float(losses[0]), digits))
    return EquationLine(Equals(parts), f"Row 0, whose class is {right}.")
