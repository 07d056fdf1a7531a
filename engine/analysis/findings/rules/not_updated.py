"""Parameters that get gradients and are never updated: the optimizer does not hold them."""

from __future__ import annotations

from collections.abc import Iterator

from ....bilingual import Bilingual, sentence
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
        at = run.at(events[0])
        yield Seen(
            sentence(
                f"{at.english} initialises weights ({events[0].name}) inside a module's forward, {len(events)} times "
                "in this run.",
                f"{at.chinese}在模块的 forward 中初始化权重（{events[0].name}），本次运行中共 {len(events)} 次。",
            ),
            Sure.CERTAIN if len(events) > 1 else Sure.LIKELY,
            tuple(event.position for event in events[:4]),
            "self.layer = nn.Linear(...)  # __init__",
            Bilingual(
                "The same run with the layer made in __init__.", "其他不变，改为在 __init__ 中创建该层，再运行一次。"
            ),
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
        names, moving, first = run.listed(tensors), run.listed(weights), missing[tensors[0]].position
        count = sum(len(events) for events in run.updates.values())
        yield Seen(
            sentence(
                f"{names.english} got gradients (first at step {first}), and none of {count} updates changed "
                f"{'it' if len(tensors) == 1 else 'them'}; {moving.english} did change.",
                f"{names.chinese} 得到了梯度（最早在第 {first} 步），但 {count} 次更新都没有改变"
                f"{'它' if len(tensors) == 1 else '它们'}；{moving.chinese} 则有变化。",
            ),
            Sure.CERTAIN if all(run.layer_tensors[tensor][:1] in "wb" for tensor in tensors) else Sure.LIKELY,
            (first, next(iter(run.updates.values()))[0].position),
            "optimizer = torch.optim.SGD(net.parameters(), lr=...)",
            Bilingual(
                "The same run with these parameters in the optimizer.", "其他不变，把这些参数交给优化器，再运行一次。"
            ),
        )
