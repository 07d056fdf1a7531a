"""The targets of losses of classes: a class's number or a probability for each, with weights, smoothed, or ignored.

A row is a place of the target: the input (N, K, d1, ...) has its classes in dimension 1, or 0 if it has no other.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from ....bilingual import Bilingual
from ...notation.expression import Expression
from ..call import Array, Call
from ..case import Backward, Forward, Index

_T = TypeVar("_T")


def has_shares(call: Call) -> bool:
    """Whether the target holds a probability for each class, and not the right one's number."""
    return call.array("target").dtype.kind == "f" and call.array("target").shape == call.array("input").shape


def smoothing(call: Call) -> float:
    """The part of the target that is spread over all classes."""
    return float(call.get("label_smoothing", 0.0))


def classes_last(call: Call, name: str = "input") -> Array:
    """The input, or probabilities as the target, with the classes as the last dimension."""
    return np.moveaxis(call.array(name), class_axis(call), -1)


def classes_first(array: Array, call: Call) -> Array:
    """The reverse of `classes_last`."""
    return np.moveaxis(array, -1, class_axis(call))


def log_softmax(z: Array) -> Array:
    """z - ln Σ eᶻ along the last dimension."""
    if not z.size:
        return z
    shifted = z - z.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))


def picked(array: Array, call: Call) -> Array:
    """The right class's number of each row; 0 in rows that are ignored."""
    found = np.take_along_axis(array, _safe_target(call)[..., None], axis=-1)[..., 0]
    return np.where(ignored(call), 0.0, found)


def row_weights(call: Call) -> Array:
    """The weight of each row's class, 0 in rows that are ignored."""
    weights = call.array("weight")[_safe_target(call)] if call.get("weight") is not None else np.float64(1.0)
    return np.where(ignored(call), 0.0, weights)


def smoothed(shares: Array, call: Call) -> Array:
    """Probabilities of which a part is spread evenly over all classes."""
    part = smoothing(call)
    return shares * (1 - part) + part / shares.shape[-1] if part else shares


def target_shares(call: Call) -> Array:
    """q: how much each class's logarithm counts in each row, of shape (rows ..., K)."""
    weight = call.array("weight") if call.get("weight") is not None else np.asarray(1.0)
    if has_shares(call):
        return np.asarray(smoothed(classes_last(call, "target"), call) * weight)
    hits = np.arange(call.array("input").shape[class_axis(call)]) == _safe_target(call)[..., None]
    return np.where(ignored(call)[..., None], 0.0, smoothed(hits.astype(np.float64), call) * weight)


def is_ignored(call: Call, row: Index) -> bool:
    """Whether a row's class says that it does not count."""
    return bool(int(call.array("target")[row]) == int(call["ignore_index"]))


def weight_at(case: Forward | Backward, k: int | str) -> list[Expression]:
    """The weight of a class as a factor; nothing without weights."""
    weight = case.operand("weight")
    return [] if weight is None else [weight.at((k,))]


def spot(row: tuple[_T, ...], k: _T) -> tuple[_T, ...]:
    """The place of a class of a row in the input. k may be a letter, to print it."""
    return (*row[:1], k, *row[1:])


def row_text(row: Index) -> Bilingual:
    """ "Row 3", "Row (3, 0)"; "The row" where there is only one."""
    if not row:
        return Bilingual("The row", "这一行")
    place = row[0] if len(row) == 1 else row
    return Bilingual(f"Row {place}", f"第 {place} 行")


def class_axis(call: Call) -> int:
    """Which dimension of the input its classes are."""
    return 0 if call.array("input").ndim == 1 else 1


def ignored(call: Call) -> Array:
    """Which rows say, by their class, that they do not count."""
    return np.asarray(call.array("target") == call["ignore_index"])


def _safe_target(call: Call) -> Array:
    """The right classes, 0 in rows that are ignored."""
    return np.where(ignored(call), 0, call.array("target")).astype(np.int64)
