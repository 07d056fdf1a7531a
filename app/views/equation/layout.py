"""Lays an expression tree out in boxes by the rules of TeX (The TeXbook, appendix G).

The distances, in em, are the constants of the MATH table of STIX Two Math.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum

from app.views.equation.boxes import Box, Glyphs, Hit, Rule, side_by_side, space
from app.views.equation.delimiters import bracketed, opened_by_brace, parenthesised, rooted, underbraced
from app.views.equation.fonts import EquationFonts, Face
from app.views.equation.grids import cases_grid, matrix_grid
from engine.analysis.notation.expression import (
    Add,
    Call,
    Cases,
    Equals,
    Expression,
    Fraction,
    Group,
    Kind,
    Matrix,
    Neg,
    Number,
    Partial,
    Power,
    Product,
    Root,
    Row,
    Sub,
    Sum,
    Symbol,
    Text,
    Transpose,
    Underbrace,
    needs_group,
)
from engine.analysis.notation.numbers import MINUS, number_parts

AXIS = 0.258
RULE = 0.055
THIN_SPACE, MEDIUM_SPACE, THICK_SPACE = 3 / 18, 4 / 18, 5 / 18
WORD_SIZE = 0.78
_PRODUCT_SIGNS = {"·": "⋅", "×": "×", "⊙": "⊙", "*": "∗"}
_SCALES = (1.0, 1.0, 0.7, 0.55)


class Style(IntEnum):
    """TeX's four styles; a fraction's parts and scripts are set in a smaller one."""

    DISPLAY = 0
    TEXT = 1
    SCRIPT = 2
    SCRIPT_SCRIPT = 3

    def of_fraction(self) -> Style:
        """The style of a numerator or denominator in this one."""
        return Style(min(self + 1, Style.SCRIPT_SCRIPT))

    def of_script(self) -> Style:
        """The style of an index or exponent in this one."""
        return Style.SCRIPT if self <= Style.TEXT else Style.SCRIPT_SCRIPT


@dataclass(frozen=True, slots=True)
class Setting:
    """What a part inherits: style, and the meaning of leaves that have none of their own (of all, if `covers`)."""

    style: Style = Style.DISPLAY
    kind: Kind = "plain"
    covers: bool = False


class EquationLayout:
    """Turns expressions into boxes at one font size (`px`, the em of display style)."""

    def __init__(self, fonts: EquationFonts, px: int) -> None:
        self._fonts = fonts
        self._px = px

    def em(self, setting: Setting) -> float:
        """The em of a setting, in px."""
        return float(self._size(setting))

    def box(self, expression: Expression, setting: Setting = Setting()) -> Box:
        """The box of any expression."""
        match expression:
            case Symbol():
                return self._symbol(expression, setting)
            case Number():
                return self._number(expression, setting)
            case Text(text=text, kind=kind, subscript=subscript):
                words = self.glyphs(str(text), setting, kind)
                return self._with_place(words, subscript, setting, kind) if subscript else words
            case Fraction(numerator=numerator, denominator=denominator):
                inner = replace(setting, style=setting.style.of_fraction())
                return self._fraction(self.box(numerator, inner), self.box(denominator, inner), setting)
            case Partial():
                return self._partial(expression, setting)
            case Sum():
                return self._sum(expression, setting)
            case Product(factors=factors, sign=sign):
                return side_by_side(self._joined(expression, factors, self.product_sign(sign, setting), setting))
            case Add(terms=terms):
                return side_by_side(self._joined(expression, terms, self.binary("+", setting), setting))
            case Sub(left=left, right=right):
                return side_by_side(self._joined(expression, (left, right), self.binary(MINUS, setting), setting))
            case Neg(operand=operand):
                return side_by_side([self.glyphs(MINUS, setting), self.part(expression, 0, operand, setting)])
            case Power(base=base, exponent=exponent):
                return self._raised(self.part(expression, 0, base, setting), exponent, setting)
            case Root(radicand=radicand):
                return rooted(self.box(radicand, setting), self.em(setting), setting.kind)
            case Call():
                return self._call(expression, setting)
            case Matrix():
                return self._matrix(expression, setting)
            case Transpose(operand=operand):
                return self._raised(self.part(expression, 0, operand, setting), Symbol("⊤"), setting)
            case Underbrace():
                return self._underbrace(expression, setting)
            case Row(parts=parts):
                return side_by_side([self.box(part, setting) for part in parts], self.em(setting) * 0.35)
            case Equals(parts=parts, sign=sign):
                return side_by_side(self._joined(expression, parts, self.relation(sign, setting), setting))
            case Group(body=body):
                return self.grouped(self.box(body, setting), setting)
            case Cases(rows=rows):
                em = self.em(setting)
                grid = cases_grid([(self.box(v, setting), self.box(c, setting)) for v, c in rows], em, AXIS * em)
                return opened_by_brace(grid, em, AXIS * em, setting.kind)

    def part(self, parent: Expression, index: int, child: Expression, setting: Setting) -> Box:
        """A part of `parent`, in parentheses where precedence demands them."""
        inner = self.box(child, setting)
        return self.grouped(inner, setting) if needs_group(parent, index) else inner

    def glyphs(self, text: str, setting: Setting, kind: Kind = "plain", face: Face = "math") -> Box:
        """A text as it stands."""
        px = self._size(setting) if face == "math" else round(self._size(setting) * WORD_SIZE)
        ink = self._fonts.ink(text, face, px)
        box = Box(ink.advance, ink.ascent, ink.descent, ink.overhang)
        box.put(0.0, 0.0, Glyphs(text, face, px, _meaning(kind, setting)))
        return box

    def binary(self, sign: str, setting: Setting) -> Box:
        """An operator between two terms, with its space; scripts have none, as in TeX."""
        gap = space(self.em(setting) * MEDIUM_SPACE if setting.style <= Style.TEXT else 0.0)
        return side_by_side([gap, self.glyphs(sign, setting), gap])

    def relation(self, sign: str, setting: Setting) -> Box:
        """A relation sign with its space."""
        gap = space(self.em(setting) * THICK_SPACE if setting.style <= Style.TEXT else 0.0)
        return side_by_side([gap, self.glyphs(sign, setting), gap])

    def product_sign(self, sign: str, setting: Setting) -> Box:
        """A multiplication sign with its space; a thin space if there is none."""
        if not sign:
            return space(self.em(setting) * THIN_SPACE)
        if sign != "·":
            return self.binary(_PRODUCT_SIGNS[sign], setting)
        gap = space(self.em(setting) * THIN_SPACE if setting.style <= Style.TEXT else 0.0)
        return side_by_side([gap, self.glyphs(_PRODUCT_SIGNS[sign], setting), gap])

    def grouped(self, inner: Box, setting: Setting) -> Box:
        """A box in parentheses."""
        em = self.em(setting)
        opening, closing = self.glyphs("(", setting), self.glyphs(")", setting)
        return parenthesised(inner, opening, closing, em, AXIS * em, setting.kind)

    def _size(self, setting: Setting) -> int:
        return max(1, round(self._px * _SCALES[setting.style]))

    def _joined(self, parent: Expression, children: tuple[Expression, ...], joint: Box, setting: Setting) -> list[Box]:
        boxes: list[Box] = []
        for index, child in enumerate(children):
            if index:
                boxes.append(joint)
            boxes.append(self.part(parent, index, child, setting))
        return boxes

    def _symbol(self, symbol: Symbol, setting: Setting) -> Box:
        setting = replace(setting, kind=_meaning(symbol.kind, setting))
        letters = symbol.text.rstrip("′")
        box = self.glyphs(self._fonts.italic(letters) if len(letters) == 1 else letters, setting)
        if symbol.accent:
            box = self._accented(box, {"hat": "ˆ", "bar": "¯"}[symbol.accent], setting)
        superscript = symbol.superscript.lstrip("′")
        primes = len(symbol.text) - len(letters) + len(symbol.superscript) - len(superscript)
        if primes:
            # The prime of the font is raised already; it needs no smaller style.
            box = side_by_side([box, space(box.overhang), self.glyphs("′" * primes, setting)])
        if symbol.subscript or superscript:
            inner = replace(setting, style=setting.style.of_script())
            sub = self._script(symbol.subscript, inner) if symbol.subscript else None
            sup = self._script(superscript, inner) if superscript else None
            box = self._scripted(box, sub, sup, setting, is_letter=True)
        return self._hit(box, symbol.ref, setting.kind)

    def _with_place(self, words: Box, place: str, setting: Setting, kind: Kind) -> Box:
        """Words with a place below them."""
        inner = replace(setting, style=setting.style.of_script(), kind=_meaning(kind, setting))
        return self._scripted(words, self._script(place, inner), None, setting, is_letter=True)

    def _script(self, script: str, setting: Setting) -> Box:
        """An index: letters in italics, words (more than two letters) and signs upright."""
        is_word = script.isalpha() and len(script) > 2
        return self.glyphs(script if is_word else self._fonts.italic(script.replace("-", MINUS)), setting)

    def _number(self, number: Number, setting: Setting) -> Box:
        mantissa, exponent = number_parts(number.value, number.digits)
        kind = _meaning(number.kind, setting)
        setting = replace(setting, kind=kind)
        box = self.glyphs(mantissa.replace("-", MINUS).replace("inf", "∞"), setting)
        if exponent is not None:
            times, ten = self.glyphs("×", setting), self.glyphs("10", setting)
            gap = space(self.em(setting) * 0.08)
            power = self._raised(ten, Symbol(str(exponent).replace("-", MINUS)), setting)
            box = side_by_side([box, gap, times, gap, power])
        return self._hit(box, number.ref, kind)

    def _fraction(self, numerator: Box, denominator: Box, setting: Setting) -> Box:
        em = self.em(setting)
        axis, rule = AXIS * em, RULE * em
        shift, gap = (0.64, 0.15) if setting.style == Style.DISPLAY else (0.585, 0.068)
        up = max(shift * em, axis + rule / 2 + gap * em + numerator.descent)
        down = max(shift * em, gap * em + rule / 2 - axis + denominator.ascent)
        side, bar = 0.1 * em, max(numerator.width, denominator.width) + 0.1 * em
        box = Box(bar + 2 * side, up + numerator.ascent, down + denominator.descent)
        box.put(side + (bar - numerator.width) / 2, -up, numerator)
        box.put(side + (bar - denominator.width) / 2, down, denominator)
        box.put(side, -axis - rule / 2, Rule(bar, rule, setting.kind))
        return box

    def _partial(self, partial: Partial, setting: Setting) -> Box:
        kind = _meaning(partial.kind, setting)
        setting = replace(setting, kind=kind, covers=True)
        inner = replace(setting, style=setting.style.of_fraction())
        curl = self.glyphs(self._fonts.italic("∂"), inner)
        gap = space(self.em(inner) * 0.02)
        above, below = (side_by_side([curl, gap, self.box(part, inner)]) for part in (partial.of, partial.by))
        return self._hit(self._fraction(above, below, setting), partial.ref, kind)

    def _sum(self, expression: Sum, setting: Setting) -> Box:
        em = self.em(setting)
        scale = 1.4 if setting.style == Style.DISPLAY else 1.0
        px = round(self._size(setting) * scale)
        ink = self._fonts.ink("∑", "math", px)
        # The sign is centred on the axis, wherever its own baseline is.
        drop = (ink.ascent - ink.descent) / 2 - AXIS * em
        small = replace(setting, style=setting.style.of_script())
        upper, lower = (
            None if limit is None else self.box(limit, small) for limit in (expression.upper, expression.lower)
        )
        width = max(ink.advance, *(limit.width for limit in (upper, lower) if limit is not None), 0.0)
        box = Box(width, ink.ascent - drop, ink.descent + drop)
        box.put((width - ink.advance) / 2, drop, Glyphs("∑", "math", px, setting.kind))
        if upper is not None:
            box.put((width - upper.width) / 2, -box.ascent - 0.135 * em - upper.descent, upper)
            box.ascent += 0.135 * em + upper.height
        if lower is not None:
            box.put((width - lower.width) / 2, box.descent + 0.135 * em + lower.ascent, lower)
            box.descent += 0.135 * em + lower.height
        return side_by_side([box, space(em * THIN_SPACE), self.part(expression, 0, expression.body, setting)])

    def _call(self, call: Call, setting: Setting) -> Box:
        name = self._symbol(Symbol(call.function, kind=call.kind, ref=call.ref), setting)
        comma = side_by_side([self.glyphs(",", setting), space(self.em(setting) * THIN_SPACE)])
        arguments = side_by_side(self._joined(call, call.arguments, comma, setting))
        return side_by_side([name, space(name.overhang), self.grouped(arguments, setting)])

    def _matrix(self, matrix: Matrix, setting: Setting) -> Box:
        em = self.em(setting)
        inner = replace(setting, style=Style(max(setting.style, Style.TEXT)))
        cells = [[self.box(cell, inner) for cell in row] for row in matrix.rows]
        heads = [[self._head_width(cell, inner) for cell in row] for row in matrix.rows]
        grid = matrix_grid(cells, heads, matrix.highlight, em, AXIS * em, matrix.lit)
        return bracketed(grid, em, AXIS * em, setting.kind)

    def _head_width(self, cell: Expression, setting: Setting) -> float | None:
        """Width of a number up to its decimal point, on which a column is aligned; None for other cells."""
        if not isinstance(cell, Number):
            return None
        head = number_parts(cell.value, cell.digits)[0].partition(".")[0].replace("-", MINUS).replace("inf", "∞")
        return self._fonts.ink(head, "math", self._size(setting)).advance

    def _underbrace(self, underbrace: Underbrace, setting: Setting) -> Box:
        setting = replace(setting, kind=_meaning(underbrace.kind, setting))
        small = replace(setting, style=setting.style.of_script())
        said = str(underbrace.label)
        if len(said) == 1:
            label = self.glyphs(self._fonts.italic(said), small)
        else:
            label = self.glyphs(said, small, face="words")
        return underbraced(self.box(underbrace.body, setting), label, self.em(setting), setting.kind)

    def _accented(self, base: Box, accent: str, setting: Setting) -> Box:
        """The accent's ink is lifted onto the letter and centred over it, a little to the right as letters slant."""
        mark = self.glyphs(accent, setting)
        lift = max(0.0, base.ascent - 0.48 * self.em(setting))
        box = Box(base.width, max(base.ascent, mark.ascent + lift), base.descent, base.overhang)
        box.put(0.0, 0.0, base)
        box.put((base.width - mark.width) / 2 + 0.06 * self.em(setting), -lift, mark)
        return box

    def _raised(self, base: Box, exponent: Expression, setting: Setting) -> Box:
        inner = replace(setting, style=setting.style.of_script())
        return self._scripted(base, None, self.box(exponent, inner), setting, is_letter=False)

    def _scripted(self, base: Box, sub: Box | None, sup: Box | None, setting: Setting, *, is_letter: bool) -> Box:
        em = self.em(setting)
        up = down = 0.0
        if sup is not None:
            up = max(0.36 * em, 0.0 if is_letter else base.ascent - 0.23 * em, sup.descent + 0.12 * em)
        if sub is not None:
            down = max(0.21 * em, 0.0 if is_letter else base.descent + 0.16 * em, sub.ascent - 0.368 * em)
        if sub is not None and sup is not None:
            missing = 0.15 * em - ((up - sup.descent) - (sub.ascent - down))
            down += max(0.0, missing)
        box = Box(base.width, base.ascent, base.descent)
        box.put(0.0, 0.0, base)
        if sup is not None:
            start = base.width + base.overhang + 0.03 * em
            box.put(start, -up, sup)
            box.width = start + sup.width
            box.ascent = max(box.ascent, up + sup.ascent)
        if sub is not None:
            box.put(base.width, down, sub)
            box.width = max(box.width, base.width + sub.width)
            box.descent = max(box.descent, down + sub.descent)
        box.width += 0.04 * em
        return box

    def _hit(self, box: Box, ref: str | None, kind: Kind) -> Box:
        if ref is not None:
            pad = 0.08 * self._px
            box.put(-pad, -box.ascent - pad, Hit(box.width + 2 * pad, box.height + 2 * pad, ref, kind))
        return box


def _meaning(kind: Kind, setting: Setting) -> Kind:
    return setting.kind if kind == "plain" or setting.covers else kind
