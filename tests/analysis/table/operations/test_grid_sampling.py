"""Sampling at points of a grid in numpy is torch's, and each element's equation comes to the recorded number."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.notation.printing import to_text
from engine.analysis.table.call import UnfitError, bind
from engine.trace.reader import Trace
from tests.helpers.against_torch import a_row, agree
from tests.helpers.drawn_tensors import normal
from tests.helpers.equations import english, equations_hold


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_sampling_is_torchs(data: st.DataObject) -> None:
    n = data.draw(st.integers(2, 3))
    mode = data.draw(st.sampled_from(["bilinear", "nearest", "bicubic"][: 5 - n]))
    batch = data.draw(st.integers(1, 2))
    x = normal((batch, 2, *(data.draw(st.integers(2 if mode == "bicubic" else 1, 5)) for _ in range(n))))
    # Points lie outside too, where padding counts.
    grid = normal((batch, *(data.draw(st.integers(1, 3)) for _ in range(n)), n), seed=data.draw(st.integers(1, 9)))
    if mode == "bicubic":
        # Far outside, its neighbours are all the same, and a gradient of exactly 0 is rounding in torch.
        grid = grid.tanh().detach().requires_grad_()
    padding = data.draw(st.sampled_from(["zeros", "border", "reflection"]))
    agree(F.grid_sample, x, grid, mode=mode, padding_mode=padding, align_corners=data.draw(st.booleans()))


def test_points_on_places_and_edges_are_torchs() -> None:
    even = torch.linspace(-1, 1, 5, dtype=torch.float64)
    grid = torch.stack(torch.meshgrid(even, even, indexing="ij"), dim=-1)[None].requires_grad_()
    for padding in ("zeros", "border", "reflection"):
        for corners in (False, True):
            agree(F.grid_sample, normal((1, 2, 5, 5)), grid, padding_mode=padding, align_corners=corners)


def test_the_lower_function_names_its_modes_by_number() -> None:
    agree(torch.grid_sampler, normal((1, 1, 3, 3)), normal((1, 2, 2, 2), seed=1), 0, 1, True)
    agree(torch.grid_sampler_2d, normal((1, 1, 3, 3)), normal((1, 2, 2, 2), seed=1), 1, 2, False)


def test_a_point_that_is_nowhere_is_not_checked() -> None:
    row, form = a_row("grid_sample")
    call = bind(form, "", {"0": np.ones((1, 1, 2, 2)), "1": np.full((1, 1, 1, 2), np.nan)}, {})
    with pytest.raises(UnfitError, match="not finite"):
        row.forward(call)


@given(sizes=st.lists(st.integers(2, 4), min_size=2, max_size=3), batch=st.integers(1, 2), corners=st.booleans())
@settings(max_examples=20, deadline=None)
def test_affine_grids_are_torchs(sizes: list[int], batch: int, corners: bool) -> None:
    theta = normal((batch, len(sizes), len(sizes) + 1))
    agree(F.affine_grid, theta, [batch, 3, *sizes], align_corners=corners)


def test_a_grid_of_one_row_lies_in_the_middle() -> None:
    agree(F.affine_grid, normal((1, 2, 3)), [1, 1, 1, 3], align_corners=False)


SOURCE = """
    import torch, torch.nn.functional as F
    torch.set_default_dtype(torch.float64)
    x = torch.randn(1, 2, 4, 4, requires_grad=True)
    theta = torch.tensor([[[0.9, -0.4, 0.1], [0.3, 1.1, -0.2]]], requires_grad=True)
    grid = F.affine_grid(theta, (1, 2, 3, 3), align_corners=False)
    parts = [F.grid_sample(x, grid, mode=mode, align_corners=False) for mode in ("bilinear", "nearest", "bicubic")]
    parts.append(F.grid_sample(x, grid * 2, padding_mode="border", align_corners=True))
    sum(part.square().sum() for part in parts).backward()
"""


def test_each_element_comes_to_the_recorded_number(recorded: Callable[..., Trace]) -> None:
    found = equations_hold(recorded(source=SOURCE), "grid_sample", "affine_grid")
    assert found.results.total() + found.gradients.total() > 200


def test_a_page_says_where_the_point_lies(recorded: Callable[..., Trace]) -> None:
    source = """
        import torch
        x = torch.tensor([[[[1.0, 5.0], [2.0, 8.0]]]])
        grid = torch.tensor([[[[0.5, -1.0]]]])
        y = torch.nn.functional.grid_sample(x, grid, align_corners=True)
    """
    page = equations_hold(recorded(source=source), "grid_sample").pages[0]
    assert to_text(page.lines[-1].expression).endswith("= 0.25·1 + 0.75·5 = 4")
    assert english(page.notes) == ("The point lies at row 0, column 0.75 of the input.",)
