"""The newest state of each card, out of several mappings; none is looked up before it is wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.models.scene import CardState


class LatestStates(Mapping[str, CardState]):
    """States by card id: of each card that of the mapping that had it last."""

    def __init__(self) -> None:
        self._newest: dict[str, Mapping[str, CardState]] = {}

    def update(self, states: Mapping[str, CardState]) -> None:
        """These are newer than what was known of their cards."""
        self._newest.update(dict.fromkeys(states, states))

    def __getitem__(self, card: str) -> CardState:
        return self._newest[card][card]

    def __iter__(self) -> Iterator[str]:
        return iter(self._newest)

    def __len__(self) -> int:
        return len(self._newest)
