"""Row of sampling at points of a grid.

Formulas: PyTorch's documentation of grid_sample; see sampling.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

from ....bilingual import Bilingual, listed, sentences
from ...notation.expression import Expression, Number, Partial, Product, Sum, Text
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Worked
from ..kinds.kernel_terms import settings_of
from ..kinds.many_terms import values_at
from ..kinds.sampling import Floats, Places, Rule, Taps, combinations, flat, weight
from ..kinds.weighing import weighted
from ..kinds.windows import NAMES, one_place
from ..operation import Operation, operation
from ..sums import elided, first_and_last
from ..words import Words

_MODES = ("bilinear", "nearest", "bicubic")
_PADDINGS = ("zeros", "border", "reflection")


@operation(
    "grid_sample(input, grid, mode='bilinear', padding_mode='zeros', align_corners=False)",
    *(f"grid_sampler{n}(input, grid, interpolation_mode, padding_mode, align_corners)" for n in ("", "_2d", "_3d")),
)
class GridSample(Operation):
    """x: (N, C, ...), grid: (N, ...points, dimensions) of numbers from -1 to 1 -> (N, C, ...points)."""

    nodes = ("GridSampler2DBackward", "GridSampler3DBackward", "CudnnGridSamplerBackward")
    order = ("input", "grid")
    words = Words(
        (
            "grid_sample reads the input at the points of a grid, between places if a point lies there.",
            "grid_sample 在网格给出的各点处读取输入，点落在像素之间时按权重混合。",
        ),
        (
            "An input element gets the gradients of the points near it, times its weight there; a point gets how much "
            "the loss changes when it moves.",
            "输入元素得到附近各点的梯度乘以它在那里的权重；网格点的梯度表示该点移动时损失的变化。",
        ),
    )

    def forward(self, call: Call) -> Array:
        """The weighted sum of the places around each point."""
        x, grid = _arguments(call)
        made = np.zeros((*x.shape[:2], prod(grid.shape[1:-1])))
        for places, weights in self._read(call, x, grid):
            made += _values(x, places) * weights[:, None, :]
        return made.reshape(*x.shape[:2], *grid.shape[1:-1])

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """To the input: each point's gradient times the weights. To the grid: times how the weights change."""
        x, grid = _arguments(call)
        G = upstream[0].reshape(*x.shape[:2], prod(grid.shape[1:-1]))
        size = prod(x.shape[2:])
        starts = size * np.arange(prod(x.shape[:2])).reshape(*x.shape[:2], 1)
        sent = np.zeros(x.size)
        for places, weights in self._read(call, x, grid):
            is_read = np.broadcast_to(places[:, None, :] >= 0, G.shape)
            parts = (G * weights[:, None, :])[is_read]
            sent += np.bincount((starts + places[:, None, :])[is_read], parts, x.size)
        moved = np.zeros((*G.shape[::2], grid.shape[-1]))
        for dim in range(grid.shape[-1]):
            for places, slopes in self._read(call, x, grid, dim):
                moved[..., grid.shape[-1] - 1 - dim] += np.sum(G * _values(x, places), axis=1) * slopes
        return {"input": sent.reshape(x.shape), "grid": moved.reshape(grid.shape)}

    def _read(self, call: Call, x: Array, grid: Array, by: int | None = None) -> Iterator[tuple[Places, Floats]]:
        """(flat places, weights) of shape (N, points), for each combination of neighbours."""
        taps = _rule(call).taps(grid.reshape(len(grid), prod(grid.shape[1:-1]), grid.shape[-1]), x.shape[2:])
        for chosen, places in combinations(taps):
            yield flat(places, x.shape[2:]), weight(taps, chosen, by)

    def equation(self, case: Forward) -> Worked:
        """The places around the point, each times its weight."""
        x, grid = case.needed("input"), case.needed("grid")
        n, c, *point = case.index
        shape = x.array.shape[2:]
        taps = _rule(settings_of(case)).taps(grid.array[(n, *point)], shape)
        read = [(places, float(weight(taps, chosen))) for chosen, places in combinations(taps) if min(places) >= 0]
        note = _lies_at(taps)
        if not read:
            return Worked(Number(0), None, 0.0, note=sentences(note, _OUTSIDE))
        at = np.array([(n, c, *places) for places, _ in read])
        return Worked(*weighted(x, at, np.array([part for _, part in read])), note=note)

    def gradient_equation(self, case: Backward) -> Worked:
        """Input: Σ G times the weights of the points near it. Grid: Σ over channels of G times ∂y/∂(that number)."""
        return self._of_input(case) if case.key == "input" else self._of_grid(case)

    def _of_input(self, case: Backward) -> Worked:
        grid, (n, c, *own) = case.needed("grid").array, case.index
        taps = _rule(settings_of(case)).taps(grid[n], case.wrt.array.shape[2:])
        total = np.zeros(grid.shape[1:-1])
        for chosen, places in combinations(taps):
            here = np.all(places == np.reshape(own, (-1, *[1] * total.ndim)), axis=0)
            total += np.where(here, weight(taps, chosen), 0.0)
        points = np.argwhere(total != 0)
        if not len(points):
            return Worked(
                Number(0), None, 0.0, note=Bilingual("No point of the grid lies near it.", "网格中没有点在它附近。")
            )
        at = np.column_stack([np.broadcast_to((n, c), (len(points), 2)), points])
        note = Bilingual(f"{len(points)} points of the grid lie near it.", f"网格中有 {len(points)} 个点在它附近。")
        return Worked(*weighted(case.upstream, at, total[total != 0]), note=note)

    def _of_grid(self, case: Backward) -> Worked:
        x, y, G = case.needed("input"), case.result, case.upstream
        n, *point, number = case.index
        shape = x.array.shape[2:]
        taps = _rule(settings_of(case)).taps(case.wrt.array[(n, *point)], shape)
        channels = range(x.array.shape[1])
        slopes = np.zeros(len(channels))
        for chosen, places in combinations(taps):
            if min(places) >= 0:
                slopes += x.array[(n, slice(None), *places)] * weight(taps, chosen, len(shape) - 1 - number)
        at = np.array([(n, c, *point) for c in channels]).reshape(len(channels), len(case.index))
        shown = first_and_last(list(channels))
        terms: list[Expression] = [Product((G.number((n, c, *point)), Number(float(slopes[c])))) for c in shown]
        derivative = Partial(y.at((n, "c", *point)), case.wrt.at(case.index))
        symbols = Sum(Product((G.at((n, "c", *point)), derivative)), Text("c"))
        return Worked(
            symbols, elided(terms, len(channels)), float(np.sum(values_at(G, at) * slopes)), note=_lies_at(taps)
        )


def _rule(call: Call) -> Rule:
    mode: Any = call["mode"] if "mode" in call else call["interpolation_mode"]
    mode, padding = _named(mode, _MODES), _named(call["padding_mode"], _PADDINGS)
    return Rule(mode, padding, bool(call["align_corners"]))


def _named(setting: Any, names: tuple[str, ...]) -> Any:
    """A setting by its name; the lower function of torch has its number."""
    found = names[setting] if isinstance(setting, int) and 0 <= setting < len(names) else setting
    if found not in names:
        raise UnfitError(f"its setting {setting} is not known", f"不认识它的设置 {setting}")
    return found


def _arguments(call: Call) -> tuple[Array, Array]:
    x, grid = call.array("input"), call.array("grid")
    if x.dtype.kind != "f" or grid.shape[-1] != x.ndim - 2:
        raise UnfitError("its grid does not fit its input", "它的网格与输入不符")
    return x, grid


def _values(x: Array, places: Places) -> Array:
    """x: (N, C, ...), places: (N, points) -> (N, C, points); 0 outside."""
    rows = x.reshape(*x.shape[:2], prod(x.shape[2:]))
    index = np.broadcast_to(places[:, None, :], (*x.shape[:2], places.shape[1]))
    return np.where(index >= 0, np.take_along_axis(rows, np.maximum(index, 0), axis=2), 0.0)


_OUTSIDE = Bilingual("That is outside, where everything counts as 0.", "那在输入之外，一律按 0 计。")


def _lies_at(taps: list[Taps]) -> Bilingual:
    names = NAMES[len(taps)]
    where = listed(one_place(name, f"{float(part.position):.4g}") for name, part in zip(names, taps, strict=True))
    return Bilingual(f"The point lies at {where.english} of the input.", f"该点位于输入的{where.chinese}。")
