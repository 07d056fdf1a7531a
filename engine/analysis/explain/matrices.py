"""The matrices behind one number: which row and which column of which values it was made from.

NOTE [Patterns]
The symbols of an equation say it all: in Σ_k w_{3,k}·x_{0,k} + b_3 = z_{0,3} the value w is read along its row 3 and x
along its row 0, so the matrices are z = x·wᵀ + b. Which of two factors stands on the left, and whether it is
transposed, is tried out, and is right if the recorded numbers of the whole row and column come to the recorded result.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ...trace.reader import Trace
from ..notation.expression import (
    Add,
    Equals,
    EquationLine,
    Expression,
    Group,
    Kind,
    Matrix,
    Number,
    Partial,
    Product,
    Row,
    Sum,
    Symbol,
    Text,
    Transpose,
)

Pattern = tuple[int | str, ...]
"""Where a value is read: places, counted from 0, and letters for axes along which it is read whole."""

WHOLE = 6
"""Matrices up to this many rows and columns are shown whole; of larger ones the rows and columns that matter."""

_CELL_DIGITS = 4
_MOST_VALUES = 4
_RELATIVE = 2e-3
_MOST_TRIED = 4_000_000
"""Larger matrices are not multiplied to find out how they stand."""

_DOTS, _DOTS_DOWN, _DOTS_ASKEW = Text("⋯"), Text("⋮"), Text("⋱")


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """A value of up to two dimensions in an equation. patterns: where it is read. symbol: without a place."""

    value: int
    symbol: Expression
    kind: Kind
    array: NDArray[np.generic]
    patterns: tuple[Pattern, ...]

    @property
    def grid(self) -> NDArray[np.generic]:
        """The array with rows and columns; a vector stands upright."""
        return self.array.reshape(-1, 1) if self.array.ndim < 2 else self.array


def matrix_lines(trace: Trace, lines: Sequence[EquationLine]) -> tuple[EquationLine, ...]:
    """The matrices of an explanation's last equation, see NOTE [Patterns]; nothing where a number alone was explained.

    Each cell leads to its element: its ref is "value:35[0,3]". The element that was asked about is highlighted, what it
    was made from is lit.
    """
    last = lines[-1].expression if lines else None
    if not isinstance(last, Equals) or len(last.parts) < 2:
        return ()
    results = [use for use in _uses(trace, [last.parts[0]]) if use.array.size > 1] if _is_value(last.parts[0]) else []
    others = [use for use in _uses(trace, last.parts[1:]) if use.value not in {one.value for one in results}]
    if len(results) != 1 or not results[0].patterns or not others:
        return ()
    # With the words before it: "new w" is no w.
    result = replace(results[0], symbol=_without_place(last.parts[0]))
    product = _product(result, others, last.parts[1])
    if product is not None:
        return (EquationLine(product),)
    shown = [use for use in others if use.array.size > 1][:_MOST_VALUES]
    if not shown:
        return ()
    parts = [Equals((use.symbol, _matrix(use, _lit_in(use)))) for use in shown]
    return (EquationLine(Row((*parts, Equals((result.symbol, _result_matrix(result)))))),)


def pattern_of(subscript: str) -> Pattern | None:
    """The pattern that a symbol's subscript stands for: "3,k" is (3, "k"); None for one that is computed."""
    found: list[int | str] = []
    for part in subscript.split(",") if subscript else ():
        if part.isdigit():
            found.append(int(part))
        elif len(part) == 1 and part.isalpha():
            found.append(part)
        else:
            return None
    return tuple(found)


def symbols_in(part: object) -> Iterator[tuple[str, str, Expression]]:
    """All symbols of values in an expression: ref, subscript, and the symbol without its place."""
    match part:
        case Partial(by=Symbol(subscript=subscript) as by, ref=str(ref)):
            yield ref, subscript, replace(part, by=replace(by, subscript=""))
        case Symbol(subscript=subscript, ref=str(ref)):
            yield ref, subscript, replace(part, subscript="")
        case tuple():
            for one in part:
                yield from symbols_in(one)
        case _ if is_dataclass(part) and not isinstance(part, type):
            for field in fields(part):
                yield from symbols_in(getattr(part, field.name))


def _is_value(left: Expression) -> bool:
    """Whether the left side is a recorded value, and not something made from one, as a slope σ′(z) is."""
    match left:
        case Symbol(ref=str()) | Partial(ref=str()):
            return True
        case Row(parts=(*_, named)):
            return _is_value(named)
        case Group(body=body):
            return _is_value(body)
        case _:
            return False


def _without_place(symbol: Expression) -> Expression:
    match symbol:
        case Symbol():
            return replace(symbol, subscript="")
        case Partial(by=by):
            return replace(symbol, by=_without_place(by))
        case Row(parts=(*before, named)):
            return Row((*before, _without_place(named)))
        case Group(body=body):
            return Group(_without_place(body))
        case _:
            return symbol


def _uses(trace: Trace, parts: Sequence[Expression]) -> list[Use]:
    """The values that expressions speak of, in order. Those that are read at computed places have no patterns."""
    found: dict[int, Use] = {}
    for ref, subscript, symbol in symbols_in(tuple(parts)):
        number = ref.removeprefix("value:")
        if number == ref or not number.isdigit():
            continue
        value = int(number)
        array = trace.array(value) if value not in found else found[value].array
        if array is None or array.ndim > 2 or array.dtype.kind == "c" or array.size == 0:
            continue
        pattern = pattern_of(subscript)
        before = found[value].patterns if value in found else ()
        is_fit = pattern is not None and len(pattern) == array.ndim and _is_inside(pattern, array.shape)
        patterns = (*before, pattern) if pattern is not None and is_fit else before
        kind = symbol.kind if isinstance(symbol, Symbol | Partial) else "value"
        found[value] = Use(value, symbol, kind, array, tuple(dict.fromkeys(patterns)))
    return list(found.values())


def _is_inside(pattern: Pattern, shape: tuple[int, ...]) -> bool:
    return all(not isinstance(place, int) or place < size for place, size in zip(pattern, shape, strict=True))


def _product(result: Use, others: Sequence[Use], symbols: Expression) -> Expression | None:
    """left · right (+ what is added) = result, if the recorded numbers say so."""
    if result.array.ndim != 2 or not all(isinstance(place, int) for place in result.patterns[0]):
        return None
    factors = _factors(symbols, others)
    if factors is None:
        return None
    one, other, added = factors
    row, column = (int(place) for place in result.patterns[0])
    for left, right in ((one, other), (other, one)):
        for left_turned in (False, True):
            for right_turned in (False, True):
                L = left.array.T if left_turned else left.array
                R = right.array.T if right_turned else right.array
                if not _comes_to(L, R, added, result.array, row, column):
                    continue
                filled = Product((_factor(left, left_turned), _factor(right, right_turned)), "")
                named = Product((_turned(left.symbol, left_turned), _turned(right.symbol, right_turned)), "")
                if added is None:
                    return Equals((result.symbol, named, filled, _result_matrix(result)))
                plus = _added(added, column)
                return Equals((result.symbol, Add((named, added.symbol)), Add((filled, plus)), _result_matrix(result)))
    return None


def _factors(symbols: Expression, others: Sequence[Use]) -> tuple[Use, Use, Use | None] | None:
    """The two matrices that are multiplied in a sum of products, and a vector that is added at its end."""
    terms = list(symbols.terms) if isinstance(symbols, Add) else [symbols]
    added: Use | None = None
    by_value = {use.value: use for use in others}
    if len(terms) > 1 and not _is_product(terms[-1]):
        values = _values_in(terms.pop(), by_value)
        if len(values) != 1 or values[0].array.ndim != 1:
            return None
        added = values[0]
    if not all(_is_product(term) for term in terms):
        return None
    found = {use.value: use for term in terms for use in _values_in(term, by_value)}
    factors = list(found.values())
    if len(factors) != 2 or any(use.array.ndim != 2 or not use.patterns for use in factors):
        return None
    return factors[0], factors[1], added


def _is_product(term: Expression) -> bool:
    body = term.body if isinstance(term, Sum | Group) else term
    return isinstance(body, Product) and len(body.factors) == 2


def _values_in(part: Expression, by_value: dict[int, Use]) -> list[Use]:
    found = {}
    for ref, _, _ in symbols_in(part):
        number = ref.removeprefix("value:")
        if number.isdigit() and int(number) in by_value:
            found[int(number)] = by_value[int(number)]
    return list(found.values())


def _comes_to(
    left: NDArray[np.generic],
    right: NDArray[np.generic],
    added: Use | None,
    result: NDArray[np.generic],
    row: int,
    column: int,
) -> bool:
    """Whether the product's row and column are those of the result."""
    if max(left.size, right.size) > _MOST_TRIED:
        return False
    if left.shape[1] != right.shape[0] or (left.shape[0], right.shape[1]) != result.shape:
        return False
    if added is not None and added.array.shape != (result.shape[1],):
        return False
    bias = np.zeros(result.shape[1]) if added is None else added.array.astype(np.float64)
    with np.errstate(all="ignore"):
        across = left[row].astype(np.float64) @ right.astype(np.float64) + bias
        down = left.astype(np.float64) @ right[:, column].astype(np.float64) + bias[column]
    scale = float(np.max(np.abs(np.concatenate((across, down))), initial=1e-30))
    return bool(
        np.allclose(across, result[row].astype(np.float64), _RELATIVE, _RELATIVE * scale)
        and np.allclose(down, result[:, column].astype(np.float64), _RELATIVE, _RELATIVE * scale)
    )


def _factor(use: Use, turned: bool) -> Expression:
    matrix = _matrix(use, _lit_in(use))
    return Transpose(matrix) if turned else matrix


def _turned(symbol: Expression, turned: bool) -> Expression:
    return Transpose(Group(symbol) if isinstance(symbol, Partial) else symbol) if turned else symbol


def _added(use: Use, column: int) -> Expression:
    """A vector that is added to each row, lying."""
    lying = replace(use, array=use.array.reshape(1, -1), patterns=((0, column),))
    return _matrix(lying, _lit_in(lying), flat=True)


def _result_matrix(use: Use) -> Matrix:
    pattern = use.patterns[0]
    chosen = _cell(pattern) if all(isinstance(place, int) for place in pattern) else None
    return _matrix(use, frozenset(), chosen)


def _cell(pattern: Pattern) -> tuple[int, int]:
    places = [int(place) for place in pattern]
    return (places[0], places[1]) if len(places) == 2 else (places[0], 0)


def _lit_in(use: Use) -> frozenset[tuple[int, int]]:
    """The cells that are read, among those that are shown."""
    rows, columns = use.grid.shape
    shown_rows, shown_columns = (_places(use, axis, size) for axis, size in ((0, rows), (1, columns)))
    lit = set()
    for pattern in use.patterns:
        row = pattern[0] if pattern else 0
        column = pattern[1] if len(pattern) > 1 else 0
        # A letter twice is the diagonal, which is not a row or column.
        if len(pattern) > 1 and row == column and isinstance(row, str):
            continue
        lit |= {
            (i, j)
            for i in shown_rows
            for j in shown_columns
            if i is not None and j is not None
            if (isinstance(row, str) or i == row) and (isinstance(column, str) or j == column)
        }
    return frozenset(lit)


def _places(use: Use, axis: int, size: int) -> list[int | None]:
    """Which rows or columns are shown; None stands for those between."""
    if size <= WHOLE:
        return list(range(size))
    read = [pattern[axis] for pattern in use.patterns if axis < len(pattern)]
    chosen = {place for place in read if isinstance(place, int)}
    picked = sorted({0, 1, size - 1} | set(sorted(chosen)[:2]) if chosen else {0, 1, 2, size - 1})
    found: list[int | None] = []
    for place in picked:
        if found and found[-1] is not None and place - found[-1] > 1:
            found.append(None)
        found.append(place)
    return found


def _matrix(
    use: Use, lit: frozenset[tuple[int, int]], chosen: tuple[int, int] | None = None, *, flat: bool = False
) -> Matrix:
    """A value in brackets. flat: it is a vector that lies, so that its elements have one index."""
    grid = use.grid
    rows, columns = (_places(use, axis, size) for axis, size in ((0, grid.shape[0]), (1, grid.shape[1])))
    cells: list[tuple[Expression, ...]] = []
    lit_cells, highlight = set(), None
    for at_row, row in enumerate(rows):
        line: list[Expression] = []
        for at_column, column in enumerate(columns):
            if row is None or column is None:
                line.append(_DOTS_ASKEW if row is None and column is None else _DOTS_DOWN if row is None else _DOTS)
                continue
            index = (column,) if flat else (row, column)[: use.array.ndim]
            place = ",".join(map(str, index))
            number = grid[row, column]
            value = number.item() if grid.dtype.kind in "biu" else number
            line.append(Number(value, _CELL_DIGITS, f"value:{use.value}[{place}]", use.kind))
            if (row, column) in lit:
                lit_cells.add((at_row, at_column))
            if (row, column) == chosen:
                highlight = (at_row, at_column)
        cells.append(tuple(line))
    return Matrix(tuple(cells), highlight, frozenset(lit_cells))
