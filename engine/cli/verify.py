"""`gradstep verify`: runs a script bare and recorded, and compares every bit of what it leaves behind."""

from __future__ import annotations

import argparse
import sys

from ..session.verify import verify
from .script_options import add_script_options, launch_of
from .terminal import Terminal

DIFFERENT = 1
"""Exit code when recording changed something."""

EPILOG = """Compared are: exit code, standard output, every tensor that the script still holds at its end
(parameters, gradients, optimizer states), and the random number generators.

exit code: 0 if all of it is bit-identical, 1 if not, 2 if the script could not be run"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `gradstep verify`."""
    add_script_options(parser)


def run(options: argparse.Namespace) -> int:
    """Prints what was compared and each difference; returns 1 if there is one."""
    verdict = verify(launch_of(options))
    print(Terminal(sys.stdout).plain(verdict.sentence))
    if verdict.same:
        return 0
    if options.seed is None and any("recorder" not in difference for difference in verdict.differences):
        print("A script that draws random numbers without a seed differs from itself: try again with --seed 0.")
    return DIFFERENT
