"""Equations of updates: optimizers at one weight, and updates by hand.

Formulas: the algorithm boxes in PyTorch's documentation of torch.optim.SGD, Adam, AdamW and RMSprop.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .case import Index, MissingNumbersError, Operand, Update, Worked
from .expression import Add, Equals, EquationLine, Expression, Fraction, Number, Power, Product, Root, Sub, Symbol
from .sums import flat_add
from .table import update

_ONE = Number(1)
_ETA = Symbol("η")
_RULE_DIGITS = 7


def _number(x: float, like: Operand) -> Number:
    return Number(x, 10 if like.array.dtype == np.float64 else _RULE_DIGITS)


def _setting(case: Update, name: str, default: float = 0.0) -> float:
    found: Any = case.settings.get(name, default)
    if not isinstance(found, int | float):
        raise MissingNumbersError(name)
    return float(found)


def _gradient(case: Update) -> tuple[Expression, Expression, float, tuple[EquationLine, ...]]:
    """The gradient that the rule works with, weight decay and `maximize` included: symbol, number, value, lines."""
    if case.gradient is None:
        raise MissingNumbersError("gradient")
    value = case.gradient.value_at(case.index)
    symbol: Expression = case.gradient.at(case.index)
    number: Expression = case.gradient.number(case.index)
    if case.settings.get("maximize"):
        raise MissingNumbersError("maximize")
    decay = _setting(case, "weight_decay")
    if not decay or case.settings.get("decoupled_weight_decay"):
        return symbol, number, value, ()
    old = case.old.value_at(case.index)
    with_decay = value + decay * old
    g, λ = Symbol("g"), Symbol("λ")
    parts = (
        g,
        Add((symbol, Product((λ, case.old.at(case.index))))),
        Add((number, Product((Number(decay), case.old.number(case.index))))),
        _number(with_decay, case.old),
    )
    return g, _number(with_decay, case.old), with_decay, (EquationLine(Equals(parts), "Weight decay pulls towards 0."),)


def _stepped(case: Update, lr: float, direction: Expression, number: Expression, value: float) -> Worked:
    """w - η·direction."""
    old = case.old
    return Worked(
        Sub(old.at(case.index), Product((_ETA, direction))),
        Sub(old.number(case.index), Product((Number(lr), number))),
        old.value_at(case.index) - lr * value,
    )


def _with_lines(worked: Worked, lines: tuple[EquationLine, ...]) -> Worked:
    return Worked(worked.symbols, worked.numbers, worked.computed, before=lines, note=worked.note)


@update("SGD")
def sgd(case: Update) -> Worked:
    """w - η g; with momentum μ: v = μ v + (1 - dampening) g, w - η v; Nesterov: w - η (g + μ v)."""
    symbol, number, g, lines = _gradient(case)
    lr, momentum = _setting(case, "lr"), _setting(case, "momentum")
    if not momentum:
        return _with_lines(_stepped(case, lr, symbol, number, g), lines)
    v, μ = Symbol("v"), Symbol("μ")
    before = case.before.get("momentum_buffer")
    if before is None:
        velocity = g
        parts: tuple[Expression, ...] = (v, symbol, number)
        line = EquationLine(Equals(parts), "The first momentum is the gradient itself.")
    else:
        rest = 1 - _setting(case, "dampening")
        old = before.number(case.index)
        velocity = momentum * before.value_at(case.index) + rest * g
        share = symbol if rest == 1 else Product((Number(rest), symbol))
        share_number = number if rest == 1 else Product((Number(rest), number))
        parts = (
            v,
            flat_add(Product((μ, Symbol("v", "old"))), share),
            flat_add(Product((Number(momentum), old)), share_number),
            _number(velocity, case.old),
        )
        line = EquationLine(Equals(parts), "Momentum: a part of the last step is kept.")
    if case.settings.get("nesterov"):
        ahead = g + momentum * velocity
        direction = flat_add(symbol, Product((μ, v)))
        numbers = flat_add(number, Product((Number(momentum), _number(velocity, case.old))))
        return _with_lines(_stepped(case, lr, direction, numbers, ahead), (*lines, line))
    return _with_lines(_stepped(case, lr, v, _number(velocity, case.old), velocity), (*lines, line))


def _average(
    letter: Symbol, share: float, old: float, new: float, terms: tuple[Expression, Expression], like: Operand
) -> tuple[float, EquationLine]:
    """A running average: share·old + (1 - share)·new. terms: how the new term is written, in symbols and numbers."""
    value = share * old + (1 - share) * new
    parts = (
        letter,
        Add((Product((Number(share), Symbol(letter.text, "old"))), Product((Number(round(1 - share, 12)), terms[0])))),
        Add((Product((Number(share), _number(old, like))), Product((Number(round(1 - share, 12)), terms[1])))),
        _number(value, like),
    )
    return value, EquationLine(Equals(parts))


def _state(case: Update, name: str) -> float:
    """An element of the optimizer's state before the step; 0 where there was none yet."""
    held = case.before.get(name)
    return 0.0 if held is None else held.value_at(case.index)


@update("Adam", "AdamW")
def adam(case: Update) -> Worked:
    """m̂ = m/(1-β₁ᵗ), v̂ = v/(1-β₂ᵗ), w - η m̂/(√v̂ + ε); AdamW takes λ η w off first."""
    if case.settings.get("amsgrad"):
        raise MissingNumbersError("amsgrad")
    symbol, number, g, lines = _gradient(case)
    betas, lr, eps = case.settings.get("betas", [0.9, 0.999]), _setting(case, "lr"), _setting(case, "eps", 1e-8)
    step = case.before.get("step")
    t = 1 + (0 if step is None else int(step.wide.reshape(-1)[0]))
    m, m_line = _average(Symbol("m"), betas[0], _state(case, "exp_avg"), g, (symbol, number), case.old)
    squares = (Power(symbol, Number(2)), Power(number, Number(2)))
    v, v_line = _average(Symbol("v"), betas[1], _state(case, "exp_avg_sq"), g * g, squares, case.old)
    m_hat, v_hat = m / (1 - betas[0] ** t), v / (1 - betas[1] ** t)
    hats = [
        EquationLine(_corrected(letter, value, beta, t, hat, case.old))
        for letter, value, beta, hat in (("m", m, betas[0], m_hat), ("v", v, betas[1], v_hat))
    ]
    old = case.old.value_at(case.index)
    decay = _setting(case, "weight_decay") if case.settings.get("decoupled_weight_decay") else 0.0
    shrunk = old * (1 - lr * decay)
    symbols, numbers = case.old.at(case.index), case.old.number(case.index)
    start: tuple[Expression, Expression] = (symbols, numbers)
    if decay:
        start = (
            Product((Sub(_ONE, Product((_ETA, Symbol("λ")))), symbols)),
            Product((Sub(_ONE, Product((Number(lr), Number(decay)))), numbers)),
        )
    ratio = Fraction(Symbol("m", accent="hat"), Add((Root(Symbol("v", accent="hat")), Symbol("ε"))))
    ratio_numbers = Fraction(_number(m_hat, case.old), Add((Root(_number(v_hat, case.old)), Number(eps))))
    return Worked(
        Sub(start[0], Product((_ETA, ratio))),
        Sub(start[1], Product((Number(lr), ratio_numbers))),
        shrunk - lr * m_hat / (math.sqrt(v_hat) + eps),
        before=(*lines, m_line, v_line, *hats),
        note=f"Step {t} of the optimizer.",
    )


def _corrected(letter: str, value: float, beta: float, t: int, hat: float, like: Operand) -> Expression:
    """Bias correction: the average starts at 0, so early it is too small."""
    share = Sub(_ONE, Power(Number(beta), Number(t)))
    return Equals((
        Symbol(letter, accent="hat"),
        Fraction(Symbol(letter), share),
        Fraction(_number(value, like), share),
        _number(hat, like),
    ))  # fmt: skip


@update("RMSprop")
def rmsprop(case: Update) -> Worked:
    """v = α v + (1-α) g², w - η g/(√v + ε), without momentum and centring."""
    if case.settings.get("centered") or case.settings.get("momentum"):
        raise MissingNumbersError("momentum")
    symbol, number, g, lines = _gradient(case)
    lr, eps, alpha = _setting(case, "lr"), _setting(case, "eps", 1e-8), _setting(case, "alpha", 0.99)
    squares = (Power(symbol, Number(2)), Power(number, Number(2)))
    v, line = _average(Symbol("v"), alpha, _state(case, "square_avg"), g * g, squares, case.old)
    direction = Fraction(symbol, Add((Root(Symbol("v")), Symbol("ε"))))
    numbers = Fraction(number, Add((Root(_number(v, case.old)), Number(eps))))
    worked = _stepped(case, lr, direction, numbers, g / (math.sqrt(v) + eps))
    return _with_lines(worked, (*lines, line))


@update("sub_", "sub", "add_", "add")
def by_hand(case: Update) -> Worked:
    """w - change, or w + change: the script's own line."""
    if case.settings.get("alpha", 1) != 1:
        raise MissingNumbersError("alpha")
    change = case.gradient
    if change is None:
        raise MissingNumbersError("change")
    shape = change.array.shape
    own = case.index[len(case.index) - len(shape) :]
    place = tuple(0 if size == 1 else i for size, i in zip(shape, own, strict=True))
    old, note, before = case.old, "The script's own update.", _change_line(case, change, place)
    if case.event.name.startswith("sub"):
        return Worked(
            Sub(old.at(case.index), change.at(place)),
            Sub(old.number(case.index), change.number(place)),
            float(old.value_at(case.index) - change.value_at(place)),
            before=before,
            note=note,
        )
    return Worked(
        Add((old.at(case.index), change.at(place))),
        Add((old.number(case.index), change.number(place))),
        float(old.value_at(case.index) + change.value_at(place)),
        before=before,
        note=note,
    )


def _change_line(case: Update, change: Operand, place: Index) -> tuple[EquationLine, ...]:
    """What is taken off or added is η times a gradient, if the script multiplied one."""
    if case.rate is None or case.multiplied is None or case.multiplied.array.shape != change.array.shape:
        return ()
    parts = (
        change.at(place),
        Product((_ETA, case.multiplied.at(place))),
        Product((case.rate.expression, case.multiplied.number(place))),
        change.number(place),
    )
    return (EquationLine(Equals(parts)),)


@update("copy_", "fill_", "zero_")
def replaced(case: Update) -> Worked:
    """The old numbers are written over."""
    change = case.gradient
    if change is None:
        raise MissingNumbersError("change")
    shape = change.array.shape
    own = case.index[len(case.index) - len(shape) :]
    place = tuple(0 if size == 1 else i for size, i in zip(shape, own, strict=True))
    return Worked(change.at(place), None, change.value_at(place), note="The old numbers are written over.")
