"""What is said of a trace without events: a script that called no torch, or a recording that came to nothing."""

from __future__ import annotations

from ..errors import EnglishError
from ..trace.reader import Trace


def no_events(trace: Trace) -> EnglishError:
    """The sentence, and what to try: where the recording failed its reason is told instead of a guess."""
    message = f"{trace.path.name} holds no events."
    failed = str(trace.meta().get("recorder_error") or "").strip()
    if failed:
        return EnglishError(f"{message} {failed.splitlines()[-1]}", "Record it again, with more room: -o TRACE")
    return EnglishError(message, "Did the script call torch at all?")
