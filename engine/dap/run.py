"""One run that is debugged: a session, where it stands, and what is told of it to the editor.

NOTE [Stops]
A move within what is recorded is over when its call returns; one for which the script has to go on ends with a notice.
The notice may come while the call returns, so an arrival is told once, by whoever sees first that the script is held;
a notice that comes when no move is under way, or when the next one has set the script going, is old news.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ..analysis.failures.failure import Place as ErrorPlace
from ..analysis.failures.finding import failure
from ..counting import from_one
from ..errors import GradstepError
from ..session.breakpoints import Breakpoints
from ..session.child import Ending
from ..session.launch import File
from ..session.listeners import Listeners, State
from ..session.place import Level, Place
from ..session.session import Session
from ..wire.breakpoints import What
from .breakpoints import Table
from .client import Client
from .facts import Ended, Fact, Failed, FromRun, Held, Progressed, Started, Waits, Wrote
from .handles import Handles
from .here import Here, here
from .mailbox import Mailbox
from .messages import Json, RequestError
from .outgoing import Outgoing
from .progress import Progress
from .settings import Settings
from .sources import Sources
from .stack import Frame
from .stops import THREAD, Reason, Stop, exception_body, stop_at, stopped_body
from .variables import Children
from .written import Written

_GRANULARITIES = {"line": Level.OPERATION, "instruction": Level.NODE}


@dataclass(frozen=True, slots=True)
class _Move:
    """A move on its way. reason: what its end is called where nothing else ends it. to_end: it may be the last one."""

    reason: Reason
    origin: Place
    to_end: bool


class Run:
    """All methods are called on the thread that answers. mailbox: where the session's threads leave what they tell.

    raw_output: where what the script's process writes goes besides.
    """

    def __init__(
        self,
        number: int,
        settings: Settings,
        client: Client,
        table: Table,
        outgoing: Outgoing,
        mailbox: Mailbox[Fact],
        raw_output: File,
    ) -> None:
        self.settings = settings
        self.client = client
        self.table = table
        self.outgoing = outgoing
        self.level = settings.level
        """What a step of usual size is."""
        self.sources = Sources(client)
        self.frames = Handles[Frame]("frame")
        self.variables = Handles[Children]("variable")
        self.stop: Stop | None = None
        """Why it stands; None while it runs."""
        self.error_place: ErrorPlace | None = None
        """The line that failed, where no event shows it."""
        self.awaits_input = False
        """Whether the script waits for a line of input."""
        self.is_over = False
        """Whether the editor was told that debugging is over."""
        self._number = number
        self._mailbox = mailbox
        self._raw_output = raw_output
        self._progress = Progress(outgoing, client.shows_progress)
        self._move: _Move | None = None
        self._end: Ending | None = None
        self._early: Held | Ended | None = None
        self._is_configured = False
        self._is_unwanted = False
        self._is_closing = False
        self._was_error_at = -1
        self._here: Here | None = None
        self._folder: Path | None = None
        self._has_entered = False
        self.session = Session(self._listeners())
        self.written = Written(self.session, self.sources, outgoing)

    # From beginning to end

    def begin(self) -> None:
        """Opens the trace or starts the script. Raises GradstepError where that cannot be."""
        settings = self.settings
        if settings.trace is not None:
            self.session.open(settings.trace)
            self.session.level = self.level
            return
        script = Path(settings.launch.folder or ".") / settings.launch.script
        if not script.is_file():
            raise RequestError(f"There is no script {script}.", "Set program to the path of a Python file.")
        trace = settings.trace_output
        if trace is None:
            self._folder = Path(tempfile.mkdtemp(prefix="gradstep-"))
            trace = self._folder / f"{script.stem}.gradstep"
        self._progress.begin(f"Starting {script.name}", "Python is importing torch")
        self.session.level = self.level
        self.session.start(replace(settings.launch, stdout=self._raw_output, stderr=self._raw_output), trace)

    def configured(self) -> None:
        """The editor has set its breakpoints: off it goes."""
        self._is_configured = True
        if self.settings.trace is not None:
            self.apply_breakpoints()
            self.halt(Stop(Reason.ENTRY))
        elif self._early is not None:
            self.hear(self._early)

    def terminate(self) -> None:
        """Ends the script at its next event, or by force when none comes; `terminated` follows."""
        self._is_unwanted = True
        if self.session.is_live:
            self._release()
            self.session.stop()
        else:
            self.finish()

    def close(self) -> None:
        """Nothing of the run is left afterwards, but the trace that it was to keep."""
        self._is_unwanted = True
        self._is_closing = True
        self._mailbox.stir()
        self.session.close()
        self._progress.end()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def finish(self) -> None:
        """Tells the editor that debugging is over."""
        self._release()
        if not self.is_over:
            self.is_over = True
            self.outgoing.event("terminated")

    # What the editor asks for

    def here(self) -> Here:
        """Where the run stands. Raises RequestError while it runs."""
        if self.stop is None:
            raise RequestError("The debugging is over." if self.is_over else "The script runs; pause it first.")
        if self._here is None:
            self._here = here(self.session)
        return self._here

    def move(
        self, reason: Reason, action: Callable[[Session], object], granularity: str = "", to_end: bool = False
    ) -> None:
        """Sets out on a move; its end is told by `stopped`. granularity: the protocol's, "" for the usual."""
        self._release()
        self.session.level = _GRANULARITIES.get(granularity, self.level)
        self._move = _Move(reason, self.session.place, to_end)
        try:
            action(self.session)
        except GradstepError as error:
            self.written.say(str(error), "important")
        self._arrive("")

    def pause(self) -> None:
        """Holds the script at its next event."""
        if self.session.state is not State.RECORDING:
            raise RequestError("The script does not run.")
        self.session.pause()

    def edit(self, target: str, text: str, keep_gradient: bool) -> None:
        """Changes a value by hand; the place is after it then. Raises SessionError with the reason where it cannot."""
        edited = self.session.edit(target, text, keep_gradient)
        self._here = None
        said = f"{edited.target} was {edited.old.english} and is {edited.new.english} now (event {edited.position})."
        self.written.say(" ".join(part for part in (said, edited.note.english) if part))
        if self.client.hears_invalid:
            self.outgoing.event("invalidated", {"areas": ["stacks", "variables"], "threadId": THREAD})

    def give_input(self, text: str | None) -> None:
        """A line for the script that waits for one; None is the end of its input."""
        if not self.awaits_input:
            raise RequestError("The script does not wait for input.")
        self.session.give_input(None if text is None else f"{text}\n")

    def apply_breakpoints(self) -> None:
        """Gives the session the breakpoints that are set now."""
        wanted = Breakpoints(others=self.table.all if self.settings.debugs else ())
        if self._is_configured and wanted != self.session.breakpoints:
            self.session.breakpoints = wanted

    def exception_info(self) -> Json:
        """What is known of the error at which the run stands."""
        if self.stop is None or self.stop.reason is not Reason.EXCEPTION:
            raise RequestError("The run does not stand at an error.")
        position = self.session.place.position
        found = failure(self.session.trace)
        if found is not None and found.position in (None, position):
            return exception_body(found, self.stop, self._end is None)
        event = self.session.trace.event(position)
        if event is None or not event.error:
            return exception_body(None, self.stop, True)
        name = event.error.partition(":")[0]
        return {"exceptionId": name, "description": event.error, "breakMode": "always"}

    # What the session tells

    def hear(self, fact: FromRun) -> None:
        """One thing that the session's threads have left."""
        if fact.run != self._number:
            return
        match fact:
            case Started(_, pid):
                self._progress.end()
                name = self.settings.title
                self.outgoing.event("process", {"name": name, "systemProcessId": pid, "startMethod": "launch"})
            case Held() | Ended() if not self._is_configured:
                self._early = fact
            case Held(_, reason) if not self._has_entered:
                self._enter(reason)
            case Held(_, reason):
                self._arrive(reason)
            case Wrote():
                self.written.tell(fact)
            case Progressed(_, position, iteration):
                if self.stop is None and not self.is_over:
                    place = (
                        f"iteration {from_one(iteration)}, {position:,} events"
                        if iteration >= 0
                        else f"{position:,} events"
                    )
                    self._progress.update(f"Running {self.settings.title}", place)
            case Waits(_, waits):
                if waits and not self.awaits_input:
                    self.written.say("The script waits for input: write a line here, or :eof for the end.", "important")
                self.awaits_input = waits
            case Ended(_, ending):
                self._hear_end(ending)
            case Failed():
                self._progress.end()

    def halt(self, stop: Stop) -> None:
        """The run stands, and the editor is told."""
        self._progress.end()
        self._move, self._here, self.stop = None, None, stop
        if stop.reason is Reason.EXCEPTION:
            self._was_error_at = self.session.place.position
        self.outgoing.event("stopped", stopped_body(stop))

    def _enter(self, heard: str) -> None:
        """The script is held before its first event; for good if somebody was quick to pause it."""
        self._has_entered = True
        self.apply_breakpoints()
        is_paused = heard == "pause"
        stop = stop_at(self.session, self.table, Stop(Reason.PAUSE if is_paused else Reason.ENTRY))
        if self.settings.stop_on_entry or is_paused or stop.hits:
            self.halt(stop)
        else:
            self.move(Reason.PAUSE, Session.continue_, to_end=True)

    def _arrive(self, heard: str) -> None:
        """Tells of a stop if a move was under way and the script is held now. heard: the reason that it gave."""
        state, move = self.session.state, self._move
        is_ended = state is State.ENDED
        if move is None or state is State.RECORDING or (is_ended and self._end is None and not self.settings.trace):
            return
        place = self.session.place
        at_end = is_ended and place.position >= self.session.frontier
        if heard == "breakpoint" and self._is_ending_by_error():
            self.session.continue_()  # what it is, and where, is told when the script has ended
        elif at_end and move.to_end and self._end is not None and not self.settings.stop_at_end:
            self.finish()
        elif heard == "pause":
            self.halt(Stop(Reason.PAUSE))
        else:
            self.halt(self._stop_after(move, place, heard, at_end))

    def _is_ending_by_error(self) -> bool:
        """Whether the script is held at its very end, because of an error that no torch call has raised."""
        if self.session.trace.event(self.session.place.position) is not None or self.session.hitting:
            return False
        return any(one.what is What.EXCEPTION for one in self.session.breakpoints.all)

    def _stop_after(self, move: _Move, place: Place, heard: str, at_end: bool) -> Stop:
        otherwise = Stop(move.reason)
        if at_end and place.position > 0:
            otherwise = Stop(move.reason, "This is the end of what is recorded.")
        elif place.position == 0:
            otherwise = Stop(move.reason, "This is the start of the run.")
        elif heard == "breakpoint":
            otherwise = Stop(Reason.BREAKPOINT)
        if place.position == move.origin.position:
            return otherwise
        return stop_at(self.session, self.table, otherwise)

    def _hear_end(self, ending: Ending) -> None:
        self._end, self.awaits_input = ending, False
        self._progress.end()
        self.outgoing.event("exited", {"exitCode": ending.exit_code})
        if ending.recorder_error:
            last = ending.incomplete.english
            self.written.say(f"The recording stopped before the script did, a mistake in Gradstep: {last}", "important")
        kept = "" if self.settings.trace_output is None else f" The trace is in {self.settings.trace_output}."
        self.written.say(f"{ending.sentence.english}{kept}")
        if self._is_unwanted:
            self.finish()
        elif ending.exception and ending.status == "failed" and self.table.stays_at_errors and self.settings.debugs:
            self._stay_at_error(ending)
        elif self.settings.stop_at_end:
            self._move = None
            self.session.end()
            self.halt(Stop(Reason.PAUSE, "The script has ended; you can step back from here."))
        else:
            self.finish()

    def _stay_at_error(self, ending: Ending) -> None:
        """Stands where the script failed, unless it stood there a moment ago."""
        self._move = None
        try:
            found = failure(self.session.trace)
            position = None if found is None else found.position
            self.error_place = None if found is None or position is not None else found.place
            if position is not None and position == self._was_error_at:
                self.finish()
                return
            if position is None:
                self.session.end()
            else:
                self.session.run_to(position)
        except GradstepError as error:
            self.written.say(str(error), "important")
        self.halt(Stop(Reason.EXCEPTION, ending.exception.strip().splitlines()[-1]))

    def _release(self) -> None:
        """What the editor was shown of the last stop is no longer good."""
        self.stop = self._here = self.error_place = None
        self.frames.clear()
        self.variables.clear()

    def _listeners(self) -> Listeners:
        ours = threading.get_ident()

        def tell(fact: FromRun) -> None:
            if threading.get_ident() == ours:
                self.hear(fact)  # a log point that a move has passed within what is recorded
            else:
                self._mailbox.leave(fact, lambda: not self._is_closing)

        number = self._number
        return Listeners(
            started=lambda hello: tell(Started(number, hello.pid)),
            stopped=lambda position, reason: tell(Held(number, reason)),
            progress=lambda position, iteration: tell(Progressed(number, position, iteration)),
            wrote=lambda stream, text, position: tell(Wrote(number, stream, text, position)),
            awaits_input=lambda waits: tell(Waits(number, waits)),
            ended=lambda ending: tell(Ended(number, ending)),
            failed=lambda error: tell(Failed(number, error)),
        )
