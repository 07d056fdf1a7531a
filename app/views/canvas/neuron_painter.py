"""Draws a network of neurons: units with z, a and ∂C/∂z, weights as lines, and each parameter with its `.grad` box."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from app.models.neuron_states import UnitNumbers
from app.models.scene import Pill
from app.views.canvas import geometry as g
from app.views.canvas.ink import Ink
from app.views.canvas.neuron_labels import DIGITS, FEW_DIGITS, draw_bias, draw_weights, number_text
from app.views.canvas.neuron_places import HEADER, PARAMETERS, PARAMETERS_ROW, PARAMETERS_TOP, ROUND_FROM
from app.views.canvas.neuron_scene import NeuronScene, is_current
from app.views.canvas.pill_painter import draw_pill
from app.views.canvas.placement import Rect
from app.views.canvas.symbols import draw_symbol, symbol_width

THINNEST, THICKEST = 0.8, 4.0
FEW_LINES, FAINTEST = 24, 0.3
"""Where there are more lines, small weights are fainter, so that large ones can be followed."""
CAPSULE_CORNER = 13.0
LARGEST_FLAT, LEAST_FLAT = 17.0, 9.0
"""Sizes of the numbers in a capsule, px."""
FEW = 3
"""One unit of so many may have numbers that need smaller letters than the others of its column."""
SHRINKING = (1.0, 0.92, 0.84, 0.76, 0.68)
"""Numbers are written in the first of these sizes in which they fit."""


def draw_neurons(painter: QPainter, scene: NeuronScene, ink: Ink) -> None:
    """Lines first, then the units on top of their ends, then numbers, headings and parameters."""
    painter.save()
    painter.scale(scene.places.scale, scene.places.scale)
    scene = replace(scene, places=scene.places.scaled(1.0 / scene.places.scale))
    for layer in range(len(scene.net.layers)):
        _draw_lines(painter, scene, layer, ink)
    for column in range(len(scene.net.sizes)):
        _draw_column(painter, scene, column, ink)
    for layer in range(len(scene.net.layers)):
        draw_weights(painter, scene, layer, ink)
    if scene.places.loss is not None:
        _draw_loss(painter, scene, scene.places.loss, ink)
    for layer, place in enumerate(scene.places.footers):
        _draw_parameters(painter, scene, layer, place, ink)
    painter.restore()


def _draw_lines(painter: QPainter, scene: NeuronScene, layer: int, ink: Ink) -> None:
    """Width by size, colour by sign, dots for negative ones; while gradients flow back, dashed in their colour."""
    weight = scene.state.weights[layer]
    shows_gradient = is_current(scene.symbol, "w", layer + 1) and scene.phase == "backward" and weight.grad is not None
    numbers = weight.grad if shows_gradient else weight.now
    if numbers is None:
        return
    flows = scene.phase == "backward" and is_current(scene.symbol, "a" if layer else "ax", layer)
    flows = flows or (layer == 0 and scene.symbol == "dC/dx")
    largest = float(np.nanmax(np.abs(numbers), initial=0.0)) or 1.0
    before, after = scene.places.units[layer : layer + 2]
    for target, row in enumerate(numbers):
        for source, number in enumerate(row):
            if not (before[source].height and after[target].height):
                continue
            start, end = scene.places.line(layer, source, target)
            near = scene.hovered in (None, (layer, source), (layer + 1, target))
            share = min(1.0, abs(float(number)) / largest) if np.isfinite(number) else 1.0
            calm = 1.0 if scene.hovered is not None or numbers.size <= FEW_LINES else FAINTEST + (1 - FAINTEST) * share
            painter.setOpacity(calm if near else 0.15)
            pen = QPen(ink.colour(_sign_token(float(number), ink)), THINNEST + (THICKEST - THINNEST) * share)
            if shows_gradient or flows:
                pen = ink.pen("backward", max(1.2, pen.widthF() * 0.8), dashed=True)
            elif number < 0:
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                pen.setDashPattern([0.1, max(1.8, 5.0 / pen.widthF())])
            painter.setPen(pen)
            painter.drawLine(QPointF(*end), QPointF(*start))
            if flows:
                _draw_arrow(painter, QPointF(*end), QPointF(*start), ink)
    painter.setOpacity(1.0)


def _sign_token(number: float, ink: Ink) -> str:
    if not np.isfinite(number):
        return "not_finite"
    return "gradient_positive" if number > 0 else "gradient_negative" if number < 0 else "muted"


def _draw_arrow(painter: QPainter, start: QPointF, tip: QPointF, ink: Ink) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink.colour("backward"))
    way = 1.0 if tip.x() > start.x() else -1.0
    painter.drawPolygon([tip, QPointF(tip.x() - 10 * way, tip.y() - 5), QPointF(tip.x() - 10 * way, tip.y() + 5)])


def _draw_column(painter: QPainter, scene: NeuronScene, column: int, ink: Ink) -> None:
    numbers = scene.state.columns[column]
    current = is_current(scene.symbol, "za", column) or (column == 0 and scene.symbol in ("x", "dC/dx"))
    rects = scene.places.units[column]
    _draw_heading(painter, scene, column, rects[0], ink)
    shown = [unit for unit, rect in enumerate(rects) if rect.height]
    all_rows = {unit: _rows(numbers, unit, is_input=column == 0) for unit in shown}
    gap = rects[1].y - rects[0].bottom if len(shown) > 1 and rects[1].height else 10.0
    plan = (
        None
        if scene.places.is_round
        else _flat_plan(rects[0], list(all_rows.values()), scene.places.least_letters, ink)
    )
    for unit in shown:
        rect, rows = rects[unit], all_rows[unit]
        box = QRectF(rect.x, rect.y, rect.width, rect.height)
        waits = numbers.a is None and numbers.z is None
        painter.setOpacity(1.0 if current or scene.hovered == (column, unit) else 0.7 if waits else 0.92)
        if scene.selected is not None and scene.selected in scene.cards_of(column):
            painter.setPen(ink.pen("accent", 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            out = min(5.0, gap / 2)  # neighbours' outlines do not cross
            painter.drawRoundedRect(box.adjusted(-out, -out, out, out), _corner(box) + out, _corner(box) + out)
        _draw_shape(painter, box, numbers, ink, current=current)
        if plan is None:
            _draw_rows(painter, box, rows, scene.places.least_letters, ink)
        else:
            _draw_flat(painter, box, rows, plan, ink)
        if column and scene.places.has_labels:
            draw_bias(painter, scene, column, unit, ink)
    painter.setOpacity(1.0)
    more = scene.places.more[column]
    if more is not None:
        _draw_more(painter, *more, ink)


def _draw_more(painter: QPainter, place: Rect, count: int, ink: Ink) -> None:
    """So many units are left out here."""
    text = QCoreApplication.translate("NeuronView", "⋮ %1 more").replace("%1", str(count))
    box = QRectF(place.x, place.y, place.width, place.height)
    px = min(LARGEST_FLAT, box.height() / 1.35)
    painter.setFont(ink.font(px))
    painter.setPen(ink.colour("muted"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _draw_shape(painter: QPainter, box: QRectF, numbers: UnitNumbers, ink: Ink, *, current: bool) -> None:
    """Outline as on cards: dashed before there is a value, then forward's colour, then backward's."""
    corner = _corner(box)
    if current:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for step in range(4):
            painter.setPen(QPen(ink.veil("current_halo", 0.08 + 0.1 * step), 3.0))
            out = 9.0 - 2.0 * step
            painter.drawRoundedRect(box.adjusted(-out, -out, out, out), corner + out, corner + out)
    painter.setBrush(ink.colour("raised"))
    if current:
        painter.setPen(QPen(ink.colour("current"), 3.0))
    elif numbers.grad_z is not None or numbers.grad_a is not None:
        painter.setPen(ink.pen("backward", 1.6))
    elif numbers.z is not None or numbers.a is not None:
        painter.setPen(ink.pen("forward", 1.6))
    else:
        painter.setPen(ink.missing_pen())
    painter.drawRoundedRect(box, corner, corner)


def _corner(box: QRectF) -> float:
    """A circle's, or that of a capsule, whose numbers need the corners of a tall one."""
    half = box.height() / 2
    return half if half >= ROUND_FROM else min(half, CAPSULE_CORNER)


def _rows(numbers: UnitNumbers, unit: int, *, is_input: bool) -> list[tuple[str, str, str]]:
    """Letter, number and colour of what a unit knows."""
    rows = [
        ("z", _of(numbers.z, unit), "muted"),
        ("x" if is_input else "a", _of(numbers.a, unit), "forward"),
        ("∂z" if not is_input else "∂x", _of(numbers.grad_z if not is_input else numbers.grad_a, unit), "backward"),
    ]
    return [row for row in rows if row[1]]


def _draw_rows(painter: QPainter, box: QRectF, rows: list[tuple[str, str, str]], least: float, ink: Ink) -> None:
    px = max(15.0 if box.height() >= 84.0 else 12.0, least / ink.text_scale)
    line = px * 1.4 * ink.text_scale
    top = box.center().y() - line * len(rows) / 2
    for number, (letter, text, token) in enumerate(rows):
        y = top + line * number
        off = abs(y + line / 2 - box.center().y())
        room = 2 * max(4.0, (box.width() / 2) ** 2 - off**2) ** 0.5 - 6.0
        _draw_pair(painter, QRectF(box.center().x() - room / 2, y, room, line), letter, text, token, px, ink)


@dataclass(frozen=True, slots=True)
class _FlatPlan:
    """How a column's capsules are written. lines: which rows are in each; sizes: px of each line's letters."""

    lines: tuple[tuple[int, ...], ...]
    sizes: tuple[float, ...]


def _flat_plan(place: Rect, units: list[list[tuple[str, str, str]]], least: float, ink: Ink) -> _FlatPlan:
    """A line for each number if capsules are tall enough, else side by side, else the newest; alike in all units."""
    count, least = len(units[0]), max(LEAST_FLAT, least / ink.text_scale)
    every = tuple(range(count))
    ways: list[tuple[tuple[int, ...], ...]] = [
        tuple((row,) for row in every), (every[:2], every[2:]), (every,), (every[-1:],),
    ]  # fmt: skip
    lines: tuple[tuple[int, ...], ...] = ()
    sizes: tuple[float, ...] = ()
    inner = _inner(QRectF(place.x, place.y, place.width, place.height))
    for way in ways:
        lines = tuple(line for line in way if line)
        px = min(LARGEST_FLAT, inner.height() / max(1, len(lines)) / 1.25)
        rooms = [inner.width() / len(line) for line in lines]
        fitting = [
            sorted(_fitting(unit[row][0], unit[row][1], room, px, ink) for unit in units for row in line)
            for line, room in zip(lines, rooms, strict=True)
        ]
        sizes = tuple(max(min(px, least), of_line[len(of_line) // FEW]) for of_line in fitting)
        if px >= least and all(
            _pair_width(unit[row][0], unit[row][1], size, ink) <= room
            for line, size, room in zip(lines, sizes, rooms, strict=True)
            for unit in _shortest(units, line)
            for row in line
        ):
            break
    return _FlatPlan(lines, sizes)


def _shortest(units: list[list[tuple[str, str, str]]], line: tuple[int, ...]) -> list[list[tuple[str, str, str]]]:
    """All but the few with the longest numbers, which are written smaller."""
    return sorted(units, key=lambda unit: max(len(unit[row][1]) for row in line))[: len(units) - len(units) // FEW]


def _inner(box: QRectF) -> QRectF:
    """Where a capsule has room for letters."""
    side = _corner(box) * 0.35
    return box.adjusted(side, 1.0, -side, -1.0)


def _draw_flat(painter: QPainter, box: QRectF, rows: list[tuple[str, str, str]], plan: _FlatPlan, ink: Ink) -> None:
    """The numbers of a capsule, as all of its column."""
    inner = _inner(box)
    height = inner.height() / max(1, len(plan.lines))
    for number, (line, size) in enumerate(zip(plan.lines, plan.sizes, strict=True)):
        width = inner.width() / len(line)
        for at, row in enumerate(line):
            place = QRectF(inner.left() + width * at, inner.top() + height * number, width, height)
            letter, text, token = rows[row]
            _draw_pair(painter, place, letter, text, token, size, ink)


def _fitting(letter: str, text: str, width: float, px: float, ink: Ink) -> float:
    """The largest size, from `px` down, at which a letter and its number fit; the smallest if none does."""
    for share in SHRINKING:
        if _pair_width(letter, text, px * share, ink) <= width:
            return px * share
    return px * SHRINKING[-1]


def _pair_width(letter: str, text: str, px: float, ink: Ink) -> float:
    name = ink.symbol_metrics(px).horizontalAdvance(letter) + 3.0
    return name + ink.metrics(px, bold=True).horizontalAdvance(text)


def _draw_pair(painter: QPainter, place: QRectF, letter: str, text: str, token: str, px: float, ink: Ink) -> None:
    """ "a 0.755" in the middle of a place, smaller where it is narrow; the letter goes first."""
    size = _fitting(letter, text, place.width(), px, ink)
    width = ink.metrics(size, bold=True).horizontalAdvance(text)
    name = _pair_width(letter, text, size, ink) - width
    if name + width > place.width():
        name = 0.0
    left = place.center().x() - (name + width) / 2
    painter.setPen(ink.colour("text" if token == "muted" else token))
    baseline = place.center().y() + size * 0.36
    if name:
        painter.setFont(ink.symbol_font(size))
        painter.drawText(QPointF(left, baseline), letter)
    painter.setFont(ink.font(size, bold=True))
    painter.drawText(QPointF(left + name, baseline), text)


def _draw_heading(painter: QPainter, scene: NeuronScene, column: int, first: Rect, ink: Ink) -> None:
    """x, or the activation between z and a."""
    baseline = HEADER - 14.0
    painter.setPen(ink.colour("forward"))
    if column == 0:
        draw_symbol(painter, first.centre_x - symbol_width("x", ink, 18.0) / 2, baseline, "x", ink, 18.0)
        return
    layer = scene.net.layers[column - 1]
    symbols = [f"z{column}"] + ([f"a{column}"] if layer.a is not None else [])
    room = first.centre_x - scene.places.units[column - 1][0].centre_x - 8.0
    tries = [(f" {layer.activation} → ", 18.0, 13.0), (f" {layer.activation} → ", 15.0, 10.0), (" → ", 15.0, 10.0)]
    for middle, px, words_px in tries:
        words = ink.metrics(words_px).horizontalAdvance(middle) if layer.a is not None else 0.0
        width = sum(symbol_width(symbol, ink, px) for symbol in symbols) + words
        if width <= room:
            break
    if width > room:  # what the layer hands on
        symbols = symbols[-1:]
        width = symbol_width(symbols[0], ink, px)
    left = min(first.centre_x - width / 2, scene.places.headings_end - width)
    left += draw_symbol(painter, left, baseline, symbols[0], ink, px)
    if len(symbols) > 1:
        painter.setFont(ink.font(words_px))
        painter.setPen(ink.colour("muted"))
        painter.drawText(QPointF(left, baseline), middle)
        painter.setPen(ink.colour("forward"))
        draw_symbol(painter, left + words, baseline, symbols[1], ink, px)


def _draw_loss(painter: QPainter, scene: NeuronScene, place: Rect, ink: Ink) -> None:
    """C with an arrow from each output."""
    box = QRectF(place.x, place.y, place.width, place.height)
    known = scene.state.loss is not None
    flows = scene.phase == "backward" and is_current(scene.symbol, "a", len(scene.net.layers))
    for rect in scene.places.units[-1]:
        if not rect.height:
            continue
        start, end = QPointF(rect.right, rect.centre_y), QPointF(box.left(), box.center().y())
        painter.setPen(ink.pen("backward", 1.6, dashed=True) if flows else ink.pen("loss" if known else "edge", 1.6))
        painter.drawLine(end, start)
        if flows:
            _draw_arrow(painter, end, start, ink)
    painter.setBrush(ink.colour("raised"))
    if scene.symbol == "C":
        painter.setPen(QPen(ink.veil("current_halo", 0.5), 9.0))
        painter.drawRoundedRect(box, 10.0, 10.0)
        painter.setPen(QPen(ink.colour("current"), 3.0))
    else:
        painter.setPen(ink.pen("loss", 1.8) if known else ink.missing_pen())
    painter.drawRoundedRect(box, 10.0, 10.0)
    painter.setPen(ink.colour("loss"))
    text = "" if scene.state.loss is None else number_text(scene.state.loss, DIGITS)
    upper = box.adjusted(3, 3, -3, -box.height() / 2)
    painter.setFont(ink.symbol_font(18.0))
    painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, "C")
    _draw_pair(painter, box.adjusted(3, box.height() / 2 - 6, -3, -4), "", text, "loss", 15.0, ink)


def _draw_parameters(painter: QPainter, scene: NeuronScene, layer: int, place: Rect, ink: Ink) -> None:
    """W and b of a layer with their `.grad` boxes, always in sight."""
    scale = place.width / PARAMETERS
    painter.save()
    painter.translate(place.x, place.y + PARAMETERS_TOP * scene.places.parts_scale / scene.places.scale)
    painter.scale(scale, scale)
    rows = [("w", scene.state.weights[layer]), ("b", scene.state.biases[layer])]
    for number, (letter, parameter) in enumerate(rows):
        if parameter is None:
            continue
        body = QRectF(0.0, number * PARAMETERS_ROW, g.PILL_WIDTH, g.PILL_HEIGHT)
        grad = QRectF(body.right() + g.GRAD_GAP, body.top(), g.GRAD_WIDTH, g.PILL_HEIGHT)
        numbers = parameter.now
        shape = "" if numbers is None or numbers.size == 1 else f"({', '.join(map(str, numbers.shape))})"
        draw_pill(painter, Pill("", f"{letter}{layer + 1}", shape), parameter.state, body, grad, ink, near=True)
    painter.restore()


def _of(numbers: np.ndarray[tuple[int, ...], np.dtype[np.float64]] | None, unit: int) -> str:
    return "" if numbers is None or unit >= len(numbers) else number_text(numbers[unit], FEW_DIGITS)
