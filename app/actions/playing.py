"""Plays: makes a step of the level again and again, so many a second, until something stops it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from app.actions.run_control import RunControl
from app.state import AppState, Status


class Player(QObject):
    """Plays until a breakpoint, the end, a pause, or any other move. Never begins by itself.

    A step that the script has not come to yet is waited for: playing is never faster than the script.
    """

    def __init__(self, state: AppState, run: RunControl, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._run = run
        self._has_stepped = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._step)
        run.interrupted.connect(self.stop)
        state.trace_changed.connect(self.stop)

    def toggle(self) -> None:
        """Begins to play, or stops; pauses a script that runs without being played."""
        if self._state.is_playing:
            self.stop()
        elif self._state.status is Status.RECORDING:
            self._run.go_on()
        elif self._state.can_go_forward:
            self._has_stepped = False
            self._state.set_playing(True)
            self._step()
            self._timer.start()

    def stop(self) -> None:
        """Stays where one is."""
        self._timer.stop()
        self._state.set_playing(False)

    def set_speed(self, steps_a_second: int) -> None:
        """How many steps are made in a second, from now on."""
        self._timer.setInterval(max(1, round(1000 / steps_a_second)))

    def _step(self) -> None:
        state = self._state
        if not self._run.is_settled:
            return
        if not state.can_go_forward or (self._has_stepped and state.reasons):
            self.stop()
            return
        self._has_stepped = True
        self._run.play_step()
