"""Ops that multiply tensors and sum over what they share: a row says which dimension is which, all else follows.

NOTE [Labels]
Each dimension of an argument has a label, a letter; dimensions with the same label run together. What the result has
no label for is summed over: matmul is "nk" and "kj" -> "nj". An argument's gradient is a contraction too, of what
arrived for the result and the other arguments. A dimension of size 1 whose label is longer elsewhere is used again at
each place, so its gradient is summed over that label. A label twice in one argument is its diagonal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar

import numpy as np

from ....bilingual import NOTHING, Bilingual
from ...notation.expression import Expression, Number, Product, Sum, Text
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Index, Operand, Worked, matrix_of
from ..operation import Operation
from ..sums import SHOWN_TERMS, elided, first_and_last, flat_add, joined
from .factors import scaled
from .pointwise import stretched, summed_to

SMALL = 4
"""Matrices up to this many rows and columns are shown whole."""

_LETTERS = 52
"""Different labels that numpy can tell apart."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which dimension is which; see NOTE [Labels].

    labels: of each argument, a letter a dimension. result: of each dimension of the result, more than one where several
    were merged into one (kron). sizes: of each label.
    """

    labels: tuple[str, ...]
    result: tuple[str, ...]
    sizes: Mapping[str, int]

    @property
    def unmerged(self) -> str:
        """The result's labels, before dimensions were merged."""
        return "".join(self.result)

    def shape(self, labels: str) -> tuple[int, ...]:
        """The sizes of some labels."""
        return tuple(self.sizes[label] for label in labels)

    @property
    def result_shape(self) -> tuple[int, ...]:
        """The shape of the result."""
        return tuple(prod(self.shape(labels)) for labels in self.result)


def planned(labels: Sequence[str], result: Sequence[str], shapes: Sequence[tuple[int, ...]]) -> Plan:
    """A plan for arguments of some shapes. Raises UnfitError where they do not fit."""
    sizes: dict[str, int] = {}
    for own, shape in zip(labels, shapes, strict=True):
        if len(own) != len(shape):
            raise UnfitError("its arguments have other dimensions than their labels", "它的参数的维数与标签不一致")
        for label, size in zip(own, shape, strict=True):
            if sizes.setdefault(label, size) == 1:
                sizes[label] = size
            if size not in (1, sizes[label]):
                raise UnfitError("its arguments' shapes do not fit together", "它的各个参数的形状不相容")
    return Plan(tuple(labels), tuple(result), sizes)


def contract(plan: Plan, arrays: Sequence[Array], labels: Sequence[str], result: str) -> Array:
    """The sum of products over all labels that are not in `result`; the arrays' dimensions of size 1 are stretched."""
    numbers = {label: number for number, label in enumerate(plan.sizes)}
    if len(numbers) > _LETTERS:
        raise UnfitError("it has more dimensions than can be told apart", "它的维数太多，无法逐一区分")
    parts: list[Any] = []
    seen: set[str] = set()
    for array, own in zip(arrays, labels, strict=True):
        stays = [array.shape[i] != 1 or plan.sizes[label] == 1 for i, label in enumerate(own)]
        kept = [label for label, stay in zip(own, stays, strict=True) if stay]
        dropped = tuple(i for i, stay in enumerate(stays) if not stay)
        parts += [np.squeeze(array, dropped), [numbers[label] for label in kept]]
        seen.update(kept)
    # What no array has is the same at every place of it.
    for label in result:
        if label not in seen:
            parts += [np.ones(plan.sizes[label], dtype=np.int64), [numbers[label]]]
    with np.errstate(all="ignore"):
        made = np.einsum(*parts, [numbers[label] for label in result], optimize=True)
    return np.asarray(made)


class Contraction(Operation):
    """A row of an op that multiplies and sums; see NOTE [Labels].

    factors: names of the arguments that are multiplied; of one that is a list (`many`) all its tensors. added: name of
    an argument that is added to it, broadcast, after both were scaled by the settings beta and alpha. conjugated: names
    of those of which the complex conjugate is taken. matrices: small ones are shown whole.
    """

    factors: ClassVar[tuple[str, ...]] = ("input", "other")
    many: ClassVar[str] = ""
    added: ClassVar[str] = ""
    conjugated: ClassVar[tuple[str, ...]] = ()
    matrices: ClassVar[bool] = False

    def plan(self, settings: Mapping[str, Any], shapes: Sequence[tuple[int, ...]]) -> Plan:
        """Which dimension is which, from the shapes of the factors and the other arguments."""
        raise NotImplementedError

    def keys(self, function: str, keys: Sequence[str]) -> list[str]:
        """The keys of the arguments that are multiplied, in order."""
        if self.many:
            return [key for key in keys if key.partition(".")[0] == self.many]
        return list(self.factors)

    def forward(self, call: Call) -> Array:
        """beta · added + alpha · the contraction."""
        plan, _, arrays = self._read(call)
        call.allow(plan.result_shape)
        made = contract(plan, arrays, plan.labels, plan.unmerged).reshape(plan.result_shape)
        beta, alpha = _scales(call.arguments, made)
        made = made if alpha == 1 else made * alpha
        # torch does not look at what is added zero times, NaN or not.
        if not self.added or call.get(self.added) is None or beta == 0:
            return made
        return made + (call.array(self.added) if beta == 1 else beta * call.array(self.added))

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """For each factor, what arrived contracted with all others."""
        plan, keys, arrays = self._read(call)
        beta, alpha = map(np.conj, _scales(call.arguments, upstream[0]))
        G = upstream[0].reshape(plan.shape(plan.unmerged)) * alpha
        found = {key: self._gradient(plan, key, i, G, arrays) for i, key in enumerate(keys)}
        if self.added and call.get(self.added) is not None:
            found[self.added] = _like(
                summed_to(upstream[0] * beta, call.array(self.added).shape), call.array(self.added)
            )
        return found

    def equation(self, case: Forward) -> Worked:
        """A sum of products for one element; small matrices whole."""
        plan, keys = self._planned(case)
        operands = [case.needed(key) for key in keys]
        added = case.operand(self.added) if self.added else None
        beta, alpha = _scales(case.settings, case.result.array)
        if self.matrices and case.whole and _are_small_matrices(operands) and case.result.array.size > 1:
            matrices = Product(tuple(operand.expression for operand in operands), "")
            filled = Product(tuple(matrix_of(operand) for operand in operands), "")
            return Worked(matrices, filled, self.forward(case.call), whole=True)
        factors = [_Factor(operand, tuple(labels)) for operand, labels in zip(operands, plan.labels, strict=True)]
        fixed = _split_place(plan, case.index)
        symbols, numbers, computed, _ = _terms(plan, factors, fixed)
        symbols, numbers = scaled(alpha, symbols), scaled(alpha, numbers)
        computed *= alpha
        if added is not None and beta != 0:
            place = stretched(case.index, added.array.shape)
            symbols = flat_add(symbols, scaled(beta, added.at(place)))
            numbers = flat_add(numbers, scaled(beta, added.number(place)))
            computed += beta * added.value_at(place)
        return Worked(symbols, numbers, computed)

    def gradient_equation(self, case: Backward) -> Worked:
        """A sum of products of what arrived and the other factors, for one element."""
        plan, keys = self._planned(case)
        beta, alpha = _scales(case.settings, case.result.array)
        if case.key == self.added:
            return _added_gradient(plan, case, beta)
        which = keys.index(case.key)
        fixed: dict[str, int] = {}
        for label, i, size in zip(plan.labels[which], case.index, case.wrt.array.shape, strict=True):
            if size == 1 and plan.sizes[label] != 1:
                continue
            if fixed.setdefault(label, i) != i:
                return Worked(
                    Number(0),
                    None,
                    0.0,
                    note=Bilingual(
                        "Only the diagonal was used, and this is beside it.", "只用到了对角线，而它不在对角线上。"
                    ),
                )
        factors = [
            _Factor(case.upstream, plan.result) if i == which else _Factor(case.needed(key), tuple(plan.labels[i]))
            for i, key in enumerate(keys)
        ]
        symbols, numbers, computed, count = _terms(plan, factors, fixed)
        note = (
            Bilingual(
                f"It had a part in {count} products; their gradients add up.",
                f"它参与了 {count} 个乘积；它们的梯度相加。",
            )
            if count > 1
            else NOTHING
        )
        return Worked(scaled(alpha, symbols), scaled(alpha, numbers), computed * alpha, note=note)

    def _read(self, call: Call) -> tuple[Plan, list[str], list[Array]]:
        tensors = dict(call.tensors())
        keys = self.keys(call.function, list(tensors))
        arrays = [tensors[key] if key in tensors else call.array(key) for key in keys]
        arrays = [np.conj(array) if key in self.conjugated else array for key, array in zip(keys, arrays, strict=True)]
        return self.plan(call.arguments, [array.shape for array in arrays]), keys, arrays

    def _gradient(self, plan: Plan, key: str, which: int, G: Array, arrays: Sequence[Array]) -> Array:
        """What arrived contracted with all arrays but one. arrays: conjugated where the op does so."""
        others = [(np.conj(array), plan.labels[i]) for i, array in enumerate(arrays) if i != which]
        own, array = plan.labels[which], arrays[which]
        used = [label for i, label in enumerate(own) if array.shape[i] != 1 or plan.sizes[label] == 1]
        different = "".join(dict.fromkeys(used))
        made = contract(plan, [G, *(a for a, _ in others)], [plan.unmerged, *(text for _, text in others)], different)
        if array.dtype.kind != "c":
            made = made.real
        elif key in self.conjugated:
            made = np.conj(made)
        if len(used) == len(different):
            return made.reshape(array.shape)
        return _on_diagonal(made, "".join(used), different, array.shape)

    def _planned(self, case: Forward | Backward) -> tuple[Plan, list[str]]:
        names = [case.form.key(operand.name) for operand in case.operands]
        keys = self.keys(case.op.function, names)
        arrays = [case.needed(key).array for key in keys]
        if any(array.dtype.kind == "c" for array in arrays):
            raise UnfitError("its numbers are complex", "它的数值是复数")
        return self.plan(case.settings, [array.shape for array in arrays]), keys


@dataclass(frozen=True, slots=True)
class _Factor:
    """A value in a sum of products, with the labels of each of its dimensions (more than one where merged)."""

    operand: Operand
    labels: tuple[str, ...]

    def sliced(self, plan: Plan, fixed: Mapping[str, int]) -> tuple[Array, str]:
        """Its part at the labels that are fixed, and the labels that are left."""
        flat = "".join(self.labels)
        array = self.operand.array
        if any(len(labels) > 1 for labels in self.labels):
            array = array.reshape(plan.shape(flat))
        picks = [
            0 if size == 1 and plan.sizes[label] != 1 else fixed.get(label, slice(None))
            for label, size in zip(flat, array.shape, strict=True)
        ]
        kept = "".join(label for label, pick in zip(flat, picks, strict=True) if isinstance(pick, slice))
        return np.asarray(array[tuple(picks)], dtype=np.float64), kept

    def place(self, plan: Plan, at: Mapping[str, int]) -> Index:
        """Its place where all labels are known."""
        return tuple(
            0 if size == 1 else int(np.ravel_multi_index([at[label] for label in labels], plan.shape(labels)))
            for labels, size in zip(self.labels, self.operand.array.shape, strict=True)
        )

    def general(self, plan: Plan, fixed: Mapping[str, int]) -> list[int | str]:
        """Its place with letters where it is summed over."""
        place: list[int | str] = []
        for labels, size in zip(self.labels, self.operand.array.shape, strict=True):
            known: list[int | str] = [fixed.get(label, label) for label in labels]
            if size == 1:
                place.append(0)
            elif len(labels) == 1:
                place.append(known[0])
            else:
                place.append(f"{known[0]}·{plan.sizes[labels[1]]}+{known[1]}")
        return place


def _terms(
    plan: Plan, factors: Sequence[_Factor], fixed: Mapping[str, int]
) -> tuple[Expression, Expression, float, int]:
    """Σ of products over the labels that are not fixed: in symbols, with numbers, in float64, and how many terms."""
    free = "".join(label for label in plan.sizes if label not in fixed)
    shape = plan.shape(free)
    count = prod(shape)
    slices = [factor.sliced(plan, fixed) for factor in factors]
    computed = contract(plan, [array for array, _ in slices], [labels for _, labels in slices], "")
    shown = [
        {**fixed, **dict(zip(free, map(int, np.unravel_index(i, shape)), strict=True))}
        for i in first_and_last(range(count))
    ]
    numbers = [_product([f.operand.number(f.place(plan, at)) for f in factors]) for at in shown]
    if count <= SHOWN_TERMS:
        symbols = joined([_product([f.operand.at(f.place(plan, at)) for f in factors]) for at in shown])
    else:
        body = _product([f.operand.at(f.general(plan, fixed)) for f in factors])
        symbols = Sum(body, Text(",".join(label for label in free if plan.sizes[label] > 1)))
    return symbols, elided(numbers, count), float(computed), count


def _product(factors: Sequence[Expression]) -> Expression:
    return factors[0] if len(factors) == 1 else Product(tuple(factors))


def _split_place(plan: Plan, index: Index) -> dict[str, int]:
    """The labels' places at a place of the result."""
    places: dict[str, int] = {}
    for labels, i in zip(plan.result, index, strict=True):
        places.update(zip(labels, map(int, np.unravel_index(i, plan.shape(labels))), strict=True))
    return places


def _on_diagonal(gradient: Array, own: str, different: str, shape: tuple[int, ...]) -> Array:
    """The gradient of an argument with a label twice: on the diagonal that was used, 0 elsewhere."""
    places = np.indices(gradient.shape)
    full = np.zeros(tuple(gradient.shape[different.index(label)] for label in own), dtype=gradient.dtype)
    full[tuple(places[different.index(label)] for label in own)] = gradient
    return full.reshape(shape)


def _added_gradient(plan: Plan, case: Backward, beta: float) -> Worked:
    """What arrived wherever an element was added."""
    letters = "nmlkji"[: len(plan.result)]
    own = case.wrt.array.shape
    shape = dict(zip(letters, plan.result_shape, strict=True))
    inner = Plan((letters,), tuple(letters), shape)
    last = zip(letters[len(letters) - len(own) :], case.index, own, strict=True)
    fixed = {label: i for label, i, size in last if size != 1 or shape[label] == 1}
    symbols, numbers, computed, count = _terms(inner, [_Factor(case.upstream, tuple(letters))], fixed)
    note = (
        Bilingual(
            f"It was added at {count} places; what arrives there adds up.",
            f"它被加到了 {count} 个位置；传到那里的梯度相加。",
        )
        if count > 1
        else NOTHING
    )
    return Worked(scaled(beta, symbols), scaled(beta, numbers), computed * beta, note=note)


def _scales(settings: Mapping[str, Any], result: Array) -> tuple[Any, Any]:
    """beta and alpha; 1 for an op that has none. For whole numbers torch cuts off what is behind their point."""
    beta, alpha = (1 if settings.get(name) is None else settings[name] for name in ("beta", "alpha"))
    return (int(beta), int(alpha)) if result.dtype.kind in "iu" else (beta, alpha)


def _like(gradient: Array, array: Array) -> Array:
    """A gradient without its imaginary part, where the array has none."""
    return gradient if array.dtype.kind == "c" else gradient.real


def _are_small_matrices(operands: Sequence[Operand]) -> bool:
    return all(operand.array.ndim == 2 and max(operand.array.shape) <= SMALL for operand in operands)
