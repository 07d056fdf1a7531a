"""Rows that run along a line: cumsum, cumprod, cummax, cummin, logcumsumexp.

Formulas: PyTorch's documentation. What comes later on the line depends on a number, so its gradient is a sum over all
that come after it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np

from ....bilingual import NOTHING, Bilingual
from ...notation.expression import Call as Applied
from ...notation.expression import Expression, Number, Product, Text
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Index, Operand, Worked
from ..kinds.curve import as_floats
from ..kinds.dtypes import cast
from ..kinds.pointing import placed, same
from ..operation import Operation, operation
from ..sums import elided, first_and_last
from ..words import Words


class Running(Operation):
    """A row whose result at each place is made of the numbers up to it. title: what is made of them."""

    title: ClassVar[str] = ""

    def run(self, lines: Array) -> Array:
        """What the lines (..., n) come to at each place."""
        raise NotImplementedError

    def back(self, lines: Array, y: Array, arrived: Array) -> Array:
        """What each number gets of what arrived. All: (..., n)."""
        raise NotImplementedError

    def forward(self, call: Call) -> Array | list[Array]:
        """The running result."""
        with np.errstate(all="ignore"):
            return _back(call, self.run(_lines(call, cast(call.array("input"), call.get("dtype")))))

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """What all later places send back."""
        lines = _lines(call, cast(call.array("input"), call.get("dtype")))
        if np.iscomplexobj(lines):
            raise UnfitError("its gradient of complex numbers has no formula here", "这里没有它对复数的梯度公式")
        with np.errstate(all="ignore"):
            return {"input": _back(call, self.back(lines, self.run(lines), _lines(call, upstream[0])))}

    def equation(self, case: Forward) -> Worked:
        """Of the numbers up to this place."""
        x = case.needed("input")
        axis, line, k = _line(x, case.settings["dim"], case.index)
        with np.errstate(all="ignore"):
            computed = float(self.run(cast(line, case.settings.get("dtype")))[k])
        places = [_moved(case.index, axis, i) for i in first_and_last(range(k + 1))]
        symbols = self.write([x.at(place) for place in places], k + 1)
        return Worked(symbols, self.write([x.number(place) for place in places], k + 1), computed)

    def gradient_equation(self, case: Backward) -> Worked:
        """Only what it comes to, from the numbers of its line."""
        x, arrived = case.wrt, case.upstream
        _, line, k = _line(x, case.settings["dim"], case.index)
        _, sent, _ = _line(arrived, case.settings["dim"], case.index)
        with np.errstate(all="ignore"):
            found = float(self.back(line, self.run(line), sent)[k])
        axis = int(case.settings["dim"]) % max(x.array.ndim, 1)
        after = [_moved(case.index, axis, i) for i in first_and_last(range(k, line.size))]
        count = line.size - k
        note = (
            Bilingual(f"Summed over the {count} places from here on.", f"对从这里开始的 {count} 个位置求和。")
            if count > 1
            else NOTHING
        )
        symbols, numbers = self.write_back(case, after, count)
        return Worked(symbols, numbers, found, note=note)

    def write(self, parts: Sequence[Expression], count: int) -> Expression:
        """The formula over `count` numbers of which some are written out."""
        shown = tuple(parts) if count <= len(parts) else (*parts[:-1], Text("⋯"), parts[-1])
        return Applied(self.title, shown)

    def write_back(
        self, case: Backward, after: Sequence[Index], count: int
    ) -> tuple[Expression | None, Expression | None]:
        """How the gradient comes about, from the places from here on."""
        return None, None


def _lines(call: Call, array: Array) -> Array:
    return np.moveaxis(array, int(call["dim"]), -1) if array.ndim else array.reshape(1)


def _back(call: Call, lines: Array) -> Array:
    return np.moveaxis(lines, -1, int(call["dim"])) if call.array("input").ndim else lines.reshape(())


def _moved(index: Index, axis: int, k: int) -> Index:
    return tuple(k if i == axis else place for i, place in enumerate(index))


def _line(x: Operand, dim: int, index: Index) -> tuple[int, Array, int]:
    """The dimension, the numbers of the line through a place, and the place on it."""
    if not x.array.ndim:
        return 0, x.wide.reshape(1), 0
    axis = int(dim) % x.array.ndim
    line = x.array[tuple(slice(None) if i == axis else place for i, place in enumerate(index))]
    return axis, line.astype(np.float64) if line.dtype.kind == "f" else line, index[axis]


@operation("cumsum(input, dim, *, dtype=None)")
class CumSum(Running):
    """The sum up to each place."""

    nodes = ("CumsumBackward",)
    words = Words(
        ("cumsum adds up all numbers up to each place.", "cumsum 求到每个位置为止的累加和。"),
        ("Each number gets the sum of all that arrives from its place on.", "每个数得到从其位置起传来的梯度之和。"),
    )

    def run(self, lines: Array) -> Array:
        return np.asarray(np.cumsum(lines, axis=-1))

    def back(self, lines: Array, y: Array, arrived: Array) -> Array:
        return np.asarray(np.cumsum(arrived[..., ::-1], axis=-1)[..., ::-1])

    def write(self, parts: Sequence[Expression], count: int) -> Expression:
        return elided(parts, count)

    def write_back(self, case: Backward, after: Sequence[Index], count: int) -> tuple[Expression, Expression]:
        arrived = case.upstream
        return elided([arrived.at(i) for i in after], count), elided([arrived.number(i) for i in after], count)


@operation("cumprod(input, dim, *, dtype=None)")
class CumProd(Running):
    """The product up to each place."""

    nodes = ("CumprodBackward",)
    words = Words(
        ("cumprod multiplies all numbers up to each place.", "cumprod 求到每个位置为止的累乘积。"),
        (
            "Each number gets what arrives from its place on, times the other factors.",
            "每个数得到从其位置起传来的梯度乘以其余因子之和。",
        ),
    )

    def run(self, lines: Array) -> Array:
        return np.asarray(np.cumprod(lines, axis=-1))

    def back(self, lines: Array, y: Array, arrived: Array) -> Array:
        found = np.zeros(lines.shape, dtype=np.result_type(lines, arrived))
        before = np.ones(lines.shape[:-1], dtype=lines.dtype)
        for k in range(lines.shape[-1]):
            later = np.cumprod(lines[..., k + 1 :], axis=-1)
            found[..., k] = before * (arrived[..., k] + (arrived[..., k + 1 :] * later).sum(axis=-1))
            before = before * lines[..., k]
        return found

    def write(self, parts: Sequence[Expression], count: int) -> Expression:
        return Product(tuple(parts) if count <= len(parts) else (*parts[:-1], Text("⋯"), parts[-1]))


@operation("logcumsumexp(input, dim)")
class LogCumSumExp(Running):
    """ln Σ exp up to each place."""

    nodes = ("LogcumsumexpBackward",)
    title = "logsumexp"
    words = Words(
        (
            "logcumsumexp is the logarithm of the sum of exponentials up to each place.",
            "logcumsumexp 求到每个位置为止的指数和的对数。",
        ),
        ("Each number gets its share of what arrives from its place on.", "每个数按份额得到从其位置起传来的梯度。"),
    )

    def run(self, lines: Array) -> Array:
        return np.asarray(np.logaddexp.accumulate(as_floats(lines), axis=-1))

    def back(self, lines: Array, y: Array, arrived: Array) -> Array:
        found = np.zeros(lines.shape)
        for k in range(lines.shape[-1]):
            found[..., k] = (arrived[..., k:] * np.exp(lines[..., k : k + 1] - y[..., k:])).sum(axis=-1)
        return found


class RunningExtreme(Operation):
    """The largest (or smallest) number up to each place, and where it stands: of equal ones the last."""

    named: ClassVar[Bilingual]
    extreme: ClassVar[np.ufunc]

    def forward(self, call: Call) -> list[Array]:
        """The numbers and their places."""
        lines, places = self._placed(call)
        return [_back(call, np.take_along_axis(lines, places, axis=-1)), _back(call, places)]

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """What arrived goes to the place that was pointed at."""
        lines, places = self._placed(call)
        sent = np.zeros((int(np.prod(lines.shape[:-1])), lines.shape[-1]))
        flat = places.reshape(sent.shape)
        np.add.at(sent, (np.arange(len(sent))[:, None], flat), _lines(call, upstream[0]).reshape(sent.shape))
        return {"input": _back(call, sent.reshape(lines.shape))}

    def _placed(self, call: Call) -> tuple[Array, Array]:
        lines = _lines(call, call.array("input"))
        return lines, self._places(lines)

    def _places(self, lines: Array) -> Array:
        best = self.extreme.accumulate(lines, axis=-1)
        here = np.where(same(lines, best), np.arange(lines.shape[-1]), 0)
        return np.asarray(np.maximum.accumulate(here, axis=-1))

    def equation(self, case: Forward) -> Worked:
        """Which number up to here it is."""
        x = case.needed("input")
        axis, line, k = _line(x, case.settings["dim"], case.index)
        place = int(self._places(line)[k])
        source = _moved(case.index, axis, place)
        note = NOTHING
        if x.array.ndim:
            note = Bilingual(
                f"{self.named.english} of the {k + 1} up to here; it is at {placed(source)}.",
                f"到这里为止的 {k + 1} 个数中的{self.named.chinese}；它位于 {placed(source)}。",
            )
        if case.place == 1:
            return Worked(Number(place), None, float(place), note=note)
        return Worked(x.at(source), x.number(source), x.value_at(source), note=note)

    def gradient_equation(self, case: Backward) -> Worked:
        """What arrived at the places where this was the largest so far."""
        x, arrived = case.wrt, case.upstream
        axis, line, k = _line(x, case.settings["dim"], case.index)
        found = [_moved(case.index, axis, int(i)) for i in np.flatnonzero(self._places(line) == k)]
        if not found:
            never = Bilingual(
                f"It never was {self.named.english.lower()} so far.", f"到目前为止它从未是{self.named.chinese}。"
            )
            return Worked(Number(0), None, 0.0, note=never)
        shown = first_and_last(found)
        return Worked(
            elided([arrived.at(place) for place in shown], len(found)),
            elided([arrived.number(place) for place in shown], len(found)),
            float(arrived.gather(found).sum()),
            note=Bilingual(
                f"It is {self.named.english.lower()} so far at {len(found)} places.",
                f"在 {len(found)} 个位置，它是到那里为止的{self.named.chinese}。",
            ),
        )


@operation("cummax(input, dim)")
class CumMax(RunningExtreme):
    """The largest up to each place."""

    nodes = ("CummaxBackward",)
    named, extreme = Bilingual("The largest", "最大值"), np.maximum
    words = Words(
        ("cummax takes the largest number up to each place.", "cummax 取到每个位置为止的最大数。"),
        ("A number gets what arrives wherever it is the largest so far.", "每个数在其为当前最大的各处得到梯度。"),
    )


@operation("cummin(input, dim)")
class CumMin(RunningExtreme):
    """The smallest up to each place."""

    nodes = ("CumminBackward",)
    named, extreme = Bilingual("The smallest", "最小值"), np.minimum
    words = Words(
        ("cummin takes the smallest number up to each place.", "cummin 取到每个位置为止的最小数。"),
        ("A number gets what arrives wherever it is the smallest so far.", "每个数在其为当前最小的各处得到梯度。"),
    )
