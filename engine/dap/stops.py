"""Why a run stopped, in the protocol's words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ..analysis.failures.failure import Failure
from ..session.session import Session
from .breakpoints import DATA, EXCEPTIONS, FUNCTIONS, Table
from .messages import Json

THREAD = 1
"""The protocol knows threads; a recorded run has one."""


class Reason(StrEnum):
    """Reasons of the protocol that occur here."""

    ENTRY = "entry"
    STEP = "step"
    BREAKPOINT = "breakpoint"
    DATA = "data breakpoint"
    FUNCTION = "function breakpoint"
    EXCEPTION = "exception"
    PAUSE = "pause"
    GOTO = "goto"


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop. text: more to say than the reason. hits: the editor's numbers of the breakpoints that were hit."""

    reason: Reason
    text: str = ""
    hits: tuple[int, ...] = ()


def stop_at(session: Session, table: Table, otherwise: Stop) -> Stop:
    """The stop at the session's place: that of the breakpoints that stop here, else another."""
    hit = session.hitting
    if not hit:
        return otherwise
    group = table.group_of(hit)
    reason = {DATA: Reason.DATA, FUNCTIONS: Reason.FUNCTION, EXCEPTIONS: Reason.EXCEPTION}.get(group, Reason.BREAKPOINT)
    return Stop(reason, session.why.english, tuple(table.numbers(hit)))


def stopped_body(stop: Stop) -> Json:
    """The body of a `stopped` event."""
    body: Json = {"reason": stop.reason.value, "threadId": THREAD, "allThreadsStopped": True}
    if stop.text:
        body |= {"description": _DESCRIPTIONS[stop.reason], "text": stop.text}
    if stop.hits:
        body["hitBreakpointIds"] = list(stop.hits)
    return body


_DESCRIPTIONS = {
    Reason.ENTRY: "Paused at the start",
    Reason.STEP: "Paused after a step",
    Reason.BREAKPOINT: "Paused on a breakpoint",
    Reason.DATA: "Paused on data that was written",
    Reason.FUNCTION: "Paused on a name",
    Reason.EXCEPTION: "Paused on an error",
    Reason.PAUSE: "Paused",
    Reason.GOTO: "Paused after a jump",
}


def exception_body(failed: Failure | None, stop: Stop, is_caught_here: bool) -> Json:
    """The body of the answer to `exceptionInfo`: what the error means, what usually fixes it, torch's own message."""
    if failed is None:
        return {"exceptionId": "NotFinite", "description": stop.text, "breakMode": "always"}
    said = f"{failed.type}: {failed.message}" if failed.message else failed.type
    fix = "\n".join(
        (f"What usually fixes it: {failed.told.fix.english}", *(f"    {line}" for line in failed.told.code))
    )
    operands = [f"    {one.en}: {list(one.shape)} {one.dtype} {one.device}" for one in failed.operands]
    parts = (failed.told.meaning.english, fix, "\n".join(["What went in:", *operands]) if operands else "", said)
    place = f'File "{failed.place.path}", line {failed.place.line}\n  {failed.place.text}' if failed.place else ""
    return {
        "exceptionId": failed.type,
        "description": "\n\n".join(part for part in parts if part),
        "breakMode": "always" if is_caught_here else "unhandled",
        "details": {
            "message": failed.message,
            "typeName": failed.type,
            "fullTypeName": failed.type,
            "stackTrace": place,
        },
    }
