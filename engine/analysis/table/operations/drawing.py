"""Rows of random numbers. Nothing can compute them again; it is checked that they can be what was asked for.

NOTE [Could it be?]
`forward` gives back what was recorded as far as it can be what was asked for, and where it cannot, the nearest number
that can: out of bounds, the bound; not whole, the next whole number; of draws from a normal distribution whose mean or
spread lies more than 6 standard errors away (one in 500 million by chance), the same draws moved to where they should
be. So a wrong draw shows as a difference.

Formulas: PyTorch's documentation of torch.rand, randn, randint, and of torch.nn.init for the bounds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from ....bilingual import Bilingual
from ...notation.expression import Call as Applied
from ...notation.expression import Expression, Number, Row, Text
from ..call import Array, Call, UnfitError
from ..case import Forward, Worked
from ..operation import Operation, operation
from ..words import Words
from .creation import KEYWORDS, size_of

STANDARD_ERRORS = 6.0
ENOUGH = 30
"""Draws from which a mean and a spread can be told."""

NO_GRADIENT = (
    "What is drawn does not depend on what was there, so nothing flows back.",
    "抽取的数与原来的数无关，因此没有梯度传回。",
)


class Drawn(Operation):
    """A row of random numbers; see NOTE [Could it be?]."""

    draws = True

    def forward(self, call: Call) -> Array:
        """What was recorded, as far as it can be."""
        if call.function.rpartition(".")[2].startswith("__r"):
            raise UnfitError(
                "it is an operator that has the same name as a function that draws",
                "它是一个与随机抽样函数同名的运算符",
            )
        drawn = call.output()
        return self.possible(call, drawn) if drawn.size else drawn

    def possible(self, call: Call, drawn: Array) -> Array:
        """The draws, or the nearest that could be. drawn: not empty."""
        raise NotImplementedError

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """Nothing, to everything that stood there before."""
        return {key: np.zeros(np.shape(array)) for key, array in call.tensors()}

    def equation(self, case: Forward) -> Worked:
        """From what it was drawn."""
        call = case.call
        drawn = case.result.array
        computed = float(np.asarray(self.forward(call))[case.index]) if drawn.size else math.nan
        return Worked(Row((Text(Bilingual("drawn from", "抽取自")), self.source(call))), None, computed)

    def source(self, call: Call) -> Expression:
        """What it was drawn from: U(0, 1)."""
        return Text(call.name)


def _one_of(first: float, last: float) -> Expression:
    """Whole numbers in braces: {0, …, 9}."""
    return Text(f"{{{first:.0f}, …, {last:.0f}}}" if last > first else f"{{{first:.0f}}}")


def plain(call: Call, name: str, default: float) -> float:
    """A setting that is one number."""
    return default if call.get(name) is None else call.number(name)


def sized(call: Call, drawn: Array) -> Array:
    """The draws in the shape that was asked for."""
    shape = call.array("input").shape if isinstance(call.get("input"), np.ndarray) else size_of(call)
    return drawn if drawn.shape == shape else drawn.reshape(shape)


class Uniform(Drawn):
    """Any number between two bounds, all alike."""

    def bounds(self, call: Call) -> tuple[float, float]:
        """The lowest and the highest."""
        return 0.0, 1.0

    def possible(self, call: Call, drawn: Array) -> Array:
        low, high = self.bounds(call)
        drawn = np.clip(drawn, low, high)
        middle, error = (low + high) / 2, (high - low) / math.sqrt(12 * drawn.size)
        apart = float(drawn.mean()) - middle
        return drawn - apart if abs(apart) > STANDARD_ERRORS * error and drawn.size >= ENOUGH else drawn

    def source(self, call: Call) -> Expression:
        low, high = self.bounds(call)
        return Applied("U", (Number(low, 7), Number(high, 7)))


class Normal(Drawn):
    """Around a mean, with a standard deviation."""

    def moments(self, call: Call) -> tuple[Array, Array]:
        """Mean and standard deviation, of any shape that broadcasts to the draws."""
        return np.asarray(0.0), np.asarray(1.0)

    def possible(self, call: Call, drawn: Array) -> Array:
        mean, deviation = self.moments(call)
        if not np.all(deviation > 0):
            return np.where(deviation > 0, drawn, mean)
        z = (drawn - mean) / deviation
        n = z.size
        middle = float(z.mean())
        if abs(middle) <= STANDARD_ERRORS / math.sqrt(n):
            middle = 0.0
        spread = float(z.std())
        if n < ENOUGH or abs(spread - 1) <= STANDARD_ERRORS / math.sqrt(2 * n):
            spread = 1.0
        return np.asarray((z - middle) / spread * deviation + mean) if (middle, spread) != (0.0, 1.0) else drawn

    def source(self, call: Call) -> Expression:
        mean, deviation = self.moments(call)
        parts = [Number(float(m), 7) if m.ndim == 0 else Text("…") for m in (mean, deviation)]
        return Applied("N", tuple(parts))


@operation(f"rand(*size, {KEYWORDS})", f"rand_like(input, *, {KEYWORDS})")
class Rand(Uniform):
    """Between 0 and 1."""

    words = Words(
        ("rand draws numbers between 0 and 1, each as likely as any other.", "rand 从 0 到 1 的均匀分布中抽取随机数。"),
        NO_GRADIENT,
    )

    def possible(self, call: Call, drawn: Array) -> Array:
        return super().possible(call, sized(call, drawn))


@operation(f"randn(*size, {KEYWORDS})", f"randn_like(input, *, {KEYWORDS})")
class Randn(Normal):
    """Mean 0, standard deviation 1."""

    words = Words(
        ("randn draws numbers around 0 with standard deviation 1.", "randn 从标准正态分布中抽取随机数。"), NO_GRADIENT
    )

    def possible(self, call: Call, drawn: Array) -> Array:
        return super().possible(call, sized(call, drawn))


@operation("uniform_(input, low=0.0, high=1.0, *, tensor=None, a=None, b=None, to=None, generator=None)")
class UniformInPlace(Uniform):
    """Between two bounds; torch.nn.init calls them a and b."""

    words = Words(
        (
            "uniform_ draws numbers between two bounds, each as likely as any other.",
            "uniform_ 从两个界限之间的均匀分布中抽取随机数。",
        ),
        NO_GRADIENT,
    )

    def bounds(self, call: Call) -> tuple[float, float]:
        if "nn.init" in call.function:
            return plain(call, "a", plain(call, "low", 0.0)), plain(call, "b", plain(call, "high", 1.0))
        return plain(call, "low", 0.0), plain(call, "to", plain(call, "high", 1.0))


@operation("normal_(input, mean=0.0, std=1.0, *, tensor=None, generator=None)")
class NormalInPlace(Normal):
    """Around a mean."""

    words = Words(
        (
            "normal_ draws numbers around a mean with a standard deviation.",
            "normal_ 从给定均值和标准差的正态分布中抽取随机数。",
        ),
        NO_GRADIENT,
    )

    def moments(self, call: Call) -> tuple[Array, Array]:
        return np.asarray(call.number("mean")), np.asarray(call.number("std"))


@operation(f"normal(mean, std=1.0, size=None, *, {KEYWORDS})")
class NormalOf(Normal):
    """Around means that may differ from place to place."""

    words = Words(
        (
            "normal draws numbers around given means with given standard deviations.",
            "normal 从给定均值和标准差的正态分布中抽取随机数。",
        ),
        NO_GRADIENT,
    )

    def moments(self, call: Call) -> tuple[Array, Array]:
        return call.array("mean"), call.array("std")


_INIT = "(tensor, a=0, mode='fan_in', nonlinearity='leaky_relu', generator=None)"


def kaiming_scale(call: Call) -> float:
    """gain / √fan of He et al. (2015), as in torch.nn.init: fan is how many numbers meet in a unit."""
    x = call.array("tensor")
    if x.ndim < 2:
        raise UnfitError("its fan is known for two dimensions and more only", "只有两维及以上时才知道它的扇入和扇出")
    field = math.prod(x.shape[2:])
    fan = field * (x.shape[1] if call["mode"] == "fan_in" else x.shape[0])
    gains = {"relu": math.sqrt(2.0), "leaky_relu": math.sqrt(2.0 / (1 + call.number("a") ** 2)), "tanh": 5.0 / 3}
    return float(gains.get(str(call["nonlinearity"]), 0.75 if call["nonlinearity"] == "selu" else 1.0) / math.sqrt(fan))


@operation(f"kaiming_uniform_{_INIT}")
class KaimingUniform(Uniform):
    """Between ±gain √(3 / fan)."""

    words = Words(
        (
            "kaiming_uniform_ draws first weights evenly from a range that fits how many inputs a unit has.",
            "kaiming_uniform_ 按每个单元的输入个数确定范围，均匀抽取初始权重。",
        ),
        NO_GRADIENT,
    )

    def bounds(self, call: Call) -> tuple[float, float]:
        bound = math.sqrt(3.0) * kaiming_scale(call)
        return -bound, bound


@operation(f"kaiming_normal_{_INIT}")
class KaimingNormal(Normal):
    """Around 0 with gain / √fan."""

    words = Words(
        (
            "kaiming_normal_ draws first weights around 0 whose spread fits how many inputs a unit has.",
            "kaiming_normal_ 按每个单元的输入个数确定标准差，以正态分布抽取初始权重。",
        ),
        NO_GRADIENT,
    )

    def moments(self, call: Call) -> tuple[Array, Array]:
        return np.asarray(0.0), np.asarray(kaiming_scale(call))


class Whole(Drawn):
    """Whole numbers from `low` to `high` - 1."""

    def bounds(self, call: Call) -> tuple[float, float]:
        """The lowest, and the first that is too high."""
        placed = [item for item in call.get("bounds") or [] if isinstance(item, int | float)]
        low, high = call.get("low"), call.get("high")
        if high is None:
            high = placed.pop() if placed else None
        if high is None:
            raise UnfitError("its bounds are not known", "不知道它的边界")
        return float(placed[0] if placed else low or 0), float(high)

    def possible(self, call: Call, drawn: Array) -> Array:
        low, high = self.bounds(call)
        return np.clip(np.floor(drawn), low, high - 1)

    def source(self, call: Call) -> Expression:
        low, high = self.bounds(call)
        return _one_of(low, high - 1)


@operation(
    f"randint(*bounds, low=None, high=None, size=None, {KEYWORDS})",
    f"randint_like(input, *bounds, low=None, high=None, {KEYWORDS})",
)
class RandInt(Whole):
    """Whole numbers below a bound."""

    words = Words(("randint draws whole numbers below a bound.", "randint 抽取小于上界的随机整数。"), NO_GRADIENT)


@operation("random_(input, *bounds, low=None, to=None, generator=None)")
class RandomInPlace(Whole):
    """Whole numbers below a bound, by default as large as the type holds."""

    words = Words(("random_ draws whole numbers below a bound.", "random_ 抽取小于上界的随机整数。"), NO_GRADIENT)

    def bounds(self, call: Call) -> tuple[float, float]:
        if call.get("to") is None and not call.get("bounds"):
            return 0.0, 2.0**63
        return super().bounds(call) if call.get("to") is None else (plain(call, "low", 0.0), call.number("to"))


@operation(f"randperm(n, *, {KEYWORDS})")
class Permutation(Drawn):
    """0 to n - 1 in any order."""

    words = Words(("randperm shuffles the numbers from 0 to n - 1.", "randperm 随机打乱 0 到 n - 1。"), NO_GRADIENT)

    def possible(self, call: Call, drawn: Array) -> Array:
        counted = np.arange(int(call.number("n")))
        return drawn if np.array_equal(np.sort(drawn), counted) else counted

    def source(self, call: Call) -> Expression:
        return _one_of(0, int(call.number("n")) - 1)


@operation("bernoulli(input, p=None, *, generator=None, out=None)", "bernoulli_(input, p=0.5, *, generator=None)")
class Bernoulli(Drawn):
    """1 with a probability, else 0."""

    nodes = ("BernoulliBackward",)
    words = Words(
        (
            "bernoulli tosses a coin at each place: 1 with the given probability, else 0.",
            "bernoulli 逐位掷硬币：以给定概率取 1，否则取 0。",
        ),
        NO_GRADIENT,
    )

    def possible(self, call: Call, drawn: Array) -> Array:
        p = np.broadcast_to(call.array("input" if call.get("p") is None else "p"), drawn.shape)
        sure = np.where(p >= 1, 1.0, np.where(p <= 0, 0.0, (drawn != 0).astype(np.float64)))
        apart = abs(float(sure.sum() - p.sum()))
        if drawn.size >= ENOUGH and apart > STANDARD_ERRORS * math.sqrt(float((p * (1 - p)).sum())) + 1e-6:
            return p.astype(np.float64)
        return sure


@operation("multinomial(input, num_samples, replacement=False, *, generator=None, out=None)")
class Multinomial(Drawn):
    """Places, each with a probability in proportion to the number there."""

    words = Words(
        (
            "multinomial draws places, the likelier the larger the number there.",
            "multinomial 按各位置权重的比例抽取下标。",
        ),
        NO_GRADIENT,
    )

    def possible(self, call: Call, drawn: Array) -> Array:
        weights = call.array("input")
        places = np.clip(drawn, 0, weights.shape[-1] - 1)
        chosen = np.take_along_axis(weights, places, axis=-1)
        first = np.expand_dims(weights.argmax(axis=-1), -1)
        places = np.where(chosen > 0, places, first)
        ordered = np.sort(places, axis=-1)
        if not call["replacement"] and np.any(ordered[..., 1:] == ordered[..., :-1]):
            raise UnfitError("a place was drawn twice, which cannot be", "有一个位置被抽到了两次，这是不可能的")
        return places


@operation(
    "exponential_(input, lambd=1.0, *, generator=None)",
    "log_normal_(input, mean=1.0, std=2.0, *, generator=None)",
    "geometric_(input, p, *, generator=None)",
    "poisson(input, generator=None)",
)
class Positive(Drawn):
    """Numbers that are not negative."""

    words = Words(
        (
            "Draws numbers that are not negative, from the distribution that its name says.",
            "从其名称所示的分布中抽取非负的随机数。",
        ),
        NO_GRADIENT,
    )

    def possible(self, call: Call, drawn: Array) -> Array:
        lowest = {"geometric_": 1.0}.get(call.name, 0.0)
        whole = call.name in ("geometric_", "poisson")
        return np.maximum(np.floor(drawn) if whole else drawn, lowest)


@operation("cauchy_(input, median=0.0, sigma=1.0, *, generator=None)")
class Cauchy(Drawn):
    """Any number: a distribution without a mean."""

    words = Words(
        (
            "cauchy_ draws numbers from a distribution so broad that it has no mean.",
            "cauchy_ 从没有均值的柯西分布中抽取随机数。",
        ),
        NO_GRADIENT,
    )

    def possible(self, call: Call, drawn: Array) -> Array:
        raise UnfitError("any number can be drawn", "任何数都可能被抽到")
