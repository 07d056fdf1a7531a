"""Interpolation, shuffles and fold in numpy are torch's, and each element's equation comes to the recorded number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.analysis.notation.printing import to_text
from engine.analysis.table.call import UnfitError, bind
from engine.trace.reader import Trace
from tests.helpers.against_torch import a_row, agree
from tests.helpers.drawn_tensors import normal
from tests.helpers.equations import english, equations_hold

MODES = {
    1: ["nearest", "nearest-exact", "linear", "area"],
    2: ["nearest", "nearest-exact", "bilinear", "bicubic", "area"],
    3: ["nearest", "nearest-exact", "trilinear", "area"],
}


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_interpolation_is_torchs(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 3))
    mode = data.draw(st.sampled_from(MODES[n]))
    x = normal((data.draw(st.integers(1, 2)), 2, *(data.draw(st.integers(1, 7)) for _ in range(n))))
    more: dict[str, Any] = {"align_corners": data.draw(st.booleans())} if mode.endswith(("linear", "cubic")) else {}
    if data.draw(st.booleans()):
        more["size"] = [data.draw(st.integers(1, 9)) for _ in range(n)]
    else:
        more["scale_factor"] = data.draw(st.sampled_from([0.5, 1.5, 2, 2.5, 3.0]))
        assume(min(x.shape[2:]) >= 2)
        more["recompute_scale_factor"] = data.draw(st.sampled_from([None, True]))
    if mode in ("bilinear", "bicubic"):
        # torch 2.13 copies the first row into all rows where an antialiased result is one column wide.
        more["antialias"] = data.draw(st.booleans()) and F.interpolate(x, mode=mode, **more).shape[-1] > 1
    agree(F.interpolate, x, mode=mode, **more)


def test_a_scale_that_changes_nothing_is_right_or_unfit() -> None:
    x = normal((1, 1, 4, 4))
    agree(F.interpolate, x, scale_factor=1.1, mode="bilinear")
    for mode, antialias in (("bicubic", False), ("bicubic", True), ("bilinear", True)):
        with pytest.raises(UnfitError, match="leaves the length"):
            agree(F.interpolate, x, scale_factor=1.1, mode=mode, antialias=antialias)


def test_what_rounding_decides_is_not_checked() -> None:
    # With 26 places made 22, float32 and float64 find different nearest places; torch uses the one or the other.
    with pytest.raises(UnfitError, match="rounding"):
        agree(F.interpolate, normal((1, 1, 26)), size=22)


@pytest.mark.parametrize(("plain", "why"), [({"mode": "lanczos", "size": 2}, "lanczos"), ({"size": [1, 2]}, "dimens")])
def test_what_is_not_known_is_said(plain: dict[str, Any], why: str) -> None:
    row, form = a_row("interpolate")
    with pytest.raises(UnfitError, match=why):
        row.forward(bind(form, "", {"0": np.ones((1, 1, 4))}, plain))


@given(r=st.integers(1, 3), channels=st.integers(1, 3), batch=st.sampled_from([(), (2,), (2, 1)]), data=st.data())
@settings(max_examples=20, deadline=None)
def test_shuffles_are_torchs(r: int, channels: int, batch: tuple[int, ...], data: st.DataObject) -> None:
    rows, columns = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    agree(F.pixel_shuffle, normal((*batch, channels * r * r, rows, columns)), r)
    agree(F.pixel_unshuffle, normal((*batch, channels, rows * r, columns * r)), r)
    agree(torch.channel_shuffle, normal((2, channels * r, rows, columns)), r)


@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_fold_is_torchs(data: st.DataObject) -> None:
    size = [data.draw(st.integers(4, 6)) for _ in range(2)]
    plain: dict[str, Any] = {
        "kernel_size": [data.draw(st.integers(1, 3)) for _ in range(2)],
        "dilation": data.draw(st.integers(1, 2)),
        "padding": data.draw(st.integers(0, 1)),
        "stride": data.draw(st.integers(1, 3)),
    }
    assume(all(d > plain["dilation"] * (k - 1) for d, k in zip(size, plain["kernel_size"], strict=True)))
    with torch.no_grad():
        x = F.unfold(normal((*data.draw(st.sampled_from([(2,), ()])), 2, *size)), **plain)
    agree(F.fold, x.clone().requires_grad_(), size, **plain)


SOURCE = """
    import torch, torch.nn.functional as F
    torch.set_default_dtype(torch.float64)
    x = torch.randn(1, 4, 4, 4, requires_grad=True)
    parts = [F.interpolate(x, scale_factor=2, mode=mode) for mode in ("nearest", "bilinear", "bicubic", "area")]
    parts.append(F.interpolate(x, size=3, mode="bilinear", antialias=True))
    parts.append(F.pixel_shuffle(x, 2))
    parts.append(F.pixel_unshuffle(x, 2))
    parts.append(torch.channel_shuffle(x, 2))
    parts.append(F.fold(x.reshape(1, 4, 16), (8, 8), 2, stride=2))
    parts.append(F.fold(x.reshape(1, 4, 16), (3, 3), 2, padding=1))
    sum(part.square().sum() for part in parts).backward()
"""


def test_each_element_comes_to_the_recorded_number(recorded: Callable[..., Trace]) -> None:
    names = ("interpolate", "pixel_shuffle", "pixel_unshuffle", "channel_shuffle", "fold")
    found = equations_hold(recorded(source=SOURCE), *names)
    assert found.results.total() + found.gradients.total() > 500


def test_a_result_between_two_places_shows_their_weights(recorded: Callable[..., Trace]) -> None:
    source = """
        import torch
        x = torch.tensor([[[1.0, 5.0]]])
        y = torch.nn.functional.interpolate(x, scale_factor=2, mode="linear")
    """
    pages = equations_hold(recorded(source=source), "interpolate").pages
    assert to_text(pages[2].lines[-1].expression).endswith("= 0.75·1 + 0.25·5 = 2")
    assert english(pages[2].notes) == ("The window: places 0 to 1.",)
