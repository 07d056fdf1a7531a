"""Writing over values that autograd needs, and into parameters while it watches."""

from __future__ import annotations

import re

from ....events import Event, Kind
from ..facts import Facts
from ..row import Row
from ..told import Told, told


def _writer(facts: Facts) -> tuple[Event, str] | None:
    """The event that wrote over something that the failing node's op had used or made, and the value's name."""
    forward, event = facts.forward, facts.event
    if forward is None or event is None:
        return None
    saved = {slot.value for slot in (*forward.inputs, *forward.outputs) if slot.value is not None}
    for later in facts.trace.events(begin=forward.position + 1, end=event.position):
        if later.kind is Kind.UPDATE or (later.kind is Kind.OP and later.name.endswith(("_", "setitem"))):
            written = [slot.value for slot in later.inputs if slot.name in ("0", "value", "self")]
            if any(value in saved for value in written):
                tensor = None if later.tensor is None else facts.trace.tensor(later.tensor)
                return later, "" if tensor is None else tensor.name
    return None


def _saved(facts: Facts) -> Told | None:
    op = "" if facts.forward is None else facts.forward.name
    made = facts.forward_place
    needs = (
        f"The gradient of {op} in line {made.line} ({made.text}) is computed from a value that has been "
        "overwritten since."
        if made
        else "A gradient is computed from a value that has been overwritten since.",
        f"第 {made.line} 行（{made.text}）中 {op} 的梯度要用到一个值，而这个值后来被改写了。"
        if made
        else "某个梯度要用到一个值，而这个值后来被改写了。",
    )
    found = _writer(facts)
    if found is None:
        fix = (
            "Replace the in-place operation (+=, relu_, x[0] = ...) between the two by one that makes a new tensor.",
            "把两者之间的原地操作（+=、relu_、x[0] = ...）换成产生新张量的操作。",
        )
        return told(needs, fix, "x = x + 1  # instead of x += 1")
    event, name = found
    site = facts.trace.site(event.site)
    source = None if site is None else facts.trace.source(site.source)
    text = "" if site is None or source is None else source.text.split("\n")[site.line - 1].strip()
    line = "" if site is None else f" Line {site.line} ({text}) did so."
    line_zh = "" if site is None else f"改写发生在第 {site.line} 行（{text}）。"
    if event.kind is Kind.UPDATE:
        fix = (
            f"Update {name or 'the parameters'} after all backward() calls that need the old values.",
            f"等所有需要旧值的 backward() 都完成之后再更新 {name or '参数'}。",
        )
        return told((needs[0] + line, needs[1] + line_zh), fix, "loss.backward()", "optimizer.step()")
    return told(
        (needs[0] + line, needs[1] + line_zh),
        ("Make a new tensor instead of writing into the old one.", "不要写进旧张量，而是得到一个新张量。"),
        _out_of_place(text),
    )


def _out_of_place(text: str) -> str:
    """The same statement without the write: "y += 1" as "y = y + 1", "x.relu_()" as "x = x.relu()"."""
    augmented = re.match(r"^([\w.]+)\s*(\+|-|\*|/|\*\*|@)=\s*(.+)$", text)
    if augmented:
        name, operator, rest = augmented.groups()
        return f"{name} = {name} {operator} {rest}"
    method = re.match(r"^([\w.]+)\.(\w+)_\((.*)\)$", text)
    if method:
        name, called, rest = method.groups()
        return f"{name} = {name}.{called}({rest})"
    return "x = x.clone()  # before the write" if "[" in text else text.replace("inplace=True", "inplace=False")


def _leaf(facts: Facts) -> Told | None:
    x = facts.operand("0", "self")
    en, zh = ("the tensor", "这个张量") if x is None else (x.en, x.zh)
    view = " (a view of it)" if "view of a leaf" in facts.message else ""
    line = facts.line or "w -= lr * w.grad"
    return told(
        (
            f"{en} is trained (a leaf that requires grad), and this line writes into it{view} while autograd "
            "records. Then "
            "it would be both where the graph begins and a result of it.",
            f"{zh} 是要训练的叶子张量，这一行在 autograd 记录时改写了它，那样它既是图的起点又是图的结果。",
        ),
        ("Update parameters where autograd does not look.", "在 autograd 不记录的地方更新参数。"),
        "with torch.no_grad():",
        f"    {line}",
    )


def _view_written(facts: Facts) -> Told | None:
    return told(
        (
            "The tensor that is written to is one of several views that one op gave out, and autograd cannot follow a "
            "write to one of them.",
            "被改写的张量是某个操作给出的多个视图之一，autograd 无法追踪对其中一个的改写。",
        ),
        ("Write to a copy.", "写进一个副本。"),
        "x = x.clone()",
    )


ROWS = (
    Row("overwritten_value", r"has been modified by an inplace operation", _saved),
    Row("write_to_leaf", r"a (?:view of a )?leaf Variable that requires grad is being used in an in-place", _leaf),
    Row("write_to_view", r"is a view and (?:is|its base or another view).*modified in-?place", _view_written),
)
