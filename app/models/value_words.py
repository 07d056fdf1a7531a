"""A value in a row: its shape first, then its numbers where they are few, else how large they are."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QCoreApplication

from app.models.card_states import number_text
from app.models.plain_tree import PlainItem
from engine.analysis.notation.numbers import format_number
from engine.analysis.watches.answers import Result
from engine.analysis.watches.recorded_names import RecordedValue
from engine.trace.reader import Trace
from engine.values import Value

translate = QCoreApplication.translate

MOST_PARTS = 100
"""Rows under a tensor; the tensor panel shows all of it."""
_FEW = 4
_DIGITS = 5


def shape_text(shape: tuple[int, ...]) -> str:
    """As the tensor panel says it: "84×120", "" for a single number."""
    return "×".join(map(str, shape))


def size_text(trace: Trace, value: Value) -> str:
    """Few numbers as they are, many as "norm 0.69"; with NaN and infinity said first."""
    if value.numel <= _FEW:
        array = trace.array(value.id)
        if array is not None and (text := number_text(array, _DIGITS)):
            return text
    known = value.statistics
    if known is None:
        return ""
    bad = [f"{known.nans} NaN"] * bool(known.nans) + [f"{known.infs} inf"] * bool(known.infs)
    norm = translate("values", "norm")
    return " · ".join([*bad, f"{norm} {format_number(known.norm, 4)}"])


def value_item(trace: Trace, key: str, name: str, value: int, expression: str = "") -> PlainItem:
    """A row for a recorded value; its parts along the first axis lie under it."""
    known = trace.value(value)
    cells = (name, shape_text(known.shape), size_text(trace, known))
    tip = f"{name}: {known.dtype}, {known.device}"
    load = (lambda: _parts(trace, known, ())) if known.shape and known.numel > 1 and known.kept else None
    return PlainItem(key, cells, tip, value, expression, load=load)


def result_item(trace: Trace, name: str, found: Result | RecordedValue, expression: str = "") -> PlainItem:
    """A row for whatever a name means."""
    if isinstance(found, RecordedValue):
        return value_item(trace, name, name, found.value.id, expression)
    if isinstance(found, np.ndarray):
        return PlainItem(name, (name, shape_text(found.shape), number_text(found, _DIGITS)), expression=expression)
    return PlainItem(name, (name, "", str(found)), expression=expression)


def _parts(trace: Trace, value: Value, place: tuple[int, ...]) -> list[PlainItem]:
    """Element or row [i] of a tensor, at `place` in it, for the first few i."""
    array = trace.array(value.id)
    if array is None:
        return []
    part = array[place]
    found = []
    for i in range(min(part.shape[0], MOST_PARTS)):
        one, at = part[i], (*place, i)
        name = f"[{', '.join(map(str, at))}]"
        if one.shape:
            item = PlainItem(name, (name, shape_text(one.shape), number_text(one, _DIGITS)), value=value.id)
            item.load = lambda at=at: _parts(trace, value, at)
        else:
            item = PlainItem(name, (name, "", number_text(np.asarray(one), _DIGITS)), value=value.id)
        found.append(item)
    left = part.shape[0] - len(found)
    return [*found, PlainItem("…", (f"… {left}", "", ""), is_faint=True)] if left else found
