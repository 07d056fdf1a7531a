"""Names that keep more, or less, than their user believes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ....bilingual import sentence
from ....events import Event, Kind
from ..finding import Seen, Sure
from ..rule import rule
from ..run import Run

_SUMS = frozenset({"add", "add_", "radd", "iadd"})
_BEFORE = re.compile(r"before|old|prev|init|start|orig|saved?$|backup")


@rule(
    "loss-kept",
    title=("The losses that are kept hold their whole graphs", "保存的损失保留了整个计算图"),
    why=(
        "A list of loss tensors keeps every iteration's graph and activations in memory.",
        "保存损失张量的列表会把每次迭代的计算图和激活值都留在内存中。",
    ),
    attempt=("Keep the number only.", "只保存数值。"),
)
def loss_kept(run: Run) -> Iterator[Seen]:
    """The variable that backward() starts from is appended to a list as it is."""
    places = [(loss.op.site, loss.op.name) for loss in run.losses if loss.op is not None]
    for loss in run.losses:
        if loss.op is None or places.count((loss.op.site, loss.op.name)) < 2:
            continue
        variable = run.names.variable(loss.op)
        site = run.trace.site(loss.op.site)
        for source, kept, name, line in run.script.kept:
            if name == variable and site is not None and source == site.source:
                yield Seen(
                    sentence(
                        f"Line {line} appends the tensor {name} to {kept}; each of them holds the graph of its "
                        "iteration.",
                        f"第 {line} 行把张量 {name} 添加到 {kept} 中；其中每一个都保留着自己那次迭代的计算图。",
                    ),
                    Sure.LIKELY,
                    (loss.op.position,),
                    f"{kept}.append({name}.item())",
                )
                return


@rule(
    "loss-summed",
    title=("A sum of losses keeps every graph", "累加的损失保留了所有计算图"),
    why=(
        "The sum is part of autograd's graph, so the activations of all its iterations stay in memory.",
        "该总和是计算图的一部分，因此所有迭代的激活值都会留在内存中。",
    ),
    attempt=("Add up the numbers only.", "只累加数值。"),
)
def loss_summed(run: Run) -> Iterator[Seen]:
    """A loss is added, under autograd and after its backward pass, to what an earlier such sum made.

    Two losses of one iteration that are added up to be printed are let go with it.
    """
    began = {loss.value: loss for loss in run.losses if loss.value is not None}
    sums: list[Event] = []
    made: set[int] = set()
    going_on = False
    for event in run.events:
        if event.kind != Kind.OP or event.name not in _SUMS or not event.outputs or event.outputs[0].node is None:
            continue
        losses = [began[slot.value] for slot in event.inputs if slot.value in began]
        if losses and losses[0].position < event.position:
            going_on = going_on or any(slot.value in made for slot in event.inputs)
            sums.append(event)
            made |= {slot.value for slot in event.outputs if slot.value is not None}
    if going_on:
        variable, at = run.names.variable(sums[0]), run.at(sums[0])
        yield Seen(
            sentence(
                f"{at.english} adds the loss tensor to {variable or 'the sum'} {len(sums)} times, with autograd on.",
                f"{at.chinese}在开启自动微分的情况下，把损失张量向 {variable or '总和'} 累加了 {len(sums)} 次。",
            ),
            Sure.LIKELY,
            tuple(event.position for event in sums[:4]),
            "total += loss.item()",
        )


@rule(
    "alias-of-parameter",
    title=("What was kept of a parameter is the parameter itself", "所保存的“旧值”就是参数本身"),
    why=(
        "The name is one more name of the same tensor; after an update it shows the new numbers.",
        "这只是同一个张量的另一个名字；更新之后它显示的是新数值。",
    ),
    attempt=("Keep a copy.", "保存一份副本。"),
)
def alias_of_parameter(run: Run) -> Iterator[Seen]:
    """`before = net.weight` in the source, and updates of such a parameter in the trace."""
    for found in run.script.assignments:
        text = ast.unparse(found.value)
        parts = text.removesuffix(".data").split(".")
        if len(parts) < 2 or parts[-1] not in ("weight", "bias") or not _BEFORE.search(found.name.lower()):
            continue
        events = [
            event
            for tensor, events in run.updates.items()
            for event in events
            if run.tensors[tensor].name.split(".")[-len(parts[1:]) :] == parts[1:]
        ]
        if events:
            at = run.at(events[0])
            yield Seen(
                sentence(
                    f"Line {found.line} keeps {text} as {found.name}; {at.english} updated the same tensor "
                    f"{len(events)} times.",
                    f"第 {found.line} 行把 {text} 保存为 {found.name}；"
                    f"{at.chinese}对同一个张量更新了 {len(events)} 次。",
                ),
                Sure.LIKELY,
                (events[0].position,),
                f"{found.name} = {text}.detach().clone()",
            )
            return
