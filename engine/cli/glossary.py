"""`gradstep glossary`: the words of the field, each with meaning, formula, shapes and local derivative."""

from __future__ import annotations

import argparse
import sys

from ..errors import EnglishError
from ..glossary.shelf import find, named, near
from .glossary_text import card_lines, list_lines
from .language_option import add_language, speaks_chinese
from .terminal import Terminal

EPILOG = """examples:
  gradstep glossary                    all words
  gradstep glossary leaf               one of them
  gradstep glossary "learning rate"    by its name
  gradstep glossary nn.Conv2d          by what PyTorch calls it
  gradstep glossary 梯度累加 --language zh"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `gradstep glossary`."""
    parser.add_argument("term", nargs="?", metavar="TERM", help="a word, an operation, a layer (default: list all)")
    add_language(parser)


def run(options: argparse.Namespace) -> int:
    """Prints a card, or all words in short; returns 0."""
    terminal = Terminal(sys.stdout)
    is_chinese = speaks_chinese(options)
    if options.term is None:
        lines = list_lines(is_chinese, terminal)
    else:
        found = named(options.term)
        if found is None:
            alike = near(options.term) or [card.key for card in find(options.term)[:4]]
            hint = f"Did you mean {', '.join(alike)}?" if alike else "gradstep glossary lists all words."
            raise EnglishError(f"There is no {options.term!r} in the glossary.", hint)
        lines = card_lines(found, is_chinese, terminal)
    print(terminal.plain("\n".join(lines)))
    return 0
