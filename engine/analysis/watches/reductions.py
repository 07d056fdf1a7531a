"""Functions that make few numbers of many. Half and single precision are added up in double."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...bilingual import Bilingual
from .answers import NoAnswer, shape_text
from .bounds import Budget

Axis = int | tuple[int, ...] | None
Reduce = Callable[[NDArray[Any], Axis, bool], Any]


def axis_of(array: NDArray[Any], given: Any) -> Axis:
    """A dimension, or several, of an array; None for all. Raises NoAnswer where the array has no such dimension."""
    if given is None:
        return None
    axes = given if isinstance(given, tuple) else (given,)
    for axis in axes:
        if isinstance(axis, bool) or not isinstance(axis, int):
            raise NoAnswer(Bilingual(f"An axis is a whole number, not {axis}.", f"轴是整数，不是 {axis}。"))
        if not -array.ndim <= axis < array.ndim:
            shape = shape_text(array.shape)
            raise NoAnswer(
                Bilingual(
                    f"There is no axis {axis}: the shape is {shape.english}.",
                    f"没有轴 {axis}：形状是 {shape.chinese}。",
                )
            )
    if len({axis % array.ndim for axis in axes}) < len(axes):
        raise NoAnswer(Bilingual("An axis is named twice.", "同一个轴写了两次。"))
    return axes if isinstance(given, tuple) else axes[0]


def total(array: NDArray[Any], axis: Axis, keep: bool) -> Any:
    """Sum; of truths, how many are true."""
    return np.sum(_wide(array), axis=axis, keepdims=keep)


def mean(array: NDArray[Any], axis: Axis, keep: bool) -> Any:
    """Arithmetic mean."""
    _check_filled(array, "mean")
    return np.mean(_wide(array), axis=axis, keepdims=keep)


def spread(name: str) -> Reduce:
    """ "std" or "var" of the population: divided by n, as the statistics of a trace."""

    def reduce(array: NDArray[Any], axis: Axis, keep: bool) -> Any:
        _check_filled(array, name)
        wide = _wide(array)
        return np.std(wide, axis=axis, keepdims=keep) if name == "std" else np.var(wide, axis=axis, keepdims=keep)

    return reduce


def extreme(name: str) -> Reduce:
    """ "max" or "min"; NaN where there is one."""

    def reduce(array: NDArray[Any], axis: Axis, keep: bool) -> Any:
        _check_filled(array, name)
        _check_ordered(array, name)
        found = np.max if name == "max" else np.min
        return found(array, axis=axis, keepdims=keep)

    return reduce


def whether(found: Callable[..., Any]) -> Reduce:
    """numpy.any or numpy.all."""

    def reduce(array: NDArray[Any], axis: Axis, keep: bool) -> Any:
        return found(array, axis=axis, keepdims=keep)

    return reduce


def place_of(name: str) -> Reduce:
    """ "argmax" or "argmin"; without an axis the place in the elements read row by row."""

    def reduce(array: NDArray[Any], axis: Axis, keep: bool) -> Any:
        _check_filled(array, name)
        _check_ordered(array, name)
        if isinstance(axis, tuple):
            raise NoAnswer(Bilingual(f"{name} goes along one axis.", f"{name} 只能沿一个轴进行。"))
        found = np.argmax if name == "argmax" else np.argmin
        return found(array, axis=axis, keepdims=keep)

    return reduce


def norm(arguments: Sequence[Any], settings: Mapping[str, Any], budget: Budget) -> Any:
    """(sum of |x|^p)^(1/p), over all elements or along an axis; p is 2 unless given, inf for the largest |x|."""
    array = np.asarray(arguments[0])
    budget.touch(array.size * 2)
    p = arguments[1] if len(arguments) > 1 else settings.get("p", settings.get("ord", 2))
    axis = axis_of(array, settings.get("axis", settings.get("dim")))
    keep = bool(settings.get("keepdims", settings.get("keepdim", False)))
    if isinstance(p, bool) or not isinstance(p, int | float) or not p > 0:
        raise NoAnswer(
            Bilingual(
                "norm takes a positive p, as in norm(x), norm(x, 1) or norm(x, inf).",
                "norm 的 p 必须是正数，例如 norm(x)、norm(x, 1) 或 norm(x, inf)。",
            )
        )
    sizes = np.abs(_wide(array))
    if p == np.inf:
        _check_filled(array, "norm")
        return np.max(sizes, axis=axis, keepdims=keep)
    if p == 2:
        return np.sqrt(np.sum(sizes * sizes, axis=axis, keepdims=keep))
    return np.sum(np.power(sizes, float(p)), axis=axis, keepdims=keep) ** (1.0 / p)


def percentile(arguments: Sequence[Any], settings: Mapping[str, Any], budget: Budget) -> Any:
    """The number below which so many percent of the elements lie; between two elements, linearly. Several: an array."""
    array = np.asarray(arguments[0])
    _check_filled(array, "percentile")
    _check_ordered(array, "percentile")
    shares = np.asarray(arguments[1], dtype=np.float64)
    if shares.ndim > 1 or shares.size > 1000 or not np.all((shares >= 0) & (shares <= 100)):
        raise NoAnswer(
            Bilingual(
                "percentile takes percentages between 0 and 100, as in percentile(x, 95).",
                "percentile 的百分比在 0 到 100 之间，例如 percentile(x, 95)。",
            )
        )
    budget.touch(array.size * 4)
    budget.make(array.size * max(shares.size, 1) if "axis" in settings or "dim" in settings else array.size)
    given = arguments[2] if len(arguments) > 2 else settings.get("axis", settings.get("dim"))
    keep = bool(settings.get("keepdims", settings.get("keepdim", False)))
    return np.percentile(_wide(array), shares, axis=axis_of(array, given), keepdims=keep)


def _wide(array: NDArray[Any]) -> NDArray[Any]:
    if array.dtype.kind == "f" and array.dtype.itemsize < 8:
        return array.astype(np.float64)
    if array.dtype.kind == "c" and array.dtype.itemsize < 16:
        return array.astype(np.complex128)
    return array.astype(np.int64) if array.dtype.kind == "b" else array


def _check_filled(array: NDArray[Any], name: str) -> None:
    if array.size == 0:
        shape = shape_text(array.shape)
        raise NoAnswer(
            Bilingual(
                f"{shape.english} has no elements to take {name} of.", f"{shape.chinese} 没有元素，无法求 {name}。"
            )
        )


def _check_ordered(array: NDArray[Any], name: str) -> None:
    if array.dtype.kind == "c":
        raise NoAnswer(
            Bilingual(f"Complex numbers have no {name}; take it of their abs.", f"复数没有 {name}；请对它们的 abs 求。")
        )
