"""`gradstep op`: what an operation, layer, autograd node or optimizer does, and what its gradient means."""

from __future__ import annotations

import argparse
import sys
import textwrap

from ..analysis.explain.formulas import formula_of
from ..analysis.table.lookup import Entry, entries, named, near
from ..bilingual import Bilingual
from ..errors import EnglishError
from .language_option import add_language, speaks_chinese
from .terminal import Terminal

EPILOG = """examples:
  gradstep op relu               a function or a method of tensors
  gradstep op nn.Conv2d          a module
  gradstep op AddmmBackward0     an autograd node, as grad_fn prints it
  gradstep op AdamW              an optimizer or a learning-rate scheduler
  gradstep op                    all that are known"""


_MODULES = Bilingual("modules", "模块")
_NODES = Bilingual("autograd nodes", "自动微分节点")
_GRADIENTS = Bilingual("gradients of", "对这些求梯度")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `gradstep op`."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="any name that PyTorch has for it (default: list all)")
    add_language(parser)


def run(options: argparse.Namespace) -> int:
    """Prints the rows; returns 0."""
    terminal, is_chinese = Terminal(sys.stdout), speaks_chinese(options)
    if options.name is None:
        print("\n".join(_listed(terminal, is_chinese)))
        return 0
    found, formula = named(options.name), formula_of(options.name)
    if not found and formula is None:
        alike = near(options.name)
        hint = f"Did you mean {', '.join(alike)}?" if alike else "gradstep op lists all that are known."
        raise EnglishError(f"There is no operation {options.name!r} in the table.", hint)
    lines = [line for entry in found for line in (*_lines(entry, is_chinese, terminal), "")]
    if formula is not None:
        said = Bilingual(
            f"PyTorch's own formula for {formula.node}, from {formula.signature}:",
            f"PyTorch 自己对 {formula.node} 的公式，来自 {formula.signature}：",
        )
        lines.append(said.in_language(is_chinese))
        gradients = [Bilingual(f"gradient of {x}", f"{x} 的梯度").in_language(is_chinese) for x, _ in formula.gradients]
        lines += [f"  {x} = {text}" for x, (_, text) in zip(gradients, formula.gradients, strict=True)]
    print(terminal.plain("\n".join(lines).rstrip()))
    return 0


def _lines(entry: Entry, is_chinese: bool, terminal: Terminal) -> list[str]:
    lines = [terminal.bold(form) for form in entry.forms]
    words = (entry.words.does, entry.words.gradient)
    for sentence in (english_and_chinese[is_chinese] for english_and_chinese in words):
        lines += textwrap.wrap(sentence, terminal.width) if sentence else []
    for title, names in ((_MODULES, entry.modules), (_NODES, entry.nodes), (_GRADIENTS, entry.order)):
        if names:
            colon = "：" if is_chinese else ": "
            lines.append(terminal.dim(f"{title.in_language(is_chinese)}{colon}{', '.join(names)}"))
    return lines


def _listed(terminal: Terminal, is_chinese: bool) -> list[str]:
    """A line an entry: its first name and what it does."""
    lines = []
    for entry in entries():
        name = entry.forms[0].partition("(")[0]
        sentence = entry.words.does[is_chinese]
        lines.append(terminal.plain(textwrap.shorten(f"{name:<28} {sentence}", terminal.width, placeholder="…")))
    return lines
