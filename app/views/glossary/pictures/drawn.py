"""All drawings, found by the name that a card has for its picture."""

from __future__ import annotations

from PySide6.QtGui import QPainter

from app.theme import Theme
from app.views.glossary.pictures import curves, flows, grids, sequences
from app.views.glossary.pictures.sketch import PICTURES, Sketch

DRAWN_IN = (curves, flows, grids, sequences)
"""The files of drawings; each fills the table as it is loaded."""


def draw(name: str, painter: QPainter, theme: Theme) -> None:
    """Draws the picture of a name ("curve:relu") from the origin on. Raises KeyError for an unknown one."""
    drawing, _, what = name.partition(":")
    PICTURES[drawing](Sketch(painter, theme), what)
