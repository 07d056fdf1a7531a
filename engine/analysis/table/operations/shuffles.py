"""Rows of ops that trade channels for places: pixel shuffle and its inverse, channel shuffle.

Formulas: PyTorch's documentation of PixelShuffle, PixelUnshuffle and ChannelShuffle.
"""

from __future__ import annotations

import numpy as np

from ..call import Array, Call
from ..kinds.moving import Reordering
from ..operation import operation
from ..words import Words

_BACK = (
    "The gradient goes back to the place that each number came from.",
    "梯度传回每个数原来的位置。",
)


@operation("pixel_shuffle(input, upscale_factor)")
class PixelShuffle(Reordering):
    """(..., C·r², H, W) -> (..., C, H·r, W·r)."""

    modules = ("PixelShuffle",)
    nodes = ("PixelShuffleBackward",)
    words = Words(
        (
            "pixel_shuffle makes a picture larger: r·r channels become a block of r by r pixels.",
            "pixel_shuffle 放大图像：把 r·r 个通道排成 r×r 的像素块。",
        ),
        _BACK,
    )

    def reorder(self, call: Call, x: Array) -> Array:
        r = int(call.number("upscale_factor"))
        *front, channels, rows, columns = x.shape
        blocks = x.reshape(*front, channels // r**2, r, r, rows, columns)
        turned = np.moveaxis(blocks, (-4, -3), (-3, -1))
        return turned.reshape(*front, channels // r**2, rows * r, columns * r)


@operation("pixel_unshuffle(input, downscale_factor)")
class PixelUnshuffle(Reordering):
    """(..., C, H·r, W·r) -> (..., C·r², H, W)."""

    modules = ("PixelUnshuffle",)
    nodes = ("PixelUnshuffleBackward",)
    words = Words(
        (
            "pixel_unshuffle makes a picture smaller: each block of r by r pixels becomes r·r channels.",
            "pixel_unshuffle 缩小图像：把每个 r×r 的像素块变成 r·r 个通道。",
        ),
        _BACK,
    )

    def reorder(self, call: Call, x: Array) -> Array:
        r = int(call.number("downscale_factor"))
        *front, channels, rows, columns = x.shape
        blocks = x.reshape(*front, channels, rows // r, r, columns // r, r)
        turned = np.moveaxis(blocks, (-3, -1), (-4, -3))
        return turned.reshape(*front, channels * r**2, rows // r, columns // r)


@operation("channel_shuffle(input, groups)", "native_channel_shuffle(input, groups)")
class ChannelShuffle(Reordering):
    """(N, g·c, ...): channel k of group j becomes channel j of group k."""

    modules = ("ChannelShuffle",)
    nodes = ("ChannelShuffleBackward", "NativeChannelShuffleBackward")
    words = Words(
        (
            "channel_shuffle deals the channels of each group out to all groups, so that groups can exchange what "
            "they found.",
            "channel_shuffle 把每组的通道分发到各组，使各组之间能交换信息。",
        ),
        _BACK,
    )

    def reorder(self, call: Call, x: Array) -> Array:
        groups = int(call.number("groups"))
        split = x.reshape(len(x), groups, x.shape[1] // groups, *x.shape[2:])
        return split.swapaxes(1, 2).reshape(x.shape)
