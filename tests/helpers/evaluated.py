"""Works a written formula out with numbers, so that a test can hold it beside what torch computes."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from engine.analysis.notation.expression import (
    Add,
    Call,
    Cases,
    Equals,
    Expression,
    Fraction,
    Neg,
    Number,
    Partial,
    Power,
    Product,
    Root,
    Sub,
    Sum,
    Symbol,
    Text,
    Transpose,
)
from engine.analysis.notation.reading import read

Values = dict[str, Any]
"""Numbers and arrays by the letter that they are written as; sizes of sums by the index ("k" is 3 for k = 0, 1, 2)."""

FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "max": max, "min": min, "abs": abs, "ln": math.log, "exp": math.exp, "tanh": np.tanh, "erf": math.erf,
    "sign": np.sign, "floor": math.floor, "σ": lambda z: 1 / (1 + np.exp(-z)),
}  # fmt: skip
_COMPARED = {">": lambda a, b: a > b, "≤": lambda a, b: a <= b, "<": lambda a, b: a < b}


def worked_out(lines: tuple[str, ...], values: Values, sizes: Mapping[str, int]) -> Values:
    """The values with what each line makes of them: "y_{i,j} = ..." is made at every place, "c ← ..." takes the place
    of what c was. A derivative is kept by its text without indices, as "∂C/∂w"."""
    made = dict(values)
    for line in lines:
        equation = read(line)
        assert isinstance(equation, Equals)
        left, right = equation.parts[0], equation.parts[-1]
        name, indices = _name(left), _indices(left)
        if not indices or f"{name}_{','.join(indices)}" in made:
            made[name] = value_of(right, made, sizes)
            continue
        shape = tuple(sizes[index] for index in indices)
        array = np.empty(shape)
        for place in itertools.product(*map(range, shape)):
            array[place] = value_of(right, made, {**sizes, **dict(zip(indices, place, strict=True))}, indices)
        made[name] = array
    return made


def value_of(expression: Expression, values: Values, places: Mapping[str, int], bound: tuple[str, ...] = ()) -> Any:
    """A number or an array. places: of bound indices where they are, of the others how far a sum over them goes."""

    def part(one: Expression) -> Any:
        return value_of(one, values, places, bound)

    match expression:
        case Number(value=value):
            return value
        case Symbol(text="e") if "e" not in values:
            return math.e
        case Symbol(text="π"):
            return math.pi
        case Symbol(text="δ", subscript=subscript) if subscript:
            one, other = (part(_read(index)) for index in subscript.split(","))
            return float(one == other)
        case Symbol():
            return _symbol(expression, values, places, bound)
        case Partial(of=of, by=by):
            return _element(values[_name(expression)], [*_indices(of), *_indices(by)], part)
        case Fraction(numerator=numerator, denominator=denominator):
            return part(numerator) / part(denominator)
        case Add(terms=terms):
            return sum((part(term) for term in terms[1:]), part(terms[0]))
        case Sub(left=left, right=right):
            return part(left) - part(right)
        case Neg(operand=operand):
            return -part(operand)
        case Power(base=base, exponent=exponent):
            return part(base) ** part(exponent)
        case Root(radicand=radicand):
            return np.sqrt(part(radicand))
        case Transpose(operand=operand):
            return part(operand).T
        case Product(factors=factors, sign=sign):
            found = part(factors[0])
            for factor in map(part, factors[1:]):
                is_matrix = sign == "·" and np.ndim(found) and np.ndim(factor)
                found = found @ factor if is_matrix else found * factor
            return found
        case Sum(body=body, lower=lower, upper=upper):
            return _sum(body, lower, upper, values, places, bound)
        case Call(function=function, arguments=arguments):
            return {**FUNCTIONS, **values}[function](*map(part, arguments))
        case Cases(rows=rows):
            return next(part(value) for value, condition in rows if _holds(condition, part))
    raise AssertionError(f"no number for {expression}")


def _sum(
    body: Expression, lower: Any, upper: Any, values: Values, places: Mapping[str, int], bound: tuple[str, ...]
) -> Any:
    if isinstance(lower, Equals):
        index, start = lower.parts[0].text, lower.parts[1].value  # type: ignore[union-attr]
        ranges = {index: range(start, value_of(upper, values, places, bound) + 1)}
    else:
        ranges = {index: range(places[index]) for index in lower.text.split(",")}
    inner = (*bound, *ranges)
    return sum(
        value_of(body, values, {**places, **dict(zip(ranges, at, strict=True))}, inner)
        for at in itertools.product(*ranges.values())
    )


def _symbol(symbol: Symbol, values: Values, places: Mapping[str, int], bound: tuple[str, ...]) -> Any:
    name = _name(symbol)
    whole = f"{name}_{symbol.subscript}"
    if whole in values:
        return values[whole]
    if not symbol.subscript:
        return places[name] if name in bound else values[name]
    indices = symbol.subscript.split(",")
    return _element(values[name], indices, lambda one: value_of(one, values, places, bound))


def _element(array: Any, indices: list[str], number: Callable[[Expression], Any]) -> Any:
    """An element; outside of the array there are zeros, as around an image."""
    if not indices:
        return array
    place = tuple(int(number(_read(index))) for index in indices)
    is_inside = all(0 <= at < size for at, size in zip(place, array.shape, strict=True))
    return array[place] if is_inside else 0.0


def _holds(condition: Expression, number: Callable[[Expression], Any]) -> bool:
    assert isinstance(condition, Text)
    left, sign, right = re.split(r" ([>≤<]) ", condition.text)
    return bool(_COMPARED[sign](number(_read(left)), number(_read(right))))


def _read(printed: str) -> Expression:
    """Of an index or a comparison, in which indices are small letters already."""
    return read(re.sub("[ᵢₙ]", lambda small: {"ᵢ": "_i", "ₙ": "_n"}[small[0]], printed))


def _indices(left: Expression) -> tuple[str, ...]:
    match left:
        case Symbol(subscript=subscript):
            return tuple(subscript.split(",")) if subscript else ()
        case Partial(of=of, by=by):
            return tuple(dict.fromkeys((*_indices(of), *_indices(by))))
    return ()


def _name(left: Expression) -> str:
    match left:
        case Symbol(text=text, accent=accent):
            return text + {"": "", "hat": "\u0302", "bar": "\u0304"}[accent]
        case Call(function=function):
            return function
        case Partial(of=of, by=by):
            return f"∂{_name(of)}/∂{_name(by)}"
    raise AssertionError(left)
