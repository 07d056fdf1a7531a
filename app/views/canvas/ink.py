"""A theme as what painters need: colours, pens and fonts of the canvas, made once per theme."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPen

from app.models.scene import CardKind, Phase
from app.theme import Theme, math_font, ui_font

DASH, DASH_GAP = 7.5, 4.5
"""In px whatever the width of the line, so that the shortest edge still shows two dashes."""


@dataclass(frozen=True, slots=True)
class Ink:
    """Shared by every item of a canvas.

    text_scale: above 1 where a theme wants larger type on the same card. future_opacity: of what has not happened
    yet. dimmed_opacity: of the rest while one card is current.
    """

    theme: Theme
    text_scale: float
    future_opacity: float
    dimmed_opacity: float

    def colour(self, token: str) -> QColor:
        """The theme's colour of that meaning."""
        return QColor(getattr(self.theme, token))

    def veil(self, token: str, alpha: float) -> QColor:
        """The same colour, more or less transparent (0..1)."""
        colour = self.colour(token)
        colour.setAlphaF(alpha)
        return colour

    def pen(self, token: str, width: float, *, dashed: bool = False) -> QPen:
        """A pen in the colour of that meaning; its width follows the theme's line scale."""
        pen = QPen(self.colour(token), width * self.theme.line_scale)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if dashed:
            pen.setDashPattern([DASH / pen.widthF(), DASH_GAP / pen.widthF()])
        return pen

    def missing_pen(self) -> QPen:
        """The dashed outline of what does not exist yet."""
        pen = QPen(self.veil("muted", 0.6), 1.0)
        pen.setDashPattern([3.0, 3.0])
        return pen

    def font(self, px: float, *, bold: bool = False) -> QFont:
        """The interface font; digits of equal width, so that numbers stand still."""
        return _font(round(px * self.text_scale), bold)[0]

    def metrics(self, px: float, *, bold: bool = False) -> QFontMetricsF:
        """The measures of the same font."""
        return _font(round(px * self.text_scale), bold)[1]

    def symbol_font(self, px: float) -> QFont:
        """The textbook font for z⁽¹⁾, in italics."""
        return _symbol_font(round(px * self.text_scale))[0]

    def symbol_metrics(self, px: float) -> QFontMetricsF:
        """The measures of the same font."""
        return _symbol_font(round(px * self.text_scale))[1]

    def strip(self, kind: CardKind) -> QColor:
        """The colour of the strip at a card's left edge."""
        tokens: dict[CardKind, str] = {
            "op": "forward", "input": "muted", "loss": "loss", "view": "border", "cluster": "accent",
        }  # fmt: skip
        return self.colour(tokens[kind])


def ink_of(theme: Theme) -> Ink:
    """The ink of a theme. A projector washes out what is pale, so there type is larger and little is dimmed."""
    if theme.base_px > 15:
        return Ink(theme, text_scale=1.12, future_opacity=0.8, dimmed_opacity=0.95)
    return Ink(theme, text_scale=1.0, future_opacity=0.62 if theme.dark else 0.7, dimmed_opacity=0.86)


def token_of(phase: Phase) -> str:
    """The colour of a phase: updates change parameters, so they have the parameters' colour."""
    tokens: dict[Phase, str] = {"forward": "forward", "backward": "backward", "update": "parameter"}
    return tokens[phase]


@cache
def _font(px: int, bold: bool) -> tuple[QFont, QFontMetricsF]:
    """Kept, since making a font and its measures costs more than writing a word with it."""
    font = ui_font(px, bold=bold)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font, QFontMetricsF(font)


@cache
def _symbol_font(px: int) -> tuple[QFont, QFontMetricsF]:
    font = math_font(px)
    return font, QFontMetricsF(font)
