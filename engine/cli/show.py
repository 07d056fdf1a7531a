"""`gradstep show`: prints one iteration of a trace as a table or a tree, or one event in full."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..counting import from_one
from ..errors import EnglishError
from ..events import Iteration, Phase
from ..export.described import Described
from ..export.formats import chosen_iterations, numbers_of
from ..trace.reader import Trace
from .chain_text import chain_text
from .empty import no_events
from .event_text import event_text
from .iteration_option import add_iteration
from .samples_text import epochs_text, predictions_text, rows_text
from .table_text import table_text
from .terminal import Terminal
from .tree_text import tree_text

EPILOG = """examples:
  gradstep show t.gradstep                      the table of the first iteration
  gradstep show t.gradstep --tree               its modules and events, each with its position
  gradstep show t.gradstep --iteration 20 --phase backward
  gradstep show t.gradstep --chain              its graph as a line of text, and how grad_fn leads through it
  gradstep show t.gradstep --predictions --iteration 20   what it answered beside the targets
  gradstep show t.gradstep --position 19        one event in full"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `gradstep show`."""
    parser.add_argument("trace", metavar="TRACE", type=Path, help="a .gradstep file")
    add_iteration(parser, "which one; default: 1")
    parser.add_argument("--phase", choices=[phase.value for phase in Phase], help="only this part of it")
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--table", action="store_true", help="z, a, C, gradients and updates, one a row (default)")
    shape.add_argument("--tree", action="store_true", help="phases, modules and events")
    shape.add_argument("--chain", action="store_true", help="its graph as text, and the way through grad_fn")
    shape.add_argument("--predictions", action="store_true", help="prediction beside target, a line a sample")
    shape.add_argument("--epochs", action="store_true", help="the run, a line an epoch: loss, accuracy, rows seen")
    shape.add_argument("--rows", action="store_true", help="which rows of the data the batch is, and each part has")
    shape.add_argument("--position", type=int, metavar="N", help="one event in full: its inputs, outputs and place")


def run(options: argparse.Namespace) -> int:
    """Prints; returns 0."""
    terminal = Terminal(sys.stdout)
    with Trace(options.trace) as trace:
        described = Described(trace)
        if options.position is not None:
            lines = event_text(described, _event_position(trace, options.position), terminal)
        else:
            iteration = _chosen(trace, options.iteration)
            phase = None if options.phase is None else Phase(options.phase)
            lines = [*_heading(trace, iteration, terminal), ""]
            if options.predictions:
                lines += predictions_text(trace, iteration.number, terminal)
            elif options.epochs:
                lines += epochs_text(trace, terminal)
            elif options.rows:
                lines += rows_text(trace, iteration.number, terminal)
            elif options.chain:
                lines += chain_text(described, iteration.number, terminal)
            else:
                body = [] if options.tree else table_text(described, iteration.number, phase, terminal)
                lines += body or tree_text(described, iteration.number, phase, terminal)
    for line in lines:
        print(terminal.plain(line).rstrip())
    return 0


def _chosen(trace: Trace, number: int | None) -> Iteration:
    """The iteration that was asked for, or the first one that trains."""
    if number is not None:
        return chosen_iterations(trace, number)[0]
    iterations = trace.iterations()
    if not iterations:
        raise no_events(trace)
    return next((row for row in iterations if row.number >= 0), iterations[0])


def _event_position(trace: Trace, position: int) -> int:
    if trace.event(position) is None:
        count = len(trace)
        there = f"It holds the positions 0 to {count - 1}." if count else "It holds no events."
        raise EnglishError(f"{trace.path.name} has no event at position {position}.", there)
    return position


def _heading(trace: Trace, iteration: Iteration, terminal: Terminal) -> list[str]:
    """What was run and how it ended; which iteration this is; what is wrong with the recording, if anything."""
    meta = trace.meta()
    script = Path(str(meta.get("script", trace.path.name))).name
    facts = [f"{name} {meta[name]}" for name in ("device", "seed", "torch") if meta.get(name) not in (None, "")]
    ended = _how_it_ended(meta)
    title = f"{terminal.bold(script)}  {terminal.dim(' · '.join([*facts, ended] if ended else facts))}"
    name = "the set-up" if iteration.number < 0 else f"iteration {from_one(iteration.number)}"
    place = f"{name}, events {iteration.begin} to {iteration.end - 1}"
    others = numbers_of([row for row in trace.iterations() if row.number != iteration.number]).english
    lines = [title, place if others == "none" else f"{place}  {terminal.dim(f'(besides: {others})')}"]
    if not iteration.whole:
        lines.append(terminal.dim("Larger arrays of this iteration were dropped to stay within the budget."))
    if meta.get("recorder_error"):
        last = str(meta["recorder_error"]).strip().splitlines()[-1]
        lines.append(terminal.red(f"The recording stopped before the script did, a mistake in Gradstep: {last}"))
    return lines


def _how_it_ended(meta: dict[str, object]) -> str:
    code = meta.get("exit_code")
    status = str(meta.get("status", ""))
    if status == "interrupted":
        return "ended from outside"
    if code not in (None, 0):
        return f"failed with exit code {code}"
    return {"finished": "", "running": "not ended yet, or killed"}.get(status, status)
