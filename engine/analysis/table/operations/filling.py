"""What is written over, place by place: by a number to begin with, and tensor by tensor in lists of them.

Formulas: PyTorch's documentation of torch.nn.init.constant_, Tensor.copy_ and zero_. What was there gets no gradient.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from ...notation.expression import Expression, Number
from ..call import Array
from ..kinds.dtypes import cast
from ..kinds.pointwise import ONE, Pointwise, Settings
from ..operation import operation
from ..words import Words
from .arithmetic import Slopes, Written

ZERO = Number(0)


class Overwritten(Pointwise):
    """A row that puts its second operand in the place of the first."""

    operands: ClassVar[tuple[str, ...]] = ("input", "value")

    def compute(self, settings: Settings, *x: Array) -> Array:
        kinds = {"i": "torch.int64", "b": "torch.bool"}
        return cast(np.broadcast_to(x[1], np.broadcast_shapes(x[0].shape, x[1].shape)), kinds.get(x[0].dtype.kind))

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        return [0.0, 1.0]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return x[1]

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Written:
        return [ZERO, ONE]


@operation("constant_(tensor, val)")
class InitConstant(Overwritten):
    """A number everywhere, to begin with."""

    operands = ("tensor", "val")
    words = Words(
        ("constant_ writes one number into every place, to begin with.", "constant_ 用同一个数初始化每个位置。"),
        ("What was there before is gone, so it gets no gradient.", "原来的数已被覆盖，因此得不到梯度。"),
    )


class Copied(Overwritten):
    """The numbers of another tensor, for each tensor of a list."""

    operands = ("input", "src")
    words = Words(
        ("copy_ writes another tensor's numbers over what was there.", "copy_ 把另一个张量的数写入原处。"),
        (
            "The tensor that was copied gets the gradient; what was there before gets none.",
            "被复制的张量得到梯度；原来的数得不到梯度。",
        ),
    )


class Cleared(Pointwise):
    """0 everywhere, for each tensor of a list."""

    words = Words(
        ("zero_ writes 0 into every place.", "zero_ 把每个位置清零。"),
        ("What was there before is gone, so it gets no gradient.", "原来的数已被覆盖，因此得不到梯度。"),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.zeros_like(x[0])

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        return [0.0]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return ZERO

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Written:
        return [ZERO]
