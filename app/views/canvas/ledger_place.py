"""Where the ledger of an update stands: in view, and over as little as can be, least of all over its own card."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QPointF, QRectF

from app.views.canvas.ledger_item import GAP, HEIGHT, WIDTH

OWN = 4.0
"""So much worse it is to hide the card and the parameters that the ledger is about than to hide others."""


def ledger_place(
    own: QRectF, aside: float, pill: QRectF, seen: QRectF, cards_in: Callable[[QRectF], Iterable[QRectF]]
) -> QPointF:
    """The middle of its left edge, in scene px: beside the pill, else where the least is hidden.

    own: the card with its parameters. aside: right of it a column of cards is clear of the ledger. pill: with its
    `.grad` box. cards_in: the other cards, with their parameters, in an area.
    """
    above, below = own.top() - GAP - HEIGHT, own.bottom() + GAP
    corners = [
        (pill.right() + GAP, pill.center().y() - HEIGHT / 2),
        (own.left() - GAP - WIDTH, own.center().y() - HEIGHT / 2),
        (aside, below),
        (aside, above),
        (own.left(), below),
        (own.left(), above),
    ]
    tries = [_within(QRectF(x, y, WIDTH, HEIGHT), seen) for x, y in corners]
    best = min(tries, key=lambda room: OWN * _shared(room, own) + sum(_shared(room, card) for card in cards_in(room)))
    return QPointF(best.left(), best.center().y())


def _within(room: QRectF, seen: QRectF) -> QRectF:
    """Moved into view."""
    left = max(seen.left(), min(room.left(), seen.right() - room.width()))
    top = max(seen.top(), min(room.top(), seen.bottom() - room.height()))
    return QRectF(left, top, room.width(), room.height())


def _shared(one: QRectF, other: QRectF) -> float:
    both = one.intersected(other)
    return both.width() * both.height()
