"""Where the units of a network stand: columns from left to right; a unit is a circle, or a capsule in low rows."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.models.neuron_net import NeuronNet
from app.views.canvas import geometry as g
from app.views.canvas.placement import Point, Rect

HEADER, FOOTER = 34.0, 68.0
LEDGER_ROOM, LEDGER_FROM = 58.0, 440.0
"""Kept free above the parameters for the numbers of an update, in views of at least this height, or where the units
can be read beside it."""
MARGIN = 18.0
LARGEST, SMALLEST = 58.0, 4.0
"""Half the height of a unit, px."""
ROUND_FROM = 33.0
"""From so large on a circle has room for three numbers; below it, units are capsules."""
CAPSULE = 25.0
"""Half the height of the tallest capsule."""
CAPSULE_SHARE, WIDEST_CAPSULE = 0.64, 140.0
ROUND_SHARE = 0.31
LABEL = 50.0
"""Room below a unit for its bias and that bias's gradient."""
LETTERS_PX, PILL_LETTERS_PX = 14.6, 12.3
"""Size of the letters of labels and headings, and of the smallest of a pill and a ledger, as drawn on a projector."""
LETTERS_ROW = 1.4
"""Height of a unit in sizes of its letters."""
ROUND_LETTERS = 3.0
"""Half the height of a circle that has room for three numbers, in sizes of their letters."""
LOSS_LETTERS = 2.6
"""Half the width of the loss's box, in sizes of its letters."""
PARTS_SHARE, HEADER_SHARE = 0.55, 0.13
"""Of the height of a view, at most, for parameters with an update's numbers, and for headings, however large letters
shall be."""
FEWEST = 4
"""So many rows each column has, however low they are."""
COLUMN, ROW, LEAST_ROOM, LARGEST_SCALE = 130.0, 44.0, 150.0, 2.6
"""What a column and a unit need to be read; in a view that has more room, everything is drawn larger."""
PARAMETERS = g.PILL_WIDTH + g.GRAD_GAP + g.GRAD_WIDTH
PARAMETERS_GAP, PARAMETERS_TOP = 14.0, 8.0
PARAMETERS_ROW = g.PILL_HEIGHT + 4.0
CHOOSER = 116.0
"""Room in the lower right corner for choosing a sample."""
TOOLS = 126.0
"""Room in the upper right corner for the canvas's buttons."""


@dataclass(frozen=True, slots=True)
class NeuronPlaces:
    """Rectangles in view px. units: by column and unit; loss: the C at the right end; footers: one a layer.

    headings_end: where the headings must end. more: of each column whose units have not all room where it says how many
    are left out, and how many these are; they have no height. scale: view px a px of the drawing; parts_scale: the same
    of parameters and of the numbers of an update. least_letters: 0 or the least size of letters.
    """

    units: tuple[tuple[Rect, ...], ...]
    loss: Rect | None
    footers: tuple[Rect, ...]
    is_round: bool
    has_labels: bool
    headings_end: float
    more: tuple[tuple[Rect, int] | None, ...]
    scale: float = 1.0
    parts_scale: float = 1.0
    least_letters: float = 0.0

    def unit_at(self, x: float, y: float) -> tuple[int, int] | None:
        """Column and unit at a point."""
        for column, rects in enumerate(self.units):
            for unit, rect in enumerate(rects):
                if rect.height and rect.x <= x <= rect.right and rect.y <= y <= rect.bottom:
                    return column, unit
        return None

    def line(self, layer: int, source: int, target: int) -> tuple[Point, Point]:
        """The ends of the line of a weight: from a unit of the column before to one of layer `layer` (0-based)."""
        start, end = self.units[layer][source], self.units[layer + 1][target]
        return (start.right, start.centre_y), (end.x, end.centre_y)

    def scaled(self, by: float) -> NeuronPlaces:
        """The same, everything so much larger."""
        return replace(
            self,
            units=tuple(tuple(_scaled(rect, by) for rect in column) for column in self.units),
            loss=None if self.loss is None else _scaled(self.loss, by),
            footers=tuple(_scaled(rect, by) for rect in self.footers),
            headings_end=self.headings_end * by,
            more=tuple(None if one is None else (_scaled(one[0], by), one[1]) for one in self.more),
            scale=self.scale * by,
            parts_scale=self.parts_scale * by,
            least_letters=self.least_letters * by,
        )


def neuron_places(
    net: NeuronNet, width: float, height: float, letters: float = 0.0, *, has_update: bool = False
) -> NeuronPlaces:
    """Columns spread evenly; units as large as their column allows.

    letters: so large all letters shall be, view px; where units are too low for that, those in the middle of a column
    are left out. An update's numbers lie over no unit then. has_update: that they are shown; in low views they have
    room only then.
    """
    has_room = height - HEADER - FOOTER - LEDGER_ROOM >= max(net.sizes) * (LABEL + 2 * CAPSULE)
    ledger = LEDGER_ROOM if height >= LEDGER_FROM or has_room or letters or has_update else 0.0
    larger = max(1.0, min(letters / PILL_LETTERS_PX, height * PARTS_SHARE / (FOOTER + ledger)))
    reading = max(1.0, min(letters / LETTERS_PX, height * HEADER_SHARE / HEADER))
    least = HEADER * reading + (FOOTER + ledger) * larger
    most = max(FEWEST, int((height - least) / (letters * LETTERS_ROW))) if letters else max(net.sizes)
    rows = tuple(min(size, most) for size in net.sizes)
    columns = len(rows) + (net.loss is not None)
    across = width / (columns * COLUMN + 2 * MARGIN)
    down = height / (HEADER + FOOTER + ledger + max(LEAST_ROOM, max(rows) * ROW))
    scale = max(1.0, min(LARGEST_SCALE, across, max(down, reading)))
    parts = max(1.0, larger / scale)
    places = _places(net, rows, width / scale, height / scale, ledger * parts, parts, letters / scale)
    return replace(places.scaled(scale), least_letters=letters)


def _places(
    net: NeuronNet, sizes: tuple[int, ...], width: float, height: float, ledger: float, parts: float, letters: float
) -> NeuronPlaces:
    """sizes: how many rows each column has. parts: how much larger than the units parameters are drawn."""
    columns = len(sizes) + (net.loss is not None)
    step = (width - 2 * MARGIN) / columns
    footer = FOOTER * parts
    round_from = max(ROUND_FROM, letters * ROUND_LETTERS)
    room = max(60.0, height - HEADER - footer - ledger)
    tall = room / max(sizes)
    across = step * ROUND_SHARE
    has_labels = min(across, (tall - LABEL) / 2) >= round_from
    is_round = has_labels or min(across, (tall - 6.0) / 2) >= round_from
    if is_round:
        half = max(SMALLEST, min(LARGEST, across, (tall - (LABEL if has_labels else 6.0)) / 2))
        halves = [half] * len(sizes)
    else:
        has_labels = (tall - LABEL) / 2 >= CAPSULE
        between = LABEL if has_labels else 2.0
        halves = [max(SMALLEST, min(CAPSULE, (room / count - between) / 2)) for count in sizes]
    wide = halves[0] if is_round else max(*halves, min(WIDEST_CAPSULE, step * CAPSULE_SHARE) / 2)
    middle = HEADER + room / 2 - (LABEL / 2 if has_labels and is_round else 0.0)
    units = []
    for column, (count, half) in enumerate(zip(sizes, halves, strict=True)):
        pitch = min(room / count, 2 * half + (LABEL + 12.0 if has_labels else 26.0))
        top = middle - (count - 1) / 2 * pitch - half
        left = MARGIN + step * (column + 0.5) - wide
        units.append(tuple(Rect(left, top + unit * pitch, 2 * wide, 2 * half) for unit in range(count)))
    loss = None
    if net.loss is not None:
        half = min(max(*halves, 26.0, letters * LOSS_LETTERS), step * 0.36)
        loss = Rect(MARGIN + step * (columns - 0.5) - half, middle - half, 2 * half, 2 * half)
    gaps = [MARGIN + step * (column + 1) for column in range(len(net.layers))]
    end = width - (CHOOSER if net.samples > 1 else 8.0)
    parted = _parted(gaps, 8.0, end, PARAMETERS * parts)
    footers = tuple(Rect(left, height - footer, wide, footer) for left, wide in parted)
    folded = [_folded(column, count) for column, count in zip(units, net.sizes, strict=True)]
    all_units, more = tuple(column for column, _ in folded), tuple(rest for _, rest in folded)
    headings_end = width - (8.0 if letters else TOOLS)
    return NeuronPlaces(all_units, loss, footers, is_round, has_labels, headings_end, more, 1.0, parts)


def _folded(rows: tuple[Rect, ...], count: int) -> tuple[tuple[Rect, ...], tuple[Rect, int] | None]:
    """The places of so many units in these rows; if they are too many, the row in the middle stands for those between.

    Also that row, and for how many units it stands.
    """
    if count == len(rows):
        return rows, None
    at = len(rows) // 2
    middle, left_out = rows[at], count - len(rows) + 1
    none = Rect(middle.x, middle.centre_y, middle.width, 0.0)
    return (*rows[:at], *[none] * left_out, *rows[at + 1 :]), (middle, left_out)


def _parted(middles: list[float], start: float, end: float, widest: float) -> list[tuple[float, float]]:
    """Left and width of each group of parameters: below the lines of its layer, as far as they fit side by side."""
    wide = min(widest, (end - start) / len(middles) - PARAMETERS_GAP)
    lefts: list[float] = []
    for middle in middles:
        least = lefts[-1] + wide + PARAMETERS_GAP if lefts else start
        lefts.append(max(least, middle - wide / 2))
    most = end - wide
    for place in reversed(range(len(lefts))):
        lefts[place] = min(lefts[place], most)
        most = lefts[place] - wide - PARAMETERS_GAP
    return [(left, wide) for left in lefts]


def _scaled(rect: Rect, by: float) -> Rect:
    return Rect(rect.x * by, rect.y * by, rect.width * by, rect.height * by)
