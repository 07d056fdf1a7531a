"""Messages: the closed set of what crosses between the debugged script's process and the one that controls it.

Commands go to the child, notices come from it. They carry positions and words, never tensors.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..bilingual import Bilingual, sentences
from ..events import Kind, Phase
from .breakpoints import Breakpoint


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on to the next breakpoint, or to the end."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Stop before the next event."""


@dataclass(frozen=True, slots=True)
class RunTo:
    """Stop before the first event at this position or later; "step into" is a run to the position after this one."""

    position: int


@dataclass(frozen=True, slots=True)
class RunToEvent:
    """Stop before the event at this position, which has this name; before the first one after it if it has another.

    A call that turns out to be no event is announced at the position of the next one; it is let pass.
    """

    position: int
    name: str


@dataclass(frozen=True, slots=True)
class RunToName:
    """Stop before the next event that this name fits: an op, an autograd node or a module (NOTE [Names that fit])."""

    name: str


@dataclass(frozen=True, slots=True)
class FinishPhase:
    """Stop before the first event of another phase or iteration."""


@dataclass(frozen=True, slots=True)
class NextIteration:
    """Stop before the first event of a later iteration."""


@dataclass(frozen=True, slots=True)
class Stop:
    """End the script before its next event, keeping the trace so far."""


@dataclass(frozen=True, slots=True)
class Edit:
    """At a stop, change a value. target: what ("w1", "a1[0, 2]", "dC/dz1", "lr"). text: a number, a nested list in
    square brackets, or an expression over what is recorded. keep_gradient: a changed result of an op still sends its
    gradient on to what made it; else it is a constant from here on.
    """

    target: str
    text: str
    keep_gradient: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a source file. path: absolute. line: 1-based."""

    path: str
    line: int


@dataclass(frozen=True, slots=True)
class SetBreakpoints:
    """From now on these are the breakpoints, in place of earlier ones. hits: how often each was hit so far."""

    breakpoints: tuple[Breakpoint, ...]
    hits: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Hello:
    """The child is ready to run the script; the trace file exists. Versions as the modules say them."""

    pid: int
    python: str
    torch: str
    numpy: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The child ends without running the script. kind: "device", "python" or "trace". message, hint: sentences."""

    kind: str
    message: Bilingual
    hint: Bilingual


@dataclass(frozen=True, slots=True)
class Stopped:
    """The script is held before the event at `position`; all before it is in the trace, and the event as pending.

    reason: "entry", "step", "breakpoint", "pause" or "edit". site: id of the place in the source.
    """

    position: int
    reason: str
    iteration: int
    phase: Phase
    kind: Kind
    name: str
    site: int | None


@dataclass(frozen=True, slots=True)
class Progress:
    """The script runs and has come this far; sent a few times a second."""

    position: int
    iteration: int


@dataclass(frozen=True, slots=True)
class Wrote:
    """The script wrote text. stream: "stdout" or "stderr". position: events completed when it was written."""

    stream: str
    text: str
    position: int


@dataclass(frozen=True, slots=True)
class AwaitsInput:
    """The script has begun to wait for its standard input, or has stopped waiting."""

    waits: bool


@dataclass(frozen=True, slots=True)
class Logged:
    """A log point was passed. text: its text, filled in. position: events completed by then."""

    text: str
    position: int


@dataclass(frozen=True, slots=True)
class Edited:
    """A value was changed, as the event at `position`; the script is held again, before the event after it.

    what: "parameter", "buffer", "input", "activation", "gradient", ".grad" or "learning rate". target: as it was
    asked for. old, new: in words, shortened. gradient: "kept", "cut", or "" where no gradient is concerned. note:
    sentences on what follows from it, empty for none.
    """

    position: int
    what: str
    target: str
    old: Bilingual
    new: Bilingual
    gradient: str
    note: Bilingual

    @property
    def told(self) -> Bilingual:
        """What was done, and what follows from it."""
        old, new = self.old, self.new
        done = Bilingual(
            f"{self.target}: {old.english} → {new.english}.", f"{self.target}：{old.chinese} → {new.chinese}。"
        )
        return sentences(done, self.note)


@dataclass(frozen=True, slots=True)
class EditRefused:
    """Nothing was changed; the script is held where it was. message, hint: sentences."""

    message: Bilingual
    hint: Bilingual


@dataclass(frozen=True, slots=True)
class Ended:
    """The script is over and its trace closed; the process exits next.

    exit_code: as a shell would show it. status: "finished", "failed" or "interrupted". exception: the traceback as
    Python printed it, "" if none. recorder_error: why the recording is incomplete, a sentence or the traceback of our
    mistake; nothing if it is complete.
    """

    exit_code: int
    status: str
    exception: str
    recorder_error: Bilingual
    position: int


SCRIPT_RUNS = (
    Bilingual("The script runs, so nothing can be changed.", "脚本正在运行，因此什么都不能修改。"),
    Bilingual("Pause it first.", "请先暂停它。"),
)
"""Why an edit is refused while the script is not held: message and hint."""

Command = Resume | Pause | RunTo | RunToEvent | RunToName | FinishPhase | NextIteration | Stop | SetBreakpoints | Edit
Notice = Hello | Refused | Stopped | Progress | Wrote | AwaitsInput | Logged | Edited | EditRefused | Ended
Message = Command | Notice
