"""Rows of tensors that a script makes of nothing: zeros, ones, sequences, its own numbers.

Formulas: PyTorch's documentation of its creation ops. Nothing goes in, so nothing goes back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ...notation.expression import Add, Expression, Number, Power, Product
from ..call import Array, Call, UnfitError
from ..case import Forward, Worked, constant
from ..kinds.dtypes import cast
from ..operation import Operation, operation
from ..words import Words

KEYWORDS = (
    "out=None, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False, memory_format=None, "
    "generator=None, names=None"
)
"""What creation ops take besides; it changes no number but for `dtype`."""


MOST_COUNTED = 100_000_000
"""How far `arange` counts: its bounds come from a file that may be a stranger's."""


class Made(Operation):
    """A row of an op that makes numbers of nothing."""

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """Nothing goes back."""
        raise UnfitError("it has no gradient", "它没有梯度")

    def equation(self, case: Forward) -> Worked:
        """The number at a place."""
        found = float(np.asarray(self.forward(case.call))[case.index])
        return Worked(Number(found), None, found)


def size_of(call: Call, name: str = "size") -> tuple[int, ...]:
    """The shape that was asked for. Raises UnfitError where it was not recorded."""
    found = call.get(name)
    if found is None:
        raise UnfitError("its size is not known", "不知道它的大小")
    return call.integers(name)


class Constant(Made):
    """The same number everywhere. like: of the shape of the first argument; number: which; None: `fill_value`."""

    like: ClassVar[bool] = False
    number: ClassVar[float | None] = None

    def forward(self, call: Call) -> Array:
        """One number, everywhere."""
        shape = call.array("input").shape if self.like else size_of(call)
        number = call.array("fill_value") if self.number is None else np.asarray(self.number)
        return cast(np.broadcast_to(number, shape).copy(), call.get("dtype"))

    def equation(self, case: Forward) -> Worked:
        """The number."""
        found = case.needed("fill_value") if self.number is None else constant(self.number)
        return Worked(found.expression, None, found.value_at(()))


@operation(f"zeros(*size, {KEYWORDS})", f"new_zeros(input, *size, {KEYWORDS})")
class Zeros(Constant):
    """0 everywhere."""

    number = 0.0
    words = Words(("zeros makes a tensor of zeros.", "zeros 创建元素全为 0 的张量。"))


@operation(f"ones(*size, {KEYWORDS})", f"new_ones(input, *size, {KEYWORDS})")
class Ones(Constant):
    """1 everywhere."""

    number = 1.0
    words = Words(("ones makes a tensor of ones.", "ones 创建元素全为 1 的张量。"))


@operation(f"full(size, fill_value, *, {KEYWORDS})")
class Full(Constant):
    """A number everywhere."""

    words = Words(("full makes a tensor that holds one number everywhere.", "full 创建元素全为同一个数的张量。"))


@operation(f"zeros_like(input, *, {KEYWORDS})")
class ZerosLike(Zeros):
    """0 everywhere, in the shape of another tensor."""

    like = True
    words = Words(
        ("zeros_like makes zeros in the shape of another tensor.", "zeros_like 创建与另一个张量同形的全 0 张量。")
    )


@operation(f"ones_like(input, *, {KEYWORDS})")
class OnesLike(Ones):
    """1 everywhere, in the shape of another tensor."""

    like = True
    words = Words(
        ("ones_like makes ones in the shape of another tensor.", "ones_like 创建与另一个张量同形的全 1 张量。")
    )


def _of_kind(made: Array, model: Array) -> Array:
    """Numbers in the kind of another tensor: cut off for integers, truths for bools."""
    kinds = {"i": "torch.int64", "u": "torch.uint64", "b": "torch.bool"}
    return cast(made, kinds.get(model.dtype.kind))


@operation(f"full_like(input, fill_value, *, {KEYWORDS})")
class FullLike(Full):
    """A number everywhere, in the shape and type of another tensor."""

    like = True
    words = Words(
        (
            "full_like makes a tensor of one number in the shape of another tensor.",
            "full_like 创建与另一个张量同形、元素全为同一个数的张量。",
        )
    )

    def forward(self, call: Call) -> Array:
        """Of the other tensor's type, unless another is asked for."""
        made = super().forward(call)
        return made if call.get("dtype") else _of_kind(made, call.array("input"))


@operation(f"new_full(input, size, fill_value, *, {KEYWORDS})")
class NewFull(Full):
    """A number everywhere, in the type of another tensor."""

    words = Words(
        (
            "new_full makes a tensor of one number in the type of another tensor.",
            "new_full 创建与另一个张量同类型、元素全为同一个数的张量。",
        )
    )

    def forward(self, call: Call) -> Array:
        """Of the other tensor's type, unless another is asked for."""
        made = super().forward(call)
        return made if call.get("dtype") else _of_kind(made, call.array("input"))


@operation(f"arange(*bounds, start=None, end=None, step=None, {KEYWORDS})", f"range(*bounds, {KEYWORDS})")
class Arange(Made):
    """start, start + step, start + 2 step ... below end (`range`: up to end)."""

    words = Words(("arange counts from a start up to an end in equal steps.", "arange 从起点到终点按等步长计数。"))

    def forward(self, call: Call) -> Array:
        """start + i step."""
        start, end, step = bounds_of(call)
        count = (end - start) / step if step else float("inf")
        if not count <= MOST_COUNTED:
            raise UnfitError(f"it would need {count:.2g} numbers", f"它需要 {count:.2g} 个数")
        n = int(np.floor(count)) + 1 if call.name == "range" else max(int(np.ceil(count)), 0)
        return cast(np.asarray(start + np.arange(n) * step), call.get("dtype"))

    def equation(self, case: Forward) -> Worked:
        """start + i step at a place i."""
        start, _, step = bounds_of(case.call)
        (i,) = case.index
        computed = float(np.asarray(cast(np.asarray(start + i * step), case.settings.get("dtype"))))
        return Worked(Add((Number(start), Product((Number(i), Number(step))))), None, computed)


def bounds_of(call: Call) -> tuple[Any, Any, Any]:
    """start, end and step, wherever they stand."""
    placed = list(call.get("bounds") or [])
    start, end, step = (call.get(name) for name in ("start", "end", "step"))
    if end is None:
        if not placed:
            raise UnfitError("its end is not known", "不知道它的终点")
        end = placed.pop(0) if len(placed) == 1 and start is None else placed.pop(min(1, len(placed) - 1))
    start = placed.pop(0) if placed and start is None else start
    step = placed.pop(0) if placed and step is None else step
    found = (0 if start is None else start, end, 1 if step is None else step)
    if not all(isinstance(part, int | float) for part in found):
        raise UnfitError("its bounds are not plain numbers", "它的边界不是普通的数")
    return found


@operation(f"linspace(start, end, steps, *, {KEYWORDS})")
class LinSpace(Made):
    """So many numbers at equal distances from start to end."""

    words = Words(
        (
            "linspace makes so many numbers at equal distances from a start to an end.",
            "linspace 在起点与终点之间均匀取若干个数。",
        )
    )

    def forward(self, call: Call) -> Array:
        """np.linspace."""
        made = np.linspace(call.number("start"), call.number("end"), int(call.number("steps")))
        return cast(self.spread(call, made), call.get("dtype"))

    def spread(self, call: Call, made: Array) -> Array:
        """What becomes of the equal distances."""
        return made

    def equation(self, case: Forward) -> Worked:
        """start + i (end - start) / (steps - 1)."""
        call = case.call
        start, end, steps = (call.number(name) for name in ("start", "end", "steps"))
        step = (end - start) / (steps - 1) if steps > 1 else 0.0
        (i,) = case.index
        found = np.asarray(self.forward(call))[i]
        return Worked(self.write(call, Add((Number(start), Product((Number(i), Number(step)))))), None, float(found))

    def write(self, call: Call, exponent: Expression) -> Expression:
        """How the number is written."""
        return exponent


@operation(f"logspace(start, end, steps, base=10.0, *, {KEYWORDS})")
class LogSpace(LinSpace):
    """base to the power of numbers at equal distances."""

    words = Words(
        ("logspace makes powers of a base whose exponents lie at equal distances.", "logspace 生成指数等间距的幂。")
    )

    def spread(self, call: Call, made: Array) -> Array:
        return np.asarray(np.power(call.number("base"), made))

    def write(self, call: Call, exponent: Expression) -> Expression:
        return Power(Number(call.number("base")), exponent)


@operation(f"eye(n, m=None, *, {KEYWORDS})")
class Eye(Made):
    """1 on the diagonal, 0 elsewhere."""

    words = Words(("eye makes a matrix with ones on its diagonal.", "eye 创建对角线为 1 的矩阵。"))

    def forward(self, call: Call) -> Array:
        """np.eye."""
        return np.eye(int(call["n"]), None if call["m"] is None else int(call["m"]))


@operation(f"tril_indices(row, col, offset=0, *, {KEYWORDS})")
class LowerPlaces(Made):
    """The places on and below a diagonal."""

    words = Words(("tril_indices lists the places on and below a diagonal.", "tril_indices 列出下三角的下标。"))

    def forward(self, call: Call) -> Array:
        """np.tril_indices."""
        return np.stack(np.tril_indices(int(call["row"]), int(call["offset"]), int(call["col"])))


@operation(f"triu_indices(row, col, offset=0, *, {KEYWORDS})")
class UpperPlaces(Made):
    """The places on and above a diagonal."""

    words = Words(("triu_indices lists the places on and above a diagonal.", "triu_indices 列出上三角的下标。"))

    def forward(self, call: Call) -> Array:
        """np.triu_indices."""
        return np.stack(np.triu_indices(int(call["row"]), int(call["offset"]), int(call["col"])))


@operation(
    f"tensor(data, *, {KEYWORDS})",
    f"as_tensor(data, *, {KEYWORDS})",
    f"asarray(data, *, copy=None, {KEYWORDS})",
    f"scalar_tensor(data, *, {KEYWORDS})",
    f"new_tensor(input, data, *, {KEYWORDS})",
)
class Given(Made):
    """The script's own numbers."""

    words = Words(("The script gave these numbers.", "这些数由脚本给出。"))

    def forward(self, call: Call) -> Array:
        """The numbers, as far as they were recorded."""
        try:
            made = np.asarray(_plain(call.get("data")))
        except (TypeError, ValueError):
            raise UnfitError("the script gave its numbers", "它的数值是脚本给出的") from None
        if made.dtype.kind not in "biufc":
            raise UnfitError("the script gave its numbers", "它的数值是脚本给出的")
        if call.get("dtype"):
            return cast(made, call["dtype"])
        return _of_kind(made, call.array("input")) if call.name == "new_tensor" else made


def _plain(data: Any) -> Any:
    """Lists with numbers in them; tensors of one number are numbers too."""
    if isinstance(data, list | tuple):
        return [_plain(item) for item in data]
    return data.tolist() if isinstance(data, np.ndarray) else data


@operation("from_numpy(data)", "frombuffer(data)", "from_dlpack(data)")
class FromNumpy(Made):
    """Numbers that numpy holds."""

    words = Words(("The script gave these numbers, in numpy.", "这些数由脚本以 NumPy 数组给出。"))

    def forward(self, call: Call) -> Array:
        """They are not recorded as an argument."""
        raise UnfitError("the script gave its numbers", "它的数值是脚本给出的")


@operation(
    f"empty(*size, {KEYWORDS})",
    f"new_empty(input, *size, {KEYWORDS})",
    f"empty_like(input, *, {KEYWORDS})",
    f"empty_strided(size, stride, *, {KEYWORDS})",
    f"new_empty_strided(input, size, stride, *, {KEYWORDS})",
)
class Empty(Made):
    """Memory as it was."""

    words = Words(("empty takes memory as it is, with any numbers in it.", "empty 只分配内存，其中的数未定义。"))

    def forward(self, call: Call) -> Array:
        """Any numbers."""
        raise UnfitError("its contents are undefined", "它的内容没有定义")
