"""Curves of a whole run: norms of gradients and weights, how large updates are, accuracy, learning rate. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from app.language import say
from app.models.tensor_history import Line
from engine.analysis.data.epochs import length_by_sizes
from engine.analysis.moved.answers import classifying
from engine.analysis.roles import roles
from engine.analysis.symbols import words_of
from engine.analysis.watches.watch import history, parse
from engine.bilingual import NOTHING, Bilingual
from engine.events import Event, Iteration
from engine.trace.reader import Trace

MOST_POINTS = 400
"""Of longer runs evenly spaced iterations are looked at."""

MOST_LAYERS = 12
_SHARE = Bilingual("accuracy", "准确率")
_AT_ONCE = 8
_SEARCHED = 3
_MOST_SIZES = 1000
"""Of longer runs nobody looks for epochs."""
Progress = Callable[[int, int], None]


class Sort(StrEnum):
    """What a set of curves is of."""

    GRADIENTS = "gradients"
    WEIGHTS = "weights"
    UPDATES = "updates"
    ACTIVATIONS = "activations"
    ACCURACY = "accuracy"
    RATE = "rate"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which curves of which trace.

    iterations: how many there are by now, so that more of them is another question. recorded: events of a run that is
    over, 0 of one that goes on: its last iteration is looked at once more when it is complete.
    """

    path: Path
    sort: Sort
    iterations: int
    recorded: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class RunCurves:
    """The lines, one a layer; where there are none, reason. every: of how many iterations one was looked at.

    epoch: iterations an epoch, None where the batches do not tell.
    """

    wanted: Wanted
    lines: tuple[Line, ...]
    every: int = 1
    reason: Bilingual = NOTHING
    epoch: int | None = None


def run_curves(wanted: Wanted, went_on: Progress | None = None) -> RunCurves:
    """Works them out from the file. Raises TraceError where that cannot be read."""
    with Trace(wanted.path) as trace:
        numbers = [one.number for one in trace.iterations() if one.number >= 0]
        every = max(1, -(-len(numbers) // MOST_POINTS))
        chosen = sorted({*numbers[::every], *numbers[-1:]})
        expressions = expressions_of(trace, wanted.sort)
        watches = {name: parse(text) for name, text in expressions.items()}
        updated = updated_weights(trace) if wanted.sort is Sort.UPDATES else {}
        found: dict[str, list[tuple[int, float]]] = {name: [] for name in (*watches, *updated)}
        reason = NOTHING
        for start in range(0, len(chosen) if found else 0, _AT_ONCE):
            if went_on is not None:
                went_on(start, len(chosen))
            part = chosen[start : start + _AT_ONCE]
            for name, weight in updated.items():
                ratios = ((at, update_ratio(trace, at, weight)) for at in part)
                found[name] += [(at, ratio) for at, ratio in ratios if ratio is not None]
            for name, watch in watches.items():
                for point in history(watch, trace, part):
                    number = point.found.number
                    reason = point.found.reason or reason
                    # Two networks take turns: an iteration without the number leaves no gap, one where it is NaN does.
                    found[name] += [] if number is None else [(point.iteration, number)]
        epoch = length_by_sizes(batch_sizes(trace))
    lines = [
        Line(name, np.array([at for at, _ in line], np.int64), np.array([number for _, number in line], np.float64))
        for name, line in found.items()
    ]
    known = tuple(line for line in lines if np.isfinite(line.numbers).any())
    return RunCurves(wanted, known, every, NOTHING if known else reason, epoch)


def expressions_of(trace: Trace, sort: Sort) -> dict[str, str]:
    """What is watched: name in the legend -> expression. Empty where the trace has nothing of the sort.

    Updates are none: a parameter's own name ("w") stands for what it is by now, and what it was has no name then.
    """
    iteration = _first_trained(trace)
    if iteration is None:
        return {}
    known = roles(trace, iteration.number).by_role
    weights = _weights(known)
    match sort:
        case Sort.GRADIENTS:
            named = {f"dC/d{weight}": f"norm(`dC/d{weight}`)" for weight in weights if f"dC/d{weight}" in known}
        case Sort.WEIGHTS:
            named = {weight: f"norm(`{weight}`)" for weight in weights}
        case Sort.UPDATES:
            return {}
        case Sort.ACTIVATIONS:
            layers = [role for role in known if role[:1] == "a" and role[1:].isdigit()]
            named = {role: f"std(`{role}`)" for role in layers[:MOST_LAYERS]}
        case Sort.ACCURACY:
            return {say(_SHARE): text for text in accuracy(trace, iteration).values()}
        case Sort.RATE:
            return {"η": "lr"}
    return {say(words_of(role)): text for role, text in named.items()}


def updated_weights(trace: Trace) -> dict[str, str]:
    """The weights that an update changed: name in the legend -> role."""
    iteration = _first_trained(trace)
    known = {} if iteration is None else roles(trace, iteration.number).by_role
    return {say(words_of(weight)): weight for weight in _weights(known) if f"new {weight}" in known}


def update_ratio(trace: Trace, iteration: int, weight: str) -> float | None:
    """‖new w − w‖ / ‖w‖ of an iteration; None where it has no update, or its numbers are not kept."""
    known = roles(trace, iteration).by_role
    before, after = (known.get(role) for role in (weight, f"new {weight}"))
    if before is None or after is None:
        return None
    old, new = trace.array(before), trace.array(after)
    if old is None or new is None or old.shape != new.shape:
        return None
    with np.errstate(all="ignore"):
        wide = old.astype(np.float64).reshape(-1)
        return float(np.linalg.norm(new.astype(np.float64).reshape(-1) - wide) / np.linalg.norm(wide))


def accuracy(trace: Trace, iteration: Iteration) -> dict[str, str]:
    """The share of right answers in a batch, where the loss says what the answers and the targets are."""
    known = roles(trace, iteration.number)
    event = classifying(trace, iteration.number) or _event_of(trace, iteration, known.by_role.get("C"))
    if event is None or len(event.inputs) < 2:
        return {}
    answers, targets = (known.symbol(slot.value) if slot.value is not None else "" for slot in event.inputs[:2])
    shapes = [trace.value(slot.value).shape for slot in event.inputs[:2] if slot.value is not None]
    if not answers or not targets or len(shapes) < 2:
        return {}
    if event.name in ("cross_entropy", "nll_loss", "multi_margin_loss") and len(shapes[1]) == len(shapes[0]) - 1:
        return {"accuracy": f"mean(argmax(`{answers}`, axis={len(shapes[1])}) == `{targets}`)"}
    if event.name in ("binary_cross_entropy", "binary_cross_entropy_with_logits"):
        limit = "0.5" if event.name == "binary_cross_entropy" else "0"
        return {"accuracy": f"mean((`{answers}` > {limit}) == (`{targets}` > 0.5))"}
    return {}


def batch_sizes(trace: Trace) -> list[int]:
    """How many samples went through the first layer, by iteration; [] where that is not known of all of them."""
    numbers = [one.number for one in trace.iterations() if one.number >= 0]
    if len(numbers) > _MOST_SIZES:
        return []
    found = [point.found.number for point in history(parse("len(`z1`)"), trace, numbers)]
    return [int(size) for size in found if size is not None] if None not in found else []


def _first_trained(trace: Trace) -> Iteration | None:
    """The first iteration that changed a parameter, else the first one."""
    found = [one for one in trace.iterations() if one.number >= 0]
    for iteration in found[:_SEARCHED]:
        if any(role.startswith("new ") for role in roles(trace, iteration.number).by_role):
            return iteration
    return found[0] if found else None


def _weights(known: Mapping[str, int]) -> list[str]:
    """The roles of weights, else of whatever was changed."""
    weights = [role for role in known if role[:1] == "w" and role[1:].isdigit()]
    return (weights or [role.removeprefix("new ") for role in known if role.startswith("new ")])[:MOST_LAYERS]


def _event_of(trace: Trace, iteration: Iteration, value: int | None) -> Event | None:
    """The op that made a value."""
    for event in trace.events(begin=iteration.begin, end=iteration.end):
        if value is not None and any(slot.value == value for slot in event.outputs):
            return event
    return None
