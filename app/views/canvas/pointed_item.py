"""Corners around the cards and parameters that a lesson's stop is about."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from app.guard import painted
from app.views.brackets import paint_brackets
from app.views.canvas.ink import Ink

_PEN_ROOM = 4.0


class PointedItem(QGraphicsItem):
    """Shows corners around some areas of the scene."""

    def __init__(self, ink: Ink) -> None:
        super().__init__()
        self.ink = ink
        self.areas: tuple[QRectF, ...] = ()
        self.setZValue(6)
        self.hide()

    def show_around(self, areas: Sequence[QRectF]) -> None:
        """Moves the corners; none hides them."""
        self.prepareGeometryChange()
        self.areas = tuple(areas)
        self.setVisible(bool(areas))
        self.update()

    def boundingRect(self) -> QRectF:
        """All of the areas."""
        room = QRectF()
        for area in self.areas:
            room = room.united(area)
        return room.adjusted(-_PEN_ROOM, -_PEN_ROOM, _PEN_ROOM, _PEN_ROOM)

    @painted
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draws the corners."""
        for area in self.areas:
            paint_brackets(painter, area, self.ink.theme)
