"""Keeps the curves of the loss true to the run, in the plot and on the timeline, however many iterations it has."""

from __future__ import annotations

import time

import numpy as np
from PySide6.QtCore import QObject, QTimer

from app.models.curves import LossHistory
from app.plots.loss_curve import LossCurve
from app.views.timeline import Timeline
from engine.trace.reader import Trace

_READ_S = 0.008
"""So long losses are read before the window may do something else."""
_DRAWN_EVERY_S = 0.3
"""A curve that is still being read is drawn no more often."""


class Losses(QObject):
    """Reads the losses of some iterations a turn of the event loop, and draws them now and then."""

    def __init__(self, plot: LossCurve, timeline: Timeline, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._plot = plot
        self._timeline = timeline
        self._history: LossHistory | None = None
        self._answered: int | None = None
        self._drawn_at = 0.0
        self._reading_on = QTimer(self)
        self._reading_on.setSingleShot(True)
        self._reading_on.timeout.connect(self._show)

    def set_trace(self, trace: Trace | None) -> None:
        """Another trace is open, or none, which has no curve."""
        self._history = None if trace is None else LossHistory(trace)
        self._answered = None
        if trace is None:
            self._plot.set_points(np.zeros(0, np.int64), np.zeros(0, np.float64))
            self._timeline.set_losses(np.zeros(0, np.int64), np.zeros(0, np.float64))

    def show(self, answered: int | None) -> None:
        """More may be recorded. answered: the last iteration whose loss may be shown, None: all may."""
        self._answered = answered
        self._show()

    def _show(self) -> None:
        if self._history is None:
            return
        end = time.monotonic() + _READ_S
        points = self._history.points(lambda: time.monotonic() > end)
        if self._history.is_behind:
            self._reading_on.start()
            if time.monotonic() - self._drawn_at < _DRAWN_EVERY_S:
                return
        self._drawn_at = time.monotonic()
        known = points.until(self._answered)
        self._plot.set_points(known.iterations, known.losses, known.lines)
        curve = known.in_one_curve()
        self._timeline.set_losses(curve.iterations, curve.losses)
