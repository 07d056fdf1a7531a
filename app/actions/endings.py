"""What is said about the end of a script: one that failed, or was ended, or could not be recorded to its end."""

from __future__ import annotations

from app.models.failure import notice_of
from app.notices import Notice
from engine.analysis.failures.failure import Failure
from engine.bilingual import NOTHING, Bilingual
from engine.session.session import Ending
from engine.trace.reader import Trace

_KEPT = Bilingual(
    "All steps up to there are recorded; step back to see what led to it.",
    "到那里为止的所有步骤都已记录；后退即可查看原因。",
)


def notice_of_failure(found: Failure, trace: Trace | None) -> Notice:
    """What the error is, where, what it means and what usually fixes it."""
    traceback = "" if trace is None else str(trace.meta().get("exception", "")).strip()
    first = f"{found.type}: {found.message}".removesuffix(": ").splitlines()[0]
    return notice_of(found, Bilingual(f"The script failed: {first}", f"脚本出错：{first}"), traceback)


def notice_of_ending(ending: Ending) -> Notice | None:
    """What is said about an end that is not an ordinary one."""
    if ending.time_limit_s is not None:
        why = Bilingual(
            "The run options set this limit; the time that it was held does not count.",
            "这个时限是在运行选项里设的；停住的时间不算。",
        )
        return Notice(ending.sentence, why, _KEPT, weight="warning")
    if ending.signal:
        why = Bilingual(
            "Somebody ended it from outside, or the system did because memory ran out.",
            "它被外部终止，或因内存耗尽被系统终止。",
        )
        return Notice(ending.sentence, why, _KEPT)
    if ending.exception:
        return Notice(ending.sentence, NOTHING, _KEPT, ending.exception.strip())
    if ending.recorder_error:
        what = Bilingual("The recording is not complete.", "记录不完整。")
        said = ending.recorder_error.english.strip()
        return Notice(what, ending.incomplete, detail=said if "\n" in said else "", weight="warning")
    if ending.exit_code and ending.status != "interrupted":
        why = Bilingual("It ended itself before its last line.", "它在最后一行之前自行结束。")
        return Notice(ending.sentence, why, _KEPT, weight="warning")
    return None
