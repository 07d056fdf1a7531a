"""A layout problem and its answer as plain, picklable data: boxes and edges by number, in scene px, y downward."""

from __future__ import annotations

from dataclasses import dataclass

from app.models.scene import ClusterPath

Point = tuple[float, float]
Route = tuple[Point, ...]
"""The corners of an edge from the source's border to the target's."""


@dataclass(frozen=True, slots=True)
class Box:
    """A box to be placed: its size and the clusters around it, outermost first."""

    width: float
    height: float
    cluster: ClusterPath = ()


@dataclass(frozen=True, slots=True)
class LayoutRequest:
    """Boxes, and edges as (source, target) numbers into them."""

    boxes: tuple[Box, ...]
    edges: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Rect:
    """A placed rectangle: left, top, width, height."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre_x(self) -> float:
        """The x of its middle."""
        return self.x + self.width / 2

    @property
    def centre_y(self) -> float:
        """The y of its middle."""
        return self.y + self.height / 2

    @property
    def right(self) -> float:
        """The x of its right border."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of its lower border."""
        return self.y + self.height

    def moved(self, dx: float, dy: float) -> Rect:
        """The same rectangle elsewhere."""
        return Rect(self.x + dx, self.y + dy, self.width, self.height)

    def overlaps(self, other: Rect) -> bool:
        """Whether the insides meet; touching borders do not count."""
        apart = self.right <= other.x or other.right <= self.x or self.bottom <= other.y or other.bottom <= self.y
        return not apart

    def holds(self, other: Rect) -> bool:
        """Whether `other` lies inside, borders included."""
        return self.x <= other.x and self.y <= other.y and self.right >= other.right and self.bottom >= other.bottom


@dataclass(frozen=True, slots=True)
class Layout:
    """The answer: a rectangle a box, a frame a cluster, a route an edge (in the request's order).

    continued: further frames of clusters that go on in another column (see `wrapping`).
    """

    boxes: tuple[Rect, ...]
    frames: dict[ClusterPath, Rect]
    routes: tuple[Route, ...]
    continued: tuple[tuple[ClusterPath, Rect], ...] = ()
