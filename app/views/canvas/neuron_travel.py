"""A value on its way between neurons: along the lines into the units that it makes; a gradient comes back on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPainterPath

from app.models.scene import Phase
from app.views.canvas.ink import Ink
from app.views.canvas.neuron_scene import NeuronScene, is_current
from app.views.canvas.placement import Rect
from app.views.canvas.travel_item import draw_travelling

MOST_LINES = 64
"""Where there are more lines, a cloud of dots would say nothing."""
DOT = 5.0


class NeuronTravel:
    """Shows dots on the lines of a network. repaint: asks the view to be painted again."""

    def __init__(self, repaint: Callable[[], None]) -> None:
        self._repaint = repaint
        self._paths: Sequence[QPainterPath] = ()
        self._phase: Phase = "forward"
        self._share = self._dot = 0.0

    @property
    def is_under_way(self) -> bool:
        """Whether there are dots."""
        return bool(self._paths)

    def start(self, scene: NeuronScene) -> bool:
        """Takes the lines of what was revealed last; False where there are none, or too many."""
        lines = travelled(scene)
        self._paths = [_straight(*line) for line in lines] if len(lines) <= MOST_LINES else ()
        self._phase, self._share, self._dot = scene.phase, 0.0, DOT * scene.places.scale
        return self.is_under_way

    def move_to(self, share: float) -> None:
        """How far along they are, 0..1."""
        self._share = share
        self._repaint()

    def hide(self) -> None:
        """They have arrived."""
        self._paths = ()
        self._repaint()

    def paint(self, painter: QPainter, ink: Ink) -> None:
        """Draws the dots where they are."""
        draw_travelling(painter, self._paths, self._share, self._phase, ink, self._dot)


def travelled(scene: NeuronScene) -> list[tuple[QPointF, QPointF]]:
    """From where to where something goes in a step, in view px; a comes from its own unit, so nothing travels.

    Forward z and C come from the units on their left. Backward, ∂C/∂a comes from the right, and ∂C/∂w from the unit
    that its weight leads to, half the way.
    """
    columns, symbol, backward = scene.places.units, scene.symbol, scene.phase == "backward"
    if scene.phase == "update" or "'(" in symbol:
        return []
    loss = (scene.places.loss,) if scene.places.loss is not None else ()
    if symbol == "C":
        return [] if backward else _between(columns[-1], loss)
    last = len(columns) - 1
    if backward and is_current(symbol, "a", last):
        return _turned(_between(columns[last], loss))
    for layer in range(last):
        lines = _between(columns[layer], columns[layer + 1])
        if not backward and is_current(symbol, "z", layer + 1):
            return lines
        if backward and (is_current(symbol, "a", layer) or (layer == 0 and symbol == "dC/dx")):
            return _turned(lines)
        if backward and is_current(symbol, "w", layer + 1):
            return [(end, (start + end) / 2) for start, end in lines]
    return []


def _between(before: Sequence[Rect], after: Sequence[Rect]) -> list[tuple[QPointF, QPointF]]:
    """The lines between the units of two columns that are shown."""
    return [
        (QPointF(one.right, one.centre_y), QPointF(other.x, other.centre_y))
        for other in after
        for one in before
        if one.height and other.height
    ]


def _turned(lines: list[tuple[QPointF, QPointF]]) -> list[tuple[QPointF, QPointF]]:
    return [(end, start) for start, end in lines]


def _straight(start: QPointF, end: QPointF) -> QPainterPath:
    path = QPainterPath(start)
    path.lineTo(end)
    return path
