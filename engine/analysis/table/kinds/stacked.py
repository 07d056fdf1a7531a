"""Rows of recurrent ops: layers and directions on top of one another, computed, differentiated and explained.

A row says by `stack` what its call means; a cell is a stack of one layer and one step. See NOTE [Packed rows].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from ....bilingual import NOTHING, Bilingual, sentences
from ...notation.expression import EquationLine, Expression, Partial, Product, Symbol
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Index, Worked
from ..operation import Operation
from ..sums import flat_add
from .gate_lines import memory_line, slope_line, unit_lines
from .inner_numbers import Inner, number_inside, sum_of_products, sum_over
from .recurrence import Cell, Layer, LayerBack, Weights, back_through_time, through_time


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """What a recurrent call means.

    x: (total, features); sizes: rows of each step; h, c: (layers · directions, N, R or H). weights, keys: of each layer
    and direction, and the arguments' keys by the names of `Weights`. input_key, state_keys: those of x, h and c.
    """

    cell: Cell
    x: Array
    sizes: tuple[int, ...]
    h: Array
    c: Array
    weights: tuple[Weights, ...]
    keys: tuple[Mapping[str, str], ...]
    input_key: str
    state_keys: tuple[str, ...]
    directions: int = 1
    batch_first: bool = False
    is_packed: bool = False
    is_cell: bool = False

    @property
    def frame(self) -> tuple[int, ...]:
        """The shape of all rows: (T, N), or (total,) where steps have different numbers of rows."""
        if self.is_cell or self.is_packed:
            return (self.x.shape[0],)
        return (len(self.sizes), self.sizes[0] if self.sizes else 0)

    def ahead(self) -> list[Layer]:
        """Each layer and direction through time."""
        layers: list[Layer] = []
        x = self.x
        for first in range(0, len(self.weights), self.directions):
            own = range(first, first + self.directions)
            layers += [
                through_time(self.cell, self.weights[i], x, self.sizes, self.h[i], self.c[i], reverse=i > first)
                for i in own
            ]
            x = np.concatenate([layers[i].output for i in own], axis=1)
        return layers

    def back(self, layers: Sequence[Layer], arrived: Array, h: Array, c: Array) -> list[LayerBack]:
        """Each layer and direction back through time, from the gradients of the output and of the last states."""
        found: list[LayerBack] = []
        for first in reversed(range(0, len(layers), self.directions)):
            parts = np.split(arrived, self.directions, axis=1)
            own = [
                back_through_time(layers[first + d], parts[d], h[first + d], c[first + d]) for d in range(len(parts))
            ]
            arrived = np.sum([back.x for back in own], axis=0)
            found = [*own, *found]
        return found

    def folded(self, rows: Array) -> Array:
        """Packed rows in the shape of the input or output."""
        if self.is_cell or self.is_packed:
            return rows
        steps = rows.reshape(*self.frame, rows.shape[-1])
        return steps.swapaxes(0, 1) if self.batch_first else steps

    def flat(self, array: Array) -> Array:
        """An array in the shape of the output as packed rows."""
        if self.is_cell or self.is_packed:
            return array
        return (array.swapaxes(0, 1) if self.batch_first else array).reshape(self.x.shape[0], array.shape[-1])

    def step_of(self, index: Index) -> tuple[int, int]:
        """The time step and row of a place of the input or output."""
        if self.is_cell:
            return 0, index[0]
        if self.is_packed:
            ends = np.cumsum(self.sizes)
            t = int(np.searchsorted(ends, index[0], side="right"))
            return t, index[0] - int(ends[t]) + self.sizes[t]
        return (index[1], index[0]) if self.batch_first else (index[0], index[1])

    def of_row(self, row: int) -> Stack:
        """The same for one row of the batch only."""
        starts = np.concatenate([[0], np.cumsum(self.sizes)]).astype(int)
        places = [int(start) + row for start, size in zip(starts[:-1], self.sizes, strict=True) if row < size]
        h, c = self.h[:, row : row + 1], self.c[:, row : row + 1]
        return replace(self, x=self.x[places], sizes=(1,) * len(places), h=h, c=c)


class Recurrent(Operation):
    """A row of a recurrent op; it says by `stack` what a call means. has_cell: it has a memory c besides h."""

    cell: ClassVar[Cell]
    has_cell: ClassVar[bool] = False

    def stack(self, call: Call) -> Stack:
        """What the call means."""
        raise NotImplementedError

    def forward(self, call: Call) -> list[Array]:
        """The output of all steps (not of a cell), and the last state and memory."""
        stack = self.stack(call)
        layers = stack.ahead()
        states = [np.stack([layer.last_h for layer in layers])]
        if self.has_cell:
            states.append(np.stack([layer.last_c for layer in layers]))
        if stack.is_cell:
            return [state[0] for state in states]
        last = [layer.output for layer in layers[-stack.directions :]]
        return [stack.folded(np.concatenate(last, axis=1)), *states]

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """Back through time."""
        stack = self.stack(call)
        backs = self._back(stack, stack.ahead(), upstream)
        found = {stack.input_key: stack.folded(_input_gradient(stack, backs))}
        for key, name in zip(stack.state_keys, ("h", "c"), strict=False):
            states = np.stack([getattr(back, name) for back in backs])
            found[key] = states[0] if stack.is_cell else states
        for keys, back in zip(stack.keys, backs, strict=True):
            found |= {key: np.asarray(getattr(back.weights, name)) for name, key in keys.items()}
        return found

    def equation(self, case: Forward) -> Worked:
        """The gates of one unit at one step, and its result."""
        stack = self.stack(case.call)
        if case.place and not (stack.is_cell and self.has_cell):
            return Worked(Symbol("h"), None, float(self.forward(case.call)[case.place][case.index]))
        step, row = stack.step_of(case.index)
        layers = stack.of_row(row).ahead()
        direction, unit = divmod(case.index[-1], layers[-1].output.shape[1]) if not case.place else (0, case.index[-1])
        layer = layers[len(layers) - stack.directions + direction]
        moment, weights = layer.moments[step], layer.weights
        note = _where(stack, step, row, unit, direction, len(layers) // stack.directions)
        if weights.hr is not None and not case.place:
            whole = Inner(Symbol("m"), moment.raw[0])
            pairs = [((unit, k), (k,)) for k in range(moment.raw.shape[1])]
            projection = Inner(Symbol("W", superscript="hr"), weights.hr)
            symbols, numbers, computed = sum_of_products(projection, whole, pairs, ((unit, "k"), ("k",)), "k")
            return Worked(symbols, numbers, computed, note=sentences(note, _PROJECTED))
        lines, symbols, numbers = unit_lines(self.cell, moment, weights, 0, unit)
        if case.place:
            symbols, numbers = memory_line(moment, 0, unit)
            return Worked(symbols, numbers, float(moment.new_c[0, unit]), before=lines[:-1], note=note)
        return Worked(symbols, numbers, float(moment.raw[0, unit]), before=lines, note=note)

    def gradient_equation(self, case: Backward) -> Worked:
        """Sums over steps and rows for weights, over gates and units for an input or a state."""
        stack = self.stack(case.call)
        layers = stack.ahead()
        backs = self._back(stack, layers, case.arrived)
        if case.key == stack.input_key:
            return _input_equation(stack, backs, case)
        if case.key in stack.state_keys:
            return _state_equation(stack, layers, backs, case)
        for i, keys in enumerate(stack.keys):
            for name, key in keys.items():
                if key == case.key:
                    return _weight_equation(stack, i, name, layers[i], backs[i], case)
        raise UnfitError("it has no gradient", "它没有梯度")

    def _back(self, stack: Stack, layers: Sequence[Layer], upstream: Sequence[Array]) -> list[LayerBack]:
        if stack.is_cell:
            c = upstream[1][None] if self.has_cell else np.zeros_like(stack.c)
            return stack.back(layers, np.zeros_like(upstream[0]), upstream[0][None], c)
        c = upstream[2] if self.has_cell else np.zeros_like(stack.c)
        return stack.back(layers, stack.flat(upstream[0]), upstream[1], c)


def _input_gradient(stack: Stack, backs: Sequence[LayerBack]) -> Array:
    return np.asarray(np.sum([back.x for back in backs[: stack.directions]], axis=0))


def _where(stack: Stack, step: int, row: int, unit: int, direction: int, layers: int) -> Bilingual:
    if stack.is_cell:
        return Bilingual(f"Unit {unit} of row {row}.", f"第 {row} 行的第 {unit} 个单元。")
    last = back = NOTHING
    if layers > 1:
        last = Bilingual(
            f", in the last of {layers} layers, whose x is the layer below",
            f"，位于 {layers} 层中的最后一层，它的 x 是下面一层的结果",
        )
    if direction:
        back = Bilingual(
            ", in the direction back from the end, whose h is that of the step after",
            "，属于从末尾往回的方向，它的 h 是后一步的",
        )
    where = Bilingual(f"Unit {unit} of row {row} at step {step}", f"第 {step} 步第 {row} 行的第 {unit} 个单元")
    return where + last + back + Bilingual(".", "。")


def _weight_equation(stack: Stack, which: int, name: str, layer: Layer, back: LayerBack, case: Backward) -> Worked:
    """Σ over steps and rows of what came back to a row of weights times what it was multiplied by."""
    frame, letters = stack.frame, ("t", "n") if len(stack.frame) == 2 else ("n",)
    rows = list(np.ndindex(frame))
    lines: tuple[EquationLine, ...] = ()
    if name == "hr":
        slopes, letter, unit = back.projected, "h", case.index[0]
        slope: Expression = Partial(Symbol("C"), Symbol("h"))
        read, symbol = np.concatenate([moment.raw for moment in layer.moments]), Symbol("m")
    else:
        gate, unit = divmod(case.index[0], layer.moments[0].raw.shape[1])
        letter = stack.cell.letters[gate]
        is_hidden = name in ("hh", "b_hh")
        slopes = np.concatenate([moment.from_h if is_hidden else moment.from_x for moment in back.moments])
        slopes = np.split(slopes, len(stack.cell.letters), axis=1)[gate]
        slope = Partial(Symbol("C"), Symbol("z", superscript=f"h{letter}" if is_hidden and letter == "n" else letter))
        read = np.concatenate([moment.h if is_hidden else moment.x for moment in layer.moments])
        symbol = Symbol("h") if is_hidden or which >= stack.directions else Symbol("x")
        line = slope_line(stack.cell, letter, layer.moments[0], back.moments[0], 0, unit)
        lines = (
            replace(
                line,
                caption=Bilingual("For row 0.", "以第 0 行为例。")
                if stack.is_cell
                else Bilingual("For row 0 at step 0.", "以第 0 行、第 0 步为例。"),
            ),
        )
    arrived = Inner(slope, slopes.reshape(*frame, -1))
    note, count = NOTHING, len(rows)
    if count > 1 and stack.is_cell:
        note = Bilingual(f"Summed over the {count} rows of the batch.", f"对批次的 {count} 行求和。")
    elif count > 1:
        steps = len(stack.sizes)
        note = Bilingual(
            f"Summed over the {count} rows of {steps} time steps.", f"对 {steps} 个时间步的 {count} 行求和。"
        )
    if name.startswith("b_"):
        symbols, numbers, computed = sum_over(
            arrived, [(*row, unit) for row in rows], (*letters, unit), ",".join(letters)
        )
        return Worked(symbols, numbers, computed, before=lines, note=note)
    k = case.index[1]
    pairs = [((*row, unit), (*row, k)) for row in rows]
    multiplied = Inner(symbol, read.reshape(*frame, -1))
    general = (*letters, unit), (*letters, k)
    symbols, numbers, computed = sum_of_products(arrived, multiplied, pairs, general, ",".join(letters))
    return Worked(symbols, numbers, computed, before=lines, note=note)


def _through(slopes: Array, weights: Array, name: str, k: int) -> tuple[Expression, Expression, float]:
    """Σ over all gates and units of what came back to them times the weight between."""
    arrived = Inner(Partial(Symbol("C"), Symbol("z")), slopes)
    between = Inner(Symbol("W", superscript=name), weights)
    pairs = [((j,), (j, k)) for j in range(len(slopes))]
    return sum_of_products(arrived, between, pairs, (("j",), ("j", k)), "j")


_PROJECTED = Bilingual("m is o·tanh(c′) before the projection.", "m 是投影之前的 o·tanh(c′)。")
_GATES = Bilingual("z are the weighted inputs of all gates, one after another.", "z 依次是各个门的加权输入。")


def _input_equation(stack: Stack, backs: Sequence[LayerBack], case: Backward) -> Worked:
    """Through the weights of the first layer; what each direction sends may arrive as a part of its own."""
    step, row = stack.step_of(case.index)
    symbols, numbers, computed, notes = [], [], 0.0, [_GATES]
    for direction in _directions(stack, backs, case):
        slopes = backs[direction].moments[step].from_x[row]
        one = _through(slopes, stack.weights[direction].ih, "ih", case.index[-1])
        symbols.append(one[0])
        numbers.append(one[1])
        computed += one[2]
    if len(symbols) < stack.directions:
        notes.append(Bilingual("One direction's part.", "其中一个方向的部分。"))
    return Worked(flat_add(*symbols), flat_add(*numbers), computed, note=sentences(*notes))


def _directions(stack: Stack, backs: Sequence[LayerBack], case: Backward) -> Sequence[int]:
    """The directions whose gradients are in what was sent: one of them, or all."""
    recorded = stack.flat(case.gradient.wide)
    for direction in range(stack.directions if stack.directions > 1 else 0):
        part = backs[direction].x
        if np.allclose(part, recorded, rtol=1e-3, atol=1e-5 * float(np.abs(part).max(initial=0.0))):
            return [direction]
    return range(stack.directions)


def _state_equation(stack: Stack, layers: Sequence[Layer], backs: Sequence[LayerBack], case: Backward) -> Worked:
    """Through the first step that a state went into."""
    which, row, k = (0, *case.index) if stack.is_cell else case.index
    layer, back = layers[which], backs[which]
    step = next(t for t in layer.order if row < stack.sizes[t])
    moment, sent = layer.moments[step], back.moments[step]
    if case.key != stack.state_keys[0]:
        f, slope = moment.gates["f"][row, k], sent.cell[row, k]
        symbols = Product((Partial(Symbol("C"), Symbol("c′")), Symbol("f")))
        numbers = Product((number_inside(float(slope)), number_inside(float(f))))
        return Worked(
            symbols,
            numbers,
            float(f * slope),
            note=Bilingual("Memory is passed on through the forget gate.", "记忆通过遗忘门传下去。"),
        )
    through = _through(sent.from_h[row], layer.weights.hh, "hh", k)
    if isinstance(sent.h, float):
        return Worked(*through, note=_GATES)
    z, arrived = float(moment.gates["z"][row, k]), float(sent.arrived[row, k])
    kept = Product((Partial(Symbol("C"), Symbol("h′")), Symbol("z")))
    numbers = Product((number_inside(arrived), number_inside(z)))
    note = Bilingual(
        "z with a place are the weighted inputs of all gates; the last term is what the gate z kept.",
        "带位置下标的 z 是各个门的加权输入；最后一项是门 z 保留下来的部分。",
    )
    return Worked(flat_add(through[0], kept), flat_add(through[1], numbers), through[2] + z * arrived, note=note)
