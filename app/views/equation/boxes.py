"""Boxes of an equation and the marks in them: what is painted where, in px from the baseline's left end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from PySide6.QtGui import QPainterPath

from app.views.equation.fonts import Face
from engine.analysis.notation.expression import Kind


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Text whose baseline starts at the mark's place."""

    text: str
    face: Face
    px: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Rule:
    """A filled bar with its top left corner at the mark's place, at least one device pixel thick."""

    width: float
    height: float
    kind: Kind


@dataclass(frozen=True, slots=True)
class Shape:
    """A path stroked with a pen of `pen` px, or filled if `pen` is 0."""

    path: QPainterPath
    pen: float
    kind: Kind


@dataclass(frozen=True, slots=True)
class Plate:
    """The rounded ground of a cell that is pointed out; a faint one of a cell that it was made from."""

    width: float
    height: float
    is_faint: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """An area that stands for the thing `ref`."""

    width: float
    height: float
    ref: str
    kind: Kind


Mark = Glyphs | Rule | Shape | Plate | Hit


@dataclass(slots=True)
class Box:
    """A laid-out part. `ascent` and `descent` are its extents above and below the baseline, y grows downwards."""

    width: float
    ascent: float
    descent: float
    overhang: float = 0.0
    inner: list[tuple[float, float, Mark | Box]] = field(default_factory=list)

    @property
    def height(self) -> float:
        return self.ascent + self.descent

    def put(self, x: float, y: float, part: Mark | Box) -> None:
        """Adds a part at (x, y) from this box's baseline start, without changing the box's size."""
        self.inner.append((x, y, part))

    def placed(self, x: float, y: float) -> Iterator[tuple[float, float, Mark]]:
        """All marks, with their places when this box's baseline starts at (x, y)."""
        for dx, dy, part in self.inner:
            if isinstance(part, Box):
                yield from part.placed(x + dx, y + dy)
            else:
                yield x + dx, y + dy, part


def side_by_side(parts: list[Box], gap: float = 0.0) -> Box:
    """Boxes on one baseline, `gap` px apart."""
    row = Box(0.0, max((p.ascent for p in parts), default=0.0), max((p.descent for p in parts), default=0.0))
    for part in parts:
        row.put(row.width, 0.0, part)
        row.width += part.width + gap
    row.width = max(0.0, row.width - gap)
    row.overhang = parts[-1].overhang if parts else 0.0
    return row


def space(width: float) -> Box:
    """Nothing, `width` px wide."""
    return Box(width, 0.0, 0.0)
