"""The options of the commands that run a script: where, with which seed, in which Python."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..errors import GradstepError


def add_script_options(parser: argparse.ArgumentParser) -> None:
    """SCRIPT, --device, --seed, --python; the script's own arguments come after `--`."""
    parser.add_argument("script", metavar="SCRIPT", help="a Python program; what comes after -- are its arguments")
    parser.add_argument("--device", default="cpu", metavar="D", help="where new tensors are made (default: cpu)")
    parser.add_argument("--seed", type=int, metavar="N", help="seed torch, NumPy and random (default: leave them)")
    parser.add_argument("--python", type=Path, metavar="PATH", help="the Python to run it in (default: this one)")


def iteration_range(text: str | None) -> tuple[int, int | None] | None:
    """The iterations [first, last) of "A:B", "A:", ":B", or of "A" alone. Raises GradstepError for anything else."""
    if text is None:
        return None
    first, colon, last = text.partition(":")
    try:
        begin = int(first or 0)
        end = (int(last) if last else None) if colon else begin + 1
    except ValueError:
        begin, end = -1, None
    if begin < 0 or (end is not None and end <= begin) or not text:
        raise GradstepError(f"{text!r} is not a range of iterations.", "Write for example 0:10, 5:, :3, or 7.")
    return begin, end
