"""The row of scaled dot-product attention: each query gathers values by how well their keys fit it.

Formula: softmax(q kᵀ / √E + mask) v (PyTorch's documentation of scaled_dot_product_attention).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any

import numpy as np

from ....bilingual import NOTHING, Bilingual
from ...notation.expression import Call as Applied
from ...notation.expression import (
    Equals,
    EquationLine,
    Expression,
    Fraction,
    Number,
    Partial,
    Product,
    Root,
    Sub,
    Sum,
    Symbol,
    Text,
    Transpose,
)
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Index, Operand, Worked
from ..kinds.heads import Attended, attend, causal, hidden_from, send_back
from ..kinds.inner_numbers import Inner, number_inside, row_of_numbers, sum_of_products
from ..kinds.pointwise import stretched, summed_to
from ..operation import Operation, operation
from ..sums import flat_add
from ..words import Words

DROPPED = Bilingual("which weights dropout set to zero is not in the trace", "dropout 将哪些权重置零不在记录中")


@operation(
    "scaled_dot_product_attention(query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, *, scale=None, "
    "enable_gqa=False)"
)
class ScaledDotProductAttention(Operation):
    """softmax(q kᵀ · scale + mask) v; q: (..., L, E), k: (..., S, E), v: (..., S, D)."""

    nodes = (
        "ScaledDotProductFlashAttentionForCpuBackward",
        "ScaledDotProductEfficientAttentionBackward",
        "ScaledDotProductFlashAttentionBackward",
        "SafeSoftmaxBackward",
    )
    order = ("value", "key", "query", "attn_mask")
    words = Words(
        (
            "Each query compares itself with all keys, turns the scores into weights by softmax, and takes the "
            "weighted mean of the values.",
            "每个查询与所有键比较，用 softmax 把得分变成权重，再对各个值加权求和。",
        ),
        (
            "A value gets the gradient of each query times the weight that the query gave it; a query and a key get "
            "it through the score between them.",
            "值得到的是各查询的梯度乘以查询给它的权重；查询和键则通过它们之间的得分得到梯度。",
        ),
    )

    def forward(self, call: Call) -> Array:
        """The weighted means."""
        q, k, v = (call.array(name) for name in ("query", "key", "value"))
        return _attend(call.arguments, q, k, v).result

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """Through the weighted mean, softmax and the dot products; of a mask that is made of numbers too."""
        q, k, v = (call.array(name) for name in ("query", "key", "value"))
        sent = send_back(_attend(call.arguments, q, k, v), upstream[0])
        found = {
            "query": sent.q,
            "key": _folded(sent.k, k.shape),
            "value": _folded(sent.v, v.shape),
        }
        mask = call.get("attn_mask")
        return found if mask is None else {**found, "attn_mask": summed_to(sent.bias, mask.shape)}

    def equation(self, case: Forward) -> Worked:
        """The query's scores and weights, then the weighted sum of one element of the values."""
        *batch, row, column = case.index
        v = case.needed("value")
        seen = _one_head(case, tuple(batch))
        place = _of_batch(v, tuple(batch), case)
        weights = Inner(Symbol("a"), seen.weights[row])
        keys = range(seen.weights.shape[1])
        pairs = [((s,), (*place, s, column)) for s in keys]
        symbols, numbers, computed = sum_of_products(weights, v, pairs, (("s",), (*place, "s", column)), "s")
        lines = (scores_line(seen, row), weights_line(seen, row))
        return Worked(symbols, numbers, computed, before=lines, note=_hidden_note(seen, row))

    def gradient_equation(self, case: Backward) -> Worked:
        """Through the weights of one head; where batches were stretched, only the number is shown."""
        lead = case.result.array.shape[:-2]
        if case.key not in ("query", "key", "value") or case.wrt.array.shape[:-2] != lead:
            return super().gradient_equation(case)
        *batch, row, column = case.index
        place = tuple(batch)
        seen, G = _one_head(case, place), case.upstream
        if case.key == "value":
            weights = Inner(Symbol("a"), seen.weights)
            pairs = [((n, row), (*place, n, column)) for n in range(seen.weights.shape[0])]
            symbols, numbers, computed = sum_of_products(weights, G, pairs, (("n", row), (*place, "n", column)), "n")
            return Worked(
                symbols,
                numbers,
                computed,
                note=Bilingual("The weights that each query gave to this key.", "每个查询给这个键的权重。"),
            )
        sent = send_back(seen, np.asarray(G.array[place], dtype=np.float64))
        slope = Inner(Partial(Symbol("C"), Symbol("s")), sent.scores)
        other = case.needed("key" if case.key == "query" else "query")
        own = _of_batch(other, place, case)
        if case.key == "query":
            pairs = [((row, s), (*own, s, column)) for s in range(seen.k.shape[0])]
            worked = sum_of_products(slope, other, pairs, ((row, "s"), (*own, "s", column)), "s")
        else:
            pairs = [((n, row), (*own, n, column)) for n in range(seen.q.shape[0])]
            worked = sum_of_products(slope, other, pairs, (("n", row), (*own, "n", column)), "n")
        symbols, numbers, computed = worked
        return Worked(
            Product((_scale_symbol(case.settings), symbols)),
            Product((number_inside(seen.scale), numbers)),
            seen.scale * computed,
            before=(_softmax_line(),),
            note=Bilingual("s are the scores before softmax", "s 是 softmax 之前的得分")
            + _about_scale(case, seen)
            + Bilingual(".", "。"),
        )


def scores_line(seen: Attended, row: int) -> EquationLine:
    """s = q kᵀ · scale + mask, for one query of one head."""
    query = Symbol("q", str(row))
    product: Expression = Product((query, Transpose(Symbol("k"))), "")
    symbols: Expression = product if seen.scale == 1 else Product((number_inside(seen.scale), product))
    if np.any(seen.bias):
        symbols = flat_add(symbols, Text(Bilingual("mask", "掩码")))
    parts = (Symbol("s", str(row)), symbols, row_of_numbers(seen.scores[row]))
    return EquationLine(Equals(parts), Bilingual("The scores of the query with each key.", "查询与每个键的得分。"))


def weights_line(seen: Attended, row: int) -> EquationLine:
    """a = softmax(s), for one query of one head."""
    softmax = Applied("softmax", (Symbol("s", str(row)),))
    parts = (Symbol("a", str(row)), softmax, row_of_numbers(seen.weights[row]))
    return EquationLine(
        Equals(parts), Bilingual("Its weights: how much it looks at each key.", "它的权重：对每个键的关注程度。")
    )


def _softmax_line() -> EquationLine:
    a, slope = Symbol("a"), Partial(Symbol("C"), Symbol("a"))
    right = Product((a, Sub(slope, Sum(Product((a, slope))))))
    return EquationLine(
        Equals((Partial(Symbol("C"), Symbol("s")), right)), Bilingual("Back through softmax.", "反向穿过 softmax。")
    )


def _hidden_note(seen: Attended, row: int) -> Bilingual:
    hidden = int(np.isneginf(seen.scores[row]).sum())
    return (
        Bilingual(
            f"{hidden} of {seen.scores.shape[1]} keys are hidden from it by the mask.",
            f"{seen.scores.shape[1]} 个键中有 {hidden} 个被掩码遮住。",
        )
        if hidden
        else NOTHING
    )


def _about_scale(case: Backward, seen: Attended) -> Bilingual:
    return (
        Bilingual(f"; E is the length of a query, {seen.q.shape[1]}", f"；E 是查询的长度，为 {seen.q.shape[1]}")
        if case.settings.get("scale") is None
        else NOTHING
    )


def _scale_symbol(settings: Mapping[str, Any]) -> Expression:
    scale = settings.get("scale")
    return Fraction(Number(1), Root(Symbol("E"))) if scale is None else Number(float(scale))


def _scale(settings: Mapping[str, Any], width: int) -> float:
    scale = settings.get("scale")
    return 1 / sqrt(width) if scale is None and width else float(scale or 0.0)


def _check(settings: Mapping[str, Any]) -> None:
    if float(settings.get("dropout_p") or 0.0) > 0:
        raise UnfitError(DROPPED.english, DROPPED.chinese)


def _attend(settings: Mapping[str, Any], q: Array, k: Array, v: Array) -> Attended:
    """The whole attention with its mask; keys and values repeated for groups of queries if asked for."""
    _check(settings)
    if settings.get("enable_gqa"):
        k, v = (np.repeat(part, q.shape[-3] // part.shape[-3], axis=-3) for part in (k, v))
    return attend(q, k, v, _bias(settings, q, k), _scale(settings, q.shape[-1]), safe=True)


def _bias(settings: Mapping[str, Any], q: Array, k: Array) -> Array:
    bias = causal(q.shape[-2], k.shape[-2]) if settings.get("is_causal") else np.zeros((1, 1))
    mask = settings.get("attn_mask")
    return bias if mask is None else bias + hidden_from(np.asarray(mask), is_hidden=False)


def _folded(gradient: Array, shape: tuple[int, ...]) -> Array:
    """The gradient of keys or values that groups of queries shared: summed over each group."""
    if len(shape) > 2 and gradient.shape[-3] != shape[-3]:
        groups = (*gradient.shape[:-3], shape[-3], -1, *gradient.shape[-2:])
        gradient = gradient.reshape(groups).sum(axis=-3)
    return summed_to(gradient, shape)


def _of_batch(operand: Operand, batch: Index, case: Forward | Backward) -> Index:
    """The place of an argument's own head for a head of the result: shared by a group, or stretched."""
    lead = operand.array.shape[:-2]
    if case.settings.get("enable_gqa") and lead:
        group = case.result.array.shape[-3] // lead[-1]
        batch = (*batch[:-1], batch[-1] // group)
    return stretched(batch, lead)


def _one_head(case: Forward | Backward, batch: Index) -> Attended:
    """The attention of one head only, in float64."""
    _check(case.settings)
    operands = [case.needed(name) for name in ("query", "key", "value")]
    q, k, v = (np.asarray(x.array[_of_batch(x, batch, case)]) for x in operands)
    mask = case.operand("attn_mask")
    settings = dict(case.settings)
    if mask is not None:
        settings["attn_mask"] = mask.array[stretched(batch, mask.array.shape[:-2])]
    bias = _bias(settings, q, k).astype(np.float64)
    wide = [np.asarray(x, dtype=np.float64) for x in (q, k, v)]
    return attend(wide[0], wide[1], wide[2], bias, _scale(settings, q.shape[-1]), safe=True)
