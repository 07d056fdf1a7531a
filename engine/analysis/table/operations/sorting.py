"""Rows that put numbers in order: sort, argsort, topk, msort.

Formulas: PyTorch's documentation. NaN counts as larger than all numbers. Of equal numbers torch may take any first, so
recorded places are taken if the numbers there are in order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np

from ....bilingual import NOTHING, Bilingual
from ...notation.expression import Number
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Index, Operand, Worked
from ..kinds.pointing import placed, same
from ..kinds.pointwise import Settings
from ..operation import Operation, operation
from ..words import Words


def in_order(lines: Array, settings: Settings) -> Array:
    """Places of the numbers of each line in order, of those that are wanted: (..., n) -> (..., k)."""
    falls = bool(settings.get("descending") or settings.get("largest", False))
    if falls:
        # Turned around before and after, so that equal numbers keep their order.
        n = lines.shape[-1]
        found = n - 1 - np.argsort(lines[..., ::-1], axis=-1, kind="stable")[..., ::-1]
    else:
        found = np.argsort(lines, axis=-1, kind="stable")
    return np.asarray(found[..., : int(settings["k"])] if "k" in settings else found)


class Ordering(Operation):
    """A row that takes numbers of each line in order: it makes the numbers, their places, or both.

    makes: what its results are, of "values" and "places".
    """

    makes: ClassVar[tuple[str, ...]] = ("values", "places")

    def dim(self, settings: Settings) -> int:
        """The dimension along which it puts in order."""
        dim = settings.get("dim", -1)
        return -1 if dim is None else int(dim)

    def forward(self, call: Call) -> Array | list[Array]:
        """The numbers and their places, as far as they are asked for."""
        lines, places = self.ordered(call)
        made = {"values": np.take_along_axis(lines, places, axis=-1), "places": places}
        found = [self._back(call, made[name]) for name in self.makes]
        return found if len(found) > 1 else found[0]

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """What arrived goes to where each number came from."""
        if "values" not in self.makes:
            raise UnfitError("it has no gradient", "它没有梯度")
        lines, places = self.ordered(call)
        sent = np.zeros(lines.shape)
        np.put_along_axis(sent, places, self._lines(call, upstream[0]), axis=-1)
        x = call.array("input")
        return {"input": np.moveaxis(sent, -1, self.dim(call.arguments)) if x.ndim else sent.reshape(())}

    def ordered(self, call: Call) -> tuple[Array, Array]:
        """Lines (..., n) and the places (..., k) of their numbers in order."""
        lines = self._lines(call, call.array("input"))
        places = in_order(lines, call.arguments)
        recorded = call.outputs[self.makes.index("places")] if "places" in self.makes and call.outputs else None
        if recorded is None or recorded.size != places.size or not places.size:
            return lines, places
        theirs = self._lines(call, recorded)
        inside = bool(np.all((theirs >= 0) & (theirs < lines.shape[-1])))
        return lines, theirs if inside and self._fits(lines, theirs, places, call.arguments) else places

    def _fits(self, lines: Array, theirs: Array, mine: Array, settings: Settings) -> bool:
        """Whether places name each number once, and the numbers there are the same (in any order if none is asked)."""
        counted = np.sort(theirs, axis=-1)
        once = bool(np.all(counted[..., 1:] != counted[..., :-1]))
        values, wanted = np.take_along_axis(lines, theirs, axis=-1), np.take_along_axis(lines, mine, axis=-1)
        if settings.get("sorted") is False:
            values, wanted = np.sort(values, axis=-1), np.sort(wanted, axis=-1)
        return once and bool(np.all(same(values, wanted)))

    def _lines(self, call: Call, array: Array) -> Array:
        return np.moveaxis(array, self.dim(call.arguments), -1) if array.ndim else array.reshape(1)

    def _back(self, call: Call, lines: Array) -> Array:
        return np.moveaxis(lines, -1, self.dim(call.arguments)) if call.array("input").ndim else lines.reshape(())

    def equation(self, case: Forward) -> Worked:
        """Which number came to stand here."""
        x = case.needed("input")
        source, k = self._source(case, x, case.index)
        note = Bilingual(f"It comes from {placed(source)}.", f"它来自 {placed(source)}。") if x.array.ndim else NOTHING
        if self.makes[case.place] == "places":
            return Worked(Number(k), None, float(k), note=note)
        return Worked(x.at(source), x.number(source), x.value_at(source), note=note)

    def gradient_equation(self, case: Backward) -> Worked:
        """What arrived at the place to which this number was taken."""
        x, arrived = case.wrt, case.upstream
        axis, places = self._order(case, x, case.index)
        taken = np.flatnonzero(places == (case.index[axis] if x.array.ndim else 0))
        if not taken.size:
            return Worked(
                Number(0),
                None,
                0.0,
                note=Bilingual("It was not taken, so nothing comes back to it.", "它没有被取用，因此没有梯度传回。"),
            )
        here = tuple(int(taken[0]) if i == axis else place for i, place in enumerate(case.index))
        note = Bilingual(f"It was taken to {placed(here)}.", f"它被取到了 {placed(here)}。") if here else NOTHING
        return Worked(arrived.at(here), arrived.number(here), arrived.value_at(here), note=note)

    def _source(self, case: Forward, x: Operand, index: Index) -> tuple[Index, int]:
        """Where the number at a place of the result came from, and its place in its line."""
        axis, places = self._order(case, x, index)
        k = int(places[index[axis]]) if x.array.ndim else 0
        return tuple(k if i == axis else place for i, place in enumerate(index)), k

    def _order(self, case: Forward | Backward, x: Operand, index: Index) -> tuple[int, Array]:
        """The dimension, and the places in order of the line through a place: as recorded where these are right."""
        if not x.array.ndim:
            return 0, np.zeros(1, dtype=np.int64)
        axis = self.dim(case.settings) % x.array.ndim
        at = tuple(slice(None) if i == axis else place for i, place in enumerate(index))
        line = x.array[at]
        places = in_order(line, case.settings)
        result = case.results[self.makes.index("places")] if "places" in self.makes else None
        if result is None or result.data is None:
            return axis, places
        theirs = result.data[at]
        return axis, theirs if self._fits(line, theirs, places, case.settings) else places


_BACK = (
    "Each number's gradient goes back to where the number came from.",
    "每个数的梯度回到该数原来的位置。",
)


@operation("sort(input, dim=-1, descending=False, stable=False)")
class Sort(Ordering):
    """Numbers in order, and where they were."""

    nodes = ("SortBackward",)
    words = Words(
        ("sort puts numbers in order and says where each one was.", "sort 排序并给出每个数原来的位置。"), _BACK
    )


@operation("argsort(input, dim=-1, descending=False, stable=False)")
class ArgSort(Ordering):
    """Where the numbers are, in order."""

    makes = ("places",)
    words = Words(
        (
            "argsort says from which places to take the numbers so that they are in order.",
            "argsort 给出排好序后各数原来的位置。",
        )
    )


@operation("msort(input)")
class MSort(Ordering):
    """Numbers in order along the first dimension."""

    nodes = ("SortBackward",)
    makes = ("values",)
    words = Words(("msort puts numbers in order along the first dimension.", "msort 沿第一维排序。"), _BACK)

    def dim(self, settings: Settings) -> int:
        return 0


@operation("topk(input, k, dim=-1, largest=True, sorted=True)")
class TopK(Ordering):
    """The k largest, or smallest, and where they were."""

    nodes = ("TopkBackward",)
    words = Words(
        (
            "topk takes the k largest numbers (or, if asked, the smallest) and says where they were.",
            "topk 取最大（或按要求取最小）的 k 个数，并给出其位置。",
        ),
        ("Only the numbers that were taken get a gradient.", "只有被取的数得到梯度。"),
    )
