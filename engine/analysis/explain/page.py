"""Puts the parts of an explanation together: left side = symbols = numbers = result, and what to say beside them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ...bilingual import Bilingual
from ..notation.expression import Equals, EquationLine, Expression, Number, Row, Text
from ..notation.printing import to_text
from ..table.case import Index, MissingNumbersError, Operand, Worked, matrix_of
from .explanation import Check, Explanation

_SHOWN_NUMBERS = 6
_GROSS = 0.05
"""Relative difference from which an equation cannot be right; half precision stays well below."""


def page(
    caption: Bilingual,
    result: Operand,
    index: Index,
    worked: Worked,
    left: Expression | None = None,
    *,
    reveal: bool = True,
) -> Explanation:
    """The lines before it, then the equation. left: in place of the result's symbol. reveal: with the result."""
    recorded = result.array if worked.whole else np.asarray(result.array[index])
    end: Expression = matrix_of(result) if worked.whole else result.number(index)
    if left is None:
        left = result.expression if worked.whole else result.at(index)
    parts = [part for part in (left, worked.symbols, worked.numbers, end) if part is not None]
    parts = [part for i, part in enumerate(parts) if i == len(parts) - 1 or not _reads_alike(part, parts[i + 1])]
    if len(parts) > 2 and to_text(parts[-2]) == to_text(parts[-1]):
        del parts[-2]
    notes = (worked.note,) if worked.note else ()
    if not reveal and len(parts) > 1:
        parts.pop()
    if not np.allclose(worked.computed, _real(recorded), _GROSS, _GROSS / 100, equal_nan=True):
        notes = (
            *notes,
            Bilingual(
                "This equation does not come to the recorded number, so torch did something else here.",
                "这个公式得不出记录的数值，可见 torch 在这里做了别的事。",
            ),
        )
    check = Check(result.symbol, np.asarray(worked.computed, dtype=np.float64), recorded)
    lines = (*worked.before, EquationLine(Equals(tuple(parts))))
    return Explanation(caption, lines, notes, None if worked.whole else index, (check,))


def page_without_numbers(caption: Bilingual) -> Explanation:
    """Of a step whose arrays were not kept."""
    return Explanation(
        caption,
        (),
        (
            Bilingual(
                "The numbers of this step are not in the trace, so they cannot be put in.",
                "这一步的数值不在记录中，因此无法代入。",
            ),
        ),
        worked=False,
    )


def numbers_line(operand: Operand) -> EquationLine:
    """A value's symbol, its shape and its first few numbers."""
    if operand.data is None:
        return EquationLine(Row((operand.expression, Text(Bilingual("not kept", "未保存")))))
    flat = operand.data.reshape(-1)
    numbers: Iterable[Expression] = [
        Number(x.item() if operand.data.dtype.kind in "biu" else x) for x in _real(flat[:_SHOWN_NUMBERS])
    ]
    shape = "×".join(map(str, operand.data.shape)) or "scalar"
    rest = (Text("⋯"),) if flat.size > _SHOWN_NUMBERS else ()
    return EquationLine(Row((operand.expression, Text(f"[{shape}]:"), *numbers, *rest)))


def element_of(operand: Operand, wanted: Index | None) -> tuple[Index, bool]:
    """The element that is explained, and whether none was asked for. Raises MissingNumbersError for an empty value."""
    shape = operand.array.shape
    if operand.array.size == 0:
        raise MissingNumbersError(operand.symbol)
    if wanted is not None and len(wanted) == len(shape) and all(0 <= i < n for i, n in zip(wanted, shape, strict=True)):
        return wanted, False
    return (0,) * len(shape), True


def _real(array: np.ndarray) -> np.ndarray:
    return np.abs(array) if array.dtype.kind == "c" else array


def _reads_alike(one: Expression, other: Expression) -> bool:
    """Whether two sides of an equation look the same, so that one of them is enough."""
    if isinstance(one, Number) and isinstance(other, Number):
        return one.value == other.value
    return one == other
