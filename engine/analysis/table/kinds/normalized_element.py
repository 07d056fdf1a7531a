"""How one element of a normalization comes about, and the gradients of one element of its input, weight and bias."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from ....bilingual import NOTHING, Bilingual, sentences
from ...notation.expression import (
    Add,
    Equals,
    EquationLine,
    Expression,
    Fraction,
    Number,
    Power,
    Product,
    Root,
    Sub,
    Sum,
    Symbol,
    Text,
)
from ...notation.expression import Call as Applied
from ...notation.numbers import default_digits
from ..call import Array
from ..case import Backward, Forward, Index, Operand, Worked, subscripted
from ..sums import SHOWN_TERMS, elided, first_and_last, flat_add, joined
from .normalizing import ALL, Normalizing, Parts, Place

_LETTERS = ("n", "i", "j", "k", "l", "m")
_MOVES = Bilingual(
    "Each number of the group moves its mean and variance, and so all its numbers.",
    "该组的每个数都会改变均值和方差，从而影响组内所有的数。",
)
_MOVES_SQUARE = Bilingual(
    "Each number of the group moves its mean square, and so all its numbers.",
    "该组的每个数都会改变平方的均值，从而影响组内所有的数。",
)
_VARIANCE = Power(Symbol("σ"), Number(2))


@dataclass(frozen=True, slots=True)
class Group:
    """An element's group: its numbers, their mean and variance (mean of squares if not centred), and ε."""

    numbers: NDArray[np.float64]
    mean: float
    variance: float
    eps: float

    @property
    def root(self) -> float:
        """√(σ² + ε)."""
        return float(np.sqrt(self.variance + self.eps))


class NormalizedElement(Normalizing):
    """A normalization with equations."""

    def equation(self, case: Forward) -> Worked:
        """γ (x - μ) / √(σ² + ε) + β, after the lines of μ and σ²."""
        x, parts, at = case.needed("input"), self._parts(case), case.index
        w, b = case.operand(parts.weight), case.operand(parts.bias)
        group, own = self._group(case), self.affine_place(case.settings, at)
        symbols: Expression = self._written(x.at(at), Symbol("μ"), _root(_VARIANCE, Symbol("ε")))
        numbers: Expression = self._written(
            x.number(at), _derived(group.mean, x), _root(_derived(group.variance, x), Number(group.eps))
        )
        computed = (x.value_at(at) - group.mean) / group.root
        if w is not None:
            symbols, numbers = Product((w.at(own), symbols)), Product((w.number(own), numbers))
            computed *= w.value_at(own)
        if b is not None:
            symbols, numbers = flat_add(symbols, b.at(own)), flat_add(numbers, b.number(own))
            computed += b.value_at(own)
        return Worked(symbols, numbers, computed, before=self._lines(case, group), note=self._note(case))

    def gradient_equation(self, case: Backward) -> Worked:
        """See NOTE [Gradient of a normalization]."""
        parts = self._parts(case)
        if case.key == parts.bias:
            return self._of_bias(case)
        if case.key == parts.weight:
            return self._of_weight(case)
        return self._of_given(case) if self.given(case.settings) else self._of_input(case)

    def _of_given(self, case: Backward) -> Worked:
        """γ g / √(σ² + ε)."""
        g, at, own, group = case.upstream, case.index, self.affine_place(case.settings, case.index), self._group(case)
        w = case.operand(self._parts(case).weight)
        symbols, numbers, arrived = g.at(at), cast(Expression, g.number(at)), g.value_at(at)
        if w is not None:
            symbols, numbers = Product((w.at(own), symbols)), Product((w.number(own), numbers))
            arrived *= w.value_at(own)
        return Worked(
            Fraction(symbols, _root(_VARIANCE, Symbol("ε"))),
            Fraction(numbers, _root(_derived(group.variance, case.wrt), Number(group.eps))),
            arrived / group.root,
            before=self._lines(case, group),
            note=Bilingual(
                "Mean and variance were given, so only the scale is left.", "均值和方差是给定的，因此只剩下缩放。"
            ),
        )

    def _of_input(self, case: Backward) -> Worked:
        """(ĝ - mean(ĝ) - x̂ mean(ĝ x̂)) / √(σ² + ε); without a weight ĝ is what arrived."""
        x, g, at, group = case.wrt, case.upstream, case.index, self._group(case)
        w = case.operand(self._parts(case).weight)
        place = self.group(case.settings, x.array.shape, at)
        sent = np.asarray(g.array[place], dtype=np.float64) * self._weights(case, w, place)
        hats = (group.numbers - group.mean) / group.root
        own, hat = self.affine_place(case.settings, at), (x.value_at(at) - group.mean) / group.root
        arrived = g.value_at(at) * (1.0 if w is None else w.value_at(own))
        mean, pull = float(np.mean(sent)) if self.centred else 0.0, float(np.mean(sent * hats))
        sent_hat = Symbol("g", accent="hat", kind="gradient")
        name: Expression = g.expression if w is None else sent_hat
        symbol = g.at(at) if w is None else subscripted(sent_hat, _joined(at))
        means, pulls = Applied("mean", (name,)), Applied("mean", (Product((name, Symbol("x", accent="hat"))),))
        lines = [*self._lines(case, group), self._hat_line(case, group, hat)]
        if w is not None:
            product = Product((w.at(own), g.at(at))), Product((w.number(own), g.number(at)))
            lines.append(EquationLine(Equals((symbol, *product, _derived(arrived, x)))))
        top: Expression = symbol
        read: Expression = _derived(arrived, x)
        if self.centred:
            lines.append(EquationLine(Equals((means, _derived(mean, x)))))
            top, read = Sub(top, means), Sub(read, _derived(mean, x))
        lines.append(EquationLine(Equals((pulls, _derived(pull, x)))))
        return Worked(
            Fraction(Sub(top, Product((_hat(at), pulls))), _root(_VARIANCE, Symbol("ε"))),
            Fraction(
                Sub(read, Product((_derived(hat, x), _derived(pull, x)))),
                _root(_derived(group.variance, x), Number(group.eps)),
            ),
            (arrived - mean - hat * pull) / group.root,
            before=tuple(lines),
            note=_MOVES if self.centred else _MOVES_SQUARE,
        )

    def eps_of(self, case: Forward | Backward) -> float:
        """ε, for a question about one element."""
        return float(case.settings["eps"])

    def _parts(self, case: Forward | Backward) -> Parts:
        return self.parts(case.op.function, [operand.name for operand in case.operands])

    def _group(self, case: Forward | Backward) -> Group:
        """Of the element of the input that is asked about."""
        x = case.needed("input")
        numbers = np.asarray(x.array[self.group(case.settings, x.array.shape, case.index)], dtype=np.float64)
        eps = self.eps_of(case)
        if self.given(case.settings):
            parts, own = self._parts(case), self.affine_place(case.settings, case.index)
            return Group(numbers, case.needed(parts.mean).value_at(own), case.needed(parts.variance).value_at(own), eps)
        mean, variance = self.moments(numbers, tuple(range(numbers.ndim)))
        return Group(numbers, float(mean.reshape(-1)[0]), float(variance.reshape(-1)[0]), eps)

    def _weights(self, case: Backward, w: Operand | None, place: Place) -> Array:
        """The weights that a group meets, broadcast to it."""
        if w is None:
            return np.ones(())
        shape = self.affine(case.settings, case.wrt.array.shape)
        lined_up = np.asarray(w.array.reshape((1,) * (len(place) - len(shape)) + shape), dtype=np.float64)
        own = tuple(
            at if size > 1 else (0 if isinstance(at, int) else ALL)
            for at, size in zip(place, lined_up.shape, strict=True)
        )
        return np.asarray(lined_up[own])

    def _written(self, x: Expression, mean: Expression, root: Expression) -> Expression:
        return Fraction(Sub(x, mean) if self.centred else x, root)

    def _lines(self, case: Forward | Backward, group: Group) -> tuple[EquationLine, ...]:
        """How μ and σ² come about, or what they were given as."""
        x = case.needed("input")
        mean, variance = _derived(group.mean, x), _derived(group.variance, x)
        share, general = Fraction(Number(1), Number(group.numbers.size)), subscripted(x.expression, "k")
        if self.given(case.settings):
            parts, own = self._parts(case), self.affine_place(case.settings, case.index)
            given = case.needed(parts.mean), case.needed(parts.variance)
            left: tuple[Expression, Expression] = (Symbol("μ"), _VARIANCE)
            return tuple(
                EquationLine(Equals((symbol, operand.at(own), operand.number(own))))
                for symbol, operand in zip(left, given, strict=True)
            )
        if not self.centred:
            squares = Product((share, Sum(Power(general, Number(2)), Text("k"))))
            return (
                EquationLine(
                    Equals((_VARIANCE, squares, variance)),
                    Bilingual("Mean of the squares of the group.", "该组平方的均值。"),
                ),
            )
        shown = [Number(float(number), default_digits(x.array.dtype.type(0))) for number in _some(group.numbers)]
        terms = Product((share, elided(shown, group.numbers.size)))
        squares = Product((share, Sum(Power(Sub(general, Symbol("μ")), Number(2)), Text("k"))))
        return (
            EquationLine(
                Equals((Symbol("μ"), Product((share, Sum(general, Text("k")))), terms, mean)),
                Bilingual("Mean of the group.", "该组的均值。"),
            ),
            EquationLine(Equals((_VARIANCE, squares, variance)), Bilingual("Variance of the group.", "该组的方差。")),
        )

    def _hat_line(self, case: Backward, group: Group, hat: float) -> EquationLine:
        x, at = case.wrt, case.index
        left = subscripted(Symbol("x", accent="hat"), _joined(at))
        symbols = self._written(x.at(at), Symbol("μ"), _root(_VARIANCE, Symbol("ε")))
        numbers = self._written(
            x.number(at), _derived(group.mean, x), _root(_derived(group.variance, x), Number(group.eps))
        )
        return EquationLine(Equals((left, symbols, numbers, _derived(hat, x))))

    def _note(self, case: Forward) -> Bilingual:
        if self.given(case.settings):
            return Bilingual(
                "Mean and variance are the running ones, not those of these numbers.",
                "均值和方差是滑动统计量，不是由这些数算出的。",
            )
        x = case.needed("input")
        about = self.about(case.settings, x.array.shape, case.index)
        note = Bilingual(f"The group: {about.english}.", f"该组：{about.chinese}。")
        if case.operand(self._parts(case).mean) is None:
            return note
        share = float(case.settings["momentum"])
        running = Bilingual(
            f"The running mean and variance move a share of {share:g} of the way towards this group's.",
            f"滑动均值和滑动方差向该组的值移动 {share:g} 的比例。",
        )
        return sentences(note, running)

    def _of_bias(self, case: Backward) -> Worked:
        """Σ of what arrived wherever it is used."""
        g, used = case.upstream, self._used(case)
        places = _shown_places(used, g.array.shape)
        read, count = np.asarray(g.array[used], dtype=np.float64), _count(used, g.array.shape)
        symbols = joined([g.at(place) for place in places])
        if count > SHOWN_TERMS:
            general, letters = _general(used)
            symbols = Sum(g.at(general), Text(letters))
        numbers = elided([g.number(place) for place in places], count)
        return Worked(symbols, numbers, float(read.sum()), note=_uses(count))

    def _of_weight(self, case: Backward) -> Worked:
        """Σ of what arrived times x̂, wherever it is used."""
        g, x, used = case.upstream, case.needed("input"), self._used(case)
        hats, places = self._hats(case), _shown_places(used, g.array.shape)
        count = _count(used, g.array.shape)
        shown = [_derived(float(hat), x) for hat in _some(hats)]
        numbers = [Product((g.number(place), hat)) for place, hat in zip(places, shown, strict=True)]
        symbols = joined([Product((g.at(place), _hat(place))) for place in places])
        if count > SHOWN_TERMS:
            general, letters = _general(used)
            symbols = Sum(Product((g.at(general), _hat(general))), Text(letters))
        computed = float(np.sum(np.asarray(g.array[used], dtype=np.float64) * hats))
        return Worked(symbols, elided(numbers, count), computed, note=_uses(count))

    def _used(self, case: Backward) -> Place:
        """Where in the input the element of the weight or bias is used."""
        slab = self.slab(case.settings, case.needed("input").array.shape, case.index)
        found: list[int | slice] = []
        inner = iter(slab.used)
        for at in slab.read:
            if isinstance(at, int):
                found.append(at)
                continue
            own = next(inner, ALL)
            found.append(own + int(at.start or 0) if isinstance(own, int) else at)
        return tuple(found)

    def _hats(self, case: Backward) -> NDArray[np.float64]:
        """x̂ wherever the element of the weight is used."""
        x = case.needed("input")
        slab = self.slab(case.settings, x.array.shape, case.index)
        read = np.asarray(x.array[slab.read], dtype=np.float64)
        eps = self.eps_of(case)
        if self.given(case.settings):
            parts = self._parts(case)
            mean, variance = (case.needed(name).value_at(case.index) for name in (parts.mean, parts.variance))
            return np.asarray((read - mean) / np.sqrt(variance + eps))[slab.used]
        means, variances = self.moments(read, slab.axes)
        return np.asarray((read - means) / np.sqrt(variances + eps))[slab.used]


def _root(variance: Expression, eps: Expression) -> Expression:
    return Root(Add((variance, eps)))


def _derived(x: float, like: Operand) -> Number:
    return Number(x, default_digits(like.array.dtype.type(0)))


def _hat(place: Sequence[int | str]) -> Expression:
    return subscripted(Symbol("x", accent="hat"), _joined(place))


def _joined(place: Sequence[int | str]) -> str:
    return ",".join(map(str, place))


def _some(numbers: Array) -> list[float]:
    """The numbers that are written out of many."""
    return [float(numbers.flat[i]) for i in first_and_last(range(numbers.size))]


def _lengths(used: Place, shape: Index) -> list[range]:
    pairs = zip(used, shape, strict=True)
    return [range(at, at + 1) if isinstance(at, int) else range(*at.indices(size)) for at, size in pairs]


def _count(used: Place, shape: Index) -> int:
    return int(np.prod([len(part) for part in _lengths(used, shape)], dtype=np.int64))


def _shown_places(used: Place, shape: Index) -> list[Index]:
    ranges = _lengths(used, shape)
    sizes = tuple(len(part) for part in ranges)
    flat = first_and_last(range(_count(used, shape)))
    return [tuple(part[int(i)] for part, i in zip(ranges, np.unravel_index(k, sizes), strict=True)) for k in flat]


def _general(used: Place) -> tuple[tuple[int | str, ...], str]:
    """A place with a letter for each dimension that is summed over, and these letters."""
    letters = iter(_LETTERS)
    general = tuple(at if isinstance(at, int) else next(letters, "o") for at in used)
    return general, ",".join(part for part in general if isinstance(part, str))


def _uses(count: int) -> Bilingual:
    return (
        Bilingual(f"Summed over the {count} places where it is used.", f"对用到它的 {count} 个位置求和。")
        if count > 1
        else NOTHING
    )
