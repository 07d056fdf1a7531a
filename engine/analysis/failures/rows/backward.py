"""What backward() and autograd.grad() refuse: no single number, unused inputs, gradients of a wrong shape."""

from __future__ import annotations

import re

from ..facts import Facts, shape_text
from ..row import Row
from ..told import Told, told


def _not_scalar(facts: Facts) -> Told | None:
    x = facts.operand("0", "0.0")
    call = re.search(r"^(.*?)\.backward\(\)", facts.line)
    name = call[1] if call else "loss" if x is None else x.code("loss")
    shape = "" if x is None else f" {shape_text(x.shape)}"
    en, zh = ("the value", "这个值") if x is None else (x.name or "the value", x.name or "这个值")
    count = "" if x is None else f" It holds {facts.trace.value(x.value).numel} numbers."
    count_zh = "" if x is None else f"它有 {facts.trace.value(x.value).numel} 个数。"
    return told(
        (
            f"backward() starts from one number, the loss, but {en} has the shape{shape}.{count} For several "
            "numbers there "
            "is no single slope.",
            f"backward() 要从一个数（损失）开始，但 {zh} 的形状是{shape}。{count_zh}多个数没有唯一的斜率。",
        ),
        ("Make one number of it first: the mean, or the sum.", "先把它变成一个数：取平均或求和。"),
        f"{name}.mean().backward()",
    )


def _unused(facts: Facts) -> Told | None:
    number = facts.found[1]
    x = facts.operand(f"1.{number}", "1")
    en, zh = (
        (f"input {number}", f"第 {number} 个输入")
        if x is None
        else (x.name or f"input {number}", x.name or f"第 {number} 个输入")
    )
    line = facts.line
    code = re.sub(r"\)\s*$", ", allow_unused=True)", line) if "grad(" in line and line.rstrip().endswith(")") else ""
    return told(
        (
            f"The output does not depend on {en}: it was not used in computing it, or what was used is another tensor "
            "(a copy, a detached one, or one made before).",
            f"输出不依赖于 {zh}：计算时没有用到它，或者用的是另一个张量（副本、detach 过的、或之前的那个）。",
        ),
        (
            "Ask for what the output was computed from, or allow it; then the answer is None, not zero.",
            "对真正参与计算的张量求导，或允许未使用；那样得到的是 None 而不是零。",
        ),
        code or "torch.autograd.grad(y, x, allow_unused=True)",
    )


def _gradient_shape(facts: Facts) -> Told | None:
    return told(
        (
            "The gradient that backward() was given must have exactly the shape of the output that it belongs to.",
            "传给 backward() 的梯度必须与对应输出的形状完全相同。",
        ),
        ("Give one of the output's shape.", "给出与输出形状相同的梯度。"),
        "y.backward(torch.ones_like(y))",
    )


def _invalid_gradient(facts: Facts) -> Told | None:
    node = facts.found[1]
    made = facts.forward_place
    where = f" (line {made.line})" if made else ""
    where_zh = f"（第 {made.line} 行）" if made else ""
    return told(
        (
            f"The backward of {node}{where} gave a gradient of another shape than the input that it is for.",
            f"{node}{where_zh} 的 backward 返回的梯度与对应输入的形状不同。",
        ),
        (
            "In a backward of your own, return one gradient an input, each of that input's shape; sum over the "
            "dimensions "
            "that forward broadcast.",
            "自己写的 backward 要为每个输入返回一个同形状的梯度；前向中广播过的维要求和。",
        ),
        "return grad.sum_to_size(ctx.shape)",
    )


def _wrong_count(facts: Facts) -> Told | None:
    return told(
        (
            f"The backward of {facts.found[1]} must return one gradient for each argument of forward, None for those "
            "that need none.",
            f"{facts.found[1]} 的 backward 必须为 forward 的每个参数返回一个梯度，不需要的返回 None。",
        ),
        ("Return as many values as forward takes arguments.", "返回值的个数要与 forward 的参数个数相同。"),
        "return grad_x, None",
    )


ROWS = (
    Row("no_single_number", r"grad can be implicitly created only for scalar outputs", _not_scalar),
    Row("unused_input", r"differentiated Tensor.*?at index (\d+)?.*not have been used|differentiated Tensors", _unused),
    Row("given_gradient_shape", r"Mismatch in shape: grad_output", _gradient_shape),
    Row("gradient_shape", r"Function (\w+) returned an invalid gradient at index (\d+)", _invalid_gradient),
    Row("gradient_count", r"function (\w+) returned an incorrect number of gradients", _wrong_count),
)
