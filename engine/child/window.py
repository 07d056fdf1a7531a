"""Records only the iterations before a given one."""

from __future__ import annotations

from ..recorder.gate import Gate
from ..recorder.recorder import Recorder


class Window:
    """Stands before another gate (or none) and ends the recording when iteration `last` begins.

    Everything before the window is recorded too: what a later iteration uses was made there. The event at which the
    end is noticed is still recorded.
    """

    def __init__(self, recorder: Recorder, gate: Gate | None, last: int) -> None:
        self._recorder = recorder
        self._gate = gate
        self._last = last

    def arrive(
        self, position: int, kind: str, name: str, phase: str, iteration: int, site: int | None, node: int | None
    ) -> bool:
        """Whether to stop before this event."""
        if iteration >= self._last:
            self._recorder.stop()
            return False
        return self._gate is not None and self._gate.arrive(position, kind, name, phase, iteration, site, node)

    def stop(self, position: int) -> bool:
        """Holds the script until it may go on. Whether something was changed by hand."""
        return self._gate is not None and self._gate.stop(position)
