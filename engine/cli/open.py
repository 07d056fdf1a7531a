"""`gradstep open`: the window, on a trace or a script."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..errors import EnglishError
from ..lessons.demo import demo_file, read_demo
from ..trace.reader import Trace
from . import window
from .commands import UsageError

EPILOG = "gradstep alone opens the window empty."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `gradstep open`."""
    parser.add_argument(
        "file", metavar="FILE", type=Path, nargs="?", help="a .gradstep trace, or a script to step through"
    )
    parser.add_argument("--stop", type=int, metavar="N", help="begin at this stop of the trace's demo, counted from 1")


def run(options: argparse.Namespace) -> int:
    """Shows the window until it is closed; returns its exit code."""
    file: Path | None = options.file
    if file is None:
        return window.show(options.show_window, [])
    if not file.is_file():
        raise EnglishError(f"There is no file {file}.", "Give a .gradstep trace or a Python script.")
    if file.suffix != ".py":
        Trace(file).close()  # says at once, and here, if it is not a trace
        if options.stop is not None:
            return window.show(options.show_window, [str(file), str(_stop_of(file, options.stop))])
    elif options.stop is not None:
        raise UsageError("--stop is of a trace's demo, and a script has none.", "Give the .gradstep trace.")
    return window.show(options.show_window, [str(file), *options.script_arguments])


def _stop_of(trace: Path, stop: int) -> int:
    """A stop that there is. Raises GradstepError."""
    demo = demo_file(trace)
    if not demo.is_file():
        raise EnglishError(f"There is no demo of {trace.name}.", f"It would be {demo}, beside the trace.")
    count = len(read_demo(demo))
    if not 1 <= stop <= count:
        raise EnglishError(f"There is no stop {stop}.", f"The demo has {count}, counted from 1.")
    return stop
