"""backward() on a value that does not require grad: where its path to the parameters was cut."""

from __future__ import annotations

import re

from ....events import Event
from ..cuts import Why, cut
from ..facts import Facts
from ..operands import maker, operands
from ..row import Row
from ..told import Told, told

_WAYS = {
    Why.DETACHED: (
        "{line} cuts it off: what {op} gives is a plain copy of the numbers, without a path back.",
        "{line}把它切断了：{op} 给出的只是数值，没有通往参数的路径。",
        "Derive before detaching; detach only what must not be trained.",
        "先求导再 detach；只对不需要训练的部分使用 detach。",
    ),
    Why.NO_GRAD: (
        "{line} computed {op} inside torch.no_grad(), where nothing is remembered for backward.",
        "{line}在 torch.no_grad() 中计算了 {op}，那里不会为反向传播记录任何东西。",
        "Take the computation of the loss out of the no_grad block.",
        "把损失的计算移出 no_grad 块。",
    ),
    Why.NO_SLOPE: (
        "{line} uses {op}, whose result jumps and has no derivative.",
        "{line}使用了 {op}，它的结果是跳变的，没有导数。",
        "Compute the loss from the scores themselves, not from what was chosen by them.",
        "用得分本身计算损失，而不是用由得分选出的结果。",
    ),
    Why.COPIED: (
        "{line} makes a new tensor out of a number, which has no path back to where the number came from.",
        "{line}用一个数新建了张量，它没有通往该数来源的路径。",
        "Go on computing with the tensors; do not take the number out.",
        "继续用张量计算，不要取出数值。",
    ),
    Why.NOTHING: (
        "Nothing that went into it requires grad, so there is nothing to derive with respect to.",
        "参与计算的张量都不需要梯度，没有可以求导的对象。",
        "Say which tensors are to be trained, when they are made.",
        "在创建张量时指明哪些要训练。",
    ),
}


def _no_path(facts: Facts) -> Told | None:
    operand = facts.operand("0", "tensors", "0.0")
    en, zh = ("The value", "这个值") if operand is None else (operand.en, operand.zh)
    why, event = Why.NOTHING, None
    if operand is not None and facts.event is not None:
        found = cut(facts.trace, operand.value, facts.event.position)
        why, event = found.why, found.event
    site = None if event is None else facts.trace.site(event.site)
    meaning_en, meaning_zh, fix_en, fix_zh = _WAYS[why]
    names = {"op": "" if event is None else event.name}
    line_en = "It" if site is None else f"Line {site.line}"
    line_zh = "这里" if site is None else f"第 {site.line} 行"
    code = {
        Why.NOTHING: _trainable(facts, operand.value if operand is not None else None),
        Why.DETACHED: _line_of(facts, event).replace(".detach()", "", 1).replace(".data", "", 1),
        Why.NO_GRAD: f"{_without_block(_line_of(facts, event))}  # not under no_grad",
    }.get(why, "")
    return told(
        (
            f"backward() starts from {en}, which does not require grad. {meaning_en.format(line=line_en, **names)}",
            f"backward() 从 {zh} 开始，但它不需要梯度。{meaning_zh.format(line=line_zh, **names)}",
        ),
        (fix_en, fix_zh),
        code,
    )


def _line_of(facts: Facts, event: Event | None) -> str:
    """The source line of an op, "" where it is unknown."""
    site = None if event is None else facts.trace.site(event.site)
    source = None if site is None else facts.trace.source(site.source)
    return "" if site is None or source is None else source.text.split("\n")[site.line - 1].strip()


def _without_block(line: str) -> str:
    """A statement that stands in the line of its `with`, alone."""
    return re.sub(r"^with .*?no_grad\(\):\s*", "", line)


def _trainable(facts: Facts, value: int | None) -> str:
    """A line that makes the first named tensor that went into the value one to be trained."""
    known = [tensor for tensor in facts.trace.tensors() if tensor.name and tensor.dtype.startswith(("float", "bfloat"))]
    made = _first_named_input(facts, value)
    name = made or (known[0].name if known else "w")
    return f"{name}.requires_grad_()" if name.isidentifier() else "w = torch.tensor(0.5, requires_grad=True)"


def _first_named_input(facts: Facts, value: int | None) -> str:
    if value is None or facts.event is None:
        return ""
    made = maker(facts.trace, value, facts.event.position)
    if made is None:
        return ""
    return next((operand.name for operand in operands(facts.trace, made[0]).values() if operand.name), "")


ROWS = (Row("no_path_to_parameters", r"does not require grad and does not have a grad_fn", _no_path),)
