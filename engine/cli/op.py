"""`gradstep op`: what an operation, layer, autograd node or optimizer does, and what its gradient means."""

from __future__ import annotations

import argparse
import sys
import textwrap

from ..analysis.explain.formulas import formula_of
from ..analysis.table.lookup import Entry, entries, named, near
from ..errors import EnglishError
from .terminal import Terminal

EPILOG = """examples:
  gradstep op relu               a function or a method of tensors
  gradstep op nn.Conv2d          a module
  gradstep op AddmmBackward0     an autograd node, as grad_fn prints it
  gradstep op AdamW              an optimizer or a learning-rate scheduler
  gradstep op                    all that are known"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `gradstep op`."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="any name that PyTorch has for it (default: list all)")
    parser.add_argument("--chinese", action="store_true", help="say it in Chinese")


def run(options: argparse.Namespace) -> int:
    """Prints the rows; returns 0."""
    terminal = Terminal(sys.stdout)
    if options.name is None:
        print("\n".join(_listed(terminal, options.chinese)))
        return 0
    found, formula = named(options.name), formula_of(options.name)
    if not found and formula is None:
        alike = near(options.name)
        hint = f"Did you mean {', '.join(alike)}?" if alike else "gradstep op lists all that are known."
        raise EnglishError(f"There is no operation {options.name!r} in the table.", hint)
    lines = [line for entry in found for line in (*_lines(entry, options.chinese, terminal), "")]
    if formula is not None:
        lines.append(f"PyTorch's own formula for {formula.node}, from {formula.signature}:")
        lines += [f"  gradient of {names} = {text}" for names, text in formula.gradients]
    print(terminal.plain("\n".join(lines).rstrip()))
    return 0


def _lines(entry: Entry, is_chinese: bool, terminal: Terminal) -> list[str]:
    lines = [terminal.bold(form) for form in entry.forms]
    words = (entry.words.does, entry.words.gradient)
    for sentence in (english_and_chinese[is_chinese] for english_and_chinese in words):
        lines += textwrap.wrap(sentence, terminal.width) if sentence else []
    for title, names in (("modules", entry.modules), ("autograd nodes", entry.nodes), ("gradients of", entry.order)):
        if names:
            lines.append(terminal.dim(f"{title}: {', '.join(names)}"))
    return lines


def _listed(terminal: Terminal, is_chinese: bool) -> list[str]:
    """A line an entry: its first name and what it does."""
    lines = []
    for entry in entries():
        name = entry.forms[0].partition("(")[0]
        sentence = entry.words.does[is_chinese]
        lines.append(terminal.plain(textwrap.shorten(f"{name:<28} {sentence}", terminal.width, placeholder="…")))
    return lines
