"""Cards of the glossary as lines for a terminal."""

from __future__ import annotations

import textwrap
from itertools import groupby

from ..analysis.notation.printing import to_text
from ..bilingual import Bilingual
from ..glossary.card import Card
from ..glossary.shelf import CARDS
from ..lessons.beliefs import BELIEFS
from ..lessons.markdown import wrapped
from .terminal import Terminal

_WIDEST = 100
_INDENT = "  "
_FORMULA = Bilingual("Formula", "公式")
_DERIVATIVE = Bilingual("Local derivative", "局部导数")
_SHAPES = Bilingual("Shapes", "形状")
_PYTORCH = Bilingual("In PyTorch", "在 PyTorch 中")
_BELIEVED = Bilingual("Often believed", "常见的想法")
_TRUE = Bilingual("What is so", "实际上")
_RELATED = Bilingual("See also", "另见")


def card_lines(card: Card, chinese: bool, terminal: Terminal) -> list[str]:
    """All that a card says."""

    def text(words: Bilingual) -> str:
        return words.in_language(chinese)

    head = " ".join(part for part in (text(card.name), card.symbol) if part)
    lines = [f"{terminal.bold(head)}  {terminal.dim(card.key)}"]
    lines += [line for words in (card.sentence, card.more) if words for line in _wrapped(text(words), terminal)]
    for title, equations in ((_FORMULA, card.formula_lines), (_DERIVATIVE, card.derivative_lines)):
        if equations:
            lines.append(_INDENT + terminal.dim(text(title)))
            lines += [_INDENT * 2 + to_text(line.expression) for line in equations]
    if card.shapes:
        lines += [_INDENT + terminal.dim(text(_SHAPES)), _INDENT * 2 + card.shapes]
    if card.ops:
        lines += [_INDENT + terminal.dim(text(_PYTORCH)), *_wrapped(", ".join(card.ops), terminal, _INDENT * 2)]
    if card.belief:
        belief = BELIEFS[card.belief]
        for title, words in ((_BELIEVED, belief.belief), (_TRUE, belief.truth)):
            lines += _wrapped(f"{text(title)}: {text(words)}", terminal)
    if card.related:
        keys = ", ".join(f"{text(CARDS[key].name)} ({key})" for key in card.related)
        lines += _wrapped(f"{text(_RELATED)}: {keys}", terminal)
    return lines


def list_lines(chinese: bool, terminal: Terminal) -> list[str]:
    """A line a word, by groups."""
    lines: list[str] = []
    for group, cards in groupby(CARDS.values(), lambda card: card.group):
        lines += ["", terminal.bold(group.value.in_language(chinese))]
        for card in cards:
            said = f"{card.name.in_language(chinese)}: {card.sentence.in_language(chinese)}"
            shown = said if chinese else textwrap.shorten(said, max(20, terminal.width - 20), placeholder="…")
            lines.append(f"  {card.key:<18}{shown}")
    return lines[1:]


def _wrapped(text: str, terminal: Terminal, indent: str = _INDENT) -> list[str]:
    return wrapped(text, min(terminal.width, _WIDEST), indent)
