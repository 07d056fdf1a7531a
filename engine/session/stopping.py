"""What a session answers about its breakpoints: which of them stop here, why, and where each was hit."""

from __future__ import annotations

from abc import ABC, abstractmethod

from ..bilingual import Bilingual, sentences
from .breakpoints import Breakpoint, Breakpoints
from .hits import hits_of
from .place import Place
from .recorded import Recorded


class Stopping(ABC):
    """Questions about the breakpoints of a session, at its place and in all that it has recorded."""

    _place: Place
    _breakpoints: Breakpoints

    @abstractmethod
    def _record(self) -> Recorded:
        """What is recorded, for the calling thread."""

    @property
    def why(self) -> Bilingual:
        """Why breakpoints stop here: which op made the NaN, which gradient is too large; nothing for no reason."""
        return sentences(*(sentence for _, sentence in self.stopping_here))

    @property
    def stopping_here(self) -> tuple[tuple[Breakpoint, Bilingual], ...]:
        """The breakpoints that stop at this place, each with a sentence that says why."""
        return self._breakpoints.reasons(self._record(), self._place.position)

    @property
    def hitting(self) -> tuple[Breakpoint, ...]:
        """The breakpoints that stop at this place."""
        return tuple(one for one, _ in self.stopping_here)

    def hits(self, breakpoint: Breakpoint) -> int:
        """How often a breakpoint was hit in what is recorded, whether the hits count or not."""
        return len(hits_of(self._record()).hits(breakpoint))

    def look_for_hits(self, breakpoint: Breakpoint, seconds: float) -> tuple[list[int], bool]:
        """Looks on for where a breakpoint was hit, for so long; the positions known then, and whether these are all."""
        return hits_of(self._record()).look_for(breakpoint, seconds)
