"""Scaled dot-product attention in numpy: softmax(q kᵀ · scale + bias) v, forward and backward, for any batch.

Source: "Attention Is All You Need" and PyTorch's documentation of scaled_dot_product_attention. Shapes: q (..., L, E),
k (..., S, E), v (..., S, D), bias that broadcasts to (..., L, S); -inf in it hides a key.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..call import Array
from .pointwise import summed_to


@dataclass(frozen=True, slots=True, eq=False)
class Attended:
    """One attention: what went in, and what came about on the way. weights: (..., L, S); result: (..., L, D)."""

    q: Array
    k: Array
    v: Array
    bias: Array
    scale: float
    scores: Array
    weights: Array
    result: Array


@dataclass(frozen=True, slots=True, eq=False)
class Sent:
    """Gradients of an attention, each of the shape of what it belongs to."""

    scores: Array
    q: Array
    k: Array
    v: Array
    bias: Array


def attend(q: Array, k: Array, v: Array, bias: Array, scale: float, *, safe: bool) -> Attended:
    """softmax(q kᵀ · scale + bias) v. safe: a query that may look at no key gets zeros, and not NaN."""
    with np.errstate(all="ignore"):
        scores = np.asarray((q * scale) @ np.swapaxes(k, -1, -2) + bias)
        top = scores.max(axis=-1, keepdims=True, initial=-np.inf)
        raised = np.exp(scores - top)
        weights = raised / raised.sum(axis=-1, keepdims=True)
    if safe:
        weights = np.where(np.isneginf(scores).all(axis=-1, keepdims=True), 0.0, weights)
    return Attended(q, k, v, bias, scale, scores, weights, weights @ v)


def send_back(seen: Attended, arrived: Array, arrived_weights: Array | None = None) -> Sent:
    """What an attention sends back. arrived: dC/d(result); arrived_weights: dC/d(weights), if they were used too.

    Through softmax: dC/ds = a (dC/da - Σ a dC/da). The sum is taken as Σ result dC/d(result), as torch's kernels do
    (FlashAttention, Dao et al. 2022, appendix B.4): where a query sees one key only, all that is left is its rounding.
    """
    to_weights = arrived @ np.swapaxes(seen.v, -1, -2)
    mean = (arrived * seen.result).sum(axis=-1, keepdims=True)
    if arrived_weights is not None:
        to_weights = to_weights + arrived_weights
        mean = mean + (seen.weights * arrived_weights).sum(axis=-1, keepdims=True)
    to_scores = seen.weights * (to_weights - mean)
    return Sent(
        to_scores,
        summed_to(seen.scale * (to_scores @ seen.k), seen.q.shape),
        summed_to(seen.scale * (np.swapaxes(to_scores, -1, -2) @ seen.q), seen.k.shape),
        summed_to(np.swapaxes(seen.weights, -1, -2) @ arrived, seen.v.shape),
        summed_to(to_scores, seen.bias.shape),
    )


def hidden_from(mask: Array, *, is_hidden: bool) -> Array:
    """A mask as numbers to add to scores: -inf where a key is hidden. A mask of numbers is one already.

    is_hidden: what True in a mask of truth values means.
    """
    if mask.dtype != np.bool_:
        return mask
    return np.where(mask == is_hidden, -np.inf, 0.0)


def causal(queries: int, keys: int) -> Array:
    """A mask by which no query sees a later key; (queries, keys)."""
    return np.where(np.tri(queries, keys, dtype=bool), 0.0, -np.inf)
