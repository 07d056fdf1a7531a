"""Indices that hypothesis draws, as they may stand in [ ]: numbers, slices, None, ..., lists, masks and tensors."""

from __future__ import annotations

from typing import Any

import torch
from hypothesis import strategies as st


@st.composite
def indices(draw: st.DrawFn, shape: tuple[int, ...]) -> Any:
    """An index on a tensor of this shape, which has no dimension of length 0; tensors of it broadcast together."""
    length = draw(st.sampled_from([1, 2, 3]))
    parts: list[Any] = []
    dims = list(shape)
    front = draw(st.integers(0, len(dims)))
    for place, size in enumerate(dims[:front]):
        if draw(st.integers(0, 5)) == 0:
            parts.append(draw(st.sampled_from([None, True])))
        parts.append(draw(_part(size, length)))
        if place == front - 1 and draw(st.booleans()):
            parts.append(draw(st.sampled_from([Ellipsis, None])))
    return parts[0] if len(parts) == 1 else tuple(parts)


@st.composite
def _part(draw: st.DrawFn, size: int, length: int) -> Any:
    """What may stand for one dimension."""
    places = st.integers(-size, size - 1)
    many = draw(st.lists(places, min_size=length, max_size=length))
    edge = st.one_of(st.none(), st.integers(-size - 1, size + 1))
    mask = [False] * size
    mask[draw(st.integers(0, size - 1))] = True
    return draw(
        st.one_of(
            places,
            st.builds(slice, edge, edge, st.sampled_from([None, 1, 2])),
            st.just(many),
            st.just(torch.tensor(many)),
            st.just(torch.tensor(many).reshape(-1, 1)),
            st.just(torch.tensor(many[0])),
            st.just(torch.tensor(mask)),
            st.just(mask),
        )
    )
