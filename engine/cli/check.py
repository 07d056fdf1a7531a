"""`gradstep check`: recomputes a trace in NumPy, event by event and as a whole, and prints what differs."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from ..analysis.verdict.report import Report, check, usual_iterations
from ..bilingual import NOTHING, Bilingual
from ..counting import from_one
from ..export.formats import chosen_iterations
from ..trace.reader import Trace
from .empty import no_events
from .iteration_option import add_iteration
from .language_option import add_language, speaks_chinese
from .progress import ProgressLine
from .report_text import report_json, report_text
from .terminal import Terminal

DIFFERENT = 1
"""Exit code when something differs."""

EPILOG = """Every op is computed again in NumPy float64 from its recorded inputs, every gradient from what arrived, by
the op's derivative and by central differences, every update by the optimizer's rule. Then whole forward passes
are computed again with a parameter moved a little.

examples:
  gradstep check t.gradstep                     the first, second and last iteration
  gradstep check t.gradstep --all               all of them
  gradstep check t.gradstep --iteration 20 --no-whole

exit code: 0 if nothing differs, 1 if something does, 2 if it could not be carried out"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `gradstep check`."""
    parser.add_argument("trace", metavar="TRACE", type=Path, help="a .gradstep file")
    which = parser.add_mutually_exclusive_group()
    add_iteration(which, "only this one")
    which.add_argument("--all", action="store_true", help="all iterations, and the set-up")
    parser.add_argument("--json", action="store_true", help="everything that was found, as JSON, in English")
    add_language(parser)
    parser.add_argument(
        "--whole",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="replay whole forward passes too (default)",
    )


def run(options: argparse.Namespace) -> int:
    """Prints the report; returns 1 if something differs."""
    with Trace(options.trace) as trace:
        numbers, note = _chosen(trace, options)
        line = ProgressLine(sys.stderr)
        try:
            report = check(
                trace,
                numbers,
                whole=options.whole,
                progress=lambda number, done, events: line.show(
                    f"checking iteration {from_one(number)} · {done:,} of {events:,}"
                ),
            )
        finally:
            line.clear()
        if options.json:
            print(json.dumps(report_json(trace, report), indent=2, allow_nan=False))
        else:
            _print(report, trace, note, speaks_chinese(options))
    return 0 if report.agrees else DIFFERENT


def _chosen(trace: Trace, options: argparse.Namespace) -> tuple[list[int], Bilingual]:
    """The iterations to check, and a sentence if there are more."""
    if options.iteration is not None or options.all:
        return [row.number for row in chosen_iterations(trace, options.iteration)], NOTHING
    numbers, count = usual_iterations(trace)
    if not numbers:
        raise no_events(trace)
    if len(numbers) == count:
        return numbers, NOTHING
    return numbers, Bilingual(
        f"There are {count} iterations; --all checks all of them.", f"共有 {count} 次迭代；--all 会全部核对。"
    )


def _print(report: Report, trace: Trace, note: Bilingual, chinese: bool) -> None:
    terminal = Terminal(sys.stdout)
    for line in [
        *report_text(trace, report, terminal, chinese),
        *([terminal.dim(note.in_language(chinese))] if note else []),
    ]:
        print(terminal.plain(line).rstrip())
