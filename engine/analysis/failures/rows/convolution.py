"""Convolutions and pooling: channels, dimensions, pictures smaller than the kernel."""

from __future__ import annotations

from ..facts import Facts, shape_text
from ..row import Row
from ..told import Told, told

_DIMENSIONS = {"1": "(N, C, L)", "2": "(N, C, H, W)", "3": "(N, C, D, H, W)"}


def _channels(facts: Facts) -> Told | None:
    x, weight = facts.operand("0", "input"), facts.operand("1", "weight")
    wanted, got = int(facts.found[1]), int(facts.found[2])
    layer = facts.layer or facts.op
    if x is None or weight is None:
        return None
    name = x.code("x")
    meaning = (
        f"{layer} wants {wanted} channels (dimension 1 of {x.en}), but {x.en} has {got}: its shape is "
        f"{shape_text(x.shape)}, read as (N, C, ...).",
        f"{layer} 需要 {wanted} 个通道（{x.zh} 的第 1 维），但 {x.zh} 有 {got} 个：它的形状 {shape_text(x.shape)} "
        f"按 (N, C, ...) 理解。",
    )
    if len(x.shape) == 4 and x.shape[3] == wanted:
        fix = (
            "The channels stand last, as in NumPy pictures; torch wants them second.",
            "通道在最后一维（像 NumPy 图片），torch 要求放在第 1 维。",
        )
        return told(meaning, fix, f"{name} = {name}.permute(0, 3, 1, 2)")
    if len(x.shape) in (2, 3) or (wanted == 1 and got == x.shape[0]):
        fix = ("Put in the missing dimension of channels.", "补上缺少的通道维。")
        return told(meaning, fix, f"{name} = {name}.unsqueeze(1)")
    rest = weight.shape[2:]
    size = rest[0] if len(set(rest)) == 1 else tuple(rest)
    kind = facts.op.replace("conv", "Conv") if facts.op.startswith("conv") else "Conv2d"
    return told(
        meaning,
        (f"Make the layer for {got} channels.", f"让这一层接受 {got} 个通道。"),
        f"{facts.layer_assignment}nn.{kind}({got}, {weight.shape[0]}, {size})",
    )


def _dimensions(facts: Facts) -> Told | None:
    x = facts.operand("0", "input")
    if x is None:
        return None
    name = x.code("x")
    number = next((letter for letter in facts.op if letter.isdigit()), "2")
    layer = facts.layer or facts.op
    wanted = _DIMENSIONS.get(number, _DIMENSIONS["2"])
    missing = int(number) + 2 - len(x.shape)
    return told(
        (
            f"{layer} wants a batch of shape {wanted}, but {x.en} has {len(x.shape)} dimensions: "
            f"{shape_text(x.shape)}.",
            f"{layer} 需要形状为 {wanted} 的一批数据，但 {x.zh} 是 {len(x.shape)} 维的：{shape_text(x.shape)}。",
        ),
        (
            "Put in the missing dimensions: the batch first, then the channels.",
            "补上缺少的维度：先是批次维，然后是通道维。",
        )
        if missing > 0
        else ("Take away the dimensions that are too many.", "去掉多余的维度。"),
        f"{name} = {name}{'.unsqueeze(0)' * missing}" if missing > 0 else f"print({name}.shape)",
    )


def _too_small(facts: Facts) -> Told | None:
    x = facts.operand("0", "input")
    layer = facts.layer or facts.op or "this layer"
    shape = "" if x is None else f" ({shape_text(x.shape)})"
    return told(
        (
            f"The picture that comes to {layer}{shape} is smaller than its kernel, so there is nothing left to "
            "compute. "
            "Each convolution and pooling before made it smaller.",
            f"到达 {layer} 的图{shape}比卷积核还小，没有可以计算的输出。前面的每次卷积和池化都让它变小。",
        ),
        (
            "Use larger pictures, padding, or fewer pooling layers.",
            "使用更大的图片、加 padding，或减少池化层。",
        ),
        "nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1)",
    )


ROWS = (
    Row("channels", r"to have (\d+) channels, but got (\d+) channels instead", _channels),
    Row("picture_dimensions", r"Expected \dD.*(?:input to conv|but got input of size|input, but got)", _dimensions),
    Row(
        "kernel_too_large",
        r"Kernel size can't be greater|Output size is too small|output size is too small",
        _too_small,
    ),
)
