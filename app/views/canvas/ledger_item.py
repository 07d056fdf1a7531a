"""The ledger of an update: gradient, old, rate times gradient and new, side by side beside the parameter."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from app.guard import painted
from app.models.update_rows import UpdateCell, UpdateRow
from app.views.canvas.heatmap import heatmap_image
from app.views.canvas.ink import Ink
from engine.analysis.notation.numbers import format_number

CELL, HEIGHT, PADDING = 102.0, 50.0, 8.0
SIGN = 16.0
WIDTH = 4 * CELL + 3 * SIGN + 2 * PADDING
GAP = 12.0
"""Between the ledger and the pill that it is about."""


class LedgerItem(QGraphicsItem):
    """Shows one update; the origin is the middle of its left edge."""

    def __init__(self, ink: Ink) -> None:
        super().__init__()
        self.ink = ink
        self._row: UpdateRow | None = None
        self.setZValue(6)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.hide()

    @property
    def row(self) -> UpdateRow | None:
        """What is shown."""
        return self._row

    def boundingRect(self) -> QRectF:
        """The box with its frame."""
        return QRectF(0.0, -HEIGHT / 2, WIDTH, HEIGHT).adjusted(-2, -2, 2, 2)

    def show_row(self, row: UpdateRow | None) -> None:
        """Shows another update, or nothing."""
        self._row = row
        self.setVisible(row is not None)
        self.update()

    @painted
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draws the four cells."""
        if self._row is not None:
            draw_ledger(painter, QRectF(0.0, -HEIGHT / 2, WIDTH, HEIGHT), self._row, self.ink)


def draw_ledger(painter: QPainter, box: QRectF, row: UpdateRow, ink: Ink) -> None:
    """The gradient, then the sum that the update is: old - rate x gradient = new, each in its own colour."""
    painter.setPen(QPen(ink.colour("current"), 2.0))
    painter.setBrush(ink.colour("raised"))
    painter.drawRoundedRect(box, 8.0, 8.0)
    change = (
        QCoreApplication.translate("Ledger", "change")
        if row.rate is None
        else QCoreApplication.translate("Ledger", "%1 × gradient").replace("%1", format_number(row.rate, 3))
    )
    cells = (
        (QCoreApplication.translate("Ledger", "gradient"), row.grad, "backward", ""),
        (QCoreApplication.translate("Ledger", "old %1").replace("%1", row.symbol), row.old, "parameter", "|"),
        (change, row.change, "backward", "−"),
        (QCoreApplication.translate("Ledger", "new %1").replace("%1", row.symbol), row.new, "parameter", "="),
    )
    left = box.left() + PADDING
    for heading, cell, token, sign in cells:
        if sign == "|":
            painter.setPen(ink.pen("border", 1.2))
            painter.drawLine(QPointF(left + SIGN / 2, box.top() + 8), QPointF(left + SIGN / 2, box.bottom() - 8))
            left += SIGN
        elif sign:
            painter.setFont(ink.font(16.0, bold=True))
            painter.setPen(ink.colour("text"))
            painter.drawText(QRectF(left, box.top() + 16, SIGN, 30), Qt.AlignmentFlag.AlignCenter, sign)
            left += SIGN
        place = QRectF(left, box.top() + 4.0, CELL, HEIGHT - 8.0)
        _draw_cell(painter, place, heading, cell, token, ink, is_new=sign == "=")
        left += CELL


def _draw_cell(
    painter: QPainter, place: QRectF, heading: str, cell: UpdateCell, token: str, ink: Ink, *, is_new: bool
) -> None:
    upper, lower = place.adjusted(0, 0, 0, -26), place.adjusted(3, 18, -3, 0)
    painter.setFont(ink.font(10.5))
    painter.setPen(ink.colour("muted"))
    painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, heading)
    if cell.preview is not None:
        signed = token == "backward"
        image = heatmap_image(cell.preview, ink.theme, signed=signed)
        painter.drawImage(lower, image)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(ink.pen(token, 1.8 if is_new else 1.0))
        painter.drawRect(lower)
        return
    text = cell.text or "?"
    px = next((px for px in (15.0, 14.0, 13.0, 12.0) if _width(text, px, ink) <= lower.width()), 11.0)
    if is_new:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.veil("parameter", 0.25))
        painter.drawRoundedRect(lower, 5.0, 5.0)
    painter.setFont(ink.font(px, bold=True))
    painter.setPen(ink.colour(token))
    painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, text)


def _width(text: str, px: float, ink: Ink) -> float:
    return ink.metrics(px, bold=True).horizontalAdvance(text)
