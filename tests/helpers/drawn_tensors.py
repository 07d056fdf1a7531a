"""Tensors that hypothesis draws: shapes that broadcast, numbers at and between the places where formulas bend."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from torch import Tensor

SPECIAL = (0.0, -0.0, 1.0, -1.0, 0.5, 2.0, math.inf, -math.inf, math.nan)


@st.composite
def broadcastable(draw: st.DrawFn, count: int, low: float = -3.0, high: float = 3.0) -> tuple[Tensor, ...]:
    """Float64 tensors that require grad, of shapes that broadcast together (dimensions of 0 included)."""
    shapes = draw(hnp.mutually_broadcastable_shapes(num_shapes=count, min_side=0, max_side=4, max_dims=3)).input_shapes
    return tuple(filled(draw(st.integers(0, 999)), shape, low, high) for shape in shapes)


@st.composite
def tensor(draw: st.DrawFn, low: float = -3.0, high: float = 3.0, min_dims: int = 0, min_side: int = 0) -> Tensor:
    """One float64 tensor that requires grad."""
    shape = draw(hnp.array_shapes(min_dims=min_dims, max_dims=3, min_side=min_side, max_side=4))
    return filled(draw(st.integers(0, 999)), shape, low, high)


def filled(seed: int, shape: Sequence[int], low: float = -3.0, high: float = 3.0) -> Tensor:
    """Uniform numbers of a seed."""
    generator = torch.Generator().manual_seed(seed)
    drawn = torch.rand(tuple(shape), dtype=torch.float64, generator=generator) * (high - low) + low
    return drawn.requires_grad_()


def normal(shape: Sequence[int], seed: int = 0, spread: float = 1.0, mean: float = 0.0) -> Tensor:
    """Normal numbers of a seed."""
    generator = torch.Generator().manual_seed(seed)
    drawn = torch.randn(tuple(shape), dtype=torch.float64, generator=generator) * spread + mean
    return drawn.requires_grad_()


def fresh(*shape: int) -> Tensor:
    """Normal numbers, others at each call."""
    return torch.randn(shape, dtype=torch.float64).requires_grad_()


def special(*more: float) -> Tensor:
    """Zeros of both signs, ones, infinities and NaN, as one tensor that requires grad."""
    return torch.tensor((*SPECIAL, *more), dtype=torch.float64, requires_grad=True)


def pairs(*more: float) -> tuple[Tensor, Tensor]:
    """All pairs of special numbers, as two tensors of equal shape that require grad."""
    one = special(*more).detach()
    first, second = torch.meshgrid(one, one, indexing="ij")
    return first.clone().requires_grad_(), second.clone().requires_grad_()


def whole(seed: int, shape: Sequence[int], low: int = -4, high: int = 5) -> Tensor:
    """Integers of a seed, from low to high - 1; with ties."""
    return torch.randint(low, high, tuple(shape), generator=torch.Generator().manual_seed(seed))
