"""Layouts that do not freeze the window: small ones at once, large ones in another process.

A thread would not do, since the engines hold the interpreter's lock for the whole call.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QProcess, Signal

from app.views.canvas.layered import LayeredEngine
from app.views.canvas.layout import lay_out
from app.views.canvas.layout_process import command_line, layout_from, request_bytes
from app.views.canvas.placement import LayoutRequest

INLINE_BOXES = 400
"""Up to so many boxes a layout takes less than about 50 ms and is made at once."""
END_MS = 1000


class LayoutJobs(QObject):
    """Runs layouts; only the answer to the latest request is reported.

    Signals:
        finished(object): the `Layout` of the latest request.
    """

    finished = Signal(object)

    def __init__(self, parent: QObject | None = None, *, inline_boxes: int = INLINE_BOXES) -> None:
        super().__init__(parent)
        self._inline_boxes = inline_boxes
        self._process: QProcess | None = None
        self._request = LayoutRequest((), ())

    @property
    def process_id(self) -> int | None:
        """The id of the process at work, if one is."""
        return self._process.processId() or None if self._process is not None else None

    def start(self, request: LayoutRequest) -> None:
        """Lays `request` out instead of any earlier one; a small one is `finished` before this returns."""
        self.stop()
        if len(request.boxes) <= self._inline_boxes:
            self.finished.emit(lay_out(request))
            return
        self._request = request
        self._process = process = QProcess(self)
        process.finished.connect(self._on_process_finished)
        process.errorOccurred.connect(self._on_process_error)
        program, *arguments = command_line()
        process.start(program, arguments)
        process.write(request_bytes(request))
        process.closeWriteChannel()

    def stop(self) -> None:
        """Forgets what is under way and ends its process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.waitForFinished(END_MS)
            process.deleteLater()

    def _on_process_error(self, error: QProcess.ProcessError) -> None:
        """Only a process that does not start sends no `finished`."""
        if error is QProcess.ProcessError.FailedToStart:
            self._on_process_finished()

    def _on_process_finished(self) -> None:
        """Where the process could not, our own engine can, here and now."""
        process, self._process = self._process, None
        if process is None:
            return
        answer = bytes(process.readAllStandardOutput().data())
        process.deleteLater()
        try:
            layout = layout_from(answer)
        except ValueError:
            layout = lay_out(self._request, (LayeredEngine(),))
        self.finished.emit(layout)
