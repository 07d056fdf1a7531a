"""What the equation panel shows at a place: how the newest number came about, and the next one, its result hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar, cast

from PySide6.QtCore import QCoreApplication

from engine.analysis.explain.coming import UNKNOWN, coming_lines
from engine.analysis.explain.explainer import explain
from engine.analysis.notation.expression import Equals, EquationLine, Expression, Number, Row, Symbol, Text
from engine.analysis.notation.printing import to_text
from engine.analysis.quantities import Quantity
from engine.events import Event, Kind
from engine.session.moment import Moment
from engine.session.place import Place
from engine.trace.reader import Trace

translate = QCoreApplication.translate

_HANDING_ON = ("AccumulateGrad", "ViewBackward", "TBackward", "UnsafeViewBackward", "ReshapeAliasBackward")

_Part = TypeVar("_Part")


def equation_lines(
    trace: Trace, moment: Moment, chosen: int | None, digits: int, element: tuple[int, ...] | None = None
) -> list[EquationLine]:
    """The equations of a moment. chosen: index of the quantity that is selected, None for the newest one.

    element: the place in it that is asked about, None for a small value whole or a large one's first.

    The result of what has not happened yet is a question mark. digits: significant digits of every number.
    """
    if chosen is not None and chosen < len(moment.steps):
        step = moment.steps[chosen]
        lines = _of_quantity(trace, step, element)
        return _rounded(lines if chosen < moment.revealed else _hidden(lines), digits)
    lines = [] if moment.last is None else _of_quantity(trace, moment.last)
    coming = [line for line in _next_lines(trace, moment) if line not in lines]
    return _rounded([*lines, *_captioned(coming, _next_caption(moment, coming))], digits)


def _next_caption(moment: Moment, lines: list[EquationLine]) -> str:
    return translate("equations", "next: %1").replace("%1", _next_name(moment, lines))


def _next_name(moment: Moment, lines: list[EquationLine]) -> str:
    """The quantity's; of a pending event its own, or in the backward pass what its equation is about."""
    if moment.next is not None:
        return moment.next.text
    if moment.event is None:
        return ""
    last = lines[-1].expression if lines else None
    if moment.event.kind is Kind.NODE and isinstance(last, Equals):
        return to_text(_changed(last.parts[0], _without_place))
    return moment.event.name


def _next_lines(trace: Trace, moment: Moment) -> list[EquationLine]:
    """Of the quantity that comes next if it is recorded, else of the event that is about to happen."""
    if moment.next is not None:
        return _hidden(_of_quantity(trace, moment.next))
    event = moment.event
    if event is None or moment.is_over:
        return []
    if event.pending or (moment.is_growing and moment.place.quantity is not None):
        return coming_lines(trace, moment.place.iteration, moment.steps[: moment.revealed])
    return [] if _is_folded(event, moment.place) else _hidden(list(explain(trace, event.position).lines))


def _is_folded(event: Event, place: Place) -> bool:
    """Whether an event only hands numbers on, so that where quantities are counted there is nothing to say of it."""
    return place.quantity is not None and event.kind is Kind.NODE and event.name.startswith(_HANDING_ON)


def _of_quantity(trace: Trace, quantity: Quantity, element: tuple[int, ...] | None = None) -> list[EquationLine]:
    return list(explain(trace, quantity, element).lines)


def _captioned(lines: list[EquationLine], caption: str) -> list[EquationLine]:
    """The first line gets a caption if it has none."""
    if not lines:
        return []
    first = lines[0]
    return [replace(first, caption=" · ".join(part for part in (caption, first.caption) if part)), *lines[1:]]


def _hidden(lines: list[EquationLine]) -> list[EquationLine]:
    """The same equations up to the last one, whose result is a question mark."""
    if not lines:
        return []
    last = lines[-1].expression
    if isinstance(last, Equals) and len(last.parts) > 1:
        shown: Expression = replace(last, parts=(*last.parts[:-1], UNKNOWN))
    else:
        shown = Row((last, Text("= ?")))
    # What stands behind the colon speaks of the result: "the input is positive: the gradient passes".
    caption = lines[-1].caption.partition(":")[0]
    return [*lines[:-1], replace(lines[-1], expression=shown, caption=caption)]


def _rounded(lines: Iterable[EquationLine], digits: int) -> list[EquationLine]:
    def round_number(part: object) -> object:
        if not isinstance(part, Number):
            return part
        return replace(part, digits=digits if part.digits is None else min(part.digits, digits))

    return [replace(line, expression=_changed(line.expression, round_number)) for line in lines]


def _without_place(part: object) -> object:
    return replace(part, subscript="") if isinstance(part, Symbol) else part


def _changed(part: _Part, change: Callable[[object], object]) -> _Part:
    """The same expression with `change` made to each of its parts, from the inside out."""
    if isinstance(part, tuple):
        return cast(_Part, tuple(_changed(one, change) for one in part))
    if not is_dataclass(part) or isinstance(part, type):
        return part
    after = {field.name: _changed(getattr(part, field.name), change) for field in fields(part)}
    is_same = all(after[name] is getattr(part, name) or after[name] == getattr(part, name) for name in after)
    return cast(_Part, change(part if is_same else replace(part, **after)))
