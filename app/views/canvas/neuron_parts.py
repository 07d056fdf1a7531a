"""What of a picture of neurons is under the mouse: a unit, the loss, a weight, a bias, a parameter or its `.grad`."""

from __future__ import annotations

from collections.abc import Iterator
from math import hypot, inf

from PySide6.QtCore import QPointF, QRectF

from app.models.neuron_net import NeuronLayer
from app.models.scene import Pill, PillState
from app.models.scene_part import ScenePart
from app.views.canvas import geometry as g
from app.views.canvas.neuron_labels import LABEL_ROW
from app.views.canvas.neuron_places import PARAMETERS, PARAMETERS_ROW, PARAMETERS_TOP
from app.views.canvas.neuron_scene import NeuronScene
from app.views.canvas.placement import Rect

NEAR_LINE = 7.0
"""So close to a line a click means it, px."""
ABOVE_LINE, ASIDE = 70.0, 24.0
"""So far above the only line of a layer its numbers reach, and so far to both sides of the middle, px."""


def part_at(scene: NeuronScene, place: QPointF, sample: int) -> ScenePart | None:
    """The part at a point in view px; of a batch's values those of a sample, 0-based."""
    unit = scene.places.unit_at(place.x(), place.y())
    if unit is not None:
        return _unit_part(scene, *unit, place, sample)
    loss = scene.places.loss
    if loss is not None and _box(loss).contains(place):
        return ScenePart(card=scene.net.loss)
    return _parameter_at(scene, place) or _bias_at(scene, place) or _weight_at(scene, place)


def _unit_part(scene: NeuronScene, column: int, unit: int, place: QPointF, sample: int) -> ScenePart:
    """The number of a circle that is under the mouse; of a capsule, what the unit hands on as far as it is known."""
    numbers, at = scene.state.columns[column], (sample, unit)
    layer = None if column == 0 else scene.net.layers[column - 1]
    z, out = (scene.net.x, scene.net.x) if layer is None else (layer.z, layer.out)
    gradient = numbers.grad_a if layer is None else numbers.grad_z
    rows = [ScenePart(card=z, at=at)] if numbers.z is not None else []
    rows += [ScenePart(card=out, at=at)] if numbers.a is not None else []
    newest = rows[-1] if rows else ScenePart(card=z, at=at)
    rows += [ScenePart(card=z, is_gradient=True, at=at)] if gradient is not None else []
    if not scene.places.is_round or not rows:
        return newest
    off = (place.y() - scene.places.units[column][unit].centre_y) / (LABEL_ROW * scene.places.scale)
    return rows[max(0, min(len(rows) - 1, int(off + len(rows) / 2)))]


def pill_at(scene: NeuronScene, place: QPointF) -> tuple[Pill, PillState, QRectF] | None:
    """The parameter whose pill or `.grad` box is there: as it is written, its state, and where it is."""
    for layer, number, pill, body, grad in _pills(scene):
        room = body.united(grad)
        if room.contains(place):
            letter = "b" if pill == layer.bias else "w"
            numbers = (scene.state.biases if letter == "b" else scene.state.weights)[number]
            return (Pill(pill, f"{letter}{number + 1}"), numbers.state, room) if numbers is not None else None
    return None


def _parameter_at(scene: NeuronScene, place: QPointF) -> ScenePart | None:
    """One of the pills below, or its `.grad` box."""
    for _, _, pill, body, grad in _pills(scene):
        if body.contains(place) or grad.contains(place):
            return ScenePart(pill=pill, is_gradient=grad.contains(place))
    return None


def _pills(scene: NeuronScene) -> Iterator[tuple[NeuronLayer, int, str, QRectF, QRectF]]:
    """Each layer with its number from 0, one of its parameters, and where its pill and its `.grad` box are."""
    for number, (layer, footer) in enumerate(zip(scene.net.layers, scene.places.footers, strict=True)):
        scale = footer.width / PARAMETERS
        top = footer.y + PARAMETERS_TOP * scene.places.parts_scale
        for row, pill in enumerate((layer.weight, layer.bias)):
            if pill is not None:
                y, high = top + row * PARAMETERS_ROW * scale, g.PILL_HEIGHT * scale
                grad_x = footer.x + (g.PILL_WIDTH + g.GRAD_GAP) * scale
                body = QRectF(footer.x, y, g.PILL_WIDTH * scale, high)
                yield layer, number, pill, body, QRectF(grad_x, y, g.GRAD_WIDTH * scale, high)


def _bias_at(scene: NeuronScene, place: QPointF) -> ScenePart | None:
    """The number below a unit."""
    if not scene.places.has_labels:
        return None
    for column, units in enumerate(scene.places.units[1:], 1):
        bias, numbers = scene.net.layers[column - 1].bias, scene.state.biases[column - 1]
        rows = 1 if numbers is None or numbers.grad is None else 2
        for unit, rect in enumerate(units):
            below = QRectF(rect.x, rect.bottom + 3.0, rect.width, (rows * LABEL_ROW + 9.0) * scene.places.scale)
            if bias is not None and rect.height and below.contains(place):
                return ScenePart(pill=bias, at=(unit,))
    return None


def _weight_at(scene: NeuronScene, place: QPointF) -> ScenePart | None:
    """The weight whose line is closest, if one is close."""
    found: list[tuple[float, ScenePart]] = []
    scale = scene.places.scale
    for number, layer in enumerate(scene.net.layers):
        before, after = scene.places.units[number : number + 2]
        for target, end in enumerate(after):
            for source, start in enumerate(before):
                if start.height and end.height:
                    at = (source, target) if layer.transposed else (target, source)
                    line = scene.places.line(number, source, target)
                    away = _distance(place, *line)
                    if len(before) == len(after) == 1 and line[0][1] - ABOVE_LINE * scale <= place.y() <= line[0][1]:
                        away = abs(place.x() - (line[0][0] + line[1][0]) / 2) - ASIDE * scale
                    found.append((away, ScenePart(pill=layer.weight, at=at)))
    distance, part = min(found, key=lambda one: one[0], default=(inf, None))
    return part if distance <= NEAR_LINE * scale else None


def _distance(place: QPointF, start: tuple[float, float], end: tuple[float, float]) -> float:
    """How far a point is from a line between two points."""
    across, down = end[0] - start[0], end[1] - start[1]
    along = ((place.x() - start[0]) * across + (place.y() - start[1]) * down) / ((across**2 + down**2) or 1.0)
    share = max(0.0, min(1.0, along))
    return hypot(place.x() - start[0] - share * across, place.y() - start[1] - share * down)


def _box(rect: Rect) -> QRectF:
    return QRectF(rect.x, rect.y, rect.width, rect.height)
