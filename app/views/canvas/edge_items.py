"""Edges, drawn by few items: all edges that start in one tile of the map are three paths of one item.

12,000 items of their own would cost more than their lines. An edge is *waiting* (grey), *forward* (solid, arrow down,
once its value exists) or *backward* (dashed, arrow up along the same route, once the gradient has flowed).
"""

from __future__ import annotations

from collections import defaultdict
from enum import IntEnum
from itertools import pairwise
from math import hypot

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QStyleOptionGraphicsItem, QWidget

from app.guard import painted
from app.views.canvas.ink import Ink
from app.views.canvas.placement import Point, Route

TILE = 1200.0
BEND = 9.0
ARROW = 8.0
HEADS_FROM = 0.35


class Flow(IntEnum):
    """What has run along an edge so far."""

    WAITING = 0
    FORWARD = 1
    BACKWARD = 2


class EdgeTile(QGraphicsItem):
    """Shows the edges of one tile; paths are made at the first paint and again after a change."""

    def __init__(self, routes: list[Route], ink: Ink) -> None:
        super().__init__()
        self.ink = ink
        self._routes = routes
        self._flows = [Flow.WAITING] * len(routes)
        self._paths: list[tuple[QPainterPath, QPainterPath]] | None = None
        xs = [x for route in routes for x, _ in route]
        ys = [y for route in routes for _, y in route]
        self._bounds = QRectF(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)).adjusted(-8, -8, 8, 8)
        self.setZValue(1)

    def boundingRect(self) -> QRectF:
        """Around all routes and their arrow heads."""
        return self._bounds

    def flow_of(self, index: int) -> Flow:
        """What has run along edge number `index` of this tile."""
        return self._flows[index]

    def set_flow(self, index: int, flow: Flow) -> None:
        """Changes one edge in place."""
        if self._flows[index] is not flow:
            self._flows[index] = flow
            self._paths = None
            self.update()

    @painted
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draws waiting edges first and backward ones on top."""
        if self._paths is None:
            self._paths = self._made()
        scale = QStyleOptionGraphicsItem.levelOfDetailFromTransform(painter.worldTransform())
        for flow, pen in zip(Flow, self._pens(), strict=True):
            lines, heads = self._paths[flow]
            if lines.isEmpty():
                continue
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(lines)
            if scale >= HEADS_FROM:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(pen.color())
                painter.drawPath(heads)

    def _pens(self) -> tuple[QPen, QPen, QPen]:
        ink = self.ink
        return ink.pen("edge", 1.3), ink.pen("forward", 1.8), ink.pen("backward", 2.2, dashed=True)

    def _made(self) -> list[tuple[QPainterPath, QPainterPath]]:
        paths = [(QPainterPath(), QPainterPath()) for _ in Flow]
        for route, flow in zip(self._routes, self._flows, strict=True):
            lines, heads = paths[flow]
            along = tuple(reversed(route)) if flow is Flow.BACKWARD else route
            add_rounded(lines, along)
            _add_head(heads, along[-2], along[-1])
        for _, heads in paths:
            heads.setFillRule(Qt.FillRule.WindingFill)
        return paths


class EdgeLayer:
    """All edges of a scene by number, spread over tiles."""

    def __init__(self, routes: tuple[Route, ...], ink: Ink) -> None:
        places: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for number, route in enumerate(routes):
            if len(route) > 1:
                places[int(route[0][0] // TILE), int(route[0][1] // TILE)].append(number)
        self.tiles = [EdgeTile([routes[number] for number in numbers], ink) for numbers in places.values()]
        self._where = {
            number: (tile, index)
            for tile, numbers in zip(self.tiles, places.values(), strict=True)
            for index, number in enumerate(numbers)
        }

    def add_to(self, scene: QGraphicsScene) -> None:
        """Puts the tiles into the picture."""
        for tile in self.tiles:
            scene.addItem(tile)

    def set_flow(self, number: int, flow: Flow) -> None:
        """Changes one edge in place; an edge without a route is nowhere."""
        if number in self._where:
            tile, index = self._where[number]
            tile.set_flow(index, flow)

    def flow_of(self, number: int) -> Flow:
        """What has run along an edge so far."""
        tile, index = self._where[number]
        return tile.flow_of(index)


def add_rounded(path: QPainterPath, route: Route) -> None:
    """Adds a route as one line whose corners are rounded, less where there is no room."""
    path.moveTo(*route[0])
    for before, corner, after in zip(route, route[1:], route[2:], strict=False):
        entering, leaving = _length(before, corner), _length(corner, after)
        bend = min(BEND, entering / 2, leaving / 2)
        if bend < 0.5:
            path.lineTo(*corner)
            continue
        path.lineTo(*_toward(corner, before, bend / entering))
        path.quadTo(QPointF(*corner), QPointF(*_toward(corner, after, bend / leaving)))
    path.lineTo(*route[-1])


def segments(route: Route) -> list[tuple[Point, Point]]:
    """A route as straight pieces, for the far picture."""
    return list(pairwise(route))


def _add_head(path: QPainterPath, before: Point, tip: Point) -> None:
    length = _length(before, tip) or 1.0
    ux, uy = (tip[0] - before[0]) / length, (tip[1] - before[1]) / length
    base_x, base_y = tip[0] - ux * ARROW, tip[1] - uy * ARROW
    half = ARROW * 0.48
    path.moveTo(*tip)
    path.lineTo(base_x - uy * half, base_y + ux * half)
    path.lineTo(base_x + uy * half, base_y - ux * half)
    path.closeSubpath()


def _length(one: Point, other: Point) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])


def _toward(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
