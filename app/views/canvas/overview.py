"""The far picture: all boxes and lines as one cached image, shown instead of the items below 22 % zoom.

Thousands of items cost 70-150 ms a frame when all are in view; an image costs 2. The image covers the view and a
margin, is scaled while zooming, and is drawn again when the zoom has settled. Lists of lines and boxes are kept.
"""

from __future__ import annotations

from collections import defaultdict

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from app.models.scene import Card, CardState
from app.views.canvas import geometry as g
from app.views.canvas.edge_items import segments
from app.views.canvas.ink import Ink
from app.views.canvas.placement import Layout

CARD = QRectF(-g.CARD_WIDTH / 2, -g.CARD_HEIGHT / 2, g.CARD_WIDTH, g.CARD_HEIGHT)
MARGIN = 0.5
"""Share of the view's width and height that the image reaches beyond each side."""


class Overview:
    """The boxes of a scene in rough; `change` repaints one box in the image, so stepping does not draw it anew."""

    def __init__(self, cards: tuple[Card, ...], layout: Layout, ink: Ink) -> None:
        self._ink = ink
        self._rects = {
            card.id: CARD.translated(box.centre_x, box.centre_y) for card, box in zip(cards, layout.boxes, strict=True)
        }
        self._kinds = {card.id: card.kind for card in cards}
        self._tokens = {card.id: self._token(card.id, CardState()) for card in cards}
        frames = sorted((*layout.frames.items(), *layout.continued), key=lambda one: one[0])
        self._frames = [QRectF(f.x, f.y, f.width, f.height) for _, f in frames]
        self._lines = [QLineF(*a, *b) for route in layout.routes for a, b in segments(route)]
        self._boxes: dict[str, list[QRectF]] | None = None
        self._image = QPixmap()
        self._region = QRectF()

    def set_ink(self, ink: Ink) -> None:
        """Another theme: the image is drawn again."""
        self._ink = ink
        self.forget()

    def forget(self) -> None:
        """Drops the image, so that the next paint makes one for the zoom of then."""
        self._region = QRectF()

    def change(self, card_id: str, state: CardState) -> None:
        """Recolours one box, in the lists and in the image."""
        token = self._token(card_id, state)
        if self._tokens[card_id] == token:
            return
        self._tokens[card_id] = token
        self._boxes = None
        if not self._region.isEmpty():
            painter = QPainter(self._image)
            self._look_at(painter, self._region)
            painter.fillRect(self._rects[card_id], self._ink.colour(token))
            painter.end()

    def fits(self, seen: QRectF, scale: float) -> bool:
        """Whether the image covers the scene rectangle `seen` and was drawn for this zoom."""
        if self._region.isEmpty():
            return False
        drawn_for = self._image.deviceIndependentSize().width() / self._region.width()
        return self._region.contains(seen) and abs(drawn_for / scale - 1.0) < 0.01

    def covers(self, seen: QRectF) -> bool:
        """Whether the image covers `seen`, at whatever sharpness."""
        return self._region.contains(seen)

    def draw_image(self, seen: QRectF, scale: float, device_ratio: float) -> None:
        """Makes the image for a view of `seen` at `scale` view px a scene px."""
        region = seen.adjusted(
            -seen.width() * MARGIN, -seen.height() * MARGIN, seen.width() * MARGIN, seen.height() * MARGIN
        )
        size = QSize(max(1, round(region.width() * scale)), max(1, round(region.height() * scale)))
        self._image = QPixmap(size * device_ratio)
        self._image.setDevicePixelRatio(device_ratio)
        self._image.fill(self._ink.colour("background"))
        self._region = region
        painter = QPainter(self._image)
        self._look_at(painter, region)
        self._draw(painter)
        painter.end()

    def small_image(self, world: QRectF, size: QSize, device_ratio: float) -> QPixmap:
        """The whole `world` as an image of about `size` px, on no ground."""
        image = QPixmap(size * device_ratio)
        image.setDevicePixelRatio(device_ratio)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.scale(size.width() / world.width(), size.height() / world.height())
        painter.translate(-world.topLeft())
        self._draw(painter)
        painter.end()
        return image

    def paint(self, painter: QPainter, viewport: QRect, seen: QRectF) -> None:
        """Puts the part of the image that shows `seen` onto the viewport."""
        painter.fillRect(viewport, self._ink.colour("background"))
        across, down = viewport.width() / seen.width(), viewport.height() / seen.height()
        target = QRectF(
            (self._region.left() - seen.left()) * across, (self._region.top() - seen.top()) * down,
            self._region.width() * across, self._region.height() * down,
        )  # fmt: skip
        painter.drawPixmap(target, self._image, QRectF(self._image.rect()))

    def _look_at(self, painter: QPainter, region: QRectF) -> None:
        scale = self._image.deviceIndependentSize().width() / region.width()
        painter.scale(scale, scale)
        painter.translate(-region.topLeft())

    def _draw(self, painter: QPainter) -> None:
        ink = self._ink
        painter.setPen(_hair(ink.colour("border")))
        painter.setBrush(ink.colour("cluster"))
        painter.drawRects(self._frames)
        painter.setPen(_hair(ink.colour("edge")))
        painter.drawLines(self._lines)
        painter.setPen(Qt.PenStyle.NoPen)
        for token, boxes in self._by_token().items():
            painter.setBrush(ink.colour(token))
            painter.drawRects(boxes)

    def _by_token(self) -> dict[str, list[QRectF]]:
        if self._boxes is None:
            made: defaultdict[str, list[QRectF]] = defaultdict(list)
            for card_id, token in self._tokens.items():
                made[token].append(self._rects[card_id])
            self._boxes = dict(made)
        return self._boxes

    def _token(self, card_id: str, state: CardState) -> str:
        if state.has_grad:
            return "backward"
        if not state.has_value:
            return "edge"
        return "loss" if self._kinds[card_id] == "loss" else "forward"


def _hair(colour: QColor) -> QPen:
    pen = QPen(colour, 1.0)
    pen.setCosmetic(True)
    return pen


def least_mark(painter: QPainter, centre: QPointF, scale: float, ink: Ink) -> None:
    """The current card on the far picture, never smaller than 14 px however far away; painter in view px."""
    half_width = max(7.0, g.CARD_WIDTH / 2 * scale)
    half_height = max(7.0, g.CARD_HEIGHT / 2 * scale)
    box = QRectF(centre.x() - half_width, centre.y() - half_height, 2 * half_width, 2 * half_height)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(ink.veil("current_halo", 0.45), 9.0))
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(QPen(ink.colour("current"), 3.0))
    painter.drawRoundedRect(box, 4, 4)
