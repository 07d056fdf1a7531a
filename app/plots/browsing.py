"""Walking through a plot by keyboard: which of its iterations the keys are at."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from app.plots.plain_plot import PlainPlot


class Browsing(QObject):
    """Follows the keys of a plot; they begin at the run's own iteration, and are back there when the plot is left.

    Signals:
        looked_at(iteration): the keys are at another one, None: at that of the run. chosen(iteration): Enter.
    """

    looked_at = Signal(object)
    chosen = Signal(int)

    def __init__(
        self, plot: PlainPlot, iterations: Callable[[], NDArray[np.int64]], current: Callable[[], int | None]
    ) -> None:
        """iterations: those that have a point now, rising. current: that of the run now."""
        super().__init__(plot)
        self._iterations, self._current = iterations, current
        self.at: int | None = None
        plot.browsed.connect(self._on_browsed)
        plot.chosen.connect(self._on_chosen)
        plot.left.connect(lambda: self._look_at(None))

    @property
    def here(self) -> int | None:
        """The iteration that is told of: where the keys are, else that of the run."""
        return self._current() if self.at is None else self.at

    def _on_browsed(self, points: int) -> None:
        iterations, here = self._iterations(), self.here
        if len(iterations):
            at = int(np.searchsorted(iterations, -1 if here is None else here)) + points
            self._look_at(int(iterations[max(0, min(at, len(iterations) - 1))]))

    def _look_at(self, iteration: int | None) -> None:
        self.at = iteration
        self.looked_at.emit(iteration)

    def _on_chosen(self) -> None:
        if self.at is not None:
            self.chosen.emit(self.at)
