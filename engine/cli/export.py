"""`gradstep export`: writes a trace as something else."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..export.formats import FORMATS, export
from ..trace.reader import Trace
from .iteration_option import add_iteration
from .terminal import Terminal

EPILOG = """examples:
  gradstep export t.gradstep --to json | python -m json.tool
  gradstep export t.gradstep --to csv -o t.csv
  gradstep export t.gradstep --to npz --iteration 1"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `gradstep export`."""
    formats = "; ".join(f"{row.name}: {row.text}" for row in FORMATS)
    parser.add_argument("trace", metavar="TRACE", type=Path, help="a .gradstep file")
    parser.add_argument("--to", required=True, choices=[row.name for row in FORMATS], metavar="FORMAT", help=formats)
    parser.add_argument(
        "-o", "--out", type=Path, metavar="OUT", help="the file (default: the standard output; npz: NAME.npz)"
    )
    add_iteration(parser, "only this one; default: all")


def run(options: argparse.Namespace) -> int:
    """Exports; names the file that was written, if there is one. Returns 0."""
    with Trace(options.trace) as trace:
        written = export(trace, options.to, options.out, options.iteration)
    if written is not None:
        print(Terminal(sys.stderr).plain(f"wrote {written}"), file=sys.stderr)
    return 0
