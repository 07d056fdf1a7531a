"""`gradstep explain`: one number of a trace as an equation, with the numbers put in."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..analysis.explain.chain import Chain, chain
from ..analysis.explain.explainer import explain
from ..analysis.explain.explanation import Explanation
from ..analysis.notation.expression import EquationLine
from ..analysis.notation.printing import to_latex, to_text
from ..analysis.notation.walking import in_language
from ..analysis.quantities import Quantity, quantities
from ..analysis.table.case import MissingNumbersError
from ..counting import from_one
from ..errors import EnglishError
from ..trace.reader import Trace
from .iteration_option import add_iteration
from .language_option import add_language, speaks_chinese
from .terminal import Terminal

EPILOG = """examples:
  gradstep explain hello.gradstep dC/dw1           a gradient, and the chain rule down to it
  gradstep explain lenet.gradstep z1 --element 0,2,5,5
  gradstep explain hello.gradstep --position 7     whatever happened at position 7
  gradstep explain hello.gradstep "new w1" --latex"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `gradstep explain`."""
    parser.add_argument("trace", type=Path, metavar="TRACE", help="a trace, as gradstep record writes it")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("quantity", nargs="?", metavar="QUANTITY", help="its symbol: z1, a1, C, dC/dw1, new w1 ...")
    what.add_argument("--position", type=int, metavar="N", help="the event at this position instead")
    add_iteration(parser, "the quantity's iteration; default: 1", 0)
    parser.add_argument("--element", metavar="I,J", help="the place in the value, counted from 0 (default: the first)")
    parser.add_argument("--latex", action="store_true", help="print the equations as LaTeX")
    add_language(parser)


def run(options: argparse.Namespace) -> int:
    """Prints the explanation; returns 0."""
    terminal, chinese = Terminal(sys.stdout), speaks_chinese(options)
    element = _element(options.element)
    with Trace(options.trace) as trace:
        quantity = None if options.quantity is None else _quantity(trace, options.quantity, options.iteration)
        found = _explained(trace, options.position if quantity is None else quantity, element)
        _check_element(found, element)
        path = None if quantity is None else _chain(trace, quantity, element)
    lines = [*found.lines, *([] if path is None else path.lines)]
    if options.latex:
        print("\n".join(to_latex(line.expression) for line in lines))
        return 0
    print(terminal.plain(terminal.bold(found.caption.in_language(chinese))))
    about = found.about.in_language(chinese)
    if about:
        print(terminal.plain(about))
    for line in lines:
        print(terminal.plain(_line(line, terminal, chinese)))
    for note in (*found.notes, *([path.rest] if path is not None and path.rest else [])):
        print(terminal.plain(terminal.dim(note.in_language(chinese))))
    return 0


def _element(text: str | None) -> tuple[int, ...] | None:
    if text is None:
        return None
    try:
        return tuple(int(part) for part in text.strip("()[]").split(",") if part.strip())
    except ValueError:
        raise EnglishError(f"{text!r} is not a place in a value.", "Write for example 0,2.") from None


def _quantity(trace: Trace, symbol: str, iteration: int) -> Quantity:
    if trace.iteration(iteration) is None:
        last = max((found.number for found in trace.iterations()), default=-1)
        raise EnglishError(f"The trace has no iteration {from_one(iteration)}.", f"Its last one is {from_one(last)}.")
    found = quantities(trace, iteration)
    for quantity in found:
        if symbol in (quantity.symbol, quantity.text):
            return quantity
    known = ", ".join(dict.fromkeys(quantity.symbol for quantity in found))
    raise EnglishError(f"Iteration {from_one(iteration)} has no quantity {symbol!r}.", f"It has: {known or 'none'}.")


def _explained(trace: Trace, what: int | Quantity, element: tuple[int, ...] | None) -> Explanation:
    try:
        return explain(trace, what, element)
    except KeyError:
        raise EnglishError(
            f"The trace has no event at position {what}.", f"Positions go from 0 to {len(trace) - 1}."
        ) from None


def _check_element(found: Explanation, element: tuple[int, ...] | None) -> None:
    if element is not None and found.worked and found.element not in (None, element):
        raise EnglishError(
            f"There is no element {','.join(map(str, element))}.",
            f"The value has {len(found.element or ())} dimensions; see: gradstep show TRACE --position N",
        )


def _chain(trace: Trace, quantity: Quantity, element: tuple[int, ...] | None) -> Chain | None:
    try:
        return chain(trace, quantity, element)
    except (ValueError, MissingNumbersError):
        # Arrays of old iterations are dropped to stay within the budget.
        return None


def _line(line: EquationLine, terminal: Terminal, chinese: bool) -> str:
    text = f"  {to_text(in_language(line.expression, chinese))}"
    return f"{terminal.dim(line.caption.in_language(chinese))}\n{text}" if line.caption else text
