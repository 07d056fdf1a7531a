"""Parameter pills beside a card: W₁ with its value or shape, and a box for its `.grad`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from app.models.scene import Card, Pill, PillState
from app.views.canvas import geometry as g
from app.views.canvas.ink import Ink
from app.views.canvas.symbols import draw_symbol, symbol_width

EMPTY = PillState()


def pill_rects(card: Card) -> Iterator[tuple[Pill, QRectF, QRectF]]:
    """Each pill of a card with its body and its `.grad` box, in item coordinates."""
    for index, pill in enumerate(card.pills):
        left, top = g.pill_offset(index, len(card.pills))
        body = QRectF(left, top, g.PILL_WIDTH, g.PILL_HEIGHT)
        yield pill, body, QRectF(body.right() + g.GRAD_GAP, top, g.GRAD_WIDTH, g.PILL_HEIGHT)


def draw_pills(painter: QPainter, card: Card, states: Mapping[str, PillState], ink: Ink, *, near: bool) -> None:
    """All pills of a card with the lines that tie them to it."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(ink.pen("parameter", 1.2))
    for _, body, _ in pill_rects(card):
        middle = body.center().y()
        start = max(-g.CARD_HEIGHT / 2 + 8, min(g.CARD_HEIGHT / 2 - 8, middle))
        painter.drawLine(QPointF(g.CARD_WIDTH / 2, start), QPointF(body.left(), middle))
    for pill, body, grad in pill_rects(card):
        draw_pill(painter, pill, states.get(pill.id, EMPTY), body, grad, ink, near=near)


def draw_pill(
    painter: QPainter, pill: Pill, state: PillState, body: QRectF, grad: QRectF, ink: Ink, *, near: bool
) -> None:
    """One pill and, unless it is a constant, the box of its `.grad`."""
    _draw_body(painter, pill, state, body, ink, near=near)
    if not pill.is_constant:
        _draw_grad(painter, state, grad, ink, near=near)


def draw_pills_far(painter: QPainter, card: Card, ink: Ink) -> None:
    """Pills as plain bars, for far zoom."""
    for _, body, _ in pill_rects(card):
        painter.fillRect(body.adjusted(0, 3, 0, -3), ink.veil("parameter", 0.7))


def _draw_body(painter: QPainter, pill: Pill, state: PillState, body: QRectF, ink: Ink, *, near: bool) -> None:
    """Filled more strongly once the update has changed the parameter."""
    token = "muted" if pill.is_constant else "parameter"
    painter.setPen(ink.pen(token, 2.2 if state.updated else 1.2))
    painter.setBrush(ink.veil(token, 0.34 if state.updated else 0.14))
    painter.drawRoundedRect(body, g.PILL_HEIGHT / 2, g.PILL_HEIGHT / 2)
    painter.setPen(ink.colour("text"))
    baseline = body.center().y() + 5.0
    px = 16.0 if near else 18.0
    if symbol_width(pill.text, ink, px) > body.width() - 20.0:
        _write(painter, body.adjusted(10.0, 0.0, -8.0, 0.0), pill.text, ink, "text", (13.0, 11.5, 10.5), bold=False)
        return
    width = draw_symbol(painter, body.left() + 10.0, baseline, pill.text, ink, px)
    rest = body.adjusted(10.0 + width + 5.0, 0.0, -8.0, 0.0)
    if state.value_text:
        fits = (one for one in (state.value_text, *state.short_texts) if _size(one, rest.width(), ink, (14.0, 12.0)))
        text = next(fits, (state.value_text, *state.short_texts)[-1])
        _write(painter, rest, text, ink, "parameter", (14.0, 12.0, 10.5, 9.5), bold=True)
    elif near and pill.shape_text:
        _write(painter, rest, pill.shape_text, ink, "muted", (11.0, 10.0), bold=False)


def _draw_grad(painter: QPainter, state: PillState, box: QRectF, ink: Ink, *, near: bool) -> None:
    """`.grad`: dashed while None, a thin line while zero, solid while it holds one, heavy when just added to."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if state.grad_status == "none":
        painter.setPen(ink.missing_pen())
        painter.drawRoundedRect(box, 4.0, 4.0)
        if near:
            _write(painter, box, ".grad", ink, "muted", (11.0,), bold=False, centred=True)
        return
    zero = state.grad_status == "zero"
    if state.grad_status == "added":
        painter.setBrush(ink.veil("backward", 0.22))
    painter.setPen(ink.pen("muted" if zero else "backward", {"zero": 1.0, "holding": 1.3}.get(state.grad_status, 2.2)))
    painter.drawRoundedRect(box, 4.0, 4.0)
    text = state.grad_text or ("0" if zero else ".grad")
    _write(
        painter, box.adjusted(4, 0, -4, 0), text, ink, "muted" if zero else "backward", (13.0, 11.5, 10.0),
        bold=not zero, centred=True,
    )  # fmt: skip
    if state.grad_passes > 1:
        _draw_passes(painter, state.grad_passes, box, ink)


def _draw_passes(painter: QPainter, passes: int, box: QRectF, ink: Ink) -> None:
    """A badge on the box's corner: so many backward passes are in it."""
    text = f"{passes}×"
    width = max(16.0, ink.metrics(10.0, bold=True).horizontalAdvance(text) + 7.0)
    badge = QRectF(box.right() - width + 6.0, box.top() - 7.0, width, 14.0)
    painter.setPen(ink.pen("backward", 1.2))
    painter.setBrush(ink.colour("background"))
    painter.drawRoundedRect(badge, 7.0, 7.0)
    painter.setFont(ink.font(10.0, bold=True))
    painter.setPen(ink.colour("backward"))
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)


def _write(
    painter: QPainter, place: QRectF, text: str, ink: Ink, token: str, sizes: tuple[float, ...], *,
    bold: bool, centred: bool = False,
) -> None:  # fmt: skip
    """Writes `text` in the largest of `sizes` (px) that fits, else the smallest with an ellipsis."""
    px = _size(text, place.width(), ink, sizes, bold=bold) or sizes[-1]
    painter.setFont(ink.font(px, bold=bold))
    painter.setPen(ink.colour(token))
    across = Qt.AlignmentFlag.AlignHCenter if centred else Qt.AlignmentFlag.AlignLeft
    shown = ink.metrics(px, bold=bold).elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, across | Qt.AlignmentFlag.AlignVCenter, shown)


def _size(text: str, width: float, ink: Ink, sizes: tuple[float, ...], *, bold: bool = True) -> float | None:
    """The first of `sizes` in which a text fits, None if it fits in none."""
    return next((px for px in sizes if ink.metrics(px, bold=bold).horizontalAdvance(text) <= width), None)
