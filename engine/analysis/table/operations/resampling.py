"""Rows of ops that make pictures larger or smaller: interpolation.

Formulas: PyTorch's documentation of torch.nn.functional.interpolate.
"""

from __future__ import annotations

from typing import Any

from ..call import Call, UnfitError
from ..case import Index
from ..kinds.interpolation import Mode, antialiased, between
from ..kinds.pool_axes import averaging
from ..kinds.weighing import Weighing
from ..kinds.windows import Axis, adaptive
from ..operation import operation
from ..words import Words

_ALONG: dict[str, Mode] = {
    **{"nearest": "nearest", "nearest-exact": "nearest-exact"},
    **{"linear": "linear", "bilinear": "linear", "trilinear": "linear", "bicubic": "cubic"},
}
"""What each mode is along one dimension."""

_FORM = (
    "interpolate(input, size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None, "
    "antialias=False)"
)


@operation(_FORM)
class Interpolate(Weighing):
    """Each result lies between places of the input and is weighed from them, dimension by dimension; x: (N, C, ...)."""

    modules = ("Upsample", "UpsamplingNearest2d", "UpsamplingBilinear2d")
    nodes = (
        *(f"UpsampleNearest{exact}{n}DBackward" for exact in ("", "Exact") for n in (1, 2, 3)),
        *(f"Upsample{name}Backward" for name in ("Linear1D", "Bilinear2D", "Trilinear3D", "Bicubic2D")),
        *("UpsampleBilinear2DAaBackward", "UpsampleBicubic2DAaBackward"),
    )
    words = Words(
        (
            "interpolate makes the input larger or smaller: each result is mixed from the places around it.",
            "interpolate 放大或缩小输入：每个结果由它所处位置周围的数按权重混合而成。",
        ),
        (
            "Each input element gets the gradients of the results made from it, times the weight it had in them.",
            "每个输入元素得到由它参与生成的各结果的梯度，乘以它在其中的权重。",
        ),
    )

    def axes(self, call: Call, shape: Index) -> tuple[Axis, ...]:
        """One axis for each dimension behind the channels."""
        sizes, mode = shape[2:], str(call["mode"])
        wanted, factors = _listed(call["size"], len(sizes)), _listed(call["scale_factor"], len(sizes))
        outputs = [
            int(size * factor) if n is None else int(n) for size, n, factor in zip(sizes, wanted, factors, strict=True)
        ]
        if mode == "area":
            return tuple(averaging(adaptive(size, n)) for size, n in zip(sizes, outputs, strict=True))
        if mode not in _ALONG:
            raise UnfitError(f"the mode {mode} has no formula here", f"这里没有 {mode} 模式的公式")
        if call["recompute_scale_factor"]:
            factors = [None] * len(sizes)
        along = antialiased if call["antialias"] else between
        corners = bool(call["align_corners"])
        parts = zip(sizes, outputs, factors, strict=True)
        return tuple(along(_ALONG[mode], size, n, factor, corners=corners) for size, n, factor in parts)


def _listed(setting: Any, count: int) -> list[Any]:
    """A setting for each dimension, given as one number (or None) or as several."""
    listed = list(setting) if isinstance(setting, list | tuple) else [setting] * count
    if len(listed) != count:
        raise UnfitError(
            "its size or scale has another number of dimensions than its input", "它的 size 或 scale 与输入的维数不同"
        )
    return listed
