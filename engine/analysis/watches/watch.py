"""Watches over a recorded trace: what an expression is at a place, and how it went over the iterations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...trace.reader import Trace
from .answers import Found, NoAnswer, WatchError
from .bounds import PATIENCE_S
from .evaluating import evaluate
from .parsing import Watch, parse
from .recorded_names import RecordedNames, RecordedValue
from .recorded_run import Key, RecordedRun, run_of

__all__ = ["Found", "Point", "Watch", "WatchError", "history", "parse", "value"]


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """What an expression was when an iteration was over."""

    iteration: int
    found: Found


def value(
    watch: Watch, trace: Trace, position: int, iteration: int | None = None, patience_s: float = PATIENCE_S
) -> Found:
    """What an expression is when `position` events are completed.

    iteration: the one that is looked at, None for that of the event that is about to happen. Between two iterations
    a position belongs to both. patience_s: after so many seconds it is given up.
    """
    run = run_of(trace)
    return _value(watch, run, position, trace.iteration_at(position) if iteration is None else iteration, patience_s)


def history(watch: Watch, trace: Trace, iterations: Iterable[int] | None = None) -> list[Point]:
    """What an expression was at the end of each iteration; None for all that train."""
    run = run_of(trace)
    wanted = [number for number in run.spans if number >= 0] if iterations is None else list(iterations)
    last = max(run.spans, default=-1)
    return [Point(number, _at_end(watch, run, number, last)) for number in wanted if number in run.spans]


def _at_end(watch: Watch, run: RecordedRun, number: int, last: int) -> Found:
    """What it is when an iteration is over; kept, except of the last one, which may go on."""
    key = (watch.text, "at the end of", number)
    found = run.answer(key) if number < last else None
    if found is None:
        found = _value(watch, run, run.spans[number].end, number, PATIENCE_S)
        if number < last:
            run.keep(key, found)
    return found


def _value(watch: Watch, run: RecordedRun, position: int, iteration: int, patience_s: float) -> Found:
    names = RecordedNames(run, position, iteration)
    key = _key(watch, names)
    found = run.answer(key)
    if found is None:
        found = evaluate(watch, names, patience_s)
        run.keep(key, found)
    return found


def _key(watch: Watch, names: RecordedNames) -> Key:
    """The expression, and what its names stand for here: the same versions give the same answer."""
    return (watch.text, *(_meaning(name, names) for name in sorted(watch.names())))


def _meaning(name: str, names: RecordedNames) -> object:
    path = name.split(".")
    for end in range(len(path), 0, -1):
        try:
            found = names.find(".".join(path[:end]))
        except NoAnswer as reason:
            return reason.why.english
        if isinstance(found, RecordedValue):
            return (end, found.value.id)
        if found is not None:
            return (end, names.iteration, repr(found))
    return (names.iteration, names.position)
