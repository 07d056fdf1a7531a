"""A second backward pass through a graph that the first one freed."""

from __future__ import annotations

import re

from ....counting import from_one
from ...names import ValueNames
from ..facts import Facts
from ..row import Row
from ..told import Told, told


def _carried(facts: Facts) -> Told | None:
    """The graph reaches back into an earlier iteration: something is carried over that remembers how it was made."""
    forward, event, made = facts.forward, facts.event, facts.forward_place
    if forward is None or event is None or made is None or not 0 <= forward.iteration < event.iteration:
        return None
    name = ValueNames(facts.trace).variable(forward) or "hidden"
    many = len(forward.outputs) > 1
    then, now = from_one(forward.iteration), from_one(event.iteration)
    return told(
        (
            f"This backward() of iteration {now} came to {forward.name} in line {made.line} "
            f"({made.text}) as it "
            f"ran in iteration {then}, and what it had saved was freed by the backward() of that "
            "iteration. "
            "Something is carried from one iteration to the next that still remembers how it was computed.",
            f"第 {now} 次迭代的 backward() 走到了第 {then} 次迭代中第 {made.line} 行（"
            f"{made.text}）的 "
            f"{forward.name}，而它保存的值已被那次迭代的 backward() 释放。有张量从一次迭代带到下一次，并仍记得"
            "它是怎么算出来的。",
        ),
        (
            "Detach what is carried over, at the start of each iteration: its numbers stay, its past is forgotten.",
            "在每次迭代开始时对带过来的张量做 detach：数值保留，来历忘掉。",
        ),
        f"{name} = tuple(part.detach() for part in {name})" if many else f"{name} = {name}.detach()",
    )


def _twice(facts: Facts) -> Told | None:
    made = facts.forward_place
    op = "" if facts.forward is None else facts.forward.name
    since = (
        f" The value of {op} in line {made.line} ({made.text}) was saved for backward and is gone." if made else "",
        f"第 {made.line} 行（{made.text}）中 {op} 为反向传播保存的值已经被释放。" if made else "",
    )
    call = re.search(r"([\w.\[\]]+)\.backward\(\)", facts.line)
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
        f"{call[1] if call else 'loss'}.backward(retain_graph=True)  # the first time",
    )


ROWS = (
    Row(
        "backward_twice",
        r"Trying to backward through the graph a second time|already been freed",
        lambda facts: _carried(facts) or _twice(facts),
    ),
)
