"""Updates that change nothing, and updates that leave nothing of what was there."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ....bilingual import Bilingual, sentence
from ....events import Event
from ...flow import slot_named
from ..finding import Seen, Sure
from ..rule import rule
from ..run import Run

_NOISE = 1e-5
"""Gradients in float32 or wider that are no larger may be rounding."""


@rule(
    "zero-learning-rate",
    title=("The learning rate is 0", "学习率为 0"),
    why=("Every step is 0 times the gradient.", "每一步都是梯度的 0 倍。"),
    attempt=("Give the optimizer a learning rate.", "为优化器设置学习率。"),
)
def zero_learning_rate(run: Run) -> Iterator[Seen]:
    """All updates of an optimizer have lr 0."""
    events = [event for found in run.updates.values() for event in found if "lr" in event.arguments]
    if events and all(event.arguments["lr"] == 0 for event in events):
        optimizer = run.op(events[0])
        yield Seen(
            sentence(
                f"All {len(events)} updates of {optimizer.english} have lr = 0.",
                f"{optimizer.chinese} 的全部 {len(events)} 次更新都是 lr = 0。",
            ),
            Sure.CERTAIN,
            (events[0].position,),
            "lr=0.01",
            Bilingual("The same run with lr=0.01.", "其他不变，设 lr=0.01，再运行一次。"),
            "lr=0.01",
        )


@rule(
    "update-lost",
    title=("Updates are too small to change the weights", "更新太小，权重没有变化"),
    why=(
        "Adding a step that is smaller than the spacing of the number format gives the same number again.",
        "加上一个比该数字格式间隔还小的步长，得到的还是同一个数。",
    ),
    attempt=(
        "Keep the weights in float32, or use a larger learning rate.",
        "把权重保存为 float32，或使用更大的学习率。",
    ),
    explained_by=("zero-learning-rate", "vanishing-gradient"),
)
def update_lost(run: Run) -> Iterator[Seen]:
    """Every update of a parameter with a gradient that is not 0 leaves all of its elements as they were."""
    lost: dict[int, list[Event]] = {}
    for tensor, events in run.updates.items():
        known = [_moved(run, event) for event in events[:8]]
        if len(known) > 1 and all(moved is False for moved in known):
            lost[tensor] = events
    if lost:
        first = next(iter(lost.values()))
        at, names = run.at(first[0]), run.listed(list(lost))
        dtype = run.tensors[next(iter(lost))].dtype
        yield Seen(
            sentence(
                f"{len(first)} updates at {at.english} left every element of {names.english} ({dtype}) as it was, "
                "though the gradient is not 0.",
                f"{at.chinese}的 {len(first)} 次更新没有改变 {names.chinese}（{dtype}）的任何元素，尽管梯度不为 0。",
            ),
            Sure.CERTAIN,
            tuple(event.position for event in first[:4]),
            "",
            Bilingual(
                "The same run in float32, or with a larger learning rate.",
                "其他不变，改用 float32 或更大的学习率，再运行一次。",
            ),
        )


def _moved(run: Run, event: Event) -> bool | None:
    """Whether an update changed any element; None where there was no gradient, or numbers are missing."""
    old, gradient = slot_named(event.inputs, ("value",)), slot_named(event.inputs, ("grad",))
    new = slot_named(event.outputs, ("value",))
    arrays = [run.array(slot.value) if slot is not None else None for slot in (old, gradient, new)]
    before, slope, after = arrays
    if before is None or slope is None or after is None or not slope.size:
        return None
    # What is left of sums that cancel, as for a bias before batch norm, is rounding and no gradient.
    noise = _NOISE if before.dtype.itemsize > 2 else 0.0
    if float(np.abs(slope.astype(float)).max()) <= noise:
        return None
    return not np.array_equal(before, after)


@rule(
    "large-updates",
    title=("Updates are larger than the weights", "更新比权重本身还大"),
    why=(
        "A step as large as the weights forgets what was learned; a thousandth of them is usual.",
        "步长与权重一样大就会忘掉已学到的东西；通常约为权重的千分之一。",
    ),
    attempt=("Use a smaller learning rate.", "减小学习率。"),
    explained_by=("missing-zero-grad", "wrong-direction", "learning-rate-too-high", "not-finite"),
)
def large_updates(run: Run) -> Iterator[Seen]:
    """Most of a weight matrix's updates are larger than the matrix, in Euclidean norm."""
    for tensor, events in run.updates.items():
        if len(run.tensors[tensor].shape) < 2 or len(events) < 4:
            continue
        ratios = [ratio for event in events[:40] if (ratio := _ratio(run, event)) is not None]
        large = [ratio for ratio in ratios if ratio > 1]
        if len(ratios) >= 4 and len(large) * 2 > len(ratios):
            name, at = run.name(tensor), run.at(events[0])
            yield Seen(
                sentence(
                    f"{len(large)} of {len(ratios)} updates of {name.english} at {at.english} are larger than the "
                    f"weights themselves, up to {max(ratios):.3g} times.",
                    f"{at.chinese}对 {name.chinese} 的 {len(ratios)} 次更新中，有 {len(large)} 次比权重本身还大，"
                    f"最大达 {max(ratios):.3g} 倍。",
                ),
                Sure.MAYBE,
                tuple(event.position for event in events[:4]),
                "",
                Bilingual(
                    "The same run with a tenth of the learning rate.",
                    "其他不变，把学习率减小到十分之一，再运行一次。",
                ),
                _tenth(events[0]),
            )
            return


def _ratio(run: Run, event: Event) -> float | None:
    old, new = (run.array(slots[0].value) if slots else None for slots in (event.inputs, event.outputs))
    if old is None or new is None or old.shape != new.shape or not np.any(old) or old.dtype.kind != "f":
        return None
    with np.errstate(all="ignore"):
        ratio = float(np.linalg.norm((new - old).astype(float)) / np.linalg.norm(old.astype(float)))
    return ratio if np.isfinite(ratio) else None


@rule(
    "half-precision-underflow",
    title=("Gradients round to 0 in float16", "梯度在 float16 中下溢为 0"),
    why=(
        "Below 6e-8 float16 has only 0, so small gradients are lost before the update.",
        "小于 6e-8 的数在 float16 中只能是 0，因此小梯度在更新之前就丢失了。",
    ),
    attempt=(
        "Scale the loss (torch.amp.GradScaler), or use bfloat16.",
        "对损失做缩放（torch.amp.GradScaler），或使用 bfloat16。",
    ),
)
def half_precision_underflow(run: Run) -> Iterator[Seen]:
    """Half of a float16 gradient is 0, and the rest lies where float16 loses digits."""
    for tensor, steps in run.boxes.items():
        for step in steps[:8]:
            value = step.event.outputs[0].value if step.event.outputs else None
            if value is None or run.value(value).dtype != "float16":
                continue
            array = run.array(value)
            if array is None or array.size < 4:
                continue
            sizes = np.abs(array.astype(float))
            rest = sizes[sizes > 0]
            name, share = run.name(tensor), (sizes == 0).mean()
            if share >= 0.5 and rest.size and np.median(rest) < 6.1e-5:
                yield Seen(
                    sentence(
                        f"{share:.0%} of the gradient of {name.english} is 0 in float16, and half of the rest is below "
                        f"{np.median(rest):.2g}.",
                        f"{name.chinese} 的梯度在 float16 中有 {share:.0%} 为 0，其余的有一半小于 "
                        f"{np.median(rest):.2g}。",
                    ),
                    Sure.LIKELY,
                    (step.event.position,),
                    "scaler.scale(loss).backward()",
                    Bilingual("The same run with a scaled loss.", "其他不变，对损失做缩放，再运行一次。"),
                )
                return


def _tenth(event: Event) -> str:
    """A tenth of an update's learning rate, as a change to try; "" where it has no one rate."""
    lr = event.arguments.get("lr")
    return f"lr={lr / 10:g}" if isinstance(lr, int | float) and lr > 0 else ""
