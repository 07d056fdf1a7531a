"""Boxes inside signs that grow with them: parentheses, brackets, braces, the radical."""

from __future__ import annotations

from app.views.equation.boxes import Box, Rule, Shape, side_by_side, space
from app.views.equation.shapes import left_brace, parenthesis, radical, under_brace
from engine.analysis.notation.expression import Kind

_PEN = 0.06
# Parentheses may be this much shorter than what they enclose (TeX's delimiter factor).
_SHORTFALL = 0.9


def parenthesised(inner: Box, opening: Box, closing: Box, em: float, axis: float, kind: Kind) -> Box:
    """`inner` in parentheses: the font's own (`opening`, `closing`) if they are tall enough, else drawn ones."""
    half = _half_height(inner, axis)
    if 2 * half * _SHORTFALL <= opening.height:
        return side_by_side([opening, inner, space(inner.overhang), closing])
    half *= _SHORTFALL
    width, height = 0.26 * em + 0.05 * half, 2 * half
    box = _enclosed(inner, 0.08 * em + width + 0.06 * em, half, axis)
    left = parenthesis(width, height, 0.07 * em + 0.01 * half, opens=True)
    right = parenthesis(width, height, 0.07 * em + 0.01 * half, opens=False)
    box.put(0.08 * em, -axis - half, Shape(left, 0.0, kind))
    box.put(box.width - 0.08 * em - width, -axis - half, Shape(right, 0.0, kind))
    return box


def bracketed(inner: Box, em: float, axis: float, kind: Kind) -> Box:
    """`inner` in square brackets, drawn as bars so that they are sharp at every size."""
    half = _half_height(inner, axis) + 0.08 * em
    stem, foot = _PEN * em, 0.2 * em
    box = _enclosed(inner, 0.08 * em + foot + 0.06 * em, half, axis)
    top, bottom = -axis - half, -axis + half - stem
    right = box.width - 0.08 * em
    for x, foot_x in ((0.08 * em, 0.08 * em), (right - stem, right - foot)):
        box.put(x, top, Rule(stem, 2 * half, kind))
        box.put(foot_x, top, Rule(foot, stem, kind))
        box.put(foot_x, bottom, Rule(foot, stem, kind))
    return box


def opened_by_brace(inner: Box, em: float, axis: float, kind: Kind) -> Box:
    """`inner` behind a brace on its left, as for cases."""
    half = _half_height(inner, axis) + 0.05 * em
    width = 0.36 * em
    lead = 0.1 * em + width + 0.14 * em
    box = Box(lead + inner.width, max(inner.ascent, half + axis), max(inner.descent, half - axis))
    box.put(lead, 0.0, inner)
    box.put(0.1 * em, -axis - half, Shape(left_brace(width, 2 * half), _PEN * em, kind))
    return box


def rooted(inner: Box, em: float, kind: Kind) -> Box:
    """`inner` under a radical sign."""
    bar, gap, hook = _PEN * em, 0.13 * em, 0.62 * em
    top = max(inner.ascent, 0.45 * em) + gap + bar
    bottom = inner.descent + 0.06 * em
    box = Box(hook + inner.width + 0.12 * em, top + 0.06 * em, bottom)
    box.put(hook + 0.03 * em, 0.0, inner)
    box.put(0.0, -top, Shape(radical(hook, top + bottom, em), 0.0, kind))
    box.put(hook - 0.01 * em, -top, Rule(inner.width + 0.1 * em, bar, kind))
    return box


def underbraced(inner: Box, label: Box, em: float, kind: Kind) -> Box:
    """`inner` with a brace below it and `label` below the brace."""
    height, gap = 0.32 * em, 0.12 * em
    width = max(inner.width, label.width)
    brace_y = inner.descent + gap
    label_y = brace_y + height + 0.14 * em + label.ascent
    box = Box(width, inner.ascent, label_y + label.descent)
    box.put((width - inner.width) / 2, 0.0, inner)
    box.put((width - inner.width) / 2, brace_y, Shape(under_brace(inner.width, height), _PEN * em, kind))
    box.put((width - label.width) / 2, label_y, label)
    return box


def _half_height(inner: Box, axis: float) -> float:
    """How far `inner` reaches from the axis, on its longer side: delimiters are symmetric about the axis."""
    return max(inner.ascent - axis, inner.descent + axis)


def _enclosed(inner: Box, side: float, half: float, axis: float) -> Box:
    box = Box(inner.width + 2 * side, max(inner.ascent, half + axis), max(inner.descent, half - axis))
    box.put(side, 0.0, inner)
    return box
