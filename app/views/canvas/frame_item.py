"""The frame around an open module call or a repeat, with its name and, for a repeat, which unit is shown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from app.guard import painted
from app.models.scene import Cluster
from app.views.canvas.ink import Ink
from app.views.canvas.placement import Rect
from app.views.canvas.repeat_header import (
    Control,
    HeaderPlaces,
    control_at,
    draw_controls,
    places_in,
    unit_at,
    words_of,
)
from app.views.canvas.shown_units import ShownRepeat

HEADER = 26.0
NAMES_FROM = 0.3
READABLE_PX, LARGEST_PX = 10.0, 28.0
"""Names grow on the graph as one goes away, so that they stay as large on the screen, as far as there is room."""


class FrameItem(QGraphicsItem):
    """Shows one open module call as a dashed rounded frame with its name; frames inside frames alternate in tone.

    shown: asks which unit of a repeat is shown; it answers None for a module call that stands for itself. A frame of a
    repeat looks like the uppermost of a stack. continued: the module call began in another column.
    """

    def __init__(
        self, cluster: Cluster, rect: Rect, ink: Ink, shown: Callable[[], ShownRepeat | None], *,
        continued: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self.header_item: HeaderItem | None = None
        self._continued = continued
        self.cluster = cluster
        self.ink = ink
        self.frame = QRectF(rect.x, rect.y, rect.width, rect.height)
        self._shown = shown
        self.setZValue(-100 + len(cluster.path))

    def boundingRect(self) -> QRectF:
        """The frame with half its line, and the frames below it."""
        return self.frame.adjusted(-1.5, -1.5, 9.5, 9.5)

    def header(self) -> QRectF:
        """The strip with the name; a double click there collapses the module."""
        return QRectF(self.frame.left(), self.frame.top(), self.frame.width(), HEADER)

    def header_changed(self) -> None:
        """Draws the header anew."""
        if self.header_item is not None:
            self.header_item.update()

    def control_at(self, place: QPointF) -> Control | None:
        """What a click at a scene point does, if this is the frame of a repeat."""
        shown = self._shown() if not self._continued else None
        return None if shown is None else control_at(self._places(shown), shown, place)

    def is_on_slider(self, place: QPointF) -> bool:
        """Whether there is a repeat's slider at a scene point."""
        places = self.places()
        return places is not None and places.track.contains(place)

    def unit_at(self, x: float) -> int | None:
        """The unit for which the slider's knob stands at a scene x, the first or last beside it; None without one."""
        shown = self._shown() if not self._continued else None
        return None if shown is None else unit_at(self._places(shown), shown, x)

    @painted
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draws the frame; its name is an item of its own, since edges run below it."""
        ink, shown = self.ink, self._shown()
        pen = QPen(ink.colour("border"), 1.2 * ink.theme.line_scale)
        painter.setBrush(ink.colour("cluster" if len(self.cluster.path) % 2 else "background"))
        if shown is not None:
            painter.setPen(pen)
            for out in (8.0, 4.0):
                painter.drawRoundedRect(self.frame.translated(out, out), 10.0, 10.0)
        else:
            pen.setDashPattern([4.0, 3.0])
        painter.setPen(pen)
        painter.drawRoundedRect(self.frame, 10.0, 10.0)

    def draw_header(self, painter: QPainter, scale: float) -> None:
        """The name of the module call, or the controls of the repeat."""
        shown = self._shown()
        if scale < (NAMES_FROM if shown is None else 0.0):
            return
        room = self.frame.width() - 24.0
        if shown is not None and not self._continued:
            places = self._places(shown)
            whole = places.back.united(places.unfold)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.ink.veil("cluster", 0.85))
            painter.drawRoundedRect(whole, 6.0, 6.0)
            draw_controls(painter, places, shown, self.ink)
            room = places.words.width()
        self._draw_words(painter, shown, room, max(12.0, min(LARGEST_PX, READABLE_PX / scale)))

    def _draw_words(self, painter: QPainter, shown: ShownRepeat | None, room: float, px: float) -> None:
        ink = self.ink
        baseline = self.frame.top() + max(17.0, px + 2.0)
        left, right = self.frame.left() + 12.0, self.frame.left() + 12.0 + room
        if shown is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink.colour("muted"))
            tip = QPointF(left + 4, baseline - 1.5)
            painter.drawPolygon(QPolygonF([QPointF(left, baseline - 7), QPointF(left + 8, baseline - 7), tip]))
            left += 13.0
        for text, token, bold, size in self._words(shown, px):
            metrics = ink.metrics(size, bold=bold)
            words = metrics.elidedText(text, Qt.TextElideMode.ElideRight, right - left)
            behind = QRectF(left - 3, baseline - size, metrics.horizontalAdvance(words) + 6, size * 1.35)
            painter.fillRect(behind, ink.veil("cluster" if len(self.cluster.path) % 2 else "background", 0.85))
            painter.setFont(ink.font(size, bold=bold))
            painter.setPen(ink.colour(token))
            painter.drawText(QPointF(left, baseline), words)
            left += metrics.horizontalAdvance(words) + 8.0
            if right - left < 20.0:
                return

    def _words(self, shown: ShownRepeat | None, px: float) -> list[tuple[str, str, bool, float]]:
        label, class_name = self.cluster.label, self.cluster.class_name
        if shown is not None and self._continued:
            return [("… " + words_of(shown), "muted", False, px)]
        if shown is not None:
            label = shown.repeat.names[shown.unit]
            return [(words_of(shown), "accent", True, px), (class_name or label, "muted", False, px * 0.92)]
        if self._continued:
            return [("… " + label, "muted", False, px)]
        words = [(label, "text", True, px)]
        if class_name not in ("", label):
            words.append((class_name, "muted", False, px * 0.92))
        return words

    def places(self) -> HeaderPlaces | None:
        """Where the controls of a repeat are, in scene px; None for the frame of a module call."""
        shown = self._shown()
        return None if shown is None or self._continued else self._places(shown)

    def _places(self, shown: ShownRepeat) -> HeaderPlaces:
        words = self.ink.metrics(12.0, bold=True).horizontalAdvance(words_of(shown))
        return places_in(self.frame, words + 12.0)


class HeaderItem(QGraphicsItem):
    """Shows the header of a frame, above the edges that come in there."""

    def __init__(self, frame: FrameItem) -> None:
        super().__init__()
        self._frame = frame
        frame.header_item = self
        self.setZValue(1.5)

    def boundingRect(self) -> QRectF:
        """The frame's upper edge."""
        return self._frame.header().adjusted(0.0, 0.0, 0.0, LARGEST_PX)

    @painted
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draws what the frame has to say."""
        scale = QStyleOptionGraphicsItem.levelOfDetailFromTransform(painter.worldTransform())
        self._frame.draw_header(painter, scale)
