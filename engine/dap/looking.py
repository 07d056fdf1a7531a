"""Requests that look at a stop: threads, the stack, scopes, variables, sources, errors, and what can be waited for."""

from __future__ import annotations

from ..errors import GradstepError, TraceError
from .evaluating import evaluated
from .messages import Arguments, Json, RequestError
from .moving import Answer, ordered
from .run import Run
from .scopes import data_of, scopes
from .stack import error_frame, frames
from .stops import THREAD
from .variables import Variable, listed, shown


def threads(run: Run, asked: Arguments) -> Json:
    """The only one."""
    return {"threads": [{"id": THREAD, "name": run.settings.title}]}


def stack_trace(run: Run, asked: Arguments) -> Json:
    """Frames, innermost first, in parts if wanted."""
    found = frames(run.here(), run.sources, run.client, run.frames)
    if run.error_place is not None:
        found.insert(0, error_frame(run.here(), run.error_place, run.sources, run.client, run.frames))
    start, levels = max(asked.number("startFrame", 0), 0), asked.number("levels", 0)
    end = start + levels if levels > 0 else len(found)
    return {"stackFrames": found[start:end], "totalFrames": len(found)}


def scopes_of(run: Run, asked: Arguments) -> Json:
    """The scopes of a frame."""
    frame = run.frames.get(asked.required_number("frameId"))
    return {"scopes": scopes(run.here, frame, run.variables)}


def variables(run: Run, asked: Arguments) -> Json:
    """Children of a scope or a variable; of many, a part."""
    children = run.variables.get(asked.required_number("variablesReference"))
    found = listed(children, asked.number("start", 0), asked.number("count", 0), asked.text("filter"))
    return {"variables": [shown(one, run.variables) for one in found]}


def evaluate(run: Run, asked: Arguments) -> Json | Answer:
    """A watch expression, or an order of the console."""
    text, context = asked.text("expression").strip(), asked.text("context")
    if context == "repl" and text.startswith(":"):
        return ordered(run, text)
    if context == "repl" and run.awaits_input:
        run.give_input(asked.text("expression").removesuffix("\n"))
        return {"result": "", "variablesReference": 0}
    if not text:
        raise RequestError("There is no expression.")
    return _result(run, evaluated(run.here(), text, context))


def _result(run: Run, found: Variable) -> Json:
    told = shown(found, run.variables)
    body = {"result": told["value"], "variablesReference": told["variablesReference"]}
    return body | {key: told[key] for key in ("type", "indexedVariables", "namedVariables") if key in told}


def source(run: Run, asked: Arguments) -> Json:
    """The text of a source as it ran."""
    named = asked.part("source")
    reference = named.number("sourceReference", 0) or asked.number("sourceReference", 0)
    trace = run.session.trace
    if reference:
        found = trace.source(reference - 1)
        text = None if found is None else found.text
    else:
        _, text = run.sources.asked(named, trace)
    if text is None:
        raise RequestError("This run has no such source.")
    return {"content": text, "mimeType": "text/x-python"}


def loaded_sources(run: Run, asked: Arguments) -> Json:
    """All sources that events were called from so far; none while a script is still being started."""
    try:
        found = run.session.trace.sources()
    except TraceError:
        found = []
    return {"sources": [run.sources.told(one) for one in found]}


def exception_info(run: Run, asked: Arguments) -> Json:
    """What an error means and what usually fixes it."""
    return run.exception_info()


def data_breakpoint_info(run: Run, asked: Arguments) -> Json:
    """Whether one can wait until something is written to: parameters, other named tensors, and their `.grad`."""
    name = asked.text("name")
    reference = asked.maybe_number("variablesReference")
    if reference:
        children = run.variables.get(reference)
        data = next((one.data for one in children.named() if one.name == name), "")
    else:
        try:
            data = data_of(run.here(), name)
        except GradstepError:
            data = ""
    if not data:
        reason = f"{name} is no tensor that lasts: only parameters, buffers and their .grad can be waited for."
        return {"dataId": None, "description": reason}
    return {"dataId": data, "description": f"{data} is written", "accessTypes": ["write"], "canPersist": True}
