"""What the equation panel shows at a place: how the newest number came about, and the next one, its result hidden."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from app.language import is_chinese, say
from app.models.autograd_lines import autograd_lines
from app.models.equation_sides import shown_sides, without_numbers
from app.settings import Wishes
from engine.analysis.explain.coming import UNKNOWN, coming_lines
from engine.analysis.explain.explainer import explain
from engine.analysis.explain.matrices import matrix_lines
from engine.analysis.notation.expression import Equals, EquationLine, Expression, Number, Row, Symbol, Text
from engine.analysis.notation.printing import to_text
from engine.analysis.notation.walking import changed, in_language
from engine.analysis.quantities import Quantity
from engine.analysis.symbols import words_of
from engine.bilingual import NOTHING, Bilingual, same
from engine.events import Event, Kind
from engine.session.moment import Moment
from engine.session.place import Place
from engine.trace.reader import Trace

translate = QCoreApplication.translate

_HANDING_ON = ("AccumulateGrad", "ViewBackward", "TBackward", "UnsafeViewBackward", "ReshapeAliasBackward")

_USUAL = Wishes()


def equation_lines(
    trace: Trace,
    moment: Moment,
    chosen: int | None,
    wishes: Wishes = _USUAL,
    element: tuple[int, ...] | None = None,
    chain: Sequence[EquationLine] = (),
) -> list[EquationLine]:
    """The equations of a moment. chosen: index of the quantity that is selected, None for the newest one.

    element: the place in it that is asked about, None for a small value whole or a large one's first. chain: the chain
    rule of the same number, once it is worked out.

    The result of what has not happened yet is a question mark.
    """
    about = quantity_about(moment, chosen)
    lines = [] if about is None else _of_quantity(trace, about, element)
    if about is not None and about.index >= moment.revealed:
        if about.index == moment.revealed:
            return _worded(_hidden(lines), wishes)
        far = without_numbers(lines)
        return _worded([*far[:-1], *(_asked(line) for line in far[-1:])], wishes)
    behind = matrix_lines(trace, lines) if wishes.matrices else ()
    below = _of_autograd(trace, moment, about) if wishes.autograd else []
    below += [*(chain if wishes.chain else ()), *_captioned(list(behind), translate("equations", "The matrices."))]
    if chosen is not None and about is not None:
        return _worded([*lines, *below], wishes)
    coming = [line for line in _next_lines(trace, moment) if line not in lines]
    return _worded([*lines, *below, *_captioned(coming, _next_caption(moment, coming))], wishes)


def _of_autograd(trace: Trace, moment: Moment, about: Quantity | None) -> list[EquationLine]:
    """Of the event that gave the quantity; where single events are stepped by, of the one that came last."""
    is_of_event = moment.place.quantity is None
    event = trace.event(moment.place.position - 1 if is_of_event or about is None else about.event)
    return [] if event is None else autograd_lines(trace, event, moment.place.position)


def quantity_about(moment: Moment, chosen: int | None) -> Quantity | None:
    """The quantity that the equations are about: the one that is chosen, else the newest one."""
    return moment.steps[chosen] if chosen is not None and chosen < len(moment.steps) else moment.last


def _worded(lines: list[EquationLine], wishes: Wishes) -> list[EquationLine]:
    said = [replace(line, expression=in_language(line.expression, is_chinese())) for line in lines]
    return _rounded(shown_sides(said, wishes.sides), wishes.digits)


def _next_caption(moment: Moment, lines: list[EquationLine]) -> str:
    return translate("equations", "next: %1").replace("%1", _next_name(moment, lines))


def _next_name(moment: Moment, lines: list[EquationLine]) -> str:
    """The quantity's; of a pending event its own, or in the backward pass what its equation is about."""
    if moment.next is not None:
        return say(words_of(moment.next.symbol))
    if moment.event is None:
        return ""
    last = lines[-1].expression if lines else None
    if moment.event.kind is Kind.NODE and isinstance(last, Equals):
        return to_text(changed(last.parts[0], _without_place))
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
    dot = same(" · ") if first.caption else NOTHING
    return [replace(first, caption=same(caption) + dot + first.caption), *lines[1:]]


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
    whole = lines[-1].caption
    caption = Bilingual(whole.english.partition(":")[0], whole.chinese.partition("：")[0])
    return [*lines[:-1], replace(lines[-1], expression=shown, caption=caption)]


def _asked(line: EquationLine) -> EquationLine:
    """The line with a question mark as its result."""
    parts = line.expression.parts if isinstance(line.expression, Equals) else (line.expression,)
    return replace(line, expression=Equals((*parts, UNKNOWN)))


def _rounded(lines: Iterable[EquationLine], digits: int) -> list[EquationLine]:
    def round_number(part: object) -> object:
        if not isinstance(part, Number):
            return part
        return replace(part, digits=digits if part.digits is None else min(part.digits, digits))

    return [replace(line, expression=changed(line.expression, round_number)) for line in lines]


def _without_place(part: object) -> object:
    return replace(part, subscript="") if isinstance(part, Symbol) else part
