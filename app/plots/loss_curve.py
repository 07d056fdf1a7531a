"""The loss over iterations, beside that of other runs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from app.plots.iteration_plot import IterationPlot
from app.plots.series import Series
from app.theme import Theme


class LossCurve(IterationPlot):
    """Shows C over the iterations; branches and other runs (another optimizer) lie over it under their names."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._own = Series("C", np.zeros(0, np.int64), np.zeros(0, np.float64))
        self._lines: NDArray[np.int64] | None = None
        self._overlays: tuple[Series, ...] = ()
        self._runs: tuple[Series, ...] = ()
        self._own_name = self.tr("this run")
        self.set_symbol(
            "C", self.tr("Loss over the iterations"), self.tr("The loss appears here after the first iteration.")
        )

    @property
    def overlays(self) -> tuple[Series, ...]:
        """The other runs' curves."""
        return self._overlays

    def set_points(
        self, iterations: NDArray[np.int64], losses: NDArray[np.float64], lines: NDArray[np.int64] | None = None
    ) -> None:
        """Shows these losses (not finite ones leave gaps) over whole iteration numbers from 0, which count from 1.

        lines: of source that made them; each gets a curve of its own.
        """
        self._own, self._lines = Series(self._own.name, iterations, losses), lines
        self._show()

    def set_overlays(self, overlays: Sequence[Series], own_name: str = "") -> None:
        """Lays other runs' curves over this one; an empty sequence takes them away.

        overlays: each with a name of its own ("Adam", "lr = 0.5"). own_name: what this run is called in the legend.
        """
        self._overlays = tuple(overlays)
        self._own_name = own_name or self.tr("this run")
        self._show()

    def set_runs(self, runs: Sequence[Series]) -> None:
        """Lays the losses of other traces over this one's, beside whatever branches there are."""
        self._runs = tuple(runs)
        self._show()

    def set_symbol(self, symbol: str, name: str, nothing: str) -> None:
        """Shows something else than C.

        symbol: what its numbers are called, empty for its name. name: what it is, for who cannot see. nothing: told
        where it has no points.
        """
        self._own = Series(symbol or name, self._own.iterations, self._own.numbers)
        self.set_words(name, nothing)
        self._show()

    def _show(self) -> None:
        own = self._own
        if self._overlays or self._runs:
            own = Series(self._own_name, own.iterations, own.numbers)
        self.set_series((*self._by_line(own), *self._overlays, *self._runs))

    def _by_line(self, own: Series) -> list[Series]:
        lines = self._lines
        found = [] if lines is None else list(dict.fromkeys(lines.tolist()))
        if lines is None or len(found) < 2:
            return [own]
        word = self.tr("%1, line %2").replace("%1", own.name)
        return [
            Series(word.replace("%2", str(line)), own.iterations[lines == line], own.numbers[lines == line])
            for line in found
        ]
