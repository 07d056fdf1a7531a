"""Equations of convolution and pooling: one window of the input at a time.

Formulas: PyTorch's documentation of Conv2d and MaxPool2d; z[n,o,i,j] = b[o] + Σ w[o,c,u,v] x[n,c,si+du-p,sj+dv-p].
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .case import Backward, Forward, Index, MissingNumbersError, Operand, Worked, matrix_of
from .expression import Call, EquationLine, Expression, Number, Product, Row, Text
from .sums import SumOfProducts, elided, flat_add, joined, total
from .table import backward, forward


@dataclass(frozen=True, slots=True)
class Window:
    """How a kernel walks over an input: sizes, steps, padding and spacing, each (rows, columns)."""

    kernel: tuple[int, int]
    stride: tuple[int, int]
    padding: tuple[int, int]
    dilation: tuple[int, int]

    def places(self, i: int, j: int, height: int, width: int) -> list[tuple[int, int, int, int]]:
        """(u, v, row, column) of the input's elements under the kernel at output (i, j); padding is left out."""
        found = []
        for u in range(self.kernel[0]):
            for v in range(self.kernel[1]):
                row = i * self.stride[0] + u * self.dilation[0] - self.padding[0]
                column = j * self.stride[1] + v * self.dilation[1] - self.padding[1]
                if 0 <= row < height and 0 <= column < width:
                    found.append((u, v, row, column))
        return found

    def under(self, axis: int, offset: int, outputs: int, inputs: int) -> list[tuple[int, int]]:
        """(output, input) rows (axis 0) or columns (axis 1) at which one row or column of the kernel is used."""
        shift = offset * self.dilation[axis] - self.padding[axis]
        pairs = [(i, i * self.stride[axis] + shift) for i in range(outputs)]
        return [(i, place) for i, place in pairs if 0 <= place < inputs]

    def covering(self, row: int, column: int, height: int, width: int) -> Iterator[tuple[int, int, int, int]]:
        """(u, v, i, j) of the outputs (height x width of them) whose window covers an input element."""
        for u in range(self.kernel[0]):
            for v in range(self.kernel[1]):
                top, left = (
                    row + self.padding[0] - u * self.dilation[0],
                    column + self.padding[1] - v * self.dilation[1],
                )
                i, j = top // self.stride[0], left // self.stride[1]
                on_grid = top % self.stride[0] == 0 and left % self.stride[1] == 0
                if on_grid and 0 <= i < height and 0 <= j < width:
                    yield u, v, i, j


def _both(setting: Any, default: int) -> tuple[int, int]:
    """A setting for rows and columns, given as one number or two."""
    if setting is None or setting == []:
        return default, default
    if isinstance(setting, int):
        return setting, setting
    if isinstance(setting, list) and all(isinstance(part, int) for part in setting) and len(setting) in (1, 2):
        return setting[0], setting[-1]
    raise MissingNumbersError("setting")


def _setting(case: Forward | Backward, place: str, name: str) -> Any:
    return case.settings.get(name, case.settings.get(place))


def _convolution(case: Forward | Backward) -> tuple[Operand, Operand, Operand | None, Window]:
    """Input (N, C, H, W), weight (O, C, kH, kW), bias (O,). Raises MissingNumbersError for groups and other ranks."""
    x, w, b = case.needed("0", "input"), case.needed("1", "weight"), case.operand("2", "bias")
    if x.array.ndim != 4 or w.array.ndim != 4 or _setting(case, "6", "groups") not in (None, 1):
        raise MissingNumbersError(case.op.name)
    window = Window(
        (w.array.shape[2], w.array.shape[3]),
        _both(_setting(case, "3", "stride"), 1),
        _both(_setting(case, "4", "padding"), 0),
        _both(_setting(case, "5", "dilation"), 1),
    )
    return x, w, b, window


@forward("conv2d")
def conv2d(case: Forward) -> Worked:
    """The kernel times the window under it, summed over channels, plus the bias."""
    x, w, b, window = _convolution(case)
    n, o, i, j = case.index
    under = window.places(i, j, *x.array.shape[2:])
    places = [((o, c, u, v), (n, c, row, col)) for c in range(w.array.shape[1]) for u, v, row, col in under]
    corner = f"{i * window.stride[0] - window.padding[0]}+u,{j * window.stride[1] - window.padding[1]}+v"
    terms = SumOfProducts(w, x, places, ((o, "c", "u", "v"), (n, "c", corner)), "c,u,v")
    shown = _windows_line(x, w, (n, o, i, j), window)
    if b is None:
        return Worked(terms.symbols, terms.numbers, terms.computed, before=shown)
    return Worked(
        flat_add(terms.symbols, b.at((o,))),
        flat_add(terms.numbers, b.number((o,))),
        terms.computed + b.value_at((o,)),
        before=shown,
        note=f"{len(places)} products: the kernel times the window under it.",
    )


def _windows_line(x: Operand, w: Operand, place: Index, window: Window) -> tuple[EquationLine, ...]:
    """Kernel ⊙ window of the first channel as matrices, if the window lies inside and is small."""
    n, o, i, j = place
    under = window.places(i, j, *x.array.shape[2:])
    rows, columns = window.kernel
    if len(under) != rows * columns or max(rows, columns) > 5:
        return ()
    seen = np.array([x.array[n, 0, row, column] for _, _, row, column in under]).reshape(rows, columns)
    product = Product((matrix_of(w, w.array[o, 0]), matrix_of(x, seen)), "⊙")
    parts: tuple[Expression, ...] = (Text("Σ"), product)
    channels = w.array.shape[1]
    rest = f", and so for all {channels} channels" if channels > 1 else ""
    return (EquationLine(Row(parts), f"Kernel {o} on its window at row {i}, column {j}{rest}:"),)


@backward("conv2d")
def conv2d_backward(case: Backward) -> Worked:
    """dC/db = Σ G; dC/dw = Σ G times the element under that weight; dC/dx = Σ G w over windows that cover it."""
    x, w, _, window = _convolution(case)
    G = case.upstream
    batch, _, height, width = G.array.shape
    if case.wrt.name in ("2", "bias"):
        (o,) = case.index
        everywhere = [(n, o, i, j) for n in range(batch) for i in range(height) for j in range(width)]
        symbols, numbers, computed = total(G, everywhere, ("n", o, "i", "j"), "n,i,j")
        return Worked(symbols, numbers, computed, note=f"Summed over all {len(everywhere)} places.")
    if case.wrt.name in ("1", "weight"):
        o, c, u, v = case.index
        places = [
            ((n, o, i, j), (n, c, row, column))
            for i, row in window.under(0, u, height, x.array.shape[2])
            for j, column in window.under(1, v, width, x.array.shape[3])
            for n in range(batch)
        ]
        terms = SumOfProducts(G, x, places, (("n", o, "i", "j"), ("n", c, f"i+{u}", f"j+{v}")), "n,i,j")
        note = f"This weight was used at {len(places)} places; each adds its part."
        return Worked(terms.symbols, terms.numbers, terms.computed, note=note)
    n, c, row, column = case.index
    covering = list(window.covering(row, column, height, width))
    pairs = [((n, o, i, j), (o, c, u, v)) for o in range(w.array.shape[0]) for u, v, i, j in covering]
    terms = SumOfProducts(G, w, pairs, ((n, "o", "i", "j"), ("o", c, "u", "v")), "o,i,j")
    note = f"{len(covering)} windows cover this element, in each of {w.array.shape[0]} maps."
    return Worked(terms.symbols, terms.numbers, terms.computed, note=note)


def _pool(case: Forward | Backward) -> tuple[Operand, Window]:
    """Input (..., H, W). Raises MissingNumbersError where the last windows may hang over the edge."""
    x = case.needed("0", "input")
    kernel = _both(_setting(case, "1", "kernel_size"), 1)
    stride = _setting(case, "2", "stride")
    if x.array.ndim < 3 or case.settings.get("ceil_mode"):
        raise MissingNumbersError(case.op.name)
    window = Window(
        kernel,
        kernel if stride in (None, []) else _both(stride, 1),
        _both(_setting(case, "3", "padding"), 0),
        _both(case.settings.get("dilation"), 1),
    )
    return x, window


@forward("max_pool2d")
def max_pool2d(case: Forward) -> Worked:
    """The largest element of the window."""
    x, window = _pool(case)
    *front, i, j = case.index
    places = [(*front, row, column) for _, _, row, column in window.places(i, j, *x.array.shape[-2:])]
    values = [x.value_at(place) for place in places]
    winner = places[int(np.argmax(values))]
    return Worked(
        Call("max", tuple(x.at(place) for place in places)),
        Call("max", tuple(x.number(place) for place in places)),
        max(values),
        note=f"The largest stands at row {winner[-2]}, column {winner[-1]}.",
    )


@backward("max_pool2d")
def max_pool2d_backward(case: Backward) -> Worked:
    """What arrived for each window goes to the element that was its maximum (the first, if several are)."""
    x, window = _pool(case)
    G = case.upstream
    *front, row, column = case.index
    height, width = G.array.shape[-2:]
    won = []
    for _, _, i, j in window.covering(row, column, height, width):
        places = window.places(i, j, *x.array.shape[-2:])
        values = [x.value_at((*front, r, c)) for _, _, r, c in places]
        first = places[int(np.argmax(values))]
        if first[2:] == (row, column):
            won.append((*front, i, j))
    if not won:
        return Worked(Number(0), None, 0.0, note="It was no window's maximum, so no gradient comes back to it.")
    symbols, numbers = joined([G.at(place) for place in won]), joined([G.number(place) for place in won])
    note = "It was its window's maximum, so the gradient goes to it alone."
    return Worked(symbols, numbers, float(sum(G.value_at(place) for place in won)), note=note)


@forward("avg_pool2d")
def avg_pool2d(case: Forward) -> Worked:
    """The mean of the window, without padding."""
    x, window = _pool(case)
    *front, i, j = case.index
    places = [(*front, row, column) for _, _, row, column in window.places(i, j, *x.array.shape[-2:])]
    if len(places) != window.kernel[0] * window.kernel[1]:
        raise MissingNumbersError(case.op.name)
    numbers: list[Expression] = [x.number(place) for place in places]
    computed = float(np.mean([x.value_at(place) for place in places]))
    return Worked(
        Call("mean", tuple(x.at(place) for place in places[:4])),
        Call("mean", (elided(numbers, len(numbers)),)) if len(numbers) > 4 else Call("mean", tuple(numbers)),
        computed,
    )
