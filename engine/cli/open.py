"""`gradstep open`: the window, on a trace or a script."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..errors import EnglishError
from ..trace.reader import Trace
from . import window

EPILOG = "gradstep alone opens the window empty."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `gradstep open`."""
    parser.add_argument(
        "file", metavar="FILE", type=Path, nargs="?", help="a .gradstep trace, or a script to step through"
    )


def run(options: argparse.Namespace) -> int:
    """Shows the window until it is closed; returns its exit code."""
    file: Path | None = options.file
    if file is None:
        return window.show(options.show_window, [])
    if not file.is_file():
        raise EnglishError(f"There is no file {file}.", "Give a .gradstep trace or a Python script.")
    if file.suffix != ".py":
        Trace(file).close()  # says at once, and here, if it is not a trace
    return window.show(options.show_window, [str(file), *options.script_arguments])
