"""The samples of an iteration, the epochs of a run and the rows of its data, as text."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..analysis.data.epochs import epochs
from ..analysis.data.rows import data_rows
from ..analysis.moved.samples import Samples, samples
from ..analysis.notation.numbers import format_number
from ..counting import from_one
from ..trace.reader import Trace
from .terminal import Terminal

_DIGITS = 4
_MOST_FEATURES = 4
_WIDE = 78


def predictions_text(trace: Trace, iteration: int, terminal: Terminal) -> list[str]:
    """Prediction beside target, a line a sample."""
    found = samples(trace, iteration)
    features = 0 if found.inputs is None else min(found.inputs.shape[1], _MOST_FEATURES)
    answers = found.answers
    wide = found.outputs.shape[1]
    heads = ["sample"]
    if answers is not None:
        heads += ["predicted", "target", "p(target)", ""]
    else:
        places = [""] if wide == 1 else [f"[{i}]" for i in range(min(wide, _MOST_FEATURES))]
        heads += [f"{name}{place}" for place in places for name in ("prediction", "target", "difference")]
    heads += [f"x[{i}]" for i in range(features)]
    rows = [[str(row), *_compared(found, row), *_inputs(found, row, features)] for row in range(found.count)]
    return _columns(heads, rows, terminal)


def _compared(found: Samples, row: int) -> list[str]:
    answers = found.answers
    if answers is not None:
        best, right = int(answers.probabilities[row].argmax()), int(answers.targets[row])
        return [str(best), str(right), _number(answers.probabilities[row, right]), "" if best == right else "wrong"]
    assert found.targets is not None
    shown = min(found.outputs.shape[1], _MOST_FEATURES)
    pairs = [(found.outputs[row, i], found.targets[row, i]) for i in range(shown)]
    return [_number(number) for made, wanted in pairs for number in (made, wanted, made - wanted)]


def _inputs(found: Samples, row: int, features: int) -> list[str]:
    return [] if found.inputs is None else [_number(number) for number in found.inputs[row, :features]]


def epochs_text(trace: Trace, terminal: Terminal) -> list[str]:
    """A line an epoch."""
    found = epochs(trace)
    has_accuracy = any(one.accuracy is not None for one in found.table)
    heads = ["epoch", "iterations", "mean C", "last C", *(["accuracy"] if has_accuracy else [])]
    heads += [] if found.rows is None else ["rows seen", "more than once", "never"]
    rows = []
    for one in found.table:
        cells = [str(from_one(one.number)), f"{from_one(one.begin)}-{one.end}", _number(one.mean), _number(one.last)]
        if has_accuracy:
            cells.append("" if one.accuracy is None else f"{_number(100 * one.accuracy)} %")
        if found.rows is not None:
            cells += [str(count) for count in (one.seen, one.repeated, one.never)]
        rows.append(cells)
    return _columns(heads, rows, terminal)


def rows_text(trace: Trace, iteration: int, terminal: Terminal) -> list[str]:
    """Which rows of the data an iteration's batch is, which rows are in which part, and what its epoch saw."""
    found = epochs(trace)
    rows = data_rows(trace) if found.rows is None else found.rows
    batch = rows.batch(iteration)
    epoch = iteration // found.length
    counts = rows.seen(epoch * found.length, (epoch + 1) * found.length)[rows.pool]
    name = f" {rows.name}" if rows.name else ""
    lines = [terminal.bold(f"the data{name}: {rows.count} rows, numbered from 0")]
    for part in rows.parts:
        lines += _listed(f"  {part.name} ({len(part.rows)}): ", part.rows.tolist())
    for first, second, count in rows.shared():
        lines.append(terminal.red(f"  {first} and {second} share {count} rows"))
    if batch is not None:
        title = f"the batch of iteration {from_one(iteration)} ({len(batch)} rows)"
        lines += ["", terminal.bold(title), *_listed("  ", batch.tolist())]
    lines += [
        "",
        terminal.bold(f"epoch {from_one(epoch)}, {found.length} iterations"),
        f"  {int((counts > 0).sum())} of {len(counts)} rows seen, {int((counts > 1).sum())} more than once, "
        f"{int((counts == 0).sum())} never",
    ]
    return lines


def _listed(head: str, numbers: Sequence[int]) -> list[str]:
    """Row numbers; a stretch in order as "0-799"."""
    if len(numbers) > 2 and list(numbers) == list(range(numbers[0], numbers[0] + len(numbers))):
        return [f"{head}{numbers[0]}-{numbers[-1]}"]
    lines, line = [], head
    for place, number in enumerate(numbers):
        word = f"{number}{', ' if place + 1 < len(numbers) else ''}"
        if len(line) + len(word) > _WIDE:
            lines.append(line.rstrip())
            line = "    "
        line += word
    return [*lines, line]


def _columns(heads: Sequence[str], rows: Sequence[Sequence[str]], terminal: Terminal) -> list[str]:
    widths = [max(len(row[i]) for row in (heads, *rows)) for i in range(len(heads))]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in (heads, *rows)]
    return [terminal.dim(lines[0]), *lines[1:]]


def _number(number: float) -> str:
    return "-" if math.isnan(number) else format_number(float(number), _DIGITS, typographic=False)
