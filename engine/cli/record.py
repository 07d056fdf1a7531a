"""`gradstep record`: runs a script in a process of its own and records it."""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import replace
from pathlib import Path

from ..errors import EnglishError
from ..session.child import Ending
from ..session.launch import Launch
from ..session.record import record
from ..trace.reader import Trace
from ..trace.schema import arrays_folder_name
from .iteration_option import iteration_range
from .progress import ProgressLine
from .script_options import add_script_options, launch_of, seconds
from .sizes import size_bytes, size_text
from .terminal import Terminal

INCOMPLETE = 3
"""Exit code when the script ended well but its trace stops before the end (a full disk, a mistake of ours)."""

NOT_NEUTRAL = (
    "note: with --level aten torch may compute a little differently: the last bits of prod, masked.prod, ormqr and "
    "LinearCrossEntropyLoss can change"
)

EPILOG = """examples:
  gradstep record train.py
  gradstep record train.py -o first.gradstep --iterations 1:10 -- --epochs 3 --lr 0.1
  gradstep record train.py --device cuda:0 --seed 1
  gradstep record train.py --python ~/envs/torch/bin/python --cwd runs --env OMP_NUM_THREADS=1 --time-limit 10m

exit code: the script's own if it is not 0; 2 if it could not be run; 3 if the trace is incomplete; 124 if it was
ended at its time limit; 130 after Ctrl-C"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `gradstep record`."""
    add_script_options(parser)
    parser.add_argument(
        "-o", "--out", type=Path, metavar="TRACE", help="the trace to write (default: the script's name, here)"
    )
    parser.add_argument(
        "--iterations", metavar="A:B", help="only A to B, from 1, both included (what they need is recorded)"
    )
    parser.add_argument(
        "--level", choices=["op", "aten"], default="op",
        help="how fine: torch operations (default), or also what they call inside, which may change last bits",
    )  # fmt: skip
    parser.add_argument("--budget", default="1GiB", metavar="SIZE", help="how much to keep of arrays (default: 1GiB)")
    parser.add_argument("--time-limit", metavar="TIME", help="end the script after 60s, 5m or 2h; its trace is kept")
    parser.add_argument(
        "-q", "--quiet", action="store_true", help="print nothing but what the script prints, and errors"
    )


def run(options: argparse.Namespace) -> int:
    """Records; returns the script's exit code."""
    out: Path = options.out or Path(f"{Path(options.script).stem}.gradstep")
    iterations = iteration_range(options.iterations)
    what = replace(launch_of(options), iterations=iterations, budget_bytes=size_bytes(options.budget))
    what = replace(what, with_aten=options.level == "aten")
    time_limit_s = seconds(options.time_limit)
    if out.suffix == ".py":
        raise EnglishError(f"{out} looks like a script, not like a trace.", "Choose a name that ends in .gradstep.")
    if what.with_aten and not options.quiet:
        print(NOT_NEUTRAL, file=sys.stderr)
    line = ProgressLine(sys.stderr, iterations and iterations[1], quiet=options.quiet or _asks(what))
    try:
        ending = record(what, out, lambda far: line.update(far.iteration, far.position, trace_bytes(out)), time_limit_s)
    finally:
        line.clear()
    return _report(ending, out, quiet=options.quiet)


def _asks(what: Launch) -> bool:
    """Whether the script seems to read from the terminal: a line on how far it is would get into its prompts."""
    if sys.stdin is None or not sys.stdin.isatty():
        return False
    try:
        text = (Path(what.folder or ".") / what.script).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return re.search(r"\binput\s*\(|\bstdin\b", text) is not None


def _report(ending: Ending, out: Path, *, quiet: bool) -> int:
    """Says on stderr what was written, and returns the exit code."""
    terminal = Terminal(sys.stderr)
    exit_code = ending.exit_code
    if ending.recorder_error:
        last = ending.incomplete.english
        print(terminal.plain(f"{terminal.red('gradstep:')} The trace {out} is incomplete. {last}"), file=sys.stderr)
        exit_code = exit_code or INCOMPLETE
    if exit_code == ending.exit_code != 0 and not quiet:
        failed = bool(ending.exception) and ending.status != "interrupted"
        how = f"The script failed (exit code {exit_code})." if failed else ending.sentence.english
        print(terminal.plain(f"{how} The trace up to there is in {out}."), file=sys.stderr)
        if ending.signal:
            print("its very last events may be missing", file=sys.stderr)
        if failed:
            print(terminal.plain(f"see what it means and what fixes it with: gradstep why {out}"), file=sys.stderr)
    elif exit_code == 0 and not quiet:
        print(terminal.plain(_summary(out)), file=sys.stderr)
    return exit_code


def _summary(out: Path) -> str:
    with Trace(out) as trace:
        count = sum(row.number >= 0 for row in trace.iterations())
        thinned = sum(not row.whole for row in trace.iterations())
        events = len(trace)
    held = f"{events:,} events in {count:,} iteration{'' if count == 1 else 's'}, {size_text(trace_bytes(out))}"
    if thinned:
        held += f" (of {thinned:,} old ones only the statistics; a larger --budget keeps more)"
    return f"wrote {out}: {held}\nlook at it with: gradstep show {out}"


def trace_bytes(trace: Path) -> int:
    """Bytes of a trace on disk, with the large arrays beside it."""
    files = [trace, *trace.with_name(arrays_folder_name(trace.name)).glob("*")]
    return sum(_file_bytes(file) for file in files)


def _file_bytes(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:  # a segment that was dropped just now
        return 0
