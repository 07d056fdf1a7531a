"""Transposed convolutions in numpy are torch's, and each element's equation comes to the recorded number."""

from __future__ import annotations

from collections.abc import Callable

import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.explain.explainer import explain
from engine.analysis.notation.printing import to_text
from engine.trace.reader import Trace
from tests.helpers.against_torch import agree
from tests.helpers.drawn_tensors import normal
from tests.helpers.equations import english, equations_hold

TRANSPOSED = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_transposed_convolutions_are_torchs(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 3))
    kernel = [data.draw(st.integers(1, 3)) for _ in range(n)]
    sizes = [data.draw(st.integers(2, 4)) for _ in range(n)]
    stride = [data.draw(st.integers(1, 3)) for _ in range(n)]
    dilation = [data.draw(st.integers(1, 3)) for _ in range(n)]
    extra = [data.draw(st.integers(0, max(s, d) - 1)) for s, d in zip(stride, dilation, strict=True)]
    room = [
        (size - 1) * s + d * (k - 1) + e
        for size, s, d, k, e in zip(sizes, stride, dilation, kernel, extra, strict=True)
    ]
    padding = [data.draw(st.integers(0, min(2, most // 2))) for most in room]
    groups, per_group, maps = (data.draw(st.integers(1, 3)) for _ in range(3))
    batch = data.draw(st.sampled_from([(), (1,), (3,)]))
    x = normal((*batch, groups * per_group, *sizes))
    w = normal((groups * per_group, maps, *kernel), seed=1)
    b = data.draw(st.sampled_from([None, normal((groups * maps,), seed=2)]))
    agree(TRANSPOSED[n], x, w, b, stride, padding, extra, groups, dilation)


SOURCE = """
    import torch, torch.nn.functional as F
    torch.set_default_dtype(torch.float64)
    x = torch.randn(2, 4, 3, 4, requires_grad=True)
    w = torch.randn(4, 3, 3, 2, requires_grad=True)
    b = torch.randn(6, requires_grad=True)
    a = F.conv_transpose2d(x, w, b, stride=2, padding=1, output_padding=(1, 0), groups=2, dilation=(1, 2))
    line = F.conv_transpose1d(x.flatten(2)[0], torch.randn(4, 2, 3, requires_grad=True))
    cube = F.conv_transpose3d(x.reshape(1, 2, 4, 3, 4), torch.randn(2, 1, 2, 2, 2, requires_grad=True))
    (a.square().sum() + line.square().sum() + cube.square().sum()).backward()
"""


def test_each_element_comes_to_the_recorded_number(recorded: Callable[..., Trace]) -> None:
    names = [f"conv_transpose{n}d" for n in (1, 2, 3)]
    found = equations_hold(recorded(source=SOURCE), *names)
    assert found.results.total() + found.gradients.total() > 200


def test_a_page_shows_the_inputs_that_overlap(recorded: Callable[..., Trace]) -> None:
    source = """
        import torch
        x = torch.tensor([[[2.0, 3.0]]])
        w = torch.tensor([[[1.0, -1.0, 0.5]]], requires_grad=True)
        z = torch.nn.functional.conv_transpose1d(x, w, stride=2)
    """
    trace = recorded(source=source)
    op = next(event for event in trace.events() if event.name == "conv_transpose1d")
    page = explain(trace, op.position, (0, 0, 2))
    assert to_text(page.lines[-1].expression).endswith("= 2·0.5 + 3·1 = 4")
    assert english(page.notes) == ("2 windows cover this element.",)
