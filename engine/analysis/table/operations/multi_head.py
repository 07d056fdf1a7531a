"""The row of multi-head attention, as nn.MultiheadAttention calls it: projections, attention in each head, one more.

Formula: PyTorch's torch.nn.functional.multi_head_attention_forward. Shapes: query (L, N, E), key (S, N, ...), value
(S, N, ...), without N where there is no batch; heads are cut from E.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from ....bilingual import NOTHING, Bilingual
from ...notation.expression import EquationLine, Partial, Symbol
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Index, Operand, Worked
from ..kinds.heads import Attended, Sent, attend, causal, hidden_from, send_back
from ..kinds.inner_numbers import Inner, sum_of_products, sum_over
from ..operation import Operation, operation
from ..sums import flat_add
from ..words import Words
from .attention import DROPPED, scores_line, weights_line

_PARTS = ("query", "key", "value")
_PARTS_ZH = {"query": "查询", "key": "键", "value": "值"}
_SIDE_BY_SIDE = Bilingual("o holds what the heads found, side by side", "o 是各个头的结果并排放在一起")
_SHOWN_HEADS = 3


@dataclass(frozen=True, slots=True, eq=False)
class _Inside:
    """What comes about inside. inputs: query, key, value as (L or S, N, ...). joined: the heads' results, (L, N, E)."""

    inputs: tuple[Array, Array, Array]
    weights: tuple[Array, Array, Array]
    seen: Attended
    joined: Array


@dataclass(frozen=True, slots=True, eq=False)
class _Back:
    """Gradients inside. arrived: dC/d(output), (L, N, E). projected: of query, key, value after their projections."""

    arrived: Array
    projected: tuple[Array, Array, Array]
    sent: Sent


@operation(
    "multi_head_attention_forward(query, key, value, embed_dim_to_check, num_heads, in_proj_weight, in_proj_bias, "
    "bias_k, bias_v, add_zero_attn, dropout_p, out_proj_weight, out_proj_bias, training=True, key_padding_mask=None, "
    "need_weights=True, attn_mask=None, use_separate_proj_weight=False, q_proj_weight=None, k_proj_weight=None, "
    "v_proj_weight=None, static_k=None, static_v=None, average_attn_weights=True, is_causal=False)"
)
class MultiHeadAttention(Operation):
    """out = W_o · concat(heads) + b_o, each head attending with its own part of the projected query, key, value."""

    modules = ("MultiheadAttention",)
    nodes = ("AddmmBackward", "BmmBackward", "BaddbmmBackward", "SoftmaxBackward")
    order = ("out_proj_bias", "out_proj_weight", "in_proj_bias", "in_proj_weight", "value", "key", "query")
    words = Words(
        (
            "Several heads look at the sequence at once, each with its own queries, keys and values; "
            "a last layer mixes what they found.",
            "多个注意力头同时查看序列，各用自己的查询、键和值；最后一层把各头的结果混合起来。",
        ),
        (
            "The gradient goes back through the last layer into every head, and through its weights to the query, "
            "the keys and the values.",
            "梯度先经过最后一层回到每个头，再通过注意力权重传给查询、键和值。",
        ),
    )

    def forward(self, call: Call) -> Sequence[Array]:
        """The output, and the weights if they are asked for."""
        inside = _inside(call)
        bias = call.get("out_proj_bias")
        made = inside.joined @ call.array("out_proj_weight").T + (0.0 if bias is None else bias)
        is_single = call.array("query").ndim == 2
        results = [made[:, 0] if is_single else made]
        if call.get("need_weights"):
            weights = inside.seen.weights
            weights = weights.mean(axis=1) if call.get("average_attn_weights") else weights
            results.append(weights[0] if is_single else weights)
        return results

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """Back through the last layer, the heads and the projections."""
        inside = _inside(call)
        back = _back(call, inside, upstream)
        rows = back.arrived.reshape(-1, back.arrived.shape[-1])
        width = inside.joined.shape[-1]
        found = {
            "out_proj_weight": rows.T @ inside.joined.reshape(-1, width),
            "out_proj_bias": rows.sum(axis=0),
        }
        slopes = [_rows(part).T @ _rows(x) for part, x in zip(back.projected, inside.inputs, strict=True)]
        found["in_proj_bias"] = np.concatenate([_rows(part).sum(axis=0) for part in back.projected])
        if call.get("use_separate_proj_weight"):
            found |= {f"{name[0]}_proj_weight": slope for name, slope in zip(_PARTS, slopes, strict=True)}
        else:
            found["in_proj_weight"] = np.concatenate(slopes)
        for name, part, weight in zip(_PARTS, back.projected, inside.weights, strict=True):
            found[name] = (part @ weight).reshape(call.array(name).shape)
        return found | dict(_of_extras(call, back.sent))

    def equation(self, case: Forward) -> Worked:
        """Each head's weights for this place of the sequence, then one unit of the last layer."""
        call = case.call
        if case.place == 1:
            return Worked(
                Symbol("a"),
                None,
                float(self.forward(call)[1][case.index]),
                note=Bilingual("The weights of the keys.", "各个键的权重。"),
            )
        row, batch, unit = _place(case.index)
        inside, batch = _of_batch(call, batch)
        weight, bias = case.needed("out_proj_weight"), case.operand("out_proj_bias")
        heads = Inner(Symbol("o"), inside.joined[row, batch])
        pairs = [((unit, j), (j,)) for j in range(weight.array.shape[1])]
        symbols, numbers, computed = sum_of_products(weight, heads, pairs, ((unit, "j"), ("j",)), "j")
        if bias is not None:
            symbols, numbers = flat_add(symbols, bias.at((unit,))), flat_add(numbers, bias.number((unit,)))
            computed += bias.value_at((unit,))
        count = inside.seen.weights.shape[1]
        note = (
            Bilingual(f"o holds what the {count} heads found, side by side.", f"o 是 {count} 个头的结果并排放在一起。")
            if count > 1
            else Bilingual("o is what the head found.", "o 是该注意力头的结果。")
        )
        return Worked(symbols, numbers, computed, before=tuple(_head_lines(inside.seen, row, batch)), note=note)

    def gradient_equation(self, case: Backward) -> Worked:
        """As of any layer, with the gradient that arrived at its projection."""
        call = case.call
        inside = _inside(call)
        back = _back(call, inside, case.arrived)
        if case.key in _PARTS:
            return _input_gradient(case, call, inside, back)
        slope, name, x, first = _layer_of(case, call, inside, back)
        rows = list(np.ndindex(slope.array.shape[:2]))
        unit = case.index[0] - first
        if case.key.endswith("bias"):
            worked = sum_over(slope, [(*row, unit) for row in rows], ("t", "n", unit), "t,n")
        elif case.key.endswith("weight"):
            k = case.index[1]
            pairs = [((*row, unit), (*row, k)) for row in rows]
            worked = sum_of_products(slope, x, pairs, (("t", "n", unit), ("t", "n", k)), "t,n")
        else:
            return super().gradient_equation(case)
        symbols, numbers, computed = worked
        note = Bilingual(
            f"Summed over all places of the sequence and the batch; {name.english}.",
            f"对序列和批次的所有位置求和；{name.chinese}。",
        )
        return Worked(symbols, numbers, computed, note=note)


def _inside(call: Call) -> _Inside:
    """All steps up to the last layer."""
    if call.get("training", True) and float(call.get("dropout_p") or 0.0) > 0:
        raise UnfitError(DROPPED.english, DROPPED.chinese)
    inputs = [call.array(name) for name in _PARTS]
    if inputs[0].ndim == 2:
        inputs = [x[:, None] for x in inputs]
    weights, biases = _projections(call)
    q, k, v = (x @ weight.T + bias for x, weight, bias in zip(inputs, weights, biases, strict=True))
    heads = int(call.number("num_heads"))
    if call.get("bias_k") is not None:
        k, v = (_appended(part, call.array(name)) for part, name in ((k, "bias_k"), (v, "bias_v")))
    q, k, v = (_cut(part, heads) for part in (q, k, v))
    k = k if call.get("static_k") is None else call.array("static_k").reshape(*q.shape[:2], -1, q.shape[-1])
    v = v if call.get("static_v") is None else call.array("static_v").reshape(*q.shape[:2], -1, q.shape[-1])
    if call.get("add_zero_attn"):
        k, v = (np.concatenate([part, np.zeros_like(part[:, :, :1])], axis=2) for part in (k, v))
    bias = _bias(call, q.shape, k.shape[2])
    seen = attend(q, k, v, bias, 1 / sqrt(q.shape[-1]), safe=not call.get("need_weights"))
    joined = np.moveaxis(seen.result, 2, 0).reshape(q.shape[2], q.shape[0], -1)
    return _Inside((inputs[0], inputs[1], inputs[2]), weights, seen, joined)


def _of_batch(call: Call, batch: int) -> tuple[_Inside, int]:
    """The same for one sequence of the batch only, where nothing else is cut by the batch, and its place there."""
    of_batch = [call.get(name) for name in ("static_k", "static_v", "attn_mask")]
    if call.array("query").ndim < 3 or any(part is not None and part.ndim > 2 for part in of_batch):
        return _inside(call), batch
    for name in _PARTS:
        call = call.replaced(name, call.array(name)[:, batch : batch + 1])
    if call.get("key_padding_mask") is not None:
        call = call.replaced("key_padding_mask", call.array("key_padding_mask")[batch : batch + 1])
    return _inside(call), 0


def _projections(call: Call) -> tuple[tuple[Array, Array, Array], tuple[Array | float, ...]]:
    """Weights and biases of query, key and value."""
    if call.get("use_separate_proj_weight"):
        q, k, v = (call.array(f"{name[0]}_proj_weight") for name in _PARTS)
    else:
        q, k, v = np.split(call.array("in_proj_weight"), 3)
    bias = call.get("in_proj_bias")
    return (q, k, v), ((0.0,) * 3 if bias is None else tuple(np.split(bias, 3)))


def _appended(part: Array, bias: Array) -> Array:
    return np.concatenate([part, np.broadcast_to(bias, (1, *part.shape[1:]))])


def _cut(part: Array, heads: int) -> Array:
    """(S, N, E) as (N, heads, S, E / heads)."""
    return part.reshape(*part.shape[:2], heads, -1).transpose(1, 2, 0, 3)


def _uncut(part: Array) -> Array:
    """(N, heads, S, E / heads) as (S, N, E)."""
    return part.transpose(2, 0, 1, 3).reshape(part.shape[2], part.shape[0], -1)


def _rows(part: Array) -> Array:
    return part.reshape(-1, part.shape[-1])


def _bias(call: Call, q_shape: tuple[int, ...], keys: int) -> Array:
    """Both masks, to add to the scores; keys that were appended are never hidden."""
    batch, heads, queries, _ = q_shape
    mask, padding = call.get("attn_mask"), call.get("key_padding_mask")
    if call.get("is_causal") and padding is None and not call.get("need_weights"):
        return causal(queries, keys)
    bias = np.zeros((1, 1, 1, keys))
    if mask is not None:
        numbers = _padded(hidden_from(mask, is_hidden=True), keys)
        bias = bias + (numbers.reshape(batch, heads, *numbers.shape[1:]) if numbers.ndim == 3 else numbers)
    if padding is not None:
        numbers = _padded(hidden_from(padding, is_hidden=True), keys)
        bias = bias + numbers.reshape(-1, 1, 1, keys)
    return bias


def _padded(mask: Array, keys: int) -> Array:
    return np.pad(mask, [(0, 0)] * (mask.ndim - 1) + [(0, keys - mask.shape[-1])])


def _back(call: Call, inside: _Inside, upstream: Sequence[Array]) -> _Back:
    """From the output's gradient to those of the projections."""
    arrived = upstream[0].reshape(inside.joined.shape[0], inside.joined.shape[1], -1)
    to_weights = None
    if len(upstream) > 1:
        heads = inside.seen.weights.shape[1]
        to_weights = upstream[1].reshape(inside.joined.shape[1], -1, *inside.seen.weights.shape[2:])
        to_weights = to_weights / heads if call.get("average_attn_weights") else to_weights
    to_heads = _cut(arrived @ call.array("out_proj_weight"), inside.seen.weights.shape[1])
    sent = send_back(inside.seen, to_heads, to_weights)
    fixed = [call.get("static_k") is not None, call.get("static_v") is not None]
    k, v = (
        np.zeros((x.shape[0], *inside.joined.shape[1:])) if is_fixed else _uncut(part)[: x.shape[0]]
        for part, x, is_fixed in zip((sent.k, sent.v), inside.inputs[1:], fixed, strict=True)
    )
    return _Back(arrived, (_uncut(sent.q), k, v), sent)


def _of_extras(call: Call, sent: Sent) -> Iterator[tuple[str, Array]]:
    """Gradients of what was appended to keys and values, of static ones, and of masks that are made of numbers."""
    for name, part in (("k", sent.k), ("v", sent.v)):
        if call.get(f"bias_{name}") is not None:
            place = -2 if call.get("add_zero_attn") else -1
            yield f"bias_{name}", _uncut(part)[place].sum(axis=0).reshape(1, 1, -1)
        if call.get(f"static_{name}") is not None:
            fixed = call.array(f"static_{name}")
            yield f"static_{name}", part[:, :, : fixed.shape[1]].reshape(fixed.shape)
    for name in ("attn_mask", "key_padding_mask"):
        mask = call.get(name)
        if mask is not None:
            yield name, _mask_gradient(call, name, sent.scores[..., : mask.shape[-1]], mask.shape)


def _mask_gradient(call: Call, name: str, scores: Array, shape: tuple[int, ...]) -> Array:
    if name == "key_padding_mask":
        return np.reshape(scores.sum(axis=(1, 2)), shape)
    if call.get("is_causal") and call.get("key_padding_mask") is None and not call.get("need_weights"):
        return np.zeros(shape)
    return np.reshape(scores, shape) if len(shape) == 3 else np.sum(scores, axis=(0, 1))


def _place(index: Index) -> tuple[int, int, int]:
    """A place of the output as (time, batch, unit)."""
    return (index[0], 0, index[1]) if len(index) == 2 else (index[0], index[1], index[2])


def _head_lines(seen: Attended, row: int, batch: int) -> Iterator[EquationLine]:
    """Scores and weights of the first few heads for one query."""
    for head in range(min(seen.weights.shape[1], _SHOWN_HEADS)):
        at = batch, head
        bias = np.broadcast_to(seen.bias, seen.scores.shape)[at]
        one = Attended(
            seen.q[at], seen.k[at], seen.v[at], bias, seen.scale, seen.scores[at], seen.weights[at], seen.result[at]
        )
        for line in (scores_line(one, row), weights_line(one, row)):
            said = line.caption
            of_head = Bilingual(
                f"Head {head}: {said.english[0].lower()}{said.english[1:]}", f"第 {head} 个头：{said.chinese}"
            )
            yield EquationLine(line.expression, of_head)


def _layer_of(
    case: Backward, call: Call, inside: _Inside, back: _Back
) -> tuple[Inner | Operand, Bilingual, Inner | Operand, int]:
    """A parameter's layer: the gradient of its result, in words, its input, and the row where its part begins."""
    if case.key.startswith("out_proj"):
        slope = Inner(case.upstream.expression, back.arrived)
        return slope, _SIDE_BY_SIDE, Inner(Symbol("o"), inside.joined), 0
    width = back.projected[0].shape[-1]
    which = case.index[0] // width if case.key.startswith("in_proj") else "qkv".index(case.key[0])
    letter = "qkv"[which]
    slope = Inner(Partial(Symbol("C"), Symbol(letter)), back.projected[which])
    x = Inner(case.needed(_PARTS[which]).expression, inside.inputs[which])
    first = which * width if case.key.startswith("in_proj") else 0
    part = _PARTS[which]
    name = Bilingual(f"{letter} is the {part} after its projection", f"{letter} 是投影之后的{_PARTS_ZH[part]}")
    return slope, name, x, first


def _input_gradient(case: Backward, call: Call, inside: _Inside, back: _Back) -> Worked:
    """Back through the projections of an input; one tensor given for several of them gets the sum."""
    row, batch, k = _place(case.index)
    symbols, numbers, computed = [], [], 0.0
    together = _projected_together(case)
    for which, letter in enumerate("qkv"):
        if _PARTS[which] not in together:
            continue
        slope = Inner(Partial(Symbol("C"), Symbol(letter)), back.projected[which][row, batch])
        weight = Inner(Symbol("W", superscript=letter), inside.weights[which])
        pairs = [((j,), (j, k)) for j in range(weight.array.shape[0])]
        one = sum_of_products(slope, weight, pairs, (("j",), ("j", k)), "j")
        symbols.append(one[0])
        numbers.append(one[1])
        computed += one[2]
    note = NOTHING
    if len(together) > 1:
        names, names_zh = ", ".join(together), "、".join(_PARTS_ZH[name] for name in together)
        note = Bilingual(
            f"It is {names} at once; what comes back through each adds up.",
            f"它同时是{names_zh}；经由各处传回的梯度相加。",
        )
    return Worked(flat_add(*symbols), flat_add(*numbers), computed, note=note)


def _projected_together(case: Backward) -> list[str]:
    """The inputs that are one tensor and that torch projects by one product, so that their gradients arrive as one."""
    values = {name: case.needed(name).value for name in _PARTS}
    if case.settings.get("use_separate_proj_weight") or values["key"] != values["value"]:
        return [case.key]
    if values["query"] == values["key"]:
        return list(_PARTS)
    return ["query"] if case.key == "query" else ["key", "value"]
