"""The table of functions that an expression may call, also as methods: norm(x) and x.norm() are the same."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...bilingual import Bilingual
from ...values import Statistics
from .answers import NoAnswer, shape_text
from .bounds import MOST_BINS, Budget
from .reductions import axis_of, extreme, mean, norm, percentile, place_of, spread, total, whether

Arguments = Sequence[Any]
Settings = Mapping[str, Any]
Apply = Callable[[Arguments, Settings, Budget], Any]

_AXIS = ("axis", "dim", "keepdims", "keepdim")


@dataclass(frozen=True, slots=True)
class Function:
    """One function. usage: how to write it. fewest, most: number of values it takes. keywords: its settings.

    apply: gets numbers and arrays, gives one back; raises NoAnswer. measured: the same from the statistics of a value
    whose elements are all finite, where its array is not needed; None where they do not tell.
    """

    usage: str
    fewest: int
    most: int
    apply: Apply
    keywords: tuple[str, ...] = ()
    measured: Callable[[Statistics], float] | None = None


def _elementwise(ufunc: Callable[[Any], Any]) -> Apply:
    def apply(arguments: Arguments, settings: Settings, budget: Budget) -> Any:
        budget.make(np.size(arguments[0]))
        return ufunc(np.asarray(arguments[0]))

    return apply


def _pairwise(ufunc: Callable[[Any, Any], Any]) -> Apply:
    def apply(arguments: Arguments, settings: Settings, budget: Budget) -> Any:
        return ufunc(*_joined(arguments, budget))

    return apply


def _reduction(reduce: Callable[[NDArray[Any], Any, bool], Any]) -> Apply:
    """reduce: array, axis (None: over all elements), whether the axis stays with size 1."""

    def apply(arguments: Arguments, settings: Settings, budget: Budget) -> Any:
        array = np.asarray(arguments[0])
        budget.touch(array.size)
        given = arguments[1] if len(arguments) > 1 else settings.get("axis", settings.get("dim"))
        keep = bool(settings.get("keepdims", settings.get("keepdim", False)))
        return reduce(array, axis_of(array, given), keep)

    return apply


def _joined(arguments: Arguments, budget: Budget) -> tuple[NDArray[Any], ...]:
    """Arrays that are spread over one shape."""
    arrays = tuple(np.asarray(one) for one in arguments)
    try:
        shape = np.broadcast_shapes(*(one.shape for one in arrays))
    except ValueError:
        shapes = [shape_text(one.shape) for one in arrays]
        raise NoAnswer(
            Bilingual(
                f"The shapes {' and '.join(one.english for one in shapes)} do not go together.",
                f"形状 {' 与 '.join(one.chinese for one in shapes)} 不能一起使用。",
            )
        ) from None
    budget.make(math.prod(shape))
    return arrays


def _clip(arguments: Arguments, settings: Settings, budget: Budget) -> Any:
    given = dict(zip(("min", "max"), arguments[1:], strict=False)) | dict(settings)
    if not given:
        raise NoAnswer(
            Bilingual(
                "clip needs a limit: clip(x, -1, 1), or clip(x, max=1).",
                "clip 需要一个界限：clip(x, -1, 1) 或 clip(x, max=1)。",
            )
        )
    found = np.asarray(arguments[0])
    for limit, ufunc in (("min", np.maximum), ("max", np.minimum)):
        if limit in given:
            found = np.asarray(ufunc(*_joined((found, given[limit]), budget)))
    return found


def _where(arguments: Arguments, settings: Settings, budget: Budget) -> Any:
    condition, yes, no = _joined(arguments, budget)
    return np.where(condition, yes, no)


def _round(arguments: Arguments, settings: Settings, budget: Budget) -> Any:
    decimals = settings.get("decimals", arguments[1] if len(arguments) > 1 else 0)
    if not isinstance(decimals, int) or abs(decimals) > 20:
        raise NoAnswer(
            Bilingual(
                "round takes a number of decimals between -20 and 20, as in round(loss, 3).",
                "round 的小数位数在 -20 到 20 之间，例如 round(loss, 3)。",
            )
        )
    budget.make(np.size(arguments[0]))
    return np.round(np.asarray(arguments[0]), decimals)


def _cos(arguments: Arguments, settings: Settings, budget: Budget) -> float:
    """Cosine of the angle between two values, each read as one long vector."""
    left, right = (np.asarray(one) for one in arguments)
    if left.size != right.size:
        raise NoAnswer(
            Bilingual(
                f"cos needs as many numbers on both sides, not {left.size} and {right.size}.",
                f"cos 要求两边的数一样多，而这里是 {left.size} 个和 {right.size} 个。",
            )
        )
    budget.touch(left.size * 3)
    a, b = (np.asarray(one, dtype=np.float64).reshape(-1) for one in (left, right))
    lengths = float(np.sqrt(a @ a)) * float(np.sqrt(b @ b))
    return float(a @ b) / lengths if lengths else math.nan


def _histogram(arguments: Arguments, settings: Settings, budget: Budget) -> NDArray[Any]:
    """Counts of the finite elements in bins of equal width from the smallest to the largest."""
    array = np.asarray(arguments[0])
    bins = settings.get("bins", arguments[1] if len(arguments) > 1 else 10)
    if isinstance(bins, bool) or not isinstance(bins, int) or not 1 <= bins <= MOST_BINS:
        raise NoAnswer(
            Bilingual(
                f"histogram takes a number of bins between 1 and {MOST_BINS}.",
                f"histogram 的分组数在 1 到 {MOST_BINS} 之间。",
            )
        )
    budget.make(array.size + bins)
    if array.dtype.kind == "c":
        raise NoAnswer(
            Bilingual(
                "histogram counts real numbers; take abs of complex ones.", "histogram 统计实数；对复数请先取 abs。"
            )
        )
    wide = array.astype(np.float64).reshape(-1)
    return np.histogram(wide[np.isfinite(wide)], bins)[0]


def _shape(arguments: Arguments, settings: Settings, budget: Budget) -> tuple[int, ...]:
    return np.shape(arguments[0])


def _length(arguments: Arguments, settings: Settings, budget: Budget) -> int:
    shape: tuple[int, ...] = np.shape(arguments[0])
    if not shape:
        raise NoAnswer(Bilingual("One number has no len.", "单个数没有 len。"))
    return shape[0]


def _transposed(arguments: Arguments, settings: Settings, budget: Budget) -> NDArray[Any]:
    return np.asarray(arguments[0]).T


def _one(arguments: Arguments, settings: Settings, budget: Budget) -> Any:
    """The only element of a value."""
    if np.size(arguments[0]) != 1:
        shape = shape_text(np.shape(arguments[0]))
        raise NoAnswer(
            Bilingual(
                f"{shape.english} is not one number: take an element, a mean or a norm.",
                f"{shape.chinese} 不是单个数：请取一个元素、均值或范数。",
            )
        )
    return np.asarray(arguments[0]).reshape(-1)[0]


def _float(arguments: Arguments, settings: Settings, budget: Budget) -> float:
    one = _one(arguments, settings, budget)
    if isinstance(one, np.complexfloating):
        raise NoAnswer(Bilingual("A complex number is no float; take its abs.", "复数不是浮点数；请取它的 abs。"))
    return float(one)


def _int(arguments: Arguments, settings: Settings, budget: Budget) -> int:
    one = _float(arguments, settings, budget)
    if not math.isfinite(one):
        raise NoAnswer(Bilingual(f"{one} is no whole number.", f"{one} 不是整数。"))
    return int(_one(arguments, settings, budget))


FUNCTIONS: dict[str, Function] = {
    "norm": Function("norm(x), norm(x, 1), norm(x, axis=0)", 1, 2, norm, ("p", "ord", *_AXIS), lambda s: s.norm),
    "abs": Function("abs(x)", 1, 1, _elementwise(np.abs)),
    "max": Function("max(x) or max(x, axis=0)", 1, 1, _reduction(extreme("max")), _AXIS, lambda s: s.max),
    "min": Function("min(x) or min(x, axis=0)", 1, 1, _reduction(extreme("min")), _AXIS, lambda s: s.min),
    "mean": Function("mean(x) or mean(x, axis=0)", 1, 2, _reduction(mean), _AXIS, lambda s: s.mean),
    "std": Function("std(x) or std(x, axis=0)", 1, 2, _reduction(spread("std")), _AXIS, lambda s: s.std),
    "var": Function("var(x) or var(x, axis=0)", 1, 2, _reduction(spread("var")), _AXIS, lambda s: s.std**2),
    "sum": Function("sum(x) or sum(x, axis=0)", 1, 2, _reduction(total), _AXIS),
    "any": Function("any(x) or any(x, axis=0)", 1, 2, _reduction(whether(np.any)), _AXIS),
    "all": Function("all(x) or all(x, axis=0)", 1, 2, _reduction(whether(np.all)), _AXIS),
    "argmax": Function("argmax(x) or argmax(x, axis=0)", 1, 2, _reduction(place_of("argmax")), _AXIS),
    "argmin": Function("argmin(x) or argmin(x, axis=0)", 1, 2, _reduction(place_of("argmin")), _AXIS),
    "percentile": Function("percentile(x, 95)", 2, 3, percentile, _AXIS),
    "histogram": Function("histogram(x) or histogram(x, 20)", 1, 2, _histogram, ("bins",)),
    "cos": Function("cos(a, b)", 2, 2, _cos),
    "isnan": Function("isnan(x)", 1, 1, _elementwise(np.isnan)),
    "isinf": Function("isinf(x)", 1, 1, _elementwise(np.isinf)),
    "isfinite": Function("isfinite(x)", 1, 1, _elementwise(np.isfinite)),
    "sign": Function("sign(x)", 1, 1, _elementwise(np.sign)),
    "sqrt": Function("sqrt(x)", 1, 1, _elementwise(np.sqrt)),
    "exp": Function("exp(x)", 1, 1, _elementwise(np.exp)),
    "log": Function("log(x)", 1, 1, _elementwise(np.log)),
    "round": Function("round(x) or round(x, 3)", 1, 2, _round, ("decimals",)),
    "maximum": Function("maximum(a, b)", 2, 2, _pairwise(np.maximum)),
    "minimum": Function("minimum(a, b)", 2, 2, _pairwise(np.minimum)),
    "clip": Function("clip(x, -1, 1)", 1, 3, _clip, ("min", "max")),
    "where": Function("where(condition, a, b)", 3, 3, _where),
    "shape": Function("shape(x)", 1, 1, _shape),
    "ndim": Function("ndim(x)", 1, 1, lambda arguments, settings, budget: np.ndim(arguments[0])),
    "len": Function("len(x)", 1, 1, _length),
    "T": Function("x.T", 1, 1, _transposed),
    "float": Function("float(x)", 1, 1, _float),
    "int": Function("int(x)", 1, 1, _int),
    "item": Function("x.item()", 1, 1, _one),
}

PROPERTIES = frozenset({"shape", "ndim", "T"})
"""Functions that may be written without brackets after a value: x.shape."""

SHAPES_ONLY = frozenset({"shape", "ndim", "len"})
"""Functions that need no numbers."""
