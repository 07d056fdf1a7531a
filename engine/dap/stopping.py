"""Requests that set breakpoints."""

from __future__ import annotations

from functools import partial

from ..trace.reader import Trace
from ..wire.breakpoints import Breakpoint
from .breakpoints import Placed, told
from .lines import line_from
from .messages import Arguments, Json
from .run import Run
from .sources import lines_of


def set_breakpoints(run: Run, asked: Arguments) -> Json:
    """On the lines of one file, in place of those before."""
    named = asked.part("source")
    trace = _recorded(run)
    path, text = run.sources.asked(named, _any_trace(run, named))
    lines = lines_of(path, text, trace)
    wanted = asked.parts("breakpoints")
    placed = run.table.set_lines(path, wanted, partial(_line, run), partial(line_from, lines))
    run.apply_breakpoints()
    return {"breakpoints": [told(one, run.client.line_out) for one in placed]}


def breakpoint_locations(run: Run, asked: Arguments) -> Json:
    """The lines between two on which one can stop."""
    trace = _recorded(run)
    named = asked.part("source")
    path, text = run.sources.asked(named, _any_trace(run, named))
    begin = _line(run, asked)
    end = run.client.line_in(asked.number("endLine", asked.number("line", 0)))
    lines = [line for line in lines_of(path, text, trace) if begin <= line <= end]
    return {"breakpoints": [{"line": run.client.line_out(line)} for line in lines]}


def set_function_breakpoints(run: Run, asked: Arguments) -> Json:
    """On names."""
    return _set(run, run.table.set_functions(asked.parts("breakpoints"), partial(_missing, run)))


def set_data_breakpoints(run: Run, asked: Arguments) -> Json:
    """On tensors that are written."""
    return _set(run, run.table.set_data(asked.parts("breakpoints")))


def set_exception_breakpoints(run: Run, asked: Arguments) -> Json:
    """On errors and on NaN."""
    return _set(run, run.table.set_exceptions(asked.texts("filters"), asked.parts("filterOptions")))


def _set(run: Run, placed: list[Placed]) -> Json:
    run.apply_breakpoints()
    return {"breakpoints": [told(one, run.client.line_out) for one in placed]}


def _line(run: Run, asked: Arguments) -> int:
    return run.client.line_in(asked.required_number("line"))


def _recorded(run: Run) -> Trace | None:
    """The trace that is looked at, None where a script runs: there more lines may come."""
    return run.session.trace if run.settings.trace is not None else None


def _any_trace(run: Run, source: Arguments) -> Trace | None:
    """The trace that a source is asked of, which a script may not have begun yet; None where none is needed."""
    return run.session.trace if source.number("sourceReference", 0) else None


def _missing(run: Run, wanted: Breakpoint) -> str:
    """What is said of a name that nothing in a recorded trace has."""
    if run.settings.trace is None or not wanted.pattern:
        return ""
    plain = Breakpoint(wanted.what, wanted.pattern)
    return "" if run.session.hits(plain) else f"Nothing in this trace is called {wanted.pattern}."
