"""Rows of normalizations: batch, instance, group, layer and RMS norm; see NOTE [Gradient of a normalization].

Formulas: PyTorch's documentation of torch.nn.functional.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from ....bilingual import Bilingual
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Index
from ..kinds.normalized_element import NormalizedElement
from ..kinds.normalizing import ALL, Parts, Place, Slab
from ..operation import operation
from ..words import Words

Settings = Mapping[str, Any]

_FOUR = ("weight", "bias", "running_mean", "running_var")


class OfChannels(NormalizedElement):
    """With a weight and a bias for each channel, and perhaps running statistics. x: (N, C, ...)."""

    flag = "training"

    def parts(self, function: str, slots: Iterable[str]) -> Parts:
        """torch.batch_norm has weight and bias in front of the running statistics, F.batch_norm behind them."""
        if function.startswith("torch.nn.functional"):
            return Parts()
        if any(slot in _FOUR for slot in slots):
            raise UnfitError("it was called with arguments by name", "调用它时使用了具名参数")
        return Parts("running_mean", "running_var", "weight", "bias")

    def given(self, settings: Settings) -> bool:
        return not settings[self.flag]


@operation(
    "batch_norm(input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-05, "
    "cudnn_enabled=True)"
)
class BatchNorm(OfChannels):
    """A group is a channel, over the whole batch; in eval mode the running statistics take its place."""

    modules = ("BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "SyncBatchNorm")
    nodes = ("NativeBatchNormBackward", "CudnnBatchNormBackward")
    words = Words(
        (
            "batch_norm brings each channel to mean 0 and variance 1 over the batch (in evaluation by averages that "
            "it has kept), then scales and shifts it.",
            "batch_norm 把每个通道在整个批量上变为均值 0、方差 1（评估时改用训练中保存的移动平均），再进行缩放和平移。",
        ),
        (
            "In training each number moves its channel's mean and variance, so its gradient depends on the batch; what "
            "would only shift or scale the channel is taken out.",
            "训练时每个数都会影响所在通道的均值和方差，因此其梯度取决于整个批量；只会使通道平移或缩放的部分被去掉。",
        ),
    )

    def split(self, settings: Settings, shape: Index) -> tuple[Index, tuple[int, ...]]:
        return shape, (0, *range(2, len(shape)))

    def group(self, settings: Settings, shape: Index, index: Index) -> Place:
        return (ALL, index[1], *(ALL,) * (len(shape) - 2))

    def slab(self, settings: Settings, shape: Index, own: Index) -> Slab:
        read: Place = (ALL, own[0], *(ALL,) * (len(shape) - 2))
        return Slab(read, tuple(range(len(shape) - 1)), (ALL,) * (len(shape) - 1))

    def about(self, settings: Settings, shape: Index, index: Index) -> Bilingual:
        return Bilingual(
            f"channel {index[1]} of the whole batch, {_size(shape) // shape[1]} numbers",
            f"整个批次的第 {index[1]} 个通道，共 {_size(shape) // shape[1]} 个数",
        )


@operation(
    "instance_norm(input, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True, "
    "momentum=0.1, eps=1e-05, cudnn_enabled=True)"
)
class InstanceNorm(OfChannels):
    """A group is a channel of one sample."""

    modules = ("InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d")
    nodes = ("NativeBatchNormBackward",)
    flag = "use_input_stats"
    words = Words(
        (
            "instance_norm brings each channel of each sample to mean 0 and variance 1, then scales and shifts it.",
            "instance_norm 把每个样本的每个通道变为均值 0、方差 1，再进行缩放和平移。",
        ),
        (
            "Each number moves the mean and variance of its own channel in its own sample; what would only shift or "
            "scale that is taken out of the gradient.",
            "每个数只影响自己样本中所在通道的均值和方差；梯度中只会使其平移或缩放的部分被去掉。",
        ),
    )

    def split(self, settings: Settings, shape: Index) -> tuple[Index, tuple[int, ...]]:
        return shape, tuple(range(2, len(shape)))

    def group(self, settings: Settings, shape: Index, index: Index) -> Place:
        return (*index[:2], *(ALL,) * (len(shape) - 2))

    def slab(self, settings: Settings, shape: Index, own: Index) -> Slab:
        read: Place = (ALL, own[0], *(ALL,) * (len(shape) - 2))
        return Slab(read, tuple(range(1, len(shape) - 1)), (ALL,) * (len(shape) - 1))

    def about(self, settings: Settings, shape: Index, index: Index) -> Bilingual:
        return Bilingual(
            f"channel {index[1]} of sample {index[0]}, {_size(shape[2:])} numbers",
            f"第 {index[0]} 个样本的第 {index[1]} 个通道，共 {_size(shape[2:])} 个数",
        )


@operation("group_norm(input, num_groups, weight=None, bias=None, eps=1e-05, cudnn_enabled=True)")
class GroupNorm(NormalizedElement):
    """A group is some neighbouring channels of one sample; x: (N, C, ...)."""

    modules = ("GroupNorm",)
    nodes = ("NativeGroupNormBackward",)
    words = Words(
        (
            "group_norm brings each group of neighbouring channels of a sample to mean 0 and variance 1, then scales "
            "and shifts each channel.",
            "group_norm 把每个样本中相邻通道组成的组变为均值 0、方差 1，再对各通道缩放和平移。",
        ),
        (
            "Each number moves its group's mean and variance; what would only shift or scale the group is taken out of "
            "the gradient.",
            "每个数都会影响所在组的均值和方差；梯度中只会使该组平移或缩放的部分被去掉。",
        ),
    )

    def split(self, settings: Settings, shape: Index) -> tuple[Index, tuple[int, ...]]:
        groups = int(settings["num_groups"])
        return (shape[0], groups, shape[1] // groups * _size(shape[2:])), (2,)

    def group(self, settings: Settings, shape: Index, index: Index) -> Place:
        return (index[0], self._channels(settings, shape, index[1]), *(ALL,) * (len(shape) - 2))

    def slab(self, settings: Settings, shape: Index, own: Index) -> Slab:
        channels = self._channels(settings, shape, own[0])
        rest = (ALL,) * (len(shape) - 2)
        axes = tuple(range(1, len(shape)))
        return Slab((ALL, channels, *rest), axes, (ALL, own[0] - int(channels.start), *rest))

    def about(self, settings: Settings, shape: Index, index: Index) -> Bilingual:
        channels = self._channels(settings, shape, index[1])
        count = shape[1] // int(settings["num_groups"]) * _size(shape[2:])
        return Bilingual(
            f"channels {channels.start} to {channels.stop - 1} of sample {index[0]}, {count} numbers",
            f"第 {index[0]} 个样本的第 {channels.start} 到第 {channels.stop - 1} 个通道，共 {count} 个数",
        )

    def _channels(self, settings: Settings, shape: Index, channel: int) -> slice:
        count = shape[1] // int(settings["num_groups"])
        return slice(channel // count * count, (channel // count + 1) * count)


@operation("layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-05, cudnn_enable=True)")
class LayerNorm(NormalizedElement):
    """A group is the last dimensions, of the shape `normalized_shape`, at one place of the others."""

    modules = ("LayerNorm",)
    nodes = ("NativeLayerNormBackward",)
    words = Words(
        (
            "layer_norm brings each sample's features to mean 0 and variance 1, then scales and shifts each feature.",
            "layer_norm 把每个样本的各特征变为均值 0、方差 1，再对每个特征缩放和平移。",
        ),
        (
            "Each feature moves its sample's mean and variance; what would only shift or scale the sample is taken out "
            "of the gradient.",
            "每个特征都会影响所在样本的均值和方差；梯度中只会使该样本平移或缩放的部分被去掉。",
        ),
    )

    def split(self, settings: Settings, shape: Index) -> tuple[Index, tuple[int, ...]]:
        return shape, tuple(range(len(shape) - _count(settings), len(shape)))

    def group(self, settings: Settings, shape: Index, index: Index) -> Place:
        count = _count(settings)
        return (*index[: len(shape) - count], *(ALL,) * count)

    def affine(self, settings: Settings, shape: Index) -> Index:
        return shape[len(shape) - _count(settings) :]

    def affine_place(self, settings: Settings, index: Index) -> Index:
        return index[len(index) - _count(settings) :]

    def slab(self, settings: Settings, shape: Index, own: Index) -> Slab:
        front = len(shape) - len(own)
        return Slab((ALL,) * len(shape), tuple(range(front, len(shape))), (*(ALL,) * front, *own))

    def about(self, settings: Settings, shape: Index, index: Index) -> Bilingual:
        count = _count(settings)
        size, where = _size(shape[len(shape) - count :]), ", ".join(map(str, index[: len(shape) - count]))
        if not where:
            return Bilingual(f"all {size} numbers", f"全部 {size} 个数")
        last = Bilingual(f"the last {count} dimensions", f"最后 {count} 维")
        if count == 1:
            last = Bilingual("the last dimension", "最后一维")
        return Bilingual(
            f"{last.english} at ({where}), {size} numbers", f"({where}) 处的{last.chinese}，共 {size} 个数"
        )


@operation("rms_norm(input, normalized_shape, weight=None, eps=None)")
class RMSNorm(LayerNorm):
    """Like layer norm without a mean: divided by the root of the mean of squares.

    Without ε it is the spacing of float64 for that, and of float32 for all smaller types; which one is told by the
    recorded result.
    """

    modules = ("RMSNorm",)
    nodes = ("MulBackward",)
    order = ("weight", "input")
    centred = False
    words = Words(
        (
            "rms_norm divides each sample's features by the root of the mean of their squares, then scales each.",
            "rms_norm 把每个样本的各特征除以其均方根，再对每个特征缩放。",
        ),
        (
            "Each feature moves its sample's size; what would only scale the sample is taken out of the gradient.",
            "每个特征都会影响所在样本的大小；梯度中只会使该样本缩放的部分被去掉。",
        ),
    )

    def eps(self, call: Call) -> float:
        if call["eps"] is not None:
            return call.number("eps")
        known = [array for array in call.outputs if array is not None]
        if not known or not known[0].size:
            return _EPS[0]
        return min(_EPS, key=lambda eps: self._away(call, eps, known[0]))

    def _away(self, call: Call, eps: float, recorded: Array) -> float:
        arguments = {**call.arguments, "eps": eps}
        tried = Call(call.name, call.function, arguments, call.keys, call.outputs, call.mutated)
        away = np.abs(self.forward(tried) - recorded)
        return float(np.max(away, initial=0.0, where=np.isfinite(away)))

    def eps_of(self, case: Forward | Backward) -> float:
        if case.settings["eps"] is not None:
            return float(case.settings["eps"])
        return _EPS[case.needed("input").array.dtype == np.float64]


_EPS = (float(np.finfo(np.float32).eps), float(np.finfo(np.float64).eps))


def _count(settings: Settings) -> int:
    """How many dimensions are normalized."""
    found = settings["normalized_shape"]
    return 1 if isinstance(found, int) else len(found)


def _size(shape: Index) -> int:
    return int(np.prod(shape, dtype=np.int64))
