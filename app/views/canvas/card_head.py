"""The upper half of a card: its box with the kind strip, its name, symbol and shape, and the caption above it."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from app.models.scene import Card, CardState
from app.views.canvas import geometry as g
from app.views.canvas.ink import Ink
from app.views.canvas.symbols import draw_symbol, symbol_width

Change = Literal["", "added", "removed"]
FRAME = QRectF(-g.CARD_WIDTH / 2, -g.CARD_HEIGHT / 2, g.CARD_WIDTH, g.CARD_HEIGHT)
TITLE_PX, SHAPE_PX = 13.0, 11.0
LEFT = g.STRIP_WIDTH + 7.0
RIGHT = 7.0
CAPTION = 27.0
"""Room above the card for the name of the module call that it is alone in; a ring's glow fits in between."""
CAPTION_OUT = 6.0
STACK = 4.0
"""A collapsed module call looks like two cards, the lower one so far to the right and down."""


def border_pen(state: CardState, ink: Ink) -> QPen:
    """The card's outline says how far it has come."""
    if state.has_grad:
        return ink.pen("backward", 1.6)
    done = state.status == "done" and state.has_value
    return ink.pen("forward", 1.3) if done else ink.pen("border", 1.2)


def draw_change(painter: QPainter, change: Change, ink: Ink) -> None:
    """A badge on the upper left corner: + for a card that the iteration before did not have, − for one that is gone."""
    if not change:
        return
    centre, token = FRAME.topLeft(), "success" if change == "added" else "error"
    painter.setOpacity(1.0)
    painter.setPen(QPen(ink.colour("background"), 2.0))
    painter.setBrush(ink.colour(token))
    painter.drawEllipse(centre, 9.0, 9.0)
    painter.setPen(QPen(ink.colour("background"), 2.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(centre - QPointF(4, 0), centre + QPointF(4, 0))
    if change == "added":
        painter.drawLine(centre - QPointF(0, 4), centre + QPointF(0, 4))


def draw_ground(painter: QPainter, ink: Ink) -> None:
    """What hides edges behind a card, also behind a weakly drawn one."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink.colour("raised"))
    painter.drawRoundedRect(FRAME, g.CORNER, g.CORNER)


def draw_box(painter: QPainter, card: Card, state: CardState, ink: Ink) -> None:
    """The rounded outline with the strip of the card's kind, on the ground that is there already."""
    shape = QPainterPath()
    shape.addRoundedRect(FRAME, g.CORNER, g.CORNER)
    border = border_pen(state, ink)
    painter.setPen(border)
    if card.kind == "cluster":
        painter.setBrush(ink.colour("surface"))
        painter.drawRoundedRect(FRAME.translated(STACK, STACK), g.CORNER, g.CORNER)
        painter.fillPath(shape, ink.colour("raised"))
    painter.save()
    painter.setClipRect(QRectF(FRAME.left(), FRAME.top(), g.STRIP_WIDTH, g.CARD_HEIGHT))
    painter.fillPath(shape, ink.strip(card.kind))
    painter.restore()
    painter.setPen(border)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(shape)


def draw_caption(painter: QPainter, caption: str, ink: Ink, *, near: bool) -> None:
    """Left of the middle, where edges come in."""
    if not caption:
        return
    room = g.CARD_WIDTH / 2
    px = 11.0 if near else 15.0
    if ink.metrics(px).horizontalAdvance(caption) > room:
        px = 9.5 if near else 12.0
    painter.setFont(ink.font(px))
    painter.setPen(ink.colour("muted"))
    shown = ink.metrics(px).elidedText(caption, Qt.TextElideMode.ElideRight, room)
    painter.drawText(QPointF(FRAME.left() - CAPTION_OUT, FRAME.top() - 12.0), shown)


def draw_words(painter: QPainter, card: Card, ink: Ink, *, near: bool) -> None:
    """Name, symbol (a collapsed cluster's class instead) and, from near, shape; above if it has no room."""
    title_px, symbol_px = (TITLE_PX, 18.0) if near else (18.0, 23.0)
    baseline = FRAME.top() + (20.0 if near else 23.0)
    left, right = FRAME.left() + LEFT, FRAME.right() - RIGHT
    quantity = card.symbol if card.kind != "cluster" else ""
    symbol_room = symbol_width(quantity, ink, symbol_px) + 7.0 if quantity else 0.0
    metrics = ink.metrics(title_px, bold=True)
    if near and card.shape_text:
        right -= _draw_shape(painter, card, ink, baseline, metrics.horizontalAdvance(card.title) + symbol_room)
    title = metrics.elidedText(card.title, Qt.TextElideMode.ElideRight, right - left - symbol_room)
    painter.setFont(ink.font(title_px, bold=True))
    painter.setPen(ink.colour("text"))
    painter.drawText(QPointF(left, baseline), title)
    left += metrics.horizontalAdvance(title) + 7.0
    if quantity:
        painter.setPen(ink.colour("loss" if card.kind == "loss" else "forward"))
        draw_symbol(painter, left, baseline, quantity, ink, symbol_px)
    elif card.symbol:
        px = 11.0 if near else 15.0
        painter.setFont(ink.font(px))
        painter.setPen(ink.colour("muted"))
        text = ink.metrics(px).elidedText(card.symbol, Qt.TextElideMode.ElideRight, right - left)
        painter.drawText(QPointF(left, baseline), text)


def draw_far(painter: QPainter, card: Card, state: CardState, ink: Ink, *, named: bool) -> None:
    """A plain box with a broad strip, and the name as large as the box if it can be read."""
    painter.fillRect(FRAME, ink.colour("raised"))
    painter.fillRect(QRectF(FRAME.left(), FRAME.top(), 12.0, g.CARD_HEIGHT), ink.strip(card.kind))
    painter.setPen(border_pen(state, ink))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(FRAME)
    if not named:
        return
    painter.setFont(ink.font(27.0, bold=True))
    painter.setPen(ink.colour("text"))
    place = FRAME.adjusted(20.0, 0.0, -6.0, 0.0)
    title = ink.metrics(27.0, bold=True).elidedText(card.title, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)


def _draw_shape(painter: QPainter, card: Card, ink: Ink, baseline: float, words: float) -> float:
    """The shape at the right end beside `words` px, without spaces if need be, else above; returns the room taken."""
    metrics = ink.metrics(11.0)
    room = FRAME.width() - LEFT - RIGHT - words - 8.0
    shape = next((text for text in _spellings(card.shape_text) if metrics.horizontalAdvance(text) <= room), "")
    painter.setFont(ink.font(11.0))
    painter.setPen(ink.colour("muted"))
    if shape:
        width = metrics.horizontalAdvance(shape)
        painter.drawText(QPointF(FRAME.right() - RIGHT - width, baseline), shape)
        return width + 6.0
    above = metrics.elidedText(_spellings(card.shape_text)[-1], Qt.TextElideMode.ElideRight, FRAME.width() / 2)
    wide = metrics.horizontalAdvance(above)
    behind = QRectF(FRAME.right() - wide - 3.0, FRAME.top() - 20.0, wide + 6.0, 14.0)
    painter.fillRect(behind, ink.veil("background", 0.8))  # an edge may come in there
    painter.drawText(QPointF(FRAME.right() - wide, FRAME.top() - 9.0), above)
    return 0.0


def _spellings(shape: str) -> tuple[str, str]:
    return shape, shape.replace(" ", "")
