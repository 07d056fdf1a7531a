"""Rows that take complex numbers apart and put them together: complex, polar, imag, angle, view_as_real.

Formulas: PyTorch's documentation; its gradient of a real C by z is ∂C/∂(Re z) + i ∂C/∂(Im z), so that of the real part
goes with the real parts and that of the imaginary part with the imaginary ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Worked
from ..kinds.pointwise import summed_to
from ..operation import Operation, operation
from ..words import Words


class Complex(Operation):
    """A row of an op with complex numbers, which have no equations of real elements."""

    def equation(self, case: Forward) -> Worked:
        """There is none."""
        raise UnfitError("equations of complex numbers are not written out", "复数的公式没有写出")

    def gradient_equation(self, case: Backward) -> Worked:
        """There is none."""
        raise UnfitError("equations of complex numbers are not written out", "复数的公式没有写出")


@operation("complex(real, imag, *, out=None)")
class Joined(Complex):
    """real + i imag."""

    nodes = ("ComplexBackward",)
    words = Words(
        ("complex joins real and imaginary parts.", "complex 由实部和虚部组成复数。"),
        ("Each part gets its own part of the gradient.", "实部和虚部各得到梯度的相应部分。"),
    )

    def forward(self, call: Call) -> Array:
        """real + i imag."""
        return np.asarray(call.array("real") + 1j * call.array("imag"))

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """The real and the imaginary part of what arrived."""
        (arrived,) = upstream
        return {
            "real": summed_to(np.real(arrived), call.array("real").shape),
            "imag": summed_to(np.imag(arrived), call.array("imag").shape),
        }


@operation("polar(abs, angle, *, out=None)")
class Polar(Complex):
    """abs · e^(i angle). Of a length that is not positive torch sends back another sign, or 0, than the formula."""

    nodes = ("PolarBackward",)
    words = Words(
        ("polar makes complex numbers of lengths and angles.", "polar 由模和辐角组成复数。"),
        (
            "The length gets the part of the gradient along the number, the angle the part across it.",
            "模得到沿该数方向的梯度分量，辐角得到垂直方向的分量。",
        ),
    )

    def forward(self, call: Call) -> Array:
        """abs (cos angle + i sin angle)."""
        return np.asarray(call.array("abs") * np.exp(1j * call.array("angle")))

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """What arrived, along the number and across it."""
        turned = np.conj(upstream[0]) * np.exp(1j * call.array("angle"))
        return {
            "abs": summed_to(np.real(turned), call.array("abs").shape),
            "angle": summed_to(np.real(1j * turned * call.array("abs")), call.array("angle").shape),
        }


@operation("imag(input)")
class Imaginary(Complex):
    """The imaginary part."""

    nodes = ("ImagBackward",)
    words = Words(
        ("imag takes the imaginary part.", "imag 取虚部。"),
        ("The gradient goes to the imaginary part.", "梯度传给虚部。"),
    )

    def forward(self, call: Call) -> Array:
        """Im z."""
        return np.imag(call.array("input"))

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """i times what arrived."""
        return {"input": 1j * upstream[0]}


@operation("angle(input)")
class Angle(Complex):
    """The angle of a complex number; of a real one 0, or π if it is negative."""

    nodes = ("AngleBackward",)
    words = Words(
        ("angle is the direction in which a complex number points.", "angle 求复数的辐角。"),
        ("The gradient goes across the number, divided by its length.", "梯度垂直于该数的方向，并除以其模。"),
    )

    def forward(self, call: Call) -> Array:
        """The angle in radians; NaN stays NaN."""
        x = call.array("input")
        if np.iscomplexobj(x):
            return np.angle(x)
        return np.where(np.isnan(x), np.nan, np.where(x < 0, np.pi, 0.0)) if x.dtype.kind == "f" else np.pi * (x < 0)

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """i z / |z|² times what arrived; nothing for real numbers and 0."""
        z = call.array("input")
        if not np.iscomplexobj(z):
            return {"input": np.zeros(z.shape)}
        square = np.abs(z) ** 2
        return {"input": np.where(square == 0, 0.0, 1j * z * upstream[0] / np.where(square == 0, 1.0, square))}


@operation("view_as_real(input)")
class AsReal(Complex):
    """A last dimension of two: real and imaginary part."""

    nodes = ("ViewAsRealBackward",)
    words = Words(
        ("view_as_real shows each complex number as two real ones.", "view_as_real 把每个复数视为两个实数。"),
        ("Both parts' gradients join again.", "两部分的梯度重新合成复数。"),
    )

    def forward(self, call: Call) -> Array:
        """Both parts side by side."""
        z = call.array("input")
        return np.stack([np.real(z), np.imag(z)], axis=-1)

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """Both parts of what arrived, joined."""
        return {"input": upstream[0][..., 0] + 1j * upstream[0][..., 1]}


@operation("view_as_complex(input)")
class AsComplex(Complex):
    """The last dimension of two joined."""

    nodes = ("ViewAsComplexBackward",)
    words = Words(
        ("view_as_complex joins pairs of real numbers to complex ones.", "view_as_complex 把成对的实数视为复数。"),
        ("Each part gets its own part of the gradient.", "实部和虚部各得到梯度的相应部分。"),
    )

    def forward(self, call: Call) -> Array:
        """The first of a pair plus i times the second."""
        x = call.array("input")
        return np.asarray(x[..., 0] + 1j * x[..., 1])

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """The real and the imaginary part side by side."""
        return {"input": np.stack([np.real(upstream[0]), np.imag(upstream[0])], axis=-1)}
