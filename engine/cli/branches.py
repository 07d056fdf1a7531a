"""`gradstep branches`: the tree of what-if runs that a trace belongs to."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from ..session.branches import Branch, tree_of
from .terminal import Terminal

EPILOG = """Looks in the folder of the trace, and in those of the traces that it comes from. The given one is marked: *

example:
  gradstep branches train.gradstep"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `gradstep branches`."""
    parser.add_argument("trace", metavar="TRACE", type=Path, help="a .gradstep file, of a run or of a branch")
    parser.add_argument("--json", action="store_true", help="the tree as JSON")


def run(options: argparse.Namespace) -> int:
    """Prints the tree."""
    root = tree_of(options.trace)
    if options.json:
        print(json.dumps(_json(root), indent=2))
        return 0
    terminal = Terminal(sys.stdout)
    for line in tree_lines(root, options.trace.resolve(), terminal):
        print(terminal.plain(line).rstrip())
    return 0


def tree_lines(root: Branch, marked: Path, terminal: Terminal) -> list[str]:
    """One line a run, its branches below it."""
    return _lines(root, marked, terminal, "", "")


def _lines(branch: Branch, marked: Path, terminal: Terminal, head: str, below: str) -> list[str]:
    mark = " *" if branch.path == marked else ""
    status = "" if branch.status == "finished" else f"  {terminal.dim(branch.status)}"
    words = f"  {branch.words.english}" if branch.words else ""
    lines = [f"{head}{terminal.bold(branch.path.name)}{mark}{words}{status}"]
    for i, child in enumerate(branch.children):
        is_last = i == len(branch.children) - 1
        lines += _lines(
            child, marked, terminal, f"{below}{'└─ ' if is_last else '├─ '}", f"{below}{'   ' if is_last else '│  '}"
        )
    return lines


def _json(branch: Branch) -> dict[str, object]:
    return {
        "trace": str(branch.path),
        "position": branch.position,
        "edits": list(branch.edits),
        "changes": list(branch.changes),
        "status": branch.status,
        "branches": [_json(child) for child in branch.children],
    }
