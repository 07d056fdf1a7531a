"""Recurrent layers in numpy: one step of each kind of cell, and a layer through time, forward and backward.

NOTE [Packed rows]
A sequence is kept as torch packs it: the rows of all time steps under one another, (total, features), with the number
of rows of each step in `sizes`, which never grows. A cell is a sequence of one step.

Formulas: PyTorch's documentation of RNNCell, LSTMCell and GRUCell; back through time: the chain rule, step by step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

import numpy as np

from ..call import Array
from .special_functions import logistic


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Of one layer in one direction. ih: (gates · H, features), hh: (gates · H, R), biases: (gates · H,) or 0.

    hr: (R, H), the projection of an LSTM's result, None where R is H.
    """

    ih: Array
    hh: Array
    b_ih: Array | float = 0.0
    b_hh: Array | float = 0.0
    hr: Array | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """One step. x, h, c: what came in; from_x, from_h: W x + b of both, (rows, gates · H).

    gates: by letter, each (rows, H). raw: the result before a projection; new_h, new_c: the result.
    """

    x: Array
    h: Array
    c: Array
    from_x: Array
    from_h: Array
    gates: Mapping[str, Array]
    raw: Array
    new_h: Array
    new_c: Array


@dataclass(frozen=True, slots=True, eq=False)
class MomentBack:
    """Gradients of one step. arrived, cell: dC/d(raw), dC/d(new_c) in all. from_x, from_h: of W x + b of both.

    h, c: what goes on to the step before, h without what goes through `from_h`.
    """

    arrived: Array
    cell: Array
    from_x: Array
    from_h: Array
    h: Array | float
    c: Array


class Cell:
    """A kind of cell. letters: of its gates, in the order of the rows of its weights."""

    letters: ClassVar[tuple[str, ...]] = ("h",)

    def step(self, x: Array, h: Array, c: Array, weights: Weights) -> Moment:
        """One step ahead."""
        from_x = x @ weights.ih.T + weights.b_ih
        from_h = h @ weights.hh.T + weights.b_hh
        gates, raw, new_c = self.combine(from_x, from_h, h, c)
        new_h = raw if weights.hr is None else raw @ weights.hr.T
        return Moment(x, h, c, from_x, from_h, gates, raw, new_h, new_c)

    def combine(self, from_x: Array, from_h: Array, h: Array, c: Array) -> tuple[dict[str, Array], Array, Array]:
        """The gates, the result and the new cell state."""
        raise NotImplementedError

    def back(self, moment: Moment, arrived: Array, cell: Array) -> MomentBack:
        """One step back. arrived: dC/d(raw); cell: dC/d(new_c)."""
        raise NotImplementedError


class Tanh(Cell):
    """h' = tanh(W x + b + U h + b)."""

    def combine(self, from_x: Array, from_h: Array, h: Array, c: Array) -> tuple[dict[str, Array], Array, Array]:
        new_h = np.tanh(from_x + from_h)
        return {"h": new_h}, new_h, c

    def back(self, moment: Moment, arrived: Array, cell: Array) -> MomentBack:
        slope = arrived * (1 - moment.raw**2)
        return MomentBack(arrived, cell, slope, slope, 0.0, cell)


class Relu(Cell):
    """h' = max(0, W x + b + U h + b)."""

    def combine(self, from_x: Array, from_h: Array, h: Array, c: Array) -> tuple[dict[str, Array], Array, Array]:
        new_h = np.maximum(from_x + from_h, 0)
        return {"h": new_h}, new_h, c

    def back(self, moment: Moment, arrived: Array, cell: Array) -> MomentBack:
        slope = arrived * (moment.raw > 0)
        return MomentBack(arrived, cell, slope, slope, 0.0, cell)


class Lstm(Cell):
    """c' = f c + i g, h' = o tanh(c'); i, f, o through sigmoid, g through tanh."""

    letters = ("i", "f", "g", "o")

    def combine(self, from_x: Array, from_h: Array, h: Array, c: Array) -> tuple[dict[str, Array], Array, Array]:
        i, f, g, o = np.split(from_x + from_h, 4, axis=1)
        i, f, g, o = logistic(i), logistic(f), np.tanh(g), logistic(o)
        new_c = f * c + i * g
        return {"i": i, "f": f, "g": g, "o": o}, o * np.tanh(new_c), new_c

    def back(self, moment: Moment, arrived: Array, cell: Array) -> MomentBack:
        i, f, g, o = (moment.gates[letter] for letter in self.letters)
        squeezed = np.tanh(moment.new_c)
        cell = cell + arrived * o * (1 - squeezed**2)
        slopes = [
            cell * g * i * (1 - i),
            cell * moment.c * f * (1 - f),
            cell * i * (1 - g**2),
            arrived * squeezed * o * (1 - o),
        ]
        slope = np.concatenate(slopes, axis=1)
        return MomentBack(arrived, cell, slope, slope, 0.0, cell * f)


class Gru(Cell):
    """h' = (1 - z) n + z h, n = tanh(W x + b + r (U h + b)); r and z through sigmoid."""

    letters = ("r", "z", "n")

    def combine(self, from_x: Array, from_h: Array, h: Array, c: Array) -> tuple[dict[str, Array], Array, Array]:
        (r_x, z_x, n_x), (r_h, z_h, n_h) = np.split(from_x, 3, axis=1), np.split(from_h, 3, axis=1)
        r, z = logistic(r_x + r_h), logistic(z_x + z_h)
        n = np.tanh(n_x + r * n_h)
        return {"r": r, "z": z, "n": n}, (1 - z) * n + z * h, c

    def back(self, moment: Moment, arrived: Array, cell: Array) -> MomentBack:
        r, z, n = (moment.gates[letter] for letter in self.letters)
        n_h = np.split(moment.from_h, 3, axis=1)[2]
        to_n = arrived * (1 - z) * (1 - n**2)
        to_z = arrived * (moment.h - n) * z * (1 - z)
        to_r = to_n * n_h * r * (1 - r)
        from_x = np.concatenate([to_r, to_z, to_n], axis=1)
        from_h = np.concatenate([to_r, to_z, to_n * r], axis=1)
        return MomentBack(arrived, cell, from_x, from_h, arrived * z, cell)


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One layer in one direction, through time. moments: by time step; spans: the rows of each; see NOTE [Packed rows].

    output: (total, R). last_h, last_c: (rows, R or H).
    """

    cell: Cell
    weights: Weights
    moments: Sequence[Moment]
    spans: Sequence[slice]
    order: Sequence[int]
    output: Array
    last_h: Array
    last_c: Array


@dataclass(frozen=True, slots=True, eq=False)
class LayerBack:
    """Gradients of a layer. moments: by time step. projected: dC/d(new_h) in all, (total, R)."""

    moments: Sequence[MomentBack]
    projected: Array
    x: Array
    h: Array
    c: Array
    weights: Weights


def through_time(
    cell: Cell, weights: Weights, x: Array, sizes: Sequence[int], h: Array, c: Array, *, reverse: bool
) -> Layer:
    """A layer through time. x: (total, features); h, c: the first state, (rows, R or H)."""
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(int)
    spans = [slice(int(a), int(b)) for a, b in pairwise(starts)]
    order = range(len(sizes))[:: -1 if reverse else 1]
    h, c = h.astype(np.float64), c.astype(np.float64)
    output = np.zeros((x.shape[0], h.shape[1]))
    moments: list[Moment | None] = [None] * len(sizes)
    for t in order:
        rows = sizes[t]
        moment = moments[t] = cell.step(x[spans[t]], h[:rows].copy(), c[:rows].copy(), weights)
        h[:rows], c[:rows] = moment.new_h, moment.new_c
        output[spans[t]] = moment.new_h
    return Layer(cell, weights, [m for m in moments if m is not None], spans, order, output, h, c)


def back_through_time(layer: Layer, arrived: Array, last_h: Array, last_c: Array) -> LayerBack:
    """Back through time. arrived: dC/d(output), (total, R); last_h, last_c: dC/d(last state)."""
    weights = layer.weights
    h, c = last_h.astype(np.float64), last_c.astype(np.float64)
    projected = np.zeros(arrived.shape)
    moments: list[MomentBack | None] = [None] * len(layer.moments)
    for t in reversed(layer.order):
        moment, span = layer.moments[t], layer.spans[t]
        rows = span.stop - span.start
        projected[span] = arrived[span] + h[:rows]
        raw = projected[span] if weights.hr is None else projected[span] @ weights.hr
        back = moments[t] = layer.cell.back(moment, raw, c[:rows])
        h[:rows], c[:rows] = back.from_h @ weights.hh + back.h, back.c
    found = [moment for moment in moments if moment is not None]
    return LayerBack(found, projected, _input_gradient(layer, found), h, c, _weight_gradients(layer, found, projected))


def _input_gradient(layer: Layer, moments: Sequence[MomentBack]) -> Array:
    return np.concatenate([moment.from_x @ layer.weights.ih for moment in moments])


def _weight_gradients(layer: Layer, moments: Sequence[MomentBack], projected: Array) -> Weights:
    """Sums over all time steps and rows."""
    pairs = list(zip(layer.moments, moments, strict=True))
    from_x = np.concatenate([back.from_x for _, back in pairs])
    from_h = np.concatenate([back.from_h for _, back in pairs])
    x, h = (np.concatenate(parts) for parts in zip(*((m.x, m.h) for m, _ in pairs), strict=True))
    raw = np.concatenate([moment.raw for moment, _ in pairs])
    hr = None if layer.weights.hr is None else projected.T @ raw
    return Weights(from_x.T @ x, from_h.T @ h, from_x.sum(axis=0), from_h.sum(axis=0), hr)
