"""Operators on numbers and arrays, as NumPy has them; what does not go together is said with both shapes."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...bilingual import Bilingual
from .answers import NoAnswer, shape_text
from .bounds import LARGEST_WHOLE, Budget

_NUMPY: dict[str, Callable[[Any, Any], Any]] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.true_divide, "//": np.floor_divide, "%": np.remainder,
    "**": np.power, "&": np.logical_and, "|": np.logical_or,
    "==": np.equal, "!=": np.not_equal, "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
}  # fmt: skip
_WHOLE: dict[str, Callable[[int, int], int]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "//": operator.floordiv, "%": operator.mod,
}  # fmt: skip
_ORDERS = frozenset({"<", "<=", ">", ">="})
_COMPARES = frozenset({"==", "!=", *_ORDERS})


def binary(sign: str, left: Any, right: Any, budget: Budget) -> Any:
    """left sign right. left, right: numbers or arrays. Raises NoAnswer where they do not go together."""
    if sign == "@":
        return _product(np.asarray(left), np.asarray(right), budget)
    if sign in ("&", "|"):
        _check_truths(sign, left, right)
    elif sign not in _COMPARES:
        left, right = _counted(left), _counted(right)
        if isinstance(left, int) and isinstance(right, int) and (whole := _whole(sign, left, right)) is not None:
            return whole
        if sign == "**":
            left = _powered(left, right)
    elif sign in _ORDERS and (np.iscomplexobj(left) or np.iscomplexobj(right)):
        raise NoAnswer(
            Bilingual("Complex numbers have no order; compare their abs.", "复数没有大小之分；请比较它们的 abs。")
        )
    budget.make(math.prod(_joint_shape(sign, np.shape(left), np.shape(right))))
    if isinstance(left, int | float) and isinstance(right, int | float):
        left, right = np.asarray(left), np.asarray(right)
    with np.errstate(all="ignore"):
        return _NUMPY[sign](left, right)


def unary(sign: str, operand: Any, budget: Budget) -> Any:
    """sign operand. Raises NoAnswer where the operand has no such thing."""
    if sign == "not":
        return not truth(operand)
    budget.make(np.size(operand))
    if sign == "~":
        _check_truths(sign, operand, operand)
        return np.logical_not(operand)
    operand = _counted(operand)
    return -operand if sign == "-" else +operand


def truth(value: Any) -> bool:
    """Whether one number is true. Raises NoAnswer for several."""
    if isinstance(value, str):
        return bool(value)
    if np.size(value) != 1:
        shape = shape_text(np.shape(value))
        raise NoAnswer(
            Bilingual(
                f"{shape.english} is not one truth: write any(...) or all(...), or & and | for each element.",
                f"{shape.chinese} 不是单个真值：请写 any(...) 或 all(...)，或用 & 和 | 逐元素判断。",
            )
        )
    return bool(np.asarray(value).reshape(-1)[0])


def numeric(array: NDArray[Any]) -> NDArray[Any]:
    """An array in a type whose arithmetic does not run over at 255: whole numbers as int64."""
    if array.dtype.kind in "iu" and array.dtype != np.int64:
        return array.astype(np.int64)
    return array


def _check_truths(sign: str, left: Any, right: Any) -> None:
    for side in (left, right):
        if np.asarray(side).dtype.kind != "b":
            example = f"(z1 > 0) {'& ' if sign == '~' else sign + ' '}(z1 < 1)"
            raise NoAnswer(
                Bilingual(f"{sign} goes with truths, as in {example}.", f"{sign} 用于真值，例如 {example}。")
            )


def _counted(value: Any) -> Any:
    """Truths count as 1 and 0."""
    if isinstance(value, bool | np.bool_):
        return int(value)
    if isinstance(value, np.ndarray) and value.dtype.kind == "b":
        return value.astype(np.int64)
    return value


def _whole(sign: str, left: int, right: int) -> int | None:
    """The whole number that comes of two; None where it is none, or has more digits than an array's element."""
    if sign in ("//", "%") and right == 0:
        return None
    if sign == "**":
        bits = left.bit_length() * right if right >= 0 else LARGEST_WHOLE
        found = left**right if bits < LARGEST_WHOLE.bit_length() else None
    else:
        found = _WHOLE[sign](left, right) if sign in _WHOLE else None
    return found if found is not None and abs(found) <= LARGEST_WHOLE else None


def _powered(base: Any, exponent: Any) -> Any:
    """Whole numbers become floats where a power may be none: NumPy has no whole 2 ** -1, and runs over at 2 ** 64."""
    is_whole = np.asarray(base).dtype.kind in "iu"
    if is_whole and np.asarray(exponent).dtype.kind in "iu":
        return np.asarray(base, dtype=np.float64)
    return base


def _joint_shape(sign: str, left: tuple[int, ...], right: tuple[int, ...]) -> tuple[int, ...]:
    try:
        return np.broadcast_shapes(left, right)
    except ValueError:
        raise NoAnswer(_apart(left, right, sign, _clash(left, right))) from None


def _apart(left: tuple[int, ...], right: tuple[int, ...], sign: str, why: Bilingual) -> Bilingual:
    one, other = shape_text(left), shape_text(right)
    return Bilingual(
        f"The shapes {one.english} and {other.english} do not go together with {sign}: {why.english}.",
        f"形状 {one.chinese} 与 {other.chinese} 不能用 {sign} 运算：{why.chinese}。",
    )


def _clash(left: tuple[int, ...], right: tuple[int, ...]) -> Bilingual:
    """Which sizes differ, counted from the last dimension."""
    for back in range(1, min(len(left), len(right)) + 1):
        if left[-back] != right[-back] and 1 not in (left[-back], right[-back]):
            one, other = left[-back], right[-back]
            return Bilingual(f"dimension {-back} has {one} and {other}", f"第 {-back} 维是 {one} 和 {other}")
    return Bilingual("their sizes differ", "大小不同")


def _product(left: NDArray[Any], right: NDArray[Any], budget: Budget) -> Any:
    if left.ndim == 0 or right.ndim == 0:
        raise NoAnswer(
            Bilingual("@ multiplies matrices and vectors; for a number, write *.", "@ 用于矩阵和向量相乘；对数请写 *。")
        )
    inner = right.shape[-2] if right.ndim > 1 else right.shape[0]
    if left.shape[-1] != inner:
        one = left.shape[-1]
        why = Bilingual(f"the inner sizes are {one} and {inner}", f"内侧的大小是 {one} 和 {inner}")
        raise NoAnswer(_apart(left.shape, right.shape, "@", why))
    stacked = _joint_shape("@", left.shape[:-2], right.shape[:-2])
    rows = left.shape[-2] if left.ndim > 1 else 1
    columns = right.shape[-1] if right.ndim > 1 else 1
    budget.make(math.prod(stacked) * rows * columns)
    budget.touch(math.prod(stacked) * rows * columns * inner)
    with np.errstate(all="ignore"):
        return np.matmul(_counted(left), _counted(right))
