"""What is said about the end of a script: one that failed, or was ended, or could not be recorded to its end."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.language import is_chinese
from app.models.failure import notice_of
from app.notices import Notice
from engine.analysis.failures.failure import Failure
from engine.session.session import Ending
from engine.trace.reader import Trace

translate = QCoreApplication.translate


def notice_of_failure(found: Failure, trace: Trace | None) -> Notice:
    """What the error is, where, what it means and what usually fixes it."""
    traceback = "" if trace is None else str(trace.meta().get("exception", "")).strip()
    first = f"{found.type}: {found.message}".removesuffix(": ").splitlines()[0]
    return notice_of(found, translate("endings", "The script failed: {0}").format(first), traceback, is_chinese())


def notice_of_ending(ending: Ending) -> Notice | None:
    """What is said about an end that is not an ordinary one."""
    kept = translate("endings", "All steps up to there are recorded; step back to see what led to it.")
    if ending.signal:
        why = translate("endings", "Somebody ended it from outside, or the system did because memory ran out.")
        return Notice(ending.sentence, why, kept)
    if ending.exception:
        return Notice(ending.sentence, "", kept, ending.exception.strip())
    if ending.recorder_error:
        return Notice(translate("endings", "The recording is not complete."), ending.recorder_error, weight="warning")
    if ending.exit_code and ending.status != "interrupted":
        return Notice(
            ending.sentence, translate("endings", "It ended itself before its last line."), kept, weight="warning"
        )
    return None
