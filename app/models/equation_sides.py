"""Which parts of an equation are shown: symbols, numbers or both."""

from __future__ import annotations

from dataclasses import replace

from app.settings import Sides
from engine.analysis.notation.expression import Equals, EquationLine, Expression, Number, Symbol, Text
from engine.analysis.notation.walking import any_part


def shown_sides(lines: list[EquationLine], sides: Sides) -> list[EquationLine]:
    """The lines with those parts only that are wished for."""
    return lines if sides is Sides.BOTH else [replace(line, expression=_kept(line.expression, sides)) for line in lines]


def without_numbers(lines: list[EquationLine]) -> list[EquationLine]:
    """The lines in symbols alone: of what is further away than the next step, the numbers are unknown too.

    Lines that say nothing without their numbers are left out, but for the last one, of which the left side stays.
    """
    found = []
    for line in lines:
        expression = line.expression
        if isinstance(expression, Equals):
            left, *rest = expression.parts
            kept = [part for part in rest if _is_symbolic(part)]
            if kept or line is lines[-1]:
                found.append(replace(line, expression=replace(expression, parts=(left, *kept)) if kept else left))
        elif not any_part(expression, lambda one: isinstance(one, Number)):
            found.append(line)
    return found


def _is_symbolic(part: Expression) -> bool:
    """Whether it speaks of values and of no recorded number."""
    has_number = any_part(part, lambda one: isinstance(one, Number) and one.ref is not None)
    return not has_number and any_part(part, _is_named)


def _is_named(part: object) -> bool:
    """A letter of a value, not the e of an exponential; or a longer name, not the dots of a sum."""
    if isinstance(part, Symbol):
        return part.text not in ("e", "π")
    return isinstance(part, Text) and any(character.isalpha() for character in str(part.text))


def _kept(expression: Expression, sides: Sides) -> Expression:
    if not isinstance(expression, Equals) or len(expression.parts) < 3:
        return expression
    left, *rest = expression.parts
    symbolic = [part for part in rest if _has_symbols(part)]
    numeric = [part for part in rest if not _has_symbols(part)]
    kept = symbolic if sides is Sides.SYMBOLS else numeric
    return replace(expression, parts=(left, *kept)) if kept else expression


def _has_symbols(part: Expression) -> bool:
    """Whether it speaks of values: letters such as the e of an exponential do not."""
    return any_part(part, lambda one: getattr(one, "ref", None) is not None and not isinstance(one, Number | Text))
