"""Rows of torch._foreach_*: one op for each tensor of a list, as clipping and optimizers call them.

Formulas: those of the op of the same name, applied to the first tensors of all lists, to the second ones, and so on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..call import Array, Call, UnfitError
from ..case import Forward, Operand, Worked, constant
from ..kinds.pointwise import Pointwise, Settings, stretched, summed_to
from ..kinds.reducing import Line
from ..operation import OPERATIONS, Operation, operation
from ..words import Words
from . import arithmetic, division, filling, limits, logarithms, powers, rounding
from .norms import Norm

FAMILIES = (arithmetic, division, limits, logarithms, powers, rounding)
"""Importing them fills the table with the rows that are applied here."""


@dataclass(frozen=True, slots=True)
class _One:
    """One tensor's share of a call: operands with their keys (None: a plain number), and settings."""

    operands: list[tuple[str | None, Array]]
    settings: dict[str, Any]


class Foreach(Operation):
    """A row that applies another one to each tensor of its lists. names: its arguments, in the row's order."""

    row: Pointwise
    names: tuple[str, ...]

    def forward(self, call: Call) -> list[Array]:
        """The row's formula for each tensor."""
        with np.errstate(all="ignore"):
            return [
                np.asarray(self.row.compute(one.settings, *(x for _, x in one.operands))) for one in self._all(call)
            ]

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """The row's slopes for each tensor; a tensor that is used for all gets the sum."""
        found: dict[str, Array] = {}
        for one, arrived in zip(self._all(call), upstream, strict=True):
            x = [array for _, array in one.operands]
            with np.errstate(all="ignore"):
                slopes = self.row.derive(one.settings, np.asarray(self.row.compute(one.settings, *x)), *x)
                for (key, array), slope in zip(one.operands, slopes, strict=True):
                    if key is not None and slope is not None:
                        found[key] = found.get(key, 0.0) + summed_to(arrived * slope, array.shape)
        return found

    def equation(self, case: Forward) -> Worked:
        """The row's formula at one place of one tensor."""
        operands = [self._operand(case, name) for name in self.names]
        places = [(operand, stretched(case.index, operand.array.shape)) for operand in operands]
        settings = self._settings(case.settings, case.place)
        with np.errstate(all="ignore"):
            numbers = [np.asarray(operand.value_at(place)) for operand, place in places]
            computed = float(self.row.compute(settings, *numbers))
        return Worked(
            self.row.write(settings, *(operand.at(place) for operand, place in places)),
            self.row.write(settings, *(operand.number(place) for operand, place in places)),
            computed,
        )

    def _operand(self, case: Forward, name: str) -> Operand:
        found = case.operand(f"{name}.{case.place}") if name not in case.settings else None
        if found is not None:
            return found
        given = case.settings.get(name)
        return constant(given[case.place], name) if isinstance(given, list) else case.needed(name)

    def _all(self, call: Call) -> list[_One]:
        lists = call.arrays(self.names[0])
        keys = dict(call.tensors()).keys()
        ones = []
        for i in range(len(lists)):
            operands = []
            for name in self.names:
                given = call[name]
                item = given[i] if isinstance(given, list) else given
                key = f"{name}.{i}" if isinstance(given, list) else name
                if not isinstance(item, np.ndarray | int | float):
                    raise UnfitError(f"its argument {name} is not a tensor", f"它的参数 {name} 不是张量")
                operands.append((key if key in keys else None, np.asarray(item)))
            ones.append(_One(operands, self._settings(call.arguments, i)))
        return ones

    def _settings(self, settings: Settings, i: int) -> dict[str, Any]:
        """What the row reads besides its operands: `value` may be a list with one number a tensor."""
        found = {name: setting for name, setting in settings.items() if not isinstance(setting, list)}
        value = settings.get("value", 1)
        return {**found, "value": value[i] if isinstance(value, list) else value, "rounding_mode": None}


_TWO = {
    "add": "other, *, alpha=1",
    "sub": "other, *, alpha=1",
    **dict.fromkeys(("mul", "div", "maximum", "minimum", "clamp_min", "clamp_max"), "other"),
    "pow": "exponent",
    "copy": "src, non_blocking=False",
    "addcmul": "tensor1, tensor2, value=1",
    "addcdiv": "tensor1, tensor2, value=1",
    "lerp": "end, weight",
}
"""Op -> its arguments after the first list."""
_ONE = (
    *("neg", "abs", "sqrt", "rsqrt", "exp", "expm1", "log", "log1p", "log2", "log10", "reciprocal", "sign", "zero"),
    *("floor", "ceil", "round", "trunc", "frac"),
)


_OWN: dict[str, Operation] = {"copy": filling.Copied(), "zero": filling.Cleared()}
"""Ops that are a write, applied place by place here."""


def _add(name: str, rest: str = "") -> None:
    row = _OWN.get(name) or OPERATIONS[name][0]
    if not isinstance(row, Pointwise):
        raise TypeError(name)
    names = ("tensors", *(part.strip().partition("=")[0] for part in rest.split(",") if part and "*" not in part))
    body = {
        "__doc__": f"{name} for each tensor of a list.",
        "__module__": __name__,
        "row": row,
        "names": names[: len(row.operands)],
        "words": Words(
            (f"It applies {name} to each tensor of a list.", f"对列表中的每个张量执行 {name}。"),
            row.words.gradient,
        ),
    }
    arguments = f"tensors, {rest}" if rest else "tensors"
    extra = ", decimals=0" if name == "round" else ""
    operation(f"_foreach_{name}({arguments}{extra})")(type(f"Foreach{name.capitalize()}", (Foreach,), body))


for _name, _rest in _TWO.items():
    _add(_name, _rest)
for _name in _ONE:
    _add(_name)


@operation("_foreach_norm(tensors, ord=2, dtype=None)")
class ForeachNorm(Operation):
    """The norm of each tensor of a list."""

    norm = Norm()
    words = Words(
        (
            "Takes the length of each tensor of a list, as clipping of gradients does.",
            "求列表中每个张量的范数，梯度裁剪即如此。",
        ),
        (
            "Every number gets its own share of its tensor's length as gradient.",
            "每个数按自身占所在张量范数的份额得到梯度。",
        ),
    )

    def forward(self, call: Call) -> list[Array]:
        """One number for each tensor."""
        return [self.norm.reduce(call.arguments, x.reshape(-1)) for x in call.arrays("tensors")]

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """Each tensor's slopes."""
        found = {}
        for i, (x, arrived) in enumerate(zip(call.arrays("tensors"), upstream, strict=True)):
            flat = x.reshape(-1)
            with np.errstate(all="ignore"):
                slopes = self.norm.slopes(call.arguments, self.norm.reduce(call.arguments, flat)[..., None], flat)
            found[f"tensors.{i}"] = (arrived * slopes).reshape(x.shape)
        return found

    def equation(self, case: Forward) -> Worked:
        """The norm's formula."""
        x = case.needed(f"tensors.{case.place}")
        line = Line(x, (0,) * x.array.ndim, x.array.shape)
        symbols, numbers = self.norm.write(case.settings, line)
        return Worked(symbols, numbers, float(self.norm.reduce(case.settings, line.numbers.astype(np.float64))))
