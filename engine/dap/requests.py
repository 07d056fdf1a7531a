"""The table of requests that a run answers. A new one is a function in one of the files, and a row here."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ..session.session import Session
from . import changing, looking, moving, stopping
from .messages import Arguments, Json
from .moving import Answer
from .run import Run

Handler = Callable[[Run, Arguments], Json | Answer]

REQUESTS: dict[str, Handler] = {
    "next": partial(moving.step, Session.over),
    "stepIn": partial(moving.step, Session.into),
    "stepOut": partial(moving.step, Session.out),
    "stepBack": partial(moving.step, Session.back),
    "continue": moving.continue_,
    "reverseContinue": moving.reverse_continue,
    "pause": moving.pause,
    "gotoTargets": moving.goto_targets,
    "goto": moving.goto,
    "threads": looking.threads,
    "stackTrace": looking.stack_trace,
    "scopes": looking.scopes_of,
    "variables": looking.variables,
    "evaluate": looking.evaluate,
    "setVariable": changing.set_variable,
    "setExpression": changing.set_expression,
    "source": looking.source,
    "loadedSources": looking.loaded_sources,
    "exceptionInfo": looking.exception_info,
    "dataBreakpointInfo": looking.data_breakpoint_info,
    "setBreakpoints": stopping.set_breakpoints,
    "breakpointLocations": stopping.breakpoint_locations,
    "setFunctionBreakpoints": stopping.set_function_breakpoints,
    "setDataBreakpoints": stopping.set_data_breakpoints,
    "setExceptionBreakpoints": stopping.set_exception_breakpoints,
}
"""Each needs a run; what looks at a stop says itself when there is none."""
