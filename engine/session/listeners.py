"""What a session tells, and what states it has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from ..errors import GradstepError
from ..wire.messages import Hello
from .child import Ending
from .place import Place


class State(StrEnum):
    """What a session is doing."""

    IDLE = "idle"
    """Nothing was started or opened."""
    RECORDING = "recording"
    """The script is being started, or runs."""
    PAUSED = "paused"
    """The script is held before an event."""
    ENDED = "ended"
    """The script is over, or a trace is looked at."""


@dataclass(slots=True)
class Listeners:
    """Who is told what; see NOTE [Threads] in session.py.

    started(hello): the script is about to run, its trace can be read. moved(place): the cursor stands elsewhere.
    stopped(position, reason): the script is held; "entry", "step", "breakpoint", "pause" or
    "edit" (something was changed by hand). progress(position,
    iteration): it runs and has come this far. wrote(stream, text, position): it printed; stream "log": a log point.
    awaits_input(waits): it waits for its standard input now, or no more (`Session.give_input`).
    ended(ending): it is over. failed(error): it could not be started.
    """

    started: Callable[[Hello], None] = field(default=lambda hello: None)
    moved: Callable[[Place], None] = field(default=lambda place: None)
    stopped: Callable[[int, str], None] = field(default=lambda position, reason: None)
    progress: Callable[[int, int], None] = field(default=lambda position, iteration: None)
    wrote: Callable[[str, str, int], None] = field(default=lambda stream, text, position: None)
    awaits_input: Callable[[bool], None] = field(default=lambda waits: None)
    ended: Callable[[Ending], None] = field(default=lambda ending: None)
    failed: Callable[[GradstepError], None] = field(default=lambda error: None)
