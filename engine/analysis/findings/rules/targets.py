"""Targets that a loss cannot mean."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ....bilingual import Bilingual, sentence
from ....events import Event, Kind
from ..finding import Seen, Sure
from ..rule import rule
from ..run import Run

_BINARY = ("binary_cross_entropy_with_logits", "binary_cross_entropy")


def _judged(run: Run, names: tuple[str, ...]) -> Iterator[tuple[Event, np.ndarray, tuple[int, ...]]]:
    """Loss ops by these names, one a place, with the target's numbers and the input's shape."""
    seen: set[int | None] = set()
    for event in run.events:
        if event.kind != Kind.OP or event.name not in names or event.site in seen or len(event.inputs) < 2:
            continue
        seen.add(event.site)
        slots = {slot.name: slot.value for slot in event.inputs}
        target, scores = slots.get("1", slots.get("target")), slots.get("0", slots.get("input"))
        array = run.array(target)
        if array is not None and scores is not None and array.size:
            yield event, array, run.value(scores).shape


@rule(
    "targets-out-of-range",
    title=("Targets outside 0 to 1", "目标值不在 0 到 1 之间"),
    why=(
        "This loss takes targets as probabilities; with others it falls without end and pushes the scores away.",
        "该损失把目标当作概率；若超出范围，损失会无止境地下降，把分数推向极端。",
    ),
    attempt=("Map the classes to 0 and 1.", "把类别映射为 0 和 1。"),
)
def targets_out_of_range(run: Run) -> Iterator[Seen]:
    """A binary loss with targets such as -1 or 2."""
    for event, target, _ in _judged(run, _BINARY):
        if target.min() < 0 or target.max() > 1:
            op = run.op(event)
            yield Seen(
                sentence(
                    f"The targets of {op.english} go from {target.min():g} to {target.max():g}.",
                    f"{op.chinese} 的目标值在 {target.min():g} 到 {target.max():g} 之间。",
                ),
                Sure.CERTAIN,
                (event.position,),
                "target = (target > 0).float()",
                Bilingual("The same run with targets 0 and 1.", "其他不变，把目标改为 0 和 1，再运行一次。"),
            )


@rule(
    "one-class",
    title=("cross_entropy over a single class", "cross_entropy 只有一个类别"),
    why=(
        "softmax of one score is always 1, so the loss is 0 and nothing is learned.",
        "只有一个分数时 softmax 恒为 1，因此损失为 0，什么也学不到。",
    ),
    attempt=(
        "Use binary_cross_entropy_with_logits, or one output for each class.",
        "使用 binary_cross_entropy_with_logits，或为每个类别设一个输出。",
    ),
)
def one_class(run: Run) -> Iterator[Seen]:
    """The scores have one column."""
    for event, _, shape in _judged(run, ("cross_entropy",)):
        if len(shape) > 1 and shape[1] == 1:
            op = run.op(event)
            yield Seen(
                sentence(
                    f"{op.english} is given scores of shape {list(shape)}: one class.",
                    f"{op.chinese} 得到的分数形状为 {list(shape)}：只有一个类别。",
                ),
                Sure.CERTAIN,
                (event.position,),
                "loss = F.binary_cross_entropy_with_logits(scores, target)",
                Bilingual("The same run with the binary loss.", "其他不变，改用二分类损失，再运行一次。"),
            )


@rule(
    "targets-no-distribution",
    title=("Class probabilities that do not add up to 1", "类别概率之和不为 1"),
    why=(
        "Targets of floating point are taken as probabilities of each class; each row should add up to 1.",
        "浮点目标会被当作各类别的概率；每一行之和应为 1。",
    ),
    attempt=("Give class numbers as integers, or rows that add up to 1.", "用整数给出类别编号，或让每行之和为 1。"),
)
def targets_no_distribution(run: Run) -> Iterator[Seen]:
    """Floating point targets of cross_entropy whose rows add up to something else."""
    for event, target, shape in _judged(run, ("cross_entropy",)):
        if target.dtype.kind != "f" or target.shape != shape or target.ndim < 2:
            continue
        sums = target.astype(float).sum(axis=1)
        off = float(np.abs(sums - 1).max())
        if off > 0.01:
            op = run.op(event)
            yield Seen(
                sentence(
                    f"The targets of {op.english} add up to {sums.min():.3g} to {sums.max():.3g} for each sample.",
                    f"{op.chinese} 中每个样本的目标之和在 {sums.min():.3g} 到 {sums.max():.3g} 之间。",
                ),
                Sure.LIKELY,
                (event.position,),
                "target = target.argmax(1)",
                Bilingual("The same run with class numbers.", "其他不变，改用类别编号作为目标，再运行一次。"),
            )
