"""What the recorder asks and tells around each event, so that somebody can hold the script there."""

from __future__ import annotations

from typing import Protocol

from ..trace.batch import Row


class Gate(Protocol):
    """Stands before each event; may hold the script there."""

    def arrive(
        self, position: int, kind: str, name: str, phase: str, iteration: int, site: int | None, node: int | None
    ) -> bool:
        """Whether to stop before the event at `position`."""

    def stop(self, position: int) -> bool:
        """Holds the script until it may go on. All before `position` is in the trace, and the event as pending.

        True: something was changed by hand, so that the event must be looked at again.
        """


class Watcher(Protocol):
    """Is told of each event while somebody waits for one. Rows are those of `Batch.events`."""

    def arriving(self, row: Row) -> None:
        """An event is about to happen; the gate is asked next."""

    def over(self, row: Row) -> None:
        """An event is over."""

    def raised(self, row: Row) -> bool:
        """An event has raised: whether to stop at it."""
