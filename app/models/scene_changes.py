"""What an iteration's graph has more and less than that of the iteration before. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

from app.models.built_scene import BuiltScene
from app.models.scene_builder import build_scene
from engine.trace.reader import Trace

MOST_CARDS = 600
"""Of larger graphs the one before is not built for this: jumping between iterations would take twice the time."""


@dataclass(frozen=True, slots=True)
class SceneChanges:
    """added: ids of cards that the iteration before did not have. removed: id -> title of those it had more."""

    added: frozenset[str] = frozenset()
    removed: tuple[tuple[str, str], ...] = ()

    @property
    def is_same(self) -> bool:
        """Nothing changed."""
        return not self.added and not self.removed


def changes_since(trace: Trace, built: BuiltScene, before: BuiltScene | None, *, is_growing: bool) -> SceneChanges:
    """The changes since the iteration before, the first one having none.

    before: a scene that was built already; it is used if it is the right one. is_growing: more of the iteration may be
    recorded, so that nothing can be missing from it yet.
    """
    if built.iteration < 1:
        return SceneChanges()
    if before is None or before.iteration != built.iteration - 1:
        if len(built.cards) > MOST_CARDS:
            return SceneChanges()
        before = build_scene(trace, built.iteration - 1)
    if not before.cards:
        return SceneChanges()
    titles = {card.id: card.title for card in before.scene.cards}
    gone = () if is_growing else tuple((card, titles.get(card, "")) for card in before.cards if card not in built.cards)
    return SceneChanges(frozenset(built.cards) - frozenset(before.cards), gone)
