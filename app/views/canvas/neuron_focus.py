"""Which part of a network of neurons the newest number belongs to."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from app.views.canvas.neuron_places import LABEL
from app.views.canvas.neuron_scene import NeuronScene, is_current
from app.views.canvas.placement import Rect

ASIDE, ABOVE = 22.0, 22.0
"""A bias's label may be so much wider than its unit, on each side, and a weight's reach so far above the units."""


def lit_places(scene: NeuronScene) -> list[QRectF]:
    """The units, weights, biases or the loss that are current, in view px; none where nothing is."""
    symbol, places = scene.symbol, scene.places
    if symbol == "C" and places.loss is not None:
        return [_rect(places.loss)]
    for column, units in enumerate(places.units):
        if is_current(symbol, "za", column) or (column == 0 and symbol in ("x", "dC/dx")):
            down = LABEL * places.scale if column and places.has_labels else 0.0
            return [_around(units).adjusted(0.0, 0.0, 0.0, down)]
    for layer, footer in enumerate(places.footers):
        parameters = _rect(footer).adjusted(0.0, 4.0 * places.scale, 0.0, -4.0 * places.scale)
        before, after = places.units[layer : layer + 2]
        if is_current(symbol, "w", layer + 1):
            # The only number of a layer stands above its line.
            above = ABOVE * places.scale if len(before) == len(after) == 1 else 0.0
            return [_around(before).united(_around(after)).adjusted(0.0, -above, 0.0, 0.0), parameters]
        if is_current(symbol, "b", layer + 1):
            down, aside = (LABEL * places.scale, ASIDE * places.scale) if places.has_labels else (0.0, 0.0)
            return [_around(after).adjusted(-aside, 0.0, aside, down), parameters]
    return []


def _around(units: tuple[Rect, ...]) -> QRectF:
    whole = QRectF()
    for unit in units:
        whole = whole.united(_rect(unit))
    return whole


def _rect(place: Rect) -> QRectF:
    return QRectF(place.x, place.y, place.width, place.height)
