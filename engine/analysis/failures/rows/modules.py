"""nn.Module misused: set up, called or fed in a way that it cannot take."""

from __future__ import annotations

import difflib
import re

from ..facts import Facts, shape_text
from ..row import Row
from ..told import Told, told


def _no_super(facts: Facts) -> Told | None:
    return told(
        (
            f"A module was to be kept in self before nn.Module was set up: `{facts.line}` runs without "
            "super().__init__() before it."
            if facts.line
            else "A module was to be kept in self before nn.Module was set up: super().__init__() is missing.",
            f"在 nn.Module 初始化之前就往 self 里放模块：`{facts.line}` 之前没有 super().__init__()。",
        ),
        ("Make it the first line of your __init__.", "把它作为 __init__ 的第一行。"),
        "def __init__(self):",
        "    super().__init__()",
    )


def _one_sample(facts: Facts) -> Told | None:
    x = facts.operand("0", "input")
    shape, en, zh = ("", "its input", "输入") if x is None else (shape_text(x.shape), x.en, x.zh)
    layer = facts.layer or "batch norm"
    net = facts.call.variable if facts.call is not None and facts.call.variable else "net"
    return told(
        (
            f"In training {layer} takes mean and spread over the batch, and {en} {shape} has one number a "
            "channel: there "
            "is no spread.",
            f"训练时 {layer} 要在批次上求均值和方差，而 {zh} {shape} 每个通道只有一个数，没有方差可言。",
        ),
        (
            "Train with two samples or more (drop the last, small batch), and predict in eval mode.",
            "训练时每批至少两个样本（丢掉最后的小批次），预测时用 eval 模式。",
        ),
        "DataLoader(data, batch_size=32, drop_last=True)",
        f"{net}.eval()",
    )


def _norm_features(facts: Facts) -> Told | None:
    x = facts.operand("0", "input")
    if x is None:
        return None
    got, wanted = facts.found.groups()
    layer = facts.layer or "batch norm"
    return told(
        (
            f"{layer} was made for {wanted} channels (dimension 1), but {x.en} {shape_text(x.shape)} has {got}.",
            f"{layer} 是为 {wanted} 个通道（第 1 维）创建的，但 {x.zh} {shape_text(x.shape)} 有 {got} 个。",
        ),
        (f"Make it for {got}.", f"按 {got} 个通道创建它。"),
        f"{facts.layer_assignment}nn.BatchNorm{'2d' if len(x.shape) == 4 else '1d'}({got})",
    )


def _layer_norm(facts: Facts) -> Told | None:
    x = facts.operand("0", "input")
    if x is None:
        return None
    layer, wanted = facts.layer or "layer norm", facts.found[1]
    return told(
        (
            f"{layer} normalises over the last dimensions, which must be [{wanted}], but {x.en} is "
            f"{shape_text(x.shape)}.",
            f"{layer} 在最后几维上归一化，它们必须是 [{wanted}]，但 {x.zh} 是 {shape_text(x.shape)}。",
        ),
        ("Make it for the last dimension.", "按最后一维的大小创建它。"),
        f"{facts.layer_assignment}nn.LayerNorm({x.shape[-1] if x.shape else 1})",
    )


def _no_attribute(facts: Facts) -> Told | None:
    owner, name = facts.found.groups()
    used = set(re.findall(r"self\.(\w+)\s*=", "\n".join(source.text for source in facts.trace.sources())))
    near = difflib.get_close_matches(name, sorted(used), 1)
    meant = f" Did you mean {near[0]}?" if near else ""
    meant_zh = f"你是不是想写 {near[0]}？" if near else ""
    return told(
        (
            f"{owner} has no {name}: it was never assigned to self in __init__, or is spelt otherwise.{meant}",
            f"{owner} 没有 {name}：__init__ 里没有给 self 赋过这个名字，或拼写不同。{meant_zh}",
        ),
        ("Use the name that __init__ gave it.", "使用 __init__ 中给的名字。"),
        re.sub(rf"\b{re.escape(name)}\b", near[0], facts.line) if near and facts.line else f"self.{name} = ...",
    )


def _no_forward(facts: Facts) -> Told | None:
    owner = facts.found[1]
    return told(
        (
            f"{owner} has no method forward, so calling it does nothing: it is missing, misspelt, or indented inside "
            "__init__.",
            f"{owner} 没有 forward 方法，所以无法调用：可能漏写、拼错，或缩进到了 __init__ 里面。",
        ),
        ("Write it as a method of the class.", "把它写成类的方法。"),
        "def forward(self, x):",
        "    return ...",
    )


def _not_a_tensor(facts: Facts) -> Told | None:
    op, given = facts.found.groups()
    ways = {
        "tuple": (
            "A layer before gave several results at once, as nn.LSTM does (output, state).",
            "前一层一次返回了多个结果，例如 nn.LSTM 返回 (output, state)。",
            "output, state = lstm(x)",
        ),
        "numpy.ndarray": ("It is a NumPy array.", "它是 NumPy 数组。", "x = torch.from_numpy(x).float()"),
        "list": ("It is a Python list.", "它是 Python 列表。", "x = torch.tensor(x)"),
        "NoneType": (
            "A function before it returned nothing: a forward without return, perhaps.",
            "前面的函数没有返回值：也许 forward 里漏写了 return。",
            "return x",
        ),
    }
    en, zh, code = ways.get(given, (f"It is a {given}.", f"它是 {given}。", "x = torch.as_tensor(x)"))
    return told(
        (f"{op} computes with tensors and got something else. {en}", f"{op} 只能用张量计算，却得到了别的东西。{zh}"),
        ("Hand it the tensor.", "把张量传给它。"),
        code,
    )


ROWS = (
    Row("super_missing", r"before Module\.__init__\(\) call|super\(.*\)\.__init__\(\) not called", _no_super),
    Row("one_sample", r"Expected more than 1 (?:value per channel|spatial element) when training", _one_sample),
    Row("norm_channels", r"(?:running_mean|weight|bias) should contain (\d+) elements not (\d+)", _norm_features),
    Row("norm_shape", r"normalized_shape=\[(.*?)\], expected input with shape", _layer_norm),
    Row("forward_missing", r'Module \[(\w+)\] is missing the required "forward" function', _no_forward),
    Row("no_tensor", r"(\w+)\(\): argument '\w+'(?: \(position \d+\))? must be Tensor, not ([\w.]+)", _not_a_tensor),
    Row("attribute", r"AttributeError: '(\w+)' object has no attribute '(\w+)'", _no_attribute),
)
