"""Pooling by means and powers in numpy is torch's, and each element's equation comes to the recorded number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine.analysis.notation.printing import to_text
from engine.analysis.table.call import UnfitError, bind
from engine.trace.reader import Trace
from tests.helpers.against_torch import a_row, agree
from tests.helpers.drawn_tensors import normal
from tests.helpers.equations import english, equations_hold

AVERAGE = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}
ADAPTIVE = {1: F.adaptive_avg_pool1d, 2: F.adaptive_avg_pool2d, 3: F.adaptive_avg_pool3d}
POWER = {1: F.lp_pool1d, 2: F.lp_pool2d, 3: F.lp_pool3d}


@st.composite
def inputs(draw: st.DrawFn) -> tuple[int, Tensor]:
    """How many dimensions are pooled, and an input with or without a batch."""
    n = draw(st.integers(1, 3))
    batch = draw(st.sampled_from([(), (2,)]))
    return n, normal((*batch, draw(st.integers(1, 3)), *(draw(st.integers(3, 6)) for _ in range(n))))


@given(given_=inputs(), data=st.data())
@settings(max_examples=40, deadline=None)
def test_means_of_windows_are_torchs(given_: tuple[int, Tensor], data: st.DataObject) -> None:
    n, x = given_
    kernel = [data.draw(st.integers(1, 3)) for _ in range(n)]
    more: dict[str, Any] = {} if n == 1 else {"divisor_override": data.draw(st.sampled_from([None, 5]))}
    agree(
        AVERAGE[n], x, kernel, data.draw(st.sampled_from([None, 1, 2, 3])), [k // 2 for k in kernel],
        data.draw(st.booleans()), data.draw(st.booleans()), **more,
    )  # fmt: skip


@given(given_=inputs(), data=st.data())
@settings(max_examples=30, deadline=None)
def test_means_of_as_many_windows_as_wanted_are_torchs(given_: tuple[int, Tensor], data: st.DataObject) -> None:
    n, x = given_
    sizes: Any = [data.draw(st.sampled_from([None, 1, 2, 4, 7])) for _ in range(n)]
    agree(ADAPTIVE[n], x, sizes[0] or 3 if n == 1 else sizes)


@given(given_=inputs(), data=st.data())
@settings(max_examples=30, deadline=None)
def test_norms_of_windows_are_torchs(given_: tuple[int, Tensor], data: st.DataObject) -> None:
    n, x = given_
    p = data.draw(st.sampled_from([1.0, 2.0, 3.0, 1.5]))
    x = x.detach().abs().requires_grad_() if p % 2 else x
    stride = data.draw(st.sampled_from([None, 1, 2]))
    agree(POWER[n], x, p, data.draw(st.integers(1, 3)), stride, data.draw(st.booleans()))


def test_a_window_of_zeros_sends_no_gradient_through_its_norm() -> None:
    agree(F.lp_pool1d, torch.tensor([[[0.0, 0.0, 3.0, -4.0]]], dtype=torch.float64, requires_grad=True), 2.0, 2)


def test_what_is_missing_spoils_only_its_window() -> None:
    x = torch.arange(16.0, dtype=torch.float64).reshape(1, 1, 4, 4)
    x[0, 0, 1, 1], x[0, 0, 3, 3] = torch.nan, torch.inf
    agree(F.avg_pool2d, x, 2)
    agree(F.adaptive_avg_pool2d, x, 3)


@pytest.mark.parametrize(
    ("name", "plain", "dtype", "why"),
    [
        ("avg_pool1d", {"1": 2}, np.int64, "not real"),
        ("lp_pool1d", {"1": "inf", "2": 2}, np.float64, "norm_type"),
        ("avg_pool2d", {"1": [2, 2, 2]}, np.float64, "kernel_size"),
    ],
)
def test_what_is_not_known_is_said(name: str, plain: dict[str, Any], dtype: type, why: str) -> None:
    row, form = a_row(name)
    with pytest.raises(UnfitError, match=why):
        row.forward(bind(form, "", {"0": np.ones((1, 1, 4), dtype)}, plain))


SOURCE = """
    import torch, torch.nn.functional as F
    torch.set_default_dtype(torch.float64)
    x = torch.randn(2, 3, 5, 6, requires_grad=True)
    a = F.avg_pool2d(x, 3, stride=2, padding=1, ceil_mode=True)
    b = F.avg_pool2d(x, (2, 3), stride=1, padding=1, count_include_pad=False)
    c = F.adaptive_avg_pool2d(x, (3, 4))
    d = F.lp_pool2d(x, 2.0, 2, ceil_mode=True)
    line = F.avg_pool1d(x[0], 2) .square().sum() + F.adaptive_avg_pool1d(x[0], 4).square().sum()
    cube = F.avg_pool3d(x, 2).square().sum() + F.adaptive_avg_pool3d(x, 2).square().sum()
    (sum(y.square().sum() for y in (a, b, c, d)) + line + cube).backward()
"""


def test_each_element_comes_to_the_recorded_number(recorded: Callable[..., Trace]) -> None:
    names = [f"{name}_pool{n}d" for name in ("avg", "adaptive_avg") for n in (1, 2, 3)]
    found = equations_hold(recorded(source=SOURCE), *names, "lp_pool2d")
    assert found.results.total() + found.gradients.total() > 400


def test_a_mean_is_a_sum_over_a_number(recorded: Callable[..., Trace]) -> None:
    source = """
        import torch
        x = torch.arange(8.0).reshape(1, 2, 4)
        y = torch.nn.functional.avg_pool2d(x, 2)
    """
    page = equations_hold(recorded(source=source), "avg_pool2d").pages[0]
    assert to_text(page.lines[-1].expression).endswith("= (0 + 1 + 4 + 5)/4 = 2.5")
    assert english(page.notes) == ("The window: rows 0 to 1, columns 0 to 1.",)
