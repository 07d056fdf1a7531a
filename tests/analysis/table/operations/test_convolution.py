"""Convolutions in numpy are torch's, and each element's equation comes to the recorded number."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.explain.explainer import explain
from engine.analysis.notation.printing import to_text
from engine.analysis.table.call import UnfitError, bind
from engine.trace.reader import Trace
from tests.helpers.against_torch import a_row, agree
from tests.helpers.drawn_tensors import normal
from tests.helpers.equations import english, equations_hold

CONVOLUTIONS = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_convolutions_are_torchs(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 3))
    kernel = [data.draw(st.integers(1, 3)) for _ in range(n)]
    dilation = [data.draw(st.integers(1, 2)) for _ in range(n)]
    sizes = [d * (k - 1) + data.draw(st.integers(1, 5)) for k, d in zip(kernel, dilation, strict=True)]
    groups, per_group, maps = (data.draw(st.integers(1, 3)) for _ in range(3))
    batch = data.draw(st.sampled_from([(), (1,), (3,)]))
    padding = data.draw(st.sampled_from(["same", "valid", 0, 1, [*range(n)]]))
    stride = 1 if padding == "same" else data.draw(st.integers(1, 3))
    x = normal((*batch, groups * per_group, *sizes))
    w = normal((groups * maps, per_group, *kernel), seed=1)
    b = data.draw(st.sampled_from([None, normal((groups * maps,), seed=2)]))
    agree(CONVOLUTIONS[n], x, w, b, stride, padding, dilation, groups)


def test_what_a_kernel_steps_over_gets_no_gradient() -> None:
    agree(F.conv2d, normal((1, 1, 6, 6)), normal((1, 1, 2, 2), seed=1), stride=3)
    agree(F.conv1d, normal((0, 2, 5)), normal((3, 2, 2), seed=1))


def test_infinite_weights_meet_no_padding() -> None:
    w = torch.tensor([[[1.0, torch.inf, 2.0]]], dtype=torch.float64)
    agree(F.conv1d, normal((1, 1, 4)).detach(), w, padding=0)


def test_complex_numbers_are_not_checked() -> None:
    row, form = a_row("conv1d")
    x, w = np.ones((1, 1, 3), np.complex128), np.ones((1, 1, 2), np.complex128)
    with pytest.raises(UnfitError, match="complex"):
        row.forward(bind(form, "", {"0": x, "1": w}, {}))


SOURCE = """
    import torch, torch.nn.functional as F
    torch.set_default_dtype(torch.float64)
    x = torch.randn(2, 4, 5, 6, requires_grad=True)
    w = torch.randn(6, 2, 3, 2, requires_grad=True)
    b = torch.randn(6, requires_grad=True)
    a = F.conv2d(x, w, b, stride=2, padding=1, dilation=(1, 2), groups=2)
    line = F.conv1d(x.flatten(2)[0], torch.randn(2, 4, 3, requires_grad=True), padding="same")
    cube = F.conv3d(x.reshape(1, 2, 4, 5, 6), torch.randn(1, 2, 2, 2, 2, requires_grad=True))
    (a.square().sum() + line.square().sum() + cube.square().sum()).backward()
"""


def test_each_element_comes_to_the_recorded_number(recorded: Callable[..., Trace]) -> None:
    found = equations_hold(recorded(source=SOURCE), "conv1d", "conv2d", "conv3d")
    assert found.results.total() + found.gradients.total() > 200


def test_a_page_shows_kernel_and_window(recorded: Callable[..., Trace]) -> None:
    source = """
        import torch
        x = torch.arange(12.0).reshape(1, 1, 3, 4)
        w = torch.tensor([[[[1.0, -1.0], [2.0, 0.5]]]], requires_grad=True)
        z = torch.nn.functional.conv2d(x, w, padding=1)
        z.sum().backward()
    """
    trace = recorded(source=source)
    op = next(event for event in trace.events() if event.name == "conv2d")
    inside = explain(trace, op.position, (0, 0, 1, 2))
    assert to_text(inside.lines[0].expression) == "Σ [1 -1; 2 0.5] ⊙ [1 2; 5 6]"
    assert to_text(inside.lines[-1].expression).endswith("= 1·1 + (-1·2) + 2·5 + 0.5·6 = 12")
    assert english(inside.notes) == (
        "4 products: the kernel times the window under it at rows 0 to 1, columns 1 to 2 of the input.",
    )
    corner = explain(trace, op.position, (0, 0, 0, 0))
    assert to_text(corner.lines[-1].expression).endswith("= 0.5·0 = 0")
