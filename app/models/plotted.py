"""What a plot is asked for: which one it is, and where the window stands."""

from __future__ import annotations

from dataclasses import dataclass

LOSS, SURFACE, PROBABILITIES, REGIONS = "loss", "surface", "probabilities", "regions"
PREDICTIONS, SCATTER, FIT, FUNCTION, EPOCHS, ROWS = "predictions", "scatter", "fit", "function", "epochs", "rows"
OF_SAMPLES = (PREDICTIONS, SCATTER, FIT, FUNCTION, EPOCHS, ROWS)
"""Those of an iteration's samples and of the run's data."""


@dataclass(frozen=True, slots=True)
class PlotPlace:
    """iteration: -1 before the first. iterations: how many there are by now. position: of the event that is looked at.

    answered: the last iteration whose answers are shown, where a lesson asks for the present one's; None: this one.
    """

    iteration: int = -1
    iterations: int = 0
    position: int = 0
    answered: int | None = None

    @property
    def shown(self) -> int:
        """The iteration whose answers are shown; less than 0 where none are so far."""
        return self.iteration if self.answered is None else min(self.iteration, self.answered)

    def knows(self, iteration: int) -> bool:
        """Whether all of an iteration may be told."""
        return self.answered is None or iteration < self.iteration
