"""Samples, functions and epochs as what a plot draws and a table writes."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication

from app.models.text_table import TextTable
from app.plots.points_plot import Drawn
from engine.analysis.data.epochs import Epochs
from engine.analysis.moved.fitted import Fitted
from engine.analysis.moved.function import Function
from engine.analysis.moved.samples import Samples
from engine.analysis.notation.numbers import format_number
from engine.counting import from_one

translate = QCoreApplication.translate

_DIGITS = 4
_MOST_ROWS = 5000
_MOST_FEATURES = 6


def predictions_table(found: Samples) -> TextTable:
    """A row a sample: prediction, target, difference, what went in; of a classifier class, target and probability."""
    features = 0 if found.inputs is None else found.inputs.shape[1]
    shown = features if features <= _MOST_FEATURES else 0
    heads = [translate("samples", "sample")]
    marked: set[int] = set()
    rows = []
    answers = found.answers
    wide = found.outputs.shape[1]
    if answers is not None:
        heads += [translate("samples", "predicted class"), translate("samples", "target"), "p(target)"]
        marked = set(np.flatnonzero(~answers.right).tolist())
    else:
        places = [""] if wide == 1 else [f"[{i}]" for i in range(min(wide, _MOST_FEATURES))]
        names = [
            translate("samples", "prediction"),
            translate("samples", "target"),
            translate("samples", "difference"),
        ]
        heads += [f"{name}{place}" for place in places for name in names]
    heads += [f"x[{i}]" if features > 1 else "x" for i in range(shown)]
    for row in range(min(found.count, _MOST_ROWS)):
        cells = [str(row)]
        if answers is not None:
            best, right = int(np.argmax(answers.probabilities[row])), int(answers.targets[row])
            cells += [str(best), str(right), *_numbers([answers.probabilities[row, right]])]
        elif found.targets is not None and found.errors is not None:
            for i in range(min(wide, _MOST_FEATURES) if wide > 1 else 1):
                cells += _numbers([found.outputs[row, i], found.targets[row, i], found.errors[row, i]])
        cells += [] if found.inputs is None or not shown else _numbers(found.inputs[row])
        rows.append(tuple(cells))
    return TextTable(tuple(heads), tuple(rows), frozenset(marked))


def predictions_told(found: Samples) -> str:
    """What the table says in one sentence."""
    if found.answers is not None:
        text = translate("samples", "%1 of %2 samples right; the others are marked.")
        return text.replace("%1", str(int(found.answers.right.sum()))).replace("%2", str(found.count))
    errors = found.errors
    assert errors is not None
    worst = int(np.nanargmax(np.abs(errors).max(axis=1))) if np.isfinite(errors).any() else 0
    text = translate("samples", "%1 samples; furthest off is sample %2.")
    return text.replace("%1", str(found.count)).replace("%2", str(worst))


def scatter_drawn(found: Samples, first: int, second: int) -> tuple[list[Drawn], str]:
    """Two features of each sample, by class where there are classes; and the sentence beside it."""
    assert found.inputs is not None
    x, y = found.inputs[:, first], found.inputs[:, second]
    if found.classes is None:
        return [Drawn(translate("samples", "samples"), x, y, 1, 8)], _count(found.count)
    drawn = []
    for number in np.unique(found.classes).tolist():
        own = found.classes == number
        name = translate("samples", "class %1 (%2)").replace("%1", str(number)).replace("%2", str(int(own.sum())))
        drawn.append(Drawn(name, x[own], y[own], number + 1, 8))
    return drawn, _count(found.count)


def fitted_drawn(found: Fitted) -> tuple[list[Drawn], str]:
    """The line and the data."""
    samples = found.samples
    assert samples.inputs is not None
    assert samples.targets is not None
    x = samples.inputs[:, 0]
    drawn = [
        Drawn(translate("samples", "target"), x, samples.targets[:, 0], 1, 9),
        Drawn(translate("samples", "prediction"), x, samples.outputs[:, 0], 2, 6),
        Drawn(translate("samples", "fitted line"), found.x, found.y, 2),
    ]
    bend = np.abs(np.diff(found.y, 2)).max()
    if bend < 1e-6 * max(1.0, float(np.abs(found.y).max())):
        slope = (found.y[-1] - found.y[0]) / (found.x[-1] - found.x[0])
        start = found.y[0] - slope * found.x[0]
        text = translate("samples", "y = %2 · x %3  (iteration %1, before its update)")
        sign = "+" if start >= 0 else "−"
        numbers = format_number(slope, _DIGITS), f"{sign} {format_number(abs(start), _DIGITS)}"
        parts = [str(from_one(found.iteration)), *numbers]
    else:
        text = translate("samples", "before the update of iteration %1")
        parts = [str(from_one(found.iteration))]
    for place, part in enumerate(parts, 1):
        text = text.replace(f"%{place}", part)
    return drawn, text


def function_drawn(found: Function) -> tuple[list[Drawn], str]:
    """The function, its slope, and where on both the numbers of this moment are."""
    name = found.name
    drawn = [
        Drawn(name, found.x, found.y, 1),
        Drawn(translate("samples", "slope"), found.x, found.slope, 2, is_dashed=True),
        Drawn(translate("samples", "present value"), found.at, found.values, 1, 11),
        Drawn(translate("samples", "present slope"), found.at, found.slopes, 2, 9),
    ]
    if len(found.at) == 1:
        x, y, slope = (format_number(float(one[0]), _DIGITS) for one in (found.at, found.values, found.slopes))
        return drawn, f"{name}({x}) = {y}   {name}′ = {slope}"
    flat = int((np.abs(found.slopes) < _FLAT).sum())
    text = translate("samples", "%1 numbers; the slope is nearly 0 at %2 of them.")
    return drawn, text.replace("%1", str(len(found.at))).replace("%2", str(flat))


_FLAT = 0.01


def epochs_table(found: Epochs, iteration: int) -> TextTable:
    """A row an epoch. iteration: the present one, whose epoch is current."""
    has_accuracy = any(one.accuracy is not None for one in found.table)
    heads = [
        translate("samples", "epoch"),
        translate("samples", "iterations"),
        translate("samples", "mean C"),
        translate("samples", "last C"),
    ]
    heads += [translate("samples", "accuracy")] if has_accuracy else []
    if found.rows is not None:
        heads += [
            translate("samples", "rows seen"),
            translate("samples", "more than once"),
            translate("samples", "never"),
        ]
    rows = []
    for one in found.table:
        cells = [str(from_one(one.number)), _span(from_one(one.begin), one.end), *_numbers([one.mean, one.last])]
        if has_accuracy:
            cells.append("–" if one.accuracy is None else f"{format_number(100 * one.accuracy, 3)} %")
        if found.rows is not None:
            cells += ["–" if count is None else str(count) for count in (one.seen, one.repeated, one.never)]
        rows.append(tuple(cells))
    at = iteration // found.length if 0 <= iteration // found.length < len(rows) and iteration >= 0 else None
    return TextTable(tuple(heads), tuple(rows), at=at, iterations=tuple(one.begin for one in found.table))


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def _count(count: int) -> str:
    return translate("samples", "%1 samples of this batch").replace("%1", str(count))


def _numbers(numbers: Sequence[float] | np.ndarray) -> list[str]:
    return ["–" if math.isnan(number) else format_number(float(number), _DIGITS) for number in numbers]
