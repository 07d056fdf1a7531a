"""Equations of one step of a recurrent cell for one unit: its gates, its state, and what comes back to a gate.

The names are those of PyTorch's documentation: i = σ(W_ii x + b_ii + W_hi h + b_hi) and so on; z with a gate's letter
above it is what stands in the brackets.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...notation.expression import (
    Add,
    Call,
    Equals,
    EquationLine,
    Expression,
    Number,
    Partial,
    Power,
    Product,
    Sub,
    Symbol,
)
from ..sums import flat_add
from .inner_numbers import number_inside
from .recurrence import Cell, Gru, Lstm, Moment, MomentBack, Relu, Weights

ONE = Number(1)
LOSS = Symbol("C")
STATE, MEMORY = Symbol("h′"), Symbol("c′")

Named = Callable[[str], Expression]
"""The symbol, or the number, behind a name of a step ("i", "h", "dC/dc′")."""


def unit_lines(
    cell: Cell, moment: Moment, weights: Weights, row: int, unit: int
) -> tuple[tuple[EquationLine, ...], Expression, Expression]:
    """The gates of one unit, and then its result in symbols and with numbers."""
    number = _numbers(moment, None, row, unit)
    lines = []
    for gate, letter in enumerate(cell.letters):
        if letter == "h":
            break
        symbols, numbers = _weighted(cell, letter, moment, weights, row, gate, unit)
        function = "tanh" if letter in ("g", "n") else "σ"
        parts = Symbol(letter), Call(function, (symbols,)), Call(function, (numbers,)), number(letter)
        lines.append(EquationLine(Equals(parts)))
    if isinstance(cell, Lstm):
        lines.append(EquationLine(Equals((MEMORY, _memory(_symbol), _memory(number), number("c′")))))
    if lines:
        return tuple(lines), _result(cell, _symbol), _result(cell, number)
    symbols, numbers = _weighted(cell, "h", moment, weights, row, 0, unit)
    if isinstance(cell, Relu):
        return (), Call("max", (Number(0), symbols)), Call("max", (Number(0), numbers))
    return (), Call("tanh", (symbols,)), Call("tanh", (numbers,))


def memory_line(moment: Moment, row: int, unit: int) -> tuple[Expression, Expression]:
    """c' = f c + i g in symbols and with numbers."""
    return _memory(_symbol), _memory(_numbers(moment, None, row, unit))


def slope_line(cell: Cell, letter: str, moment: Moment, back: MomentBack, row: int, unit: int) -> EquationLine:
    """How the gradient comes to what a gate's function is applied to."""
    number = _numbers(moment, back, row, unit)
    left = Partial(LOSS, Symbol("z", superscript=letter))
    symbols, numbers = _slope(cell, letter, _symbol), _slope(cell, letter, number)
    made = np.split(back.from_x, len(cell.letters), axis=1)[cell.letters.index(letter)]
    return EquationLine(Equals((left, symbols, numbers, number_inside(float(made[row, unit])))))


def _weighted(
    cell: Cell, letter: str, moment: Moment, weights: Weights, row: int, gate: int, unit: int
) -> tuple[Expression, Expression]:
    """W x + b + U h + b of one unit of a gate; the numbers are those of the products, ready."""
    width = moment.raw.shape[1]
    place = gate * width + unit
    ready: dict[str, Expression] = {
        "Wx": number_inside(float(moment.x[row] @ weights.ih[place])),
        "Uh": number_inside(float(moment.h[row] @ weights.hh[place])),
    }
    named: dict[str, Expression] = {
        "Wx": Product((Symbol("W", f"i{letter}"), Symbol("x")), ""),
        "Uh": Product((Symbol("W", f"h{letter}"), Symbol("h")), ""),
    }
    for name, side, bias in (("bx", "i", weights.b_ih), ("bh", "h", weights.b_hh)):
        if isinstance(bias, np.ndarray):
            ready[name] = number_inside(float(bias[place]))
            named[name] = Symbol("b", f"{side}{letter}", kind="parameter")
    r = number_inside(float(moment.gates["r"][row, unit])) if "r" in moment.gates else ONE
    is_reset = isinstance(cell, Gru) and letter == "n"
    return _joined(named, Symbol("r") if is_reset else None), _joined(ready, r if is_reset else None)


def _joined(parts: dict[str, Expression], reset: Expression | None) -> Expression:
    from_x = [parts[name] for name in ("Wx", "bx") if name in parts]
    from_h = [parts[name] for name in ("Uh", "bh") if name in parts]
    if reset is None:
        return flat_add(*from_x, *from_h)
    return flat_add(*from_x, Product((reset, flat_add(*from_h))))


def _symbol(name: str) -> Expression:
    if name.startswith("dC/d"):
        inner = name.removeprefix("dC/d")
        by = Symbol("z", superscript=inner[1:]) if inner.startswith("z") else Symbol(inner)
        return Partial(LOSS, by)
    if name == "tanh c′":
        return Call("tanh", (MEMORY,))
    return Symbol(name)


def _numbers(moment: Moment, back: MomentBack | None, row: int, unit: int) -> Named:
    """Numbers of a step by name."""

    def number(name: str) -> Expression:
        found: Any
        match name:
            case "h" | "c":
                found = getattr(moment, name)
            case "h′":
                found = moment.raw
            case "c′":
                found = moment.new_c
            case "tanh c′":
                found = np.tanh(moment.new_c)
            case "dC/dh′":
                found = back.arrived if back is not None else None
            case "dC/dc′":
                found = back.cell if back is not None else None
            case "dC/dzn":
                found = np.split(back.from_x, 3, axis=1)[2] if back is not None else None
            case "z^hn":
                found = np.split(moment.from_h, 3, axis=1)[2]
            case _:
                found = moment.gates[name]
        return number_inside(float(found[row, unit]))

    return number


def _memory(named: Named) -> Expression:
    return Add((Product((named("f"), named("c"))), Product((named("i"), named("g")))))


def _result(cell: Cell, named: Named) -> Expression:
    if isinstance(cell, Lstm):
        squeezed = named("tanh c′") if named is _symbol else Call("tanh", (named("c′"),))
        return Product((named("o"), squeezed))
    return Add((Product((Sub(ONE, named("z")), named("n"))), Product((named("z"), named("h")))))


def _slope(cell: Cell, letter: str, named: Named) -> Expression:
    """The derivative of C by what a gate's function is applied to."""
    own = named(letter) if letter != "h" else named("h′")
    through_sigmoid = (own, Sub(ONE, own))
    through_tanh = (Sub(ONE, Power(own, Number(2))),)
    if isinstance(cell, Lstm):
        factors: dict[str, tuple[Expression, ...]] = {
            "i": (named("dC/dc′"), named("g"), *through_sigmoid),
            "f": (named("dC/dc′"), named("c"), *through_sigmoid),
            "g": (named("dC/dc′"), named("i"), *through_tanh),
            "o": (named("dC/dh′"), named("tanh c′"), *through_sigmoid),
        }
        return Product(factors[letter])
    if isinstance(cell, Gru):
        factors = {
            "r": (named("dC/dzn"), _hidden_part(named), *through_sigmoid),
            "z": (named("dC/dh′"), Sub(named("h"), named("n")), *through_sigmoid),
            "n": (named("dC/dh′"), Sub(ONE, named("z")), *through_tanh),
        }
        return Product(factors[letter])
    if isinstance(cell, Relu):
        return (
            Product((named("dC/dh′"), Call("relu′", (Symbol("z", superscript="h"),))))
            if named is _symbol
            else Product((named("dC/dh′"), _step(named("h′"))))
        )
    return Product((named("dC/dh′"), *through_tanh))


def _hidden_part(named: Named) -> Expression:
    """What the reset gate of a GRU multiplies."""
    if named is not _symbol:
        return named("z^hn")
    return Add((Product((Symbol("W", "hn"), Symbol("h")), ""), Symbol("b", "hn", kind="parameter")))


def _step(result: Expression) -> Expression:
    return Number(1 if isinstance(result, Number) and result.value > 0 else 0)
