"""Changes of values that autograd does not see."""

from __future__ import annotations

from collections.abc import Iterator

from ....bilingual import Bilingual, sentence
from ....events import Kind, Phase
from ...families import is_in_place
from ..finding import Seen, Sure
from ..rule import rule
from ..run import Run


@rule(
    "edit-through-data",
    title=("A value is changed behind autograd's back", "在自动微分不知情的情况下修改了值"),
    why=(
        "An edit through .data or .detach() changes numbers that backward() uses, without being part of the graph: the "
        "gradient is wrong, and nothing raises.",
        "通过 .data 或 .detach() 修改会改变 backward() 要用的数值，却不在计算图中：梯度会出错，而且不会报错。",
    ),
    attempt=("Write it as an op, so that it is part of the graph.", "把它写成一个运算，使其成为计算图的一部分。"),
)
def edit_through_data(run: Run) -> Iterator[Seen]:
    """An in-place op on what .data or .detach() gave of a tensor that autograd tracks and a backward pass follows."""
    tracked = {
        slot.value: event
        for event in run.events
        if event.kind == Kind.OP
        for slot in event.outputs
        if slot.node is not None and slot.value is not None
    }
    opened: dict[int, int] = {}
    for event in run.events:
        if event.kind != Kind.OP or not event.inputs:
            continue
        first = event.inputs[0].value
        if event.name in ("data", "detach") and first in tracked and event.outputs:
            opened[event.outputs[0].value or 0] = first
            continue
        if not is_in_place(event) or first not in opened or event.phase != Phase.FORWARD:
            continue
        made = tracked[opened[first]]
        later = [loss for loss in run.losses if loss.position > event.position and loss.iteration == event.iteration]
        if later:
            op, at = run.op(event), run.at(made)
            yield Seen(
                sentence(
                    f"{op.english} changes the result of {made.name} ({at.english}) through .data; the backward pass "
                    f"at step {later[0].position} does not know.",
                    f"{op.chinese} 通过 .data 修改了 {made.name}（{at.chinese}）的结果，"
                    f"而第 {later[0].position} 步的反向传播并不知道。",
                ),
                Sure.LIKELY,
                (event.position, made.position, later[0].position),
                "y = y + 1",
                Bilingual("The same run without .data.", "其他不变，去掉 .data，再运行一次。"),
            )
            return
