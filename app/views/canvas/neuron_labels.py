"""The numbers on the lines and below the units of a network of neurons: weights, biases, and their gradients."""

from __future__ import annotations

from itertools import pairwise
from math import inf

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from app.models.neuron_states import ParameterNumbers
from app.views.canvas.ink import Ink
from app.views.canvas.neuron_scene import NeuronScene, is_current
from engine.analysis.notation.numbers import format_number

FEW_LINES, FEW_CROSSING = 6, 4
"""So many weights of a layer have room for their numbers on their lines; fewer where the lines cross."""
LEAST_LABEL, ROOMY_LABEL = 46.0, 120.0
"""So wide a label must be able to be, and so wide it has room for old and new number in all digits."""
LABEL_ROW, LEAST_PITCH = 18.0, 15.0
"""Height of a row of a label, and labels that would be closer together than this are not there at all, px."""
DIGITS, FEW_DIGITS = 4, 3


def draw_weights(painter: QPainter, scene: NeuronScene, layer: int, ink: Ink) -> None:
    """The numbers on the lines of a layer, where there is room for them."""
    numbers = scene.state.weights[layer].now
    few = numbers is not None and numbers.size <= (FEW_LINES if min(numbers.shape) == 1 else FEW_CROSSING)
    if numbers is not None and few and _pitch(scene, layer) >= LEAST_PITCH:
        for target, row in enumerate(numbers):
            for source in range(len(row)):
                _draw_weight(painter, scene, (layer, target, source), ink)


def _draw_weight(painter: QPainter, scene: NeuronScene, which: tuple[int, int, int], ink: Ink) -> None:
    """The number on a line, below it its gradient, and after the update an arrow to the new number."""
    layer, target, source = which
    weight = scene.state.weights[layer]
    (x1, _), (x2, _) = scene.places.line(layer, source, target)
    is_single = scene.net.sizes[layer : layer + 2] == (1, 1)
    if x2 - x1 < LEAST_LABEL and not is_single:
        return
    middle = _middle(scene, layer, source, target)
    if weight.old is None:
        return
    at = target, source
    rows = [(number_text(weight.old[at], DIGITS), "parameter" if weight.new is None else "muted")]
    if weight.grad is not None:
        rows.append(("∂ " + number_text(weight.grad[at], FEW_DIGITS), "backward"))
    if weight.new is not None:
        rows.append(("→ " + number_text(weight.new[at], DIGITS), "parameter"))
    rows = _as_many_as_fit(rows, _pitch(scene, layer))
    room = x2 - x1 + (20.0 if scene.places.is_round else -4.0)
    if is_single:
        above = 8.0  # above the line, where circles leave room
        if x2 - x1 < LEAST_LABEL:  # above the units
            rows = [(_before_after(weight, at, DIGITS), "parameter"), *(row for row in rows if row[1] == "backward")]
            above += scene.places.units[layer][source].height / 2
            room = scene.places.units[layer + 1][target].centre_x - scene.places.units[layer][source].centre_x - 4.0
        middle.setY(middle.y() - above - 9.0 * len(rows))
    _draw_label(painter, middle, rows, room, ink, strong=is_current(scene.symbol, "w", layer + 1))


def _middle(scene: NeuronScene, layer: int, source: int, target: int) -> QPointF:
    """Where a weight's number is on its line: beside the middle where lines cross."""
    (x1, y1), (x2, y2) = scene.places.line(layer, source, target)
    share = 0.5 if min(scene.net.sizes[layer : layer + 2]) == 1 else 0.36
    return QPointF(x1 + (x2 - x1) * share, y1 + (y2 - y1) * share)


def _pitch(scene: NeuronScene, layer: int) -> float:
    """How far the numbers of a layer are apart, in px; infinite where there is one."""
    before, after = scene.net.sizes[layer : layer + 2]
    heights = sorted(_middle(scene, layer, source, target).y() for target in range(after) for source in range(before))
    return min((lower - upper for upper, lower in pairwise(heights)), default=inf)


def _as_many_as_fit(rows: list[tuple[str, str]], pitch: float) -> list[tuple[str, str]]:
    """Where labels are close together, the newest row or two of three."""
    return rows[-max(1, int(min(len(rows), pitch // LABEL_ROW))) :]


def draw_bias(painter: QPainter, scene: NeuronScene, column: int, unit: int, ink: Ink) -> None:
    """The bias below a unit, after the update with the new number, and its gradient."""
    bias = scene.state.biases[column - 1]
    if bias is None:
        return
    box, room = scene.places.units[column][unit], _label_room(scene, column)
    digits = DIGITS if room >= ROOMY_LABEL else FEW_DIGITS
    rows = [("b " + _before_after(bias, (unit,), digits), "parameter")]
    if bias.grad is not None:
        rows.append(("∂ " + number_text(bias.grad[unit], FEW_DIGITS), "backward"))
    at = QPointF(box.centre_x, box.bottom + 8.0 + 9.0 * len(rows))
    _draw_label(painter, at, rows, room, ink, strong=is_current(scene.symbol, "b", column))


def number_text(number: float | np.floating, digits: int) -> str:
    """A number of a unit or a weight, as it is written."""
    return format_number(float(number), digits)


def _before_after(parameter: ParameterNumbers, at: tuple[int, ...], digits: int) -> str:
    if parameter.old is None:
        return "?"
    old = number_text(parameter.old[at], digits)
    return old if parameter.new is None else f"{old} → {number_text(parameter.new[at], digits)}"


def _draw_label(
    painter: QPainter, middle: QPointF, rows: list[tuple[str, str]], room: float, ink: Ink, *, strong: bool
) -> None:
    """Lines of text on a ground of their own, centred; smaller where there is little room."""
    px = next((px for px in (13.0, 12.0, 11.0, 10.0) if _widest(rows, px, ink) <= room - 10.0), 9.5)
    line = px * 1.35 * ink.text_scale
    width, height = _widest(rows, px, ink) + 10.0, line * len(rows) + 4.0
    box = QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)
    painter.setPen(ink.pen("current", 2.0) if strong else ink.pen("border", 1.0))
    painter.setBrush(ink.colour("background"))
    painter.drawRoundedRect(box, 5.0, 5.0)
    painter.setFont(ink.font(px, bold=True))
    for number, (text, token) in enumerate(rows):
        painter.setPen(ink.colour(token))
        place = QRectF(box.left(), box.top() + 2.0 + line * number, width, line)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def _widest(rows: list[tuple[str, str]], px: float, ink: Ink) -> float:
    return max(ink.metrics(px, bold=True).horizontalAdvance(text) for text, _ in rows)


def _label_room(scene: NeuronScene, column: int) -> float:
    """How wide the label below a unit may be: as far as that of the next column."""
    places = scene.places.units
    other = column + 1 if column + 1 < len(places) else column - 1
    return abs(places[other][0].centre_x - places[column][0].centre_x) - 6.0
