"""What the curve of losses says: it explodes, swings, stands still, or starts in the wrong place."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from ....bilingual import Bilingual, sentence
from ....events import Kind
from ..finding import Seen, Sure
from ..rule import rule
from ..run import Loss, Run

_CAUSES = (
    "missing-zero-grad",
    "wrong-direction",
    "zero-grad-before-step",
    "step-before-backward",
    "stale-gradient",
    "not-in-optimizer",
    "loss-cut-off",
    "rebound-parameter",
    "double-softmax",
    "scores-in-nll-loss",
    "zero-learning-rate",
    "same-start",
    "never-updated",
    "broadcast-loss",
)

_FAR = 8
"""Times ln(classes) from which a first loss is far off."""


def _numbers(run: Run) -> list[tuple[Loss, float]]:
    return [(loss, loss.number) for loss in run.curve if loss.number is not None and run.updates]


def _lr(run: Run) -> float | None:
    for events in run.updates.values():
        lr = events[0].arguments.get("lr")
        if isinstance(lr, int | float):
            return float(lr)
    return None


def _same_data(run: Run, points: list[tuple[Loss, float]]) -> bool:
    """Whether all iterations look at the same samples."""
    inputs = {run.roles(number).by_role.get("x") for number in run.samples}
    return len(inputs) == 1 and len(points) > 1


@rule(
    "learning-rate-too-high",
    title=("The loss grows: the learning rate is too high", "损失在增大：学习率过高"),
    why=(
        "Each step jumps over the valley and lands higher on the other side, farther every time.",
        "每一步都越过了谷底，落在对面更高的地方，而且越来越远。",
    ),
    attempt=("Use a smaller learning rate: a tenth.", "把学习率减小到十分之一。"),
    explained_by=_CAUSES,
)
def learning_rate_too_high(run: Run) -> Iterator[Seen]:
    """The loss ends many times higher than it began, and rose to there."""
    points = _numbers(run)
    if len(points) < 4:
        return
    values = [value for _, value in points]
    bad = next((i for i, value in enumerate(values) if not math.isfinite(value)), None)
    known = values[:bad]
    if len(known) < 3 or min(known) < 0 or known[0] <= 0:
        return
    rising = sum(b > a for a, b in pairwise(known[-5:]))
    if rising < min(3, len(known) - 1) or known[-1] < (10 if bad is not None else 3) * known[0]:
        return
    lr = _lr(run)
    rate = "" if lr is None else f" with lr {lr:g}"
    rate_zh = "" if lr is None else f"（lr 为 {lr:g}）"
    yield Seen(
        sentence(
            f"C went from {known[0]:.4g} to {known[-1]:.4g} in {len(known)} iterations{rate}, rising at the end"
            f"{'' if bad is None else ', and then left the range of numbers'}.",
            f"在 {len(known)} 次迭代{rate_zh}中，C 从 {known[0]:.4g} 变为 {known[-1]:.4g}，最后仍在上升"
            f"{'' if bad is None else '，随后超出了数值范围'}。",
        ),
        Sure.CERTAIN
        if rising == len(known[-5:]) - 1 and known[-1] > 3 * known[0] and _same_data(run, points)
        else Sure.LIKELY,
        tuple(loss.position for loss, _ in (points[0], points[len(known) - 1])),
        "" if lr is None else f"lr={lr / 10:g}",
        Bilingual(
            "The same run with a tenth of the learning rate; overlay the curves of C.",
            "其他不变，把学习率减小到十分之一，再运行一次，并把两条 C 曲线叠在一起比较。",
        ),
        "" if lr is None else f"lr={lr / 10:g}",
    )


@rule(
    "loss-swings",
    title=("The loss swings up and down", "损失上下振荡"),
    why=(
        "On the same data, up and down in turn means that each step jumps across the lowest point.",
        "在相同数据上交替升降，说明每一步都越过了最低点。",
    ),
    attempt=("Use a smaller learning rate.", "减小学习率。"),
    explained_by=(*_CAUSES, "learning-rate-too-high"),
)
def loss_swings(run: Run) -> Iterator[Seen]:
    """On the same samples the loss rises and falls in turn, and the swings do not shrink."""
    points = _numbers(run)
    values = [value for _, value in points if math.isfinite(value)]
    if len(values) < 8 or not _same_data(run, points):
        return
    steps = [b - a for a, b in pairwise(values)]
    turns = sum(a * b < 0 for a, b in pairwise(steps))
    half = len(steps) // 2
    before, after = (max(map(abs, part)) for part in (steps[:half], steps[half:]))
    level = sum(map(abs, values)) / len(values)
    fell = sum(values[half:]) / len(values[half:]) < 0.8 * sum(values[:half]) / half
    if turns >= 0.6 * (len(steps) - 1) and after > 0.5 * before and after > 0.2 * level and not fell:
        yield Seen(
            sentence(
                f"C changed direction in {turns} of {len(steps) - 1} iterations, by up to {after:.4g} around "
                f"{level:.4g}.",
                f"{len(steps) - 1} 次迭代中 C 有 {turns} 次改变了升降方向，在 {level:.4g} 附近摆动，"
                f"幅度最大达 {after:.4g}。",
            ),
            Sure.LIKELY,
            tuple(loss.position for loss, _ in points[-4:]),
            "",
            Bilingual(
                "The same run with a tenth of the learning rate.", "其他不变，把学习率减小到十分之一，再运行一次。"
            ),
            "" if (lr := _lr(run)) is None else f"lr={lr / 10:g}",
        )


@rule(
    "loss-not-falling",
    title=("The loss does not fall", "损失没有下降"),
    why=(
        "After this many updates on the same data a working training would show a smaller loss.",
        "在相同数据上更新了这么多次，正常的训练应当能看到损失变小。",
    ),
    attempt=(
        "Check the learning rate, the loss, and that gradients reach every layer.",
        "检查学习率、损失函数，以及梯度是否到达每一层。",
    ),
    explained_by=(*_CAUSES, "learning-rate-too-high", "loss-swings", "dead-relu", "saturated", "vanishing-gradient"),
)
def loss_not_falling(run: Run) -> Iterator[Seen]:
    """On the same samples, twenty updates or more leave the loss where it was."""
    points = _numbers(run)
    values = [value for _, value in points if math.isfinite(value)]
    if len(values) < 20 or not _same_data(run, points):
        return
    part = len(values) // 4
    first, last = sum(values[:part]) / part, sum(values[-part:]) / part
    if last < first - 0.001 * abs(first) or abs(first) < 1e-6:
        return
    lr = _lr(run)
    rate = "" if lr is None else f" (lr {lr:g})"
    rate_zh = "" if lr is None else f"（lr 为 {lr:g}）"
    yield Seen(
        sentence(
            f"The mean of C over the first {part} iterations is {first:.6g}, over the last {part} {last:.6g}{rate}.",
            f"C 在前 {part} 次迭代中的平均值是 {first:.6g}，在最后 {part} 次迭代中是 {last:.6g}{rate_zh}。",
        ),
        Sure.MAYBE,
        (points[0][0].position, points[-1][0].position),
        "" if lr is None else f"lr={lr * 10:g}",
        Bilingual(
            "The same run with ten times, and with a tenth of, the learning rate.",
            "其他不变，把学习率增大到十倍、减小到十分之一，各运行一次。",
        ),
        "" if lr is None else f"lr={lr * 10:g}",
    )


@rule(
    "initial-loss",
    title=("The first loss is far from that of guessing", "初始损失远离随机猜测时的值"),
    why=(
        "A fresh classifier knows nothing and should lose ln(classes); much more means that its first scores are wild.",
        "刚初始化的分类器一无所知，损失应约为 ln(类别数)；大得多说明初始分数过于极端。",
    ),
    attempt=("Scale the inputs, or start with smaller weights.", "缩放输入，或使用更小的初始权重。"),
    explained_by=("scores-in-nll-loss",),
)
def initial_loss(run: Run) -> Iterator[Seen]:
    """The first cross-entropy is many times ln(classes); nets that tie their embeddings start at a few times."""
    for event in run.events:
        if event.kind != Kind.OP or event.name != "cross_entropy" or event.iteration < 0 or not event.outputs[0].value:
            continue
        scores = event.inputs[0].value
        shape = run.value(scores).shape if scores is not None else ()
        number = run.number(event.outputs[0].value)
        if len(shape) < 2 or number is None or event.arguments.get("reduction") != "mean" or shape[1] < 2:
            return
        guess = math.log(shape[1])
        if math.isfinite(number) and number > _FAR * guess:
            at = run.at(event)
            yield Seen(
                sentence(
                    f"The first loss at {at.english} is {number:.4g}; guessing among {shape[1]} classes gives "
                    f"ln {shape[1]} = {guess:.4g}.",
                    f"{at.chinese}的第一个损失是 {number:.4g}；在 {shape[1]} 个类别中随机猜测的损失是 "
                    f"ln {shape[1]} = {guess:.4g}。",
                ),
                Sure.MAYBE,
                (event.position,),
                "x = (x - x.mean()) / x.std()",
                Bilingual("The same run with the inputs scaled.", "其他不变，先缩放输入，再运行一次。"),
            )
        return
