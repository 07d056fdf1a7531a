"""All cards, and how one is found: by its key, by a word that is typed, by what a program calls it, by a symbol."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from functools import lru_cache

from ..analysis.table.lookup import Entry, entries
from ..bilingual import Bilingual, same
from .card import Card, Group
from .cards import (
    activations,
    autograd,
    gradients,
    images,
    layers,
    losses,
    numbers,
    optimizers,
    sequences,
    shapes,
    tracing,
    training,
)

_ROWS = (
    *numbers.CARDS, *gradients.CARDS, *autograd.CARDS, *training.CARDS, *optimizers.CARDS, *shapes.CARDS,
    *activations.CARDS, *losses.CARDS, *layers.CARDS, *images.CARDS, *sequences.CARDS, *tracing.CARDS,
)  # fmt: skip

CARDS: Mapping[str, Card] = {card.key: card for card in _ROWS}
"""The words by key, in the order of the glossary."""

_OF_SYMBOLS = (
    (r"new .*", "update"),
    (r"(clipped|scaled) .*", "clipping"),
    (r"dC/dw\d*.*", "grad_W"),
    (r"dC/db\d*.*", "grad_b"),
    (r"dC/dz\d*.*", "grad_z"),
    (r"dC/da\d*.*", "grad_a"),
    (r"dC/d.*", "gradient"),
    (r"\w+'\(.*", "slope"),
    (r"C", "loss"),
    (r"w\d*(\[\d+\])?", "W"),
    (r"([xbtza])\d*(\[\d+\])?", r"\1"),
)


def card_of_op(name: str) -> Card | None:
    """The card of an event's, module's or autograd node's name: "relu_", "nn.ReLU", "ReluBackward0".

    An op without a card of its own has one of the table's words; None for a name that nothing is known of.
    """
    last = name.rpartition(".")[2]
    for wanted in (last, last.rstrip("_"), last.rstrip("0123456789"), last.rstrip("_0123456789")):
        key = _keys_of_ops().get(wanted)
        if key is not None:
            return all_cards()[key]
    return None


def card_of_symbol(symbol: str) -> Card | None:
    """The card of a role's short text: "z1", "dC/dw2[0]", "s'(z1)", "new w1"; None for what is no quantity."""
    for pattern, key in _OF_SYMBOLS:
        found = re.fullmatch(pattern, symbol, re.DOTALL)
        if found is not None:
            return CARDS[found.expand(key) if "\\" in key else key]
    return None


@lru_cache(maxsize=1)
def all_cards() -> Mapping[str, Card]:
    """The words and, behind them, every operation that has none of them, by key."""
    taken = {name for card in _ROWS for name in card.ops}
    free = [entry for entry in entries() if not taken & {form.partition("(")[0] for form in entry.forms}]
    return {**CARDS, **{card.key: card for card in map(_card_of_entry, free)}}


def spoken(key: str, words: str, chinese: bool) -> str:
    """A word as a text has it: the words that stand there, without the marks of code, else its card's name."""
    found = CARDS.get(key)
    return words.strip("`") or (key if found is None else found.name.in_language(chinese))


def find(typed: str) -> list[Card]:
    """The cards that a text leads to, the closest first: key, name in either language, symbol, then what is said."""
    wanted = typed.strip().casefold()
    if not wanted:
        return list(all_cards().values())
    scored = []
    for number, card in enumerate(all_cards().values()):
        score = _distance(card, wanted)
        if score is not None:
            scored.append((score + (card.group is Group.OPERATIONS), number, card))
    return [card for *_, card in sorted(scored, key=lambda one: one[:2])]


def named(name: str) -> Card | None:
    """The card that a name means: its key, its name in either language, its symbol, or what a program calls it."""
    wanted = name.strip().casefold()
    for card in _ROWS:
        if wanted in _names(card):
            return card
    return card_of_op(name.strip())


def near(name: str) -> list[str]:
    """Names like one that nothing answers to, best first."""
    known = [known for card in all_cards().values() for known in (card.key, card.name.english, *card.ops)]
    return difflib.get_close_matches(name, list(dict.fromkeys(known)), n=4, cutoff=0.6)


@lru_cache(maxsize=1)
def _keys_of_ops() -> Mapping[str, str]:
    """The key of the card that a program's name has; a row's own names come before those of the table."""
    return {name: card.key for card in reversed(list(all_cards().values())) for name in card.ops}


def _names(card: Card) -> list[str]:
    said = "|".join((card.said.english, card.said.chinese)).split("|")
    names = (card.key, card.name.english, card.name.chinese, card.symbol, *said)
    return [name.casefold() for name in names if name]


def _distance(card: Card, wanted: str) -> int | None:
    names = [*_names(card), *(name.casefold() for name in card.ops)]
    if wanted in names:
        return 0
    if any(name.startswith(wanted) for name in names):
        return 1
    if any(wanted in name for name in names):
        return 2
    text = " ".join((card.sentence.english, card.sentence.chinese, card.more.english, card.more.chinese)).casefold()
    return 3 if all(part in text for part in wanted.split()) else None


def _card_of_entry(entry: Entry) -> Card:
    names = tuple(dict.fromkeys(form.partition("(")[0] for form in entry.forms))
    does, gradient = Bilingual(*entry.words.does), Bilingual(*entry.words.gradient)
    return Card(
        f"op.{names[0]}", Group.OPERATIONS, same(names[0]), does, gradient, ops=(*names, *entry.modules, *entry.nodes)
    )
