"""`gradstep by-hand`: numbers worked out another way, held beside a trace's, and the first difference pointed out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..analysis.by_hand.beside import Beside
from ..analysis.by_hand.table import compare_table, read_table
from ..analysis.by_hand.torch_numbers import TorchNumbers
from ..errors import EnglishError
from ..session.by_hand import run_beside
from ..session.launch import Launch
from ..trace.reader import Trace
from .terminal import Terminal

DIFFERENT = 1
"""Exit code when a number differs."""

EPILOG = """NUMBERS is a CSV table (columns name, value, and where wanted number and index), or a Python script
that works with NumPy or plain Python. A script is RUN, to its end. Its variables are held beside those of
the trace that have the same name, or the role that their name means (dw1: dC/dw1). Where two numbers differ
only because the numbers that they were made from differ already, that is said, so that the lines to blame
stand out.

exit code: 0 if all numbers agree, 1 if one differs, 2 if nothing could be compared"""

_SHOWN = 12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `gradstep by-hand`."""
    parser.add_argument("trace", type=Path, metavar="TRACE", help="a trace, as gradstep record writes it")
    parser.add_argument("numbers", type=Path, metavar="NUMBERS", help="a CSV table, or a script to run (.py)")
    parser.add_argument(
        "--as", dest="renamed", action="append", default=[], metavar="OWN=TRACE'S",
        help="a name by hand and the trace's name for it, for example d_w=dC/dw1; may be given again",
    )  # fmt: skip
    parser.add_argument("--all", action="store_true", help="list every value, not only the first of each name")
    parser.add_argument("--python", type=Path, metavar="PATH", help="the Python to run a script in (default: this one)")


def run(options: argparse.Namespace) -> int:
    """Prints the two columns and the differences; returns 1 if there is one."""
    if any("=" not in pair for pair in options.renamed):
        raise EnglishError("--as needs two names.", "Write for example --as d_w=dC/dw1")
    unknown: list[str] = []
    if options.numbers.suffix == ".py":
        what = Launch(options.numbers, tuple(options.script_arguments), python=options.python)
        rows, ending = run_beside(what, options.trace, tuple(options.renamed))
        if ending.exit_code:
            print(f"gradstep: {ending.sentence.english} What came before is compared.", file=sys.stderr)
    else:
        renamed = dict(pair.split("=", 1) for pair in options.renamed)
        with Trace(options.trace) as trace:
            rows, unknown = compare_table(TorchNumbers(trace), read_table(options.numbers), renamed)
    terminal = Terminal(sys.stdout)
    if not rows:
        raise EnglishError(
            f"{options.numbers.name} and the trace have no name in common.", "Say which belong together with --as."
        )
    print("\n".join(terminal.plain(line) for line in _table(rows, options.all, terminal)))
    if unknown:
        print(terminal.plain(f"Not in the trace: {', '.join(unknown)}."))
    own = [row for row in rows if row.answer in ("differs", "shape")]
    for line in _differences(rows, own, _text_of(options.numbers), _script_of(options.trace)):
        print(terminal.plain(line))
    return DIFFERENT if own else 0


def _table(rows: list[Beside], every: bool, terminal: Terminal) -> list[str]:
    """A line a name: its first value, or the first that differs; all values if asked for."""
    shown = rows if every else _first_of_each(rows)
    width = max(4, *(len(_title(row)) for row in shown))
    lines = [terminal.bold(f"{'name':<{width}}  {'by hand':>14}  {'torch':>14}  {'difference':>10}")]
    for row in shown:
        if row.answer == "shape":
            mine, theirs = ("×".join(map(str, shape)) or "one number" for shape in row.shapes)
            lines.append(terminal.red(f"{_title(row):<{width}}  {mine:>14}  {theirs:>14}  another shape"))
            continue
        text = f"{_title(row):<{width}}  {row.by_hand:>14.7g}  {row.torch:>14.7g}  {row.difference:>10.1e}"
        match row.answer:
            case "differs":
                lines.append(terminal.red(f"{text}  differs"))
            case "follows":
                lines.append(f"{text}  {terminal.dim('follows from others')}")
            case _:
                lines.append(text)
    return lines


def _first_of_each(rows: Iterable[Beside]) -> list[Beside]:
    """For each name the first value that differs of itself, else the first that differs at all, else the first."""
    rank = {"differs": 0, "shape": 0, "follows": 1, "same": 2}
    found: dict[str, Beside] = {}
    for row in rows:
        if row.name not in found or rank[row.answer] < rank[found[row.name].answer]:
            found[row.name] = row
    return list(found.values())


def _title(row: Beside) -> str:
    place = f"[{','.join(map(str, row.where))}]" if row.where else ""
    return f"{row.name}{place}" + (f" #{row.number}" if row.number else "")


def _differences(rows: list[Beside], own: list[Beside], by_hand: _Lines, torch: _Lines) -> list[str]:
    if not own:
        return ["", f"All {len(rows)} values agree."]
    names = list(dict.fromkeys(row.name for row in own))
    follows = {row.name for row in rows if row.answer == "follows"} - set(names)
    first = own[0]
    lines = ["", f"The first difference: {_title(first)}."]
    for name in names[:_SHOWN]:
        row = next(row for row in own if row.name == name)
        lines.append(f"  {name}: {_how_often(rows, name)}")
        for where, source, line in (("by hand", by_hand, row.line), ("torch  ", torch, row.torch_line)):
            if 0 < line <= len(source.lines):
                lines.append(f"    {where}  {source.name}:{line}  {source.lines[line - 1].strip()}")
    if follows:
        lines.append(f"{len(follows)} other names differ only because these do: {', '.join(sorted(follows))}.")
    return lines


def _how_often(rows: list[Beside], name: str) -> str:
    """How many of its values differ of themselves."""
    of_name = [row for row in rows if row.name == name]
    own = sum(row.answer in ("differs", "shape") for row in of_name)
    return f"{own} of {len(of_name)} values differ" if len(of_name) > 1 else "it differs"


@dataclass(frozen=True, slots=True)
class _Lines:
    """A text by lines, and the name of its file."""

    name: str
    lines: list[str]


def _script_of(trace: Path) -> _Lines:
    """The recorded script, as it was when it ran."""
    with Trace(trace) as opened:
        source = next(iter(opened.sources()), None)
    return _Lines("", []) if source is None else _Lines(Path(source.path).name, source.text.splitlines())


def _text_of(path: Path) -> _Lines:
    return _Lines(path.name, path.read_text(encoding="utf-8", errors="replace").splitlines())
