"""How the script ended, in the words of its trace."""

from __future__ import annotations

import os
import traceback
from dataclasses import dataclass

EXIT_REFUSED = 2
"""Exit code of a script that was not run, or not run on, as asked."""

EXIT_STOPPED = 143
"""Exit code of a script that was ended from outside at an event: 128 + SIGTERM, as a shell would show it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """exit_code: as a shell shows it. status: "finished", "failed" or "interrupted". exception: what Python prints."""

    exit_code: int
    status: str
    exception: str = ""


def outcome_of(error: BaseException | None) -> Outcome:
    """What an exception that nobody caught makes of the process (None: the script ran to its end)."""
    if error is None:
        return Outcome(0, "finished")
    if isinstance(error, SystemExit):
        return outcome_of_code(error.code)
    text = "".join(traceback.format_exception(error))
    if isinstance(error, KeyboardInterrupt):
        return Outcome(130, "interrupted", text)
    return Outcome(1, "failed", text)


def outcome_of_code(code: object) -> Outcome:
    """What `sys.exit(code)` makes of the process: a number is the exit code, None is 0, anything else is 1."""
    number = 0 if code is None else code if isinstance(code, int) else 1
    if os.name == "posix":
        number &= 0xFF
    return Outcome(number, "failed" if number else "finished")
