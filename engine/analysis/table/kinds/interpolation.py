"""Between which places of its input an interpolated result lies, and how much each of them counts; in one dimension.

Formulas as in ATen/native/UpSample.h: the middle of result i lies at s·(i + ½) - ½ of the input (with align_corners at
s·i), where s is the input's length over the result's.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ....bilingual import Bilingual
from ..call import UnfitError
from .windows import OUTSIDE, Axis, Places

Mode = Literal["nearest", "nearest-exact", "linear", "cubic"]

_CONTRADICTION = Bilingual(
    "its scale leaves the length as it is, and then torch's backward is not that of its forward",
    "它的缩放不改变长度，此时 torch 的反向与前向并不对应",
)

Floats = NDArray[np.float64]


def step_of(inputs: int, outputs: int, factor: float | None, *, corners: bool) -> float:
    """How far apart neighbouring results lie in the input. factor: the scale that was asked for, if it counts."""
    if corners:
        return (inputs - 1) / (outputs - 1) if outputs > 1 else 0.0
    return 1 / factor if factor else inputs / outputs


def between(mode: Mode, inputs: int, outputs: int, factor: float | None, *, corners: bool) -> Axis:
    """The places that each result is made from, and their weights."""
    step = step_of(inputs, outputs, factor, corners=corners)
    if mode in ("nearest", "nearest-exact"):
        return _nearest(inputs, outputs, step, middle=mode == "nearest-exact")
    if outputs == inputs and factor not in (None, 1) and not corners:
        # At a scale like 1.1 that leaves the length as it is, torch copies; not so its cubic's backward.
        if mode == "cubic":
            raise UnfitError(_CONTRADICTION.english, _CONTRADICTION.chinese)
        step = 1.0
    i = np.arange(outputs)
    position = step * i if corners else step * (i + 0.5) - 0.5
    if mode == "linear":
        position = np.maximum(position, 0.0)
    start = np.minimum(np.floor(position), inputs - 1)
    rest = np.clip(position - start, 0.0, 1.0)
    offsets = np.arange(2) if mode == "linear" else np.arange(-1, 3)
    weights = np.stack([1 - rest, rest], axis=1) if mode == "linear" else keys_kernel(rest[:, None] - offsets, -0.75)
    return Axis(inputs, np.clip(start[:, None].astype(np.int64) + offsets, 0, inputs - 1), weights)


def _nearest(inputs: int, outputs: int, step: float, *, middle: bool) -> Axis:
    """torch finds the places in float32 or float64, and otherwise in its backward: where these differ, it is unfit."""
    i = np.arange(outputs)
    shift = 0.5 if middle else 0.0
    tables: list[Places] = []
    for position in (step * (i + shift), np.float32(step) * (i + shift).astype(np.float32)):
        tables.append(np.minimum(np.floor(position.astype(np.float32)), inputs - 1).astype(np.int64))
    if not middle and outputs in (inputs, 2 * inputs):
        tables.append(i * inputs // outputs)
    if not all(np.array_equal(table, tables[0]) for table in tables):
        raise UnfitError(
            "rounding decides here which of two places is the nearest", "这里由舍入决定两个位置中哪一个最近"
        )
    return Axis(inputs, tables[0][:, None])


def antialiased(mode: Mode, inputs: int, outputs: int, factor: float | None, *, corners: bool) -> Axis:
    """With a filter that is as wide as the results lie apart, so that no input place is passed over."""
    step = step_of(inputs, outputs, factor, corners=corners)
    if outputs == inputs and factor not in (None, 1) and not corners:
        raise UnfitError(_CONTRADICTION.english, _CONTRADICTION.chinese)
    half = 1.0 if mode == "linear" else 2.0
    support, scale = half * max(step, 1.0), min(1 / step, 1.0) if step else 1.0
    center = step * (np.arange(outputs) + 0.5)
    first = np.maximum((center - support + 0.5).astype(np.int64), 0)
    last = np.minimum((center + support + 0.5).astype(np.int64), inputs)
    places = first[:, None] + np.arange(int(np.max(last - first, initial=1)))
    distance = (places - center[:, None] + 0.5) * scale
    weights = np.maximum(1 - np.abs(distance), 0.0) if mode == "linear" else keys_kernel(distance, -0.5)
    inside = places < last[:, None]
    weights = np.where(inside, weights, 0.0)
    return Axis(inputs, np.where(inside, places, OUTSIDE), weights / weights.sum(axis=1, keepdims=True))


def keys_kernel(distance: Floats, a: float) -> Floats:
    """Keys' cubic convolution kernel; a: its slope at 1 (en.wikipedia.org/wiki/Bicubic_interpolation)."""
    x = np.abs(distance)
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    far = ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
    return np.where(x <= 1, near, np.where(x < 2, far, 0.0))


def keys_slope(distance: Floats, a: float) -> Floats:
    """The derivative of Keys' kernel by the distance."""
    x = np.abs(distance)
    near = (3 * (a + 2) * x - 2 * (a + 3)) * x
    far = (3 * a * x - 10 * a) * x + 8 * a
    return np.sign(distance) * np.where(x <= 1, near, np.where(x < 2, far, 0.0))
