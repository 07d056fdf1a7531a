"""The recorder's end of the writing process.

Encoding rows and taking statistics is Python's work, and Python does one thing at a time in a process. So it is done in
another: the script's thread only gathers tuples, `marshal` makes bytes of them, and a thread pushes them down a pipe.
What was pushed is written even if the script is killed at that moment.
"""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any

import numpy as np

from ..bilingual import Bilingual
from ..limits import DEFAULT_BUDGET_BYTES, MIB, QUEUE_BYTES
from .arena import Arena, shared_memory
from .batch import Batch
from .frames import CLOSE, FAILED, FLUSH, HEADER, command, encoded
from .writer import TraceWriter

_CLOSE_TIMEOUT_S = 600.0


class WriterProcess:
    """Writes a trace as `TraceWriter` does, from a process of its own.

    After a failure of the disk or of that process, `failure` says what happened, later batches are dropped, and the
    script goes on. Raises GradstepError if the trace cannot be made.
    """

    def __init__(self, path: Path, meta: dict[str, Any], budget_bytes: int = DEFAULT_BUDGET_BYTES) -> None:
        self.path = path.absolute()
        self.failure = ""
        self._failure_in_chinese = ""
        TraceWriter(self.path, meta, budget_bytes).close()
        shared = shared_memory()
        self.arena = None if shared is None else Arena(shared)
        """See NOTE [Arena]."""
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-E",
                "-s",
                "-S",
                str(Path(__file__).with_name("writer_main.py")),
                str(Path(np.__file__).resolve().parents[1]),
                str(self.path),
                str(budget_bytes),
                *(() if shared is None else (str(shared),)),
            ],
            pass_fds=() if shared is None else (shared,),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        if shared is not None:
            os.close(shared)
        self._pipe = self._process.stdin.fileno()
        self._answers: IO[bytes] = self._process.stdout
        _widen(self._pipe)
        self._waiting: queue.SimpleQueue[tuple[bytes, list[np.ndarray]] | None] = queue.SimpleQueue()
        self._waiting_bytes = 0
        self._room = threading.Condition()
        self._thread = threading.Thread(target=self._push, name="gradstep-writer", daemon=True)
        self._thread.start()
        if hasattr(os, "fork"):
            self._process.wait()

    @property
    def told(self) -> Bilingual:
        """`failure` in both languages; what the disk said is in its own."""
        return Bilingual(self.failure, self._failure_in_chinese or self.failure)

    def put(self, batch: Batch) -> None:
        """Queues a batch; waits while more than `QUEUE_BYTES` of arrays are queued."""
        if self.failure:
            return
        if self.arena is not None:
            batch.filled = self.arena.filled
        frame, arrays = encoded(batch)
        with self._room:
            while self._waiting_bytes > QUEUE_BYTES and not self.failure:
                self._room.wait(0.5)
            self._waiting_bytes += len(frame) + sum(array.nbytes for array in arrays)
        self._waiting.put((frame, arrays))

    def flush(self) -> None:
        """Returns when all that was put is committed, so that a reader sees it."""
        if not self.failure:
            self._waiting.put((command(FLUSH), []))
            self._answer()

    def close(self) -> None:
        """Writes what is left and leaves a plain file (no WAL). Returns when the writing process has ended."""
        if not self.failure:
            self._waiting.put((command(CLOSE), []))
        self._waiting.put(None)
        self._thread.join()
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        if not self.failure:
            self._answer()
        while self._answers.read(1):
            pass
        self._answers.close()
        self._process.wait()

    def _push(self) -> None:
        while True:
            item = self._waiting.get()
            if item is None:
                return
            frame, arrays = item
            size_bytes = len(frame) + sum(array.nbytes for array in arrays)
            try:
                if not self.failure:
                    _write(self._pipe, memoryview(frame))
                    for array in arrays:
                        _write(self._pipe, memoryview(array.reshape(-1).data).cast("B"))
            except OSError as error:
                self._fail(
                    f"The process that writes the trace is gone ({error.strerror}).",
                    f"写入记录的进程已经不在了（{error.strerror}）。",
                )
            with self._room:
                self._waiting_bytes -= size_bytes
                self._room.notify_all()

    def _answer(self) -> None:
        """Waits for the answer to FLUSH or CLOSE."""
        head = self._answers.read(HEADER.size)
        if len(head) < HEADER.size:
            self._fail("The process that writes the trace is gone.", "写入记录的进程已经不在了。")
            return
        kind, size = HEADER.unpack(head)
        if kind == FAILED:
            self._fail(self._answers.read(size).decode())

    def _fail(self, why: str, in_chinese: str = "") -> None:
        if not self.failure:
            self.failure, self._failure_in_chinese = why, in_chinese


def _write(pipe: int, view: memoryview) -> None:
    while view.nbytes:
        view = view[os.write(pipe, view) :]


def _widen(pipe: int) -> None:
    """Asks for a larger pipe where the system has such a thing."""
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, MIB)
