"""The thread of a live session: starts the child, hears it, and sees to its end."""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from ..errors import GradstepError
from ..wire.channel import ChannelClosed
from ..wire.messages import Command, Hello, Message, Stop
from .child import Child, Ending, ending_of
from .following import follow
from .launch import Launch, launch
from .settling import settle

_STOP_GRACE_S = 2.0


class Owner(Protocol):
    """Who is told, on the thread of the live run."""

    def child_started(self, hello: Hello) -> None: ...
    def child_said(self, notice: Message) -> None: ...
    def child_over(self, ending: Ending) -> None: ...
    def child_failed(self, error: GradstepError) -> None: ...
    @property
    def is_running(self) -> bool: ...


class LiveRun:
    """One child from start to end. `send` and `stop` may be called from any thread, and before the child is there.

    time_limit_s: how long the script may run, without the time that it is held; None for no limit.
    """

    def __init__(self, what: Launch, trace: Path, owner: Owner, time_limit_s: float | None = None) -> None:
        self._what = what
        self._trace = trace
        self._owner = owner
        self._limit_s = time_limit_s
        self._ran_s = 0.0
        self._looked_at = time.monotonic()
        self._is_over_limit = False
        self._child: Child | None = None
        self._unsent: list[Command] = []
        self._sending = threading.Lock()
        self._stop_wanted_at: float | None = None
        self._thread = threading.Thread(target=self._run, name="gradstep-session", daemon=True)
        self._thread.start()

    def send(self, command: Command) -> None:
        """Sends a command, once the child can hear it. A child that is gone hears nothing."""
        with self._sending, contextlib.suppress(ChannelClosed):
            if self._child is None:
                self._unsent.append(command)
            else:
                self._child.channel.send(command)

    def give_input(self, text: str | None) -> None:
        """Types text for the script to read; None ends its input. One that reads nothing any more is no error."""
        stdin = None if self._child is None else self._child.process.stdin
        with contextlib.suppress(OSError, ValueError):
            if stdin is not None and text is not None:
                stdin.write(text.encode("utf-8", "replace"))
                stdin.flush()
            elif stdin is not None:
                stdin.close()

    def stop(self) -> None:
        """Asks the child to end at its next event; if none comes in time it is terminated, and at last killed."""
        if self._stop_wanted_at is None:
            self._stop_wanted_at = time.monotonic()
            with self._sending:
                if self._child is not None:
                    self._child.note_family()
            self.send(Stop())

    def is_current_thread(self) -> bool:
        """Whether the caller is on this run's own thread."""
        return self._thread is threading.current_thread()

    def join(self) -> None:
        """Waits until the child is over and everybody was told."""
        if not self.is_current_thread():
            self._thread.join()

    def _run(self) -> None:
        try:
            child = launch(self._what, trace=self._trace, live=True)
        except GradstepError as error:
            self._owner.child_failed(error)
            return
        ended = None
        try:
            self._looked_at = time.monotonic()
            self._owner.child_started(child.hello)
            self._introduce(child)
            ended = follow(child, self._owner.child_said, self._is_patient)
        finally:
            ending = ending_of(child.end(0.0 if self._stop_wanted_at is not None else _STOP_GRACE_S), ended)
            if self._stop_wanted_at is not None and ending.status != "finished":
                limit_s = self._limit_s if self._is_over_limit else None
                ending = Ending(ending.exit_code, "interrupted", "", ending.exception, ending.recorder_error, limit_s)
            ending = replace(ending, stack=child.stack) if ending.signal else ending
            settle(self._trace, ending)
            self._owner.child_over(ending)

    def _introduce(self, child: Child) -> None:
        with self._sending, contextlib.suppress(ChannelClosed):
            self._child = child
            for command in self._unsent:
                child.channel.send(command)

    def _is_patient(self) -> bool:
        if self._limit_s is not None and self._stop_wanted_at is None:
            before, self._looked_at = self._looked_at, time.monotonic()
            self._ran_s += self._looked_at - before if self._owner.is_running else 0.0
            if self._ran_s >= self._limit_s:
                self._is_over_limit = True
                self.stop()
        wanted = self._stop_wanted_at
        return wanted is None or time.monotonic() - wanted < _STOP_GRACE_S
