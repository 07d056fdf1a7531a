"""A second backward pass through a graph that the first one freed."""

from __future__ import annotations

import re

from ...names import parse
from ..facts import Facts
from ..row import Row
from ..told import Told, told


def _twice(facts: Facts) -> Told | None:
    made = facts.forward_place
    op = "" if facts.forward is None else facts.forward.name
    since = (
        f" The value of {op} in line {made.line} ({made.text}) was saved for backward and is gone." if made else "",
        f"第 {made.line} 行（{made.text}）中 {op} 为反向传播保存的值已经被释放。" if made else "",
    )
    call = re.search(r"([\w.\[\]]+)\.backward\(\)", facts.line)
    inside = _is_in_loop(facts)
    code = [f"{call[1]}.backward(retain_graph=True)  # the first time" if call else "loss.backward(retain_graph=True)"]
    if inside:
        code.append("hidden = hidden.detach()  # if it is carried from one iteration to the next")
    return told(
        (
            f"backward() frees the values that it has used, so a graph can be gone through once.{since[0]} Either the "
            "same loss is derived twice, or this loss depends on something computed before an earlier backward().",
            f"backward() 用完中间值就会释放，一张图只能走一次。{since[1]}要么对同一个损失求了两次导，要么这个损失依赖于"
            "上一次 backward() 之前算出的东西。",
        ),
        (
            "Compute the loss again before each backward(). Detach what is carried over from the iteration before. "
            "Where the same graph is really wanted twice, keep it.",
            "每次 backward() 之前重新计算损失；从上一次迭代带过来的张量要 detach；确实需要同一张图两次时，保留它。",
        ),
        *code,
    )


def _is_in_loop(facts: Facts) -> bool:
    place = facts.place
    if place is None or not place.text:
        return False
    sources = [source for source in facts.trace.sources() if source.path == place.path]
    return bool(sources) and any(
        type(node).__name__ in ("For", "While") and span[0] < place.line <= span[1]
        for span, node in parse(sources[0].text).nodes.items()
    )


ROWS = (Row("backward_twice", r"Trying to backward through the graph a second time|already been freed", _twice),)
