"""What drawings of cards are made of: boxes, arrows, cells, curves and signs, in the colours of a theme.

A drawing has a sheet of WIDTH × HEIGHT units to itself; how large it is on the screen is none of its business.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from app.theme import Theme, math_font, ui_font

WIDTH, HEIGHT = 420.0, 200.0
_TEXT, _SMALL = 14, 11
_HEAD = 8.0
_ALIGN = {
    "left": Qt.AlignmentFlag.AlignLeft, "centre": Qt.AlignmentFlag.AlignHCenter, "right": Qt.AlignmentFlag.AlignRight,
}  # fmt: skip

Drawing = Callable[["Sketch", str], None]
"""Draws on a sketch. The text is what the drawing is of, behind the colon of its name ("relu"), or ""."""

PICTURES: dict[str, Drawing] = {}
"""All drawings by name, filled by `picture`."""


def picture(name: str) -> Callable[[Drawing], Drawing]:
    """Marks a function as the drawing of that name."""

    def add(drawing: Drawing) -> Drawing:
        if name in PICTURES:
            raise ValueError(f"there is a drawing {name!r} already")
        PICTURES[name] = drawing
        return drawing

    return add


class Sketch:
    """A painter with a theme's colours, which are named by meaning ("forward", "backward", "parameter", ...)."""

    def __init__(self, painter: QPainter, theme: Theme) -> None:
        self._painter = painter
        self._theme = theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def colour(self, token: str, alpha: float = 1.0) -> QColor:
        """The theme's colour of a meaning."""
        colour = QColor(getattr(self._theme, token))
        colour.setAlphaF(alpha)
        return colour

    def line(self, *points: tuple[float, float], token: str = "edge", width: float = 1.6, dashed: bool = False) -> None:
        """A line through points; dashed, as everything that goes backward is."""
        self._painter.setPen(self._pen(token, width, dashed))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawPolyline(QPolygonF([QPointF(*point) for point in points]))

    def arrow(self, *points: tuple[float, float], token: str = "forward", dashed: bool | None = None) -> None:
        """A line with a head at its last point. Backward ones are dashed if nothing else is said."""
        is_dashed = token == "backward" if dashed is None else dashed
        (x0, y0), (x1, y1) = points[-2:]
        length = max(1e-6, float(np.hypot(x1 - x0, y1 - y0)))
        dx, dy = (x1 - x0) / length, (y1 - y0) / length
        end = (x1 - dx * _HEAD * 0.8, y1 - dy * _HEAD * 0.8)
        self.line(*points[:-1], end, token=token, width=2.0, dashed=is_dashed)
        back = (x1 - dx * _HEAD, y1 - dy * _HEAD)
        side = _HEAD * 0.45
        head = [(x1, y1), (back[0] - dy * side, back[1] + dx * side), (back[0] + dy * side, back[1] - dx * side)]
        self.polygon(head, token)

    def polygon(self, points: Sequence[tuple[float, float]], token: str, alpha: float = 1.0) -> None:
        """A filled shape."""
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(self.colour(token, alpha))
        self._painter.drawPolygon(QPolygonF([QPointF(*point) for point in points]))

    def box(
        self, x: float, y: float, w: float, h: float, text: str = "", token: str = "forward", *, fill: float = 0.14,
        round_px: float = 6.0, width: float = 1.6, dashed: bool = False, is_math: bool = True,
    ) -> None:  # fmt: skip
        """A box with a text in its middle. fill: how dense its ground is."""
        self._painter.setPen(self._pen(token, width, dashed) if width else Qt.PenStyle.NoPen)
        self._painter.setBrush(self.colour(token, fill))
        self._painter.drawRoundedRect(QRectF(x, y, w, h), round_px, round_px)
        if text:
            self.text(x + w / 2, y + h / 2, text, is_math=is_math)

    def circle(
        self, x: float, y: float, radius: float, text: str = "", token: str = "forward", fill: float = 0.14
    ) -> None:
        """A circle around a point, with a text in it."""
        self._painter.setPen(self._pen(token, 1.6, False))
        self._painter.setBrush(self.colour(token, fill))
        self._painter.drawEllipse(QPointF(x, y), radius, radius)
        if text:
            self.text(x, y, text)

    def text(
        self, x: float, y: float, text: str, token: str = "text", *, align: str = "centre", is_math: bool = True,
        is_small: bool = False,
    ) -> None:  # fmt: skip
        """A text whose middle is at height y; x is its middle, or its left or right end."""
        px = _SMALL if is_small else _TEXT
        self._painter.setFont(math_font(px + 2, italic=False) if is_math else ui_font(px))
        self._painter.setPen(self.colour(token))
        left = {"left": x, "centre": x - WIDTH, "right": x - 2 * WIDTH}[align]
        place = QRectF(left, y - 20.0, 2 * WIDTH, 40.0)
        self._painter.drawText(place, int(_ALIGN[align] | Qt.AlignmentFlag.AlignVCenter), text)

    def cells(
        self, x: float, y: float, size: float, rows: Sequence[Sequence[object]], token: str = "forward", *,
        lit: frozenset[tuple[int, int]] = frozenset(), faint: bool = False, height: float = 0.0,
    ) -> None:  # fmt: skip
        """A grid of cells with texts. lit: those (row, column) pointed out. height: of a cell, if not `size`."""
        tall = height or size
        for i, row in enumerate(rows):
            for j, text in enumerate(row):
                is_lit = (i, j) in lit
                alpha = 0.5 if is_lit else 0.06 if faint else 0.14
                self.box(x + j * size, y + i * tall, size, tall, "", token, fill=alpha, round_px=1.5,
                         width=2.2 if is_lit else 1.0)  # fmt: skip
                if text != "":
                    self.text(x + (j + 0.5) * size, y + (i + 0.5) * tall, str(text), "muted" if faint else "text",
                              is_small=size < 30)  # fmt: skip

    def curve(
        self, frame: QRectF, x: ArrayLike, y: ArrayLike, span: tuple[float, float, float, float], token: str, *,
        dashed: bool = False,
    ) -> None:  # fmt: skip
        """A curve in a frame. span: least and largest x, least and largest y; what leaves it is cut off."""
        low, high, bottom, top = span
        across, up = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
        points = [
            (frame.left() + (one - low) / (high - low) * frame.width(),
             frame.bottom() - (other - bottom) / (top - bottom) * frame.height())
            for one, other in zip(across, up, strict=True)
        ]  # fmt: skip
        self._painter.save()
        self._painter.setClipRect(frame.adjusted(-1, -1, 1, 1))
        self.line(*points, token=token, width=2.4, dashed=dashed)
        self._painter.restore()

    def axes(self, frame: QRectF, span: tuple[float, float, float, float], across: str, marks: Sequence[float]) -> None:
        """The lines x = 0 and y = 0 where they are in the frame (else its edges). marks: numbers at the axis of x."""
        low, high, bottom, top = span
        left = frame.left() + (0.0 - low) / (high - low) * frame.width()
        base = frame.bottom() - (0.0 - bottom) / (top - bottom) * frame.height()
        left, base = min(max(left, frame.left()), frame.right()), min(max(base, frame.top()), frame.bottom())
        self.line((frame.left(), base), (frame.right(), base), token="muted", width=1.0)
        self.line((left, frame.top()), (left, frame.bottom()), token="muted", width=1.0)
        self.text(frame.right() + 6, base, across, "muted", align="left")
        for mark in marks:
            at = frame.left() + (mark - low) / (high - low) * frame.width()
            self.line((at, base - 3), (at, base + 3), token="muted", width=1.0)
            self.text(at, base + 12, f"{mark:g}", "muted", is_small=True, is_math=False)

    def _pen(self, token: str, width: float, dashed: bool) -> QPen:
        pen = QPen(self.colour(token), width * self._theme.line_scale)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if dashed:
            pen.setDashPattern([6.0 / pen.widthF(), 4.0 / pen.widthF()])
        return pen
