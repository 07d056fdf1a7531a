"""`gradstep compare`: two runs side by side, event by event and number by number."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from ..analysis.compare.report import compare
from ..counting import from_one
from ..errors import EnglishError
from ..export.formats import numbers_of
from ..trace.reader import Trace
from .compare_text import report_json, report_text
from .empty import no_events
from .iteration_option import add_iteration
from .progress import ProgressLine
from .terminal import Terminal

DIFFERENT = 1
"""Exit code when the runs differ."""

EPILOG = """Events are matched by module, op, source line and occurrence, so that an added line moves nothing.
A difference of its own is one that no earlier one explains: a random draw, another setting, another line.

examples:
  gradstep compare before.gradstep after.gradstep
  gradstep compare a.gradstep b.gradstep --iteration 20
  gradstep compare cpu.gradstep cuda.gradstep --tolerance 1e-5

exit code: 0 if the runs are the same, 1 if they differ, 2 if they could not be compared"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `gradstep compare`."""
    parser.add_argument("first", metavar="TRACE1", type=Path, help="a .gradstep file")
    parser.add_argument("second", metavar="TRACE2", type=Path, help="another one")
    add_iteration(parser, "its first difference and its numbers")
    parser.add_argument(
        "--tolerance",
        type=float,
        default=0.0,
        metavar="R",
        help="numbers up to R times the largest of their tensor apart are the same (default: 0)",
    )
    parser.add_argument("--json", action="store_true", help="everything that was found, as JSON")


def run(options: argparse.Namespace) -> int:
    """Prints the report; returns 1 if the runs differ."""
    if not 0 <= options.tolerance < 1:
        raise EnglishError(f"{options.tolerance} is not a tolerance.", "Write a number from 0 to 1, for example 1e-6.")
    with Trace(options.first) as first, Trace(options.second) as second:
        for trace in (first, second):
            _check_iteration(trace, options.iteration)
        line = ProgressLine(sys.stderr)
        try:
            found = compare(
                first,
                second,
                options.iteration,
                options.tolerance,
                progress=lambda number: line.show(f"comparing iteration {from_one(number)}"),
            )
        finally:
            line.clear()
        if options.json:
            print(json.dumps(report_json(found), indent=2, allow_nan=False))
        else:
            terminal = Terminal(sys.stdout)
            for text in report_text(first, second, found, terminal):
                print(terminal.plain(text).rstrip())
    return 0 if found.same else DIFFERENT


def _check_iteration(trace: Trace, number: int | None) -> None:
    if not len(trace):
        raise no_events(trace)
    if number is not None and trace.iteration(number) is None:
        raise EnglishError(
            f"{trace.path.name} has no iteration {from_one(number)}.",
            f"It has {numbers_of(trace.iterations()).english}.",
        )
