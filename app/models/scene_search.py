"""Finds cards by what a user types: name, op, symbol, role, parameter or module. No Qt."""

from __future__ import annotations

from app.models.scene import Card, Scene
from engine.analysis.symbols import text_of


def found_cards(scene: Scene, query: str) -> tuple[str, ...]:
    """Ids of the cards that have all words of the query in them, best matches first, else in the order of the scene.

    Case does not count. A card whose name or symbol is the query comes before one that only contains it.
    """
    words = query.casefold().split()
    if not words:
        return ()
    classes = {cluster.path: cluster.class_name for cluster in scene.clusters}
    found: list[tuple[int, str]] = []
    for card in scene.cards:
        texts = _texts(card, classes.get(card.cluster, ""))
        if all(any(word in text for text in texts) for word in words):
            exact = any(words == text.split() for text in texts)
            found.append((0 if exact else 1, card.id))
    return tuple(card for _, card in sorted(found, key=lambda one: one[0]))


def _texts(card: Card, class_name: str) -> tuple[str, ...]:
    """All that a card can be found by, in lower case."""
    texts = [card.title, card.symbol, text_of(card.symbol), ".".join(card.cluster), class_name, card.kind]
    texts += [text for pill in card.pills for text in (pill.text, text_of(pill.text), pill.id.partition("@")[0])]
    return tuple(text.casefold() for text in texts if text)
