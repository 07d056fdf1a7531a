"""Ops that make one number of many: sums, means, norms. A row says what becomes of a line of numbers.

NOTE [Lines]
The dimensions that go away are brought to the end and flattened, so that every row sees lines of n numbers and makes
one of each, whatever dimensions the script asked for; an array without dimensions is one line of one number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....bilingual import NOTHING, Bilingual
from ...notation.expression import Call as Applied
from ...notation.expression import Expression, Number, Product, Sum, Text
from ...notation.numbers import DIGITS_FLOAT32
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Index, Operand, Worked
from ..operation import Operation
from ..sums import SHOWN_TERMS, elided, first_and_last
from .dtypes import cast
from .pointwise import ONE, Settings

LETTERS = ("i", "j", "k", "l", "m")


@dataclass(frozen=True, slots=True)
class Line:
    """The elements of an argument from which one result is made: from `starts`, `lengths` of them along each axis."""

    operand: Operand
    starts: Index
    lengths: Index

    @property
    def count(self) -> int:
        """How many they are."""
        return int(np.prod(self.lengths, dtype=np.int64))

    @property
    def numbers(self) -> Array:
        """All of them in a row, as recorded."""
        if np.iscomplexobj(self.operand.array):
            raise UnfitError("it is made of complex numbers", "它由复数组成")
        places = tuple(slice(start, start + n) for start, n in zip(self.starts, self.lengths, strict=True))
        return np.asarray(self.operand.array[places]).reshape(-1)

    def place(self, k: int) -> Index:
        """Where the k-th of them stands in the argument."""
        moved = np.unravel_index(k, self.lengths) if self.lengths else ()
        return tuple(int(i) + start for i, start in zip(moved, self.starts, strict=True))

    @property
    def shown(self) -> list[Index]:
        """Places that are written out: all of a few, the first three and the last of many."""
        return [self.place(k) for k in first_and_last(range(self.count))]

    def sum(self, of: Callable[[Expression], Expression] = lambda x: x) -> tuple[Expression, Expression]:
        """Their sum, or that of a function of each: in symbols, with Σ if they are many, and with numbers."""
        numbers = elided([of(self.operand.number(place)) for place in self.shown], self.count)
        if self.count <= SHOWN_TERMS:
            return elided([of(self.operand.at(place)) for place in self.shown], self.count), numbers
        letters = {axis: LETTERS[axis % len(LETTERS)] for axis, n in enumerate(self.lengths) if n > 1}
        general = [letters.get(axis, start) for axis, start in enumerate(self.starts)]
        return Sum(of(self.operand.at(general)), Text(",".join(letters.values()))), numbers

    def product(self) -> tuple[Expression, Expression]:
        """Their product in symbols and numbers; dots stand for what is left out."""
        return tuple(Product(self._listed(parts)) for parts in self._both())  # type: ignore[return-value]

    def of(self, name: str, each: Callable[[Expression], Expression] = lambda x: x) -> tuple[Expression, Expression]:
        """A function of them all, max(x₀, x₁, ⋯), or of a function of each, in symbols and numbers."""
        symbols, numbers = (Applied(name, self._listed([each(x) for x in parts])) for parts in self._both())
        return symbols, numbers

    def _both(self) -> tuple[list[Expression], list[Expression]]:
        return [self.operand.at(place) for place in self.shown], [self.operand.number(place) for place in self.shown]

    def _listed(self, parts: list[Expression]) -> tuple[Expression, ...]:
        if self.count <= len(parts):
            return tuple(parts) or (ONE,)
        return (*parts[:-1], Text("⋯"), parts[-1])


def axes_of(settings: Settings, ndim: int) -> tuple[int, ...]:
    """The dimensions that `dim` names, all of them if it names none."""
    dim = settings.get("dim")
    if dim is None or dim == []:
        return tuple(range(ndim))
    named = dim if isinstance(dim, list | tuple) else [dim]
    if not all(isinstance(axis, int) and not isinstance(axis, bool) for axis in named):
        raise UnfitError("its dimensions are named", "它的维度带有名称")
    return tuple(sorted({axis % ndim for axis in named})) if ndim else ()


def lines_of(array: Array, axes: Sequence[int]) -> Array:
    """The array with those dimensions flattened at its end; see NOTE [Lines]."""
    kept = [axis for axis in range(array.ndim) if axis not in axes]
    n = int(np.prod([array.shape[axis] for axis in axes], dtype=np.int64))
    return array.transpose(*kept, *axes).reshape(*(array.shape[axis] for axis in kept), n)


def put_back(lines: Array, shape: Sequence[int], axes: Sequence[int]) -> Array:
    """The inverse of `lines_of`: an array of that shape."""
    kept = [axis for axis in range(len(shape)) if axis not in axes]
    order = [*kept, *axes]
    return lines.reshape([shape[axis] for axis in order]).transpose(np.argsort(order).astype(int).tolist())


def kept_shape(shape: Sequence[int], axes: Sequence[int], keepdim: bool) -> tuple[int, ...]:
    """The shape of the result."""
    return tuple(1 if axis in axes else n for axis, n in enumerate(shape) if keepdim or axis not in axes)


class Reduction(Operation):
    """A row of an op that makes one number of each line; see NOTE [Lines]."""

    def reduce(self, settings: Settings, lines: Array) -> Array:
        """What becomes of each line. lines: (..., n); returns (...)."""
        raise NotImplementedError

    def slopes(self, settings: Settings, y: Array, lines: Array) -> Array | float:
        """∂y/∂x for each number of each line. y: (..., 1); lines: (..., n); returns what broadcasts to that.

        For a real y of complex numbers: the conjugate of the direction in which y grows.
        """
        raise UnfitError("it has no gradient", "它没有梯度")

    def write(self, settings: Settings, line: Line) -> tuple[Expression, Expression]:
        """The formula for one line, in symbols and numbers."""
        raise NotImplementedError

    def write_slope(self, settings: Settings, count: int, y: Expression, x: Expression) -> Expression | None:
        """∂y/∂x of one of `count` numbers, from the result and it; None where only its number is shown."""
        return None

    def axes(self, settings: Settings, ndim: int) -> tuple[int, ...]:
        """The dimensions that go away."""
        return axes_of(settings, ndim)

    def note(self, line: Line, computed: float) -> Bilingual:
        """A sentence about one line and what it came to."""
        return NOTHING

    def forward(self, call: Call) -> Array | Sequence[Array]:
        """One number of each line."""
        x = cast(call.array("input"), call.get("dtype"))
        axes = self.axes(call.arguments, x.ndim)
        with np.errstate(all="ignore"):
            made = np.asarray(self.reduce(call.arguments, lines_of(x, axes)))
        return made.reshape(kept_shape(x.shape, axes, bool(call.get("keepdim"))))

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """What arrived for a line's number times each slope."""
        return {"input": self.spread(call, upstream[0])}

    def spread(self, call: Call, arrived: Array) -> Array:
        """What arrived for the results, sent back along the lines."""
        x = cast(call.array("input"), call.get("dtype"))
        axes = self.axes(call.arguments, x.ndim)
        lines = lines_of(x, axes)
        with np.errstate(all="ignore"):
            y = np.asarray(self.reduce(call.arguments, lines))[..., None]
            # Torch's gradient of complex numbers takes the derivative's conjugate.
            sent = arrived.reshape(y.shape) * np.conj(np.asarray(self.slopes(call.arguments, y, lines)))
        return put_back(np.array(np.broadcast_to(sent, lines.shape)), x.shape, axes)

    def equation(self, case: Forward) -> Worked:
        """The formula for the line of one result."""
        line = self.line(case, case.index)
        symbols, numbers = self.write(case.settings, line)
        computed = self._reduced(case.settings, line)
        return Worked(symbols, numbers, computed, note=self.note(line, computed))

    def gradient_equation(self, case: Backward) -> Worked:
        """What arrived for the line's result times the slope of this element."""
        x, settings = case.wrt, case.settings
        axes, keep = self.axes(settings, x.array.ndim), bool(settings.get("keepdim"))
        own = tuple(0 if axis in axes else i for axis, i in enumerate(case.index) if keep or axis not in axes)
        line = self.line(case, own)
        numbers = cast(line.numbers, settings.get("dtype"))
        k = sum(
            (i - start) * int(np.prod(line.lengths[axis + 1 :], dtype=np.int64))
            for axis, (i, start) in enumerate(zip(case.index, line.starts, strict=True))
        )
        with np.errstate(all="ignore"):
            y = np.asarray(self.reduce(settings, numbers))
            slope = float(np.broadcast_to(self.slopes(settings, y[..., None], numbers), numbers.shape)[k])
        terms = [
            self.write_slope(settings, line.count, *pair)
            for pair in ((case.result.at(own), x.at(case.index)), (case.result.number(own), x.number(case.index)))
        ]
        arrived, digits = case.upstream, None if x.array.dtype == np.float64 else DIGITS_FLOAT32
        symbols = _times(arrived.at(own), terms[0] or Applied(f"{case.op.name}′", (x.at(case.index),)))
        written = _times(arrived.number(own), terms[1] or Number(slope, digits))
        return Worked(symbols, written, arrived.value_at(own) * slope)

    def line(self, case: Forward | Backward, index: Index) -> Line:
        """The line of the result at a place."""
        x = case.needed("input")
        axes = self.axes(case.settings, x.array.ndim)
        own = iter(index)
        starts = []
        for axis in range(x.array.ndim):
            place = next(own) if bool(case.settings.get("keepdim")) or axis not in axes else 0
            starts.append(0 if axis in axes else place)
        lengths = tuple(n if axis in axes else 1 for axis, n in enumerate(x.array.shape))
        return Line(x, tuple(starts), lengths)

    def _reduced(self, settings: Settings, line: Line) -> float:
        with np.errstate(all="ignore"):
            return float(self.reduce(settings, cast(_wide(line.numbers), settings.get("dtype"))))


def _wide(numbers: Array) -> Array:
    return numbers.astype(np.float64) if numbers.dtype.kind == "f" else numbers


def _times(arrived: Expression, slope: Expression) -> Expression:
    return arrived if slope == ONE else Product((arrived, slope))


class Several(Operation):
    """A row of an op that makes several reductions at once: var_mean, aminmax."""

    rows: tuple[Reduction, ...]

    def forward(self, call: Call) -> list[Array]:
        """The result of each."""
        made: list[Any] = [row.forward(call) for row in self.rows]
        return made

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """What all of them send back, added up."""
        parts = [row.spread(call, arrived) for row, arrived in zip(self.rows, upstream, strict=True)]
        return {"input": np.sum(parts, axis=0)}

    def equation(self, case: Forward) -> Worked:
        """That of the result that is asked about."""
        return self.rows[case.place].equation(case)

    def gradient_equation(self, case: Backward) -> Worked:
        """That of the result for which a gradient arrived; if several arrived, only what they come to."""
        if sum(found is not None for found in case.upstreams) > 1:
            return super().gradient_equation(case)
        return self.rows[case.place].gradient_equation(case)
