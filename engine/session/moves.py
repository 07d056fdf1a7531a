"""The moves of a session: each is a pure function of what is recorded, forward or back (cursor.py).

See NOTE [Live moves] in session.py for what becomes of a forward move whose goal is not recorded yet.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import partial

from ..wire.messages import Command, FinishPhase, NextIteration, Resume, RunTo, RunToEvent, RunToName
from . import cursor
from .breakpoints import Breakpoints
from .place import Level, Place
from .recorded import Recorded


class Moves(ABC):
    """What a session can be asked to do with its place. The session says how a move is made."""

    _place: Place
    _level: Level
    _breakpoints: Breakpoints

    @abstractmethod
    def _record(self) -> Recorded:
        """What is recorded, for the calling thread."""

    @abstractmethod
    def _go(self, place: Place) -> None:
        """Makes this the place."""

    @abstractmethod
    def _forward(
        self, move: cursor.Move, command: Command | None = None, halts: bool = True, jumps: bool = False
    ) -> None:
        """Moves if the goal is recorded, else sends the child on. halts: a breakpoint on the way ends the move."""

    # Moves forward

    def into(self) -> None:
        """To the next step of the level."""
        self._forward(partial(cursor.into, level=self._level), halts=False)

    def step(self) -> None:
        """To the next step of the level, or to a breakpoint on the way: a tick of playing."""
        self._forward(partial(cursor.into, level=self._level))

    def over(self) -> None:
        """To after the module call that begins here, else to the next step."""
        self._forward(partial(cursor.over, level=self._level))

    def out(self) -> None:
        """To after the module call in whose midst one is, else to the next phase."""
        self._forward(partial(cursor.out, level=self._level))

    def continue_(self) -> None:
        """To the next breakpoint, else to the end."""
        self._forward(lambda record, place: None, Resume())

    def run_to(self, position: int, name: str = "") -> None:
        """To a position, forward or back. name: of the event that is known to come next there."""
        move = partial(cursor.to_position, position=position, level=self._level)
        command = RunToEvent(position, name) if name else RunTo(position)
        self._forward(lambda record, place: move(record), command, jumps=True)

    def to_quantity(self, iteration: int, count: int) -> None:
        """To where so many quantities of a recorded iteration are revealed, forward or back."""
        move = partial(cursor.to_quantity, iteration=iteration, count=count, level=self._level)
        self._forward(lambda record, place: move(record), jumps=True)

    def stay_in(self, iteration: int) -> None:
        """Where an iteration ends and the next begins: to the end of this one, of which all is revealed."""
        self._go(cursor.at_end(self._record(), self._place.position, self._level, iteration))

    def run_to_node(self, name: str) -> None:
        """To the next op, autograd node or module call of this name."""
        self._forward(partial(cursor.to_name, level=self._level, name=name), RunToName(name))

    def finish_phase(self) -> None:
        """To the first event of another phase."""
        self._forward(partial(cursor.finish_phase, level=self._level), FinishPhase())

    def next_iteration(self) -> None:
        """To the first event of the next iteration."""
        self._forward(partial(cursor.next_iteration, level=self._level), NextIteration())

    def end(self) -> None:
        """To the last of what is recorded; runs nothing."""
        self._go(cursor.end_of_record(self._record(), self._level))

    # Moves back: within what is recorded, always

    def back(self) -> None:
        """Undoes one step."""
        self._go(cursor.back(self._record(), self._place, self._level))

    def over_back(self) -> None:
        """To before the module call that ends here, else one step back."""
        self._go(cursor.over_back(self._record(), self._place, self._level))

    def out_back(self) -> None:
        """To before the module call in whose midst one is, else to the beginning of the phase."""
        self._go(cursor.out_back(self._record(), self._place, self._level))

    def reverse_continue(self) -> None:
        """Back to a breakpoint, else to the start."""
        self._go(cursor.back_to_breakpoint(self._record(), self._place, self._level, self._breakpoints))

    def previous_phase(self) -> None:
        """To the beginning of this phase, and from there to that of the one before."""
        found = cursor.back(self._record(), self._place, Level.PHASE)
        self._go(cursor.place_at(self._record(), found.position, self._level))

    def previous_iteration(self) -> None:
        """To the beginning of this iteration, and from there to that of the one before."""
        self._go(cursor.previous_iteration(self._record(), self._place, self._level))

    def start_of_run(self) -> None:
        """To the start of the run."""
        self._go(cursor.place_at(self._record(), 0, self._level))

    def jump_to_twin(self) -> bool:
        """From an op to the node it made, from a node to its op. False: it has none, or none that ran yet."""
        found = cursor.to_twin(self._record(), self._place, self._level)
        if found is not None:
            self._go(found)
        return found is not None
