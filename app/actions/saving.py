"""Saves a recording under another name, with the demo that belongs to it and what a learner explained in a lesson."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QProgressDialog, QWidget

from app.jobs import Beside, Ticket
from engine.bilingual import Bilingual
from engine.errors import TraceError
from engine.lessons.demo import DemoStop, demo_file, read_demo, write_demo
from engine.trace.copying import WentOn, copy_trace

_LONG_MS = 400
"""What takes longer shows how far it is."""


class Saving(QObject):
    """Saves traces beside the window, one at a time; what takes long shows how far it is, and can be stopped.

    Signals:
        saved(to): a Path. failed(error): a `GradstepError`.
    """

    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._box: QProgressDialog | None = None
        self._beside = Beside(self)
        self._beside.done.connect(self._on_done)
        self._beside.failed.connect(self._on_failed)
        self._beside.progressed.connect(self._on_progressed)

    def save(self, trace: Path, to: Path, explained: tuple[DemoStop, ...]) -> None:
        """Begins; see `save_trace_as`."""

        def work(ticket: Ticket) -> Path:
            save_trace_as(trace, to, explained, ticket.went_on)
            return to

        self._put_away()
        self._box = QProgressDialog(
            self.tr("Saving %1…").replace("%1", to.name), self.tr("Cancel"), 0, 100, self._window
        )
        self._box.setWindowTitle(self.tr("Save the trace"))
        self._box.setMinimumDuration(_LONG_MS)
        self._box.setAutoReset(False)
        self._box.canceled.connect(self._on_canceled)
        self._beside.ask(work)

    def finish(self) -> None:
        """Waits for what is being saved."""
        self._beside.finish()

    def close(self) -> None:
        """Nothing of it runs afterwards."""
        self._beside.close()
        self._put_away()

    def _on_progressed(self, done: int, count: int) -> None:
        if self._box is not None:
            self._box.setValue(100 * done // max(1, count))

    def _on_canceled(self) -> None:
        self._beside.cancel()
        self._put_away()

    def _on_done(self, to: object) -> None:
        self._put_away()
        self.saved.emit(to)

    def _on_failed(self, error: object) -> None:
        self._put_away()
        self.failed.emit(error)

    def _put_away(self) -> None:
        box, self._box = self._box, None
        if box is not None:
            box.hide()
            box.deleteLater()


def save_trace_as(
    trace: Path, to: Path, explained: Sequence[DemoStop] = (), went_on: WentOn = lambda done, count: None
) -> None:
    """Copies a trace with its arrays and its demo; what was there is replaced.

    explained: stops that are put behind the demo's own. went_on: as in `copy_trace`. Raises GradstepError if it fails.
    """
    copy_trace(trace, to, went_on)
    demo = demo_file(trace)
    if explained:
        write_demo(demo_file(to), (*(read_demo(demo) if demo.is_file() else ()), *explained))
        return
    if trace.resolve() != to.resolve() and demo.is_file():
        try:
            shutil.copyfile(demo, demo_file(to))
        except OSError as error:
            raise TraceError(
                Bilingual(f"The demo cannot be saved beside {to}: {error}.", f"演示无法保存到 {to} 旁边：{error}。"),
                Bilingual("Choose another folder.", "请选择另一个文件夹。"),
            ) from error
