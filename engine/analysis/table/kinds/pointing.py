"""Ops that take one number out of a line: how its place is found, and who gets the gradient.

Of equal numbers torch may point at any, so a recorded place is taken if the number there is the one wanted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ....bilingual import NOTHING, Bilingual
from ...notation.expression import Expression, Number
from ..call import Array, Call
from ..case import Backward, Forward, Index, Operand, Worked
from ..operation import Operation
from .pointwise import Settings
from .reducing import Line, Reduction, kept_shape, lines_of, put_back


def placed(place: Index) -> str:
    """A place as a sentence says it: (2, 5)."""
    return f"({', '.join(map(str, place))})" if len(place) != 1 else f"{place[0]}"


def same(x: Array, y: Array) -> Array:
    """Where both are equal, or both NaN."""
    return np.asarray((x == y) | ((x != x) & (y != y)))


class Shared(Reduction):
    """An extreme whose gradient equal numbers share."""

    title: ClassVar[str]
    named: ClassVar[Bilingual]
    shares_nan: ClassVar[bool] = True
    """Whether all NaN share the gradient of a result that is NaN; else it is NaN everywhere."""

    def slopes(self, settings: Settings, y: Array, lines: Array) -> Array | float:
        mask = same(lines, y) if self.shares_nan else lines == y
        return np.asarray(mask / mask.sum(axis=-1, keepdims=True))

    def write(self, settings: Settings, line: Line) -> tuple[Expression, Expression]:
        return line.of(self.title)

    def note(self, line: Line, computed: float) -> Bilingual:
        found = np.flatnonzero(same(line.numbers, np.asarray(computed, dtype=line.numbers.dtype)))
        return (
            Bilingual(
                f"{self.named.english} is at {placed(line.place(int(found[0])))}.",
                f"{self.named.chinese}在 {placed(line.place(int(found[0])))}。",
            )
            if found.size and line.count > 1
            else NOTHING
        )


class Pointing(Reduction):
    """One number of each line, and its place in it: two results, of which only the first has a gradient."""

    title: ClassVar[str]
    named: ClassVar[Bilingual]

    def axes(self, settings: Settings, ndim: int) -> tuple[int, ...]:
        dim = settings.get("dim")
        return (int(-1 if dim is None else dim) % ndim,) if ndim else ()

    def wanted(self, settings: Settings, lines: Array) -> Array:
        """The number that is wanted of each line."""
        return self.reduce(settings, lines)

    def point(self, call: Call) -> tuple[Array, Array, tuple[int, ...]]:
        """Lines, places in them of shape (..., 1), and the dimension: places as recorded where these are right."""
        x = call.array("input")
        axes = self.axes(call.arguments, x.ndim)
        lines = lines_of(x, axes)
        target = np.asarray(self.wanted(call.arguments, lines))[..., None]
        mask = same(lines, target)
        places = mask.argmax(axis=-1)[..., None] if lines.size else np.zeros(target.shape, dtype=np.int64)
        recorded = call.outputs[1] if len(call.outputs) > 1 else None
        if recorded is not None and recorded.size == places.size and lines.size:
            theirs = recorded.reshape(places.shape)
            inside = (theirs >= 0) & (theirs < lines.shape[-1])
            fits = inside & np.take_along_axis(mask, np.where(inside, theirs, 0), axis=-1)
            places = np.where(fits, theirs, places)
        return lines, places, axes

    def forward(self, call: Call) -> list[Array]:
        """The numbers and their places."""
        lines, places, axes = self.point(call)
        shape = kept_shape(call.array("input").shape, axes, bool(call.get("keepdim")))
        return [np.take_along_axis(lines, places, axis=-1).reshape(shape), places.reshape(shape)]

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """What arrived goes to the place that was pointed at."""
        lines, places, axes = self.point(call)
        sent = np.zeros(lines.shape)
        np.put_along_axis(sent, places, upstream[0].reshape(places.shape), axis=-1)
        return {"input": put_back(sent, call.array("input").shape, axes)}

    def equation(self, case: Forward) -> Worked:
        """The number, and where it stands."""
        line = self.line(case, case.index)
        k = self._place(case, line, case.index)
        computed = float(line.numbers[k]) if case.place == 0 else float(k)
        title = self.title if case.place == 0 else f"arg{self.title}"
        symbols, numbers = line.of(title)
        return Worked(
            symbols,
            numbers,
            computed,
            note=Bilingual(
                f"{self.named.english} is at {placed(line.place(k))}.",
                f"{self.named.chinese}在 {placed(line.place(k))}。",
            ),
        )

    def gradient_equation(self, case: Backward) -> Worked:
        """What arrived for the line, if this element was pointed at, else nothing."""
        axes, keep = self.axes(case.settings, case.wrt.array.ndim), bool(case.settings.get("keepdim"))
        own = tuple(0 if axis in axes else i for axis, i in enumerate(case.index) if keep or axis not in axes)
        line = self.line(case, own)
        place = line.place(self._place(case, line, own))
        if place != tuple(case.index):
            note = Bilingual(
                f"{self.named.english} is at {placed(place)}; only that one gets the gradient.",
                f"{self.named.chinese}在 {placed(place)}；只有它得到梯度。",
            )
            return Worked(Number(0), None, 0.0, note=note)
        note = Bilingual(f"{self.named.english} is here.", f"{self.named.chinese}就在这里。")
        return Worked(case.upstream.at(own), case.upstream.number(own), case.upstream.value_at(own), note=note)

    def _place(self, case: Forward | Backward, line: Line, index: Index) -> int:
        numbers = line.numbers
        mask = same(numbers, np.asarray(self.wanted(case.settings, numbers)).astype(numbers.dtype))
        recorded: Operand | None = case.results[1] if len(case.results) > 1 else None
        if recorded is not None and recorded.data is not None:
            k = int(recorded.data[index])
            if 0 <= k < mask.size and mask[k]:
                return k
        return int(mask.argmax())


class Chosen(Operation):
    """A row whose overloads are rows of their own: over all numbers, along a dimension, of two tensors."""

    over_all: ClassVar[Reduction]
    along: ClassVar[Pointing]

    def forward(self, call: Call) -> Any:
        """That of the overload."""
        return self._of(call.arguments, dict(call.tensors()).keys()).forward(call)

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """That of the overload."""
        return self._of(call.arguments, dict(call.tensors()).keys()).vjp(call, upstream)

    def equation(self, case: Forward) -> Worked:
        """That of the overload."""
        return self._of(case.settings, {case.form.key(operand.name) for operand in case.operands}).equation(case)

    def gradient_equation(self, case: Backward) -> Worked:
        """That of the overload."""
        row = self._of(case.settings, {case.form.key(operand.name) for operand in case.operands})
        return row.gradient_equation(case)

    def _of(self, settings: Settings, tensors: Any) -> Operation:
        return self.over_all if settings.get("dim") is None else self.along
