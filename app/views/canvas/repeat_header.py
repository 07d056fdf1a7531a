"""The controls in the frame of a repeat: which unit is shown, ‹ and ›, a slider between them, and unfold."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from app.views.canvas.ink import Ink
from app.views.canvas.shown_units import ShownRepeat

HEIGHT = 24.0
BUTTON = 20.0
MARGIN = 6.0
SHORTEST_TRACK, LONGEST_TRACK = 36.0, 160.0
KNOB = 5.0
"""Half the knob's width; it stays on the track."""


@dataclass(frozen=True, slots=True)
class Control:
    """What was hit: another unit to show, or, with unit None, unfolding the repeat."""

    unit: int | None


@dataclass(frozen=True, slots=True)
class HeaderPlaces:
    """Where the controls are, in scene px. track is empty where there is no room for it."""

    back: QRectF
    track: QRectF
    on: QRectF
    unfold: QRectF
    words: QRectF


def places_in(frame: QRectF, words_width: float) -> HeaderPlaces:
    """The controls at the right end of a frame's upper edge; words keep their width where they can."""
    top = frame.top() + 2.0
    unfold = QRectF(frame.right() - MARGIN - BUTTON, top, BUTTON, BUTTON)
    on = QRectF(unfold.left() - BUTTON - 2.0, top, BUTTON, BUTTON)
    left = frame.left() + 12.0
    room = on.left() - left - words_width - BUTTON - 8.0
    length = min(LONGEST_TRACK, room) if room >= SHORTEST_TRACK else 0.0
    track = QRectF(on.left() - length, top, length, BUTTON)
    back = QRectF(track.left() - BUTTON, top, BUTTON, BUTTON)
    return HeaderPlaces(back, track, on, unfold, QRectF(left, frame.top(), back.left() - 4.0 - left, HEIGHT))


def control_at(places: HeaderPlaces, shown: ShownRepeat, place: QPointF) -> Control | None:
    """What a click at a scene point does."""
    if places.unfold.contains(place):
        return Control(None)
    if places.back.contains(place):
        return Control(max(0, shown.unit - 1))
    if places.on.contains(place):
        return Control(min(shown.repeat.count - 1, shown.unit + 1))
    if places.track.contains(place):
        return Control(unit_at(places, shown, place.x()))
    return None


def unit_at(places: HeaderPlaces, shown: ShownRepeat, x: float) -> int | None:
    """The unit for which the knob stands there, the first or the last one beside the track; None without a track."""
    last = shown.repeat.count - 1
    if places.track.width() <= 2 * KNOB:
        return None
    share = (x - places.track.left() - KNOB) / (places.track.width() - 2 * KNOB)
    return max(0, min(last, round(share * last)))


def words_of(shown: ShownRepeat) -> str:
    """ "time step 3 of 50", "pass 1 of 2", "block 7 of 12"."""
    text = {
        "time": QCoreApplication.translate("RepeatHeader", "time step %1 of %2"),
        "pass": QCoreApplication.translate("RepeatHeader", "pass %1 of %2"),
        "block": QCoreApplication.translate("RepeatHeader", "block %1 of %2"),
    }[shown.repeat.kind]
    return text.replace("%1", str(shown.unit + 1)).replace("%2", str(shown.repeat.count))


def draw_controls(painter: QPainter, places: HeaderPlaces, shown: ShownRepeat, ink: Ink) -> None:
    """Arrows, the track with its knob, and the sign for unfolding."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    last = shown.repeat.count - 1
    for button, way, can in ((places.back, -1.0, shown.unit > 0), (places.on, 1.0, shown.unit < last)):
        painter.setPen(_pen(ink, "text" if can else "border"))
        middle = button.center()
        painter.drawPolyline(
            [QPointF(middle.x() - 2.5 * way, middle.y() - 5), QPointF(middle.x() + 2.5 * way, middle.y()),
             QPointF(middle.x() - 2.5 * way, middle.y() + 5)]
        )  # fmt: skip
    if places.track.width() > 0:
        y = places.track.center().y()
        knob = QPointF(places.track.left() + KNOB + (places.track.width() - 2 * KNOB) * shown.unit / last, y)
        painter.setPen(_pen(ink, "border", 3.0))
        painter.drawLine(QPointF(places.track.left() + 3, y), QPointF(places.track.right() - 3, y))
        painter.setPen(_pen(ink, "accent", 3.0))
        painter.drawLine(QPointF(places.track.left() + 3, y), knob)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.colour("accent"))
        painter.drawEllipse(knob, KNOB, KNOB)
    painter.setPen(_pen(ink, "muted"))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    sign = QPainterPath()
    middle = places.unfold.center()
    for row in (-5.0, 0.0, 5.0):
        sign.addRect(QRectF(middle.x() - 6, middle.y() + row - 1.5, 12, 3.0))
    painter.drawPath(sign)


def _pen(ink: Ink, token: str, width: float = 1.6) -> QPen:
    return QPen(ink.colour(token), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
