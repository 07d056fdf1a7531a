"""The minimap: the whole graph in a corner, with the part that is in view, for graphs that are larger than the view."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from app.guard import painted
from app.views.canvas.ink import Ink
from app.views.canvas.overview import Overview

LARGEST = QSize(190, 150)
LARGEST_SHARE = 0.34
"""Of the view's sides at most: in a small view the map gives way to what it is a map of."""
LEAST_SIDE = 26
LITTLE = 0.1
"""Of its area: so much more must be free in the other corner for it to go there."""
FRAME = 5.0


class Minimap(QWidget):
    """Shows the world small; a click or a drag moves the view.

    Signals:
        place_requested(QPointF): put this scene point into the middle of the view.
    """

    place_requested = Signal(QPointF)

    def __init__(self, ink: Ink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ink = ink
        self._overview: Overview | None = None
        self._image = QPixmap()
        self._world = QRectF()
        self._seen = QRectF()
        self._current: QPointF | None = None
        self._view = QSize()
        self._is_left = False
        self.setObjectName("minimap")
        self.setAccessibleName(self.tr("Overview of the graph"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def show_world(self, overview: Overview | None, world: QRectF) -> None:
        """Another graph, or the same with other colours."""
        self._overview, self._world = overview, world
        self._fit()

    def set_room(self, view: QSize) -> None:
        """The view over which the map lies has another size."""
        if view != self._view:
            self._view = view
            self._fit()

    def place(self, view: QSize, edge: int, covered: Callable[[QRect], float]) -> None:
        """Goes to the lower corner where it covers less; where that is no gain, it stays in its own.

        covered: px² of what matters that a rectangle of the view would cover.
        """
        top, right = view.height() - self.height() - edge, view.width() - self.width() - edge
        if self.isVisible():
            here, there = (covered(QRect(QPoint(x, top), self.size())) for x in self._sides(edge, right))
            if there + LITTLE * self.width() * self.height() < here:
                self._is_left = not self._is_left
        self.move(self._sides(edge, right)[0], top)

    def _sides(self, left: int, right: int) -> tuple[int, int]:
        """Where it is, and where it could be."""
        return (left, right) if self._is_left else (right, left)

    def show_seen(self, seen: QRectF | None, current: QPointF | None) -> None:
        """The part of the world that the view shows (None: all; then there is no map), and the current card's place."""
        self._seen, self._current = seen or QRectF(), current
        self.setVisible(seen is not None and self._overview is not None and not self._world.isEmpty())
        self.update()

    def set_ink(self, ink: Ink) -> None:
        """Another theme."""
        self._ink = ink
        self.forget()

    def forget(self) -> None:
        """Draws the graph anew at the next paint."""
        self._image = QPixmap()
        self.update()

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        """The graph, a frame around what is in view, and a dot at the current card."""
        if self._overview is None:
            return
        ink = self._ink
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(ink.pen("border", 1.0))
        painter.setBrush(ink.veil("surface", 0.94))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        inner = self._inner()
        if self._image.isNull():
            self._image = self._overview.small_image(self._world, inner.size().toSize(), self.devicePixelRatioF())
        painter.drawPixmap(inner.topLeft(), self._image)
        seen = QRectF(self._to_map(self._seen.topLeft()), self._to_map(self._seen.bottomRight())).intersected(inner)
        painter.setPen(ink.pen("accent", 1.6))
        painter.setBrush(ink.veil("accent", 0.14))
        painter.drawRoundedRect(seen, 2, 2)
        if self._current is not None:
            painter.setPen(ink.pen("current", 1.5))
            painter.setBrush(ink.colour("current_halo"))
            painter.drawEllipse(self._to_map(self._current), 3.5, 3.5)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Goes there."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.place_requested.emit(self._to_scene(event.position()))
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Goes along."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.place_requested.emit(self._to_scene(event.position()))
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Belongs to the press."""
        event.accept()

    def _fit(self) -> None:
        """As large as the view allows, in the shape of the world."""
        self._image = QPixmap()
        world = self._world
        if world.width() > 0 and world.height() > 0:
            room = LARGEST.boundedTo(self._view * LARGEST_SHARE) if self._view.isValid() else LARGEST
            scale = min((room.width() - 2 * FRAME) / world.width(), (room.height() - 2 * FRAME) / world.height())
            sides = (max(LEAST_SIDE, round(side * scale + 2 * FRAME)) for side in (world.width(), world.height()))
            self.resize(*sides)
        self.update()

    def _inner(self) -> QRectF:
        return QRectF(self.rect()).adjusted(FRAME, FRAME, -FRAME, -FRAME)

    def _to_map(self, place: QPointF) -> QPointF:
        inner, world = self._inner(), self._world
        x = inner.left() + (place.x() - world.left()) / world.width() * inner.width()
        return QPointF(x, inner.top() + (place.y() - world.top()) / world.height() * inner.height())

    def _to_scene(self, place: QPointF) -> QPointF:
        inner, world = self._inner(), self._world
        x = world.left() + (place.x() - inner.left()) / inner.width() * world.width()
        return QPointF(x, world.top() + (place.y() - inner.top()) / inner.height() * world.height())
