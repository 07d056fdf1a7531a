"""Layouts that do not freeze the window: small ones at once, large ones in another process.

A thread alone would not do, since the engines hold the interpreter's lock for the whole call; here a thread only
starts the process and waits for its answer.
"""

from __future__ import annotations

from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from threading import Thread

from PySide6.QtCore import QObject, Signal

from app.views.canvas.layered import LayeredEngine
from app.views.canvas.layout import lay_out
from app.views.canvas.layout_process import answer
from app.views.canvas.placement import Layout, LayoutRequest

INLINE_BOXES = 400
"""Up to so many boxes a layout takes less than about 50 ms and is made at once."""


class LayoutJobs(QObject):
    """Runs layouts; only the answer to the latest request is reported.

    Signals:
        finished(object): the `Layout` of the latest request, always in this object's thread.
    """

    finished = Signal(object)
    _arrived = Signal(int, object)

    def __init__(self, parent: QObject | None = None, *, inline_boxes: int = INLINE_BOXES) -> None:
        super().__init__(parent)
        self._inline_boxes = inline_boxes
        self._latest = 0
        self._process: SpawnProcess | None = None
        self._waiting: Thread | None = None
        self._arrived.connect(self._on_arrived)

    def start(self, request: LayoutRequest) -> None:
        """Lays `request` out instead of any earlier one; a small one is `finished` before this returns."""
        self.stop()
        if len(request.boxes) <= self._inline_boxes:
            self.finished.emit(lay_out(request))
            return
        context = get_context("spawn")
        receiver, sender = context.Pipe(duplex=False)
        self._process = context.Process(target=answer, args=(sender, request), name="gradstep layout", daemon=True)
        self._waiting = Thread(
            target=self._wait, args=(self._latest, request, self._process, receiver, sender), daemon=True
        )
        self._waiting.start()

    def stop(self) -> None:
        """Forgets what is under way and ends its process."""
        self._latest += 1
        process, waiting = self._process, self._waiting
        self._process = self._waiting = None
        if process is None or waiting is None:
            return
        while waiting.is_alive():
            if process.pid is not None:
                process.terminate()
            waiting.join(0.01)

    def _wait(
        self, number: int, request: LayoutRequest, process: SpawnProcess, receiver: Connection, sender: Connection
    ) -> None:
        """Runs in a thread, because even starting a process blocks until it has read a large request."""
        try:
            process.start()
            sender.close()
            arrived: Layout | LayoutRequest = receiver.recv()
        except (EOFError, OSError):
            arrived = request
        finally:
            receiver.close()
        if process.pid is not None:
            process.join()
        if number == self._latest:
            self._arrived.emit(number, arrived)

    def _on_arrived(self, number: int, arrived: Layout | LayoutRequest) -> None:
        """A request that comes back is one whose process died: our own engine, which cannot, takes it."""
        if number == self._latest:
            self.finished.emit(arrived if isinstance(arrived, Layout) else lay_out(arrived, (LayeredEngine(),)))
