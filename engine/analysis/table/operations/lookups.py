"""Rows of tables: embedding, embedding_bag, one_hot.

Formulas: y = W[index] (PyTorch's documentation of torch.nn.functional.embedding and embedding_bag).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from ....bilingual import Bilingual, sentences
from ...notation.expression import Expression, Fraction, Number, Product
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Worked
from ..kinds.inner_numbers import DIGITS
from ..kinds.moving import Moving
from ..operation import Operation, operation
from ..sums import SumOfProducts, elided, first_and_last
from ..words import Words


def refuse_renormed(call: Call, used: Array) -> None:
    """Raises UnfitError where max_norm would shorten a row that is used: torch then writes to the table first."""
    if call["max_norm"] is None or used.size == 0:
        return
    rows = call.array("weight")[used.reshape(-1)]
    if np.any(np.linalg.norm(rows, call.number("norm_type"), axis=1) > call.number("max_norm") * (1 - 1e-6)):
        raise UnfitError("max_norm changed rows of its table on the way", "max_norm 在途中改变了表中的行")


def row_shares(call: Call, used: Array) -> Array:
    """What part of its gradient each row of the table gets: one over its uses with scale_grad_by_freq; (rows,)."""
    rows = call.array("weight").shape[0]
    if not call["scale_grad_by_freq"]:
        return np.ones(rows)
    return np.asarray(1 / np.maximum(np.bincount(used.reshape(-1), minlength=rows), 1))


@operation(
    "embedding(input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False)"
)
class Embedding(Moving):
    """Rows of a table by their numbers; index: (...) -> (..., width)."""

    carried = ("weight",)
    modules = ("Embedding",)
    nodes = ("EmbeddingBackward",)
    order = ("weight",)
    note = Bilingual("The row of the table that the index names.", "索引所指的那一行。")
    back = Bilingual("The gradient of the only place where this row was looked up.", "这一行唯一被查到的位置的梯度。")
    words = Words(
        (
            "embedding looks rows up in a table: each word's number becomes a vector that can be learned.",
            "embedding 在表中查行：每个词的编号变成一个可学习的向量。",
        ),
        (
            "A row gets the sum of the gradients of all places where it was looked up; unused rows get 0.",
            "一行的梯度是查到它的各处梯度之和；没被查到的行梯度为 0。",
        ),
    )

    def move(self, call: Call, arrays: Mapping[str, Array], fill: float) -> Array:
        """The rows."""
        index = call.array("input")
        refuse_renormed(call, index)
        return arrays["weight"][index]

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """Added up by row; nothing for the row of the padding."""
        found = super().vjp(call, upstream)["weight"] * row_shares(call, call.array("input"))[:, None]
        if call["padding_idx"] is not None:
            found[int(call.number("padding_idx"))] = 0
        return {"weight": found}

    def gradient_equation(self, case: Backward) -> Worked:
        """As `vjp` at one place."""
        call, row = case.call, case.index[0]
        padding = call["padding_idx"]
        if padding is not None and int(padding) % case.wrt.array.shape[0] == row:
            return Worked(
                Number(0),
                None,
                0.0,
                note=Bilingual("This row stands for padding, and does not learn.", "这一行代表填充，不参与学习。"),
            )
        worked = super().gradient_equation(case)
        uses = int(np.count_nonzero(call.array("input") == row))
        if not call["scale_grad_by_freq"] or uses < 2 or worked.symbols is None:
            return worked
        numbers = None if worked.numbers is None else Fraction(worked.numbers, Number(uses))
        note = Bilingual(
            f"It was looked up {uses} times, and is divided by that (scale_grad_by_freq).",
            f"它被查找了 {uses} 次，因此除以这个次数（scale_grad_by_freq）。",
        )
        return Worked(Fraction(worked.symbols, Number(uses)), numbers, worked.computed / uses, note=note)


_BAG = (
    "embedding_bag(input, weight, offsets=None, max_norm=None, norm_type=2, scale_grad_by_freq=False, mode='mean', "
    "sparse=False, per_sample_weights=None, include_last_offset=False, padding_idx=None)"
)


@operation(_BAG)
class EmbeddingBag(Operation):
    """The sum, mean or largest of several rows of a table; input: (bags, n), or (n,) cut into bags at offsets."""

    modules = ("EmbeddingBag",)
    nodes = ("EmbeddingBagBackward",)
    order = ("weight", "per_sample_weights")
    words = Words(
        (
            "embedding_bag looks several rows up and takes their sum, mean or maximum: one vector for a whole text.",
            "embedding_bag 查出若干行并取其和、均值或最大值：一整段文字得到一个向量。",
        ),
        (
            "Each row gets its share of the gradient of each bag that it was in.",
            "每一行从它所在的各个袋的梯度中得到自己的一份。",
        ),
    )

    def bags(self, call: Call) -> list[Array]:
        """For each bag: the places in the flattened input of its rows, without padding."""
        index = call.array("input")
        if index.ndim == 2:
            bags = list(np.arange(index.size).reshape(index.shape))
        else:
            edges = [int(i) for i in call.array("offsets")]
            edges = edges if call["include_last_offset"] else [*edges, index.size]
            bags = [np.arange(first, last) for first, last in pairwise(edges)]
        if call["padding_idx"] is None:
            return bags
        padding = int(call.number("padding_idx")) % call.array("weight").shape[0]
        return [bag[index.reshape(-1)[bag] != padding] for bag in bags]

    def shares(self, call: Call, bag: Array) -> Array:
        """The factor of each row of a bag, for sum and mean; (rows of the bag,)."""
        if call["per_sample_weights"] is not None:
            return call.array("per_sample_weights").reshape(-1)[bag]
        return np.full(bag.size, 1 / max(bag.size, 1) if call["mode"] == "mean" else 1.0)

    def scales(self, call: Call, index: Array) -> Array:
        """As `row_shares`. Raises UnfitError for counts that differ: torch divides a row by another one's there."""
        scales = row_shares(call, index)
        if np.unique(scales[index]).size > 1:
            raise UnfitError(
                "torch's gradient with scale_grad_by_freq is not the documented one for several counts",
                "使用 scale_grad_by_freq 且出现多次时，torch 的梯度与文档不一致",
            )
        return scales

    def forward(self, call: Call) -> Array:
        """(bags, width)."""
        W, index = call.array("weight"), call.array("input").reshape(-1)
        refuse_renormed(call, index)
        made = np.zeros((len(bags := self.bags(call)), W.shape[1]))
        for i, bag in enumerate(bags):
            if bag.size:
                rows = W[index[bag]]
                made[i] = rows.max(axis=0) if call["mode"] == "max" else self.shares(call, bag) @ rows
        return made

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """Each row its share; with max, each column to the first largest."""
        (G,) = upstream
        W, index = call.array("weight"), call.array("input").reshape(-1)
        refuse_renormed(call, index)
        found = np.zeros_like(W)
        weights = np.zeros(index.shape)
        columns = np.arange(W.shape[1])
        for i, bag in enumerate(self.bags(call)):
            rows = index[bag]
            if call["mode"] == "max" and bag.size:
                np.add.at(found, (rows[W[rows].argmax(axis=0)], columns), G[i])
            elif call["mode"] != "max":
                np.add.at(found, rows, self.shares(call, bag)[:, None] * G[i])
                weights[bag] = W[rows] @ G[i]
        sent = {"weight": found * self.scales(call, index)[:, None]}
        if call["per_sample_weights"] is not None:
            sent["per_sample_weights"] = weights.reshape(call.array("per_sample_weights").shape)
        return sent

    def equation(self, case: Forward) -> Worked:
        """The rows of the bag, each with its share."""
        call, (i, column) = case.call, case.index
        bag, W = self.bags(call)[i], case.needed("weight")
        rows = [int(row) for row in call.array("input").reshape(-1)[bag]]
        note = (
            Bilingual(
                f"The bag holds the rows {', '.join(map(str, rows))}.", f"这个袋中有第 {'、'.join(map(str, rows))} 行。"
            )
            if rows
            else Bilingual("The bag is empty.", "这个袋是空的。")
        )
        if not rows:
            return Worked(Number(0), None, 0.0, note=note)
        values = W.gather([(row, column) for row in rows])
        if call["mode"] == "max":
            best = rows[int(values.argmax())]
            largest = Bilingual(f"Row {best} has the largest.", f"其中第 {best} 行的数最大。")
            return Worked(W.at((best, column)), None, float(values.max()), note=sentences(note, largest))
        shares = self.shares(call, bag)
        shown = first_and_last(range(len(rows)))
        plain = bool(np.all(shares == 1))
        symbols: list[Expression] = [_times(shares[n], W.at((rows[n], column)), plain) for n in shown]
        numbers: list[Expression] = [_times(shares[n], W.number((rows[n], column)), plain) for n in shown]
        return Worked(elided(symbols, len(rows)), elided(numbers, len(rows)), float(shares @ values), note=note)

    def gradient_equation(self, case: Backward) -> Worked:
        """Of a row: what arrived for each bag that it was in, times its share there."""
        call, G = case.call, case.upstream
        if case.key != "weight":
            return self._weight_of_a_sample(case)
        row, column = case.index
        index = call.array("input").reshape(-1)
        scale = float(self.scales(call, index)[row])
        found: list[tuple[float, tuple[int, int]]] = []
        for i, bag in enumerate(self.bags(call)):
            rows = index[bag]
            if call["mode"] == "max":
                values = call.array("weight")[rows, column]
                shares = [1.0] if bag.size and rows[values.argmax()] == row else []
            else:
                shares = self.shares(call, bag)[rows == row].tolist()
            found += [(share * scale, (i, column)) for share in shares]
        plain = all(share == 1 for share, _ in found)
        shown = first_and_last(found)
        return Worked(
            elided([_times(share, G.at(place), plain) for share, place in shown], len(found)),
            elided([_times(share, G.number(place), plain) for share, place in shown], len(found)),
            float(sum(share * G.value_at(place) for share, place in found)),
            note=Bilingual(f"The row was taken {len(found)} times.", f"这一行被取用了 {len(found)} 次。")
            if found
            else Bilingual("The row was not taken.", "这一行没有被取用。"),
        )

    def _weight_of_a_sample(self, case: Backward) -> Worked:
        """The row that it multiplies, times what arrived for its bag."""
        call = case.call
        flat = int(np.ravel_multi_index(case.index, case.wrt.array.shape))
        row = int(call.array("input").reshape(-1)[flat])
        bag = next((i for i, places in enumerate(self.bags(call)) if flat in places), None)
        if bag is None:
            return Worked(Number(0), None, 0.0, note=Bilingual("Its row stands for padding.", "它的行代表填充。"))
        columns = [((row, k), (bag, k)) for k in range(call.array("weight").shape[1])]
        terms = SumOfProducts(case.needed("weight"), case.upstream, columns, ((row, "k"), (bag, "k")), "k")
        return Worked(
            terms.symbols,
            terms.numbers,
            terms.computed,
            note=Bilingual(f"It multiplies row {row} in bag {bag}.", f"它与第 {bag} 个袋中的第 {row} 行相乘。"),
        )


def _times(share: float, row: Expression, plain: bool) -> Expression:
    return row if plain else Product((Number(float(share), DIGITS), row))


@operation("one_hot(input, num_classes=-1)")
class OneHot(Operation):
    """1 at the place of the class, 0 elsewhere; (...) -> (..., classes)."""

    words = Words(
        ("one_hot writes a class as a vector with a single 1.", "one_hot 把类别写成只有一个 1 的向量。"),
    )

    def forward(self, call: Call) -> Array:
        """δ(class, place)."""
        index, classes = call.array("input"), int(call.number("num_classes"))
        if classes == -1:
            classes = int(index.max()) + 1
        return np.asarray(index[..., None] == np.arange(classes)).astype(np.int64)

    def equation(self, case: Forward) -> Worked:
        """Whether the class is this one."""
        index = case.needed("input")
        *place, column = case.index
        wanted = int(index.array[tuple(place)])
        return Worked(
            None,
            None,
            float(wanted == column),
            note=Bilingual(
                f"The class is {wanted}; this is the place of {column}.", f"类别是 {wanted}；这是 {column} 的位置。"
            ),
        )
