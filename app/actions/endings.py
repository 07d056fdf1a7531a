"""What is said about the end of a script: one that failed, or was ended, or could not be recorded to its end."""

from __future__ import annotations

from pathlib import Path

from app.models.failure import crash_in, notice_of
from app.notices import Notice
from engine.analysis.failures.failure import Failure
from engine.bilingual import NOTHING, Bilingual, same, sentences
from engine.session.session import Ending
from engine.trace.reader import Trace

_USAGE = 2
"""What argparse ends a script with whose arguments are wrong or missing."""
_MOST_ROWS, _MOST_LINES = 200, 20

_KEPT = Bilingual(
    "All steps up to there are recorded; step back to see what led to it.",
    "到那里为止的所有步骤都已记录；后退即可查看原因。",
)
_KEPT_NEARLY = Bilingual(
    "What was recorded until shortly before is here. Run it again and step on from the last line shown to meet it.",
    "到那之前不久为止的步骤都已记录。重新运行，并从最后显示的那一行起逐步执行，就能找到它。",
)
_NEEDS_ARGUMENTS = Bilingual("The script wants other arguments.", "脚本需要别的参数。")
_GIVE_ARGUMENTS = Bilingual(
    "Give them with Debug, Run options…, and it starts again.", "请在“调试 → 运行选项…”中填写，脚本会重新开始。"
)
_FROM_OUTSIDE = Bilingual("Somebody ended it from outside.", "它被外部终止。")
_IN_COMPILED_CODE = Bilingual(
    "Compiled code that the script called touched memory that is not its own: an extension, ctypes, or a library that "
    "does not fit this torch. Python itself raised nothing.",
    "脚本调用的编译代码访问了不属于它的内存：某个扩展、ctypes，或与此 torch 不匹配的库。Python 本身没有抛出异常。",
)
_SIGNALS = {
    "SIGSEGV": _IN_COMPILED_CODE,
    "SIGBUS": _IN_COMPILED_CODE,
    "SIGABRT": Bilingual(
        "Compiled code that the script called gave up: it met something that it thought impossible. "
        "What it wrote is in the console, or in the terminal that the window was started from.",
        "脚本调用的编译代码主动放弃：它遇到了它认为不可能的情况。它写的内容在控制台，或在启动窗口的终端里。",
    ),
    "SIGFPE": Bilingual(
        "Compiled code that the script called divided an integer by zero.", "脚本调用的编译代码用整数除以了零。"
    ),
    "SIGILL": Bilingual(
        "Compiled code used an instruction that this processor lacks: torch or a library was built for another.",
        "编译代码用了此处理器没有的指令：torch 或某个库是为另一种处理器构建的。",
    ),
    "SIGKILL": Bilingual(
        "The system ends the process that takes most memory when there is none left; or somebody ended it from "
        "outside. A smaller batch needs less memory.",
        "内存耗尽时，系统会结束占用最多的进程；也可能是有人从外部终止了它。较小的批次需要的内存更少。",
    ),
}


def notice_of_failure(found: Failure, trace: Trace | None) -> Notice:
    """What the error is, where, what it means and what usually fixes it."""
    traceback = "" if trace is None else str(trace.meta().get("exception", "")).strip()
    first = f"{found.type}: {found.message}".removesuffix(": ").splitlines()[0]
    return notice_of(found, Bilingual(f"The script failed: {first}", f"脚本出错：{first}"), traceback)


def notice_of_ending(ending: Ending, trace: Trace | None) -> Notice | None:
    """What is said about an end that is not an ordinary one. trace: what was recorded, if anything was."""
    if ending.time_limit_s is not None:
        why = Bilingual(
            "The run options set this limit; the time that it was held does not count.",
            "这个时限是在运行选项里设的；停住的时间不算。",
        )
        return Notice(ending.sentence, why, _KEPT, weight="warning")
    if ending.signal:
        why = _SIGNALS.get(ending.signal, _FROM_OUTSIDE)
        return Notice(ending.sentence, why, _place(ending, trace) or _KEPT_NEARLY, ending.stack or _said_last(trace))
    if ending.exception:
        return Notice(ending.sentence, NOTHING, _KEPT, ending.exception.strip())
    if ending.recorder_error:
        what = Bilingual("The recording is not complete.", "记录不完整。")
        said = ending.recorder_error.english.strip()
        return Notice(what, ending.incomplete, detail=said if "\n" in said else "", weight="warning")
    if ending.exit_code and ending.status != "interrupted":
        return _notice_of_exit(ending, _said_last(trace))
    return None


def notice_of_recorded_end(trace: Trace) -> Notice | None:
    """What is said when a trace is opened whose script was killed, or crashed; nothing of any other."""
    known = trace.meta()
    name = str(known.get("signal", ""))
    code = known.get("exit_code")
    if not name:
        return None
    ending = Ending(
        code if isinstance(code, int) else 1, "failed", name, "", NOTHING, stack=str(known.get("crash", ""))
    )
    return notice_of_ending(ending, trace)


def _notice_of_exit(ending: Ending, said: str) -> Notice:
    """A script that ended itself with a code that means failure. said: what it wrote last as errors."""
    if ending.exit_code == _USAGE and said.startswith("usage:"):
        why = same(said.splitlines()[-1])
        return Notice(_NEEDS_ARGUMENTS, why, _GIVE_ARGUMENTS, said, weight="warning")
    why = Bilingual("It ended itself before its last line.", "它在最后一行之前自行结束。")
    if said:
        last = said.splitlines()[-1]
        why = sentences(why, Bilingual(f"It wrote last: {last}", f"它最后写道：{last}"))
    return Notice(ending.sentence, why, _KEPT, said if "\n" in said else "", weight="warning")


def _place(ending: Ending, trace: Trace | None) -> Bilingual:
    """Where in the script compiled code crashed it, nothing where that is unknown."""
    script = None if trace is None else Path(str(trace.meta().get("script", "")))
    sources = {Path(source.path) for source in trace.sources()} if trace is not None else set()
    found = crash_in(ending.stack, sources | ({script} if script is not None else set()))
    if found is None:
        return NOTHING
    where = f"{found.path.name}:{found.line}"
    return Bilingual(
        f"It was at {where}. The steps until shortly before are recorded.",
        f"当时执行到 {where}。到那之前不久为止的步骤都已记录。",
    )


def _said_last(trace: Trace | None) -> str:
    """The last lines that the script wrote to its standard error."""
    written = () if trace is None else trace.output()[-_MOST_ROWS:]
    text = "".join(row.text for row in written if row.stream == "stderr").strip()
    return "\n".join(text.splitlines()[-_MOST_LINES:])
