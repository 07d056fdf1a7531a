"""Equations of activations: elementwise ones with their local derivative, softmax over a row."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..derivatives import derivative, sigmoid
from ..symbols import FUNCTION_LETTERS
from .case import Backward, Forward, Index, Operand, Worked
from .expression import (
    Add,
    Call,
    Cases,
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
from .sums import SumOfProducts
from .table import backward, forward

_ONE = Number(1)
_E = Symbol("e")


@forward("sigmoid", "sigmoid_")
def sigmoid_forward(case: Forward) -> Worked:
    """σ(z) = 1 / (1 + e^-z)."""
    z = case.needed("0", "input")
    return Worked(
        _function("σ", z, case.index),
        Fraction(_ONE, Add((_ONE, Power(_E, Neg(z.number(case.index)))))),
        float(sigmoid(np.asarray(z.value_at(case.index)))),
    )


@forward("tanh", "tanh_")
def tanh_forward(case: Forward) -> Worked:
    """tanh(z)."""
    z = case.needed("0", "input")
    return Worked(
        _function("tanh", z, case.index),
        Call("tanh", (z.number(case.index),)),
        float(np.tanh(z.value_at(case.index))),
    )


@forward("relu", "relu_")
def relu_forward(case: Forward) -> Worked:
    """max(0, z)."""
    z = case.needed("0", "input")
    return Worked(
        Call("max", (Number(0), z.at(case.index))),
        Call("max", (Number(0), z.number(case.index))),
        float(np.maximum(z.value_at(case.index), 0)),
    )


@forward("leaky_relu", "leaky_relu_")
def leaky_relu_forward(case: Forward) -> Worked:
    """z where it is positive, a small part of it elsewhere."""
    z, slope = case.needed("0", "input"), case.operand("1", "negative_slope")
    share = 0.01 if slope is None else float(slope.wide)
    x = z.value_at(case.index)
    symbol = z.at(case.index)
    rows = ((symbol, Text("if positive")), (Product((Number(share), symbol)), Text("otherwise")))
    number = z.number(case.index)
    return Worked(Cases(rows), number if x > 0 else Product((Number(share), number)), x if x > 0 else share * x)


@backward("sigmoid", "sigmoid_", "tanh", "tanh_", "relu", "relu_", "leaky_relu", "leaky_relu_")
def elementwise_backward(case: Backward) -> Worked:
    """dC/dz = dC/da · a'(z)."""
    z, name = case.wrt, case.op.name.rstrip("_")
    at = derivative(name, np.asarray(z.value_at(case.index)), case.settings)
    symbol = _slope_symbol(name, z, case.index)
    return Worked(
        Product((case.upstream.at(case.index), symbol)),
        Product((case.upstream.number(case.index), _like(float(at), z))),
        float(case.upstream.value_at(case.index) * at),
        before=(slope_line(name, z, case.result, case.index, float(at)),),
    )


def slope_line(name: str, z: Operand, a: Operand, index: Index, slope: float) -> EquationLine:
    """The local derivative with its formula: σ′(z) = a(1 - a) = 0.85·(1 - 0.85) = 0.127."""
    parts: list[Expression] = [_slope_symbol(name, z, index)]
    formula = _FORMULAS.get(name.rstrip("_"))
    if formula is not None:
        parts += [formula(a.at(index)), formula(a.number(index))]
    parts.append(_like(slope, z))
    if name.rstrip("_") == "relu":
        why = "the input is positive: the gradient passes" if slope else "the input is not positive: nothing passes"
        return EquationLine(Equals((parts[0], parts[-1])), f"Local derivative: {why}.")
    return EquationLine(Equals(tuple(parts)), "Local derivative.")


def _sigmoid_slope(a: Expression) -> Expression:
    return Product((a, Sub(_ONE, a)))


def _tanh_slope(a: Expression) -> Expression:
    return Sub(_ONE, Power(a, Number(2)))


_FORMULAS: dict[str, Callable[[Expression], Expression]] = {"sigmoid": _sigmoid_slope, "tanh": _tanh_slope}


@forward("softmax")
def softmax_forward(case: Forward) -> Worked:
    """e^z over the sum of all e^z along a dimension."""
    z, axis = case.needed("0", "input"), _axis(case)
    line = np.moveaxis(z.wide, axis, -1)
    row = line[_without(case.index, axis)]
    powers = np.exp(row - row.max())
    general = tuple("k" if i == axis else place for i, place in enumerate(case.index))
    symbols = Fraction(Power(_E, z.at(case.index)), Sum(Power(_E, z.at(general)), Text("k")))
    total = Number(float(np.exp(row).sum()), 7)
    return Worked(
        symbols,
        Fraction(Power(_E, z.number(case.index)), total),
        float(powers[case.index[axis]] / powers.sum()),
    )


@backward("softmax")
def softmax_backward(case: Backward) -> Worked:
    """dC/dz_i = a_i (g_i - Σ g_k a_k)."""
    a, g, axis = case.result, case.upstream, _axis(case)
    places = [tuple(k if i == axis else p for i, p in enumerate(case.index)) for k in range(a.array.shape[axis])]
    general = tuple("k" if i == axis else place for i, place in enumerate(case.index))
    inner = SumOfProducts(g, a, [(place, place) for place in places], (general, general), "k")
    return Worked(
        Product((a.at(case.index), Sub(g.at(case.index), inner.symbols))),
        Product((a.number(case.index), Sub(g.number(case.index), _like(inner.computed, a)))),
        float(a.value_at(case.index) * (g.value_at(case.index) - inner.computed)),
        before=(EquationLine(Equals((inner.symbols, inner.numbers, _like(inner.computed, a)))),),
    )


def _axis(case: Forward | Backward) -> int:
    found = case.settings.get("dim", case.settings.get("1"))
    axis = found if isinstance(found, int) else -1
    return axis % case.result.array.ndim


def _without(index: Index, axis: int) -> Index:
    return (*index[:axis], *index[axis + 1 :])


def _function(letter: str, z: Operand, index: Index) -> Expression:
    return Call(letter, (z.at(index),))


def _slope_symbol(name: str, z: Operand, index: Index) -> Expression:
    return Call(f"{FUNCTION_LETTERS.get(name, name)}′", (z.at(index),))


def _like(x: float, operand: Operand) -> Number:
    """A number that is derived here, with as many digits as the recorded ones carry."""
    return Number(x, 10 if operand.array.dtype == np.float64 else 7)
