"""Iterations on the command line: they count from 1, as in the window; 0 is what ran before the first."""

from __future__ import annotations

import argparse

from ..counting import from_zero
from ..errors import EnglishError


def add_iteration(
    parser: argparse._ActionsContainer, text: str, default: int | None = None, *, with_setup: bool = True
) -> None:
    """Adds --iteration K. text: its help. default: an index, as in the trace. with_setup: whether 0 makes sense."""
    more = " (from 1; 0: the set-up)" if with_setup else " (from 1)"
    parser.add_argument("--iteration", type=_index, default=default, metavar="K", help=text + more)


def iteration_range(text: str | None) -> tuple[int, int | None] | None:
    """The indices [first, end) of "A:B" (B included), "A:", ":B", or of "A" alone. Raises GradstepError for others."""
    if text is None:
        return None
    first, colon, last = text.partition(":")
    try:
        begin = from_zero(int(first or 1))
        end = (int(last) if last else None) if colon else begin + 1
    except ValueError:
        begin, end = -1, None
    if begin < 0 or (end is not None and end <= begin) or not text:
        raise EnglishError(f"{text!r} is not a range of iterations.", "Write for example 1:10, 5:, :3, or 7.")
    return begin, end


def _index(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = -1
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no iteration: they count from 1, and 0 is the set-up")
    return from_zero(number)
