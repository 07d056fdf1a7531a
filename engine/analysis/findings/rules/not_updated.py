"""Parameters that get gradients and are never updated: the optimizer does not hold them."""

from __future__ import annotations

from collections.abc import Iterator

from ....events import Event, Kind
from ..boxes import Change
from ..finding import Seen, Sure
from ..rule import rule
from ..run import Run

_INITIALISERS = frozenset(
    {"kaiming_uniform_", "kaiming_normal_", "xavier_uniform_", "xavier_normal_", "uniform_", "empty"}
)


@rule(
    "layer-made-in-forward",
    title=("A layer is made anew in every forward pass", "每次前向传播都新建了一个层"),
    why=(
        "Each pass starts with new random weights, and the optimizer never sees them: nothing is learned there.",
        "每次都从新的随机权重开始，优化器也看不到它们：这一层什么也学不到。",
    ),
    attempt=("Make the layer once, in __init__.", "在 __init__ 中只创建一次该层。"),
)
def layer_made_in_forward(run: Run) -> Iterator[Seen]:
    """Initialisers run in forward passes, at the same line in several iterations or inside a module call."""
    made: dict[int | None, list[Event]] = {}
    for event in run.events:
        if event.kind == Kind.OP and event.call is not None and event.name in _INITIALISERS and event.name != "empty":
            made.setdefault(event.site, []).append(event)
    for events in made.values():
        yield Seen(
            f"{run.at(events[0])} initialises weights ({events[0].name}) inside a module's forward, {len(events)} "
            "times in "
            f"this run.",
            Sure.CERTAIN if len(events) > 1 else Sure.LIKELY,
            tuple(event.position for event in events[:4]),
            "self.layer = nn.Linear(...)  # in __init__",
            "The same run with the layer made in __init__.",
        )
        return


@rule(
    "not-in-optimizer",
    title=("A parameter has a gradient but is never updated", "有参数得到了梯度却从未被更新"),
    why=(
        "It keeps its first, random numbers, however long the training lasts.",
        "无论训练多久，它都保持最初的随机数值。",
    ),
    attempt=(
        "Give it to the optimizer; layers in a Python list are found only in nn.ModuleList.",
        "把它交给优化器；放在 Python 列表中的层只有用 nn.ModuleList 才能被找到。",
    ),
    explained_by=("layer-made-in-forward",),
)
def not_in_optimizer(run: Run) -> Iterator[Seen]:
    """A layer's parameter is filled by backward passes before updates of others, and never changes."""
    last_update = max((events[-1].position for events in run.updates.values()), default=-1)
    weights = [tensor for tensor in run.updates if tensor not in run.data]
    if not weights:
        return
    missing: dict[int, Event] = {}
    for tensor, steps in run.boxes.items():
        fills = [step.event for step in steps if step.change == Change.FILL]
        if tensor in run.updates or tensor in run.data or not fills or fills[0].position > last_update:
            continue
        if tensor in run.layer_tensors:
            missing[tensor] = fills[0]
    if missing:
        tensors = list(missing)
        moving = run.listed(weights)
        yield Seen(
            f"{run.listed(tensors)} got gradients (first at step {missing[tensors[0]].position}), and none of "
            f"{sum(len(events) for events in run.updates.values())} updates changed "
            f"{'it' if len(tensors) == 1 else 'them'}; "
            f"{moving} did change.",
            Sure.CERTAIN if all(run.layer_tensors[tensor][:1] in "wb" for tensor in tensors) else Sure.LIKELY,
            (missing[tensors[0]].position, next(iter(run.updates.values()))[0].position),
            "optimizer = torch.optim.SGD(net.parameters(), lr=...)  # after the net is complete",
            "The same run with these parameters in the optimizer.",
        )
