"""When Python looks through its memory for circles: while nobody moves, and not in the midst of a drag.

NOTE [Circles]
What nobody needs any more is freed at once, all but things that hold each other in a circle. To find these Python looks
through everything there is, now and then and wherever it happens to be: with a long iteration in memory that is half a
second in which nothing moves, since all threads wait. So here it looks only through what was made just now as it goes,
through everything when nobody has moved for a while, and never through what was loaded at the start.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

from app.state import AppState

PAUSE_MS = 20_000
_NEVER = 1 << 30


class Collecting(QObject):
    """Sees to that for this process, from when it is made; see NOTE [Circles]."""

    def __init__(self, parent: QObject | None = None, pause_ms: int = PAUSE_MS) -> None:
        super().__init__(parent)
        young, middle, _ = gc.get_threshold()
        gc.set_threshold(young, middle, _NEVER)
        gc.freeze()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(pause_ms)
        self._pause.timeout.connect(gc.collect)

    def watch(self, state: AppState) -> None:
        """Takes a pause in which this state does not change for an opportunity."""
        state.place_changed.connect(self._pause.start)
        state.trace_changed.connect(self._pause.start)
