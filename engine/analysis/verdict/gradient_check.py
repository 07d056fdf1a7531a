"""Checks the gradients that an op's nodes sent: against the row's product, and against central differences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add

import numpy as np
from numpy.typing import NDArray

from ...bilingual import Bilingual, same, sentence
from ..table.call import Array, UnfitError
from ..table.kinds.pointwise import Pointwise
from .answer import Comparison
from .composed import Composed
from .differences import Difference, central, step_for, weighed
from .disturbance import disturbed, through_the_result
from .formula import Formula, RowFormula
from .precision import DOUBLE, Precision
from .tolerance import PLACE_BY_PLACE, STEPS, Compared, compare, summary, summed_over

_ELEMENTS = 6
"""How many elements of an argument are moved, at most."""

_SIZES = ((20_000, 6), (200_000, 3), (2_000_000, 2))
"""Up to how many numbers in an op how many elements are moved; beyond, one."""


@dataclass(frozen=True, slots=True, eq=False)
class Leaving:
    """A gradient that left an op's unit: to which arguments (several where one value is used several times).

    gradient: what was sent, of the arguments' shape; symbol: what it is called.
    """

    keys: tuple[str, ...]
    gradient: NDArray[np.generic]
    symbol: str


class GradientCheck:
    """One op in one backward pass.

    upstream: what arrived for each of its results, zeros where nothing did. precision: the coarsest format in it.
    rounds_to: the format that it was asked to bring its result to, if it was.
    """

    def __init__(
        self,
        formula: Formula,
        upstream: Sequence[Array],
        precision: Precision | None,
        rounds_to: Precision | None = None,
    ) -> None:
        self._formula = formula
        self._upstream = list(upstream)
        self._precision = precision
        self._product: Mapping[str, Array] | None = None
        self._base: list[Array] | None = None
        self._rounds_to = rounds_to

    def comparisons(self, leaving: Leaving) -> list[Comparison]:
        """Raises UnfitError where it cannot be computed."""
        if not self._formula.event.outputs:
            raise UnfitError("it made no tensor", "它没有得到张量")
        is_composed = isinstance(self._formula, Composed)
        product = self._compare_product(leaving, required=not is_composed)
        moved = self._compare_differences(leaving, product)
        if product is not None and (not is_composed or product.comparison.agrees):
            return [product.comparison, *moved]
        return moved

    def is_at_odds(self, found: Sequence[Comparison]) -> bool:
        """Whether finite differences say that torch is right and the row wrong."""
        odd = [part for part in found if not part.agrees and part.method == "vjp"]
        moved = [part for part in found if part.method == "finite differences"]
        return bool(odd) and all(part.agrees and part.elements > part.skipped for part in moved) and bool(moved)

    def _compare_product(self, leaving: Leaving, required: bool) -> Compared | None:
        try:
            if self._product is None:
                self._product = self._formula.vjp(self._formula.inputs, self._upstream)
            computed = _total(self._product, leaving.keys)
        except UnfitError:
            if required:
                raise
            return None
        samples = self._samples(leaving.keys)
        skipped = 0
        if isinstance(computed, np.ma.MaskedArray):
            # What a dropout drew for an input of 0 is not known; see NOTE [What a zero hides] in drawing.py.
            unknown = np.ma.getmaskarray(computed)
            skipped = int(unknown.sum())
            computed = np.where(unknown, leaving.gradient, np.asarray(computed))
        arrays = [*self._formula.inputs.values(), *self._upstream]
        scale = PLACE_BY_PLACE if self._is_place_by_place(leaving) else summed_over(arrays, leaving.gradient.size)
        arrived = self._upstream[0] if self._formula.cancels and self._is_place_by_place(leaving) else None
        what = _gradient_for(leaving.keys)
        found = compare(
            what, leaving.symbol, "vjp", leaving.gradient, computed, self._precision, scale, samples, arrived
        )
        return replace(found, comparison=replace(found.comparison, skipped=skipped)) if skipped else found

    def _is_place_by_place(self, leaving: Leaving) -> bool:
        """Whether each element of the gradient comes from one place of the result: nothing is added up."""
        if self._formula.scale.summed or len(leaving.keys) > 1:
            return False
        return all(part.shape == leaving.gradient.shape for part in self._upstream)

    def _samples(self, keys: Sequence[str]) -> Callable[[], Iterable[Array]]:
        def compute(inputs: Mapping[str, Array], upstream: Sequence[Array]) -> Array:
            return _total(self._formula.vjp(inputs, upstream), keys)

        def samples() -> Iterator[Array]:
            formula = self._formula
            seed = formula.event.position
            yield from disturbed(compute, formula.inputs, self._upstream, self._precision, seed)
            for key in keys:
                yield from self._through_the_result(key, compute)

        return samples

    def _through_the_result(
        self, key: str, compute: Callable[[Mapping[str, Array], Sequence[Array]], Array]
    ) -> Iterator[Array]:
        formula = self._formula
        if not isinstance(formula, RowFormula) or not isinstance(formula.row, Pointwise):
            return
        x = formula.inputs[key]
        if x.dtype.kind != "f" or any(part.shape != x.shape for part in self._upstream):
            return
        (y, *_), slopes = self._made(), formula.vjp(formula.inputs, [np.ones_like(x)])[key]
        for moved in through_the_result(x, y, slopes, self._precision or DOUBLE):
            yield compute({**formula.inputs, key: moved}, self._upstream)

    def _made(self) -> list[Array]:
        if self._base is None:
            self._base = self._formula.make(self._formula.inputs)
        return self._base

    def _compare_differences(self, leaving: Leaving, product: Compared | None) -> list[Comparison]:
        """Central differences at a few elements; none where the numbers are not real, or not finite."""
        keys = [key for key in leaving.keys if key in self._formula.inputs]
        x = self._formula.inputs[keys[0]] if keys else np.zeros(0)
        if self._formula.nudged == "none":
            return []
        usable = x.dtype.kind == "f" and leaving.gradient.dtype.kind == "f" and x.shape == leaving.gradient.shape
        if not usable or not x.size or not all(np.isfinite(part).all() for part in self._upstream):
            return []
        found = [(place, self._difference(keys, place)) for place in self._places(leaving, product)]
        return [self._at_worst(leaving, found, product)]

    def _places(self, leaving: Leaving, product: Compared | None) -> list[tuple[int, ...]]:
        """Where to move: the largest gradient, where the product is furthest off, and some at random."""
        size = np.abs(np.nan_to_num(leaving.gradient.astype(np.float64)))
        count = self._count()
        flat = [int(np.argmax(size))]
        if product is not None and not product.comparison.agrees:
            flat.append(int(np.ravel_multi_index(product.comparison.where, size.shape)) if size.ndim else 0)
        random = np.random.default_rng(self._formula.event.position)
        flat += random.integers(size.size, size=max(count - len(flat), 0)).tolist()
        return [tuple(int(i) for i in np.unravel_index(place, size.shape)) for place in dict.fromkeys(flat)]

    def _count(self) -> int:
        numbers = sum(array.size for array in (*self._formula.inputs.values(), *self._upstream))
        return next((count for size, count in _SIZES if numbers <= size), 1)

    def _difference(self, keys: Sequence[str], place: tuple[int, ...]) -> Difference:
        inputs, base, floor = self._formula.inputs, self._made(), self._rounding()
        places = [place]
        if self._formula.nudged == "mirrored":
            places.append((*place[:-2], place[-1], place[-2]))

        def moved(h: float) -> tuple[float, float]:
            changed = {}
            for key in keys:
                array = inputs[key].copy()
                for where in places:
                    array[where] += h / len(places)
                changed[key] = array
            change, noise = weighed(self._formula.make({**inputs, **changed}), base, self._upstream)
            return change, noise + floor

        return central(moved, step_for(inputs[keys[0]], place))

    def _rounding(self) -> float:
        """What of a change may be lost by rounding the results, which a row does to a coarser format if asked to."""
        largest = [np.max(np.abs(g * y), initial=0.0) for g, y in zip(self._upstream, self._made(), strict=True)]
        return float(max(largest, default=0.0)) * (self._rounds_to or DOUBLE).eps

    def _at_worst(
        self, leaving: Leaving, found: Sequence[tuple[tuple[int, ...], Difference]], product: Compared | None
    ) -> Comparison:
        precision = self._precision or DOUBLE
        largest = float(np.max(np.abs(leaving.gradient), initial=0.0))
        worst: Comparison | None = None
        for place, difference in found:
            if not difference.smooth:
                continue
            recorded = float(leaving.gradient[place])
            size = max(abs(recorded), abs(difference.slope))
            allowed = STEPS * precision.eps * (size + largest) + precision.tiny
            if product is not None:
                allowed = max(allowed, float(product.allowed[place]))
            comparison = summary(
                _gradient_for(leaving.keys),
                leaving.symbol,
                "finite differences",
                place,
                recorded,
                difference.slope,
                abs(recorded - difference.slope),
                allowed + difference.error,
                precision,
                elements=len(found),
            )
            if worst is None or comparison.difference * worst.tolerance > worst.difference * comparison.tolerance:
                worst = comparison
        skipped = sum(not difference.smooth for _, difference in found)
        if worst is not None:
            return replace(worst, skipped=skipped)
        return summary(
            _gradient_for(leaving.keys), leaving.symbol, "finite differences", (), 0.0, 0.0, 0.0, 0.0, precision,
            elements=len(found), skipped=skipped,
        )  # fmt: skip


def _total(sent: Mapping[str, Array], keys: Sequence[str]) -> Array:
    """The sum of an argument's gradients over the places at which it was given."""
    present = [sent[key] for key in keys if key in sent]
    if not present:
        name = _argument(keys)
        raise UnfitError(f"its row has no gradient for {name.english}", f"表中没有它对 {name.chinese} 的梯度")
    return reduce(add, present)


def _gradient_for(keys: Sequence[str]) -> Bilingual:
    name = _argument(keys)
    return sentence(f"gradient for {name.english}", f"对 {name.chinese} 的梯度")


def _argument(keys: Sequence[str]) -> Bilingual:
    """ "weight", "argument 1" where it has no name, "input and other" where one value is both."""
    names = [
        Bilingual(f"argument {int(key) + 1}", f"第 {int(key) + 1} 个参数") if key.isdigit() else same(key)
        for key in keys
    ]
    return Bilingual(" and ".join(name.english for name in names), " 和 ".join(name.chinese for name in names))
