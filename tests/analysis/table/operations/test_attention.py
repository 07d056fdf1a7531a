"""Attention: each row against torch, with masks, groups and static keys; each equation against the recorded number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from engine.analysis.explain.explainer import explain
from engine.analysis.notation.printing import to_text
from engine.analysis.table.call import UnfitError, bind
from engine.trace.reader import Trace
from tests.helpers.against_torch import a_row, agree
from tests.helpers.drawn_tensors import fresh
from tests.helpers.equations import equations_hold

pytestmark = pytest.mark.usefixtures("double")
Record = Callable[..., Trace]
SIZES = st.integers(1, 4)


def masks(queries: int, keys: int) -> dict[str, dict[str, Any]]:
    """Ways to hide keys."""
    seen = torch.rand(queries, keys) > 0.4
    return {
        "none": {},
        "causal": {"is_causal": True},
        "bool": {"attn_mask": seen},
        "numbers": {"attn_mask": torch.randn(queries, keys)},
        "learned": {"attn_mask": fresh(queries, keys)},
        "hidden": {"attn_mask": torch.zeros(queries, keys).masked_fill(~seen, -torch.inf)},
        "of keys": {"attn_mask": torch.rand(1, keys) > 0.4},
    }


@settings(max_examples=40, deadline=None)
@given(SIZES, SIZES, SIZES, SIZES, st.sampled_from(sorted(masks(1, 1))), st.sampled_from([None, 0.3, 1.0]))
def test_scaled_dot_product_attention(
    queries: int, keys: int, width: int, heads: int, mask: str, scale: float | None
) -> None:
    extra = masks(queries, keys)[mask]
    for batch in ((), (heads,), (2, heads)):
        q, k, v = fresh(*batch, queries, width), fresh(*batch, keys, width), fresh(*batch, keys, 3)
        agree(F.scaled_dot_product_attention, q, k, v, scale=scale, least=1.0, **extra)
    grouped = fresh(2, 2 * heads, queries, width), fresh(2, heads, keys, width), fresh(2, heads, keys, width)
    agree(F.scaled_dot_product_attention, *grouped, scale=scale, enable_gqa=True, least=1.0, **extra)
    stretched = fresh(2, heads, queries, width), fresh(1, heads, keys, width), fresh(heads, keys, width)
    agree(F.scaled_dot_product_attention, *stretched, scale=scale, least=1.0, **extra)


def test_a_query_that_sees_no_key() -> None:
    hidden = torch.tensor([[True, False], [False, False]])
    for mask in (hidden, torch.zeros(2, 2).masked_fill(~hidden, -torch.inf)):
        q, k, v = (fresh(1, 1, 2, 4) for _ in range(3))
        agree(F.scaled_dot_product_attention, q, k, v, mask, least=1.0)  # 0 but for rounding, with one key or none


def test_dropout_cannot_be_checked() -> None:
    with pytest.raises(UnfitError, match="dropout"):
        agree(F.scaled_dot_product_attention, fresh(2, 3), fresh(2, 3), fresh(2, 3), dropout_p=0.5)
    layer = nn.MultiheadAttention(4, 2, dropout=0.5)
    with pytest.raises(UnfitError, match="dropout"):
        agree(layer, fresh(3, 1, 4), fresh(3, 1, 4), fresh(3, 1, 4))


LAYERS: dict[str, dict[str, Any]] = {
    "plain": {},
    "no bias": {"bias": False},
    "appended": {"add_bias_kv": True},
    "zeros": {"add_zero_attn": True},
    "both": {"add_bias_kv": True, "add_zero_attn": True},
    "other widths": {"kdim": 3, "vdim": 5},
    "other widths appended": {"kdim": 3, "vdim": 5, "add_bias_kv": True, "add_zero_attn": True},
}


@pytest.mark.parametrize("options", LAYERS.values(), ids=LAYERS.keys())
@settings(max_examples=12, deadline=None)
@given(SIZES, SIZES, st.integers(0, 3), st.sampled_from([True, False]), st.booleans(), st.integers(0, 6))
def test_multi_head_attention(
    options: dict[str, Any], queries: int, keys: int, batch: int, weights: bool, averaged: bool, mask: int
) -> None:
    layer = nn.MultiheadAttention(4, 2, **options)
    n = (batch,) if batch else ()
    q, k, v = fresh(queries, *n, 4), fresh(keys, *n, layer.kdim), fresh(keys, *n, layer.vdim)
    hidden = torch.rand(queries, keys) > 0.7
    hidden[:, 0] = False
    each = torch.randn(2 * max(batch, 1), queries, keys)
    padding = torch.rand(*n, keys) > 0.7
    padding[..., 0] = False
    extra: dict[str, Any] = [
        {},
        {"attn_mask": hidden},
        {"attn_mask": each.requires_grad_()},
        {"key_padding_mask": padding},
        {"attn_mask": torch.randn(queries, keys).requires_grad_(), "key_padding_mask": fresh(*n, keys)},
        {"attn_mask": torch.ones(queries, keys).triu(1).bool(), "is_causal": True},
        {"attn_mask": torch.ones(queries, keys).triu(1).bool(), "is_causal": True, "key_padding_mask": padding & False},
    ][mask]
    agree(layer, q, k, v, need_weights=weights, average_attn_weights=averaged, least=1.0, **extra)


def test_static_keys_and_values() -> None:
    layer = nn.MultiheadAttention(4, 2)
    fixed = fresh(2 * 3, 5, 2), fresh(2 * 3, 5, 2)
    x = fresh(2, 3, 4), fresh(5, 3, 4), fresh(5, 3, 4)
    for need in (True, False):
        agree(
            F.multi_head_attention_forward,
            *(*x, 4, 2, layer.in_proj_weight, layer.in_proj_bias, None, None, False, 0.0),
            *(layer.out_proj.weight, layer.out_proj.bias),
            static_k=fixed[0],
            static_v=fixed[1],
            need_weights=need,
        )


SCRIPTS = {
    "plain": "F.scaled_dot_product_attention(q, k, v)",
    "causal": "F.scaled_dot_product_attention(q, k, v, is_causal=True, scale=0.5)",
    "mask": "F.scaled_dot_product_attention(q, k, v, attn_mask=torch.rand(1, 3, 3) > 0.3)",
    "groups": "F.scaled_dot_product_attention(torch.cat([q, q + 1], 1), k, v, enable_gqa=True)",
    "stretched": "F.scaled_dot_product_attention(q, k[:1], v[0])",
    "matrices": "F.scaled_dot_product_attention(q[0, 0], k[0, 0], v[0, 0])",
}


@pytest.mark.parametrize("expression", SCRIPTS.values(), ids=SCRIPTS.keys())
def test_equations_come_to_the_recorded_numbers(recorded: Record, expression: str) -> None:
    trace = recorded(
        source=f"""
            import torch
            import torch.nn.functional as F
            torch.manual_seed(3)
            q, k, v = (torch.randn(2, 2, 3, 4, requires_grad=True, dtype=torch.float32) for _ in range(3))
            result = {expression}
            (result * torch.randn(result.shape)).sum().backward()
        """
    )
    found = equations_hold(trace, "scaled_dot_product_attention")
    assert found.results.total() >= 10
    # With a mask, torch takes several steps backward, each of which sends a part of the gradient.
    assert (found.gradients.total() >= 10) is ("attn_mask" not in expression)


USES = {
    "self": "x, x, x",
    "self without weights": "x, x, x, need_weights=False",
    "cross": "x, y, y, need_weights=False",
    "three": "x, y, y * 2",
    "swapped": "x, y, x",
    "masked": "x, x, x, attn_mask=nn.Transformer.generate_square_subsequent_mask(3)",
    "single": "x[:, 0], y[:, 0], y[:, 1]",
}


@pytest.mark.parametrize("arguments", USES.values(), ids=USES.keys())
@pytest.mark.parametrize("options", ["", ", bias=False, add_zero_attn=True", ", kdim=4, vdim=4, add_bias_kv=True"])
def test_equations_of_the_module(recorded: Record, arguments: str, options: str) -> None:
    trace = recorded(
        source=f"""
            import torch
            from torch import nn
            torch.set_default_dtype(torch.float32)
            torch.manual_seed(3)
            layer = nn.MultiheadAttention(4, 2{options})
            x, y = torch.randn(3, 2, 4, requires_grad=True), torch.randn(3, 2, 4, requires_grad=True)
            out, weights = layer({arguments})
            loss = (out * torch.randn(out.shape)).sum()
            loss.backward()
        """
    )
    assert equations_hold(trace, "multi_head_attention_forward").gradients.total() >= 10


def test_the_page_shows_scores_weights_and_the_sum(recorded: Record) -> None:
    trace = recorded(
        source="""
            import torch
            q = torch.tensor([[1.0, 0.0]])
            k = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
            v = torch.tensor([[2.0], [4.0]])
            a = torch.nn.functional.scaled_dot_product_attention(q, k, v, scale=1.0)
        """
    )
    event = next(event for event in trace.events() if event.name == "scaled_dot_product_attention")
    first, second, last = (to_text(line.expression) for line in explain(trace, event.position).lines)
    assert first == "s₀ = q₀ kᵀ = [1 0]"
    assert second.startswith("a₀ = softmax(s₀) = [0.7310586 0.2689414]")
    assert last.endswith("= a₀·v_(0,0) + a₁·v_(1,0) = 0.7310586·2 + 0.2689414·4 = 2.537882843")
    assert np.isclose(np.e / (1 + np.e), 0.7310585786)


@pytest.mark.parametrize("layer", ["nn.MultiheadAttention(4, 2)", "nn.TransformerEncoderLayer(4, 2, 8)"])
def test_a_fused_module_says_why_it_cannot_be_checked(recorded: Record, layer: str) -> None:
    trace = recorded(
        source=f"""
            import torch
            from torch import nn
            layer = {layer}.eval()
            x = torch.ones(3, 2, 4)
            with torch.no_grad():
                layer(*[x] * {3 if "Multi" in layer else 1})
        """
    )
    event = next(event for event in trace.events() if event.arguments.get("opaque"))
    found = a_row(event.name)
    tensors = {slot.name: trace.array(slot.value) for slot in event.inputs if slot.value is not None}
    call = bind(found[1], event.function, tensors, event.arguments)
    for compute in (found[0].forward, lambda call: found[0].vjp(call, [])):
        with pytest.raises(UnfitError, match="fused"):
            compute(call)
