"""What an evaluation asks for its names: a recorded trace answers it, or whatever else holds numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from numpy.typing import NDArray

from ...values import Statistics
from .answers import Result


class Known(Protocol):
    """A value whose numbers are read only if they are needed."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Sizes of its dimensions."""

    @property
    def statistics(self) -> Statistics | None:
        """What is known of its numbers without reading them."""

    @property
    def is_kept(self) -> bool:
        """Whether its numbers can be read."""

    def array(self) -> NDArray[Any]:
        """Its numbers. Raises NoAnswer where they are not kept."""


class Names(Protocol):
    """Everything that can be named at one place of a run."""

    def find(self, name: str) -> Result | Known | None:
        """What a name stands for ("hidden.weight.grad"), None if there is no such name.

        Raises NoAnswer where the name is known and has no value here, with the reason.
        """

    def near(self, name: str) -> Sequence[str]:
        """Names there are that look like it, best first."""
