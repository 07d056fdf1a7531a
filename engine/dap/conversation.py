"""One conversation with one editor, from `initialize` to the end of the connection.

NOTE [Threads]
One thread reads and leaves requests in the mailbox; the session's thread leaves there what the script does; the thread
that called `hold` answers, one thing at a time. A `cancel` is noted by the reading thread, so that it finds requests
that still wait.
"""

from __future__ import annotations

import hmac
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from ..errors import GradstepError
from ..session.launch import File
from .breakpoints import Table
from .capabilities import capabilities
from .client import Client, client_of
from .facts import Asked, Ended, Fact, Failed, FromRun, Garbled, Gone, Held, Progressed, Started, Waits, Wrote
from .framing import STRANGER_LIMIT_BYTES, Frames, FramingError
from .mailbox import Mailbox
from .messages import Malformed, Request, RequestError, request_of
from .outgoing import Outgoing
from .requests import REQUESTS
from .run import Run
from .settings import Settings, settings_of

_STRANGER_S = 60.0
"""How long a client may take to show the token."""

_LONGEST_OUTPUT = 1 << 16

_OF_STRANGERS = frozenset({"initialize", "launch", "attach", "disconnect"})


class Conversation:
    """read: the next bytes, b"" at the end; raises OSError or ValueError when the connection is broken. write: see
    `Outgoing`. token: what the client must show, "" for nothing. raw_output: see `Run`.
    """

    def __init__(
        self, read: Callable[[], bytes], write: Callable[[bytes], None], token: str = "", raw_output: File = None
    ) -> None:
        self._read = read
        self._token = token
        self._raw_output = raw_output
        self._outgoing = Outgoing(write)
        self._mailbox: Mailbox[Fact] = Mailbox()
        self._frames = Frames(STRANGER_LIMIT_BYTES) if token else Frames()
        self._client: Client | None = None
        self._run: Run | None = None
        self._runs = 0
        self._table = Table()
        self._settings: Settings | None = None
        self._launching: Request | None = None
        self._is_over = False
        self._is_trusted = not token
        self._cancelled: set[int] = set()

    def hold(self) -> None:
        """Answers until the client is gone. Nothing of the run is left afterwards; the reading thread ends with what
        it reads from.
        """
        threading.Thread(target=self._listen, name="gradstep-dap-reader", daemon=True).start()
        deadline = time.monotonic() + _STRANGER_S
        try:
            while not self._is_over and not self._outgoing.is_lost:
                fact = self._mailbox.take(None if self._is_trusted else max(0.0, deadline - time.monotonic()))
                if fact is None:
                    return
                self._hear(fact)
        finally:
            self._mailbox.close()
            if self._run is not None:
                self._run.close()

    # The reading thread

    def _listen(self) -> None:
        try:
            while data := self._read():
                for body in self._frames.feed(data):
                    self._leave(body)
            self._mailbox.leave(Gone())
        except FramingError as error:
            self._mailbox.leave(Gone(str(error)))
        except (OSError, ValueError):
            self._mailbox.leave(Gone())

    def _leave(self, body: bytes) -> None:
        try:
            request = request_of(body)
        except Malformed as error:
            self._mailbox.leave(Garbled(str(error)))
            return
        if request is None:
            return
        if request.command == "cancel":
            self._note_cancel(request)
        self._mailbox.leave(Asked(request))

    def _note_cancel(self, request: Request) -> None:
        try:
            number = request.arguments.maybe_number("requestId")
        except RequestError:
            return
        if number is not None:
            self._cancelled.add(number)

    # The answering thread

    def _hear(self, fact: Fact) -> None:
        match fact:
            case Asked(request):
                self._answer(request)
            case Garbled(text):
                self._outgoing.event("output", {"category": "stderr", "output": f"{text}\n"})
            case Gone(text):
                if text:
                    self._outgoing.event("output", {"category": "stderr", "output": f"{text}\n"})
                self._is_over = True
            case Wrote():
                self._tell_run(self._with_what_follows(fact))
            case Started() | Held() | Progressed() | Waits() | Ended() | Failed():
                self._tell_run(fact)

    def _tell_run(self, fact: FromRun) -> None:
        run = self._run
        if run is None:
            return
        launching, is_launched = self._launching, isinstance(fact, Started | Failed)
        if launching is not None and is_launched and fact.run == self._runs:
            self._launching = None
            if isinstance(fact, Failed):
                self._outgoing.refuse(launching, fact.error, shown=True)
            else:
                self._outgoing.respond(launching)
        try:
            run.hear(fact)
        except Exception as error:
            run.written.say(str(error if isinstance(error, GradstepError) else _unforeseen(error)), "important")
        if isinstance(fact, Failed) and fact.run == self._runs:
            if launching is None:
                run.written.say(str(fact.error), "stderr")
            run.finish()

    def _with_what_follows(self, wrote: Wrote) -> Wrote:
        """A script that prints a lot is told of in larger pieces."""
        pieces, length = [wrote.text], len(wrote.text)
        while length < _LONGEST_OUTPUT:
            following = self._mailbox.take_if(lambda fact: isinstance(fact, Wrote) and _is_like(fact, wrote))
            if not isinstance(following, Wrote):
                break
            pieces.append(following.text)
            length += len(following.text)
        return replace(wrote, text="".join(pieces))

    def _answer(self, request: Request) -> None:
        if request.seq in self._cancelled:
            self._cancelled.discard(request.seq)
            self._outgoing.cancelled(request)
            return
        try:
            self._carry_out(request)
        except GradstepError as error:
            self._outgoing.refuse(request, error, shown=request.command in ("launch", "attach", "restart"))
        except Exception as error:
            # A trace may be damaged, and we may be wrong: the editor is told, and the conversation goes on.
            self._outgoing.refuse(request, _unforeseen(error))

    def _carry_out(self, request: Request) -> None:
        if not self._is_trusted and request.command not in _OF_STRANGERS:
            raise RequestError("Show the token first: put it into the configuration as token.")
        match request.command:
            case "initialize":
                self._initialize(request)
            case "launch" | "attach":
                self._launch(request)
            case "configurationDone":
                run = self._the_run()
                self._outgoing.respond(request)
                run.configured()
            case "terminate":
                run = self._the_run()
                self._outgoing.respond(request)
                run.terminate()
            case "restart":
                self._restart(request)
            case "disconnect":
                self._disconnect(request)
            case "cancel":
                self._cancel(request)
            case _:
                self._pass_on(request)

    def _pass_on(self, request: Request) -> None:
        handler = REQUESTS.get(request.command)
        if handler is None:
            raise RequestError(f"Gradstep knows no request {request.command!r}.")
        answer = handler(self._the_run(), request.arguments)
        body, then = answer if isinstance(answer, tuple) else (answer, None)
        self._outgoing.respond(request, body)
        if then is not None:
            then()

    def _the_run(self) -> Run:
        if self._run is None:
            raise RequestError("Nothing is being debugged; launch a script or a trace first.")
        return self._run

    def _initialize(self, request: Request) -> None:
        if self._client is not None:
            raise RequestError("This conversation has begun already.")
        self._client = client_of(request.arguments)
        self._outgoing.respond(request, capabilities())

    def _launch(self, request: Request) -> None:
        if self._client is None:
            raise RequestError("The first request must be initialize.")
        if self._run is not None:
            raise RequestError("This conversation has its run already; use restart.")
        self._check_token(request)
        settings = settings_of(request.arguments)
        if request.command == "attach" and settings.trace is None:
            raise RequestError("Gradstep cannot attach to a running script.", "Use launch, or attach to a trace.")
        self._settings = settings
        self._begin(settings, self._client)
        if settings.trace is None:
            self._launching = request
        else:
            self._outgoing.respond(request)
        self._outgoing.event("initialized")

    def _check_token(self, request: Request) -> None:
        """Raises RequestError, and ends the conversation, when the token is not the one that was printed."""
        if self._is_trusted:
            return
        shown = request.arguments.text("token")
        if not hmac.compare_digest(shown.encode(errors="replace"), self._token.encode()):
            self._is_over = True
            reason = "is missing" if not shown else "is not the right one"
            raise RequestError(
                f"The token {reason}.", "Put the token that gradstep dap printed into the configuration."
            )
        self._is_trusted = True
        self._frames.limit_bytes = Frames().limit_bytes

    def _begin(self, settings: Settings, client: Client) -> Run:
        self._runs += 1
        run = Run(self._runs, settings, client, self._table, self._outgoing, self._mailbox, self._raw_output)
        try:
            run.begin()
        except BaseException:
            run.close()
            raise
        self._run = run
        return run

    def _restart(self, request: Request) -> None:
        """The same again, with the configuration that is sent along, if one is."""
        self._the_run().close()
        client, settings = self._client, self._settings
        if client is None or settings is None:
            raise RequestError("Nothing is being debugged; launch a script or a trace first.")
        renewed = request.arguments.part("arguments")
        if renewed.has("program") or renewed.has("script") or renewed.has("trace"):
            self._settings = settings = settings_of(renewed)
        self._run = None
        run = self._begin(settings, client)
        self._outgoing.respond(request)
        run.configured()

    def _disconnect(self, request: Request) -> None:
        """Ends the script, then answers."""
        self._mailbox.close()
        if self._launching is not None:
            self._outgoing.cancelled(self._launching)
        if self._run is not None:
            self._run.close()
        self._outgoing.respond(request)
        self._is_over = True

    def _cancel(self, request: Request) -> None:
        number = request.arguments.maybe_number("requestId")
        if number is not None:
            self._cancelled.discard(number)
        self._outgoing.respond(request)


def _unforeseen(error: Exception) -> GradstepError:
    return RequestError(f"This could not be carried out ({type(error).__name__}: {str(error)[:200]}).")


def _is_like(fact: Fact, wrote: Wrote) -> bool:
    return isinstance(fact, Wrote) and (fact.run, fact.stream, fact.position) == (
        wrote.run,
        wrote.stream,
        wrote.position,
    )
