"""Where the units of a network stand: columns from left to right; a unit is a circle, or a capsule in low rows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from app.models.neuron_net import NeuronNet
from app.views.canvas.placement import Point, Rect

HEADER, FOOTER = 34.0, 68.0
LEDGER_ROOM, LEDGER_FROM = 58.0, 440.0
"""Kept free above the parameters for the numbers of an update, in views of at least this height."""
MARGIN = 18.0
LARGEST, SMALLEST = 58.0, 4.0
"""Half the height of a unit, px."""
ROUND_FROM = 33.0
"""From so large on a circle has room for three numbers; below it, units are capsules."""
CAPSULE_SHARE, WIDEST_CAPSULE = 0.64, 140.0
ROUND_SHARE = 0.31
LABEL = 42.0
"""Room below a circle for its bias and that bias's gradient."""


@dataclass(frozen=True, slots=True)
class NeuronPlaces:
    """Rectangles in view px. units: by column and unit; loss: the C at the right end; footers: one a layer."""

    units: tuple[tuple[Rect, ...], ...]
    loss: Rect | None
    footers: tuple[Rect, ...]
    is_round: bool
    has_labels: bool

    def unit_at(self, x: float, y: float) -> tuple[int, int] | None:
        """Column and unit at a point."""
        for column, rects in enumerate(self.units):
            for unit, rect in enumerate(rects):
                if rect.x <= x <= rect.right and rect.y <= y <= rect.bottom:
                    return column, unit
        return None

    def line(self, layer: int, source: int, target: int) -> tuple[Point, Point]:
        """The ends of the line of a weight: from a unit of the column before to one of layer `layer` (0-based)."""
        start, end = self.units[layer][source], self.units[layer + 1][target]
        return (start.right, start.centre_y), (end.x, end.centre_y)


def neuron_places(net: NeuronNet, width: float, height: float) -> NeuronPlaces:
    """Columns spread evenly; units as large as the fullest column allows."""
    sizes = net.sizes
    columns = len(sizes) + (net.loss is not None)
    step = (width - 2 * MARGIN) / columns
    room = max(60.0, height - HEADER - FOOTER - (LEDGER_ROOM if height >= LEDGER_FROM else 0.0))
    tall = room / max(sizes)
    has_labels = min(step * ROUND_SHARE, (tall - LABEL) / 2) >= ROUND_FROM
    half = max(SMALLEST, min(LARGEST, step * ROUND_SHARE, (tall - (LABEL if has_labels else 6.0)) / 2))
    is_round = half >= ROUND_FROM
    if not is_round:
        half = max(SMALLEST, min(ROUND_FROM - 8.0, tall / 2 - 1.0))
    wide = half if is_round else max(half, min(WIDEST_CAPSULE, step * CAPSULE_SHARE) / 2)
    middle = HEADER + room / 2
    pitch = min(tall, 2 * half + (LABEL + 12.0 if has_labels else 26.0))
    if has_labels:
        middle -= LABEL / 2 - 8.0
    units = tuple(
        tuple(
            Rect(MARGIN + step * (column + 0.5) - wide, top + unit * pitch, 2 * wide, 2 * half) for unit in range(count)
        )
        for column, count in enumerate(sizes)
        for top in (middle - (count - 1) / 2 * pitch - half,)
    )
    loss = None
    if net.loss is not None:
        half = min(max(half, 26.0), step * 0.36)
        loss = Rect(MARGIN + step * (columns - 0.5) - half, middle - half, 2 * half, 2 * half)
    footers = tuple(
        Rect(before[0].centre_x, height - FOOTER, after[0].centre_x - before[0].centre_x, FOOTER)
        for before, after in pairwise(units)
    )
    return NeuronPlaces(units, loss, footers, is_round, has_labels)
