"""Rows of changes of type and device: the same numbers, as far as the new type can hold them.

Formulas: IEEE 754, to the nearest number of the type, ties to the even one; bfloat16 is float32 without its last 16
bits. Floats become integers by dropping what is behind the point (PyTorch's documentation of torch.Tensor.to).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ....bilingual import Bilingual
from ...notation.expression import Call as Applied
from ..call import Array, Call, UnfitError, wide
from ..case import Backward, Forward, Worked
from ..kinds.dtypes import to_bfloat16
from ..operation import Operation, operation
from ..words import Words

_OWN_NAMES = {
    **{"half": "float16", "float": "float32", "double": "float64", "cfloat": "complex64", "cdouble": "complex128"},
    **{"char": "int8", "byte": "uint8", "short": "int16", "int": "int32", "long": "int64"},
}
"""What torch calls its types besides their names."""

_NAMES = {
    *("float16", "float32", "float64", "bfloat16", "complex64", "complex128", "bool"),
    *("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"),
}


def type_named(text: str) -> str:
    """The plain name of a type: "float32" for "torch.float32" and "torch.float"; "" for what is no type ("cpu")."""
    name = text.removeprefix("torch.")
    name = _OWN_NAMES.get(name, name)
    return name if name in _NAMES else ""


def rounded(x: Array, name: str) -> Array:
    """The numbers as a type holds them, widened again; see `wide`.

    Raises UnfitError where a number becomes an integer that has no room for it: what comes of that is not defined.
    """
    if name == "bfloat16":
        return to_bfloat16(np.real(x)).astype(np.float64)
    kind = np.dtype(name).kind
    if kind in "iu" and x.dtype.kind in "fc":
        whole = np.asarray(np.trunc(np.real(x)))
        if not np.all((whole >= np.iinfo(name).min) & (whole <= np.iinfo(name).max)):
            raise UnfitError(
                "not all numbers fit into the integers, and what becomes of them is not defined",
                "有些数超出了整数的范围，其结果没有定义",
            )
        return wide(whole.astype(name))
    with np.errstate(over="ignore", invalid="ignore"):
        numbers = np.asarray(np.real(x) if kind not in "cb" else x)
        # torch rounds to float32 on the way to half precision: of a number just below a tie, that makes the tie.
        return wide((numbers.astype(np.float32) if name == "float16" else numbers).astype(name))


class Casting(Operation):
    """A row of an op that changes the type of its numbers, or where they are."""

    nudged = "none"  # rounding is passed over
    nodes = ("ToCopyBackward",)
    order = ("input",)

    def target(self, call: Call) -> str:
        """The type that was asked for; "" if it stays."""
        raise NotImplementedError

    def forward(self, call: Call) -> Array:
        """Rounded to the type."""
        x = call.array("input")
        target = self.target(call)
        return rounded(x, target) if target else x

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """What arrived; rounding is passed over as if it were not there. Of complex numbers the part that is meant."""
        x, target, (G,) = call.array("input"), self.target(call), upstream
        if target == "bool" or (target and target not in ("bfloat16",) and np.dtype(target).kind in "iu"):
            raise UnfitError("whole numbers have no gradient", "整数没有梯度")
        if x.dtype.kind != "c":
            return {"input": np.real(G)}
        return {"input": G.astype(np.complex128)}

    def equation(self, case: Forward) -> Worked:
        """The number, as the type holds it."""
        x = case.needed("input")
        target = self.target(case.call)
        before = x.value_at(case.index)
        after = float(rounded(np.asarray(before), target)) if target else before
        if after == before:
            return Worked(x.at(case.index), None, after, note=Bilingual("The same number.", "同一个数。"))
        symbols, numbers = (Applied(target, (part,)) for part in (x.at(case.index), x.number(case.index)))
        return Worked(symbols, numbers, after, note=Bilingual(f"As {target} holds it.", f"以 {target} 表示的值。"))

    def gradient_equation(self, case: Backward) -> Worked:
        """What arrived."""
        G = case.upstream
        return Worked(
            G.at(case.index),
            None,
            G.value_at(case.index),
            note=Bilingual("The same gradient, in the argument's type.", "同样的梯度，转换为参数的类型。"),
        )


_PASSED_ON = (
    "The gradient goes back unchanged, as if nothing had been rounded, in the argument's own type.",
    "梯度以参数自己的类型原样传回，就像没有舍入一样。",
)


@operation("to(input, *args, dtype=None, device=None, tensor=None, non_blocking=False, copy=False, memory_format=None)")
class To(Casting):
    """Another type, another device, or both; or as another tensor."""

    words = Words(
        (
            "to changes the type of the numbers, or moves them to another device.",
            "to 改变数的类型，或把它们移到另一个设备。",
        ),
        _PASSED_ON,
    )

    def target(self, call: Call) -> str:
        """The type among its arguments."""
        for found in (call["dtype"], call["tensor"], *(call.get("args") or ())):
            if isinstance(found, np.ndarray):
                return type_like(call, found)
            if isinstance(found, str) and type_named(found):
                return type_named(found)
            if isinstance(found, str) and found.startswith("torch."):
                raise UnfitError(f"its type {found} is not known", f"不认识它的类型 {found}")
        return ""


@operation("type(input, dtype=None, non_blocking=False)")
class Type(Casting):
    """Another type, by its name."""

    words = Words(
        ("type gives the numbers another type.", "type 把数转换为另一种类型。"),
        _PASSED_ON,
    )

    def target(self, call: Call) -> str:
        found = type_named(str(call["dtype"]))
        if not found:
            raise UnfitError(f"its type {call['dtype']} is not known", f"不认识它的类型 {call['dtype']}")
        return found


def type_like(call: Call, other: Array) -> str:
    """The type of another tensor. How wide it was is not known here, so of floats only that they are floats."""
    x = call.array("input")
    if other.dtype.kind == "f":
        return "" if x.dtype.kind == "f" else "float64"
    if other.dtype.kind == "c":
        return "complex128"
    return "bool" if other.dtype.kind == "b" else "int64"


@operation("type_as(input, other)")
class TypeAs(Casting):
    """The type of another tensor."""

    words = Words(
        ("type_as gives the numbers the type of another tensor.", "type_as 把数转换为另一个张量的类型。"),
        _PASSED_ON,
    )

    def target(self, call: Call) -> str:
        return type_like(call, call.array("other"))


_DEVICES = "(input, device=None, non_blocking=False, memory_format=None)"


@operation(f"cpu{_DEVICES}", f"cuda{_DEVICES}", f"xpu{_DEVICES}")
class Device(Casting):
    """The same numbers on another device."""

    words = Words(
        ("Moves the numbers to another device; none of them changes.", "把数移到另一个设备；数值都不变。"),
        ("The gradient is moved back.", "梯度再移回来。"),
    )

    def target(self, call: Call) -> str:
        return ""


class Named(Casting):
    """A row of an op that is named after its type."""

    def target(self, call: Call) -> str:
        """Its own name."""
        return type_named(call.name)


@operation(*(f"{name}(input, memory_format=None)" for name in ("float", "double", "half", "bfloat16")))
class ToFloats(Named):
    """Floats of a given precision."""

    words = Words(
        (
            "The numbers are rounded to what floats of this precision can hold.",
            "把数舍入为该精度的浮点数所能表示的值。",
        ),
        _PASSED_ON,
    )


@operation(*(f"{name}(input, memory_format=None)" for name in ("cfloat", "cdouble")))
class ToComplex(Named):
    """Complex numbers of a given precision."""

    words = Words(
        ("The numbers become complex ones, with imaginary part 0.", "把数变为虚部为 0 的复数。"),
        ("The real part of the gradient goes back.", "梯度的实部被传回。"),
    )


@operation(*(f"{name}(input, memory_format=None)" for name in ("long", "int", "short", "char", "byte")))
class ToIntegers(Named):
    """Whole numbers: what is behind the point is dropped."""

    words = Words(
        (
            "The numbers become whole ones: what is behind the point is dropped.",
            "把数变为整数：舍去小数部分。",
        ),
    )


@operation("bool(input, memory_format=None)")
class ToBool(Named):
    """Whether a number is not 0."""

    words = Words(("Each number becomes true unless it is 0.", "非零的数变为真，零变为假。"))
