"""Max pooling in numpy is torch's, and each element's equation comes to the recorded number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine.analysis.notation.printing import to_text
from engine.trace.reader import Trace
from tests.helpers.against_torch import agree
from tests.helpers.equations import english, equations_hold

POOL = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}
ADAPTIVE = {1: F.adaptive_max_pool1d, 2: F.adaptive_max_pool2d, 3: F.adaptive_max_pool3d}
BACK: dict[int, Callable[..., Tensor]] = {1: F.max_unpool1d, 2: F.max_unpool2d, 3: F.max_unpool3d}


@st.composite
def inputs(draw: st.DrawFn) -> tuple[int, Tensor]:
    """How many dimensions are pooled, and an input with few different numbers, so that several are the largest."""
    n = draw(st.integers(1, 3))
    shape = (*draw(st.sampled_from([(), (2,)])), draw(st.integers(1, 3)), *(draw(st.integers(3, 6)) for _ in range(n)))
    generator = torch.Generator().manual_seed(draw(st.integers(0, 9)))
    return n, torch.randint(-3, 4, shape, generator=generator).double().requires_grad_()


@given(given_=inputs(), data=st.data())
@settings(max_examples=40, deadline=None)
def test_the_largest_of_windows_are_torchs(given_: tuple[int, Tensor], data: st.DataObject) -> None:
    n, x = given_
    kernel = [data.draw(st.integers(1, 3)) for _ in range(n)]
    dilation = data.draw(st.integers(1, 2)) if max(kernel) < 3 else 1
    agree(
        POOL[n], x, kernel, data.draw(st.sampled_from([None, 1, 2, 3])), [k // 2 for k in kernel], dilation,
        ceil_mode=data.draw(st.booleans()), return_indices=data.draw(st.booleans()),
    )  # fmt: skip


@given(given_=inputs(), data=st.data())
@settings(max_examples=30, deadline=None)
def test_the_largest_of_as_many_windows_as_wanted_are_torchs(given_: tuple[int, Tensor], data: st.DataObject) -> None:
    n, x = given_
    sizes: Any = [data.draw(st.sampled_from([None, 1, 2, 4, 7])) for _ in range(n)]
    agree(ADAPTIVE[n], x, sizes[0] or 3 if n == 1 else sizes, return_indices=data.draw(st.booleans()))


@given(given_=inputs(), data=st.data())
@settings(max_examples=30, deadline=None)
def test_numbers_put_back_are_torchs(given_: tuple[int, Tensor], data: st.DataObject) -> None:
    n, x = given_
    kernel, stride = data.draw(st.sampled_from([(2, None), (3, 3), (2, 3)]))
    with torch.no_grad():
        values, places = POOL[n](x, kernel, stride, return_indices=True)
    size = data.draw(st.sampled_from([None, list(x.shape[-n:])]))
    values = values.clone().requires_grad_()
    try:
        BACK[n](values, places, kernel, stride, 0, size)
    except (RuntimeError, ValueError):
        # torch refuses: the places lie outside of the size that it works out.
        return
    agree(BACK[n], values, places, kernel, stride, 0, size)


def test_numbers_put_at_one_place_all_get_its_gradient() -> None:
    values = torch.tensor([[[1.0, 2.0]]], dtype=torch.float64, requires_grad=True)
    agree(F.max_unpool1d, values, torch.tensor([[[1, 1]]]), 2)


@pytest.mark.parametrize("numbers", [[1.0, 3.0, 3.0, 2.0], [1.0, torch.nan, 5.0, torch.nan], [-torch.inf] * 4])
def test_the_first_of_equals_and_the_last_missing_number_win(numbers: list[float]) -> None:
    x = torch.tensor(numbers, dtype=torch.float64, requires_grad=True)
    agree(F.max_pool1d, x.reshape(1, 1, 4), 4, return_indices=True)
    agree(F.max_pool2d, x.reshape(1, 2, 2), 2, padding=1, stride=1, return_indices=True)
    agree(F.adaptive_max_pool2d, x.reshape(1, 2, 2), 1, return_indices=True)


def test_whole_numbers_and_empty_batches_are_pooled() -> None:
    agree(F.max_pool2d, torch.arange(16).reshape(1, 1, 4, 4), 2, return_indices=True)
    agree(F.max_pool2d, torch.ones(0, 2, 4, 4, dtype=torch.float64, requires_grad=True), 2)


SOURCE = """
    import torch, torch.nn.functional as F
    torch.set_default_dtype(torch.float64)
    x = torch.randn(2, 3, 5, 6, requires_grad=True)
    a = F.max_pool2d(x, 3, stride=1, padding=1)
    b = F.adaptive_max_pool2d(x, (3, 4))
    values, places = F.max_pool2d(x, 2, return_indices=True)
    c = F.max_unpool2d(values * 2, places, 2, output_size=(5, 6))
    line = F.max_pool1d(x[0], 4, 2, 1, 1).square().sum() + F.adaptive_max_pool1d(x[0], 4).square().sum()
    cube = F.max_pool3d(x, 2).square().sum() + F.adaptive_max_pool3d(x, 2).square().sum()
    (sum(y.square().sum() for y in (a, b, c)) + line + cube).backward()
"""


def test_each_element_comes_to_the_recorded_number(recorded: Callable[..., Trace]) -> None:
    names = [f"{name}_pool{n}d" for name in ("max", "adaptive_max") for n in (1, 2, 3)]
    found = equations_hold(recorded(source=SOURCE), *names, "max_pool2d_with_indices", "max_unpool2d")
    assert found.results.total() + found.gradients.total() > 400


def test_a_page_says_which_number_is_the_largest(recorded: Callable[..., Trace]) -> None:
    source = """
        import torch
        x = torch.tensor([[[[1.0, 7.0, 2.0, 0.0], [3.0, 4.0, 9.0, 8.0]]]], requires_grad=True)
        torch.nn.functional.max_pool2d(x, 2).sum().backward()
    """
    pages = equations_hold(recorded(source=source), "max_pool2d").pages
    assert to_text(pages[0].lines[-1].expression).endswith("= max(1, 7, 3, 4) = 7")
    assert english(pages[0].notes) == ("The window: rows 0 to 1, columns 0 to 1; the largest is at (0, 1).",)
    back = {page.element: page.notes[0].english for page in pages if page.caption.english.startswith("Max")}
    assert back[0, 0, 0, 1] == "It was its window's maximum, so the gradient goes to it alone."
    assert back[0, 0, 1, 1] == "It was no window's maximum, so no gradient comes back to it."
