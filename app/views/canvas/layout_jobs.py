"""Layouts that do not freeze the window: small ones at once, large ones in another process.

A thread would not do, since the engines hold the interpreter's lock for the whole call.
"""

from __future__ import annotations

from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from PySide6.QtCore import QObject, Signal

from app.views.canvas.layered import LayeredEngine
from app.views.canvas.layout import lay_out
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
        self._pool: ProcessPoolExecutor | None = None
        self._latest = 0
        self._arrived.connect(self._on_arrived)

    def start(self, request: LayoutRequest) -> None:
        """Lays `request` out; `finished` comes before this returns when the request is small."""
        self._latest += 1
        if len(request.boxes) <= self._inline_boxes:
            self.finished.emit(lay_out(request))
            return
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        number = self._latest
        try:
            future = self._pool.submit(lay_out, request)
        except BrokenProcessPool:
            self._pool = None
            self.finished.emit(lay_out(request, (LayeredEngine(),)))
            return
        future.add_done_callback(lambda done: self._report(number, request, done))

    def stop(self) -> None:
        """Forgets what is under way and ends the other process."""
        self._latest += 1
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def _report(self, number: int, request: LayoutRequest, done: Future[Layout]) -> None:
        """Runs in the pool's thread: only emits, so that Qt carries the answer over."""
        if done.cancelled() or number != self._latest:
            return
        answer = request if done.exception() else done.result()
        self._arrived.emit(number, answer)

    def _on_arrived(self, number: int, answer: Layout | LayoutRequest) -> None:
        """A request that comes back is one whose process died: our own engine, which cannot, takes it."""
        if number == self._latest:
            whole = answer if isinstance(answer, Layout) else lay_out(answer, (LayeredEngine(),))
            self.finished.emit(whole)
