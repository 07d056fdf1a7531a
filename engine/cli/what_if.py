"""`gradstep what-if`: runs a trace's script again with one thing changed, and compares the two runs."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from pathlib import Path

from ..analysis.compare.report import compare
from ..analysis.edit_places import place_of
from ..bilingual import Bilingual
from ..counting import from_one
from ..errors import EnglishError
from ..export.formats import numbers_of
from ..session.branches import next_name
from ..session.what_if import Plan, Setting, Tried, what_if
from ..trace.reader import Trace
from ..wire.changes import ACTIVATIONS, LOSSES, OPTIMIZERS, changes_of
from .compare_text import report_json, report_text
from .iteration_option import add_iteration
from .progress import ProgressLine
from .script_options import seconds
from .terminal import Terminal

EPILOG = f"""This runs the code of the script again: with the same seed, arguments, device, Python and folder.
With --set, the new run is first proved to be the same one up to the place where a value is changed. What the script
prints is in the new trace.

  --set "w1 = 1.2"              a parameter, before the forward pass of the iteration reads it
  --set "a1[0, 2] = 0.5"        one element of an activation, right after it was computed
  --set "dC/dz1 = dC/dz1 * 2"   a gradient, where it arrives in the backward pass
  --set "lr = 0.5"              the learning rate, before the iteration's update

  --change optimizer=adam       {", ".join(OPTIMIZERS)}
  --change lr=0.1               also momentum=0.9 and weight_decay=0.01
  --change output=sigmoid       what the network answers goes through this function
  --change activation=tanh      all activations, or one: relu=tanh;
                                {", ".join(ACTIVATIONS[:9])},
                                {", ".join(ACTIVATIONS[9:])}
  --change loss=l1              {", ".join(LOSSES)}
  --change seed=3               another seed, also where the script seeds itself

examples:
  gradstep what-if hello.gradstep --set "a1 = 0.5" --cut
  gradstep what-if train.gradstep --iteration 3 --set "hidden.weight[0] = hidden.weight[0] * 2"
  gradstep what-if train.gradstep --at 120 --set "lr = 0.01" -o slower.gradstep
  gradstep what-if train.gradstep --change lr=0.1 --change optimizer=momentum

exit code: 0 if the branch ran, 2 if it could not be made; how the script ended is printed"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `gradstep what-if`."""
    parser.add_argument("trace", metavar="TRACE", type=Path, help="a .gradstep file, of a run or of a branch")
    parser.add_argument("--set", metavar="'TARGET = VALUE'", dest="settings", action="append", default=[])
    parser.add_argument("--at", metavar="PLACE", help="a position or a name (default: where the target can be changed)")
    add_iteration(parser, "the iteration of --at and --set; default: 1")
    parser.add_argument(
        "--cut", action="store_true", help="a changed activation is a constant; by default its gradient goes on"
    )
    parser.add_argument("--change", metavar="WHAT=TO", dest="changes", action="append", default=[])
    parser.add_argument("-o", "--out", type=Path, metavar="TRACE", help="the branch to write (default: beside TRACE)")
    parser.add_argument("--time-limit", metavar="TIME", help="give up after 60s, 5m or 2h")
    parser.add_argument("--json", action="store_true", help="what came of it and the comparison, as JSON")


def run(options: argparse.Namespace) -> int:
    """Makes the branch and prints the comparison."""
    changes_of(tuple(options.changes))
    settings = tuple(_setting(text, keep_gradient=not options.cut) for text in options.settings)
    if options.cut and not settings:
        raise EnglishError("--cut says what --set does to gradients, and there is none.", "Add --set 'a1 = 0.5'.")
    if settings and options.changes:
        raise EnglishError(
            "--set at a place and --change from the start are two questions.", _one_after_the_other(options)
        )
    with Trace(options.trace) as trace:
        plan = Plan(_position(trace, options, settings), settings, tuple(options.changes))
    out: Path = options.out or next_name(options.trace)
    line = ProgressLine(sys.stderr)
    limit_s = seconds(options.time_limit)

    def tell(words: Bilingual) -> None:
        line.show(words.english)

    try:
        tried = (
            what_if(options.trace, plan, out, tell)
            if limit_s is None
            else what_if(options.trace, plan, out, tell, limit_s)
        )
    finally:
        line.clear()
    with Trace(options.trace) as first, Trace(out) as second:
        report = compare(first, second)
        if options.json:
            print(json.dumps({**_json(tried), "comparison": report_json(report)}, indent=2, allow_nan=False))
            return 0
        terminal = Terminal(sys.stdout)
        for text in (*_lines(tried), "", *report_text(first, second, report, terminal)):
            print(terminal.plain(text).rstrip())
    return 0


def _one_after_the_other(options: argparse.Namespace) -> str:
    """The two commands for a value that is set in a run with changes."""
    changed = next_name(options.trace)
    changes = "".join(f" --change {shlex.quote(text)}" for text in options.changes)
    settings = "".join(f" --set {shlex.quote(text)}" for text in options.settings)
    settings += "" if options.at is None else f" --at {shlex.quote(options.at)}"
    settings += "" if options.iteration is None else f" --iteration {from_one(options.iteration)}"
    settings += " --cut" if options.cut else ""
    return (
        "First the change, then the value in the branch that comes of it:\n"
        f"  gradstep what-if {shlex.quote(str(options.trace))}{changes} -o {shlex.quote(str(changed))}\n"
        f"  gradstep what-if {shlex.quote(str(changed))}{settings}"
    )


def _setting(text: str, *, keep_gradient: bool) -> Setting:
    """ "w1 = 1.2" in its two parts."""
    target, sign, value = text.partition("=")
    if not sign or not target.strip() or not value.strip() or value.startswith("="):
        raise EnglishError(f"{text} sets nothing.", "Write it as in --set 'w1 = 1.2'.")
    return Setting(target.strip(), value.strip(), keep_gradient)


def _position(trace: Trace, options: argparse.Namespace, settings: tuple[Setting, ...]) -> int | None:
    """Where the values are set; None for changes from the start."""
    if not settings:
        if options.at is not None:
            raise EnglishError("--at is a place for --set.", "A --change holds from the start of the run.")
        return None
    if options.at is not None and options.at.isdecimal():
        return int(options.at)
    number = 0 if options.iteration is None else options.iteration
    if trace.iteration(number) is None:
        raise EnglishError(
            f"There is no iteration {from_one(number)}.", f"There are {numbers_of(trace.iterations()).english}."
        )
    return place_of(trace, options.at or settings[0].target.partition("[")[0].strip(), number)


def _lines(tried: Tried) -> list[str]:
    """What was done, in sentences."""
    lines = []
    if tried.same is not None:
        weak = f" ({tried.same.by_statistics} values by their statistics only)" if tried.same.by_statistics else ""
        lines.append(f"The same run up to position {tried.same.events}: all events and numbers are equal{weak}.")
    for edit in tried.edits:
        lines.append(edit.told.english)
    for text, count in tried.applied.items():
        lines.append(f"{text}: took effect {count} time{'' if count == 1 else 's'}.")
    lines += [*(note.english for note in tried.notes), tried.ending.sentence.english, f"The branch is {tried.trace}."]
    return lines


def _json(tried: Tried) -> dict[str, object]:
    return {
        "trace": str(tried.trace),
        "same_up_to": None if tried.same is None else tried.same.events,
        "edits": [
            {
                "position": one.position,
                "what": one.what,
                "target": one.target,
                "old": one.old.english,
                "new": one.new.english,
            }
            | {"gradient": one.gradient, "note": one.note.english}
            for one in tried.edits
        ],
        "applied": tried.applied,
        "notes": [note.english for note in tried.notes],
        "exit_code": tried.ending.exit_code,
        "ending": tried.ending.sentence.english,
    }
