"""The chain rule from C down to one number: paths of local derivatives, with the numbers put in, that add up.

NOTE [Paths]
A value that k ops read gets k parts, so its gradient is a sum; an op that makes many numbers from one gives a term for
each. Paths are followed upwards as long as there are few. Where they would become too many, a path ends at a value
whose gradient was recorded, and that gradient is its last factor. So the paths' products always add up to the gradient.
Those that are written out are followed on as long as they do not branch, so that they begin at C where they can.
Formula: the multivariate chain rule, dC/dv = Σ over everything y that was made from v of dC/dy · dy/dv.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ...bilingual import NOTHING, Bilingual
from ...events import Event, Slot
from ...trace.reader import Trace
from ..flow import BackwardPass, Flow, flow_of
from ..notation.expression import Equals, EquationLine, Expression, Number, Partial, Product
from ..quantities import Quantity
from ..roles import Roles, roles_of
from ..symbols import gradient_of
from ..table.call import Array, Call, UnfitError, bind, wide
from ..table.case import Index, MissingNumbersError, Operand
from ..table.kinds.moving import Moving
from ..table.operation import Operation, row_of
from ..table.sums import SHOWN_TERMS, elided, first_and_last
from .page import element_of
from .values_of import Values

MAX_PATHS = 6
"""Paths that are followed; what would make more is left as a recorded gradient."""

_MOST_FACTORS = 12
"""By so many a path that is written out is followed on."""

MAX_TERMS = 4096
"""Numbers that may be made from the one asked about for their terms to be told apart at all."""


@dataclass(frozen=True, slots=True)
class Factor:
    """A local derivative: ∂(an op's result)/∂(its argument) at one element each. op: position of the op."""

    symbol: Expression
    number: float
    op: int


@dataclass(frozen=True, slots=True)
class Path:
    """A product of factors down to the value asked about, from `start`: C, a starting vector, or a recorded gradient.

    factors: nearest to C first. is_whole: the path reaches the place where the backward pass began.
    """

    start: Operand
    start_index: Index
    factors: tuple[Factor, ...]
    is_whole: bool

    @property
    def product(self) -> float:
        """Its number."""
        return float(self.start.value_at(self.start_index) * np.prod([factor.number for factor in self.factors]))

    @property
    def starts_at_one(self) -> bool:
        """Whether it begins at a C of one number, whose own gradient is 1."""
        return self.is_whole and self.start.array.size == 1 and self.start.value_at(self.start_index) == 1.0


@dataclass(frozen=True, slots=True)
class Chain:
    """The gradient of one element: paths whose products add up to it, the equations, and what was recorded.

    count: how many paths there are; `paths` holds all of them. rest: a sentence where something could not be followed.
    """

    element: Index
    paths: tuple[Path, ...]
    lines: tuple[EquationLine, ...]
    recorded: float
    rest: Bilingual = NOTHING

    @property
    def computed(self) -> float:
        """What the paths come to."""
        return float(sum(path.product for path in self.paths))


def chain(trace: Trace, quantity: Quantity, element: Index | None = None) -> Chain:
    """The chain rule of a gradient (a quantity dC/d...), at an element; the first one where none is given.

    Raises ValueError for a quantity that is no gradient, or that no backward pass of its iteration made.
    """
    event = trace.event(quantity.event)
    if event is None or quantity.value is None or quantity.slope is not None:
        raise ValueError(f"{quantity.symbol} is not a gradient that a backward pass recorded.")
    flow = flow_of(trace, event.iteration)
    current = flow.pass_of.get(event.position)
    target = quantity.target if quantity.target is not None else _leaf_value(flow, current, quantity.tensor)
    if current is None or target is None:
        raise ValueError(f"{quantity.symbol} is not a gradient that a backward pass recorded.")
    return _Climber(flow, current).chain(target, quantity.value, element)


def _leaf_value(flow: Flow, current: BackwardPass | None, tensor: int | None) -> int | None:
    """The value of a parameter that the forward pass read."""
    for op in flow.ops:
        for slot in op.inputs:
            if slot.value is not None and tensor is not None and flow.leaves.get(slot.value) == tensor:
                return slot.value
    return None


@dataclass(frozen=True, slots=True)
class _Step:
    """One op between a number and one that was made from it: through which argument, to which place of which result.

    slope: the derivative by central differences.
    """

    op: Event
    row: Operation
    call: Call
    key: str
    out: int
    index: Index
    slope: float

    @property
    def slot(self) -> Slot:
        return self.op.outputs[self.out]

    def derivative(self, place: Index) -> float:
        """The derivative by one element of the argument, exactly."""
        upstream = [np.zeros(self.call.output(i).shape) for i in range(len(self.call.outputs))]
        upstream[self.out][self.index] = 1.0
        return float(np.asarray(self.row.vjp(self.call, upstream)[self.key])[place])


_Way = tuple[int, Index, tuple[Factor, ...]]
"""A path that is being followed: the value and place that it has come to, and its factors so far."""


class _Climber:
    """Follows one backward pass from a value up to where it began."""

    def __init__(self, flow: Flow, current: BackwardPass) -> None:
        self._flow = flow
        self._pass = current
        self._roles: Roles = roles_of(flow)
        self._values = Values(flow, self._roles)
        self._readers: dict[int, list[Event]] = {}
        for op in flow.ops:
            for value in dict.fromkeys(slot.value for slot in op.inputs):
                if value is not None:
                    self._readers.setdefault(value, []).append(op)
        self._calls: dict[int, tuple[Operation, Call]] = {}

    def chain(self, value: int, gradient: int, element: Index | None) -> Chain:
        sent = self._values.gradient(gradient, gradient_of(self._roles.symbol(value) or "v"))
        index, _ = element_of(sent, element)
        rest = NOTHING
        try:
            paths = self._paths(value, index)
        except (UnfitError, MissingNumbersError) as error:
            missing = Bilingual(f"the numbers of {error} are not in the trace", f"{error} 的数值不在记录中")
            why = error.reason if isinstance(error, UnfitError) else missing
            paths = []
            rest = Bilingual(f"It cannot be followed further: {why.english}.", f"无法继续追踪：{why.chinese}。")
        return Chain(index, tuple(paths), tuple(self._lines(sent, index, paths)), sent.value_at(index), rest)

    def _paths(self, value: int, index: Index) -> list[Path]:
        """All paths, the shortest expansion first, as long as they stay few."""
        open_paths: list[_Way] = [(value, index, ())]
        done: list[_Way] = []
        while open_paths:
            at, place, factors = open_paths.pop(0)
            arrived = self._arrived(at)
            if self._is_root(at) and arrived is not None:
                done.append((at, place, factors))
                continue
            is_first = (at, place) == (value, index)
            try:
                steps = list(self._steps(at, place))
            except (UnfitError, MissingNumbersError):
                if is_first:
                    raise
                steps = []
            if is_first and len(steps) > MAX_TERMS:
                raise UnfitError(f"{len(steps)} numbers are made from it", f"由它算出的数有 {len(steps)} 个")
            is_full = len(done) + len(open_paths) + len(steps) > MAX_PATHS
            if arrived is not None and not is_first and (not steps or is_full):
                done.append((at, place, factors))
                continue
            for i, step in enumerate(steps):
                is_shown = i < SHOWN_TERMS or i == len(steps) - 1
                factor = self._factor(at, place, step, is_exact=is_shown)
                grown = factors if isinstance(step.row, Moving) else (factor, *factors)
                if step.slot.value is not None and factor.number != 0.0:
                    open_paths.append((step.slot.value, step.index, grown))
        shown = set(first_and_last(range(len(done))))
        found = [self._followed(way) if i in shown else way for i, way in enumerate(done)]
        return [self._path(way) for way in found]

    def _path(self, way: _Way) -> Path:
        at, place, factors = way
        arrived = self._arrived(at)
        if arrived is None:
            raise UnfitError("the gradient at which it begins was not recorded", "起始处的梯度没有被记录")
        return Path(arrived, place, factors, self._is_root(at))

    def _followed(self, way: _Way) -> _Way:
        """A path followed on as long as it does not branch."""
        at, place, factors = way
        for _ in range(_MOST_FACTORS):
            if self._is_root(at):
                break
            try:
                steps = [step for step in self._steps(at, place) if step.slot.value is not None]
            except (UnfitError, MissingNumbersError):
                break
            above = steps[0].slot.value if len(steps) == 1 else None
            if above is None or self._arrived(above) is None:
                break
            if not isinstance(steps[0].row, Moving):
                factors = (self._factor(at, place, steps[0], is_exact=True), *factors)
            at, place = above, steps[0].index
        return at, place, factors

    def _factor(self, value: int, place: Index, step: _Step, *, is_exact: bool) -> Factor:
        below, above = self._operand(value), self._operand(step.slot.value or 0)
        symbol = Partial(above.at(step.index), below.at(place), "value", f"event:{step.op.position}")
        return Factor(symbol, step.derivative(place) if is_exact else step.slope, step.op.position)

    def _operand(self, value: int) -> Operand:
        symbol = self._roles.symbol(value) or self._roles.symbol(self._flow.origin(value)) or "y"
        return Operand("value", symbol, value, self._values.array(value))

    def _steps(self, value: int, place: Index) -> Iterator[_Step]:
        """What was made from a number, and by how much it changes with it."""
        for op in self._readers.get(value, []):
            if not any(slot.node in self._pass.reached for slot in op.outputs if slot.node is not None):
                continue
            row, call = self._call(op)
            for key in dict.fromkeys(call.keys[slot.name] for slot in op.inputs if slot.value == value):
                for out, slopes in enumerate(_slopes(row, call, key, place)):
                    if op.outputs[out].node in self._pass.reached:
                        for at in np.argwhere(slopes).tolist():
                            yield _Step(op, row, call, key, out, tuple(at), float(slopes[tuple(at)]))

    def _call(self, op: Event) -> tuple[Operation, Call]:
        if op.position not in self._calls:
            found = row_of(op.name)
            if found is None:
                raise UnfitError(f"{op.name} has no row", f"表中没有 {op.name}")
            row, form = found
            tensors = {slot.name: self._values.array(slot.value) for slot in op.inputs}
            outputs = [self._values.array(slot.value) for slot in op.outputs]
            call = bind(form, op.function, tensors, op.arguments, outputs)
            if any(output is None for output in call.outputs):
                raise UnfitError("the numbers that came out are not in the trace", "得到的数值不在记录中")
            self._calls[op.position] = row, call
        return self._calls[op.position]

    def _arrived(self, value: int) -> Operand | None:
        """The gradient that arrived for a value in this pass."""
        made = self._flow.made.get(value)
        if made is None or made[1].node is None:
            return None
        for event in self._flow.events_of_node(made[1].node):
            if self._flow.pass_of.get(event.position) is self._pass:
                for slot in event.inputs:
                    if slot.index == made[1].index and slot.value is not None:
                        return self._values.gradient(slot.value, gradient_of(self._roles.symbol(value) or "y"))
        return None

    def _is_root(self, value: int) -> bool:
        """Whether the backward pass began at a value: no node of it sends anything there."""
        made = self._flow.made.get(value)
        if made is None or made[1].node is None:
            return False
        return not self._pass.senders.get((made[1].node, made[1].index))

    def _lines(self, sent: Operand, index: Index, paths: list[Path]) -> Iterator[EquationLine]:
        if not paths:
            return
        shown = first_and_last(paths)
        symbols = elided([_symbols_of(path) for path in shown], len(paths))
        numbers = elided([_numbers_of(path) for path in shown], len(paths))
        caption = (
            Bilingual("Chain rule.", "链式法则。")
            if len(paths) == 1
            else Bilingual(
                f"Chain rule: {len(paths)} paths, which add up.", f"链式法则：共 {len(paths)} 条路径，结果相加。"
            )
        )
        yield EquationLine(Equals((sent.at(index), symbols, numbers, sent.number(index))), caption)


def _symbols_of(path: Path) -> Expression:
    factors = [factor.symbol for factor in path.factors]
    if not path.starts_at_one:
        factors.insert(0, path.start.at(path.start_index))
    return _product(factors)


def _numbers_of(path: Path) -> Expression:
    numbers: list[Expression] = [Number(factor.number, 7) for factor in path.factors]
    if not path.starts_at_one:
        numbers.insert(0, path.start.number(path.start_index))
    return _product(numbers)


def _product(factors: list[Expression]) -> Expression:
    if not factors:
        return Number(1)
    return factors[0] if len(factors) == 1 else Product(tuple(factors))


def _slopes(row: Operation, call: Call, key: str, place: Index) -> list[Array]:
    """For each result, how much each place of it changes with one element of an argument, by central differences."""
    argument = next(array for name, array in call.tensors() if name == key)
    if argument.dtype.kind != "f":
        return [np.zeros(call.output(i).shape) for i in range(len(call.outputs))]
    h = 1e-4 * max(1.0, abs(float(argument[place])))
    made = []
    for shift in (h, -h):
        moved = np.array(argument)
        moved[place] += shift
        found = row.forward(call.replaced(key, moved))
        made.append([found] if isinstance(found, np.ndarray) else list(found))
    slopes = [(wide(up) - wide(down)) / (2 * h) for up, down in zip(*made, strict=True)]
    return [np.where(np.isfinite(slope), slope, 0.0) for slope in slopes]
