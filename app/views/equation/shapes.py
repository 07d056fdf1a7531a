"""Signs that grow with what they enclose: parentheses, braces, the radical sign. Sizes in px."""

from __future__ import annotations

from PySide6.QtGui import QPainterPath, QTransform


def parenthesis(width: float, height: float, thickness: float, *, opens: bool) -> QPainterPath:
    """A crescent, thickest in the middle, from y = 0 to y = height."""
    path = QPainterPath()
    # A cubic from x = w to x = w with both controls at c is (2w + 6c)/8 in the middle: c sets how far it bulges.
    outer, inner = -width / 3, (4 * thickness - width) / 3
    path.moveTo(width, 0.0)
    path.cubicTo(outer, height * 0.3, outer, height * 0.7, width, height)
    path.cubicTo(inner, height * 0.7, inner, height * 0.3, width, 0.0)
    path.closeSubpath()
    return path if opens else QTransform(-1, 0, 0, 1, width, 0).map(path)


def under_brace(width: float, height: float) -> QPainterPath:
    """The centre line of a brace that opens upwards, from x = 0 to x = width, its tip at y = height."""
    path = QPainterPath()
    middle, level = width / 2, height / 2
    bend = min(height * 0.9, width / 4)
    path.moveTo(0.0, 0.0)
    path.cubicTo(0.0, level * 0.8, bend * 0.35, level, bend, level)
    path.lineTo(middle - bend, level)
    path.cubicTo(middle - bend * 0.35, level, middle, level * 1.2, middle, height)
    path.cubicTo(middle, level * 1.2, middle + bend * 0.35, level, middle + bend, level)
    path.lineTo(width - bend, level)
    path.cubicTo(width - bend * 0.35, level, width, level * 0.8, width, 0.0)
    return path


def left_brace(width: float, height: float) -> QPainterPath:
    """The centre line of a brace that opens to the right, its tip at x = 0, from y = 0 to y = height."""
    return QTransform(0, 1, -1, 0, width, 0).map(under_brace(height, width))


def radical(width: float, height: float, em: float) -> QPainterPath:
    """A filled radical sign without its bar; its right end is at (width, 0), its foot at y = height."""
    path = QPainterPath()
    thin, thick = em * 0.05, em * 0.11
    knee = max(height - em * 0.52, height * 0.45)
    path.moveTo(0.0, knee + em * 0.09)
    path.lineTo(width * 0.30, knee - em * 0.02)
    path.lineTo(width * 0.52, height - em * 0.16)
    path.lineTo(width - thin, 0.0)
    path.lineTo(width, 0.0)
    path.lineTo(width, thin)
    path.lineTo(width * 0.55, height)
    path.lineTo(width * 0.47, height)
    path.lineTo(width * 0.30 - thick * 0.55, knee + em * 0.05)
    path.lineTo(thin * 0.5, knee + em * 0.12)
    path.closeSubpath()
    return path
