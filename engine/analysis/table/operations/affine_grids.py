"""Row of the grid that an affine map makes of an even one.

Formula: PyTorch's documentation of affine_grid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

import numpy as np

from ....bilingual import Bilingual
from ...notation.expression import Expression, Number, Product
from ..call import Array, Call
from ..case import Backward, Forward, Index, Worked
from ..kinds.kernel_terms import settings_of
from ..kinds.many_terms import plain_sum
from ..kinds.weighing import weighted
from ..operation import Operation, operation
from ..sums import joined
from ..words import Words


@operation("affine_grid(theta, size, align_corners=False)", "affine_grid_generator(theta, size, align_corners)")
class AffineGrid(Operation):
    """grid[n, i, j] = θ[n] (x, y, 1): each point of an even grid from -1 to 1, mapped; θ: (N, 2, 3) or (N, 3, 4)."""

    nodes = ("AffineGridGeneratorBackward",)
    order = ("theta",)
    words = Words(
        (
            "affine_grid maps each point of an even grid: it turns, stretches and shifts them.",
            "affine_grid 对均匀网格的每个点做仿射变换：旋转、缩放和平移。",
        ),
        (
            "A coefficient's gradient adds up over all points: the point's gradient times what it multiplies there.",
            "系数的梯度在所有点上累加：该点的梯度乘以系数所乘的坐标。",
        ),
    )

    def forward(self, call: Call) -> Array:
        """θ times each point."""
        return np.asarray(np.einsum("...k,ndk->n...d", _points(call), call.array("theta")))

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """dC/dθ = Σ G (x, y, 1)."""
        points, theta = _points(call), call.array("theta")
        rows = points.reshape(prod(points.shape[:-1]), theta.shape[2])
        arrived = upstream[0].reshape(len(theta), len(rows), theta.shape[1])
        return {"theta": arrived.swapaxes(1, 2) @ rows}

    def equation(self, case: Forward) -> Worked:
        """The row of θ times the point."""
        theta = case.needed("theta")
        n, *spot, d = case.index
        point = _points(settings_of(case))[tuple(spot)].tolist()
        places = [(n, d, k) for k in range(len(point))]
        symbols: list[Expression] = [
            Product((theta.at(place), Number(x))) for place, x in zip(places[:-1], point[:-1], strict=True)
        ]
        numbers: list[Expression] = [
            Product((theta.number(place), Number(x))) for place, x in zip(places[:-1], point[:-1], strict=True)
        ]
        computed = float(np.dot([theta.value_at(place) for place in places], point))
        at = ", ".join(f"{x:.4g}" for x in point[:-1])
        return Worked(
            joined([*symbols, theta.at(places[-1])]),
            joined([*numbers, theta.number(places[-1])]),
            computed,
            note=Bilingual(f"The point of the even grid: ({at}).", f"均匀网格中的点：({at})。"),
        )

    def gradient_equation(self, case: Backward) -> Worked:
        """Σ over all points of G times what the coefficient multiplies."""
        G, (n, d, k) = case.upstream, case.index
        points = _points(settings_of(case))
        spots = np.argwhere(np.ones(points.shape[:-1], dtype=bool))
        at = np.column_stack([np.full(len(spots), n), spots, np.full(len(spots), d)])
        note = Bilingual(f"Summed over all {len(spots)} points.", f"对全部 {len(spots)} 个点求和。")
        if k == points.shape[-1] - 1:
            letters = ("i", "j", "k")[: spots.shape[1]]
            return Worked(*plain_sum(G, at, (n, *letters, d), ",".join(letters)), note=note)
        return Worked(*weighted(G, at, points[..., k].reshape(-1)), note=note)


def _points(call: Call) -> Array:
    """The points of an even grid with a 1 behind: shape (..., dimensions + 1), the last dimension's number first."""
    sizes: Index = call.integers("size")[2:]
    edges = [1.0 if call["align_corners"] else (size - 1) / size for size in sizes]
    parts = zip(edges, sizes, strict=True)
    lines = [np.linspace(-edge, edge, size) if size > 1 else np.zeros(1) for edge, size in parts]
    corners = np.meshgrid(*lines, indexing="ij")
    return np.stack([*reversed(corners), np.ones(sizes)], axis=-1)
