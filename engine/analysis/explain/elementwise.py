"""Equations of arithmetic, element by element, with broadcasting; sums and means. Formulas: school calculus.

NOTE [Broadcasting]
An argument that was stretched to the result's shape was used several times, so its gradient is the sum over all
places at which each of its elements was used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .case import Backward, Forward, Index, MissingNumbersError, Operand, Worked
from .expression import Add, Call, Expression, Fraction, Neg, Number, Power, Product, Root, Sub, Sum, Text
from .sums import SHOWN_TERMS, elided, first_and_last, joined
from .table import backward, forward

Parts = Sequence[Expression]
_ONE, _TWO = Number(1), Number(2)


@dataclass(frozen=True, slots=True)
class Rule:
    """An elementwise op: how it is written, what it comes to, and its derivatives by each argument.

    slopes[i](arguments, result) -> (how the derivative is written, from the arguments' and the result's expressions).
    """

    write: Callable[[Parts], Expression]
    compute: Callable[..., np.float64]
    slopes: tuple[Callable[[Parts, Expression], Expression], ...]
    derive: tuple[Callable[..., np.float64], ...]


def _one(_: Parts, __: Expression) -> Expression:
    return _ONE


_RULES: dict[str, Rule] = {
    "add": Rule(
        lambda p: Add(tuple(p)), lambda x, y: x + y, (_one, _one), (lambda x, y: x * 0 + 1, lambda x, y: x * 0 + 1)
    ),
    "sub": Rule(
        lambda p: Sub(p[0], p[1]),
        lambda x, y: x - y,
        (_one, lambda p, r: Neg(_ONE)),
        (lambda x, y: x * 0 + 1, lambda x, y: x * 0 - 1),
    ),
    "rsub": Rule(
        lambda p: Sub(p[1], p[0]),
        lambda x, y: y - x,
        (lambda p, r: Neg(_ONE), _one),
        (lambda x, y: x * 0 - 1, lambda x, y: x * 0 + 1),
    ),
    "mul": Rule(
        lambda p: Product(tuple(p)), lambda x, y: x * y, (lambda p, r: p[1], lambda p, r: p[0]),
        (lambda x, y: y, lambda x, y: x),
    ),
    "div": Rule(
        lambda p: Fraction(p[0], p[1]),
        lambda x, y: x / y,
        (lambda p, r: Fraction(_ONE, p[1]), lambda p, r: Neg(Fraction(p[0], Power(p[1], _TWO)))),
        (lambda x, y: 1 / y, lambda x, y: -x / y**2),
    ),
    "pow": Rule(
        lambda p: Power(p[0], p[1]),
        lambda x, y: x**y,
        (lambda p, r: Product((p[1], _power(p[0], p[1]))), lambda p, r: Product((r, Call("ln", (p[0],))))),
        (lambda x, y: y * x ** (y - 1), lambda x, y: x**y * np.log(x)),
    ),
    "neg": Rule(lambda p: Neg(p[0]), lambda x: -x, (lambda p, r: Neg(_ONE),), (lambda x: x * 0 - 1,)),
    "square": Rule(
        lambda p: Power(p[0], _TWO), lambda x: x**2, (lambda p, r: Product((_TWO, p[0])),), (lambda x: 2 * x,)
    ),
    "sqrt": Rule(
        lambda p: Root(p[0]), np.sqrt, (lambda p, r: Fraction(_ONE, Product((_TWO, r))),), (lambda x: 0.5 / np.sqrt(x),)
    ),
    "exp": Rule(lambda p: Call("exp", tuple(p)), np.exp, (lambda p, r: r,), (np.exp,)),
    "log": Rule(
        lambda p: Call("ln", tuple(p)), np.log, (lambda p, r: Fraction(_ONE, p[0]),), (lambda x: 1 / x,)
    ),
    "abs": Rule(lambda p: Call("abs", tuple(p)), np.abs, (lambda p, r: Call("sign", (p[0],)),), (np.sign,)),
    "sin": Rule(lambda p: Call("sin", tuple(p)), np.sin, (lambda p, r: Call("cos", (p[0],)),), (np.cos,)),
    "cos": Rule(
        lambda p: Call("cos", tuple(p)), np.cos, (lambda p, r: Neg(Call("sin", (p[0],))),), (lambda x: -np.sin(x),)
    ),
}  # fmt: skip

_SAME = {"truediv": "div", "true_divide": "div", "multiply": "mul", "subtract": "sub", "negative": "neg"}
_NAMES = tuple(f"{name}{end}" for name in (*_RULES, *_SAME) for end in ("", "_"))


def _power(base: Expression, exponent: Expression) -> Expression:
    """x^(n-1), simply x for n = 2."""
    if isinstance(exponent, Number):
        return base if exponent.value == 2 else Power(base, Number(exponent.value - 1))
    return Power(base, Sub(exponent, _ONE))


def _rule(name: str) -> Rule:
    plain = name.rstrip("_")
    return _RULES[_SAME.get(plain, plain)]


def _arguments(case: Forward | Backward) -> tuple[Rule, list[Operand]]:
    """The rule and its arguments. Raises MissingNumbersError for extras such as add's alpha."""
    rule = _rule(case.op.name)
    names = (("0", "input"), ("1", "other", "exponent"))[: len(rule.slopes)]
    if case.settings.get("alpha", 1) != 1 or case.settings.get("rounding_mode"):
        raise MissingNumbersError(case.op.name)
    return rule, [case.needed(*wanted) for wanted in names]


def stretched(index: Index, shape: Index) -> Index:
    """The place in an argument of that shape which a place in the result reads; see NOTE [Broadcasting]."""
    own = index[len(index) - len(shape) :]
    return tuple(0 if size == 1 else i for size, i in zip(shape, own, strict=True))


@forward(*_NAMES)
def elementwise(case: Forward) -> Worked:
    """The op's formula at one place."""
    rule, arguments = _arguments(case)
    places = [stretched(case.index, argument.array.shape) for argument in arguments]
    pairs = list(zip(arguments, places, strict=True))
    with np.errstate(all="ignore"):
        computed = float(rule.compute(*(argument.value_at(place) for argument, place in pairs)))
    return Worked(
        rule.write([argument.at(place) for argument, place in pairs]),
        rule.write([argument.number(place) for argument, place in pairs]),
        computed,
    )


@backward(*_NAMES)
def elementwise_backward(case: Backward) -> Worked:
    """What arrived, times the derivative by that argument, summed over the places where it was used."""
    rule, arguments = _arguments(case)
    which = next(i for i, argument in enumerate(arguments) if argument.name == case.wrt.name)
    places = _uses(case.index, case.wrt.array.shape, case.upstream.array.shape)
    shown = first_and_last(places)
    symbols = [_term(case, rule, arguments, which, place, numbers=False) for place in shown]
    numbers = [_term(case, rule, arguments, which, place, numbers=True) for place in shown]
    with np.errstate(all="ignore"):
        read = [argument.gather([stretched(place, argument.array.shape) for place in places]) for argument in arguments]
        slopes = rule.derive[which](*read)
    computed = float(np.sum(case.upstream.gather(places) * slopes))
    note = f"It was used at {len(places)} places; their parts add up." if len(places) > 1 else ""
    return Worked(elided(symbols, len(places)), elided(numbers, len(places)), computed, note=note)


def _uses(index: Index, shape: Index, result: Index) -> list[Index]:
    """All places of the result that read a place of an argument."""
    if not result:
        return [()]
    front = len(result) - len(shape)
    ranges = [range(size) for size in result[:front]]
    ranges += [
        range(size) if own == 1 else range(i, i + 1) for size, own, i in zip(result[front:], shape, index, strict=True)
    ]
    return [tuple(place) for place in np.array(np.meshgrid(*ranges, indexing="ij")).reshape(len(result), -1).T.tolist()]


def _term(
    case: Backward, rule: Rule, arguments: Sequence[Operand], which: int, place: Index, *, numbers: bool
) -> Expression:
    """The gradient that arrived at one place, times the derivative there; a factor of 1 is left out."""
    places = [stretched(place, argument.array.shape) for argument in arguments]
    pairs = list(zip(arguments, places, strict=True))
    parts = [argument.number(at) if numbers else argument.at(at) for argument, at in pairs]
    result = case.result.number(place) if numbers else case.result.at(place)
    slope = rule.slopes[which](parts, result)
    arrived = case.upstream.number(place) if numbers else case.upstream.at(place)
    if slope == _ONE:
        return arrived
    return Neg(arrived) if slope == Neg(_ONE) else Product((arrived, slope))


def _reduced_axes(case: Forward | Backward, x: Operand) -> set[int]:
    """The axes that a sum or mean runs over."""
    dims = case.settings.get("dim", case.settings.get("axis", case.settings.get("1")))
    if dims is None or dims == []:
        return set(range(x.array.ndim))
    return {axis % x.array.ndim for axis in ([dims] if isinstance(dims, int) else dims)}


def _keeps_axes(case: Forward | Backward) -> bool:
    return bool(case.settings.get("keepdim", case.settings.get("2", False)))


@forward("sum", "mean")
def reduce(case: Forward) -> Worked:
    """Σ x, divided by how many for a mean."""
    x = case.needed("0", "input")
    reduced, kept = _reduced_axes(case, x), iter(case.index)
    starts: list[int] = []
    for axis in range(x.array.ndim):
        place = 0 if axis in reduced and not _keeps_axes(case) else next(kept)
        starts.append(0 if axis in reduced else place)
    lengths = tuple(size if axis in reduced else 1 for axis, size in enumerate(x.array.shape))
    count = int(np.prod(lengths, dtype=np.int64))
    seen: list[Index] = [
        tuple(int(i) + start for i, start in zip(np.unravel_index(k, lengths), starts, strict=True))
        for k in first_and_last(range(count))
    ]
    part = x.array[tuple(slice(start, start + n) for start, n in zip(starts, lengths, strict=True))]
    moving = {axis: _LETTERS[axis % len(_LETTERS)] for axis, n in enumerate(lengths) if n > 1}
    general = tuple(moving.get(axis, start) for axis, start in enumerate(starts))
    symbols = joined([x.at(place) for place in seen])
    if count > SHOWN_TERMS:
        symbols = Sum(x.at(general), Text(",".join(moving.values())))
    numbers, computed = elided([x.number(place) for place in seen], count), float(part.sum(dtype=np.float64))
    if case.op.name == "sum":
        return Worked(symbols, numbers, computed)
    share = Fraction(_ONE, Number(count))
    return Worked(Product((share, symbols)), Product((share, numbers)), computed / count)


_LETTERS = ("i", "j", "k", "l", "m")


@backward("sum", "mean")
def reduce_backward(case: Backward) -> Worked:
    """Each element passes on what arrived for the sum; for a mean its n-th part."""
    reduced, shape = _reduced_axes(case, case.wrt), case.wrt.array.shape
    keeps = _keeps_axes(case)
    place = tuple(0 if axis in reduced else i for axis, i in enumerate(case.index) if axis not in reduced or keeps)
    symbols: Expression = case.upstream.at(place)
    numbers: Expression = case.upstream.number(place)
    if case.op.name == "sum":
        return Worked(symbols, numbers, case.upstream.value_at(place))
    count = int(np.prod([shape[axis] for axis in reduced], dtype=np.int64))
    share = Fraction(_ONE, Number(count))
    return Worked(Product((share, symbols)), Product((share, numbers)), case.upstream.value_at(place) / count)
