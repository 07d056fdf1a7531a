"""`gradstep devices`: which devices a script can run on here."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..session.devices import devices

EPILOG = "The names are torch's, and what --device takes."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `gradstep devices`."""
    parser.add_argument("--python", type=Path, metavar="PATH", help="the Python to ask (default: this one)")


def run(options: argparse.Namespace) -> int:
    """Prints a line a device; returns 0."""
    found = devices(options.python)
    width = max(len(device.name) for device in found)
    for device in found:
        print(f"{device.name:<{width}}  {device.title}")
    return 0
