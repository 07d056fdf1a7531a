"""Rows of functions of one number, each made from its formulas: sin, exp, erf ... ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...notation.expression import Call as Applied
from ...notation.expression import Expression
from ..call import Array
from ..operation import operation
from ..words import Words
from .pointwise import Pointwise, Settings

Formula = Callable[..., Array | float]
Writing = Callable[[Expression, Expression], Expression]


def as_floats(x: Array) -> Array:
    """Integers and bools as float64, as torch has them in a function that makes floats."""
    return x.astype(np.float64) if x.dtype.kind in "biu" else x


def sign(x: Array) -> Array:
    """-1, 0 or 1; 0 for NaN. Of a complex number: the number of size 1 in its direction."""
    if np.iscomplexobj(x):
        size = np.abs(x)
        return np.asarray(np.where(size == 0, 0.0, x / np.where(size == 0, 1.0, size)))
    return np.asarray((x > 0).astype(np.float64) - (x < 0))


class Curve(Pointwise):
    """A row of y = f(x) with f'(x) from x and y; made by `curve`."""

    function: Formula
    slope: Formula
    writing: Callable[[Expression], Expression]
    writing_slope: Writing | None

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(type(self).function(as_floats(x[0])))

    def derive(self, settings: Settings, y: Array, *x: Array) -> list[Array | float | None]:
        return [type(self).slope(as_floats(x[0]), y)]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return type(self).writing(x[0])

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> list[Expression | None]:
        writing = type(self).writing_slope
        return [None if writing is None else writing(x[0], y)]


def curve(
    names: str,
    function: Formula,
    slope: Formula,
    words: Words,
    *,
    write: Callable[[Expression], Expression] | None = None,
    slope_text: Writing | None = None,
    nodes: tuple[str, ...] = (),
) -> None:
    """Adds the row of a function under some names ("sin", or "expm1 special_expm1").

    function: f(x); slope: f'(x) from x and y = f(x), both for arrays of float64. write: how f is written, by default as
    its first name of x; slope_text: how f' is written, from x and y; without it, f′(x) and its number.
    """
    first = names.split()[0]

    def named(x: Expression) -> Expression:
        return Applied(first, (x,))

    body: dict[str, Any] = {
        "__doc__": f"y = {first}(x).",
        "__module__": __name__,
        "words": words,
        "nodes": nodes or (f"{first.capitalize()}Backward",),
        "function": staticmethod(function),
        "slope": staticmethod(slope),
        "writing": staticmethod(write or named),
        "writing_slope": None if slope_text is None else staticmethod(slope_text),
    }
    operation(*(f"{name}(input)" for name in names.split()))(type(first.capitalize(), (Curve,), body))
