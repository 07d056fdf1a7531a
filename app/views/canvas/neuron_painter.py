"""Draws a network of neurons: units with z, a and ∂C/∂z, weights as lines, and each parameter with its `.grad` box."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from app.models.neuron_net import NeuronNet
from app.models.neuron_states import NeuronState, ParameterNumbers, UnitNumbers
from app.models.scene import Phase, Pill
from app.views.canvas import geometry as g
from app.views.canvas.ink import Ink
from app.views.canvas.neuron_places import HEADER, PARAMETERS, ROUND_FROM, NeuronPlaces
from app.views.canvas.pill_painter import draw_pill
from app.views.canvas.placement import Rect
from app.views.canvas.symbols import draw_symbol, symbol_width
from engine.analysis.notation.numbers import format_number

FEW_LINES, FEW_CROSSING = 6, 4
"""So many weights of a layer have room for their numbers on their lines; fewer where the lines cross."""
THINNEST, THICKEST = 0.8, 4.0
LEAST_LABEL, ROOMY_LABEL = 46.0, 120.0
"""So wide a label must be able to be, and so wide it has room for old and new number in all digits."""
CAPSULE_CORNER = 13.0
LARGEST_FLAT, LEAST_FLAT = 14.0, 9.0
"""Sizes of the numbers in a capsule, px."""
SHRINKING = (1.0, 0.92, 0.84, 0.76, 0.68)
"""Numbers are written in the first of these sizes in which they fit."""
DIGITS, FEW_DIGITS = 4, 3


@dataclass(frozen=True, slots=True)
class NeuronScene:
    """What is drawn.

    symbol: of the quantity revealed last ("dC/dw2"), "" for none. hovered: column and unit. selected: id of a card.
    """

    net: NeuronNet
    state: NeuronState
    places: NeuronPlaces
    symbol: str
    phase: Phase
    hovered: tuple[int, int] | None = None
    selected: str | None = None

    def cards_of(self, column: int) -> tuple[str | None, ...]:
        """The ids of the cards that a column stands for."""
        layer = self.net.layers[column - 1]
        return (self.net.x,) if column == 0 else (layer.z, layer.a)


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
        _draw_weights(painter, scene, layer, ink)
    if scene.places.loss is not None:
        _draw_loss(painter, scene, scene.places.loss, ink)
    for layer, place in enumerate(scene.places.footers):
        _draw_parameters(painter, scene, layer, place, ink)
    painter.restore()


def is_current(symbol: str, letters: str, number: int) -> bool:
    """Whether a quantity's symbol is one of these letters of a layer: "a1" and "dC/da1" are of ("za", 1)."""
    bare = symbol.removeprefix("new ").removeprefix("dC/d").partition("[")[0]
    if "'(" in bare:
        bare = bare.partition("(")[2].rstrip(")")
    return bool(bare) and bare[0] in letters and bare[1:] == str(number)


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
    for target, row in enumerate(numbers):
        for source, number in enumerate(row):
            start, end = scene.places.line(layer, source, target)
            near = scene.hovered in (None, (layer, source), (layer + 1, target))
            painter.setOpacity(1.0 if near else 0.15)
            share = min(1.0, abs(float(number)) / largest) if np.isfinite(number) else 1.0
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


def _draw_weights(painter: QPainter, scene: NeuronScene, layer: int, ink: Ink) -> None:
    """The numbers on the lines of a layer, where there is room for them."""
    numbers = scene.state.weights[layer].now
    if numbers is not None and numbers.size <= (FEW_LINES if min(numbers.shape) == 1 else FEW_CROSSING):
        for target, row in enumerate(numbers):
            for source in range(len(row)):
                _draw_weight(painter, scene, (layer, target, source), ink)


def _sign_token(number: float, ink: Ink) -> str:
    if not np.isfinite(number):
        return "not_finite"
    return "gradient_positive" if number > 0 else "gradient_negative" if number < 0 else "muted"


def _draw_arrow(painter: QPainter, start: QPointF, tip: QPointF, ink: Ink) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink.colour("backward"))
    way = 1.0 if tip.x() > start.x() else -1.0
    painter.drawPolygon([tip, QPointF(tip.x() - 10 * way, tip.y() - 5), QPointF(tip.x() - 10 * way, tip.y() + 5)])


def _draw_weight(painter: QPainter, scene: NeuronScene, which: tuple[int, int, int], ink: Ink) -> None:
    """The number on a line, below it its gradient, and after the update an arrow to the new number."""
    layer, target, source = which
    weight = scene.state.weights[layer]
    (x1, y1), (x2, y2) = scene.places.line(layer, source, target)
    is_single = scene.net.sizes[layer : layer + 2] == (1, 1)
    if x2 - x1 < LEAST_LABEL and not is_single:
        return
    one_end = min(scene.net.sizes[layer : layer + 2]) == 1
    share = 0.5 if one_end else 0.36
    middle = QPointF(x1 + (x2 - x1) * share, y1 + (y2 - y1) * share)
    if weight.old is None:
        return
    at = target, source
    rows = [(_text(weight.old[at], DIGITS), "parameter" if weight.new is None else "muted")]
    if weight.grad is not None:
        rows.append(("∂ " + _text(weight.grad[at], FEW_DIGITS), "backward"))
    if weight.new is not None:
        rows.append(("→ " + _text(weight.new[at], DIGITS), "parameter"))
    room = x2 - x1 + (20.0 if scene.places.is_round else -4.0)
    if is_single:
        above = 8.0  # above the line, where circles leave room
        if x2 - x1 < LEAST_LABEL:  # above the units
            rows = [(_before_after(weight, at, DIGITS), "parameter"), *(row for row in rows if row[1] == "backward")]
            above += scene.places.units[layer][source].height / 2
            room = scene.places.units[layer + 1][target].centre_x - scene.places.units[layer][source].centre_x - 4.0
        middle.setY(middle.y() - above - 9.0 * len(rows))
    _draw_label(painter, middle, rows, room, ink, strong=is_current(scene.symbol, "w", layer + 1))


def _before_after(parameter: ParameterNumbers, at: tuple[int, ...], digits: int) -> str:
    if parameter.old is None:
        return "?"
    old = _text(parameter.old[at], digits)
    return old if parameter.new is None else f"{old} → {_text(parameter.new[at], digits)}"


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


def _draw_column(painter: QPainter, scene: NeuronScene, column: int, ink: Ink) -> None:
    numbers = scene.state.columns[column]
    current = is_current(scene.symbol, "za", column) or (column == 0 and scene.symbol in ("x", "dC/dx"))
    rects = scene.places.units[column]
    _draw_heading(painter, scene, column, rects[0], ink)
    for unit, rect in enumerate(rects):
        box = QRectF(rect.x, rect.y, rect.width, rect.height)
        waits = numbers.a is None and numbers.z is None
        painter.setOpacity(1.0 if current or scene.hovered == (column, unit) else 0.7 if waits else 0.92)
        if scene.selected is not None and scene.selected in scene.cards_of(column):
            painter.setPen(ink.pen("accent", 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(-5, -5, 5, 5), _corner(box) + 5, _corner(box) + 5)
        _draw_shape(painter, box, numbers, ink, current=current)
        rows = _rows(numbers, unit, is_input=column == 0)
        if scene.places.is_round:
            _draw_rows(painter, box, rows, ink)
        else:
            _draw_flat(painter, box, rows, ink)
        bias = scene.state.biases[column - 1] if column else None
        if bias is not None and scene.places.has_labels:
            room = _label_room(scene, column)
            digits = DIGITS if room >= ROOMY_LABEL else FEW_DIGITS
            label = [("b " + _before_after(bias, (unit,), digits), "parameter")]
            if bias.grad is not None:
                label.append(("∂ " + _text(bias.grad[unit], FEW_DIGITS), "backward"))
            at = QPointF(box.center().x(), box.bottom() + 8.0 + 9.0 * len(label))
            _draw_label(painter, at, label, room, ink, strong=is_current(scene.symbol, "b", column))
    painter.setOpacity(1.0)


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


def _draw_rows(painter: QPainter, box: QRectF, rows: list[tuple[str, str, str]], ink: Ink) -> None:
    px = 15.0 if box.height() >= 84.0 else 12.0
    line = px * 1.4 * ink.text_scale
    top = box.center().y() - line * len(rows) / 2
    for number, (letter, text, token) in enumerate(rows):
        y = top + line * number
        off = abs(y + line / 2 - box.center().y())
        room = 2 * max(4.0, (box.width() / 2) ** 2 - off**2) ** 0.5 - 12.0
        _draw_pair(painter, QRectF(box.center().x() - room / 2, y, room, line), letter, text, token, px, ink)


def _label_room(scene: NeuronScene, column: int) -> float:
    """How wide the label below a unit may be: as far as that of the next column."""
    places = scene.places.units
    other = column + 1 if column + 1 < len(places) else column - 1
    return abs(places[other][0].centre_x - places[column][0].centre_x) - 6.0


def _draw_flat(painter: QPainter, box: QRectF, rows: list[tuple[str, str, str]], ink: Ink) -> None:
    """A capsule: a line for each number if it is tall enough, else side by side, else only the newest one."""
    if not rows:
        return
    side = _corner(box) * 0.35
    inner = box.adjusted(side, 1.0, -side, -1.0)
    ways = [[[row] for row in rows], [rows[:2], rows[2:]], [rows], [rows[-1:]]]
    for lines in ways:
        lines = [line for line in lines if line]
        height = inner.height() / len(lines)
        px = min(LARGEST_FLAT, height / 1.25)
        sizes = [
            min(_fitting(letter, text, inner.width() / len(line), px, ink) for letter, text, _ in line)
            for line in lines
        ]
        if _fits(lines, sizes, inner.width(), ink):
            break
    for number, (line, size) in enumerate(zip(lines, sizes, strict=True)):
        width = inner.width() / len(line)
        for at, (letter, text, token) in enumerate(line):
            place = QRectF(inner.left() + width * at, inner.top() + height * number, width, height)
            _draw_pair(painter, place, letter, text, token, size, ink)


def _fits(lines: list[list[tuple[str, str, str]]], sizes: list[float], width: float, ink: Ink) -> bool:
    """Whether all can be read in these sizes."""
    return min(sizes) >= LEAST_FLAT and all(
        _pair_width(letter, text, size, ink) <= width / len(line)
        for line, size in zip(lines, sizes, strict=True)
        for letter, text, _ in line
    )


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
    tries = [(f" {layer.activation} → ", 18.0, 12.0), (f" {layer.activation} → ", 15.0, 10.0), (" → ", 15.0, 10.0)]
    for middle, px, words_px in tries:
        words = ink.metrics(words_px).horizontalAdvance(middle) if layer.a is not None else 0.0
        width = sum(symbol_width(symbol, ink, px) for symbol in symbols) + words
        if width <= room:
            break
    left = min(first.centre_x - width / 2, scene.places.headings_end - width)
    left += draw_symbol(painter, left, baseline, symbols[0], ink, px)
    if layer.a is not None:
        painter.setFont(ink.font(words_px))
        painter.setPen(ink.colour("muted"))
        painter.drawText(QPointF(left, baseline), middle)
        painter.setPen(ink.colour("forward"))
        draw_symbol(painter, left + words, baseline, symbols[1], ink, px)


def _draw_loss(painter: QPainter, scene: NeuronScene, place: Rect, ink: Ink) -> None:
    """C with an arrow from each output."""
    box = QRectF(place.x, place.y, place.width, place.height)
    known = scene.state.loss is not None
    painter.setPen(ink.pen("loss" if known else "edge", 1.6))
    for rect in scene.places.units[-1]:
        path = QPainterPath(QPointF(rect.right, rect.centre_y))
        path.lineTo(QPointF(box.left(), box.center().y()))
        painter.drawPath(path)
    painter.setBrush(ink.colour("raised"))
    if scene.symbol == "C":
        painter.setPen(QPen(ink.veil("current_halo", 0.5), 9.0))
        painter.drawRoundedRect(box, 10.0, 10.0)
        painter.setPen(QPen(ink.colour("current"), 3.0))
    else:
        painter.setPen(ink.pen("loss", 1.8) if known else ink.missing_pen())
    painter.drawRoundedRect(box, 10.0, 10.0)
    painter.setPen(ink.colour("loss"))
    text = "" if scene.state.loss is None else _text(scene.state.loss, DIGITS)
    upper = box.adjusted(3, 3, -3, -box.height() / 2)
    painter.setFont(ink.symbol_font(18.0))
    painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, "C")
    _draw_pair(painter, box.adjusted(3, box.height() / 2 - 6, -3, -4), "", text, "loss", 15.0, ink)


def _draw_parameters(painter: QPainter, scene: NeuronScene, layer: int, place: Rect, ink: Ink) -> None:
    """W and b of a layer with their `.grad` boxes, always in sight."""
    scale = place.width / PARAMETERS
    painter.save()
    painter.translate(place.x, place.y + 8.0)
    painter.scale(scale, scale)
    rows = [("w", scene.state.weights[layer]), ("b", scene.state.biases[layer])]
    for number, (letter, parameter) in enumerate(rows):
        if parameter is None:
            continue
        body = QRectF(0.0, number * (g.PILL_HEIGHT + 4.0), g.PILL_WIDTH, g.PILL_HEIGHT)
        grad = QRectF(body.right() + g.GRAD_GAP, body.top(), g.GRAD_WIDTH, g.PILL_HEIGHT)
        numbers = parameter.now
        shape = "" if numbers is None or numbers.size == 1 else f"({', '.join(map(str, numbers.shape))})"
        draw_pill(painter, Pill("", f"{letter}{layer + 1}", shape), parameter.state, body, grad, ink, near=True)
    painter.restore()


def _of(numbers: np.ndarray[tuple[int, ...], np.dtype[np.float64]] | None, unit: int) -> str:
    return "" if numbers is None or unit >= len(numbers) else _text(numbers[unit], FEW_DIGITS)


def _text(number: float | np.floating, digits: int) -> str:
    return format_number(float(number), digits)
