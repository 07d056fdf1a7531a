"""What the threads of a conversation tell the one that answers."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import GradstepError
from ..session.child import Ending
from .messages import Request


@dataclass(frozen=True, slots=True)
class Asked:
    """A request came in."""

    request: Request


@dataclass(frozen=True, slots=True)
class Garbled:
    """Something came in that is no request. text: a sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The client hung up, or what it sends cannot be understood any more. text: the reason, "" for an ordinary end."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Started:
    """The script is about to run. run: number of the run, as in all that follow."""

    run: int
    pid: int


@dataclass(frozen=True, slots=True)
class Held:
    """The script is held. reason: "entry", "step", "breakpoint" or "pause"."""

    run: int
    reason: str


@dataclass(frozen=True, slots=True)
class Wrote:
    """Text was written. stream: "stdout", "stderr" or "log". position: events that were completed by then."""

    run: int
    stream: str
    text: str
    position: int


@dataclass(frozen=True, slots=True)
class Progressed:
    """The script runs and has come this far."""

    run: int
    position: int
    iteration: int


@dataclass(frozen=True, slots=True)
class Waits:
    """The script waits for its standard input now, or no more."""

    run: int
    waits: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """The script is over."""

    run: int
    ending: Ending


@dataclass(frozen=True, slots=True)
class Failed:
    """The script could not be started."""

    run: int
    error: GradstepError


FromRun = Started | Held | Wrote | Progressed | Waits | Ended | Failed
Fact = Asked | Garbled | Gone | FromRun
