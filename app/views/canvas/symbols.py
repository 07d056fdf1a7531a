"""Textbook symbols on the canvas: "z1" becomes an italic z with its layer raised in brackets, "W1" a W with index 1."""

from __future__ import annotations

import re

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from app.views.canvas.ink import Ink

RAISED = frozenset("za")
"""The symbols whose number is a layer, written z⁽¹⁾; elsewhere it is an index, written W₁."""


def split_symbol(symbol: str) -> tuple[str, str]:
    """Letter and number of a symbol: "z1" -> ("z", "1"), "C" -> ("C", ""), "W10" -> ("W", "10")."""
    match = re.fullmatch(r"(\D+?)_?(\d+)", symbol)
    return (match[1], match[2]) if match else (symbol, "")


def symbol_width(symbol: str, ink: Ink, px: float) -> float:
    """Width in px of `draw_symbol`'s ink."""
    letter, number = split_symbol(symbol)
    body = ink.symbol_metrics(px).horizontalAdvance(letter)
    return body + (ink.metrics(px * 0.6).horizontalAdvance(_index(letter, number)) + 1.0 if number else 0.0)


def draw_symbol(painter: QPainter, left: float, baseline: float, symbol: str, ink: Ink, px: float) -> float:
    """Writes the symbol in the painter's pen colour and returns its width in px."""
    letter, number = split_symbol(symbol)
    painter.setFont(ink.symbol_font(px))
    painter.drawText(QPointF(left, baseline), letter)
    width = ink.symbol_metrics(px).horizontalAdvance(letter)
    if not number:
        return width
    painter.setFont(ink.font(px * 0.6))
    text = _index(letter, number)
    shift = -px * 0.36 if letter in RAISED else px * 0.18
    painter.drawText(QPointF(left + width + 1.0, baseline + shift), text)
    return width + 1.0 + ink.metrics(px * 0.6).horizontalAdvance(text)


def _index(letter: str, number: str) -> str:
    return f"({number})" if letter in RAISED else number
