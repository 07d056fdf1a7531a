"""A child as the controlling side holds it: its process, its channel, and how it ended."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from ..bilingual import NOTHING, Bilingual
from ..processes import Identity, descendants, end_all
from ..wire.channel import Channel
from ..wire.messages import Ended, Hello

GRACE_S = 2.0
_MOST_STACK_BYTES = 64 << 10
_OURS = f'File "{Path(__file__).resolve().parents[1]}{os.sep}'
"""Our own frames, around the script's."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a script ended.

    exit_code: as a shell shows it (128 + the signal's number for a killed process). status: "finished", "failed" or
    "interrupted". signal: name of the signal that killed it, "" if none. exception: the traceback that
    Python printed, "" if none. recorder_error: why the trace is incomplete, a sentence or a traceback, nothing if it is
    not. time_limit_s: how long it was allowed to run, where that ended it. stack: where Python stood when compiled code
    crashed it, innermost first, as Python's fault handler writes it; "" if it did not.
    """

    exit_code: int
    status: str
    signal: str
    exception: str
    recorder_error: Bilingual
    time_limit_s: float | None = None
    stack: str = ""

    @property
    def incomplete(self) -> Bilingual:
        """Why the trace is incomplete, in one line; nothing if it is not."""
        last = [text.strip().splitlines()[-1:] for text in (self.recorder_error.english, self.recorder_error.chinese)]
        return Bilingual(*("".join(lines) for lines in last))

    @property
    def sentence(self) -> Bilingual:
        """One sentence for people."""
        if self.time_limit_s is not None:
            limit = f"{self.time_limit_s:g}"
            return Bilingual(
                f"The script was ended at its time limit of {limit} s.", f"脚本达到 {limit} 秒的时限，已被结束。"
            )
        if self.exit_code == 130 and self.status == "interrupted":
            return Bilingual("The script was stopped with Ctrl-C.", "脚本被 Ctrl-C 停止。")
        if self.signal:
            return Bilingual(
                f"The script's process was killed by {self.signal}.", f"脚本的进程被信号 {self.signal} 终止。"
            )
        if self.exception:
            last = self.exception.strip().splitlines()[-1]
            return Bilingual(f"The script failed: {last}", f"脚本出错：{last}")
        if self.status == "interrupted":
            return Bilingual("The script was stopped.", "脚本已被停止。")
        return Bilingual(f"The script ended with exit code {self.exit_code}.", f"脚本以退出码 {self.exit_code} 结束。")


@dataclass(slots=True)
class Child:
    """A started child. trace: the file that it writes, "" for none. guard: our end of the pipe to its guard.
    crash: where the child notes a crash; stack: after the end, what it noted. family: what the script had started when
    it was about to be ended.
    """

    process: subprocess.Popen[bytes]
    channel: Channel
    hello: Hello
    trace: Path
    own_group: bool
    guard: IO[bytes] | None = None
    crash: IO[bytes] | None = None
    stack: str = ""
    family: list[Identity] = field(default_factory=list)

    def interrupt(self) -> None:
        """What Ctrl-C does."""
        self._signal(signal.SIGINT)

    def terminate(self) -> None:
        """Asks the process to end; it may refuse."""
        if os.name == "posix":
            self._signal(signal.SIGTERM)
        else:
            self.process.terminate()

    def kill(self) -> None:
        """Ends the process, and what it started, at once."""
        if os.name == "posix":
            self._signal(signal.SIGKILL)
        else:
            self.process.kill()

    def note_family(self) -> None:
        """Looks which processes the script has started, while that can be told; `end` sees to them."""
        self.family += [one for one in descendants(self.process.pid) if one not in self.family]

    def end(self, grace_s: float = GRACE_S) -> int:
        """Waits, asks, and at last forces; returns the process's return code. Nothing of the child runs after it."""
        for escalate in (self.terminate, self.kill):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(grace_s)
                break
            self.note_family()
            escalate()
        code = self.process.wait()
        self._note_stack()
        if self.own_group and os.name == "posix":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        end_all(self.family)
        self.channel.close()
        if self.process.stdin is not None:
            with contextlib.suppress(OSError):
                self.process.stdin.close()
        if self.guard is not None:
            with contextlib.suppress(OSError):
                self.guard.write(b".")
            self.guard.close()
        return code

    def _note_stack(self) -> None:
        if self.crash is not None:
            with self.crash as file:
                file.seek(0)
                text = file.read(_MOST_STACK_BYTES).decode("utf-8", "replace")
            self.stack = "\n".join(line for line in text.strip().splitlines() if _OURS not in line)
            self.crash = None

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self.own_group and os.name == "posix":
                os.killpg(self.process.pid, number)
            else:
                self.process.send_signal(number)


def ending_of(returncode: int, ended: Ended | None) -> Ending:
    """What a process's return code and its last notice (None: it had no time for one) say together."""
    recorder_error = NOTHING if ended is None else ended.recorder_error
    exception = "" if ended is None else ended.exception
    if returncode < 0:
        name = _signal_name(-returncode)
        interrupted = ended is not None and ended.status == "interrupted"
        status, name = ("interrupted", "") if interrupted else ("failed", name)
        return Ending(128 - returncode, status, name, exception, recorder_error)
    if ended is not None and ended.exit_code == returncode:
        return Ending(returncode, ended.status, "", exception, recorder_error)
    return Ending(returncode, "failed" if returncode else "finished", "", exception, recorder_error)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
