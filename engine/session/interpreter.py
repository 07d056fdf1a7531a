"""Which Python a script runs in, and why one cannot serve."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from ..errors import GradstepError, SessionError

OLDEST = (3, 11)
_ASK_S = 30.0
_QUESTION = "import sys; sys.stdout.write('Python %d.%d' % tuple(sys.version_info[:2]))"


def interpreter(chosen: str | Path | None) -> str:
    """The program to start. A folder stands for the environment in it; a name without a folder is looked for in PATH.

    None is the Python that runs here. Raises GradstepError for a folder that holds no environment.
    """
    if chosen is None or not os.fspath(chosen):
        return sys.executable
    text = os.path.expanduser(os.fspath(chosen))
    if os.path.isdir(text):
        inside = [os.path.join(text, *parts) for parts in (("bin", "python"), ("Scripts", "python.exe"))]
        found = next((path for path in inside if os.path.isfile(path)), None)
        if found is None:
            raise GradstepError(
                f"The folder {text} holds no Python environment.", "Give the path of a Python or of an environment."
            )
        text = found
    return os.path.abspath(text) if os.path.dirname(text) else text


def cannot_be_started(python: str, error: OSError) -> GradstepError:
    """What is said of a program that the system does not start."""
    why = "there is no such file" if isinstance(error, FileNotFoundError) else error.strerror or str(error)
    return GradstepError(f"The Python {python} cannot be started: {why}.", "Choose another interpreter.")


def did_not_start(python: str, exit_code: int | None) -> SessionError:
    """What is said of one that did not answer: it is asked who it is. exit_code: None if it still runs."""
    hint = f"Choose a Python {OLDEST[0]}.{OLDEST[1]} or newer with torch and numpy."
    version = _version(python)
    if version is None:
        return SessionError(f"{python} is no Python.", hint)
    if version < OLDEST:
        old = f"{version[0]}.{version[1]}"
        return SessionError(f"{python} is Python {old}, which is too old for Gradstep.", hint)
    how = "did not answer in time" if exit_code is None else f"ended with exit code {exit_code}"
    return SessionError(f"The Python {python} {how} before the script could start.", hint)


def _version(python: str) -> tuple[int, int] | None:
    """Which Python this is, None for what is none."""
    try:
        done = subprocess.run(
            [python, "-c", _QUESTION], stdin=subprocess.DEVNULL, capture_output=True, timeout=_ASK_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    words = done.stdout.decode(errors="replace").split()
    numbers = words[1].split(".") if len(words) == 2 and words[0] == "Python" else []
    return (int(numbers[0]), int(numbers[1])) if len(numbers) == 2 and all(map(str.isdigit, numbers)) else None
