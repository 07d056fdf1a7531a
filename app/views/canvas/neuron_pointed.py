"""Where in the neuron view is what a lesson's stop points out: units, the loss, a layer's parameters."""

from __future__ import annotations

from collections.abc import Set

from PySide6.QtCore import QRectF

from app.views.canvas import geometry as g
from app.views.canvas.neuron_places import PARAMETERS, PARAMETERS_ROW, PARAMETERS_TOP
from app.views.canvas.neuron_scene import NeuronScene
from app.views.canvas.placement import Rect

_ROOM = 6.0


def pointed_areas(scene: NeuronScene, ids: Set[str]) -> list[QRectF]:
    """Areas of these cards and pills, in px of the view; a column of units is one area."""
    net, places = scene.net, scene.places
    found = [
        _around(places.units[column]) for column in range(len(net.sizes)) if not ids.isdisjoint(scene.cards_of(column))
    ]
    if places.loss is not None and net.loss in ids:
        found.append(_around([places.loss]))
    for layer, place in zip(net.layers, places.footers, strict=True):
        left, top, scale = place.x, place.y + PARAMETERS_TOP * places.parts_scale, place.width / PARAMETERS
        for row, pill in enumerate((layer.weight, layer.bias)):
            if pill in ids:
                area = QRectF(left, top + row * PARAMETERS_ROW * scale, place.width, g.PILL_HEIGHT * scale)
                found.append(area.adjusted(-4.0, -2.0, 4.0, 2.0))
    return found


def _around(units: tuple[Rect, ...] | list[Rect]) -> QRectF:
    room = QRectF()
    for unit in units:
        room = room.united(QRectF(unit.x, unit.y, unit.width, unit.height))
    return room.adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM)
