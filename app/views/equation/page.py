"""A page of equations: lines broken before their relation signs, captions, and where every mark is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF

from app.language import say
from app.views.equation.boxes import Box, Glyphs, Hit, Mark, side_by_side
from app.views.equation.fonts import EquationFonts
from app.views.equation.layout import EquationLayout, Setting
from engine.analysis.notation.expression import Add, Equals, EquationLine, Expression, Kind

MARGIN = 0.5
_LINE_GAP = 0.6
_EQUATION_GAP = 0.75
_CAPTION_SIZE = 0.65
_SMALLEST_SCALE = 0.65
_WIDEST_INDENT = 0.4


@dataclass(frozen=True, slots=True)
class Placed:
    """A mark and its place, in px from the page's top left corner."""

    x: float
    y: float
    mark: Mark


@dataclass(frozen=True, slots=True)
class Term:
    """A part of an equation that stands for the thing `ref`, and where it is, in px of the page."""

    area: QRectF
    ref: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Page:
    """What is painted, in order, and the page's size in px. captions are marks of their own, as they are muted."""

    width: float
    height: float
    marks: tuple[Placed, ...]
    terms: tuple[Term, ...]
    captions: tuple[Placed, ...]

    def term_at(self, x: float, y: float) -> Term | None:
        """The smallest term at a point: a symbol before the fraction it stands in."""
        under = [term for term in self.terms if term.area.contains(x, y)]
        return min(under, key=lambda term: term.area.width() * term.area.height(), default=None)


def lay_out(lines: Sequence[EquationLine], fonts: EquationFonts, px: int, width: float) -> Page:
    """The page of `lines` at an em of `px`, made for `width` px.

    An equation too wide for it is broken before its relation and plus signs; if a piece is still too wide, the whole
    page is set smaller (at least 0.65 of the size, then it stays wider than `width`).
    """
    page = _set(lines, fonts, px, width)
    if page.width <= width:
        return page
    smaller = max(round(px * _SMALLEST_SCALE), int(px * width / page.width))
    return _set(lines, fonts, smaller, width) if smaller < px else page


def _set(lines: Sequence[EquationLine], fonts: EquationFonts, px: int, width: float) -> Page:
    layout = EquationLayout(fonts, px)
    margin = MARGIN * px
    marks: list[Placed] = []
    terms: list[Term] = []
    captions: list[Placed] = []
    y, right = margin, 0.0
    for index, line in enumerate(lines):
        if index:
            y += _EQUATION_GAP * px
        if line.caption:
            size = round(px * _CAPTION_SIZE)
            caption = say(line.caption)
            ink = fonts.ink(caption, "words", size)
            captions.append(Placed(margin, y + size, Glyphs(caption, "words", size, "plain")))
            y += size * 1.9
            right = max(right, ink.advance)
        block = broken(line.expression, layout, px, width - 2 * margin)
        for x, mark_y, mark in block.placed(margin, y + block.ascent):
            if isinstance(mark, Hit):
                terms.append(Term(QRectF(x, mark_y, mark.width, mark.height), mark.ref, mark.kind))
            else:
                marks.append(Placed(x, mark_y, mark))
        y += block.height
        right = max(right, block.width)
    return Page(right + 2 * margin, y + margin, tuple(marks), tuple(terms), tuple(captions))


def broken(expression: Expression, layout: EquationLayout, px: int, width: float) -> Box:
    """The box of one equation on as many lines as it needs, the relation signs of all lines one below the other."""
    if not isinstance(expression, Equals) or len(expression.parts) < 2:
        return layout.box(expression)
    whole = layout.box(expression)
    if whole.width <= width:
        return whole
    first = layout.part(expression, 0, expression.parts[0], Setting())
    sign = layout.relation(expression.sign, Setting())
    indent = first.width if first.width + sign.width <= _WIDEST_INDENT * width else 2.0 * px
    relations = [_terms(expression, index, layout) for index in range(1, len(expression.parts))]
    rows = _filled(first, relations, indent, sign.width, width)
    return _below_each_other(rows, _LINE_GAP * px)


def _terms(chain: Equals, index: int, layout: EquationLayout) -> list[Box]:
    """The relation sign with the part behind it; a sum is a box for each term, the plus sign with the term."""
    setting, part = Setting(), chain.parts[index]
    sign = layout.relation(chain.sign, setting)
    if not isinstance(part, Add):
        return [side_by_side([sign, layout.part(chain, index, part, setting)])]
    plus = layout.binary("+", setting)
    return [
        side_by_side([plus if number else sign, layout.part(part, number, term, setting)])
        for number, term in enumerate(part.terms)
    ]


def _filled(
    first: Box, relations: list[list[Box]], indent: float, sign_width: float, width: float
) -> list[tuple[float, Box]]:
    """Lines as (indent, box). A relation that fits on a line of its own is not broken; others are, before a plus."""
    rows: list[tuple[float, Box]] = []
    start, used, row = 0.0, first.width, [first]
    for terms in relations:
        needed = sum(term.width for term in terms)
        stays_whole = indent + needed <= width
        for number, term in enumerate(terms):
            next_start = indent + (sign_width if number else 0.0)
            wanted = needed if stays_whole and number == 0 else term.width
            if used + wanted > width and used > next_start:
                rows.append((start, side_by_side(row)))
                start, used, row = next_start, next_start, []
            row.append(term)
            used += term.width
    return [*rows, (start, side_by_side(row))]


def _below_each_other(rows: list[tuple[float, Box]], gap: float) -> Box:
    """One box with the first row's baseline as its own."""
    box = Box(0.0, rows[0][1].ascent, 0.0)
    baseline = 0.0
    for index, (indent, row) in enumerate(rows):
        if index:
            baseline += rows[index - 1][1].descent + gap + row.ascent
        box.put(indent, baseline, row)
        box.width = max(box.width, indent + row.width)
    box.descent = baseline + rows[-1][1].descent
    return box
