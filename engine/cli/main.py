"""The `gradstep` command: finds the command, runs it, and turns errors into sentences and exit codes."""

from __future__ import annotations

import difflib
import errno
import io
import os
import sqlite3
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from ..errors import EnglishError, GradstepError
from . import window
from .commands import COMMANDS, UsageError, parser_of
from .terminal import Terminal

INTERRUPTED = 130
"""Exit code after Ctrl+C, as of a shell's commands."""

PIPE_CLOSED = 141
"""Exit code when whoever read our output stopped reading, as of a shell's commands."""


def main(arguments: list[str], show_window: Callable[[list[str]], int]) -> int:
    """Runs one command and returns its exit code; `show_window` starts the window, which engine does not know."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        code = _run(arguments, show_window)
        sys.stdout.flush()
        return code
    except GradstepError as error:
        print(_sentence(error), file=sys.stderr)
        return error.exit_code
    except sqlite3.DatabaseError as error:
        message, hint = f"The trace is damaged, or from a Gradstep before 0.1.0 ({error}).", "Record it again."
        print(_sentence(EnglishError(message, hint)), file=sys.stderr)
        return GradstepError.exit_code
    except MemoryError:
        message, hint = "This needs more memory than there is.", "Try one iteration only: --iteration K."
        print(_sentence(EnglishError(message, hint)), file=sys.stderr)
        return GradstepError.exit_code
    except KeyboardInterrupt:
        print("gradstep: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            print(_sentence(_unforeseen(error)), file=sys.stderr)
            return GradstepError.exit_code
        message = f"What was to be written has no room: {error.strerror}."
        print(_sentence(EnglishError(message, "Make room, or write to another disk.")), file=sys.stderr)
        return GradstepError.exit_code
    except Exception as error:
        print(_sentence(_unforeseen(error)), file=sys.stderr)
        return GradstepError.exit_code
    except SystemExit as end:  # argparse, after printing its help
        return end.code if isinstance(end.code, int) else 0


def overview() -> str:
    """What `gradstep -h` prints."""
    rows = [(f"gradstep {command.name} {command.usage}".rstrip(), command.summary) for command in COMMANDS]
    rows.insert(0, ("gradstep", "the window: open a script or a trace and step through it"))
    width = max(len(usage) for usage, _ in rows)
    lines = [f"  {usage:<{width}}  {summary}" for usage, summary in rows]
    return "\n".join(
        (
            "Gradstep steps through a PyTorch program: forward, backward and update, node by node.",
            "",
            *lines,
            "",
            "Try it:",
            "  gradstep record train.py        writes train.gradstep; the script need not be changed",
            "  gradstep show train.gradstep    prints its first iteration",
            "",
            "gradstep COMMAND -h says more of each command; gradstep --version prints the version.",
        )
    )


def _run(arguments: list[str], show_window: Callable[[list[str]], int]) -> int:
    if not arguments:
        return window.show(show_window, [])
    name = arguments[0]
    if name in ("-h", "--help", "help"):
        print(overview())
        return 0
    if name in ("-V", "--version"):
        name = "version"
    command = next((command for command in COMMANDS if command.name == name), None)
    if command is None:
        raise _unknown(name)
    module = command.load()
    own, rest = _split(arguments[1:])
    options = parser_of(command, module).parse_args(own)
    options.script_arguments, options.show_window = rest, show_window
    code: int = module.run(options)
    return code


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Our own arguments, and those of the script, which come after `--`."""
    if "--" not in arguments:
        return arguments, []
    place = arguments.index("--")
    return arguments[:place], arguments[place + 1 :]


def _unknown(name: str) -> UsageError:
    if Path(name).suffix in (".py", ".gradstep"):
        return UsageError(f"{name} is a file, and the command is missing.", f"To open it: gradstep open {name}")
    near = difflib.get_close_matches(name, [command.name for command in COMMANDS], n=1)
    hint = f"Did you mean gradstep {near[0]}?" if near else "See: gradstep -h"
    return UsageError(f"There is no command {name!r}.", hint)


def _unforeseen(error: Exception) -> GradstepError:
    """What a command did not foresee, with the place in our code instead of a traceback."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    what = f"{type(error).__name__}: {error}"[:200]
    return EnglishError(
        f"This could not be carried out ({what}; {Path(place.filename).name}:{place.lineno}).",
        "A trace that came from somewhere else may be damaged. Otherwise this is a mistake in Gradstep.",
    )


def _sentence(error: GradstepError) -> str:
    """The error as it is printed: what is wrong, and on the next line what to try."""
    terminal = Terminal(sys.stderr)
    text = f"{terminal.red('gradstep:')} {error.message.english}"
    return terminal.plain(f"{text}\n{error.hint.english}" if error.hint else text)
