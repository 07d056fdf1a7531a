"""What an equation is made from: an op's values with their symbols, and the element that is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from ...bilingual import NOTHING, Bilingual
from ...events import Event
from ..families import is_in_place
from ..notation.expression import EquationLine, Expression, Group, Kind, Matrix, Number, Partial, Row, Symbol, Text
from ..symbols import expression_of
from .call import Array, Call, Form, UnfitError, bind, plain_value, wide

Index = tuple[int, ...]
"""A place in an array, counted from 0; () for a scalar."""


class MissingNumbersError(Exception):
    """The array of a value is not in the trace, so nothing can be put in."""


@dataclass(frozen=True, slots=True)
class Operand:
    """A value in an equation: its symbol, its array as recorded (None: not kept), its id in the trace.

    kind gives its colour. A plain number of the script (the 2 of x**2) has value None and is printed as the number.
    """

    name: str
    symbol: str
    value: int | None
    data: Array | None
    kind: Kind = "value"

    @property
    def array(self) -> Array:
        """The recorded numbers. Raises MissingNumbersError where they were not kept."""
        if self.data is None:
            raise MissingNumbersError(self.symbol)
        return self.data

    @property
    def wide(self) -> NDArray[np.float64]:
        """All recorded numbers in float64, to compute with; for a few of them see `value_at` and `gather`."""
        return np.asarray(self.array, dtype=np.float64)

    def value_at(self, index: Index) -> float:
        """One recorded number. Raises UnfitError for a complex one."""
        return float(self._real[index])

    def gather(self, places: Sequence[Index]) -> NDArray[np.float64]:
        """The recorded numbers at some places, in float64. Raises UnfitError for complex ones."""
        array = self._real
        if array.ndim == 0 or not places:
            return np.full(len(places), array[()] if places else 0.0, dtype=np.float64)
        return np.asarray(array[tuple(np.asarray(places).T)], dtype=np.float64)

    @property
    def _real(self) -> Array:
        if np.iscomplexobj(self.array):
            raise UnfitError("it is made of complex numbers", "它由复数组成")
        return self.array

    @property
    def ref(self) -> str | None:
        """Where a click on it leads."""
        return None if self.value is None else f"value:{self.value}"

    @property
    def expression(self) -> Expression:
        """Its symbol, of the whole array."""
        if self.value is None and self.data is not None and self.data.ndim == 0:
            return Number(cast(float, self.data[()]))
        return expression_of(self.symbol, self.kind, self.ref)

    def at(self, index: Sequence[int | str]) -> Expression:
        """Its symbol with the place below: z⁽¹⁾₀,₃. A value of one number needs none."""
        if self.value is None or (self.data is not None and self.data.size == 1):
            return self.expression
        return subscripted(self.expression, ",".join(map(str, index)))

    def number(self, index: Index) -> Number:
        """The recorded number at a place."""
        return Number(cast(float, self.array[index]), ref=self.ref, kind=self.kind)


def constant(x: float, name: str = "") -> Operand:
    """A plain number of the script."""
    return Operand(name, f"{x:g}", None, np.asarray(x))


def subscripted(expression: Expression, place: str) -> Expression:
    """A symbol (or the one in a derivative) with a place below; what has no room for one stays as it is."""
    match expression:
        case Symbol(subscript=""):
            return replace(expression, subscript=place)
        case Partial(by=by):
            return replace(expression, by=subscripted(by, place))
        case Row(parts=(*before, last)):
            return Row((*before, subscripted(last, place)))
        case Group(body=body):
            return Group(subscripted(body, place))
        case Text(text=text, subscript=""):
            return replace(expression, text=str(text) if _is_one(str(text)) else f"({text})", subscript=place)
        case _:
            return expression


def _is_one(text: str) -> bool:
    """Whether a text is a call or stands in parentheses, "f(x + y)" or "(x + y)", and not "x + f(y)" or "(x) + (y)"."""
    depth = 0
    for place, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        if depth == 0 and (character == " " or (character == ")" and place < len(text) - 1)):
            return False
    return text.endswith(")")


@dataclass(frozen=True, slots=True)
class Worked:
    """The right-hand sides of an equation: in symbols, with the numbers put in, and what they come to in float64.

    computed: array or number; of the element, or of the whole value if `whole`. before, after: equations that lead to
    it, or follow from it. note: a sentence about it.
    """

    symbols: Expression | None
    numbers: Expression | None
    computed: NDArray[np.float64] | float
    whole: bool = False
    before: tuple[EquationLine, ...] = ()
    note: Bilingual = NOTHING


@dataclass(frozen=True, slots=True)
class _Question:
    """What a question about an op has in common, forward and backward.

    op, form: the op and how it is called. operands: its arguments that are tensors; results: what it made. place: which
    of its results is asked about.
    """

    op: Event
    form: Form
    operands: tuple[Operand, ...]
    results: tuple[Operand, ...]

    @property
    def call(self) -> Call:
        """The op's call, to compute with. Raises UnfitError where its form does not fit."""
        tensors = {operand.name: operand.data for operand in self.operands}
        outputs = [result.data for result in self.results]
        return bind(self.form, self.op.function, tensors, self.op.arguments, outputs, is_in_place(self.op))

    @property
    def settings(self) -> Mapping[str, Any]:
        """The op's arguments that are no tensors, by name, with their defaults."""
        found = dict(self.form.defaults)
        for slot, argument in self.op.arguments.items():
            found[self.form.key(slot)] = plain_value(argument)
        return found

    def operand(self, name: str) -> Operand | None:
        """The argument with this name: a value, or a plain number of the script; None if there is none.

        "tensors.1" is the second of a list of tensors.
        """
        for operand in self.operands:
            if self.form.key(operand.name) == name:
                return operand
        number = self.settings.get(name)
        is_number = isinstance(number, int | float) and not isinstance(number, bool)
        return constant(cast(float, number), name) if is_number else None

    def needed(self, name: str) -> Operand:
        """The argument with this name. Raises MissingNumbersError where there is none."""
        found = self.operand(name)
        if found is None:
            raise MissingNumbersError(name)
        return found


@dataclass(frozen=True, slots=True)
class Forward(_Question):
    """An op about which is asked how it makes the element `index` of its result. whole: no element was asked for.

    place: which of its results, for an op that makes several.
    """

    index: Index
    whole: bool
    place: int = 0

    @property
    def result(self) -> Operand:
        """What it made, and is asked about."""
        return self.results[self.place]


@dataclass(frozen=True, slots=True)
class Backward(_Question):
    """An op about which is asked what gradient it sends to one of its arguments, at the element `index` of that.

    upstreams: the gradients of C that arrived for the op's results, each of its shape; None where none arrived. wrt:
    the argument; gradient: what was sent to it.
    """

    upstreams: tuple[Operand | None, ...]
    wrt: Operand
    gradient: Operand
    index: Index
    whole: bool

    @property
    def key(self) -> str:
        """The name of the argument in the op's form ("weight", "tensors.2")."""
        return self.form.key(self.wrt.name)

    @property
    def place(self) -> int:
        """The first of the op's results for which a gradient arrived."""
        return next(i for i, found in enumerate(self.upstreams) if found is not None)

    @property
    def upstream(self) -> Operand:
        """What arrived for it."""
        found = self.upstreams[self.place]
        if found is None:
            raise MissingNumbersError("upstream")
        return found

    @property
    def result(self) -> Operand:
        """What the op made, for which it arrived."""
        return self.results[self.place]

    @property
    def arrived(self) -> tuple[Array, ...]:
        """What arrived for each result, in float64, to compute with; zeros where nothing did."""
        return tuple(
            wide(np.zeros_like(result.array) if found is None else found.array)
            for found, result in zip(self.upstreams, self.results, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Update:
    """A parameter that changes, asked about at the element `index`.

    gradient: what an optimizer read, or, by hand, what the script took off or added; that was rate times multiplied, if
    the script made it by a product. before, after: the optimizer's state by name. settings: its lr, momentum ...
    """

    event: Event
    old: Operand
    new: Operand
    gradient: Operand | None
    before: Mapping[str, Operand]
    after: Mapping[str, Operand]
    index: Index
    settings: Mapping[str, Any] = field(default_factory=dict)
    rate: Operand | None = None
    multiplied: Operand | None = None


def matrix_of(operand: Operand, array: Array | None = None) -> Matrix:
    """All numbers of a small value in brackets; a vector stands upright as in a textbook. Cells lead to the element."""
    numbers = operand.array if array is None else array
    grid = numbers.reshape(-1, 1) if numbers.ndim < 2 else numbers
    ref = operand.ref if array is None else None

    def cell(row: int, column: int) -> Number:
        place = ",".join(map(str, (row, column)[: numbers.ndim]))
        return Number(cast(float, grid[row, column]), ref=None if ref is None else f"{ref}[{place}]", kind=operand.kind)

    rows, columns = grid.shape
    return Matrix(tuple(tuple(cell(i, j) for j in range(columns)) for i in range(rows)))
