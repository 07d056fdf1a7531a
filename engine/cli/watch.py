"""`gradstep watch`: expressions over a trace's numbers, at one place or at the end of every iteration."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..analysis.watches.watch import Found, Watch, WatchError, history, parse, value
from ..counting import from_one
from ..errors import EnglishError
from ..export.formats import chosen_iterations
from ..export.plain import plain
from ..trace.reader import Trace
from .empty import no_events
from .iteration_option import add_iteration
from .terminal import Terminal

NO_ANSWER = 2
"""Exit code where no expression has a result anywhere."""

EPILOG = """examples:
  gradstep watch t.gradstep loss "norm(dC/dw1)"                  at the end of the run
  gradstep watch t.gradstep "hidden.weight.grad.abs().max()" --all
  gradstep watch t.gradstep "z1.shape" "z1 @ w2.T" --position 19
  gradstep watch t.gradstep "any(isnan(loss))" --all --csv > nan.csv

Names are parameters (hidden.weight, hidden.weight.grad), roles (z1, dC/dw1), variables of the script, loss, lr ...
docs/cli.md lists names and functions. An expression that begins with - comes after --."""


@dataclass(frozen=True, slots=True)
class _Row:
    """What all expressions are at one place. position: None at the end of an iteration."""

    iteration: int
    position: int | None
    found: tuple[Found, ...]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `gradstep watch`."""
    parser.add_argument("trace", type=Path, metavar="TRACE", help="a .gradstep file")
    parser.add_argument("expressions", nargs="*", metavar="EXPR", help="such as norm(dC/dw1); quote it for the shell")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--position", type=int, metavar="N", help="before the event at this position happens")
    add_iteration(where, "at the end of this iteration")
    where.add_argument("--all", action="store_true", help="at the end of every iteration")
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--csv", action="store_true", help="as a CSV table, a column an expression")
    shape.add_argument("--json", action="store_true", help="as JSON, arrays in full")


def run(options: argparse.Namespace) -> int:
    """Prints the results; returns 0, or 2 where no expression has one."""
    watches = [_parsed(text) for text in (*options.expressions, *options.script_arguments)]
    if not watches:
        raise EnglishError("There is nothing to watch.", 'Write an expression: gradstep watch TRACE "norm(dC/dw1)"')
    with Trace(options.trace) as trace:
        rows = _rows(trace, watches, options)
    if options.csv:
        _print_csv(watches, rows)
    elif options.json:
        print(json.dumps([_as_json(watches, row) for row in rows], indent=1))
    else:
        terminal = Terminal(sys.stdout)
        for line in _table(watches, rows) if options.all else _list(watches, rows[0], terminal):
            print(terminal.plain(line).rstrip())
    return 0 if any(found.result is not None for row in rows for found in row.found) else NO_ANSWER


def _parsed(text: str) -> Watch:
    try:
        return parse(text)
    except WatchError as error:
        shown = text.replace("\n", " ")
        raise EnglishError(f"{error.message.english}\n  {shown}\n  {' ' * error.column}^", error.hint.english) from None


def _rows(trace: Trace, watches: Sequence[Watch], options: argparse.Namespace) -> list[_Row]:
    if not trace.iterations():
        raise no_events(trace)
    if options.all:
        return _over_iterations(trace, watches, [one.number for one in trace.iterations() if one.number >= 0])
    if options.iteration is not None:
        return _over_iterations(trace, watches, [chosen_iterations(trace, options.iteration)[0].number])
    position = options.position
    if position is None:
        return _over_iterations(trace, watches, [trace.iterations()[-1].number])
    if not 0 <= position <= len(trace):
        raise EnglishError(
            f"{trace.path.name} has no position {position}.", f"Positions go from 0 to {len(trace)}, the end."
        )
    found = tuple(value(watch, trace, position) for watch in watches)
    return [_Row(trace.iteration_at(position), position, found)]


def _over_iterations(trace: Trace, watches: Sequence[Watch], iterations: list[int]) -> list[_Row]:
    columns = [history(watch, trace, iterations) for watch in watches]
    return [
        _Row(points[0].iteration, None, tuple(point.found for point in points)) for points in zip(*columns, strict=True)
    ]


def _list(watches: Sequence[Watch], row: _Row, terminal: Terminal) -> list[str]:
    """A line an expression."""
    width = max(len(watch.text) for watch in watches)
    return [
        f"{watch.text:<{width}}  "
        f"{found.text().english if found.result is not None else terminal.dim(found.reason.english)}"
        for watch, found in zip(watches, row.found, strict=True)
    ]


def _table(watches: Sequence[Watch], rows: Sequence[_Row]) -> list[str]:
    """A line an iteration."""
    cells = [["iteration", *(watch.text for watch in watches)]]
    cells += [[str(from_one(row.iteration)), *(found.text().english for found in row.found)] for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    return ["  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) for line in cells]


def _print_csv(watches: Sequence[Watch], rows: Sequence[_Row]) -> None:
    """A cell without a result is empty; an array is one cell of JSON."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["iteration", *(watch.text for watch in watches)])
    for row in rows:
        writer.writerow([row.iteration, *(_cell(found) for found in row.found)])


def _cell(found: Found) -> Any:
    if found.result is None:
        return ""
    shown = _plain(found)
    return json.dumps(shown) if isinstance(shown, list | dict) else shown


def _as_json(watches: Sequence[Watch], row: _Row) -> dict[str, Any]:
    place: dict[str, Any] = {"iteration": row.iteration}
    if row.position is not None:
        place["position"] = row.position
    return place | {"watches": [_one_as_json(*one) for one in zip(watches, row.found, strict=True)]}


def _one_as_json(watch: Watch, found: Found) -> dict[str, Any]:
    if found.result is None:
        return {"expression": watch.text, "value": None, "reason": found.reason.english}
    return {"expression": watch.text, "value": _plain(found)}


def _plain(found: Found) -> Any:
    """The result with the digits that its own format has."""
    return found.result if isinstance(found.result, str) else plain(np.asarray(found.result))
