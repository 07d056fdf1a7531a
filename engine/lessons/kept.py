"""Where a learner's own answers are kept on this machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def answers_folder() -> Path:
    """The folder of this user's answers; GRADSTEP_DATA names another one than the system's usual."""
    chosen = os.environ.get("GRADSTEP_DATA")
    if chosen:
        return Path(chosen) / "answers"
    if sys.platform == "win32":
        data = Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        data = Path.home() / "Library" / "Application Support"
    else:
        data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return data / "gradstep" / "answers"


def answers_file(lesson: str) -> Path:
    """The file of a lesson's answers; its folder need not be there."""
    return answers_folder() / f"{lesson}.json"
