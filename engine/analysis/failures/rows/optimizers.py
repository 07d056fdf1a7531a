"""Optimizers that are given the wrong things, and gradients that are not there."""

from __future__ import annotations

import re

from ..facts import Facts
from ..row import Row
from ..told import Told, told


def _made(facts: Facts) -> str:
    """How the line calls the optimizer: "torch.optim.SGD"."""
    found = re.search(
        r"([\w.]*\b(?:SGD|Adam\w*|RMSprop|Adagrad|Adadelta|LBFGS|NAdam|RAdam|Rprop|ASGD|Muon))\(", facts.line
    )
    return found[1] if found else "torch.optim.SGD"


def _rate(facts: Facts) -> str:
    found = re.search(r"lr\s*=\s*[\w.e+-]+", facts.line)
    return found[0].replace(" ", "") if found else "lr=0.1"


def _empty(facts: Facts) -> Told | None:
    return told(
        (
            "The optimizer was given nothing to train. A generator such as net.parameters() is empty once it "
            "has been gone "
            "through, and layers kept in a plain list are not found: nn.ModuleList is.",
            "优化器没有得到任何可训练的参数。net.parameters() 这样的生成器遍历一次后就空了；放在普通列表里的层"
            "也找不到，要用 "
            "nn.ModuleList。",
        ),
        ("Give it the model's parameters, fresh.", "重新把模型的参数传给它。"),
        f"{_made(facts)}(net.parameters(), {_rate(facts)})",
    )


def _not_tensors(facts: Facts) -> Told | None:
    method = re.search(r"([\w.]+\.parameters)\b(?!\()", facts.line)
    what = (
        (
            "parameters is a method; without () the method itself is handed over.",
            "parameters 是方法；不写 () 传的是方法本身。",
        )
        if method
        else (
            "An optimizer takes a list of tensors (or of groups), as net.parameters() gives it, not a single tensor, a "
            "module or names.",
            "优化器需要张量的列表（或参数组），如 net.parameters() 给出的那样，而不是单个张量、模块或名字。",
        )
    )
    single = re.search(r"\(\s*(\w+)\s*,", facts.line)
    code = (
        facts.line.replace(method[1], f"{method[1]}()", 1)
        if method
        else facts.line.replace(single[0], f"([{single[1]}],", 1)
        if single and "FloatTensor" in facts.message
        else f"{_made(facts)}(net.parameters(), {_rate(facts)})"
    )
    return told(what, ("Hand over the parameters in a list.", "以列表形式传入参数。"), code)


def _not_leaf(facts: Facts) -> Told | None:
    return told(
        (
            "One of these tensors is the result of a computation. An optimizer changes tensors where the graph "
            "begins; this "
            "one would be computed anew each time.",
            "其中一个张量是计算的结果。优化器只能改变图的起点（叶子），而它每次都会重新计算。",
        ),
        (
            "Train what it was computed from, or cut it off and let it require grad.",
            "训练它的来源，或先 detach 再令其需要梯度。",
        ),
        "w = (torch.randn(3) * 0.1).requires_grad_()",
    )


def _rate_invalid(facts: Facts) -> Told | None:
    return told(
        (
            f"A learning rate is a number from 0 up, not {facts.found[1]}.",
            f"学习率是不小于 0 的数，而不是 {facts.found[1]}。",
        ),
        (
            "Updates go against the gradient by themselves; the rate stays positive.",
            "更新本来就沿梯度的反方向，学习率保持为正。",
        ),
        f"{_made(facts)}(net.parameters(), lr=0.01)",
    )


def _grad_is_none(facts: Facts) -> Told | None:
    if ".grad" not in facts.line:
        return None
    found = re.search(r"([A-Za-z_][\w.\[\]]*)\.grad\b", facts.line)
    name = found[1] if found else "w"
    return told(
        (
            f"{name}.grad is None: no backward() has reached {name} yet. It is so before the first backward(), "
            "for a tensor "
            "that the loss does not depend on, for one that was computed (no leaf), and for one that was "
            "assigned anew.",
            f"{name}.grad 是 None：还没有 backward() 到达 {name}。第一次 backward() 之前、损失不依赖它、它是计"
            "算结果（非叶子）"
            "或被重新赋值过时都会这样。",
        ),
        (
            "Call backward() first; update in place under no_grad, so that the leaf stays the same; keep the "
            "gradient of a "
            "computed tensor with retain_grad().",
            "先调用 backward()；在 no_grad 下原地更新，让叶子保持不变；计算得到的张量用 retain_grad() 保留梯度。",
        ),
        f"if {name}.grad is not None: {name}.grad.zero_()" if "zero_" in facts.line else f"{name}.retain_grad()",
    )


ROWS = (
    Row("optimizer_empty", r"optimizer got an empty parameter list", _empty),
    Row(
        "optimizer_no_tensors",
        r"params argument given to the optimizer should be|optimizer can only optimize Tensors|"
        r"'method' object is not iterable",
        _not_tensors,
    ),
    Row("optimizer_no_leaf", r"can't optimize a non-leaf Tensor", _not_leaf),
    Row("learning_rate", r"Invalid learning rate: (.+)", _rate_invalid),
    Row("grad_is_none", r"NoneType", _grad_is_none),
)
