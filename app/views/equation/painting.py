"""Paints a page of equations in a theme's colours, on a screen or into an export."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.theme import Theme
from app.views.equation.boxes import Glyphs, Hit, Mark, Plate, Rule, Shape
from app.views.equation.fonts import EquationFonts
from app.views.equation.page import Page, Placed
from engine.analysis.notation.expression import Kind

_ROUNDING = 4.0
_FAINT = 0.4
_PLATE_OPACITY = {True: 0.28, False: 0.45}


def kind_colour(kind: Kind, theme: Theme) -> QColor:
    """The colour of a meaning."""
    return _colours(theme)[kind]


def paint_page(
    painter: QPainter, page: Page, fonts: EquationFonts, theme: Theme, visible: QRectF | None = None
) -> None:
    """Paints `page` with its top left corner at the origin; marks far above or below `visible` are left out."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    brush = _MarkPainter(painter, fonts, theme)
    for placed in page.marks:
        if visible is None or _may_touch(placed, visible):
            brush.paint(placed)
    for placed in page.captions:
        brush.paint_caption(placed)


def paint_ground(painter: QPainter, area: QRectF, colour: QColor, opacity: float) -> None:
    """Tints the area of a term or cell."""
    tint = QColor(colour)
    tint.setAlphaF(opacity)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    painter.drawRoundedRect(area, _ROUNDING, _ROUNDING)


def paint_ring(painter: QPainter, area: QRectF, colour: QColor, width: float) -> None:
    """Draws a line around the area of a term."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, width))
    painter.drawRoundedRect(area, _ROUNDING, _ROUNDING)


def _colours(theme: Theme) -> dict[Kind, QColor]:
    return {
        "value": QColor(theme.forward),
        "gradient": QColor(theme.backward),
        "parameter": QColor(theme.parameter),
        "loss": QColor(theme.loss),
        "plain": QColor(theme.text),
    }


class _MarkPainter:
    """Paints marks one by one; keeps the painter's font and pen as long as they do not change."""

    def __init__(self, painter: QPainter, fonts: EquationFonts, theme: Theme) -> None:
        self._painter = painter
        self._fonts = fonts
        self._colours = _colours(theme)
        self._theme = theme
        self._ratio = painter.device().devicePixelRatioF()

    def paint(self, placed: Placed) -> None:
        """Paints one mark; areas with a ref are not visible by themselves."""
        mark: Mark = placed.mark
        match mark:
            case Glyphs():
                self._text(placed.x, placed.y, mark, self._colours[mark.kind])
            case Rule(kind=kind):
                self._painter.fillRect(self._sharp(placed.x, placed.y, mark), self._colours[kind])
            case Shape():
                self._shape(placed.x, placed.y, mark)
            case Plate():
                place = QRectF(placed.x, placed.y, mark.width, mark.height)
                opacity = _PLATE_OPACITY[self._theme.dark] * (_FAINT if mark.is_faint else 1.0)
                paint_ground(self._painter, place, QColor(self._theme.current_halo), opacity)
                if not mark.is_faint:
                    paint_ring(self._painter, place, QColor(self._theme.current), 1.0)
            case Hit():
                pass

    def paint_caption(self, placed: Placed) -> None:
        """Paints the text above an equation."""
        if isinstance(placed.mark, Glyphs):
            self._text(placed.x, placed.y, placed.mark, QColor(self._theme.muted))

    def _text(self, x: float, y: float, mark: Glyphs, colour: QColor) -> None:
        self._painter.setFont(self._fonts.font(mark.face, mark.px))
        self._painter.setPen(colour)
        self._painter.drawText(QPointF(x, y), mark.text)

    def _shape(self, x: float, y: float, mark: Shape) -> None:
        colour = self._colours[mark.kind]
        if mark.pen:
            pen = QPen(colour, mark.pen)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            self._painter.setPen(pen)
            self._painter.setBrush(Qt.BrushStyle.NoBrush)
        else:
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(colour)
        self._painter.translate(x, y)
        self._painter.drawPath(mark.path)
        self._painter.translate(-x, -y)

    def _sharp(self, x: float, y: float, rule: Rule) -> QRectF:
        """The bar on whole device pixels: its thin side would be a grey smear otherwise."""
        unit = 1.0 / self._ratio
        width, height = max(rule.width, unit), max(rule.height, unit)
        return QRectF(
            round(x / unit) * unit,
            round(y / unit) * unit,
            max(1, round(width / unit)) * unit,
            max(1, round(height / unit)) * unit,
        )


def _may_touch(placed: Placed, visible: QRectF) -> bool:
    mark = placed.mark
    match mark:
        case Glyphs(px=px):
            return visible.top() - px <= placed.y <= visible.bottom() + 2 * px
        case Rule(height=height) | Plate(height=height) | Hit(height=height):
            return placed.y <= visible.bottom() and placed.y + height >= visible.top()
        case Shape(path=path):
            bounds = path.boundingRect().translated(placed.x, placed.y)
            return bounds.top() <= visible.bottom() and bounds.bottom() >= visible.top()
