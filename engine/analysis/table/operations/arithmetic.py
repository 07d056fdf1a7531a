"""Rows of school arithmetic: sums, differences, products, quotients, place by place with broadcasting.

Formulas: PyTorch's documentation of torch.add, sub, mul, div, addcmul, addcdiv and lerp; derivatives: school calculus.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...notation.expression import Add, Expression, Fraction, Neg, Number, Power, Product, Sub
from ..call import Array
from ..kinds.pointwise import ONE, Pointwise, Settings
from ..operation import operation
from ..sums import flat_add
from ..words import Words

TWO = Number(2)
MINUS_ONE = Neg(ONE)

Slopes = Sequence[Array | float | None]
Written = Sequence[Expression | None]


def _alpha(settings: Settings) -> float:
    found: float = settings.get("alpha", 1)
    return found


def _times_alpha(settings: Settings, x: Array) -> Array:
    alpha = _alpha(settings)
    return x if alpha == 1 else np.asarray(alpha * x)


def _write_times_alpha(settings: Settings, x: Expression) -> Expression:
    alpha = _alpha(settings)
    return x if alpha == 1 else Product((Number(alpha), x))


@operation("add(input, other, *, alpha=1)", "radd(input, other, *, alpha=1)")
class AddRow(Pointwise):
    """x + α y."""

    operands = ("input", "other")
    nodes = ("AddBackward",)
    order = ("other", "input")
    words = Words(
        ("add sums its two arguments place by place.", "add 把两个参数逐位相加。"),
        (
            "A sum passes the gradient on unchanged to both of its terms.",
            "加法把梯度原样传给每一个加数。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(x[0] + _times_alpha(settings, x[1]))

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        return [1.0, _alpha(settings)]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return flat_add(x[0], _write_times_alpha(settings, x[1]))

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Written:
        return [ONE, Number(_alpha(settings))]


@operation("sub(input, other, *, alpha=1)", "subtract(input, other, *, alpha=1)")
class Subtract(Pointwise):
    """x - α y."""

    operands = ("input", "other")
    nodes = ("SubBackward",)
    order = ("other", "input")
    words = Words(
        ("sub takes its second argument from its first, place by place.", "sub 逐位用第一个参数减去第二个参数。"),
        (
            "A difference passes the gradient on unchanged to what it takes from, and with the sign turned to what it "
            "takes away.",
            "减法把梯度原样传给被减数，把变号后的梯度传给减数。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(x[0] - _times_alpha(settings, x[1]))

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        return [1.0, -_alpha(settings)]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Sub(x[0], _write_times_alpha(settings, x[1]))

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Written:
        alpha = _alpha(settings)
        return [ONE, MINUS_ONE if alpha == 1 else Number(-alpha)]


@operation("rsub(input, other, *, alpha=1)")
class SubtractFrom(Pointwise):
    """y - α x: a difference whose second term is the tensor that was asked."""

    operands = ("input", "other")
    nodes = ("RsubBackward",)
    order = ("input", "other")
    words = Words(
        ("The tensor is taken away from what stands before the minus sign.", "从减号前面的数中减去这个张量。"),
        ("What is taken away gets the gradient with its sign turned.", "减数得到的是变号后的梯度。"),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(x[1] - _times_alpha(settings, x[0]))

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        return [-_alpha(settings), 1.0]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Sub(x[1], _write_times_alpha(settings, x[0]))

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Written:
        alpha = _alpha(settings)
        return [MINUS_ONE if alpha == 1 else Number(-alpha), ONE]


@operation("mul(input, other)", "multiply(input, other)")
class Multiply(Pointwise):
    """x y."""

    operands = ("input", "other")
    nodes = ("MulBackward",)
    order = ("other", "input")
    words = Words(
        ("mul multiplies its two arguments place by place.", "mul 把两个参数逐位相乘。"),
        (
            "Each factor's gradient is what arrives times the other factor.",
            "每个因子的梯度等于传来的梯度乘以另一个因子。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(x[0] * x[1])

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        return [x[1], x[0]]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Product(x)

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Written:
        return [x[1], x[0]]


@operation("reciprocal(input)")
class Reciprocal(Pointwise):
    """1 / x."""

    nodes = ("ReciprocalBackward",)
    words = Words(
        ("reciprocal divides 1 by each number.", "reciprocal 求每个数的倒数。"),
        (
            "The gradient is divided by the square of the number, and its sign is turned.",
            "梯度除以该数的平方并变号。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(1.0 / x[0])

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        return [-y * y]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Fraction(ONE, x[0])

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Written:
        return [Neg(Power(y, TWO))]


@operation("rdiv(input, other)", "rtruediv(input, other)")
class DivideInto(Pointwise):
    """y / x: a quotient whose divisor is the tensor that was asked."""

    operands = ("input", "other")
    nodes = ("MulBackward", "ReciprocalBackward")
    order = ("input", "other")
    words = Words(
        ("What stands before the division sign is divided by the tensor.", "用除号前面的数除以这个张量。"),
        (
            "The divisor's gradient is what arrives times the quotient over the divisor, with its sign turned: a "
            "larger divisor makes a smaller quotient.",
            "除数的梯度等于传来的梯度乘以商与除数之比再变号：除数越大，商越小。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(np.true_divide(x[1], x[0]))

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        return [-y / x[0], 1.0 / x[0]]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Fraction(x[1], x[0])

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Written:
        return [Neg(Fraction(x[1], Power(x[0], TWO))), Fraction(ONE, x[0])]


@operation("neg(input)", "negative(input)")
class Negative(Pointwise):
    """-x."""

    nodes = ("NegBackward",)
    words = Words(
        ("neg turns the sign of each number.", "neg 改变每个数的符号。"),
        ("The gradient gets its sign turned too.", "梯度同样变号。"),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(np.negative(x[0]))

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        return [-1.0]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Neg(x[0])

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Written:
        return [MINUS_ONE]


@operation("positive(input)", "pos(input)")
class Positive(Pointwise):
    """x itself."""

    words = Words(
        ("A plus sign in front changes nothing.", "前面的正号不改变任何数。"),
        ("The gradient goes through unchanged.", "梯度原样通过。"),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return x[0]

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        return [1.0]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return x[0]

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Written:
        return [ONE]


@operation("addcmul(input, tensor1, tensor2, *, value=1)")
class AddProduct(Pointwise):
    """x + v s t."""

    operands = ("input", "tensor1", "tensor2")
    nodes = ("AddcmulBackward",)
    words = Words(
        (
            "addcmul adds the product of two tensors to a third, in one go.",
            "addcmul 一步完成：把两个张量的乘积加到第三个上。",
        ),
        (
            "The first term gets the gradient unchanged, each factor gets it times the other factor.",
            "第一项得到原样的梯度，每个因子得到的梯度再乘以另一个因子。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(x[0] + settings["value"] * x[1] * x[2])

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        return [1.0, settings["value"] * x[2], settings["value"] * x[1]]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return flat_add(x[0], _scaled(settings, Product(x[1:])))

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Written:
        return [ONE, _scaled(settings, x[2]), _scaled(settings, x[1])]


@operation("addcdiv(input, tensor1, tensor2, *, value=1)")
class AddQuotient(Pointwise):
    """x + v s / t."""

    operands = ("input", "tensor1", "tensor2")
    nodes = ("AddcdivBackward",)
    words = Words(
        (
            "addcdiv adds the quotient of two tensors to a third, in one go.",
            "addcdiv 一步完成：把两个张量的商加到第三个上。",
        ),
        (
            "The first term gets the gradient unchanged, the numerator gets it divided by the denominator, the "
            "denominator that times minus the quotient.",
            "第一项得到原样的梯度，分子得到梯度除以分母，分母得到的还要再乘以负的商。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(x[0] + settings["value"] * (x[1] / x[2]))

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        v = settings["value"]
        return [1.0, v / x[2], -v * x[1] / (x[2] * x[2])]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return flat_add(x[0], _scaled(settings, Fraction(x[1], x[2])))

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Written:
        of_divisor = Neg(_scaled(settings, Fraction(x[1], Power(x[2], TWO))))
        return [ONE, _scaled(settings, Fraction(ONE, x[2])), of_divisor]


def _scaled(settings: Settings, x: Expression) -> Expression:
    return x if settings["value"] == 1 else Product((Number(settings["value"]), x))


@operation("lerp(input, end, weight)")
class Between(Pointwise):
    """x + w (e - x): a number on the way from x to e; as torch does, from the nearer end."""

    operands = ("input", "end", "weight")
    nodes = ("LerpBackward",)
    words = Words(
        ("lerp goes a part of the way from one number to another.", "lerp 在两个数之间做线性插值。"),
        (
            "Start and end share the gradient as the weight shares the way between them.",
            "起点和终点按插值权重的比例分得梯度。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        start, end, weight = x
        way = end - start
        return np.asarray(np.where(np.abs(weight) < 0.5, start + weight * way, end - way * (1 - weight)))

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        start, end, weight = x
        return [1 - weight, weight, end - start]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Add((x[0], Product((x[2], Sub(x[1], x[0])))))

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Written:
        return [Sub(ONE, x[2]), x[2], Sub(x[1], x[0])]
