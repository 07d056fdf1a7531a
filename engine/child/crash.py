"""Has Python write down where the script stood when compiled code crashes it.

Nothing of it is in the script's output: Python's fault handler writes to a file without a name that the controlling
side has opened, and then lets the signal do what it would have done. Where the user or the script has turned the
handler on, it stays theirs.
"""

from __future__ import annotations

import faulthandler
import os


def note_crashes(file: int) -> None:
    """file: descriptor of the file to write to; it goes to no program that the script starts."""
    if faulthandler.is_enabled():
        os.close(file)
        return
    os.set_inheritable(file, False)
    faulthandler.enable(file, all_threads=False)
