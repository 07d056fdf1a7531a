"""Rows of activations with more than one operand: a learnt slope (prelu), a drawn one (rrelu), a gate (glu).

Formulas: PyTorch's documentation of torch.nn.functional.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ....bilingual import Bilingual
from ...notation.expression import Call as Applied
from ...notation.expression import Product, Sub, Sum, Text
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Index, Worked
from ..kinds.drawing import Drawing, guessed, open_where
from ..kinds.inner_numbers import derived
from ..kinds.pointwise import ONE
from ..kinds.special_functions import logistic
from ..operation import Operation, operation
from ..sums import SHOWN_TERMS, elided, first_and_last, joined
from ..words import Words
from .activations import IF_POSITIVE, piecewise


@operation("prelu(input, weight)")
class PReLU(Operation):
    """z where it is positive, a learnt part of it elsewhere. z: (N, C, ...), weight: (C,) or (1,)."""

    modules = ("PReLU",)
    nodes = ("PreluKernelBackward",)
    order = ("weight", "input")
    words = Words(
        (
            "prelu keeps positive numbers and a part of the others; how large a part is learnt.",
            "prelu 保留正数，其余的数保留一部分；保留多少由学习得到。",
        ),
        (
            "prelu lets the gradient through where z > 0 and its learnt part elsewhere; the weight collects z times "
            "the gradient of the places where z is not positive.",
            "prelu 在 z > 0 处让梯度全部通过，在其他地方只让学到的部分通过；权重累加 z 不为正处的 z 与梯度之积。",
        ),
    )

    def forward(self, call: Call) -> Array:
        """z or w z."""
        z, w = call.array("input"), _lined_up(call)
        return np.where(z > 0, z, w * z)

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """dC/dz: G or w G; dC/dw: Σ z G over the places that are not positive and use that weight."""
        (G,) = upstream
        z, w = call.array("input"), _lined_up(call)
        parts = np.where(z > 0, 0.0, z * G)
        weight = call.array("weight")
        others = tuple(axis for axis in range(z.ndim) if weight.size == 1 or axis != 1)
        return {"input": np.where(z > 0, G, w * G), "weight": parts.sum(axis=others).reshape(weight.shape)}

    def equation(self, case: Forward) -> Worked:
        """The piece that the element is on."""
        z, w = case.needed("input"), case.needed("weight")
        place, own = case.index, _weight_place(case.index, w.array.shape)
        x = z.value_at(place)
        share = Product((w.at(own), z.at(place)))
        number = z.number(place)
        return Worked(
            piecewise(z.at(place), (lambda v: v > 0, z.at(place), IF_POSITIVE), other=share),
            number if x > 0 else Product((w.number(own), number)),
            x if x > 0 else w.value_at(own) * x,
        )

    def gradient_equation(self, case: Backward) -> Worked:
        """For z what arrived, or w times it; for w a sum over the places where z is not positive."""
        z, w, g = case.needed("input"), case.needed("weight"), case.upstream
        if case.key == "weight":
            return self._of_weight(case)
        place, own = case.index, _weight_place(case.index, w.array.shape)
        if z.value_at(place) > 0:
            note = Bilingual("The input is positive: the gradient passes.", "输入为正，梯度通过。")
            return Worked(g.at(place), g.number(place), g.value_at(place), note=note)
        return Worked(
            Product((g.at(place), w.at(own))),
            Product((g.number(place), w.number(own))),
            g.value_at(place) * w.value_at(own),
            note=Bilingual(
                "The input is not positive: the learnt part of the gradient passes.",
                "输入不为正：梯度按学到的比例通过。",
            ),
        )

    def _of_weight(self, case: Backward) -> Worked:
        z, g, shared = case.needed("input"), case.upstream, case.wrt.array.size == 1
        its: tuple[slice | int, ...] = () if shared else (slice(None), case.index[0])
        read, sent = z.array[its], g.array[its]
        below = ~(read > 0)
        found = np.argwhere(below)
        places: list[Index] = [
            tuple(place) if shared else (place[0], case.index[0], *place[1:])
            for place in (found[i].tolist() for i in first_and_last(range(len(found))))
        ]
        general: tuple[int | str, ...] = ("n", "c" if shared else case.index[0], "i", "j", "k")[: z.array.ndim]
        letters = ",".join(letter for letter in general if isinstance(letter, str))
        symbols = joined([Product((g.at(place), z.at(place))) for place in places])
        if len(found) > SHOWN_TERMS:
            symbols = Sum(Product((g.at(general), z.at(general))), Text(letters))
        return Worked(
            symbols,
            elided([Product((g.number(place), z.number(place))) for place in places], len(found)),
            float(np.sum(sent[below].astype(np.float64) * read[below])),
            note=Bilingual(
                f"Summed over the {len(found)} places where the input is not positive.",
                f"对输入不为正的 {len(found)} 个位置求和。",
            ),
        )


@operation("rrelu(input, lower=0.125, upper=0.3333333333333333, training=False, inplace=False)")
class RReLU(Drawing):
    """z where it is positive, elsewhere a part of it: drawn for each element in training, else halfway."""

    modules = ("RReLU",)
    nodes = ("RreluWithNoiseBackward",)
    order = ("input",)
    words = Words(
        (
            "rrelu keeps positive numbers and a randomly drawn part of each of the others.",
            "rrelu 保留正数，其余每个数只保留随机抽取的一部分。",
        ),
        (
            "rrelu lets the gradient through where z > 0, and elsewhere the same part of it as was drawn for z.",
            "rrelu 在 z > 0 处让梯度全部通过，在其他地方按为 z 抽取的同一比例通过。",
        ),
    )

    def forward(self, call: Call) -> Array:
        """z or r z; r is read off the recorded result and must lie between its limits."""
        z = call.array("input")
        return np.where(z > 0, z, z * self._shares(call))

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """G or r G; see NOTE [What a zero hides]."""
        (G,) = upstream
        z = call.array("input")
        sent = np.where(z > 0, G, G * self._shares(call))
        return {"input": open_where(sent, np.isnan(self.drawn(call)) & ~(z > 0))}

    def read(self, call: Call) -> Array:
        """The part of each element."""
        low, high = call.number("lower"), call.number("upper")
        z = call.array("input")
        if not call["training"]:
            return np.full(z.shape, (low + high) / 2)
        with np.errstate(all="ignore"):
            found = call.output() / z
        return np.where(np.isfinite(found), np.clip(found, low, high), np.nan)

    def _shares(self, call: Call) -> Array:
        return guessed(self.drawn(call), (call.number("lower") + call.number("upper")) / 2)

    def equation(self, case: Forward) -> Worked:
        """The piece that the element is on."""
        z, place = case.needed("input"), case.index
        x = z.value_at(place)
        if x > 0:
            return Worked(
                z.at(place),
                z.number(place),
                x,
                note=Bilingual("The input is positive, so it stays.", "输入为正，因此保持不变。"),
            )
        share = self._share_at(case, place)
        number = derived(share, z)
        words = (
            Bilingual("The part was drawn at random.", "这一段是随机抽取的。")
            if case.settings["training"]
            else Bilingual("Halfway between the two limits.", "取两个界限的中点。")
        )
        return Worked(Product((number, z.at(place))), Product((number, z.number(place))), share * x, note=words)

    def gradient_equation(self, case: Backward) -> Worked:
        """What arrived, or the drawn part of it."""
        z, g, place = case.needed("input"), case.upstream, case.index
        if z.value_at(place) > 0:
            note = Bilingual("The input is positive: the gradient passes.", "输入为正，梯度通过。")
            return Worked(g.at(place), g.number(place), g.value_at(place), note=note)
        if case.settings["training"] and z.value_at(place) == 0:
            raise UnfitError(
                "which part was drawn cannot be told of an input of 0", "输入为 0 时无法判断抽到的是哪一段"
            )
        share = self._share_at(case, place)
        number = derived(share, z)
        return Worked(Product((g.at(place), number)), Product((g.number(place), number)), g.value_at(place) * share)

    def _share_at(self, case: Forward | Backward, place: Index) -> float:
        low, high = float(case.settings["lower"]), float(case.settings["upper"])
        x = case.needed("input").value_at(place)
        if not case.settings["training"] or x == 0:
            return (low + high) / 2
        return min(max(case.results[0].value_at(place) / x, low), high)


@operation("glu(input, dim=-1)")
class GLU(Operation):
    """One half of the input, gated by the sigmoid of the other: a σ(b)."""

    modules = ("GLU",)
    nodes = ("GluBackward",)
    order = ("input",)
    words = Words(
        (
            "glu multiplies the first half of its input by the sigmoid of the second half, which acts as a gate.",
            "glu 把输入的前一半乘以后一半的 sigmoid，后一半起门控作用。",
        ),
        (
            "What arrives goes to the first half as far as the gate is open, and to the gate in proportion to the "
            "first half.",
            "梯度按门打开的程度传给前一半，并按前一半的大小传给门。",
        ),
    )

    def forward(self, call: Call) -> Array:
        """a σ(b)."""
        a, b = _halves(call)
        return a * logistic(b)

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """da: G σ(b); db: G a σ(b) (1 - σ(b))."""
        (G,) = upstream
        a, b = _halves(call)
        s = logistic(b)
        return {"input": np.concatenate([G * s, G * a * s * (1 - s)], axis=int(call["dim"]))}

    def equation(self, case: Forward) -> Worked:
        """a σ(b) at one place of the halves."""
        x, axis = case.needed("input"), int(case.settings["dim"])
        first, second = case.index, _moved(case.index, axis, x.array.shape[axis] // 2)
        gate = Applied("σ", (x.at(second),))
        return Worked(
            Product((x.at(first), gate)),
            Product((x.number(first), Applied("σ", (x.number(second),)))),
            x.value_at(first) * _gate(x.value_at(second)),
            note=Bilingual("The first half of the input, gated by the second.", "输入的前一半，由后一半作为门来控制。"),
        )

    def gradient_equation(self, case: Backward) -> Worked:
        """What arrived times the gate; or, of the gate, times a σ(b) (1 - σ(b))."""
        x, g, axis = case.needed("input"), case.upstream, int(case.settings["dim"])
        half = x.array.shape[axis] // 2
        if case.index[axis] < half:
            gate = _moved(case.index, axis, half)
            opened = _gate(x.value_at(gate))
            return Worked(
                Product((g.at(case.index), Applied("σ", (x.at(gate),)))),
                Product((g.number(case.index), derived(opened, x))),
                g.value_at(case.index) * opened,
                note=Bilingual(
                    "It lies in the first half: the gate lets its part through.", "它位于前一半：门让它的一部分通过。"
                ),
            )
        place = _moved(case.index, axis, -half)
        opened = _gate(x.value_at(case.index))
        gate_symbol, number = Applied("σ", (x.at(case.index),)), derived(opened, x)
        return Worked(
            Product((g.at(place), x.at(place), gate_symbol, Sub(ONE, gate_symbol))),
            Product((g.number(place), x.number(place), number, Sub(ONE, number))),
            g.value_at(place) * x.value_at(place) * opened * (1 - opened),
            note=Bilingual("It lies in the second half: it is the gate.", "它位于后一半：它是门。"),
        )


def _lined_up(call: Call) -> Array:
    """prelu's weight in a shape that broadcasts along the channels, axis 1."""
    z, w = call.array("input"), call.array("weight")
    return w.reshape(()) if w.size == 1 else w.reshape(1, -1, *(1,) * (z.ndim - 2))


def _weight_place(index: Index, shape: Index) -> Index:
    if not shape or shape == (1,):
        return (0,) * len(shape)
    return (index[1],)


def _halves(call: Call) -> tuple[Array, Array]:
    a, b = np.split(call.array("input"), 2, axis=int(call["dim"]))
    return a, b


def _moved(index: Index, axis: int, by: int) -> Index:
    axis %= len(index)
    return (*index[:axis], index[axis] + by, *index[axis + 1 :])


def _gate(b: float) -> float:
    return float(logistic(np.asarray(b)))
