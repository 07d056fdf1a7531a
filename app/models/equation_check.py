"""What takes too long for a step: whether a number is what NumPy computes, and its chain rule. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.analysis.flow import ReadIteration, flow_of
from engine.analysis.notation.expression import EquationLine
from engine.analysis.quantities import Quantity, quantities
from engine.analysis.verdict.answer import Verdict
from engine.events import Event, Kind
from engine.trace.reader import Trace

if TYPE_CHECKING:
    from engine.analysis.verdict.checker import Checker


@dataclass(frozen=True, slots=True)
class Question:
    """Which number: of a trace's file, an iteration's quantity, and the element of it (None: as the page chooses)."""

    path: Path
    iteration: int
    index: int
    element: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer. symbol: of the quantity. verdict: None where there is nothing to check. chain: its equations."""

    question: Question
    symbol: str
    verdict: Verdict | None
    chain: tuple[EquationLine, ...]


class Checks:
    """Answers questions, one after the other, each of them perhaps in another thread.

    What was read of an iteration to answer one is kept for the next, which is about the same iteration as a rule.
    """

    def __init__(self) -> None:
        self._read: ReadIteration | None = None

    def answer(self, question: Question) -> Checked:
        """Works it out from the file. Raises TraceError where that cannot be read."""
        read, self._read = self._read, None
        with Trace(question.path) as trace:
            extent = trace.extent
            if read is not None and _is_of(read, question) and read.extent == extent:
                read.hand_to(trace)
            found = _answer(trace, question)
            if trace.extent == extent:
                self._read = ReadIteration(trace, extent, flow_of(trace, question.iteration))
            return found


def _is_of(read: ReadIteration, question: Question) -> bool:
    return (read.trace.path, read.flow.iteration) == (question.path, question.iteration)


def _answer(trace: Trace, question: Question) -> Checked:
    steps = quantities(trace, question.iteration)
    if question.index >= len(steps):
        return Checked(question, "", None, ())
    quantity = steps[question.index]
    return Checked(question, quantity.symbol, _verdict(trace, quantity), _chain(trace, quantity, question.element))


def _verdict(trace: Trace, quantity: Quantity) -> Verdict | None:
    from engine.analysis.verdict.checker import Checker  # see NOTE [Loaded later] in app/loaded_later.py

    event = trace.event(quantity.event)
    if event is None:
        return None
    checker = Checker(flow_of(trace, event.iteration))
    found = checker.verdict(event)
    own = _about(found, quantity.symbol)
    if own.comparisons:
        return own
    # A gradient that passes through transposes and views is checked where its op's first node is.
    for other in _same_unit(checker, event):
        verdict = _about(checker.verdict(other), quantity.symbol)
        if any(one.symbol == quantity.symbol for one in verdict.comparisons):
            return verdict
    return found


def _about(verdict: Verdict, symbol: str) -> Verdict:
    """Only what was compared of this value, if the event made several."""
    own = tuple(one for one in verdict.comparisons if one.symbol == symbol)
    return replace(verdict, comparisons=own) if own else verdict


def _same_unit(checker: Checker, event: Event) -> list[Event]:
    """Other nodes of the op whose gradients are sent."""
    node = checker.flow.node(event.node) if event.kind == Kind.NODE else None
    if node is None or node.op is None:
        return []
    found = []
    for other in checker.flow.events:
        sender = checker.flow.node(other.node) if other.kind == Kind.NODE else None
        if sender is not None and sender.op == node.op and other.position != event.position:
            found.append(other)
    return found


def _chain(trace: Trace, quantity: Quantity, element: tuple[int, ...] | None) -> tuple[EquationLine, ...]:
    """Its chain rule, where it says more than the equation itself: with at least two local derivatives in a row."""
    from engine.analysis.explain.chain import chain  # see NOTE [Loaded later] in app/loaded_later.py
    from engine.analysis.table.case import MissingNumbersError

    try:
        found = chain(trace, quantity, element)
    except (ValueError, MissingNumbersError):
        return ()
    return found.lines if any(len(path.factors) > 1 for path in found.paths) else ()
